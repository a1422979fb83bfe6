"""A plan of MSPDI and its tasks, as they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopgov.imports.xml_source import Element

__all__ = ["Plan", "PlanTask"]


@dataclass(slots=True)
class PlanTask:
    """A task of a plan: its UID, its place in the outline, and its keys as a task of an agreement has them."""

    uid: str
    name: str
    place: str
    level: int
    summary: bool
    milestone: bool
    top: PlanTask | None = None
    """The task of outline level 1 above it."""
    keys: dict[str, Any] = field(default_factory=dict)
    owners: list[str] = field(default_factory=list)
    element: Element | None = None

    @property
    def id(self) -> str:
        """The id of a task that is made of it."""
        return f"u{self.uid}"


@dataclass(slots=True)
class Plan:
    """A plan: its name, its day, its tasks with those of its outline, and its calendar."""

    file: str
    root: Element
    name: str
    tasks: list[PlanTask]
    currency: str

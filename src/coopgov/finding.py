"""Findings: what loads and is hardly meant, each with its place and, where it is one of logic, an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from coopgov.errors import Fault

__all__ = ["LEVELS", "Example", "Finding", "Level"]

Level = Literal["note", "warning", "error"]
LEVELS: tuple[Level, ...] = ("note", "warning", "error")
"""From mild to bad."""


@dataclass(frozen=True, slots=True)
class Example:
    """Facts about one subject that show a finding; the engine itself has confirmed what `shows` says of them.

    `facts` are names and values as a rule file writes them, such as `("delay", "12 days")`.
    """

    about: str
    facts: tuple[tuple[str, str], ...]
    shows: str
    as_of: str | None = None

    def __str__(self) -> str:
        day = (("as_of", self.as_of),) if self.as_of else ()
        return f"{', '.join(f'{name} = {value}' for name, value in (*self.facts, *day))}: {self.shows}"

    def to_dict(self) -> dict[str, Any]:
        """The example as it stands in JSON."""
        return {"about": self.about, "facts": dict(self.facts), "as_of": self.as_of, "shows": self.shows}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a rule set or an agreement that loads, yet is hardly what its author meant.

    `fault` tells what, where and what to do about it, with a code of its own; `level` is how bad it is; `rule` is the id of
    the rule, empty where it is about something else.
    """

    fault: Fault
    level: Level
    rule: str = ""
    example: Example | None = None

    def __str__(self) -> str:
        head, *shown = str(self.fault).split("\n")
        example = [f"    for example: {self.example}"] if self.example else []
        return "\n".join([f"{self.level}: {head}", *shown, *example])

    def to_dict(self) -> dict[str, Any]:
        """The finding as it stands in JSON."""
        fault = self.fault
        return {
            "code": fault.code,
            "level": self.level,
            "rule": self.rule or None,
            "file": fault.place.file,
            "line": fault.place.line,
            "column": fault.place.column,
            "found": fault.found,
            "expected": fault.expected,
            "hint": fault.hint,
            "example": self.example and self.example.to_dict(),
        }

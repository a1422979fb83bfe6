"""What an assessment asks of people: what to do, whom to tell, which data to bring, and which are not due yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

__all__ = ["NotDue", "ToDo", "ToTell", "Unknown"]


@dataclass(frozen=True, slots=True)
class ToDo:
    """An action that answers warnings, once, whatever the number of its warnings.

    `owner` is a member, role, body or party; `warnings` are ids, the worst first; `strained` lists the strains of the
    action on resources that are already short.
    """

    action: str
    title: str
    owner: str | None
    due: date | None
    warnings: tuple[str, ...]
    strained: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {
            "action": self.action,
            "title": self.title,
            "owner": self.owner,
            "due": self.due.isoformat() if self.due else None,
            "warnings": list(self.warnings),
            "strained": list(self.strained),
        }


@dataclass(frozen=True, slots=True)
class ToTell:
    """Who must hear by a day of which warnings, by their ids."""

    to: str
    by: date
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {"to": self.to, "by": self.by.isoformat(), "warnings": list(self.warnings)}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Data that are missing, with the rules that nobody can decide without them.

    `about` is the first subject that lacks the data, and `also` are the others of its type that lack the same and have
    the same owner. `owner` brings the data: the owner of the subject, of what it is a part of, or of the action that
    answers missing data. `due` is the day on which a reading was due; None for all other data.
    """

    about: str
    missing: tuple[str, ...]
    owner: str | None
    due: date | None
    rules: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """All subjects that lack the data."""
        return (self.about, *self.also)

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {
            "about": self.about,
            "also": list(self.also),
            "missing": list(self.missing),
            "owner": self.owner,
            "due": self.due.isoformat() if self.due else None,
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class NotDue:
    """A KPI that has no reading yet, with the day on which its first one is due and who brings it."""

    about: str
    owner: str | None
    due: date

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {"about": self.about, "owner": self.owner, "due": self.due.isoformat()}

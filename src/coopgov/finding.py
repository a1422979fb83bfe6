"""Findings: probable mistakes in rules or agreements that load, each with its place and, for logic, an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from coopgov.errors import Fault

__all__ = ["LEVELS", "Example", "Finding", "Level"]

Level = Literal["note", "warning", "error"]
LEVELS: tuple[Level, ...] = ("note", "warning", "error")
"""The levels, mildest first."""


@dataclass(frozen=True, slots=True)
class Example:
    """Facts about one subject that demonstrate a finding; the engine has confirmed what `shows` says about them.

    `facts` are names and values in the spelling of a rule file, such as `("delay", "12 days")`.
    """

    about: str
    facts: tuple[tuple[str, str], ...]
    shows: str
    as_of: str | None = None

    def __str__(self) -> str:
        day = (("as_of", self.as_of),) if self.as_of else ()
        return f"{', '.join(f'{name} = {value}' for name, value in (*self.facts, *day))}: {self.shows}"

    def to_dict(self) -> dict[str, Any]:
        """Return the example as JSON-compatible objects."""
        return {"about": self.about, "facts": dict(self.facts), "as_of": self.as_of, "shows": self.shows}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a rule set or agreement that loads but is probably a mistake.

    `fault` says what is wrong, where, and what to do about it, with a code of its own; `level` is how serious it is;
    `rule` is the id of the rule, empty if it is about something else.
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
        """Return the finding as JSON-compatible objects."""
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

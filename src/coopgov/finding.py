"""Findings: probable mistakes in rules or agreements that load, each with its place and, for logic, an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from coopgov.locales import phrase, text, verbatim

if TYPE_CHECKING:
    from coopgov.faults import Fault

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
        return f"{self._facts()}: {self.shows}"

    def _facts(self) -> str:
        day = (("as_of", self.as_of),) if self.as_of else ()
        return ", ".join(f"{name} = {value}" for name, value in (*self.facts, *day))

    def in_language(self, language: str) -> str:
        """Return the example as a line of a finding in a language."""
        facts = verbatim(self._facts())
        return phrase("analysis.finding.for-example", facts=facts, shows=self.shows).in_language(language)

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
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the finding as text in a language: its level, its fault, and its example if it has one."""
        level, fault = text(f"analysis.finding.{self.level}", language), self.fault.in_language(language)
        lines = [text("analysis.finding.text", language, level=level, fault=fault)]
        if self.example:
            lines.append(f"    {self.example.in_language(language)}")
        return "\n".join(lines)

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

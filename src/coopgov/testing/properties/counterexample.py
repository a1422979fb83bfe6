"""The error that a failed property raises: the rule, the facts, what was found and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.locales import Phrase

__all__ = ["CounterexampleError", "answer_text"]


class CounterexampleError(AssertionError):
    """Facts with which a rule, or the engine that decides it, does not do what it should.

    `rule` is None if all rules about `about` are concerned; `facts` is a record as checkers take it (or an agreement).
    """

    def __init__(
        self,
        rule: str | None,
        about: str,
        facts: Mapping[str, Any],
        as_of: date,
        found: Phrase,
        expected: Phrase,
    ) -> None:
        super().__init__(rule, about, facts, as_of, found, expected)
        self.rule = rule
        self.about = about
        self.facts = facts
        self.as_of = as_of
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the error as text in a language."""
        about = phrase("testing.property.rules", about=self.about)
        rule = phrase("testing.property.rule", rule=self.rule, about=self.about) if self.rule else about
        head = phrase("testing.property.found", rule=rule, found=self.found, expected=self.expected)
        day = phrase(f"testing.property.{'facts' if self.facts else 'no-fact'}", date=self.as_of)
        facts = [f"    {name}: {_shown(value)}" for name, value in self.facts.items()]
        return "\n".join([head.in_language(language), f"  {day.in_language(language)}", *facts])


def answer_text(severity: str | None) -> Phrase:
    """Return what a rule says: a severity, or nothing."""
    return verbatim(severity) if severity else phrase("testing.property.nothing")


def _shown(value: Any) -> str:
    """A value in Python's notation, dates in the rule language's."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value) if hasattr(value, "isoformat") else repr(value)

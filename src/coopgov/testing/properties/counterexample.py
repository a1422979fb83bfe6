"""The error that a failed property raises: the rule, the facts, what was found and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["CounterexampleError"]


class CounterexampleError(AssertionError):
    """Facts with which a rule, or the engine that decides it, does not do what it should.

    `rule` is None if all rules about `about` are concerned; `facts` is a record as checkers take it (or an agreement).
    """

    def __init__(
        self, rule: str | None, about: str, facts: Mapping[str, Any], as_of: date, found: str, expected: str
    ) -> None:
        super().__init__(rule, about, facts, as_of, found, expected)
        self.rule = rule
        self.about = about
        self.facts = facts
        self.as_of = as_of
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        head = f"rule {self.rule}, about {self.about}" if self.rule else f"rules about {self.about}"
        facts = [f"    {name}: {_shown(value)}" for name, value in self.facts.items()]
        return "\n".join(
            [
                f"{head}: found {self.found}, expected {self.expected}",
                f"  as of {self.as_of}, with the facts"
                if facts
                else f"  as of {self.as_of}, without any fact",
                *facts,
            ]
        )


def _shown(value: Any) -> str:
    """A value in Python's notation, dates in the rule language's."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value) if hasattr(value, "isoformat") else repr(value)

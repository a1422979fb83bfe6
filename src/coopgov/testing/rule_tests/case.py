"""A rule test with everything resolved: what is given, and what must come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from coopgov.errors import Place
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Setting
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema import LocalText
    from coopgov.testing.rule_tests.facts import Derived
    from coopgov.testing.rule_tests.figures import ExpectedFigure

__all__ = [
    "Expected",
    "ExpectedUndetermined",
    "ExpectedWarning",
    "Given",
    "RuleTest",
]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Small facts: a subject, which derived facts are given by value, and the setting without its date."""

    subject: Subject
    derived: Derived
    setting: Setting


@dataclass(frozen=True, slots=True)
class ExpectedWarning:
    """A warning that must come out; None is not compared."""

    rule: str
    about: str
    severity: str | None = None
    value: ExpectedFigure | None = None
    threshold: ExpectedFigure | None = None
    margin: ExpectedFigure | None = None
    title: LocalText | None = None
    message: LocalText | None = None
    waived: bool | None = None


@dataclass(frozen=True, slots=True)
class ExpectedUndetermined:
    """A rule that must be undetermined; None is not compared."""

    rule: str
    about: str
    missing: tuple[str, ...] | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """All that must come out on one date."""

    as_of: date | None
    warnings: tuple[ExpectedWarning, ...] = ()
    undetermined: tuple[ExpectedUndetermined, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RuleTest:
    """One test: what is given, and what must come out on each date.

    `rules` are the rules that it is exact about; `about` the one subject that it looks at, empty for all.
    """

    name: str
    rules: tuple[str, ...]
    given: Given | Agreement
    about: str
    expected: tuple[Expected, ...]
    place: Place
    variant: RuleSet | None = None
    """The rules with the parameters of this test, where it sets some."""

    def title(self, as_of: date | None) -> str:
        """What the test on a date is called."""
        return f"{self.name} ({as_of})" if as_of else self.name

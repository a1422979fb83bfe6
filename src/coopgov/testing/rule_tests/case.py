"""A rule test with everything resolved: its inputs and the expected outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from coopgov.facts.subject import Subject
    from coopgov.faults import Place
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
    """An expected warning; a field that is None is not compared."""

    rule: str
    about: str
    severity: str | None = None
    value: ExpectedFigure | None = None
    threshold: ExpectedFigure | None = None
    margin: ExpectedFigure | None = None
    title: LocalText | None = None
    message: LocalText | None = None
    waived: bool | None = None
    past: bool | None = None
    inhibited_by: str | None = None
    """The id of a warning; empty for none."""


@dataclass(frozen=True, slots=True)
class ExpectedUndetermined:
    """A rule that must be undetermined; a field that is None is not compared."""

    rule: str
    about: str
    missing: tuple[str, ...] | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """All expected outcomes on one date."""

    as_of: date | None
    warnings: tuple[ExpectedWarning, ...] = ()
    undetermined: tuple[ExpectedUndetermined, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RuleTest:
    """One test: its inputs, and the expected outcomes on each date.

    `rules` are the rules that it is exact about; `about` is the one subject that it checks, empty for all.
    """

    name: str
    rules: tuple[str, ...]
    given: Given | Agreement
    about: str
    expected: tuple[Expected, ...]
    place: Place
    variant: RuleSet | None = None
    """The rules with the parameters of this test, if it sets some."""

    def title(self, as_of: date | None) -> str:
        """The title of the test on a date."""
        return f"{self.name} ({as_of})" if as_of else self.name

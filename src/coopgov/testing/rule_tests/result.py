"""The results of rule tests: for each test and date, expected beside actual outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from coopgov.faults import Fault, Place
    from coopgov.locales import Phrase

__all__ = ["Compared", "Outcome", "Results"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule for one subject: the expected and the actual outcome, as texts in every language."""

    rule: str
    about: str
    expected: Phrase
    got: Phrase
    passed: bool

    @property
    def id(self) -> str:
        """The rule and subject, as in the id of a warning."""
        return f"{self.rule}@{self.about}"

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "rule": self.rule,
            "about": self.about,
            "expected": self.expected,
            "got": self.got,
            "passed": self.passed,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test on one date.

    `compared` has an entry for each rule and subject for which something is expected or happens.
    """

    name: str
    title: str
    """The name, with the date if there is one."""
    rules: tuple[str, ...]
    as_of: date | None
    compared: tuple[Compared, ...]
    place: Place

    @property
    def passed(self) -> bool:
        """Whether all outcomes are as expected."""
        return all(each.passed for each in self.compared)

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {
            "name": self.name,
            "rules": list(self.rules),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "passed": self.passed,
            "file": self.place.file,
            "line": self.place.line,
            "compared": [each.to_dict() for each in self.compared],
        }


@dataclass(frozen=True, slots=True)
class Results:
    """All outcomes, in the order of the files; unusable files, with their faults; paths that lead to no test."""

    outcomes: tuple[Outcome, ...]
    unusable: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all tests passed; finding none is a failure, and so is an unusable file."""
        return bool(self.outcomes) and not (self.failures or self.unusable or self.without)

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The outcomes that are not as expected."""
        return tuple(each for each in self.outcomes if not each.passed)

    def to_dict(self) -> dict[str, Any]:
        """The results as JSON."""
        return {
            "passed": self.passed,
            "tests": [each.to_dict() for each in self.outcomes],
            "without_tests": list(self.without),
            "unusable": list(self.unusable),
            "faults": [str(each) for each in self.faults],
        }

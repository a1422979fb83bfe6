"""A suite of case tests: each runs a cooperation day by day with its events, and compares what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.rules.ruleset import Engine, engine_of
from coopgov.testing.case_tests.compare import compared
from coopgov.testing.case_tests.course import course_of
from coopgov.testing.rule_tests.result import Outcome, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.case_tests.course import CaseTest

__all__ = ["CaseSuite"]


@dataclass(frozen=True, slots=True, eq=False)
class CaseSuite:
    """The case tests of one file."""

    file: str
    tests: tuple[CaseTest, ...]

    def run(self, *, change: Callable[[RuleSet], RuleSet | Engine] | None = None) -> Results:
        """Run all tests; `change` is applied to the rules of each, which is how a mutant is tried."""
        return Results(tuple(self.outcomes(change=change)))

    def outcomes(self, *, change: Callable[[RuleSet], RuleSet | Engine] | None = None) -> Iterator[Outcome]:
        """Run test by test, so that the caller can stop early."""
        engines: dict[int, Engine] = {}
        for test in self.tests:
            if id(test.rules) not in engines:
                engines[id(test.rules)] = engine_of(change(test.rules) if change else test.rules)
            yield self.outcome(test, engines[id(test.rules)])

    def outcome(self, test: CaseTest, rules: Engine | None = None) -> Outcome:
        """Run one test."""
        rows = compared(test.expect, course_of(test, rules or engine_of(test.rules)), test.to)
        ids = tuple(dict.fromkeys(row.rule for row in rows))
        return Outcome(test.name, test.name, ids, None, rows, test.place)

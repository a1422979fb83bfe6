"""A suite: the tests of a file and the rules they are about, ready to run against these rules or others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.errors import ArgumentError, FactError
from coopgov.locales import phrase, verbatim
from coopgov.rules.ruleset import engine_of
from coopgov.testing.rule_tests.actual import outcomes
from coopgov.testing.rule_tests.compare import compared
from coopgov.testing.rule_tests.result import Compared, Outcome, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.testing.rule_tests.case import Expected, RuleTest

__all__ = ["Suite"]


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """The tests of one file and the rules they are about.

    `own` are the rules that the tested files write or change, each with its file.
    """

    file: str
    rules: RuleSet
    own: Mapping[str, str]
    tests: tuple[RuleTest, ...]
    targets: tuple[str, ...] = field(default=(), repr=False)
    """The rule files under test, as `load_rules` takes them."""

    def run(
        self,
        rules: RuleSet | Engine | None = None,
        *,
        change: Callable[[RuleSet], RuleSet | Engine] | None = None,
    ) -> Results:
        """Run all tests.

        Args:
            rules: other rules in place of those of the file; tests that set parameters still run on their own variants.
            change: a change to apply to the rules of every test before it runs, variants included: how a mutant is
                made. It gives rules, or an engine.
        """
        return Results(tuple(self.outcomes(rules, change=change)))

    def outcomes(
        self,
        rules: RuleSet | Engine | None = None,
        *,
        change: Callable[[RuleSet], RuleSet | Engine] | None = None,
    ) -> Iterator[Outcome]:
        """Run test by test, so that the caller can stop early."""
        changed: dict[int, RuleSet | Engine] = {}
        for test in self.tests:
            own: RuleSet | Engine = test.variant or rules or self.rules
            if change is not None:
                if id(own) not in changed:
                    changed[id(own)] = change(engine_of(own).rules)
                own = changed[id(own)]
            for expected in test.expected:
                yield self.outcome(test, expected, own)

    def outcome(self, test: RuleTest, expected: Expected, rules: RuleSet | Engine | None = None) -> Outcome:
        """Run one test on one of its dates."""
        try:
            rows = compared(expected, outcomes(test, rules or test.variant or self.rules, expected.as_of))
        except (
            ArgumentError,
            FactError,
        ) as error:  # other rules than those it was loaded with, which ask for a date
            sides = phrase("testing.outcome.any"), verbatim(str(error))
            rows = (Compared(", ".join(test.rules), test.about, *sides, passed=False),)
        return Outcome(test.name, test.title(expected.as_of), test.rules, expected.as_of, rows, test.place)

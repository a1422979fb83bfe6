"""The tests of a file and the rules that they are about, ready to run against these rules or any others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.testing.rule_tests.compare import compared
from coopgov.testing.rule_tests.got import outcomes
from coopgov.testing.rule_tests.result import Outcome, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.rule_tests.case import RuleTest

__all__ = ["Suite"]


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """The tests of one file and the rules they are about; `own` are the rules of the tested files themselves."""

    file: str
    rules: RuleSet
    own: tuple[str, ...]
    tests: tuple[RuleTest, ...]
    targets: tuple[str, ...] = field(default=(), repr=False)
    """The rule files under test, as `load_rules` takes them."""

    def run(
        self, rules: RuleSet | None = None, *, change: Callable[[RuleSet], RuleSet] | None = None
    ) -> Results:
        """Run all tests.

        Args:
            rules: other rules in place of those of the file; tests that set parameters run on their own all the same.
            change: what to do to the rules of every test before it runs, also to those with other parameters: how a
                mutant is made.
        """
        return Results(tuple(self.outcomes(rules, change=change)))

    def outcomes(
        self, rules: RuleSet | None = None, *, change: Callable[[RuleSet], RuleSet] | None = None
    ) -> Iterator[Outcome]:
        """Run test by test, so that whoever has seen enough can stop."""
        changed: dict[int, RuleSet] = {}
        for test in self.tests:
            own = test.variant or rules or self.rules
            if change is not None:
                if id(own) not in changed:
                    changed[id(own)] = change(own)
                own = changed[id(own)]
            yield from _outcomes(test, own)


def _outcomes(test: RuleTest, rules: RuleSet) -> Iterator[Outcome]:
    for expected in test.expected:
        rows = compared(expected, outcomes(test, rules, expected.as_of))
        yield Outcome(test.name, test.rules, expected.as_of, rows, test.place)

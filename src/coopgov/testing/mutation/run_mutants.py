"""Run rule tests against mutants: which mutants some test catches, and which survive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.errors import CoopgovError
from coopgov.rules.ruleset import engine_of
from coopgov.testing.mutation.mutants import mutants

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.testing.case_tests.suite import CaseSuite
    from coopgov.testing.mutation.mutants import Mutant
    from coopgov.testing.rule_tests.case import RuleTest
    from coopgov.testing.rule_tests.result import Outcome
    from coopgov.testing.rule_tests.suite import Suite

__all__ = ["MutationResult", "mutation_run"]


@dataclass(frozen=True, slots=True)
class MutationResult:
    """The result for all mutants; `failing` are tests that fail without any change, so they catch nothing."""

    caught: tuple[Mutant, ...]
    survived: tuple[Mutant, ...]
    tests: int
    """How many tests pass without any change; a test over time counts once for each date."""
    failing: tuple[Outcome, ...] = ()

    @property
    def score(self) -> float:
        """The share of the mutants that some test catches, from 0 to 1; 1 if there is nothing to change."""
        total = len(self.caught) + len(self.survived)
        return len(self.caught) / total if total else 1.0

    @property
    def passed(self) -> bool:
        """Whether all tests pass and, together, catch every mutant."""
        return not self.survived and not self.failing

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON."""
        return {
            "passed": self.passed,
            "score": self.score,
            "tests": self.tests,
            "caught": [each.id for each in self.caught],
            "survived": [each.to_dict() for each in self.survived],
            "failing": [each.to_dict() for each in self.failing],
        }


def mutation_run(
    rules: RuleSet, *suites: Suite, only: Iterable[str] = (), case_suites: Iterable[CaseSuite] = ()
) -> MutationResult:
    """Run the tests of suites against every mutant of a rule set.

    A mutant is caught when a test that passed no longer does. Only the tests that are exact about the changed rule are
    run. What only cases read is changed if there are case tests.

    Args:
        rules: the rule set whose mutants are made.
        suites: the tests, with the rules they are about.
        only: ids of rules; only their mutants are run.
        case_suites: case tests; those run that expect something of a case of the changed rule.

    Raises:
        UnknownNameError: `only` names a rule that does not exist.
    """
    case_suites = tuple(case_suites)
    found = mutants(rules, only, cases=bool(case_suites))
    failing = [outcome for suite in suites for outcome in suite.run().failures]
    failing += (outcome for suite in case_suites for outcome in suite.run().failures)
    # a test that fails anyway would seem to catch every mutant
    wrong = {(outcome.place, outcome.name) for outcome in failing}
    sound = [
        replace(suite, tests=tuple(each for each in suite.tests if (each.place, each.name) not in wrong))
        for suite in suites
    ]
    sound_cases = [
        replace(suite, tests=tuple(each for each in suite.tests if (each.place, each.name) not in wrong))
        for suite in case_suites
    ]
    nets: list[_Net | _CaseNet] = [*map(_Net, sound), *map(_CaseNet, sound_cases)]
    outcome = {mutant.id: any(net.catches(mutant) for net in nets) for mutant in found}
    return MutationResult(
        tuple(each for each in found if outcome[each.id]),
        tuple(each for each in found if not outcome[each.id]),
        sum(len(test.expected) for suite in sound for test in suite.tests)
        + sum(len(suite.tests) for suite in sound_cases),
        tuple(failing),
    )


class _Net:
    """The tests of a suite by the rules that they are exact about."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.tests: dict[str, list[RuleTest]] = {}
        for test in suite.tests:
            for rule in test.rules:
                self.tests.setdefault(rule, []).append(test)

    def catches(self, mutant: Mutant) -> bool:
        """Whether some test catches a change; a test that can no longer run catches it, too."""
        concerned = dict.fromkeys(test for rule in mutant.concerns for test in self.tests.get(rule, ()))
        suite = replace(self.suite, tests=tuple(concerned))

        def applied(rules: RuleSet) -> Engine:
            """The mutant; it meets few records, so it is interpreted: compiling would take longer."""
            return engine_of(mutant.apply(rules), ReferenceBackend())

        try:
            return any(not each.passed for each in suite.outcomes(change=applied))
        except CoopgovError:
            return True


class _CaseNet:
    """The case tests of a suite by the rules of the cases that they name."""

    def __init__(self, suite: CaseSuite) -> None:
        self.suite = suite

    def catches(self, mutant: Mutant) -> bool:
        """Whether some test catches a change; a test that can no longer run catches it, too."""
        concerned = {*mutant.concerns}
        tests = tuple(each for each in self.suite.tests if concerned.intersection(each.rule_ids))
        try:
            return any(
                not each.passed for each in replace(self.suite, tests=tests).outcomes(change=mutant.apply)
            )
        except CoopgovError:
            return True

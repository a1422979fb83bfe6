"""One rule, one test, one page: the shipped rules have passing rule tests that reach and catch everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov import load_rules
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.testing import find_tests, mutation_run

if TYPE_CHECKING:
    from coopgov.testing import FoundTests

PACKS = (*pack_names(), BUILT_IN)


@pytest.fixture(scope="module", params=PACKS)
def shipped(request: pytest.FixtureRequest) -> tuple[str, FoundTests]:
    """A pack and its tests."""
    return request.param, find_tests(request.param)


def test_rule_tests_are_no_packs() -> None:
    """Files of tests are next to the packs and are not packs themselves."""
    assert pack_names() == ["cooperation-plan"]


def test_all_pass(shipped: tuple[str, FoundTests]) -> None:
    """Every shipped rule test passes."""
    results = shipped[1].run()
    assert results.passed
    assert [each.title for each in results.failures] == []


def test_every_rule_fires_and_keeps_silent_in_a_passing_test(shipped: tuple[str, FoundTests]) -> None:
    """A shipped rule without a rule test fails here."""
    pack, found = shipped
    (suite,) = found.suites
    fires, silent = set(), set()
    for test in suite.tests:
        for expected in test.expected:
            fired = {each.rule for each in expected.warnings}
            fires |= fired
            silent |= set(test.rules) - fired
    own = {rule.id for rule in load_rules(pack).rules if rule.pack == pack}
    assert (own - fires, own - silent) == (set(), set())


def test_everything_is_covered(shipped: tuple[str, FoundTests]) -> None:
    """Every rule, band, branch of a condition and language of a message is reached."""
    assert shipped[1].coverage().share == 1


def test_every_mutant_is_caught(shipped: tuple[str, FoundTests]) -> None:
    """Thresholds, comparisons, branches, negations, filters and bands: no slip goes unnoticed."""
    pack, found = shipped
    result = mutation_run(load_rules(pack), *found.suites)
    assert [str(each) for each in result.survived] == []
    assert result.passed
    assert result.caught

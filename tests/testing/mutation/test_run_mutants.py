"""Mutation runs: good tests catch every mutant; for others, the run reports what they miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov import UnknownNameError, load_rules
from coopgov.testing import Suite, mutation_run, parse_tests
from coopgov.testing.mutation.report import mutation_text

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "coopgov: rule-tests/1\nrules: [cooperation-plan]\ntests:\n"
PAST = (
    "rule: phase-late-days, as_of: 2026-06-30, expect: {warnings: [{about: phase/a, past: true}]}, "
    "agreement: {coopgov: agreement/1, id: a, title: A, currency: CNY, term: {start: 2026-01-01, end: 2026-12-31}, "
    "parties: [{id: p}], phases: [{id: a, planned: {start: 2026-01-01, end: 2026-03-31}, actual: {end: 2026-05-20}}]}"
)
"""A test of a phase that ended late: small facts do not say what is past."""
UNENDED = "ends: ended dropped"
"""The change that only such a test catches."""


def suite(*tests: str) -> Suite:
    """A suite about the shipped pack; each test is a rule, small facts and what to expect."""
    entries = [f"  - {{name: Test {number}, {test}}}\n" for number, test in enumerate(tests, 1)]
    return parse_tests(HEAD + "".join(entries), "own.tests.yaml")


def days(number: int, expect: str, more: str = "") -> str:
    """A test of the rule about days of delay."""
    return f"rule: phase-late-days, phase: {{delay: {number} days}}, expect: {expect}{more}"


def survivors(*tests: str, rule: str = "phase-late-days") -> list[str]:
    """The changes of one rule that no test catches."""
    return [each.change for each in mutation_run(load_rules(), suite(*tests), only=[rule]).survived]


def test_tests_on_both_sides_of_a_threshold_catch_every_mutant() -> None:
    """At the threshold and one step above it, and where it is past."""
    tests = suite(days(5, "nothing"), days(6, "notice"), PAST)
    result = mutation_run(load_rules(), tests, only=["phase-late-days"])
    assert result.passed
    assert (result.score, result.tests, len(result.caught)) == (1.0, 3, 4)


def test_what_tests_miss_survives() -> None:
    """A threshold that is only passed by far may lie elsewhere; a rule that never fires may be gone."""
    assert survivors(days(50, "notice"), days(0, "nothing")) == [
        "above 5 days → at least 5 days",
        "above 5 days → above 6 days",
        UNENDED,
    ]
    assert survivors(days(5, "nothing")) == [
        "above 5 days → above 6 days",
        "notice: above 5 days dropped",
        UNENDED,
    ]
    assert len(survivors(days(5, "nothing"), rule="phase-late")) == 13


def test_an_expected_figure_in_a_message_catches_too() -> None:
    """A threshold in the expectation pins it down, at whatever value the rule fires."""
    assert survivors(days(50, "{severity: notice, threshold: above 5 days}")) == [UNENDED]


def test_tests_that_fail_before_catch_nothing() -> None:
    """They are reported, and the result is not a pass even where the others catch everything."""
    tests = suite(days(5, "nothing"), days(6, "notice"), days(7, "nothing"), PAST)
    result = mutation_run(load_rules(), tests, only=["phase-late-days"])
    assert not result.survived
    assert not result.passed
    assert [each.name for each in result.failing] == ["Test 3"]
    assert mutation_text(result) == (
        "own.tests.yaml:6:12: Test 3: fails before anything is changed\n"
        "4 mutants, 4 caught, 0 survived (3 tests, 1 more fails): 100 %"
    )


def test_a_test_with_parameters_of_its_own_meets_the_same_change() -> None:
    """The figure that moves is then that of the test; all else about the rule stays what the test says."""
    five = days(8, "notice", ", parameters: {delay_days: 7 days}")
    eight = days(7, "nothing", ", parameters: {delay_days: 7 days}")
    assert survivors(five, eight) == [UNENDED]
    ladder = (
        "rule: phase-late, phase: {delay: 9 days, window: 100 days}, expect: minor, parameters: "
        "{delay_tolerance: 8 %}"
    )
    assert "above 20 % → above 21 %" in survivors(ladder, rule="phase-late")
    assert "above 10 % → above 11 %" not in survivors(ladder, rule="phase-late")


def test_a_formula_of_the_file_is_changed_for_small_facts_too(tmp_path: Path) -> None:
    """Also where a test sets a parameter of the formula."""
    (tmp_path / "own.yaml").write_text(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nparameters: {limit: 5 days}\n"
        "facts: [{name: slow, about: phase, is: delay above limit and started}]\n"
        "rules: [{id: r, about: phase, kind: delay, message: m, when: slow, severity: minor}]\n",
        encoding="utf-8",
    )
    tests = (
        "coopgov: rule-tests/1\ntests:\n"
        "  - {name: A, phase: {delay: 8 days, started: true}, parameters: {limit: 7 days}, expect: minor}\n"
        "  - {name: B, phase: {delay: 7 days, started: true}, parameters: {limit: 7 days}, expect: nothing}\n"
        "  - {name: C, phase: {delay: 6 days, started: false}, expect: nothing}\n"
    )
    rules = load_rules(tmp_path / "own.yaml")
    result = mutation_run(rules, parse_tests(tests, str(tmp_path / "own.tests.yaml")))
    assert not result.failing
    assert {each.change for each in result.caught} == {
        "delay above 5 days → delay at least 5 days",
        "delay above 5 days → delay above 6 days",
        "delay above 5 days dropped",
        "started dropped",
        "when: slow dropped",
    }
    assert result.passed


def test_a_test_that_cannot_be_run_any_more_catches(tmp_path: Path) -> None:
    """A change lets the rule fire, and its message then asks for a date that the test does not give."""
    (tmp_path / "r.yaml").write_text(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        '  - {id: r, about: phase, kind: delay, message: "{elapsed}", where: has_owner, when: '
        "ended, severity: minor}\n",
        encoding="utf-8",
    )
    test = "{name: No owner, phase: {has_owner: false, ended: true}, expect: nothing}"
    tests = parse_tests(
        f"coopgov: rule-tests/1\nrules: [r.yaml]\ntests: [{test}]\n", str(tmp_path / "own.tests.yaml")
    )
    result = mutation_run(load_rules(tmp_path / "r.yaml"), tests)
    assert [each.id for each in result.caught] == ["r.where:has_owner→dropped"]


def test_only_rules_that_there_are_can_be_asked_for() -> None:
    """With the nearest name as a hint."""
    with pytest.raises(UnknownNameError, match='did you mean "phase-late"'):
        mutation_run(load_rules(), only=["phase-lat"])


def test_the_report_says_what_would_catch_a_survivor() -> None:
    """The place of the change, the text before and after, and the facts that a test needs."""
    result = mutation_run(load_rules(), suite(days(5, "nothing")), only=["phase-late-days"])
    assert mutation_text(result) == (
        "cooperation-plan.yaml:28:9: phase-late-days: above 5 days → above 6 days\n"
        "    no test catches it; one where delay is 6 days would\n"
        "cooperation-plan.yaml:473:21: phase-late-days: notice: above 5 days dropped\n"
        "    no test catches it; one that expects notice would\n"
        "cooperation-plan.yaml:474:11: phase-late-days: ends: ended dropped\n"
        "    no test catches it; one that expects `past` would\n"
        "4 mutants, 1 caught, 3 survived (1 test): 25 %"
    )
    assert result.to_dict() == {
        "passed": False,
        "score": pytest.approx(1 / 4),
        "tests": 1,
        "caught": ["phase-late-days.notice:above 5 days→at least 5 days"],
        "survived": [
            {
                "id": "phase-late-days.notice:above 5 days→above 6 days",
                "kind": "threshold",
                "rule": "phase-late-days",
                "file": "cooperation-plan.yaml",
                "line": 28,
                "column": 9,
                "before": "above 5 days",
                "after": "above 6 days",
                "hint": "a test where delay is 6 days would catch it",
            },
            {
                "id": "phase-late-days.notice:above 5 days→dropped",
                "kind": "band",
                "rule": "phase-late-days",
                "file": "cooperation-plan.yaml",
                "line": 473,
                "column": 21,
                "before": "above 5 days",
                "after": None,
                "hint": "a test that expects notice would catch it",
            },
            {
                "id": "phase-late-days.ends:ended→dropped",
                "kind": "ends",
                "rule": "phase-late-days",
                "file": "cooperation-plan.yaml",
                "line": 474,
                "column": 11,
                "before": "ended",
                "after": None,
                "hint": "a test that expects `past` would catch it",
            },
        ],
        "failing": [],
    }


def test_the_score_is_never_rounded_up() -> None:
    """99.99 % is not all."""
    result = mutation_run(load_rules(), suite(days(5, "nothing"), days(6, "notice")))
    assert mutation_text(result).endswith(f"(2 tests): {int(3000 / (3 + len(result.survived))) / 10:g} %")

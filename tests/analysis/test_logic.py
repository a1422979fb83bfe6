"""Findings of logic are true: for all facts, and for the facts that an example shows."""

from __future__ import annotations

import sys
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgov
from coopgov.analysis.analyse import analyse
from coopgov.analysis.deadline import OutOfTime
from coopgov.analysis.findings.logic import logic
from coopgov.analysis.logic.intervals import Numbers, Span, snapped
from coopgov.analysis.logic.sampling import _mixed
from coopgov.errors import FactError
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopgov.finding import Finding
    from coopgov.rules import RuleSet

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
CODES = {
    "condition-never-true",
    "condition-always-true",
    "band-never-reached",
    "same-meaning",
    "implied-rule",
    "contradictory-advice",
}
DAYS = [None, *(date(2026, 3, day) for day in range(1, 29, 3))]


def rule(name: str, condition: str, severity: str = "minor", about: str = "task", where: str = "") -> str:
    """A rule file's entry with a plain condition."""
    chosen = f"\n    where: {where}" if where else ""
    return (
        f"  - id: {name}\n    about: {about}\n    kind: delay{chosen}\n    when: {condition}\n"
        f"    severity: {severity}\n    message: m\n"
    )


def found(*entries: str, solver: bool = True) -> list[tuple[str, str]]:
    """The codes of the findings of logic, with their rules."""
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{''.join(entries)}")
    findings = analyse(rules, solver=solver).findings
    return [(each.fault.code, each.rule) for each in findings if each.fault.code in CODES]


ENDS = st.none() | st.fractions(-3, 3, max_denominator=2)
SPANS = st.builds(Span, ENDS, ENDS, st.booleans(), st.booleans())
SETS = st.lists(SPANS, max_size=3).map(Numbers.of)
POINTS = st.fractions(-4, 4, max_denominator=4)


@given(SETS, SETS, POINTS)
def test_sets_of_numbers_are_sets(a: Numbers, b: Numbers, value: Fraction) -> None:
    """A number belongs to what is common, joined, left out or whole as it should."""
    assert (value in (a & b)) is (value in a and value in b)
    assert (value in (a | b)) is (value in a or value in b)
    assert (value in ~a) is (value not in a)
    assert (value in a.whole()) is (value in a) or value.denominator > 1
    assert all(pick in a for pick in a.picks())
    assert bool(list(a.picks())) is bool(a.spans)


def test_thresholds_within_the_tolerance_are_one() -> None:
    """The analysis does not distinguish what comparisons cannot distinguish."""
    assert snapped(Fraction("4.9999999999999")) == 5
    assert snapped(Fraction("0.1")) == Fraction("0.1")
    assert found(rule("touching", "progress at least 0.5 and progress at most 0.4999999999999")) == []


@pytest.mark.parametrize(
    ("condition", "never"),
    [
        ("delay above 5 days and delay below 6 days", True),
        ("delay above 5 days and delay below 7 days", False),
        ("progress above 0.5 and progress below 0.6", False),
        ("progress * 2 above 2", True),
        ("progress * 2 at least 2", False),
        ("load above 300 %", False),
        ("load below 0 %", True),
        ('status in ["done", "in progress"] and status is "not started"', True),
        ('owner is "a" and owner is "b"', True),
        ('owner is not "a" and owner is not "b"', False),
        ('owner is not known and owner is not "a"', True),
        ("(load else 0 %) above 5 % and load is not known", True),
        ("(load else 10 %) above 5 % and load is not known", False),
        ("not (done is true) and done", True),
        ("planned_start above 2026-01-01 and planned_start below 2026-01-02", True),
        ("planned_start + 1 month above planned_start", False),
        ("count(predecessors) below 0", True),
        ("count(predecessors where done) at least 1 and count(predecessors where done) at most 0.5", True),
        ("share(predecessors where done) above 100 %", True),
        ("any(predecessors where done) and not any(predecessors where done)", True),
        ("min(progress, 0.5) above 0.6", True),
        ("abs(progress - 1) above 1", True),
        ("max(planned_start, planned_end) below 2026-01-01", False),
    ],
)
def test_one_condition_needs_no_solver(condition: str, never: bool) -> None:  # noqa: FBT001  # a table
    """Conditions on one quantity are decided by intervals, with the ranges of facts and unknown values."""
    expected = [("condition-never-true", "r")] if never else []
    assert found(rule("r", condition), solver=False) == expected


@pytest.mark.parametrize(
    ("condition", "never"),
    [
        ("elapsed above window", True),
        ("elapsed above window - 1 day", False),
        ("spent / budget above 125 % and spent below budget", True),
        ("spent / budget above 125 % and spent above budget", False),
        ("overspend above 0 % and spent below budget", True),
        (
            "planned_end above planned_start and planned_start above original_end and original_end above planned_end",
            True,
        ),
        ("delay above 0 days and planned_end above expected_end", True),
    ],
)
def test_several_facts_need_the_solver(condition: str, never: bool) -> None:  # noqa: FBT001  # a table
    """What the facts have to do with each other is decided by the solver; without it, it is left open."""
    expected = [("condition-never-true", "r")] if never else []
    assert found(rule("r", condition, about="phase")) == expected
    assert found(rule("r", condition, about="phase"), solver=False) in ([], expected)


def test_what_the_solver_would_decide_is_said_to_be_open() -> None:
    """Without the solver such a question is listed, with what to install."""
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{rule('r', 'elapsed above window', about='phase')}")
    (open_question,) = analyse(rules, solver=False).undecided
    assert open_question.code == "condition-never-true"
    assert "coopgov[analysis]" in open_question.why


def test_out_of_time_nothing_is_claimed() -> None:
    """Without time there are no findings of logic, and what was not asked is said."""
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{rule('r', 'progress above 2')}")
    analysis = analyse(rules, time_limit=0)
    assert analysis.findings == ()
    assert [each.rule for each in analysis.undecided] == ["r"]


def test_rules_that_were_finished_before_time_ran_out_are_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the time runs out among the pairs, only the rules whose pairs are not finished are listed as undecided."""

    def until_time_runs_out(_study: object, left: dict[str, None]) -> Iterator[Finding]:
        yield from ()
        del left["a"]
        raise OutOfTime

    monkeypatch.setattr(sys.modules[logic.__module__], "pairs", until_time_runs_out)
    rules = coopgov.parse_rules(
        f"{HEAD}rules:\n" + "\n".join(rule(name, "progress above 50 %") for name in "ab")
    )
    assert [(each.code, each.rule) for each in analyse(rules).undecided] == [("implied-rule", "b")]


def test_unknown_data_keep_rules_apart() -> None:
    """A rule that reads a fact more is silent where that is unknown, so it makes no other redundant."""
    narrow, wide = rule("narrow", "progress above 60 %"), rule("wide", "progress above 50 %")
    assert found(narrow, wide) == [("implied-rule", "narrow")]
    needs_more = rule("wide", "progress above 50 % and (load at least 50 % or load below 50 %)")
    assert found(narrow, needs_more) == []
    assert found(narrow, rule("wide", "progress above 50 % and (load else 0 %) at least 0 %")) == [
        ("implied-rule", "narrow")
    ]


def test_severity_keeps_rules_apart() -> None:
    """A narrower rule with a worse severity says something; with a milder one it does not."""
    wide = rule("wide", "progress above 50 %")
    assert found(rule("narrow", "progress above 60 %", "major"), wide) == []
    assert found(rule("narrow", "progress above 60 %", "notice"), wide) == [("implied-rule", "narrow")]


QUANTITIES = ("progress", "load", "delay / window", "delay", "(load else 50 %)")
LIMITS = {"delay": ["0 days", "3 days", "4 days", "10 days"]}
COMPARISONS = ("above", "below", "at least", "at most", "is", "is not")


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """A comparison of a fact about a task with a limit, or a plain condition."""
    if draw(st.integers(0, 3)) == 0:
        return draw(
            st.sampled_from(["done", "load is known", 'status is "done"', 'status is not "in progress"'])
        )
    left = draw(st.sampled_from(QUANTITIES))
    limits = LIMITS.get(left, ["0 %", "30 %", "50 %", "100 %", "130 %"])
    return f"{left} {draw(st.sampled_from(COMPARISONS))} {draw(st.sampled_from(limits))}"


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda word, a, b, no: f"{no}({a} {word} {b})",
        st.sampled_from(["and", "or"]),
        parts,
        parts,
        st.sampled_from(["", "not "]),
    )


CONDITIONS = st.recursive(comparisons(), _joined, max_leaves=3)
RULE_FILES = st.lists(st.tuples(CONDITIONS, st.sampled_from(SEVERITIES[:3])), min_size=1, max_size=3)
TASKS = st.fixed_dictionaries(
    {
        "progress": st.sampled_from([None, 0, 0.3, 0.4, 0.5, 0.7, 1]),
        "load": st.sampled_from([None, 0, 0.3, 0.5, 0.6, 1, 1.3, 2]),
        "status": st.sampled_from([None, "not started", "in progress", "done"]),
        "planned_start": st.sampled_from(DAYS),
        "planned_end": st.sampled_from(DAYS),
        "actual_end": st.sampled_from(DAYS),
        "forecast_end": st.sampled_from(DAYS),
    }
)


def _severities(rules: RuleSet, task: dict[str, Any]) -> tuple[dict[str, str], set[str]]:
    """The warnings of a record by rule, and the rules that are undetermined."""
    try:
        hits, undetermined = rules.checker("task")(task, as_of=date(2026, 3, 15))
    except FactError:
        return {}, set()
    return {name: severity for name, severity, _, _ in hits}, {name for name, _, _ in undetermined}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULE_FILES, st.lists(TASKS, min_size=20, max_size=40))
def test_no_facts_contradict_a_finding(written: list[tuple[str, str]], tasks: list[dict[str, Any]]) -> None:
    """Rules that never hold never warn, and one that another makes redundant never warns alone."""
    entries = [
        rule(f"r{number}", condition, severity) for number, (condition, severity) in enumerate(written)
    ]
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{''.join(entries)}")
    findings = [each for each in analyse(rules).findings if each.fault.code in CODES]
    for task in tasks:
        warned, undetermined = _severities(rules, task)
        for each in findings:
            code = each.fault.code
            if code == "condition-never-true":
                assert each.rule not in warned
            elif code in ("same-meaning", "implied-rule") and each.rule in warned:
                other = each.fault.found.split("`")[1]
                mine, theirs = (SEVERITIES.index(warned.get(name, "notice")) for name in (each.rule, other))
                assert other in warned
                assert theirs >= mine
            elif (
                code == "condition-always-true" and each.rule not in undetermined and task["load"] is not None
            ):
                assert each.rule in warned or None in task.values()


def test_a_finding_about_a_parameter_is_at_the_parameter(tmp_path: Path) -> None:
    """The place is where the file sets what an extended rule names, whatever follows the name."""
    rule = """
rules:
  - id: late
    about: phase
    kind: delay
    when: max(0 days,limit) above delay
    severity: minor
    message: "{phase.name} is late by {delay}."
"""
    head = "coopgov: rules/1\npack: {}\nversion: 1.0.0\n"
    (tmp_path / "base.yaml").write_text(head.format("base") + "parameters: {limit: 5 days}" + rule)
    own = head.format("own") + "extends: [base.yaml]\nparameters: {limit: 0 days}\n"
    (tmp_path / "own.yaml").write_text(own)
    (found,) = analyse(coopgov.load_rules(tmp_path / "own.yaml")).findings
    assert (found.fault.code, found.fault.place.line) == ("condition-never-true", 5)


@pytest.mark.parametrize("day", [1, 20, date.max.toordinal() - 5])
def test_facts_are_mixed_within_the_calendar(day: int) -> None:
    """A solver likes the first days that there are; days that are tried beside them are days as well."""
    catalogue = coopgov.load_rules().catalogue
    shown: dict[tuple[tuple[str, ...], str], Any] = {
        ((), "planned_end"): Fraction(day),
        ((), "spent"): Fraction(8),
    }
    mixed = _mixed([shown] * 40, "phase", catalogue)
    assert len({each[(), "planned_end"] for each in mixed}) > 1
    assert all(1 <= each[(), "planned_end"] <= date.max.toordinal() for each in mixed)

"""Agreements that others wrote: what a strict one refuses becomes a finding, and the facts are unknown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov import (
    Agreement,
    AgreementError,
    PeriodError,
    assess,
    backtest,
    build_agreement,
    explain_all,
    load_rules,
    parse_agreement,
)
from coopgov.cli import main
from coopgov.facts import Facts, derive
from coopgov.model import dump_agreement
from coopgov.model.findings import LENIENT_CODES
from coopgov.testing import agreement_mappings, agreements

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
NOW = date(2026, 6, 30)
HEAD = """\
coopgov: agreement/1
id: tender
title: Tender
currency: CNY
strict: false
parties: [{id: port}]
"""
OTHERS = (
    HEAD
    + """\
term: {start: 2026-01-05}
phases:
  - {id: bare}
  - {id: half, planned: {end: 2026-03-03}}
  - id: turned
    planned: {start: 2026-03-31, end: 2026-03-01}
    original: {start: 2026-02-28, end: 2026-02-01}
    actual: {start: 2026-03-31, end: 2026-03-02}
    buffer: 3 working days
    milestones: [{id: m}]
    deliverables: [{id: d}]
    tasks: [{id: t, actual: {start: 2026-03-31, end: 2026-03-02}}, {id: u, planned: {start: 2026-03-02, end: 2026-03-01}}]
    spending: [{amount: 5}, {on: 2026-03-03, amount: 7}]
"""  # noqa: E501  # a file as people write it
)


def facts(text: str, as_of: date = NOW) -> Facts:
    """The facts of an agreement in a text."""
    return derive(parse_agreement(HEAD + text), as_of)


def shown(agreement: Agreement) -> list[tuple[int, int, str]]:
    """Line, column and code of each finding."""
    return [(one.fault.place.line, one.fault.place.column, one.fault.code) for one in agreement.findings]


def faults_of(text: str) -> list[tuple[int, int, str]]:
    """Line, column and code of each fault of a text."""
    with pytest.raises(AgreementError) as error:
        parse_agreement(text)
    return sorted((one.place.line, one.place.column, one.code) for one in error.value.faults)


def test_findings_are_the_faults_of_a_strict_agreement() -> None:
    """The same codes at the same places, all at once; the default is strict."""
    every = shown(parse_agreement(OTHERS))
    findings = [each for each in every if each[2] in LENIENT_CODES]
    assert {code for *_, code in every} - set(LENIENT_CODES) == {"phase-incomplete"}
    assert findings == [
        (7, 7, "missing-key"),
        (9, 5, "missing-key"),
        (10, 25, "missing-key"),
        (12, 39, "wrong-order"),
        (13, 40, "wrong-order"),
        (14, 38, "wrong-order"),
        (16, 18, "missing-key"),
        (17, 20, "missing-key"),
        (18, 13, "missing-key"),
        (18, 54, "wrong-order"),
        (18, 110, "wrong-order"),
        (19, 16, "missing-key"),
    ]
    assert faults_of(OTHERS.replace("strict: false", "strict: true")) == findings
    assert faults_of(OTHERS.replace("strict: false\n", "")) == [(line - 1, *rest) for line, *rest in findings]


def test_what_cannot_be_read_stays_a_fault() -> None:
    """Syntax, types, names and ids do not depend on who wrote the file; nor do scales, money and doubled days."""
    broken = HEAD + (
        "phases: [{id: p, planned: soon, spending: [{on: 2026-01-05, amount: 1.005}]}, {id: p, owner: nobody}]\n"
        "kpis: [{id: k, readings: [{value: 1}], scale: {from: 5, to: 1}}]\n"
    )
    assert {code for *_, code in faults_of(broken)} == {"wrong-type", "missing-key", "wrong-order"}
    again = HEAD + "phases: [{id: p}, {id: p, owner: nobody, spending: [{amount: 1.005}]}]"
    assert {code for *_, code in faults_of(again)} == {"duplicate-id", "unknown-owner", "too-fine-money"}
    assert [code for *_, code in faults_of(HEAD.replace("false", "no"))] == ["not-a-truth-value"]


def test_facts_of_what_is_missing_are_unknown() -> None:
    """Neither end of a window that is the wrong way round is believed; the rest is there."""
    known = derive(parse_agreement(OTHERS), NOW)
    names = ("planned_start", "planned_end", "original_start", "original_end", "actual_start", "actual_end")
    assert [known.value("phase/bare", name) for name in names] == [None] * 6
    assert [known.value("phase/turned", name) for name in (*names, "buffer_start", "window")] == [None] * 8
    assert known.value("phase/half", "planned_end") == date(2026, 3, 3)
    assert known.value("phase/half", "delay") == 119
    assert known.value("phase/turned", "has_buffer") is True
    assert [known.value("agreement", name) for name in ("start", "end", "window")] == [
        date(2026, 1, 5),
        None,
        None,
    ]
    assert known.value("milestone/turned/m", "overdue") is None
    assert known.value("task/turned/u", "planned_start") is None
    assert [known.value("task/turned/t", name) for name in ("actual_end", "status", "done")] == [None] * 3
    before = derive(parse_agreement(OTHERS), date(2026, 3, 1))
    assert before.value("task/turned/t", "status") == "not started"


def test_rules_about_what_is_missing_are_undetermined() -> None:
    """A phase without dates is not fine, and the assessment says what is missing."""
    found = assess(parse_agreement(OTHERS), as_of=NOW)
    missing = {(one.rule, one.about): one.missing for one in found.undetermined}
    assert missing["phase-late", "phase/bare"] == ("planned_end", "planned_start")
    assert missing["milestone-missed", "milestone/turned/m"] == ("due",)
    assert "planned_end" in missing["task-overdue", "task/turned/u"]
    assert "end" in missing["agreement-late", "agreement"]


def test_a_setting_that_depends_on_what_is_missing_is_unknown_and_not_unset() -> None:
    """Nobody knows when a meeting is due in a term without a start, or when a buffer begins before an unknown end."""
    meetings = "meetings: [{id: m, every: 1 month}, {id: n}]\nphases: [{id: p, buffer: 3 days}]\n"
    found = assess(parse_agreement(HEAD + meetings), as_of=NOW)
    assert ("meeting-missed", "meeting/m", ("next_due",), "absent data") in {
        (one.rule, one.about, one.missing, one.because) for one in found.undetermined
    }
    assert "meeting/n" not in {one.about for one in found.undetermined}
    assert facts(meetings).value("phase/p", "has_buffer") is True


def test_an_undated_payment_is_there_at_every_date() -> None:
    """As all undated values it is listed; its day is unknown, so a rule about the day is undetermined."""
    known = derive(parse_agreement(OTHERS), date(2026, 3, 2))
    assert known.value("phase/turned", "spent") == 500
    assert [one.record["on"] for one in known.subjects["payment"]] == [None]
    assert known.undated == ("phase/turned.spending",)
    later = derive(parse_agreement(OTHERS), NOW)
    assert later.value("phase/turned", "spent") == 1200


def test_spending_of_a_phase_of_unknown_start_is_unknown() -> None:
    """Nothing is spent before the start, but nobody knows when that is."""
    known = facts(
        "term: {start: 2026-01-05, end: 2026-12-31}\nphases: [{id: p}, {id: q, planned: {start: 2026-08-01}}]"
    )
    assert [known.value(f"phase/{name}", "spent") for name in "pq"] == [None, 0]


@pytest.mark.parametrize(
    ("term", "held", "due"),
    [
        ("{start: 2026-01-05}", "", date(2026, 2, 5)),
        ("{start: 2026-01-05}", "2026-02-28", date(2026, 3, 31)),
        ("{end: 2026-12-31}", "2026-02-28", date(2026, 3, 31)),
        ("{end: 2026-12-31}", "2026-12-15", None),
        ("{end: 2026-12-31}", "", None),
        ("{start: 2026-12-31, end: 2026-01-05}", "2026-02-28", date(2026, 3, 31)),
        ("", "2026-02-28", date(2026, 3, 31)),
    ],
)
def test_cadences_in_a_term_that_is_not_known(term: str, held: str, due: date | None) -> None:
    """What is known of the term counts; a term the wrong way round is not known."""
    known = facts(f"term: {term}\nmeetings: [{{id: m, every: 1 month, held: [{held}]}}]", date(2026, 12, 31))
    assert known.value("meeting/m", "next_due") == due


def test_money_and_official_days_without_a_term() -> None:
    """Undated amounts are converted by the first rate; official days are those of the years of the phases."""
    known = facts(
        "calendar: {country: CN}\n"
        "rates: [{currency: USD, on: 2026-03-01, rate: 8}, {currency: USD, on: 2026-01-01, rate: 7}]\n"
        "phases: [{id: p, budget: 1 USD, planned: {start: 2026-09-01, end: 2026-10-20}, buffer: 10 working days}]\n"
    )
    assert known.value("phase/p", "budget") == 700
    assert known.value("phase/p", "buffer_start") == date(2026, 9, 30)


def test_a_period_must_be_given_where_the_term_is_not_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    """As an error that says which day is lacking, on the command line too."""
    made = parse_agreement(OTHERS)
    with pytest.raises(PeriodError, match="a term without a last day, expected the last day of the period"):
        backtest(made)
    assert backtest(made, last=date(2026, 1, 9)).last == date(2026, 1, 9)
    path = tmp_path / "others.yaml"
    path.write_text(HEAD, encoding="utf-8")
    assert main(["backtest", str(path), "--to", "2026-01-09"]) == 2
    assert "a term without a first day, expected the first day of the period" in capsys.readouterr().err
    assert main(["backtest", str(path), "--from", "2026-01-05", "--to", "2026-01-09"]) == 0


def test_the_dump_says_that_it_is_not_strict() -> None:
    """What comes out loads to an equal agreement, findings included."""
    made = parse_agreement(OTHERS)
    for form in ("yaml", "json"):
        again = parse_agreement(dump_agreement(made, form))
        assert again == made
        assert sorted(one.fault.code for one in again.findings) == sorted(
            one.fault.code for one in made.findings
        )
    assert made != parse_agreement(OTHERS.replace("phases:", "vision: V\nphases:"))


@SLOW
@given(agreements(days=DAYS, strict=False), DAYS)
def test_nothing_that_is_missing_stops_anything(made: Agreement, as_of: date) -> None:
    """All facts have a value or none; it is assessed, explained, looked back over, written and read again."""
    known = derive(made, as_of)
    for subject in known:
        for name in known.catalogue.names(subject.about):
            known.value(subject.id, name)
    found = assess(made, as_of=as_of)
    assert all(one.message for one in found.warnings)
    explain_all(made, as_of=as_of)
    history = backtest(made, first=as_of, last=as_of)
    assert {one.id for one in history.episodes} == {one.id for one in found.warnings}
    assert parse_agreement(dump_agreement(made)) == made


@SLOW
@given(agreement_mappings(days=DAYS, strict=False))
def test_each_fault_of_a_strict_agreement_is_a_finding(mapping: dict[str, Any]) -> None:
    """And what has no such finding is a strict agreement as well."""
    findings = {
        (one.fault.place.file, one.fault.code)
        for one in build_agreement(mapping).findings
        if one.fault.code in {"missing-key", "wrong-order"}
    }
    faults = set()
    try:
        build_agreement({**mapping, "strict": True})
    except AgreementError as error:
        faults = {(one.place.file, one.code) for one in error.faults}
    assert faults == findings


@SLOW
@given(agreement_mappings(days=DAYS), DAYS)
def test_no_warning_vanishes_silently(mapping: dict[str, Any], as_of: date) -> None:
    """Without one of its days, an agreement has a finding; each warning is still there or undetermined.

    Left out are rules about warnings, which follow from others.
    """
    rules = load_rules("cooperation-plan")
    own = {rule.id for rule in rules.rules if not rule.layer and rule.about != "role"}
    before = {(one.rule, one.about) for one in assess(build_agreement(mapping), rules, as_of=as_of).warnings}
    for made in with_gaps(mapping):
        assert "missing-key" in {one.fault.code for one in made.findings}
        after = assess(made, rules, as_of=as_of)
        there = {(one.rule, one.about) for one in after.warnings}
        lost = before - there - {(one.rule, one.about) for one in after.undetermined}
        assert {rule for rule, _ in lost}.isdisjoint(own)


def with_gaps(mapping: dict[str, Any]) -> Iterator[Agreement]:
    """The agreement, not strict, without the start of its term and without planned days."""
    yield build_agreement({**mapping, "strict": False, "term": {"end": mapping["term"]["end"]}})
    for at, phase in enumerate(mapping.get("phases") or ()):
        for kept in (set(), {"start"}, {"end"}):
            planned = {end: day for end, day in phase["planned"].items() if end in kept}
            phases = [*mapping["phases"]]
            phases[at] = {**phase, "planned": planned or None}
            yield build_agreement({**mapping, "strict": False, "phases": phases})

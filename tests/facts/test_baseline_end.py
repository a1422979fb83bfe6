"""Tests of `baseline_end("ID")`: the end by one of several baselines of a phase or task."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.facts import default_catalogue, derive
from coopgov.language import parse
from coopgov.language.printer import to_text
from coopgov.testing import agreements

HEAD = """\
coopgov: agreement/1
id: pier
title: Pier
currency: CNY
strict: false
term: {start: 2026-01-05, end: 2027-06-30}
parties: [{id: port}]
phases:
  - id: core
    planned: {start: 2026-02-01, end: 2026-08-31}
    baselines:
      - {id: approved, end: 2026-06-30}
      - {id: v1.2, on: 2026-07-01, end: 2026-07-31}
      - {id: turned, start: 2026-07-01, end: 2026-06-01}
      - {id: open, start: 2026-07-01}
    tasks:
      - {id: dig, planned: {start: 2026-02-01, end: 2026-05-31}, baselines: [{id: approved, end: 2026-04-30}]}
"""
RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - id: past-approved
    about: phase
    kind: delay
    title: Past
    measure: planned_end - baseline_end("NAME")
    bands: {minor: above 10 days}
    message: '{phase.name}: {baseline_end("NAME")}'
"""
PIER = coopgov.parse_agreement(HEAD)
"""One of its baselines has its days in the wrong order, so it is not strict."""


def value(subject: str, name: str, day: str = "2026-10-01") -> Any:
    """A fact of the pier on a day."""
    known = derive(PIER, date.fromisoformat(day))
    return known.value(subject, f'baseline_end("{name}")')


@pytest.mark.parametrize(
    ("subject", "name", "day", "end"),
    [
        ("phase/core", "approved", "2026-01-05", "2026-06-30"),
        ("task/core/dig", "approved", "2026-01-05", "2026-04-30"),
        ("phase/core", "v1.2", "2026-07-01", "2026-07-31"),
        ("phase/core", "v1.2", "2026-06-30", None),
        ("phase/core", "turned", "2026-10-01", None),
        ("phase/core", "open", "2026-10-01", None),
        ("phase/core", "other", "2026-10-01", None),
        ("task/core/dig", "v1.2", "2026-10-01", None),
    ],
)
def test_it_is_the_end_by_the_baseline_of_that_id_once_it_is_kept(
    subject: str, name: str, day: str, end: str | None
) -> None:
    """A baseline of a later day, one without an end or with days in the wrong order, gives none."""
    found = value(subject, name, day)
    assert (found and found.isoformat()) == end


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
@pytest.mark.parametrize(("name", "days"), [("approved", 62), ("v1.2", 31)])
def test_a_rule_warns_of_what_is_past_a_baseline(backend: str, name: str, days: int) -> None:
    """The evidence names the fact as it is written, with its place."""
    rules = coopgov.parse_rules(RULES.replace("NAME", name))
    found = coopgov.assess(PIER, rules, as_of=date(2026, 10, 1), backend=backend)
    (warning,) = found.warnings
    assert warning.measure is not None
    assert warning.measure.value == days
    (evidence,) = [each for each in warning.evidence if "baseline" in each.fact]
    assert (evidence.fact, evidence.at is not None) == (f'baseline_end("{name}")', True)


@pytest.mark.parametrize(("name", "undetermined"), [("other", 0), ("open", 0), ("turned", 1)])
def test_a_rule_does_not_apply_where_the_baseline_is_not_there(name: str, undetermined: int) -> None:
    """It is not undetermined either; only a baseline that nobody can trust leaves it open."""
    rules = coopgov.parse_rules(RULES.replace("NAME", name))
    found = coopgov.assess(PIER, rules, as_of=date(2026, 10, 1))
    assert (len(found.warnings), len(found.undetermined)) == (0, undetermined)


def test_a_checker_reads_it_under_its_name() -> None:
    """Records and columns have the same name as rules."""
    check = coopgov.parse_rules(RULES.replace("NAME", "v1.2")).checker("phase")
    record = {"name": "Core", "planned_end": date(2026, 8, 31)}
    assert check({**record, 'baseline_end("v1.2")': date(2026, 7, 1)}, as_of=date(2026, 9, 1))[0]
    assert check(record, as_of=date(2026, 9, 1)) == ([], [])


def test_what_if_changes_one() -> None:
    """The dots of an id do not separate subject and fact."""
    rules, key = coopgov.parse_rules(RULES.replace("NAME", "v1.2")), 'phase/core.baseline_end("v1.2")'
    agreement = PIER
    tried = coopgov.what_if(agreement, rules, {key: "2026-08-31"}, as_of=date(2026, 10, 1))
    assert (len(tried.before.warnings), len(tried.after.warnings)) == (1, 0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("baseline_end", "unknown-fact: found `baseline_end`, expected a fact about phase or a parameter; did"),
        ("baseline_end(v1)", 'found `v1`, expected a name in quotes, such as `"approved"`; write `baseline_end("v1")`'),
        ("phase.baseline_end(v1)", 'such as `"approved"`; write `phase.baseline_end("v1")`'),
        ("baseline_end()", "syntax: found `)`, expected a name in quotes"),
        ("baseline_end('')", "syntax: found `''`, expected a name in quotes"),
        ('baseline_end("a", "b")', "syntax: found `,`, expected `)`"),
        ('baselin_end("a")', "unknown-function: found `baselin_end`"),
        ('agreement.baseline_end("a")', 'unknown-fact: found `baseline_end("a")`, expected a fact about agreement'),
    ],
)  # fmt: skip
def test_what_is_written_wrong_is_said(written: str, said: str) -> None:
    """Each fault says what to write, and doing so helps."""
    with pytest.raises(coopgov.RulesError) as caught:
        coopgov.parse_rules(RULES.replace('baseline_end("NAME")', written, 1))
    assert said in str(caught.value.faults[0])


def test_it_cannot_be_declared_again() -> None:
    """A rule file may not give the name another meaning."""
    text = RULES + "facts: [{name: baseline_end, about: phase, is: planned_end, means: Own.}]\n"
    with pytest.raises(coopgov.RulesError, match="duplicate-fact"):
        coopgov.parse_rules(text.replace("NAME", "v1"))


def test_canonical_text_has_double_quotes() -> None:
    """Both spellings are one fact."""
    assert to_text(parse("phase.baseline_end( 'v1.2' )")) == 'phase.baseline_end("v1.2")'
    assert parse("baseline_end('a')") == parse('baseline_end("a")')


def test_its_names_in_all_languages_name_the_baseline() -> None:
    """The catalogue has one as the pattern of all."""
    catalogue = default_catalogue()
    fact = catalogue.fact("task", 'baseline_end("批准")')
    assert fact is not None
    assert (fact.of, fact.name_in("zh-Hans"), fact.name_in("en")) == (
        "批准",
        "基线批准的结束日",
        "end by the baseline 批准",
    )
    assert 'baseline_end("name")' in set(catalogue.names("phase"))
    assert catalogue.fact("member", 'baseline_end("a")') is None


@given(agreements(), st.integers(0, 800))
def test_every_baseline_of_any_agreement_is_a_fact_from_its_day_on(
    agreement: coopgov.Agreement, days: int
) -> None:
    """Neither more nor fewer than those kept by then."""
    as_of = date(2026, 1, 1) + timedelta(days=days)
    known = derive(agreement, as_of)
    for subject in (*known.subjects["phase"], *known.subjects["task"]):
        kept = {
            f'baseline_end("{each.id}")'
            for each in subject.part.baselines
            if each.on is None or each.on <= as_of
        }
        assert {name for name in subject.record if name.startswith("baseline_end")} == kept

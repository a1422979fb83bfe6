"""Rechecking only the rules that read a changed fact gives the same as checking the whole record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgov
from backends.test_agreement_of_backends import SETTINGS, Written, written_programs
from coopgov import Hit, Undetermined
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.python.backend import DirectBackend
from coopgov.errors import UnknownNameError
from coopgov.rules.incremental import readers, rechecker
from coopgov.testing import facts, rule_sets
from language.expressions import CATALOGUE, dates, records

if TYPE_CHECKING:
    from coopgov.backends.ir import Answer, Program
    from coopgov.language.interpreter import Setting

AS_OF = date(2026, 6, 30)
RULES = coopgov.parse_rules("""
coopgov: rules/1
pack: suppliers
version: 1.0.0
subjects:
  supplier: {on_time_share: "%", open_claims: count, orders: count, last_audit: date}
facts:
  - {name: claimed, about: supplier, is: open_claims / orders}
rules:
  - {id: unreliable, about: supplier, kind: external, measure: on_time_share,
     bands: {minor: below 95 %, major: below 85 %}, message: M}
  - {id: claims, about: supplier, kind: quality, when: claimed above 10 %, severity: minor, message: M}
  - {id: audit, about: supplier, kind: quality, when: as_of - last_audit above 365 days, severity: minor, message: M}
  - {id: small, about: supplier, kind: data, where: on_time_share below 50 %, when: orders below 5, severity: notice,
     message: M}
""")
SUPPLIER = {"on_time_share": 90, "open_claims": 2, "orders": 10, "last_audit": date(2025, 1, 1)}


# What reads what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (("on_time_share",), ("unreliable", "small")),
        (("open_claims",), ("claims",)),
        (("orders",), ("claims", "small")),
        (("claimed",), ("claims", "small")),
        (("as_of",), ("audit",)),
        (("last_audit", "open_claims"), ("claims", "audit")),
        (("supplier",), ("unreliable", "claims", "audit", "small")),
        ((), ()),
    ],
)
def test_rules_read_what_they_name_and_what_formulas_name(
    changed: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """Measures, conditions and `where`, in the order of the rules; a derived fact counts as all that it reads."""
    assert RULES.readers("supplier", *changed) == expected


def test_a_rule_about_observations_reads_their_dates_and_the_date() -> None:
    """A value read on a day is not there before: so the day counts, and the date."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nrules:\n"
        "  - {id: low, about: kpi, kind: quality, measure: value, bands: {minor: below 80 points}, message: M}\n"
        "  - {id: off, about: kpi, kind: quality, when: value below target, severity: minor, message: M}\n"
    )
    for changed in ("value", "value_on", "as_of"):
        assert rules.readers("kpi", changed) == ("low", "off")
    assert rules.readers("kpi", "unit") == ("low",)
    assert rules.readers("kpi", "category") == ()


def test_facts_of_other_subjects_have_their_type() -> None:
    """Of a subject above, and of the items of a collection."""
    text = (
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nrules:\n"
        "  - {id: poor, about: task, kind: data, when: phase.budget below 5 CNY, severity: minor, message: M}\n"
        "  - {id: open, about: phase, kind: data, when: count(tasks where status is 'done') "
        "below 1, severity: minor, message: M}\n"
        "  - {id: many, about: phase, kind: data, when: count(tasks) above 3, severity: minor, message: M}\n"
    )
    rules = coopgov.parse_rules(text)
    assert rules.readers("task", "phase.budget") == rules.readers("task", "phase") == ("poor",)
    assert rules.readers("task", "phase.spent") == rules.readers("task", "status") == ()
    assert rules.readers("phase", "task.status") == rules.readers("phase", "task") == ("open",)
    assert rules.readers("phase", "tasks") == ("open", "many")


@pytest.mark.parametrize(
    ("about", "name", "message"),
    [
        ("supplier", "on_time_shar", 'no fact about supplier "on_time_shar"; did you mean "on_time_share"?'),
        ("phase", "forcast_end", 'no fact about phase "forcast_end"; did you mean "forecast_end"?'),
        ("task", "phase.budgt", 'no fact about task "phase.budgt"; did you mean "phase.budget"?'),
        ("phase", "warnings of lower layers", 'no fact about phase "warnings of lower layers"'),
        ("phas", "budget", 'no type of subject "phas"; did you mean "phase"?'),
    ],
)
def test_unknown_names_are_reported(about: str, name: str, message: str) -> None:
    """With the nearest one, before anything is compiled."""
    rules = RULES if about == "supplier" else coopgov.load_rules()
    for call in (rules.readers, rules.rechecker):
        with pytest.raises(UnknownNameError) as caught:
            call(about, name)
        assert message in str(caught.value)


# Checking again ---------------------------------------------------------------------------------------------


def test_answers_are_joined_in_the_order_of_the_rules() -> None:
    """What changed is where a full check would put it, and earlier results are unchanged."""
    check = RULES.checker("supplier")
    before = check(SUPPLIER, as_of=AS_OF)
    assert [hit[0] for hit in before[0]] == ["unreliable", "claims", "audit"]
    kept = ([*before[0]], [*before[1]])
    changed = {**SUPPLIER, "open_claims": 0}
    after = RULES.rechecker("supplier", "open_claims")(changed, before, as_of=AS_OF)
    assert after == check(changed, as_of=AS_OF)
    assert before == kept
    assert RULES.rechecker("supplier", "open_claims")(SUPPLIER, after, as_of=AS_OF) == before
    gone = {**SUPPLIER, "orders": None, "last_audit": None}
    found = RULES.rechecker("supplier", "orders", "last_audit")(gone, before, as_of=AS_OF)
    assert found == check(gone, as_of=AS_OF)
    assert [entry[0] for entry in found[1]] == ["claims", "audit"]
    assert RULES.rechecker("supplier", "last_audit")(SUPPLIER, found, as_of=AS_OF)[1] == [found[1][0]]


def test_without_a_reader_the_answer_stays() -> None:
    """A fact that no rule reads changes nothing, nor does nothing at all."""
    answer = coopgov.load_rules().checker("kpi")({}, as_of=AS_OF)
    recheck = coopgov.load_rules().rechecker("kpi")
    assert recheck({"value": 3}, answer, as_of=AS_OF) is answer


def test_an_answer_of_other_rules_is_refused() -> None:
    """Else its entries would stay for ever."""
    recheck = RULES.rechecker("supplier", "open_claims")
    hit: Answer = ([Hit("unreliabel", "minor", 1, 2)], [])
    undetermined: Answer = ([], [Undetermined("unreliabel", ("orders",), "absent data")])
    for before in (hit, undetermined):
        with pytest.raises(UnknownNameError, match='no rule "unreliabel"; did you mean "unreliable"'):
            recheck(SUPPLIER, before, as_of=AS_OF)


def test_code_is_made_once_for_the_same_rules() -> None:
    """However often a host asks, and whichever facts lead to them."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {thing: {a: count, b: count, c: count}}\nrules:\n"
        "  - {id: both, about: thing, kind: data, when: a above b, severity: minor, message: M}\n"
        "  - {id: other, about: thing, kind: data, when: c above 1, severity: minor, message: M}\n"
    )
    programs: list[int] = []

    class Noting(DirectBackend):
        def compile(self, program: Program, setting: Setting, interpreter: Any = None) -> Any:
            programs.append(id(program))
            return super().compile(program, setting, interpreter)

    backend = Noting()
    for name in ("a", "b", "a"):
        rules.rechecker("thing", name, backend=backend)
    assert len(set(programs)) == 1
    rules.rechecker("thing", "a", "c", backend=backend)
    rules.checker("thing", backend=backend)
    assert programs[-1] == programs[-2]


# Whatever the rules and the data ----------------------------------------------------------------------------

_COLLECTIONS = ("parts", "tickets")
_ITEMS = {"part": "parts", "ticket": "tickets"}
_BASE = [(about, name) for (about, name), fact in CATALOGUE.facts.items() if fact.type is not None]
_CHANGES = sorted(
    {name if about == "work" else f"{about}.{name}" for about, name in _BASE if about in ("work", "whole", *_ITEMS)}
    | {"whole", "as_of"}
)  # fmt: skip


def _with(record: dict[str, Any], other: dict[str, Any], name: str) -> dict[str, Any]:
    """The record with one fact, or one sort of facts of its items, as in the other record."""
    owner, dot, fact = name.rpartition(".")
    if name == "as_of":
        return record
    if not dot:
        return {**{key: value for key, value in record.items() if key != name}, **_only(other, name)}
    if owner == "whole":
        if not (record.get("whole") and other.get("whole")):
            return record
        return {**record, "whole": _with(record["whole"], other["whole"], fact)}
    one, two = record.get(_ITEMS[owner]), other.get(_ITEMS[owner])
    if not one or not two:
        return record
    return {**record, _ITEMS[owner]: [_with(item, two[n % len(two)], fact) for n, item in enumerate(one)]}


def _only(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: record[name]} if name in record else {}


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=120)
@given(
    written_programs(),
    records() | records(complete=True),
    records(),
    st.lists(st.sampled_from(_CHANGES), min_size=2, max_size=3, unique=True),
    st.lists(dates, min_size=2, max_size=2),
    st.sampled_from(SETTINGS),
)
def test_checking_again_is_checking(
    written: Written,
    record: dict[str, Any],
    other: dict[str, Any],
    changed: list[str],
    days: list[date],
    setting: Setting,
) -> None:
    """Absent facts, formulas, `where`, units, collections, subjects above, the date.

    Each change gives what a new check gives.
    """
    program = written.program
    for names in (changed, *([name] for name in _CHANGES)):
        then = record
        for name in names:
            then = _with(then, other, name)
        day, later = days if "as_of" in names else (days[0], days[0])
        for backend in (ReferenceBackend(), DirectBackend()) if names is changed else (ReferenceBackend(),):
            check, again = _both(backend, program, names, setting)
            assert repr(again(then, check(record, as_of=day), as_of=later)) == repr(check(then, as_of=later))


def _both(backend: Any, program: Program, changed: list[str], setting: Setting) -> tuple[Any, Any]:
    read = readers(program, changed)
    part = backend.compile(replace(program, checks=read), setting)
    return backend.compile(program, setting), rechecker(program, read, part)


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=100)
@given(st.data(), st.sampled_from(["phase", "kpi", "task", "member", "milestone", "risk"]))
def test_checking_again_is_checking_for_hosts(data: st.DataObject, about: str) -> None:
    """The same with the shipped facts: observations by their dates, KPIs by their units, days that go by."""
    rules = data.draw(rule_sets(about=st.just(about), max_size=5))
    days = st.integers(-3, 3).map(lambda count: AS_OF + timedelta(count))
    one, two = (data.draw(facts(about, rules=rules, days=days)) for _ in range(2))
    check = rules.checker(about, currency="CNY", backend="interpreter")
    for name in (*sorted({*one, *two}), "as_of"):
        then, later = _with(one, two, name), AS_OF + timedelta(name == "as_of")
        again = rules.rechecker(about, name, currency="CNY", backend="interpreter")
        assert repr(again(then, check(one, as_of=AS_OF), as_of=later)) == repr(check(then, as_of=later))

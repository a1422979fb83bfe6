"""The strategies of `coopgov.testing`: values are as documented, invalid arguments are reported when drawn."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from coopgov import build_agreement, load_rules, parse_rules
from coopgov.facts.shipped_catalogue import SUBJECT_TYPES
from coopgov.testing import (
    agreement_mappings,
    agreements,
    boundary_facts,
    facts,
    kpis,
    phases,
    readings,
    rule_files,
    rule_sets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov import Agreement, RuleSet

QUICK = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
_FIRST = settings(QUICK, max_examples=300, phases=[Phase.generate])
AS_OF = date(2026, 6, 30)
_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_LATE = parse_rules("""\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - id: late
    about: milestone
    kind: delay
    title: Late
    where: met is not known
    measure: max(0 days, as_of - due)
    bands: {minor: above 0 days, major: at least 20 days}
    message: "{measure}"
""")


def _any(strategy: Any) -> Any:
    """A strategy to which a test may hand what it does not take."""
    return strategy


@QUICK
@given(agreements(currencies=st.just("JPY"), days=_DAYS, phases=phases(days=_DAYS), kpis=kpis(days=_DAYS)))
def test_agreements_are_made_of_what_they_are_given(agreement: Agreement) -> None:
    """Currency, days and parts; ids differ, and goals name KPIs that are there."""
    assert agreement.currency == "JPY"
    starts = [phase.planned.start for phase in agreement.phases]
    assert all(start and date(2026, 1, 1) <= start <= date(2026, 12, 31) for start in starts)
    known = {kpi.id for kpi in agreement.kpis}
    assert all(set(goal.kpis) <= known for goal in agreement.goals)


@QUICK
@given(agreement_mappings(days=_DAYS))
def test_mappings_are_plain(mapping: dict[str, Any]) -> None:
    """Dictionaries and lists, of which an agreement can be built."""
    assert type(mapping) is dict
    assert build_agreement(mapping).id == mapping["id"]


@QUICK
@given(kpis(readings=readings(st.integers(0, 5), days=_DAYS)))
def test_kpis_have_the_readings_they_are_given(kpi: Any) -> None:
    """One a day, of the values asked for."""
    assert {reading.value for reading in kpi.readings} <= set(range(6))
    assert len({reading.on for reading in kpi.readings}) == len(kpi.readings)


@pytest.mark.parametrize("about", [subject.name for subject in SUBJECT_TYPES])
def test_facts_are_taken_by_checkers(about: str) -> None:
    """Of every type of subject, all built-in facts or what the rules read, complete or not; as plain dictionaries."""
    rules = load_rules()
    checker = rules.checker(about)

    @settings(QUICK, max_examples=8)
    @given(st.tuples(facts(about), facts(about, rules=rules), facts(about, rules=rules, complete=True)))
    def check(found: tuple[dict[str, Any], ...]) -> None:
        for record in found:
            assert type(record) is dict
            hits, undetermined = checker(record, as_of=AS_OF)
            assert isinstance(hits, list)
            assert isinstance(undetermined, list)

    check()


def test_complete_facts_have_every_fact() -> None:
    """What the rules read is there; else anything can be missing."""
    rules = load_rules()

    @QUICK
    @given(facts("milestone", rules=rules, complete=True))
    def check(record: dict[str, Any]) -> None:
        assert {"due", "met", "name"} <= record.keys()
        assert None not in record.values()

    check()
    some = facts("milestone", rules=rules)
    assert "due" not in find(some, lambda record: "due" not in record, settings=_FIRST)
    assert find(some, lambda record: record.get("met", 0) is None, settings=_FIRST)["met"] is None


def test_facts_of_a_host_s_own_subjects() -> None:
    """A rule file that declares a type of subject brings its facts."""
    rules = parse_rules(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nsubjects: {lot: {defects: count, checked: date, grade: text}}\n"
        "rules: [{id: r, about: lot, kind: quality, title: T, when: 'defects above 3 and grade "
        'is "A"\', severity: minor, message: x}]'
    )
    found = find(
        facts("lot", rules=rules),
        lambda record: record.get("grade") == "A" and (record.get("defects") or 0) > 3,
    )
    assert found.keys() == {"defects", "grade"}


def test_boundary_facts_lie_at_and_beside_every_threshold() -> None:
    """At 0 and 20 days, a day before and after each, with the milestone met and not, its due date absent and not."""
    checker = _LATE.checker("milestone")
    seen: Counter[Any] = Counter()

    @settings(QUICK, max_examples=800, derandomize=True)
    @given(boundary_facts(_LATE, "milestone", as_of=AS_OF))
    def look(record: dict[str, Any]) -> None:
        hits, undetermined = checker(record, as_of=AS_OF)
        due = record.get("due")
        if due is not None and record.get("met") is None:
            seen[(AS_OF - due).days] += 1
        seen["undetermined"] += bool(undetermined)
        seen[hits[0][1] if hits else "silent"] += 1

    look()
    assert {0, 1, 19, 20, 21, "minor", "major", "silent", "undetermined"} <= seen.keys()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: facts("phse"), "about='phse' must be one of agreement, .*did you mean \"phase\""),
        (lambda: _any(facts)("phase", rules="x"), "rules='x' must be of type RuleSet"),
        (lambda: _any(facts)("phase", days=AS_OF), "must be a strategy; for one value write days=just"),
        (lambda: boundary_facts(load_rules()), "the rules are about all of these"),
        (lambda: boundary_facts(_LATE, "phase"), "about='phase' must be one of"),
        (
            lambda: _any(boundary_facts)(_LATE, "milestone", as_of="today"),
            "as_of='today' must be of type date",
        ),
        (
            lambda: _any(agreements)(currencies="CNY"),
            r"currencies='CNY' must be a strategy; .* currencies=just\('CNY'\)",
        ),
        (lambda: agreements(currencies=st.just("RMB")), "'RMB', which is no code of ISO 4217"),
        (lambda: _any(agreements)(phases=[]), r"phases=\[\] must be a strategy"),
        (lambda: _any(phases)(owners="anna"), "owners='anna' must be a strategy"),
        (lambda: _any(kpis)(readings=5), "readings=5 must be a strategy"),
        (lambda: _any(readings)(5), "values=5 must be a strategy"),
        (lambda: _any(rule_files)(about="phase"), "about='phase' must be a strategy"),
        (lambda: rule_sets(about=st.just("warning")), "about='warning' must be one of"),
        (lambda: rule_sets(min_size=3, max_size=2), "size"),
    ],
)
def test_arguments_that_cannot_be_are_reported_when_drawn(make: Callable[[], Any], text: str) -> None:
    """Making the strategy raises nothing yet, as in Hypothesis."""
    strategy = make()

    @settings(QUICK, max_examples=3)
    @given(strategy)
    def check(_: Any) -> None:
        """Never reached."""

    with pytest.raises(InvalidArgument, match=text):
        check()


def test_strategies_are_shown_as_they_are_written() -> None:
    """A falsifying example names the call."""
    assert repr(agreements()) == "agreements()"
    assert repr(facts("phase", complete=True)) == "facts('phase', complete=True)"
    assert repr(boundary_facts(_LATE)).startswith("boundary_facts(rules=<RuleSet own 1.0.0: 4 rules, sha256:")


@QUICK
@given(rule_sets(about=st.sampled_from(["phase", "kpi"]), min_size=2))
def test_rule_sets_are_of_the_size_and_subjects_asked_for(rules: RuleSet) -> None:
    """Beside the rules that every rule set has."""
    own = [rule for rule in rules.rules if rule.pack == "drawn"]
    assert 2 <= len(own) <= 3
    assert {rule.about for rule in own} <= {"phase", "kpi"}


@settings(QUICK, max_examples=40)
@given(rule_files())
def test_rule_files_load(text: str) -> None:
    """Every one of them, without exception."""
    assert parse_rules(text).pack == "drawn"


@pytest.mark.parametrize(
    "wanted",
    ["measure:", "when:", "parameters:", "facts:", "below", "zh-Hans:", "escalate:", "where:", "else"],
)
def test_rule_files_are_of_every_sort(wanted: str) -> None:
    """Ladders and conditions, rising and falling, with parameters, own facts and several languages."""
    assert wanted in find(rule_files(), lambda text: wanted in text, settings=_FIRST)

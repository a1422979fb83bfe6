"""The consequences of other values of facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.errors import ChangeError
from coopgov.facts import default_catalogue, derive
from coopgov.model import build_agreement, dump_agreement, load_agreement, parse_agreement
from coopgov.rules import parse_rules
from coopgov.simulation.what_if import WhatIf, what_if

PATH = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
PILOT = load_agreement(PATH)
AS_OF = date(2026, 6, 30)


def tried(**changes: Any) -> WhatIf:
    """The pilot in June, with facts exchanged; `phase__core__spent` would be no subject, so names come as a mapping."""
    return what_if(PILOT, None, changes, as_of=AS_OF)


def facts(outcome: WhatIf) -> dict[str, tuple[str, str, str | None]]:
    """Each exchanged fact with its text before and after, and what it follows."""
    return {
        f"{each.subject}.{each.fact}": (each.before.text, each.after.text, each.follows)
        for each in outcome.facts
    }


def test_a_later_forecast_makes_a_phase_late() -> None:
    """Derived facts, warnings and rules about warnings follow; what did not change is counted."""
    outcome = tried(**{"phase/core.forecast_end": "2026-11-30"})
    assert [warning.id for warning in outcome.gained] == [
        "phase-late@phase/core",
        "delays-spreading@agreement",
    ]
    assert [(pair.before.measure, pair.after.measure) != (None, None) for pair in outcome.changed] == [
        True
    ] * 2
    assert [
        (pair.after.id, pair.before.inhibited_by, pair.after.inhibited_by) for pair in outcome.changed
    ] == [
        ("phase-late-days@phase/core", None, "phase-late@phase/core"),
        ("task-overdue@task/core/t2", None, "phase-late@phase/core"),
    ]
    assert (outcome.lost, outcome.unchanged) == ((), 26)
    assert facts(outcome) == {"phase/core.forecast_end": ("2026-10-14", "2026-11-30", None)}


def test_the_change_is_what_the_file_would_have_said() -> None:
    """The assessment after is that of an agreement with the other forecast, but for where facts were read."""
    text = PATH.read_text(encoding="utf-8").replace("end: 2026-10-14", "end: 2026-11-30")
    expected = assess(parse_agreement(text), as_of=AS_OF)
    after = tried(**{"phase/core.forecast_end": "2026-11-30"}).after
    assert [(each.id, each.severity, each.message, each.actions) for each in after.warnings] == [
        (each.id, each.severity, each.message, each.actions) for each in expected.warnings
    ]
    assert after.undetermined == expected.undetermined


def test_an_exchanged_fact_has_no_place_in_the_file() -> None:
    """Evidence names the line a fact was read from; this one was read from none."""
    after = tried(**{"phase/core.forecast_end": "2026-11-30"}).after
    late = next(each for each in after.warnings if each.id == "phase-late@phase/core")
    places = {each.fact: each.at for each in late.evidence}
    assert places["forecast_end"] is None
    assert places["planned_end"] is not None


def test_the_agreement_stays_as_it_is() -> None:
    """Facts are exchanged, not the agreement: it is the same afterwards, and so is its assessment."""
    before = (dump_agreement(PILOT), assess(PILOT, as_of=AS_OF))
    tried(**{"phase/core.spent": "0", "kpi/satisfaction.value": None})
    assert (dump_agreement(PILOT), assess(PILOT, as_of=AS_OF)) == before


def test_no_change_changes_nothing() -> None:
    """Before and after are the same."""
    outcome = tried()
    assert outcome.before == outcome.after
    assert (outcome.facts, outcome.gained, outcome.lost, outcome.changed) == ((), (), (), ())
    assert outcome.unchanged == len(outcome.before.warnings)


def test_unknown_takes_a_value_away() -> None:
    """A rule that can no longer be decided is reported as such: its warning is lost, but not for the better."""
    outcome = tried(**{"phase/core.spent": "unknown"})
    assert [warning.id for warning in outcome.lost] == ["phase-overspent@phase/core"]
    assert [(each.rule, each.missing) for each in outcome.undecided] == [
        ("agreement-overspent", ("phases.spent",)),
        ("phase-overspent", ("spent",)),
    ]
    assert tried(**{"phase/core.spent": None}).after == outcome.after


def test_a_reading_decides_what_was_undetermined() -> None:
    """The entry is gone, and listed as decided."""
    outcome = tried(**{"kpi/acceptance-rate.value": "95"})
    assert [each.rule for each in outcome.decided] == ["kpi-below-floor"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"kpi/satisfaction.value": "95 points"},
            {"kpi/satisfaction.score": ("78 points", "95 points", "value")},
        ),
        ({"member/finance.deputy": "pm"}, {"member/finance.has_deputy": ("no", "yes", "deputy")}),
        ({"member/pm.deputy": "comms"}, {}),
        ({"member/pm.role": "expert"}, {"member/pm.key_role": ("yes", "no", "role")}),
        ({"kpi/satisfaction.direction": "down"}, {"kpi/satisfaction.direction_sign": ("1", "-1", "direction")}),
        ({"task/core/t2.actual_end": "2026-06-29"}, {"task/core/t2.status": ("in progress", "done", "actual_end")}),
        (
            {"phase/rollout.planned_end": "2027-03-31"},
            {
                "phase/rollout.buffer_start": ("2027-06-16", "2027-03-17", "planned_end"),
                "phase/rollout.original_end": ("2027-06-30", "2027-03-31", "planned_end"),
            },
        ),
        (
            {"meeting/review.last_held": "2026-06-29"},
            {"meeting/review.next_due": ("2026-06-01", "2026-07-29", "last_held")},
        ),
        (
            {"kpi/satisfaction.value_on": "2026-05-15"},
            {"kpi/satisfaction.next_reading_due": ("2026-09-25", "2026-08-17", "value_on")},
        ),
        ({"phase/rollout.buffer_start": None}, {"phase/rollout.has_buffer": ("yes", "no", "buffer_start")}),
    ],
)  # fmt: skip
def test_what_a_reader_works_out_of_a_fact_follows(
    change: dict[str, Any], expected: dict[str, tuple[str, str, str]]
) -> None:
    """Base facts that depend on each other stay consistent, and are listed."""
    followed = {name: entry for name, entry in facts(tried(**change)).items() if entry[2] is not None}
    assert followed == expected


def test_stand_ins_follow() -> None:
    """Who is absent, and who is deputy, decides who is notified instead; a changed name of a deputy counts."""
    away = {"member/pm.absent": "true", "member/pm.absent_since": "2026-06-29"}

    def stand_ins(**more: str) -> tuple[list[str], bool]:
        outcome = tried(**away, **more)
        action = next(each for each in outcome.after.warnings[0].actions if each.owner == "project-manager")
        missing = "absent-without-deputy@member/pm" in {each.id for each in outcome.gained}
        assert action.vacant is missing
        return [each.id for each in action.stand_ins], missing

    assert stand_ins() == (["tech"], False)
    assert stand_ins(**{"member/tech.absent": "true"}) == ([], True)
    assert stand_ins(**{"member/tech.absent": "true", "member/pm.deputy": "comms"}) == (["comms"], False)
    assert stand_ins(**{"member/pm.deputy": "unknown"}) == ([], True)


def test_the_next_response_follows_the_last_one() -> None:
    """A response is due a cycle after it was carried out, and without that a cycle after its risk was identified."""
    response = {"id": "s", "title": "S", "every": "1 month", "held": ["2026-03-02"]}
    given = build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            "risks": [{"id": "r", "title": "R", "on": "2026-02-02", "responses": [response]}],
        }
    )
    for day, due in (("2026-06-29", "2026-07-29"), ("unknown", "2026-03-02")):
        outcome = what_if(given, None, {"response/r/s.last_held": day}, as_of=AS_OF)
        assert facts(outcome)["response/r/s.next_due"] == ("2026-04-02", due, "last_held")


def test_roles_and_waivers_follow() -> None:
    """A role that nobody holds any more is vacant, and a waiver that lasts longer sets its warning aside."""
    outcome = tried(**{"member/pm.role": "expert"})
    assert [warning.id for warning in outcome.gained] == ["role-vacant@role/project-manager"]
    plan = next(
        each for each in outcome.after.warnings if each.id == "milestone-missed@milestone/core/first-delivery"
    )
    assert {each.vacant for each in plan.actions if each.owner == "project-manager"} == {True}
    text = PATH.read_text(encoding="utf-8")
    waiver = "\nwaivers: [{rule: phase-late, about: phase/setup, until: 2026-06-01, reason: agreed}]\n"
    agreement = parse_agreement(text + waiver)
    change = {"waiver/phase-late@phase/setup.until": "2026-12-31"}
    longer = what_if(agreement, None, change, as_of=AS_OF)
    (pair,) = (each for each in longer.changed if each.after.id == "phase-late@phase/setup")
    assert pair.before.waived is None
    assert pair.after.waived is not None
    assert [warning.rule for warning in longer.lost] == ["waiver-expired"]


def test_a_fact_that_is_set_itself_does_not_follow() -> None:
    """Both were asked for, in either order."""
    changes = {"kpi/satisfaction.value": "95", "kpi/satisfaction.score": "10 points"}
    for given_ in (changes, dict(reversed(changes.items()))):
        assert facts(tried(**given_))["kpi/satisfaction.score"] == ("78 points", "10 points", None)


def test_an_observation_of_a_later_day_is_not_seen() -> None:
    """It changes nothing on that date, and says so; on its own day it does."""
    change = {"milestone/core/first-delivery.met": "2026-12-31"}
    outcome = tried(**change)
    assert (outcome.facts[0].seen, outcome.before == outcome.after) == (False, True)
    later = what_if(PILOT, None, change, as_of=date(2026, 12, 31))
    assert later.facts[0].seen


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1500000", "1,500,000 CNY"),
        ("1500000 CNY", "1,500,000 CNY"),
        (1_500_000, "1,500,000 CNY"),
        ("0.10", "0.10 CNY"),
    ],
)
def test_money_is_written_as_in_agreements(written: object, value: str) -> None:
    """With or without its currency."""
    assert facts(tried(**{"phase/core.budget": written}))["phase/core.budget"][1] == value


CUSTOM = """\
coopgov: rules/1
pack: own
version: 1.0.0
facts:
  - {name: energy, about: task, type: kWh, means: What it consumes.}
  - {name: weight, about: task, type: 件, means: How many.}
rules:
  - id: hungry
    about: task
    kind: overspend
    when: energy above 1 MWh or weight above 3 件
    severity: minor
    message: "{task.name} needs {energy}."
"""


@pytest.mark.parametrize("written", ["1200", "1200 kWh", "1.2 MWh", "1.2MWh", 1200])
def test_units_convert_to_that_of_the_fact(written: object) -> None:
    """A bare number is in the unit of the fact."""
    outcome = what_if(PILOT, parse_rules(CUSTOM), {"task/core/t1.energy": written}, as_of=AS_OF)
    assert [warning.message for warning in outcome.gained] == ["Data model needs 1,200 kWh."]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("phase/cor.spent", "1", ('unknown-subject: found "phase/cor", expected a subject of the agreement, such as '
            'phase/core; did you mean "phase/core"?')),
        ("spent", "1", 'unknown-subject: found "", expected a subject of the agreement, such as phase/core'),
        ("phase/core.spend", "1", 'unknown-fact: found "spend", expected a fact about phase; did you mean "spent"?'),
        ("phase/core.warnings of lower layers", "1",
         'unknown-fact: found "warnings of lower layers", expected a fact about phase'),
        ("phase/core.delay", "3 days",
         ('derived-fact: found "delay", which has a formula, expected a fact that is read from the '
            'agreement; it is computed from actual_end, as_of, forecast_end, planned_end')),
        ("agreement.total_budget", "3",
         ('derived-fact: found "total_budget", which has a formula, expected a fact that is read '
            'from the agreement; it is computed from phases.budget')),
        ("phase/core.tasks", "t1",
         ('collection-fact: found "tasks", a collection of subjects of type task, expected a fact '
            'with one value; change facts of one task')),
        ("agreement.warnings", "x",
         ('collection-fact: found "warnings", a collection of subjects of type warning, expected a '
            'fact with one value')),
        ("phase/core.planned_end", "30.11.2026",
         'not-a-date: found "30.11.2026", expected a date of the calendar as YYYY-MM-DD; write 2026-11-30'),
        ("phase/core.spent", "ten", 'not-an-amount: found "ten", expected an amount such as 300000 or 100 USD'),
        ("phase/core.spent", "1.234", 'too-fine-money: found "1.234", expected no more decimals than CNY has'),
        ("phase/core.spent", "5 USD", 'missing-rate: found "5 USD", expected a rate of USD on or before 2026-06-30'),
        ("kpi/satisfaction.value", "90 %", 'unit-mismatch: found "90 %", expected a number of points'),
        ("kpi/satisfaction.score", "3 days", 'unit-mismatch: found "3 days", expected a number of points'),
        ("kpi/satisfaction.direction", "upp",
         'unknown-choice: found "upp", expected one of "up", "down"; did you mean "up"?'),
        ("task/core/t2.progress", "0.4",
         'not-a-share: found "0.4", expected a share such as 50 %; write 40 % or 0.4 %'),
        ("member/pm.has_deputy", "yes", 'not-a-truth-value: found "yes", expected true or false'),
        ("risk/double-booking.impact", "many", 'not-a-number: found "many", expected a number such as 12 or -0.5'),
        ("phase/core.forecast_end", [], "not-a-date: found a list, expected a date of the calendar as YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_reported(name: str, value: object, shown: str) -> None:
    """What was found, what was expected, and a hint."""
    with pytest.raises(ChangeError) as caught:
        tried(**{name: value})
    assert str(caught.value) == f"{name}: {shown}"


def test_all_faults_are_reported_at_once() -> None:
    """And nothing is changed."""
    with pytest.raises(ChangeError) as caught:
        tried(**{"phase/core.spent": "x", "phase/core.delay": "1", "kpi/x.value": "3"})
    assert [fault.code for fault in caught.value.faults] == [
        "unknown-subject",
        "derived-fact",
        "not-an-amount",
    ]


def test_an_amount_in_another_currency_is_converted_on_the_date() -> None:
    """By the newest rate not after it."""
    mapping = {
        "coopgov": "agreement/1",
        "id": "x",
        "title": "X",
        "currency": "CNY",
        "term": {"start": "2026-01-01", "end": "2026-12-31"},
        "parties": [{"id": "a"}],
        "phases": [{"id": "p", "planned": {"start": "2026-01-01", "end": "2026-12-31"}}],
        "rates": [
            {"currency": "USD", "on": "2026-01-01", "rate": 7},
            {"currency": "USD", "on": "2026-06-01", "rate": 8},
        ],
    }
    outcome = what_if(build_agreement(mapping), None, {"phase/p.budget": "10 USD"}, as_of=AS_OF)
    assert facts(outcome)["phase/p.budget"] == ("not set", "80 CNY", None)


BASE = [
    (subject.id, fact.name)
    for subject in derive(PILOT, AS_OF)
    for fact in default_catalogue().about(subject.about)
    if default_catalogue().definition(subject.about, fact.name) is None
    and fact.type is not None
    and fact.type.kind != "collection"
]


@given(name=st.sampled_from(BASE))
@settings(max_examples=60, deadline=None)
def test_any_fact_can_be_taken_away(name: tuple[str, str]) -> None:
    """Whatever is absent, an assessment still comes out."""
    outcome = tried(**{".".join(name): None})
    assert outcome.facts[0].after.value is None
    assert len(outcome.after.warnings) == outcome.unchanged + len(outcome.gained) + len(outcome.changed)


def test_json_has_both_assessments() -> None:
    """And what lies between them."""
    shown = tried(**{"phase/core.forecast_end": "2026-11-30"}).to_dict()
    assert shown["facts"] == [
        {
            "subject": "phase/core",
            "fact": "forecast_end",
            "before": {"value": "2026-10-14", "unit": "", "text": "2026-10-14"},
            "after": {"value": "2026-11-30", "unit": "", "text": "2026-11-30"},
            "follows": None,
            "seen": True,
        }
    ]
    assert [each["id"] for each in shown["gained"]] == ["phase-late@phase/core", "delays-spreading@agreement"]
    assert shown["before"]["as_of"] == shown["after"]["as_of"] == "2026-06-30"
    assert shown["changed"][0]["before"]["measure"]["text"] == "14 days"


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        ("risk/double-booking.impact", "9", "a whole number from 1 to 5"),
        ("risk/double-booking.impact", "2.5", "a whole number from 1 to 5"),
        ("task/core/t2.progress", "150 %", "a value from 0 % to 100 %"),
        ("phase/core.budget", "-1", "a value of at least 0"),
    ],
)
def test_a_number_that_a_fact_can_never_be_is_refused(fact: str, value: str, expected: str) -> None:
    """What the agreement's own format refuses is not tried out."""
    with pytest.raises(ChangeError) as caught:
        tried(**{fact: value})
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("out-of-range", f'"{value}"', expected)

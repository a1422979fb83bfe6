"""Base facts come from the model as of a date, and derived facts follow from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopgov.errors import UnknownNameError
from coopgov.facts import Facts, default_catalogue, derive
from coopgov.model import build_agreement, load_agreement

EXAMPLES = Path(__file__).parents[2] / "examples"
WINDOW = {"start": "2026-01-05", "end": "2026-03-31"}
NOW = date(2026, 2, 15)


def facts(as_of: date = NOW, **fields: Any) -> Facts:
    """The facts of an agreement with these fields."""
    mapping = {
        "coopgov": "agreement/1",
        "id": "a",
        "title": {"en": "A", "zh-Hans": "甲"},
        "currency": "CNY",
        "term": {"start": "2026-01-05", "end": "2026-12-31"},
        "parties": [{"id": "p"}, {"id": "q"}],
        **fields,
    }
    return derive(build_agreement(mapping), as_of)


def phase(as_of: date = NOW, **fields: Any) -> Facts:
    """The facts of an agreement with one phase."""
    rates = [
        {"currency": "USD", "on": "2026-01-01", "rate": "7.1"},
        {"currency": "USD", "on": "2026-02-01", "rate": 8},
    ]
    return facts(as_of, phases=[{"id": "x", "planned": WINDOW, **fields}], rates=rates)


def task(as_of: date = NOW, **fields: Any) -> Facts:
    """The facts of an agreement with one task."""
    return phase(as_of, tasks=[{"id": "t", "planned": WINDOW, **fields}])


def kpi(as_of: date = NOW, **fields: Any) -> Facts:
    """The facts of an agreement with one KPI."""
    return facts(as_of, kpis=[{"id": "k", **fields}])


def values(known: Facts, subject: str, *names: str) -> list[Any]:
    """Several facts of a subject."""
    return [known.value(subject, name) for name in names]


def test_the_agreement_knows_its_term_and_its_parts() -> None:
    """Term, leadership and answered kinds are facts, and every sort of part is a collection."""
    known = derive(load_agreement(EXAMPLES / "full" / "agreement.yaml"), date(2026, 7, 15))
    names = ("id", "name", "start", "end", "leadership", "answered_kinds", "window", "elapsed")
    assert values(known, "agreement", *names) == [
        "electric-buses",
        "Electric buses for two lines",
        date(2026, 1, 5),
        date(2027, 12, 31),
        "rotating",
        ("delay",),
        725,
        191,
    ]
    counts = {
        name: len(known.value("agreement", name))
        for name in ("parties", "members", "bodies", "meetings", "goals", "kpis", "phases")
    }
    assert counts == {
        "parties": 3,
        "members": 4,
        "bodies": 2,
        "meetings": 2,
        "goals": 1,
        "kpis": 2,
        "phases": 2,
    }
    inner = ("milestones", "deliverables", "tasks", "risks", "plans")
    assert [len(known.value("agreement", name)) for name in inner] == [2, 1, 3, 1, 1]


def test_every_base_fact_of_the_catalogue_is_put_on_its_subjects() -> None:
    """No fact is promised that the derivation forgets; what is custom or about warnings comes from elsewhere."""
    known = derive(load_agreement(EXAMPLES / "full" / "agreement.yaml"), date(2026, 7, 15))
    for subject in known:
        facts = default_catalogue().about(subject.about)
        promised = {fact.name for fact in facts if fact.type is not None and not fact.of}
        later = {name for name in promised if name.startswith("warnings")}
        assert promised - later <= set(subject.record), subject.id


def test_every_fact_of_the_full_example_can_be_evaluated() -> None:
    """Derived facts of all subjects have a value or none, and never fail."""
    known = derive(load_agreement(EXAMPLES / "full" / "agreement.yaml"), date(2026, 7, 15))
    for subject in known:
        for name in known.catalogue.names(subject.about):
            known.value(subject.id, name)


def test_planned_and_original_windows() -> None:
    """The original baseline is the current one where it never changed, each end for itself."""
    names = ("planned_start", "planned_end", "original_start", "original_end", "replanned")
    start, end, first = date(2026, 1, 5), date(2026, 3, 31), date(2026, 3, 1)
    assert values(phase(), "phase/x", *names) == [start, end, start, end, 0]
    assert values(phase(original={"end": first}), "phase/x", *names) == [start, end, start, first, 30]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 1, 5), [None, None, None]),
        (date(2026, 1, 6), [date(2026, 1, 6), None, None]),
        (date(2026, 1, 31), [date(2026, 1, 6), None, date(2026, 4, 9)]),
        (date(2026, 4, 20), [date(2026, 1, 6), date(2026, 4, 20), date(2026, 4, 30)]),
    ],
)
def test_actual_dates_and_forecasts_are_seen_from_their_day_on(as_of: date, expected: list[Any]) -> None:
    """Work has begun on the day it began; the newest forecast not after the date counts, in whatever order."""
    forecast = [{"end": "2026-04-30", "on": "2026-02-28"}, {"end": "2026-04-09", "on": "2026-01-31"}]
    known = phase(as_of, actual={"start": "2026-01-06", "end": "2026-04-20"}, forecast=forecast)
    assert values(known, "phase/x", "actual_start", "actual_end", "forecast_end") == expected
    assert known.undated == ()


def test_a_forecast_may_have_the_cost_alone() -> None:
    """The newest forecast hides older ones, also in what it does not say."""
    forecast = [{"end": "2026-04-30", "on": "2026-01-31"}, {"cost": "12.5", "on": "2026-02-01"}]
    assert values(phase(forecast=forecast), "phase/x", "forecast_end", "forecast_cost") == [None, 1250]


def test_undated_values_hold_until_a_dated_one_does() -> None:
    """What carries no date is listed under `undated` while it is what holds."""
    budget = [{"amount": 9}, {"amount": 7, "on": "2026-02-01"}]
    before, after = phase(date(2026, 1, 31), budget=budget), phase(date(2026, 2, 1), budget=budget)
    assert [before.value("phase/x", "budget"), after.value("phase/x", "budget")] == [900, 700]
    assert [before.undated, after.undated] == [("phase/x.budget",), ()]


def test_a_budget_dated_later_is_not_set() -> None:
    """A budget from a later day on is none yet."""
    known = phase(budget={"amount": 9, "on": "2026-03-01"})
    assert values(known, "phase/x", "budget", "original_budget", "overspend") == [None, None, None]


def test_the_original_budget_is_the_one_agreed_first() -> None:
    """It is what `original` says, else the earliest entry, an undated one before all."""
    budget = [{"amount": 9, "on": "2026-02-01"}, {"amount": 7, "on": "2026-01-05"}]
    assert phase(budget=budget).value("phase/x", "original_budget") == 700
    assert phase(budget=[*budget, 5]).value("phase/x", "original_budget") == 500
    assert phase(budget=budget, original={"budget": 3}).value("phase/x", "original_budget") == 300


def test_spending_is_summed_to_the_minor_unit() -> None:
    """Refunds count against it, other currencies by the rate of the day, later entries not at all."""
    spending = [
        {"on": "2026-01-31", "amount": "0.10"},
        {"on": "2026-02-10", "amount": "0.20"},
        {"on": "2026-01-31", "amount": "1 USD"},
        {"on": "2026-02-10", "amount": "1 USD"},
        {"on": "2026-02-11", "amount": "-0.30"},
        {"on": "2026-02-16", "amount": 1000},
    ]
    assert phase(spending=spending).value("phase/x", "spent") == 1510


@pytest.mark.parametrize(
    ("as_of", "actual", "expected"),
    [
        (date(2026, 1, 4), {}, 0),
        (date(2026, 1, 5), {}, None),
        (date(2026, 1, 4), {"start": "2026-01-03"}, None),
        (date(2026, 1, 4), {"start": "2026-01-06"}, 0),
    ],
)
def test_no_spending_is_nothing_before_the_start_and_unknown_after(
    as_of: date, actual: dict[str, str], expected: int | None
) -> None:
    """A phase that runs, or should, and has no record of spending is not one that spent nothing."""
    known = phase(as_of, actual=actual, spending=[{"on": "2026-06-01", "amount": 1}])
    assert known.value("phase/x", "spent") == expected


def test_a_refund_alone_is_negative_spending() -> None:
    """What came back is below nothing."""
    assert phase(spending=[{"on": "2026-02-01", "amount": -5}]).value("phase/x", "spent") == -500


@pytest.mark.parametrize(
    ("buffer", "start", "length"),
    [
        ("10 days", date(2026, 3, 21), 10),
        ("1 week", date(2026, 3, 24), 7),
        ("10 working days", date(2026, 3, 16), 15),
        (None, None, None),
    ],
)
def test_a_buffer_is_the_date_before_the_planned_end(
    buffer: str | None, start: date | None, length: int | None
) -> None:
    """Days are calendar days; working days pass over weekends and holidays."""
    known = facts(
        calendar={"holidays": ["2026-03-30"]}, phases=[{"id": "x", "planned": WINDOW, "buffer": buffer}]
    )
    assert values(known, "phase/x", "buffer_start", "buffer_length") == [start, length]


def test_a_window_is_at_least_a_day() -> None:
    """A phase of one day is late by its whole window after one day."""
    one_day = {"start": "2026-02-14", "end": "2026-02-14"}
    known = facts(phases=[{"id": "x", "planned": one_day}])
    assert values(known, "phase/x", "window", "delay", "elapsed") == [1, 1, 1]


def test_phases_know_their_place_and_owner() -> None:
    """The first phase has position 1."""
    known = facts(phases=[{"id": "x", "planned": WINDOW, "owner": "p"}, {"id": "y", "planned": WINDOW}])
    assert [values(known, f"phase/{name}", "position", "has_owner") for name in "xy"] == [
        [1, True],
        [2, False],
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "not started"),
        ({"status": "in progress"}, "in progress"),
        ({"status": "done"}, "done"),
        ({"status": {"is": "done", "on": "2026-02-16"}}, "not started"),
        ({"status": "not started", "actual": {"start": "2026-02-15"}}, "in progress"),
        ({"status": "not started", "actual": {"start": "2026-02-16"}}, "not started"),
        ({"status": "done", "actual": {"start": "2026-02-01"}}, "done"),
        ({"status": {"is": "done", "on": "2026-02-10"}, "actual": {"start": "2026-02-01"}}, "done"),
        ({"status": "in progress", "actual": {"end": "2026-02-15"}}, "done"),
        ({"status": "done", "actual": {"start": "2026-02-01", "end": "2026-02-16"}}, "done"),
        ({"progress": "100 %"}, "done"),
        ({"progress": "99.9 %"}, "not started"),
        ({"progress": "100 %", "actual": {"start": "2026-02-01"}}, "done"),
        ({"progress": {"is": "100 %", "on": "2026-02-16"}}, "not started"),
        ({"progress": "100 %", "status": "in progress"}, "in progress"),
        ({"progress": "100 %", "status": {"is": "in progress", "on": "2026-02-16"}}, "done"),
    ],
)
def test_a_status_yields_to_visible_dates(fields: dict[str, Any], status: str) -> None:
    """Visible dates outweigh a status, a status outweighs progress; without a day of its own it holds on every date."""
    known = task(**fields)
    assert known.value("task/x/t", "status") == status
    assert known.value("task/x/t", "done") is (status == "done")


def test_facts_of_tasks() -> None:
    """Progress, load, owner and forecast are read as they were on the date."""
    progress = [{"is": "40 %", "on": "2026-02-01"}, {"is": "75 %", "on": "2026-02-15"}]
    known = task(progress=progress, load="12.5 %", owner="p", forecast={"end": "2026-04-02"})
    names = ("progress", "load", "owner", "forecast_end", "delay", "overdue", "running")
    assert values(known, "task/x/t", *names) == [0.75, 0.125, "p", date(2026, 4, 2), 2, 0, True]
    assert known.undated == ("task/x/t.forecast",)


def test_predecessors_are_found_across_phases() -> None:
    """A bare name is of the same phase, `phase/task` of another."""
    window = {"planned": WINDOW}
    phases = [
        {"id": "x", **window, "tasks": [{"id": "a", **window}, {"id": "b", **window, "after": ["a"]}]},
        {"id": "y", **window, "tasks": [{"id": "a", **window}, {"id": "c", **window, "after": ["x/b", "a"]}]},
    ]
    known = facts(phases=phases)
    before = [each["phase"]["id"] + each["id"] for each in known.value("task/y/c", "predecessors")]
    assert before == ["xb", "ya"]
    assert [each["phase"]["id"] for each in known.value("task/x/b", "predecessors")] == ["x"]


def test_tasks_belong_to_members_by_id_and_by_role() -> None:
    """Two members of one role share its tasks; a task of nobody is nobody's."""
    owners = ("m", "tester", "p", None)
    tasks = [
        {"id": f"t{n}", "planned": WINDOW, "owner": owner, "load": "30 %"} for n, owner in enumerate(owners)
    ]
    members = [{"id": "m", "role": "tester"}, {"id": "n", "role": "tester"}, {"id": "o"}]
    known = facts(team={"members": members}, phases=[{"id": "x", "planned": WINDOW, "tasks": tasks}])
    mine = {name: [each["id"] for each in known.value(f"member/{name}", "tasks")] for name in "mno"}
    assert mine == {"m": ["t0", "t1"], "n": ["t1"], "o": []}
    assert [known.value(f"member/{name}", "booked") for name in "mno"] == [0.6, 0.3, 0]


def test_facts_of_members_bodies_and_parties() -> None:
    """Key roles are those of the team; bodies and parties know their members."""
    members = [{"id": "m", "role": "safety", "party": "p", "deputy": "n", "load": "80 %"}, {"id": "n"}]
    known = facts(
        team={"key_roles": ["safety"], "members": members, "bodies": [{"id": "b", "members": ["n", "m"]}]}
    )
    names = ("role", "key_role", "party", "deputy", "has_deputy", "load")
    assert values(known, "member/m", *names) == ["safety", True, "p", "n", True, 0.8]
    assert values(known, "member/n", *names) == [None, False, None, None, False, None]
    assert [each["id"] for each in known.value("body/b", "members")] == ["n", "m"]
    assert [[each["id"] for each in known.value(f"party/{name}", "members")] for name in "pq"] == [["m"], []]


@pytest.mark.parametrize(
    ("every", "held", "expected"),
    [
        ("1 month", ["2026-01-31", "2026-03-01"], [date(2026, 1, 31), 1, date(2026, 3, 2)]),
        ("2 weeks", ["2026-01-31", "2026-02-15", "2026-02-15"], [date(2026, 2, 15), 2, date(2026, 3, 2)]),
        ("3 working days", [], [None, 0, date(2026, 1, 8)]),
        ("3 months", ["2025-06-30"], [date(2025, 6, 30), 1, date(2026, 4, 6)]),
        ("24 months", [], [None, 0, date(2026, 12, 31)]),
        ("24 months", ["2026-02-01"], [date(2026, 2, 1), 1, None]),
        (None, ["2026-01-31"], [date(2026, 1, 31), 1, None]),
    ],
)
def test_meetings_are_due_a_cycle_after_the_last_one(
    every: str | None, held: list[str], expected: list[Any]
) -> None:
    """The cycle begins with the last session or the term, and no session is due after the term but the first."""
    meeting = {"id": "m", "every": every, "held": held, "length": "90 minutes"}
    names = ("last_held", "times_held", "next_due")
    assert values(facts(meetings=[meeting]), "meeting/m", *names) == expected
    assert facts(meetings=[meeting]).value("meeting/m", "length") == 1.5
    body = {"id": "b", "every": every, "held": held}
    assert values(facts(team={"bodies": [body]}), "body/b", *names) == expected


def test_a_body_meets_where_a_meeting_of_it_is_held() -> None:
    """Sessions recorded with the meeting count for the body."""
    meetings = [{"id": "m", "body": "b", "held": ["2026-02-01"]}, {"id": "n", "held": ["2026-02-09"]}]
    known = facts(team={"bodies": [{"id": "b", "held": ["2026-01-10"]}]}, meetings=meetings)
    assert values(known, "body/b", "last_held", "times_held") == [date(2026, 2, 1), 2]


def test_facts_of_goals() -> None:
    """Signatures count from their day on; what makes a goal SMART is a fact each."""
    signed = {"p": "2026-02-15", "q": "2026-02-16"}
    rich = {
        "due": "2026-02-10",
        "owner": "p",
        "achievable": "A",
        "relevant": "R",
        "agreed_by": signed,
        "kpis": ["k"],
    }
    goals = [{"id": "g", "statement": "G", **rich}, {"id": "h", "statement": "H"}]
    known = facts(goals=goals, kpis=[{"id": "k", "target": {"value": 1}}])
    names = (
        "missing_signatures",
        "due",
        "has_due",
        "has_owner",
        "has_reason",
        "has_relevance",
        "measurable",
        "overdue",
    )
    assert values(known, "goal/g", *names) == [1, date(2026, 2, 10), True, True, True, True, True, 5]
    assert values(known, "goal/h", *names) == [2, None, False, False, False, False, False, None]


def test_the_newest_readings_count() -> None:
    """The file may list readings in any order; what is read later is not seen."""
    readings = [
        {"on": "2026-02-10", "value": 7},
        {"on": "2026-01-10", "value": "4.5"},
        {"on": "2026-03-01", "value": 9},
    ]
    known = kpi(readings=readings, direction="down", unit="件", category="c", source="s", owner="p")
    names = ("value", "value_on", "previous_value", "readings", "trend", "direction_sign", "unit", "category")
    assert values(known, "kpi/k", *names) == [7, date(2026, 2, 10), 4.5, 2, -2.5, -1, "件", "c"]
    assert values(known, "kpi/k", "has_source", "has_owner") == [True, True]
    assert values(kpi(), "kpi/k", "value", "value_on", "previous_value", "readings", "unit") == [None] * 3 + [
        0,
        "",
    ]


def test_baseline_and_target_take_their_days_from_the_term() -> None:
    """Without days of their own the line runs over the whole term."""
    known = kpi(baseline={"value": 1}, target={"value": 2}, floor="0.5")
    names = ("baseline", "baseline_on", "target", "target_by", "floor")
    assert values(known, "kpi/k", *names) == [1, date(2026, 1, 5), 2, date(2026, 12, 31), 0.5]
    names = ("baseline", "baseline_on", "target", "floor", "attainment")
    assert values(kpi(), "kpi/k", *names) == [None, date(2026, 1, 5), None, None, None]


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        ({"unit": "points"}, 4),
        ({"unit": "%"}, 4),
        ({"unit": "件"}, None),
        ({}, None),
        ({"scale": {"from": 1, "to": 5}}, 75),
        ({"scale": {"from": 1, "to": 4}, "unit": "件"}, 100),
        ({"scale": {"from": 4, "to": 8}}, 0),
    ],
)
def test_a_score_is_the_value_on_0_to_100(fields: dict[str, Any], score: float | None) -> None:
    """A scale makes values comparable; without one, points and per cent are."""
    assert kpi(readings=[{"on": "2026-02-01", "value": 4}], **fields).value("kpi/k", "score") == score


@pytest.mark.parametrize(
    ("direction", "baseline", "value", "improvement"),
    [
        ("up", 80, 100, 0.25),
        ("up", 80, 60, -0.25),
        ("down", 80, 60, 0.25),
        ("up", -100, -50, 0.5),
        ("down", -100, -50, -0.5),
        ("up", 0, 5, None),
    ],
)
def test_improvement_has_the_sign_of_what_is_better(
    direction: str, baseline: int, value: int, improvement: float | None
) -> None:
    """Less delivery time and a smaller loss are improvements; from nothing there is no share."""
    known = kpi(
        direction=direction, baseline={"value": baseline}, readings=[{"on": "2026-02-01", "value": value}]
    )
    assert known.value("kpi/k", "improvement") == improvement


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"every": "1 month"}, date(2026, 2, 5)),
        ({"every": "1 month", "baseline": {"value": 1, "on": "2019-12-31"}}, date(2026, 2, 5)),
        ({"every": "1 month", "baseline": {"value": 1, "on": "2026-01-20"}}, date(2026, 2, 20)),
        ({"every": "1 month", "readings": [{"on": "2026-02-10", "value": 1}]}, date(2026, 3, 10)),
        ({"every": "12 months"}, date(2026, 12, 31)),
        ({"every": "12 months", "readings": [{"on": "2026-02-10", "value": 1}]}, None),
        ({}, None),
    ],
)
def test_readings_are_due_a_cycle_after_the_last_one(fields: dict[str, Any], due: date | None) -> None:
    """A baseline from before the term starts no cycle, and after the term nothing is due but what never was read."""
    assert kpi(**fields).value("kpi/k", "next_reading_due") == due


def test_facts_of_risks() -> None:
    """A risk is open unless it says otherwise, and exists from the day it was found."""
    dated = [{"is": "closed", "on": "2026-02-16"}, {"is": "occurred", "on": "2026-02-15"}]
    fields = {"title": "R", "probability": "50 %", "impact": 4, "review_by": "2026-02-10"}
    risks = [
        {"id": "r", **fields, "status": dated, "owner": "p", "category": "external"},
        {"id": "s", "title": "S"},
        {"id": "later", "title": "L", "on": "2026-02-16"},
    ]
    known = facts(risks=risks)
    names = ("status", "exposure", "review_overdue", "has_owner", "responses", "category")
    assert values(known, "risk/r", *names) == ["occurred", 2, 5, True, 0, "external"]
    assert values(known, "risk/s", *names) == ["open", None, None, False, 0, None]
    assert [subject.id for subject in known.subjects["risk"]] == ["risk/r", "risk/s"]
    assert known.undated == ("risk/r.probability", "risk/r.impact")


def test_what_a_found_risk_says_holds_from_the_day_it_was_found() -> None:
    """Its values need no dates of their own then."""
    known = facts(risks=[{"id": "r", "title": "R", "on": "2026-02-01", "probability": "50 %"}])
    assert known.undated == ()


def test_of_several_waivers_the_longest_is_the_subject() -> None:
    """A waiver that was renewed is one waiver."""
    until = ("2026-02-01", "2026-05-01", "2026-03-01")
    waivers = [{"rule": "r", "about": "agreement", "until": day, "reason": "R"} for day in until]
    known = facts(waivers=waivers)
    assert [subject.id for subject in known.subjects["waiver"]] == ["waiver/r@agreement"]
    assert values(known, "waiver/r@agreement", "until", "expired", "rule") == [date(2026, 5, 1), 0, "r"]


def test_names_that_do_not_exist_are_refused() -> None:
    """The error proposes the nearest name."""
    known = phase()
    with pytest.raises(UnknownNameError, match=r'no subject "phase/y"; did you mean "phase/x"\?'):
        known.value("phase/y", "delay")
    with pytest.raises(UnknownNameError, match=r'no fact "dely"; did you mean "delay"\?'):
        known.value("phase/x", "dely")


def test_dates_at_the_ends_of_the_calendar_do_not_overflow() -> None:
    """Buffers that reach beyond the years 1 to 9999 end with them; a cycle that does ends after the term."""
    mapping = {
        "term": {"start": "0001-01-01", "end": "9999-12-31"},
        "phases": [
            {"id": "x", "planned": {"start": "0001-01-01", "end": "0001-01-02"}, "buffer": "99 working days"}
        ],
        "meetings": [
            {"id": "m", "every": "9 months", "held": ["9999-12-30"]},
            {"id": "n", "every": "120000 months"},
        ],
        "kpis": [{"id": "k", "every": "9 days", "readings": [{"on": "9999-12-31", "value": 1}]}],
    }
    known = facts(date.max, **mapping)
    assert known.value("phase/x", "buffer_start") == date.min
    assert known.value("meeting/m", "next_due") is None
    assert known.value("meeting/n", "next_due") == date.max
    assert known.value("kpi/k", "next_reading_due") is None

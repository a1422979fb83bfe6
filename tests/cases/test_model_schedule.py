"""What is done, met and spent: dates outweigh statuses, and what is known is never undetermined."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import (
    assess,
    build_agreement,
    derive,
    load_agreement,
    load_rules,
    parse_rules,
    portfolio,
    what_if,
)
from coopgov.model import calendar_of
from optional import DURABLE
from small import least

if TYPE_CHECKING:
    from coopgov import Agreement
    from coopgov.assessment.result import Assessment

HERE = Path(__file__).parent
NOW = date(2026, 4, 10)
BASE = least("a", "b")
PLANNED = {"start": "2026-01-05", "end": "2026-01-30"}
MONEY = {"phase-overspent", "spending-without-budget", "phase-forecast-overspent", "agreement-overspent"}
LATE = """coopgov: rules/1
pack: t
version: 1.0.0
rules:
  - {id: done, about: task, kind: delay, when: done, severity: notice, message: m}
  - {id: late, about: task, kind: delay, where: done, measure: delay, bands: {minor: above 0 days}, message: "{measure}"}
"""  # noqa: E501  # a file as people write it


def phase(**fields: Any) -> Agreement:
    """An agreement with one phase, which runs all year and has a buffer."""
    window = {"start": "2026-01-05", "end": "2026-12-31"}
    one = {"id": "p", "planned": window, "actual": {"start": "2026-01-05"}, "buffer": "10 days", **fields}
    return build_agreement({**BASE, "phases": [deepcopy(one)]})


def shown(assessment: Assessment) -> list[tuple[str, str]]:
    """The warnings except those about roles and plans, and the undetermined rules."""
    aside = ("role", "agreement")
    warned = [(each.id, each.severity) for each in assessment.warnings if not each.about.startswith(aside)]
    return [*warned, *((f"{each.rule}@{each.about}", "undetermined") for each in assessment.undetermined)]


# Budgets of 0 ---------------------------------------------------------------------------------------------------------


def test_spending_without_a_budget_is_a_warning_of_its_own() -> None:
    """100 spent on 0 is major, 0 spent on 0 is fine; nothing about money is undetermined."""
    assessment = assess(load_agreement(HERE / "12-budget-zero" / "agreement.yaml"), as_of=NOW)
    assert [one for one in shown(assessment) if one[0].partition("@")[0] in MONEY] == [
        ("spending-without-budget@phase/p", "major")
    ]
    assert assessment.undetermined == ()


_AMOUNTS = st.sampled_from([0, "0", "0.00", 1, "0.01", 10**6])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(_AMOUNTS, st.lists(_AMOUNTS, min_size=1, max_size=2), _AMOUNTS | st.none()), max_size=3
    )
)
def test_money_that_is_known_is_never_undetermined(given_: list[tuple[Any, list[Any], Any]]) -> None:
    """Whatever the budgets, spending and forecasts; and on a budget of 0 any spending warns."""
    phases = [
        {
            "id": f"p{number}",
            "planned": PLANNED,
            "budget": budget,
            "spending": [{"on": "2026-02-01", "amount": amount} for amount in spent],
            **({} if forecast is None else {"forecast": {"cost": forecast}}),
        }
        for number, (budget, spent, forecast) in enumerate(given_)
    ]
    assessment = assess(build_agreement({**BASE, "phases": phases}), as_of=NOW)
    assert [each for each in assessment.undetermined if each.rule in MONEY] == []
    free = {
        f"phase/p{number}"
        for number, (budget, spent, _) in enumerate(given_)
        if float(budget) == 0 and sum(map(float, spent)) > 0
    }
    assert {each.about for each in assessment.warnings if each.rule == "spending-without-budget"} == free


@pytest.mark.parametrize("backend", ["direct", "interpreter", DURABLE])
def test_records_of_hosts_are_judged_alike(backend: str) -> None:
    """A flat record with a budget of 0, on every backend."""
    check = load_rules().checker("phase", backend=backend)
    hits, unsure = check({"budget": 0, "spent": 100}, as_of=NOW)
    assert [hit[0] for hit in hits if hit[0] in MONEY] == ["spending-without-budget"]
    assert [entry for entry in unsure if entry[0] in MONEY] == []
    hits, unsure = check({"budget": 0, "spent": 0, "forecast_cost": 7}, as_of=NOW)
    assert [entry for entry in (*hits, *unsure) if entry[0] in MONEY] == []


# Tasks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["agreement.yaml", "agreement2.yaml"])
def test_done_tasks_are_neither_overdue_nor_late(name: str) -> None:
    """By their status, or by all of the work."""
    agreement = load_agreement(HERE / "13-done-tasks" / name)
    assert shown(assess(agreement, as_of=NOW)) == []
    known = derive(agreement, NOW)
    assert [known.value(f"task/p/{task}", "done") for task in ("t1", "t2", "t3")] == [True, True, False]


def test_done_by_the_planned_end_is_not_late() -> None:
    """Both tasks were said to be done before it."""
    own = load_rules(HERE / "13-done-tasks" / "rules.yaml")
    assert shown(assess(load_agreement(HERE / "13-done-tasks" / "agreement2.yaml"), own, as_of=NOW)) == []


@pytest.mark.parametrize(
    ("fields", "delay"),
    [
        ({"status": {"is": "done", "on": "2026-01-30"}}, 0),
        ({"status": {"is": "done", "on": "2026-01-31"}}, None),
        ({"status": "done"}, None),
        ({"progress": {"is": "100 %", "on": "2026-01-30"}}, 0),
        ({"progress": {"is": "100 %", "on": "2026-01-31"}}, None),
        ({"progress": "100 %"}, None),
        ({"status": "done", "progress": {"is": "100 %", "on": "2026-01-28"}}, 0),
        ({"status": {"is": "done", "on": "2026-03-01"}, "progress": {"is": "100 %", "on": "2026-01-28"}}, 0),
        (
            {"status": {"is": "done", "on": "2026-03-01"}, "progress": {"is": "90 %", "on": "2026-01-28"}},
            None,
        ),
        ({"status": [{"is": "in progress"}, {"is": "done", "on": "2026-01-20"}]}, 0),
        ({"status": "done", "forecast": "2026-09-01"}, None),
        ({"status": "done", "actual": {"start": "2026-01-05"}}, None),
        ({"status": "done", "actual": {"start": "2026-01-05", "end": "2026-02-02"}}, 3),
        ({"status": "in progress", "actual": {"end": "2026-02-02"}}, 3),
        ({"status": "in progress"}, 70),
        ({"status": {"is": "done", "on": "2026-04-11"}}, 70),
        ({"progress": {"is": "100 %", "on": "2026-04-11"}}, 70),
    ],
)
@pytest.mark.parametrize("backend", ["direct", "interpreter"])
def test_the_delay_of_a_task_is_what_is_known(
    backend: str, fields: dict[str, Any], delay: int | None
) -> None:
    """An end is exact; a status of done by the planned end is on time; later, or without a day, it is undetermined."""
    agreement = phase(tasks=[{"id": "t", "planned": PLANNED, **fields}])
    assert derive(agreement, NOW).value("task/p/t", "delay") == delay
    found = assess(agreement, parse_rules(LATE.replace("where: done, ", "")), as_of=NOW, backend=backend)
    warned = [one.measure.value for one in found.warnings if one.rule == "late" and one.measure]
    assert warned == [delay] * bool(delay)
    assert [one.rule for one in found.undetermined] == ["late"] * (delay is None)


@pytest.mark.parametrize("backend", ["direct", "interpreter", DURABLE])
@pytest.mark.parametrize(
    ("record", "done"),
    [
        ({"status": "in progress", "actual_end": date(2026, 3, 1)}, True),
        ({"status": "not started", "actual_end": date(2026, 3, 1)}, True),
        ({"actual_end": date(2026, 3, 1)}, True),
        ({"actual_end": date(2026, 3, 1), "progress": 0.5}, True),
        ({"status": "in progress", "actual_end": date(2026, 5, 1)}, False),
        ({"status": "done", "actual_end": date(2026, 5, 1)}, True),
        ({"status": "done"}, True),
        ({"status": "done", "progress": 0.5}, True),
        ({"progress": 1}, True),
        ({"progress": 0.99}, False),
        ({"status": "in progress", "progress": 1}, False),
        ({"status": "in progress"}, False),
        ({}, None),
    ],
)
def test_dates_outweigh_the_status_of_records(
    backend: str, record: dict[str, Any], *, done: bool | None
) -> None:
    """An end in view is an end; one after the date is not there."""
    hits, unsure = parse_rules(LATE).checker("task", backend=backend)(record, as_of=NOW)
    assert [hit[0] for hit in hits] == ["done"] * (done is True)
    assert "done" in [entry[0] for entry in unsure] or done is not None


def test_columns_are_read_alike() -> None:
    """In a table of tasks, too."""
    table = pl.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "status": ["in progress", "done", "in progress", None],
            "actual_end": [date(2026, 3, 1), None, date(2026, 5, 1), None],
            "progress": [0.5, None, 1.0, 1.0],
        }
    )
    own = parse_rules(LATE.rpartition("  - {id: late")[0])
    found = portfolio.check(table, own, "task", as_of=NOW, key="id")
    assert found.hits["id"].to_list() == ["a", "b", "d"]


def test_a_task_can_be_tried_out_as_done() -> None:
    """Progress of 100 % is done as if the file said so; an end on a later day is not there yet."""
    agreement = phase(tasks=[{"id": "t", "planned": PLANNED}])
    assert shown(assess(agreement, as_of=NOW)) == [("task-overdue@task/p/t", "major")]
    assert shown(what_if(agreement, None, {"task/p/t.progress": "100 %"}, as_of=NOW).after) == []
    assert shown(what_if(agreement, None, {"task/p/t.status": "done"}, as_of=NOW).after) == []
    tried = what_if(agreement, parse_rules(LATE), {"task/p/t.progress": "100 %"}, as_of=NOW)
    assert [(each.rule, each.because) for each in tried.after.undetermined] == [("late", "absent data")]
    later = what_if(agreement, None, {"task/p/t.actual_end": "2026-05-01"}, as_of=NOW)
    assert later.after == later.before


# Milestones and deliverables ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status", "overdue", "severity"),
    [
        ({}, None, 10, "minor"),
        ({"status": "not met"}, "not met", 10, "minor"),
        ({"status": "partially met"}, "partially met", 10, "minor"),
        ({"status": {"is": "partially met", "on": "2026-03-20"}}, "partially met", 10, "minor"),
        ({"status": {"is": "met", "on": "2026-03-31"}}, "met", 0, None),
        ({"status": {"is": "met", "on": "2026-04-01"}}, "met", None, None),
        ({"status": "met"}, "met", None, None),
        ({"status": {"is": "met", "on": "2026-04-11"}}, None, 10, "minor"),
        ({"status": [{"is": "partially met", "on": "2026-04-01"}, {"is": "met", "on": "2026-04-11"}]},
         "partially met", 10, "minor"),
        ({"met": "2026-04-02"}, "met", 2, None),
        ({"met": "2026-04-02", "status": "partially met"}, "met", 2, None),
        ({"met": "2026-04-11", "status": "partially met"}, "partially met", 10, "minor"),
    ],
)  # fmt: skip
def test_the_status_of_a_milestone(
    fields: dict[str, Any], status: str | None, overdue: int | None, severity: str | None
) -> None:
    """A visible day decides; met in part is missed.

    Met on no known day is not missed, and its days past due may be unknown.
    """
    agreement = phase(milestones=[{"id": "m", "due": "2026-03-31", **fields}])
    known = derive(agreement, NOW)
    assert [known.value("milestone/p/m", name) for name in ("status", "overdue")] == [status, overdue]
    expected = [("milestone-missed@milestone/p/m", severity)] if severity else []
    assert shown(assess(agreement, as_of=NOW)) == expected


def test_the_status_of_a_missed_milestone_is_evidence() -> None:
    """With its place in the agreement, and in the history of the agreement."""
    fields = {"due": "2026-03-31", "status": {"is": "partially met", "on": "2026-03-20"}}
    (warning,) = (
        one
        for one in assess(phase(milestones=[{"id": "m", **fields}]), as_of=NOW).warnings
        if one.rule == "milestone-missed"
    )
    assert ("status", "partially met") in [(each.fact, each.figure.text) for each in warning.evidence]


def test_an_accepted_deliverable_was_delivered() -> None:
    """From the day of its acceptance on."""
    agreement = phase(deliverables=[{"id": "d", "due": "2026-03-31", "accepted": "2026-04-10"}])
    assert shown(assess(agreement, as_of=NOW)) == []
    assert shown(assess(agreement, as_of=date(2026, 4, 9))) == [("deliverable-late@deliverable/p/d", "minor")]


# Weekends -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "off"),
    [
        ({"country": "EG"}, {4, 5}),
        ({"country": "IR"}, {4}),
        ({"country": "CN"}, {5, 6}),
        ({"country": "AE"}, {5, 6}),
        ({"country": "EG", "weekend": ["saturday", "sunday"]}, {5, 6}),
        ({"country": "EG", "weekend": []}, set()),
        ({"country": "EG", "weekend": None}, {4, 5}),
        ({}, {5, 6}),
        ({"weekend": ["friday"]}, {4}),
    ],
)
def test_a_country_has_its_weekend(calendar: dict[str, Any], off: set[int]) -> None:
    """Friday and Saturday in Egypt; a weekend that is written outweighs it."""
    pytest.importorskip("holidays")
    days = calendar_of(build_agreement({**BASE, "calendar": calendar}))
    assert days.weekend == off
    assert days.is_working(date(2026, 6, 7)) is (6 not in off)
    assert days.is_working(date(2026, 6, 5)) is (4 not in off)


def test_a_weekend_is_that_of_the_start_of_the_term() -> None:
    """The Emirates moved theirs in 2022."""
    pytest.importorskip("holidays")
    term = {"start": "2021-01-04", "end": "2021-12-31"}
    days = calendar_of(build_agreement({**BASE, "term": term, "calendar": {"country": "AE"}}))
    assert days.weekend == {4, 5}

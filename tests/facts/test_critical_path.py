"""Total floats and planned progress: in working days, over all four types of links and their lags."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopgov import Facts, assess, build_agreement, derive, parse_rules
from coopgov.facts.changes import change_facts


def facts(*tasks: dict[str, Any], as_of: date = date(2026, 1, 5), **phase: Any) -> Facts:
    """The facts of an agreement with a phase and tasks; 5 January 2026 is a Monday."""
    days = {"start": date(2026, 1, 5), "end": date(2026, 1, 30)}
    whole = {
        "coopgov": "agreement/1",
        "id": "t",
        "title": "T",
        "currency": "CNY",
        "term": {"start": date(2026, 1, 5), "end": date(2026, 12, 31)},
        "parties": [{"id": "a"}],
        "phases": [{"id": "p", "planned": days, "tasks": list(tasks), **phase}],
    }
    return derive(build_agreement(whole), as_of)


def task(name: str, start: int, end: int, *after: Any, **more: Any) -> dict[str, Any]:
    """A task in January 2026."""
    planned = {"start": date(2026, 1, start), "end": date(2026, 1, end)}
    return {"id": name, "planned": planned, "after": list(after), **more}


def floats(*tasks: dict[str, Any]) -> dict[str, Any]:
    """The total float of each task."""
    return {each.part.id: each.record["total_float"] for each in facts(*tasks).subjects["task"]}


def test_what_nothing_waits_for_can_slip_to_the_end() -> None:
    """Weekends do not count: from Friday the 9th to Friday the 16th there are five working days."""
    assert floats(task("a", 5, 9), task("b", 5, 16)) == {"a": 5, "b": 0}


def test_a_chain_without_gaps_is_critical() -> None:
    """A weekend between two tasks is no float."""
    assert floats(task("a", 5, 9), task("b", 12, 16, "a"), task("c", 19, 23, "b")) == {"a": 0, "b": 0, "c": 0}
    found = facts(task("a", 5, 9), task("b", 12, 16, "a"))
    assert [
        (each.record["predecessor_links"], each.record["successor_links"]) for each in found.subjects["task"]
    ] == [
        (0, 1),
        (1, 0),
    ]


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        ("FS", None, 1),
        ("FS", "1 working day", 0),
        ("FS", "-2 working days", 3),
        ("FS", "0.5 working days", 0.5),
        ("FS", "3 days", 0),
        ("FS", "1 day", 0),
        ("SS", None, 5),
        ("SS", "2 working days", 4),
        ("FF", None, 5),
        ("FF", "5 working days", 0),
        ("SF", None, 5),
    ],
)
def test_links_and_lags_bound_a_task(kind: str, lag: str | None, expected: float) -> None:
    """`a` runs from Monday to Friday; `b` begins on the Tuesday after, and ends on the last day of all, a Monday."""
    link = {"task": "a", "type": kind, **({"lag": lag} if lag else {})}
    assert floats(task("a", 5, 9), task("b", 13, 16, link))["a"] == expected


def test_a_plan_that_breaks_a_link_has_less_than_no_float() -> None:
    """A task that is planned before its predecessor ends makes that one late."""
    assert floats(task("a", 5, 9), task("b", 8, 16, "a"))["a"] == -2


def test_tasks_without_a_plan_or_cancelled_count_for_nothing() -> None:
    """Their own float is unknown, and nothing waits for them."""
    unplanned = {"id": "x", "source": "J-1"}
    cancelled = task("y", 5, 30, "a", status="cancelled")
    found = facts(task("a", 5, 9), task("b", 12, 16), unplanned, cancelled).subjects["task"]
    assert [each.record["total_float"] for each in found][:2] == [5, 0]
    assert all(not isinstance(each.record["total_float"], (int, float)) for each in found[2:])


def test_another_plan_changes_the_floats_of_all() -> None:
    """What is tried out on one task is what an agreement with that plan would say."""
    found = facts(task("a", 5, 9), task("b", 5, 16))
    change_facts(found, {"task/p/b.planned_end": date(2026, 1, 12)})
    assert [each.record["total_float"] for each in found.subjects["task"]] == [1, 0]


def test_what_is_spent_on_tasks_counts_for_their_phase() -> None:
    """An amount is written once, at the task or at the phase."""
    spending = [{"on": date(2026, 1, 5), "amount": 5}]
    found = facts(task("a", 5, 9, budget=10, spending=spending), spending=spending)
    (phase,), (one,) = found.subjects["phase"], found.subjects["task"]
    assert (phase.record["spent"], one.record["spent"], one.record["budget"]) == (1000, 500, 1000)


RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: behind, about: phase, kind: delay, measure: progress_gap, bands: {minor: at least 0 %}, message: "{measure}"}
  - {id: passed, about: phase, kind: delay, measure: planned_progress, bands: {minor: at least 0 %}, message: M}
  - {id: critical, about: task, kind: delay, when: critical, severity: minor, message: "{task.total_float}"}
"""


@pytest.mark.parametrize(
    ("day", "passed", "behind"),
    [
        (5, "5 %", "-15 %"),
        (16, "50 %", "30 %"),
        (17, "50 %", "30 %"),
        (30, "100 %", "80 %"),
        (31, "100 %", "80 %"),
    ],
)
def test_progress_is_compared_with_the_working_days_that_have_passed(
    day: int, passed: str, behind: str
) -> None:
    """The phase has twenty working days, and a fifth of the work is done; a weekend changes nothing."""
    whole = facts(task("a", 5, 9), progress="20 %").agreement
    found = assess(whole, parse_rules(RULES), as_of=date(2026, 1, day)).warnings
    shown = {each.rule: each.measure.text for each in found if each.measure}
    assert shown.get("passed") == passed
    assert shown.get("behind", behind) == behind
    assert ("behind" in shown) is not behind.startswith("-")
    assert [each.message for each in found if each.rule == "critical"] == ["0 working days"]

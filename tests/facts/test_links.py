"""Tests of links between tasks: their facts, and the rule that notices a predecessor that is late."""

from datetime import date, timedelta
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.facts import derive
from coopgov.model import calendar_of
from coopgov.schema import Span
from small import least

DAY = date(2026, 3, 2)
RULES = coopgov.load_rules()


def agreement(link: Any, before: dict[str, Any], after: dict[str, Any]) -> coopgov.Agreement:
    """Two tasks of a phase and the link between them."""
    tasks = [{"id": "a", "name": "Dig", **before}, {"id": "b", "after": [link], **after}]
    window = {"start": "2026-01-05", "end": "2026-12-31"}
    return coopgov.Agreement.model_validate(
        {**least("x"), "phases": [{"id": "p", "planned": window, "tasks": tasks}]}
    )


def plan(start: date = DAY, days: int = 30, **more: Any) -> dict[str, Any]:
    """The planned days of a task."""
    return {"planned": {"start": start, "end": start + timedelta(days)}, **more}


def test_a_link_has_its_type_its_lag_and_the_task_before() -> None:
    """It has the name of that task; a bare id is FS without a lag."""
    link = {"task": "a", "type": "SF", "lag": "-2 working days"}
    known = derive(agreement(link, plan(), plan()), DAY)
    name = "link/p/b/1"
    found = {fact: known.value(name, fact) for fact in ("name", "type", "lag_days", "lag_working_days")}
    assert found == {"name": "Dig", "type": "SF", "lag_days": None, "lag_working_days": -2}
    bare = derive(agreement("a", plan(), plan()), DAY)
    assert (bare.value(name, "type"), bare.value(name, "earliest")) == ("FS", DAY)
    assert [each["name"] for each in bare.value("task/p/b", "links")] == ["Dig"]
    assert bare.subject(name).path == ("phases", 0, "tasks", 1, "after", 0)


def test_a_link_can_be_waived() -> None:
    """It is a subject with a name, as everything that rules are about."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        "  - {id: overlap, about: link, kind: delay, when: lag_days below 0 days, severity: minor, message: '{name}'}\n"
    )
    found = coopgov.assess(agreement({"task": "a", "lag": "-2 days"}, plan(), plan()), rules, as_of=DAY)
    assert [each.id for each in found.warnings] == ["overlap@link/p/b/1"]


def lag_after(day: date, lag: Any, known: coopgov.Agreement) -> date:
    """The day that is a lag after another one; parts of days do not count."""
    if lag is None:
        return day
    whole = floor(lag[0]) if lag[0] >= 0 else -floor(-lag[0])
    if lag[1] == "days":
        return day + timedelta(whole)
    return calendar_of(known).add(day, whole)


_STATES: list[dict[str, Any]] = [
    {},
    {"status": "in progress"},
    {"status": "done"},
    {"status": "cancelled"},
    {"actual": {"start": "2026-02-20"}},
]


@given(
    st.sampled_from(["FS", "SS", "FF", "SF"]),
    st.none() | st.tuples(st.integers(-20, 20), st.sampled_from(["days", "working days"])),
    st.sampled_from(_STATES),
    st.sampled_from(_STATES[:4]),
    st.none() | st.integers(-30, 60),
    st.integers(-30, 60),
    st.integers(0, 40),
)
def test_a_predecessor_is_late_as_the_type_and_the_lag_say(
    kind: str,
    lag: Any,
    before: dict[str, Any],
    after: dict[str, Any],
    forecast: int | None,
    start: int,
    days: int,
) -> None:
    """Against a model in plain Python, for all types, lags, states, forecasts and plans."""
    link = {"task": "a", "type": kind, **({"lag": f"{lag[0]} {lag[1]}"} if lag else {})}
    ends = (
        {"forecast": {"end": DAY + timedelta(forecast), "on": "2026-02-01"}} if forecast is not None else {}
    )
    planned = plan(DAY + timedelta(start), days)["planned"]
    known = agreement(link, {**plan(), **before, **ends}, {"planned": planned, **after})
    found = coopgov.assess(known, RULES, as_of=DAY)
    over = before.get("status") in ("done", "cancelled")
    pending = not over and (kind in ("FS", "FF") or not before)
    day = max(DAY, DAY + timedelta(forecast)) if forecast is not None and kind in ("FS", "FF") else DAY
    held = planned["start" if kind in ("FS", "SS") else "end"]
    waits = after.get("status") not in ("done", "cancelled")
    late = waits and pending and lag_after(day, lag, known) > held
    assert ("predecessor-late@task/p/b" in {each.id for each in found.warnings}) is late
    assert not [each for each in found.undetermined if each.rule == "predecessor-late"]


def test_the_smallest_change_is_at_the_task_before() -> None:
    """The explanation sees through the link, and so does a change that somebody tries."""
    known = agreement({"task": "a", "lag": "2 days"}, plan(), plan(DAY - timedelta(1)))
    told = coopgov.explain(known, RULES, rule="predecessor-late", about="task/p/b", as_of=DAY)
    assert "Dig" in " ".join(map(str, told.changes))
    tried = coopgov.what_if(known, RULES, {"task/p/a.status": "done"}, as_of=DAY)
    late = "predecessor-late@task/p/b"
    assert late in {each.id for each in tried.before.warnings}
    assert late not in {each.id for each in tried.after.warnings}


@pytest.mark.parametrize("unit", ["days", "working days", "weeks"])
def test_lags_keep_their_unit(unit: str) -> None:
    """Weeks are days."""
    known = derive(agreement({"task": "a", "lag": f"2 {unit}"}, plan(), plan()), DAY)
    factor = Span(14, "days").count if unit == "weeks" else 2
    fact = "lag_working_days" if unit == "working days" else "lag_days"
    assert known.value("link/p/b/1", fact) == factor

"""Every shipped rule has its own test: when it fires, when it does not, and when it is undetermined."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from coopgov.assessment.assess import assess
from coopgov.explanation.explain import explain
from coopgov.model import build_agreement
from coopgov.rules import RuleSet, load_rules

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
NOW = date(2026, 6, 30)
START = date(2026, 1, 1)
END = START + timedelta(100)  # so that a day of a phase is 1 % of its window
LEFT_OVER = re.compile(r"[{}]|unknown|not set|None|未知|未设定|未設定")


@cache
def pack() -> RuleSet:
    """The shipped pack, loaded once."""
    return load_rules()


def day(number: int) -> date:
    """A day, counted from the planned end of the phases in these tests."""
    return END + timedelta(number)


def whole(**fields: Any) -> dict[str, Any]:
    """An agreement with these fields and a term of 2026."""
    return {
        "coopgov": "agreement/1",
        "id": "a",
        "title": "A",
        "currency": "CNY",
        "term": {"start": "2026-01-01", "end": "2026-12-31"},
        "parties": [{"id": "p"}, {"id": "q"}],
        **fields,
    }


def phase(**fields: Any) -> dict[str, Any]:
    """An agreement with one phase of 100 days."""
    return whole(phases=[{"id": "x", "planned": {"start": START, "end": END}, **fields}])


def kpi(**fields: Any) -> dict[str, Any]:
    """An agreement with one KPI."""
    return whole(kpis=[{"id": "k", **fields}])


def read(value: object, /, on: date = NOW, **fields: Any) -> dict[str, Any]:
    """An agreement with one KPI that was read once."""
    return kpi(readings=[{"on": on, "value": value}], **fields)


def goal(**fields: Any) -> dict[str, Any]:
    """An agreement with one goal, measured by one KPI with a target of 100."""
    kpis = [{"id": "k", "baseline": {"value": 0}, "target": {"value": 100}}]
    return whole(goals=[{"id": "g", "statement": "G", "kpis": ["k"], **fields}], kpis=kpis)


def risk(**fields: Any) -> dict[str, Any]:
    """An agreement with one risk."""
    return whole(risks=[{"id": "r", "title": "R", **fields}])


def tasks(*entries: dict[str, Any]) -> dict[str, Any]:
    """An agreement with one phase of these tasks, all owned by its only member."""
    team = {"members": [{"id": "m", "role": "tester", "deputy": "n"}, {"id": "n"}]}
    named = [
        {"id": f"t{n}", "planned": {"start": START, "end": END}, **each} for n, each in enumerate(entries)
    ]
    return {**phase(tasks=named), "team": team}


def says(rule: str, about: str, mapping: dict[str, Any], on: date = NOW) -> str:
    """The severity that a rule gives a subject, else `clear`, `undetermined` or `not applicable`.

    What is said is checked on the way: in each language, with nothing left over.
    """
    agreement = build_agreement(mapping)
    shown = explain(agreement, pack(), rule=rule, about=about, as_of=on)
    assessment = assess(agreement, pack(), as_of=on)
    severities = [one.severity for one in assessment.warnings if one.id == f"{rule}@{about}"]
    undetermined = [one for one in assessment.undetermined if (one.rule, one.about) == (rule, about)]
    assert severities == [shown.severity] * (shown.outcome == "fired")
    assert bool(undetermined) is (shown.outcome == "undetermined")
    for language in LANGUAGES if severities else ():
        check_texts(rule, about, assess(agreement, pack(), as_of=on, language=language))
    return shown.severity or shown.outcome


def check_texts(rule: str, about: str, assessment: Any) -> None:
    """Title, message and actions of a warning are complete; one that is past has no actions."""
    one = next(one for one in assessment.warnings if one.id == f"{rule}@{about}")
    texts = [one.title, one.message, *(text for each in one.actions for text in (each.title, each.note))]
    assert not [text for text in texts if LEFT_OVER.search(text)]
    assert one.title
    assert one.message.endswith((".", "。"))
    assert bool(one.actions) is not one.past, f"nothing answers {one.kind}, or there is nothing to do"


def ladder(rule: str, about: str, steps: dict[int, str], made: Any) -> None:
    """Check the outcome of a rule for several values of one number."""
    assert {number: says(rule, about, made(number)) for number in steps} == steps


# Time -----------------------------------------------------------------------------------------------------------------


def test_phase_late() -> None:
    """A phase is late above 10, 20 and 30 % of its window: ended, forecast or still running."""
    steps = {0: "clear", 10: "clear", 11: "minor", 20: "minor", 21: "major", 30: "major", 31: "critical"}
    ladder("phase-late", "phase/x", steps, lambda days: phase(actual={"start": START, "end": day(days)}))
    for days, severity in steps.items():
        assert says("phase-late", "phase/x", phase(), on=day(days)) == severity
        forecast = phase(forecast={"end": day(days), "on": START})
        assert says("phase-late", "phase/x", forecast, on=START) == severity
    past_forecast = phase(forecast={"end": day(5), "on": START})
    assert says("phase-late", "phase/x", past_forecast, on=day(11)) == "minor"
    assert says("phase-late", "phase/x", phase(actual={"end": day(-50)})) == "clear"


def test_phase_late_days() -> None:
    """The short form gives notice above 5 days, whatever the window."""
    steps = {0: "clear", 5: "clear", 6: "notice", 500: "notice"}
    assert {days: says("phase-late-days", "phase/x", phase(), on=day(days)) for days in steps} == steps


def test_phase_start_late() -> None:
    """A phase that is not finished began, or has not begun, above 5 and 20 days late."""
    steps = {0: "clear", 5: "clear", 6: "notice", 20: "notice", 21: "minor"}
    for days, severity in steps.items():
        begun = phase(actual={"start": START + timedelta(days)})
        assert says("phase-start-late", "phase/x", begun) == severity
        assert says("phase-start-late", "phase/x", phase(), on=START + timedelta(days)) == severity
    ended = phase(actual={"start": START + timedelta(50), "end": END})
    assert says("phase-start-late", "phase/x", ended) == "not applicable"


def test_buffer_used_up() -> None:
    """Work in the buffer counts at 25, 50 and 100 % of it; a phase without a buffer is passed over."""
    steps = {
        -20: "clear",
        -16: "clear",
        -15: "notice",
        -11: "notice",
        -10: "minor",
        -1: "minor",
        0: "major",
        9: "major",
    }
    ladder(
        "buffer-used-up", "phase/x", steps, lambda days: phase(buffer="20 days", actual={"end": day(days)})
    )
    assert says("buffer-used-up", "phase/x", phase(actual={"end": day(9)})) == "not applicable"


def test_phase_without_buffer() -> None:
    """A phase that is not finished holds time back before its planned end."""
    assert says("phase-without-buffer", "phase/x", phase()) == "notice"
    assert says("phase-without-buffer", "phase/x", phase(buffer="5 working days")) == "clear"
    ended = phase(actual={"start": START, "end": END})
    assert says("phase-without-buffer", "phase/x", ended) == "not applicable"


def test_phase_replanned() -> None:
    """A current baseline that ends later than the original one counts above 0 and 25 % of the original window."""

    def moved(days: int) -> dict[str, Any]:
        return phase(original={"start": START, "end": day(-days)})

    # a window of 100 days now, of 100 less the days before: 20 of 80 days are 25 %
    ladder(
        "phase-replanned", "phase/x", {-5: "clear", 0: "clear", 1: "notice", 20: "notice", 21: "minor"}, moved
    )
    assert says("phase-replanned", "phase/x", phase()) == "clear"


def test_milestone_missed() -> None:
    """A milestone is missed above 0, 20 and 60 days past due, until it is met."""

    def due(days: int, **fields: Any) -> dict[str, Any]:
        return phase(milestones=[{"id": "m", "due": NOW - timedelta(days), **fields}])

    steps = {-5: "clear", 0: "clear", 1: "minor", 20: "minor", 21: "major", 60: "major", 61: "critical"}
    ladder("milestone-missed", "milestone/x/m", steps, due)
    assert says("milestone-missed", "milestone/x/m", due(90, met=NOW)) == "not applicable"
    assert says("milestone-missed", "milestone/x/m", due(90, met=NOW + timedelta(1))) == "critical"


def test_deliverable_late() -> None:
    """A deliverable is late above 0 and 20 days past due, until it is delivered."""

    def due(days: int, **fields: Any) -> dict[str, Any]:
        return phase(deliverables=[{"id": "d", "due": NOW - timedelta(days), **fields}])

    ladder("deliverable-late", "deliverable/x/d", {0: "clear", 1: "minor", 20: "minor", 21: "major"}, due)
    assert says("deliverable-late", "deliverable/x/d", due(90, delivered=NOW)) == "not applicable"
    assert says("deliverable-late", "deliverable/x/d", due(90, delivered=NOW + timedelta(1))) == "major"


def test_task_overdue() -> None:
    """A task is overdue above 0, 10 and 30 days past its planned end, until it is done."""

    def planned(days: int, **fields: Any) -> dict[str, Any]:
        return tasks({"planned": {"start": START, "end": NOW - timedelta(days)}, **fields})

    steps = {0: "clear", 1: "notice", 10: "notice", 11: "minor", 30: "minor", 31: "major"}
    ladder("task-overdue", "task/x/t0", steps, planned)
    assert says("task-overdue", "task/x/t0", planned(90, status="done")) == "not applicable"
    assert says("task-overdue", "task/x/t0", planned(90, actual={"end": NOW})) == "not applicable"


def test_predecessor_late() -> None:
    """A task is warned of when one before it is not done and ends after it is to start."""

    def after(first: dict[str, Any], start: date = NOW, **second: Any) -> dict[str, Any]:
        window = {"start": start, "end": start}
        return tasks(first, {"planned": window, "after": ["t0"], **second})

    about = "task/x/t1"
    yesterday, tomorrow = NOW - timedelta(1), NOW + timedelta(1)
    forecast = {"end": tomorrow, "on": START}
    assert says("predecessor-late", about, after({})) == "clear"
    assert says("predecessor-late", about, after({}, start=yesterday)) == "minor"
    assert says("predecessor-late", about, after({"forecast": forecast})) == "minor"
    assert says("predecessor-late", about, after({"forecast": forecast}, start=tomorrow)) == "clear"
    stale = {"forecast": {"end": START, "on": START}}
    assert says("predecessor-late", about, after(stale, start=yesterday)) == "minor"
    assert says("predecessor-late", about, after({"status": "done"}, start=START)) == "clear"
    assert says("predecessor-late", about, after({}, start=START, status="done")) == "clear"
    assert says("predecessor-late", "task/x/t0", after({})) == "clear"


def test_agreement_late() -> None:
    """The agreement is late above 5, 10 and 20 % of its term; without phases the rule does not apply."""

    def late(days: int) -> dict[str, Any]:
        end = date(2026, 4, 11) + timedelta(days)
        return {**phase(forecast={"end": end, "on": START}), "term": {"start": START, "end": END}}

    steps = {0: "clear", 5: "clear", 6: "minor", 10: "minor", 11: "major", 20: "major", 21: "critical"}
    for days, severity in steps.items():
        assert says("agreement-late", "agreement", late(days), on=START) == severity
    assert says("agreement-late", "agreement", whole(), on=date(2030, 1, 1)) == "not applicable"


def test_delays_spreading() -> None:
    """Two phases that are late, or ended late, are a major warning; one is none."""

    def late(count: int) -> dict[str, Any]:
        window = {"start": START, "end": END}
        return whole(phases=[{"id": f"x{n}", "planned": window} for n in range(count)])

    ladder("delays-spreading", "agreement", {0: "clear", 1: "clear", 2: "major", 3: "major"}, late)


# Money ----------------------------------------------------------------------------------------------------------------


def spent(amount: object, **fields: Any) -> dict[str, Any]:
    """A phase with a budget of 1000 that has spent an amount."""
    return phase(budget=1000, spending=[{"on": START, "amount": amount}], **fields)


def test_phase_overspent() -> None:
    """Spending is over above 15, 25 and 40 % of the budget.

    Without records it is undetermined, without a budget not asked.
    """
    steps = {
        0: "clear",
        1000: "clear",
        1150: "clear",
        1151: "minor",
        1250: "minor",
        1251: "major",
        1400: "major",
    }
    ladder("phase-overspent", "phase/x", {**steps, 1401: "critical"}, spent)
    assert says("phase-overspent", "phase/x", spent("1150.01")) == "minor"
    assert says("phase-overspent", "phase/x", phase(budget=1000)) == "undetermined"
    assert says("phase-overspent", "phase/x", phase(budget=1000), on=date(2025, 12, 31)) == "clear"
    assert (
        says("phase-overspent", "phase/x", phase(spending=[{"on": START, "amount": 9}])) == "not applicable"
    )
    free = phase(budget=0, spending=[{"on": START, "amount": 9}])
    assert says("phase-overspent", "phase/x", free) == "not applicable"


def test_spending_without_budget() -> None:
    """Any spending on a budget of 0 counts.

    Without records nothing was spent, with a budget it is judged by its share.
    """

    def free(amount: object, **fields: Any) -> dict[str, Any]:
        return phase(**{"budget": 0, "spending": [{"on": START, "amount": amount}], **fields})

    steps = {"0.01": "major", 9: "major", 0: "clear", -9: "clear"}
    assert {amount: says("spending-without-budget", "phase/x", free(amount)) for amount in steps} == steps
    assert says("spending-without-budget", "phase/x", phase(budget=0)) == "clear"
    assert says("spending-without-budget", "phase/x", free(9, budget=1)) == "not applicable"
    assert says("spending-without-budget", "phase/x", free(9, budget=None)) == "not applicable"
    later = [{"amount": 0}, {"amount": 5, "on": NOW + timedelta(1)}]
    assert says("spending-without-budget", "phase/x", free(9, budget=later)) == "major"
    assert says("phase-forecast-overspent", "phase/x", free(0, forecast={"cost": 5})) == "not applicable"
    assert says("agreement-overspent", "agreement", free(9)) == "not applicable"


def test_phase_forecast_overspent() -> None:
    """A forecast cost counts above 5, 15 and 25 % of the budget, while the phase runs."""

    def forecast(cost: object, **fields: Any) -> dict[str, Any]:
        return phase(budget=1000, forecast={"cost": cost, "on": START}, **fields)

    steps = {
        900: "clear",
        1050: "clear",
        1051: "notice",
        1150: "notice",
        1151: "minor",
        1250: "minor",
        1251: "major",
    }
    ladder("phase-forecast-overspent", "phase/x", steps, forecast)
    assert says("phase-forecast-overspent", "phase/x", phase(budget=1000)) == "not applicable"
    assert (
        says("phase-forecast-overspent", "phase/x", forecast(9000, actual={"end": END})) == "not applicable"
    )


def test_agreement_overspent() -> None:
    """All phases with a budget together are over above 10, 15 and 25 %; one without records leaves it undetermined."""
    steps = {
        1000: "clear",
        1100: "clear",
        1101: "minor",
        1150: "minor",
        1151: "major",
        1250: "major",
        1251: "critical",
    }
    ladder("agreement-overspent", "agreement", steps, spent)
    assert says("agreement-overspent", "agreement", phase(budget=1000)) == "undetermined"
    assert says("agreement-overspent", "agreement", phase()) == "not applicable"
    assert says("agreement-overspent", "agreement", whole()) == "not applicable"
    windows = {"planned": {"start": START, "end": END}, "spending": [{"on": START, "amount": 1200}]}
    two = [{"id": "x", "budget": 1000, **windows}, {"id": "free", **windows}]
    assert says("agreement-overspent", "agreement", whole(phases=two)) == "major"


# Quality and targets --------------------------------------------------------------------------------------------------


def test_satisfaction_low() -> None:
    """Satisfaction counts below 80, 70 and 60 on a scale from 0 to 100, whatever scale it was asked on."""
    steps = {80: "clear", 79: "minor", 70: "minor", 69: "major", 60: "major", 59: "critical"}

    def score(points: int) -> dict[str, Any]:
        return read(points, category="satisfaction", unit="points")

    ladder("satisfaction-low", "kpi/k", steps, score)
    scale: dict[str, Any] = {"category": "satisfaction", "scale": {"from": 1, "to": 5}}
    of_five = {"4.2": "clear", "4.19": "minor", "3.8": "minor", "3.4": "major", "3.39": "critical"}
    assert {value: says("satisfaction-low", "kpi/k", read(value, **scale)) for value in of_five} == of_five
    assert says("satisfaction-low", "kpi/k", kpi(category="satisfaction", unit="%")) == "undetermined"
    assert says("satisfaction-low", "kpi/k", read(3, category="satisfaction", unit="件")) == "undetermined"
    assert says("satisfaction-low", "kpi/k", read(3, category="quality", unit="%")) == "not applicable"
    assert says("satisfaction-low", "kpi/k", read(3, unit="%")) == "not applicable"


def test_kpi_below_floor() -> None:
    """A reading on the floor is accepted, a worse one is not, whichever way is better."""
    for direction, worse in (("up", 49), ("down", 51)):
        expected = {50: "clear", worse: "minor", 100 - worse: "clear"}
        for value, severity in expected.items():
            given = read(value, floor=50, direction=direction)
            assert says("kpi-below-floor", "kpi/k", given) == severity
    assert says("kpi-below-floor", "kpi/k", kpi(floor=50)) == "undetermined"
    assert says("kpi-below-floor", "kpi/k", read(1)) == "not applicable"


def test_kpi_behind() -> None:
    """A KPI is behind its straight line above 10, 25 and 50 % of the whole way."""

    def halfway(value: int) -> dict[str, Any]:
        line = {"baseline": {"value": 0, "on": START}, "target": {"value": 100, "by": END}}
        return read(value, START + timedelta(50), **line)

    steps = {60: "clear", 40: "clear", 39: "minor", 25: "minor", 24: "major", 0: "major", -1: "critical"}
    ladder("kpi-behind", "kpi/k", steps, halfway)
    line = {"baseline": {"value": 200, "on": START}, "target": {"value": 100, "by": END}, "direction": "down"}
    assert says("kpi-behind", "kpi/k", read(161, START + timedelta(50), **line)) == "minor"
    assert says("kpi-behind", "kpi/k", kpi(baseline={"value": 0}, target={"value": 1})) == "undetermined"
    assert says("kpi-behind", "kpi/k", read(1, target={"value": 9})) == "not applicable"
    assert says("kpi-behind", "kpi/k", read(1, baseline={"value": 9})) == "not applicable"
    flat: dict[str, Any] = {"baseline": {"value": 5}, "target": {"value": 5}}
    assert says("kpi-behind", "kpi/k", read(1, **flat)) == "not applicable"


def test_kpi_not_held() -> None:
    """A KPI whose target is no better than its baseline is not held above 0, 10 and 25 % of the target.

    One that is held is passed over.
    """
    fine = "not applicable"

    def held(value: object, **fields: Any) -> dict[str, Any]:
        return read(value, **{"baseline": {"value": 200}, "target": {"value": 200}, **fields})

    steps = {
        201: fine,
        200: fine,
        199: "minor",
        180: "minor",
        179: "major",
        150: "major",
        149: "critical",
    }
    ladder("kpi-not-held", "kpi/k", {**steps, -5: "critical"}, held)
    lower = {"target": {"value": 100}, "direction": "up"}
    assert says("kpi-not-held", "kpi/k", held(100, **lower)) == fine
    assert says("kpi-not-held", "kpi/k", held(90, **lower)) == "minor"
    assert says("kpi-behind", "kpi/k", held(90, **lower)) == "not applicable"
    assert (
        says("kpi-not-held", "kpi/k", held(100, target={"value": 100}, direction="down")) == "not applicable"
    )
    assert says("kpi-not-held", "kpi/k", held(226, direction="down")) == "major"
    nothing: dict[str, Any] = {"baseline": {"value": 0}, "target": {"value": 0}, "direction": "down"}
    assert says("kpi-not-held", "kpi/k", held(7, **nothing)) == "minor"
    assert says("kpi-not-held", "kpi/k", held(0, **nothing)) == fine
    assert says("kpi-not-held", "kpi/k", held(1, target={"value": 201})) == "not applicable"
    assert says("kpi-not-held", "kpi/k", read(1, target={"value": 9})) == "not applicable"
    assert says("kpi-not-held", "kpi/k", kpi(baseline={"value": 5}, target={"value": 5})) == "undetermined"


def test_goal_missed() -> None:
    """A goal past due is missed unless all its KPIs with a target have reached it, with or without a baseline."""

    def measured(value: int | None, due: date = NOW - timedelta(1), **kpi: Any) -> dict[str, Any]:
        readings = [] if value is None else [{"on": START, "value": value}]
        kpis = [{"id": "k", "target": {"value": 100}, "readings": readings, **kpi}, {"id": "aside"}]
        return whole(goals=[{"id": "g", "statement": "G", "due": due, "kpis": ["k", "aside"]}], kpis=kpis)

    ladder("goal-missed", "goal/g", {99: "major", 100: "clear", 101: "clear"}, measured)
    assert says("goal-missed", "goal/g", measured(101, direction="down")) == "major"
    assert says("goal-missed", "goal/g", measured(100, direction="down")) == "clear"
    assert says("goal-missed", "goal/g", measured(50, due=NOW)) == "clear"
    assert says("goal-missed", "goal/g", measured(None)) == "undetermined"
    assert says("goal-missed", "goal/g", goal()) == "not applicable"
    unmeasured = whole(goals=[{"id": "g", "statement": "G", "due": START}])
    assert says("goal-missed", "goal/g", unmeasured) == "not applicable"


# Data -----------------------------------------------------------------------------------------------------------------


def test_reading_overdue() -> None:
    """A reading is overdue above 0, 14 and 60 days; a KPI without a cycle is passed over."""

    def last(days: int) -> dict[str, Any]:
        return read(1, NOW - timedelta(10 + days), every="10 days")

    steps = {0: "clear", 1: "notice", 14: "notice", 15: "minor", 60: "minor", 61: "major"}
    ladder("reading-overdue", "kpi/k", steps, last)
    assert says("reading-overdue", "kpi/k", kpi(every="6 months"), on=date(2026, 7, 1)) == "clear"
    assert says("reading-overdue", "kpi/k", kpi(every="6 months"), on=date(2026, 7, 2)) == "notice"
    assert says("reading-overdue", "kpi/k", read(1)) == "not applicable"


def test_kpi_without_source() -> None:
    """A KPI says where its readings come from."""
    assert says("kpi-without-source", "kpi/k", kpi()) == "notice"
    assert says("kpi-without-source", "kpi/k", kpi(source="survey")) == "clear"


# Goals ----------------------------------------------------------------------------------------------------------------


def test_goal_not_agreed() -> None:
    """A goal lacks the agreement of a party until that party's day has come."""
    steps = {"p": "minor", "p q": "clear", "": "minor"}
    for parties, severity in steps.items():
        assert (
            says("goal-not-agreed", "goal/g", goal(agreed_by=dict.fromkeys(parties.split(), START)))
            == severity
        )
    later = {"p": START, "q": NOW + timedelta(1)}
    assert says("goal-not-agreed", "goal/g", goal(agreed_by=later)) == "minor"


def test_goals_not_aligned() -> None:
    """More than half of the goals lack some party's agreement; without goals the rule does not apply."""

    def unsigned(count: int) -> dict[str, Any]:
        both = {"p": START, "q": START}
        goals = [{"id": f"g{n}", "statement": "G", "agreed_by": {} if n < count else both} for n in range(4)]
        return whole(goals=goals)

    ladder("goals-not-aligned", "agreement", {0: "clear", 2: "clear", 3: "major"}, unsigned)
    assert says("goals-not-aligned", "agreement", whole()) == "not applicable"


def test_goal_without_owner() -> None:
    """SMART, specific: somebody owns the goal."""
    assert says("goal-without-owner", "goal/g", goal()) == "notice"
    assert says("goal-without-owner", "goal/g", goal(owner="project-manager")) == "clear"


def test_goal_not_measurable() -> None:
    """SMART, measurable: a KPI with a target measures the goal."""
    assert says("goal-not-measurable", "goal/g", goal()) == "clear"
    assert says("goal-not-measurable", "goal/g", goal(kpis=[])) == "minor"
    aimless = whole(goals=[{"id": "g", "statement": "G", "kpis": ["k"]}], kpis=[{"id": "k"}])
    assert says("goal-not-measurable", "goal/g", aimless) == "minor"


def test_goal_without_reason() -> None:
    """SMART, achievable: the goal says why it can be reached."""
    assert says("goal-without-reason", "goal/g", goal()) == "notice"
    assert says("goal-without-reason", "goal/g", goal(achievable="Others did.")) == "clear"


def test_goal_without_relevance() -> None:
    """SMART, relevant: the goal says why it matters."""
    assert says("goal-without-relevance", "goal/g", goal()) == "notice"
    assert says("goal-without-relevance", "goal/g", goal(relevant="It pays.")) == "clear"


def test_goal_without_due_date() -> None:
    """SMART, time-bound: the goal has a due date."""
    assert says("goal-without-due-date", "goal/g", goal()) == "minor"
    assert says("goal-without-due-date", "goal/g", goal(due=END)) == "clear"


# People ---------------------------------------------------------------------------------------------------------------


def test_key_role_without_deputy() -> None:
    """Each holder of a key role needs a deputy; other roles do not."""

    def member(**fields: Any) -> dict[str, Any]:
        return whole(team={"members": [{"id": "m", **fields}, {"id": "n"}]})

    assert says("key-role-without-deputy", "member/m", member(role="project-manager")) == "notice"
    assert says("key-role-without-deputy", "member/m", member(role="project-manager", deputy="n")) == "clear"
    assert says("key-role-without-deputy", "member/m", member(role="tester")) == "clear"
    assert says("key-role-without-deputy", "member/m", member()) == "clear"


def test_member_overbooked() -> None:
    """Running tasks of a member, by id or role, take above 100 and 150 % of its time."""

    def booked(percent: int) -> dict[str, Any]:
        mine = [{"owner": "m", "load": "60 %"}, {"owner": "tester", "load": f"{percent - 60} %"}]
        aside = {"owner": "m", "load": "90 %"}
        done = {**aside, "status": "done"}
        future = {**aside, "planned": {"start": "2026-09-01", "end": "2026-10-01"}}
        return tasks(*mine, done, future, {**aside, "owner": "n"})

    steps = {99: "clear", 100: "clear", 101: "minor", 150: "minor", 151: "major"}
    ladder("member-overbooked", "member/m", steps, booked)
    assert says("member-overbooked", "member/m", tasks({"owner": "m"})) == "clear"


def test_member_on_too_many_tasks() -> None:
    """A member works on more than 3 tasks at the same time."""
    ladder(
        "member-on-too-many-tasks",
        "member/m",
        {0: "clear", 3: "clear", 4: "notice"},
        lambda count: tasks(*[{"owner": "m"}] * count, {"owner": "m", "status": "done"}),
    )


# Communication --------------------------------------------------------------------------------------------------------


def test_meeting_missed() -> None:
    """A meeting is missed above 0 and 60 days past its cycle; one without a cycle is passed over."""

    def held(days: int) -> dict[str, Any]:
        return whole(meetings=[{"id": "m", "every": "10 days", "held": [NOW - timedelta(10 + days)]}])

    ladder("meeting-missed", "meeting/m", {0: "clear", 1: "minor", 60: "minor", 61: "major"}, held)
    never = whole(meetings=[{"id": "m", "every": "1 month"}])
    assert says("meeting-missed", "meeting/m", never, on=date(2026, 2, 2)) == "clear"
    assert says("meeting-missed", "meeting/m", never, on=date(2026, 2, 3)) == "minor"
    assert says("meeting-missed", "meeting/m", whole(meetings=[{"id": "m"}])) == "not applicable"


def test_body_not_met() -> None:
    """A body is to meet within its cycle: above 0 and 90 days past it counts, a meeting it holds is a session."""

    def met(days: int, **fields: Any) -> dict[str, Any]:
        last = [NOW - timedelta(10 + days)]
        return whole(team={"bodies": [{"id": "b", "every": "10 days", "held": last}]}, **fields)

    ladder("body-not-met", "body/b", {0: "clear", 1: "minor", 90: "minor", 91: "major"}, met)
    session = {"meetings": [{"id": "m", "body": "b", "held": [NOW]}]}
    assert says("body-not-met", "body/b", met(50, **session)) == "clear"
    assert says("body-not-met", "body/b", whole(team={"bodies": [{"id": "b"}]})) == "not applicable"


def test_communication_failing() -> None:
    """Three signs of poor communication at once are minor, six are major."""

    def signs(count: int) -> dict[str, Any]:
        return whole(meetings=[{"id": f"m{n}", "every": "1 day"} for n in range(count)])

    steps = {0: "clear", 2: "clear", 3: "minor", 5: "minor", 6: "major"}
    ladder("communication-failing", "agreement", steps, signs)


# Risks and contingency plans ------------------------------------------------------------------------------------------


def test_risk_review_overdue() -> None:
    """An open risk was to be reviewed above 0 and 30 days ago."""

    def due(days: int, status: str = "open") -> dict[str, Any]:
        return risk(review_by=NOW - timedelta(days), status=status)

    ladder(
        "risk-review-overdue", "risk/r", {-1: "clear", 0: "clear", 1: "minor", 30: "minor", 31: "major"}, due
    )
    assert says("risk-review-overdue", "risk/r", due(9, "closed")) == "not applicable"
    assert says("risk-review-overdue", "risk/r", risk()) == "not applicable"


def test_risk_without_owner() -> None:
    """Somebody owns a risk that is not closed."""
    assert says("risk-without-owner", "risk/r", risk()) == "minor"
    assert says("risk-without-owner", "risk/r", risk(status="occurred")) == "minor"
    assert says("risk-without-owner", "risk/r", risk(owner="p")) == "clear"
    assert says("risk-without-owner", "risk/r", risk(status="closed")) == "not applicable"


def test_risk_without_response() -> None:
    """A risk that is not closed has a response."""
    assert says("risk-without-response", "risk/r", risk()) == "notice"
    assert says("risk-without-response", "risk/r", risk(responses=[{"id": "s", "title": "S"}])) == "clear"
    assert says("risk-without-response", "risk/r", risk(status="closed")) == "not applicable"


def test_risk_exposure_high() -> None:
    """Probability times impact of an open risk counts from 2.5 and 3.5 on."""

    def likely(percent: int, **fields: Any) -> dict[str, Any]:
        return risk(probability=f"{percent} %", impact=5, **fields)

    steps = {49: "clear", 50: "minor", 69: "minor", 70: "major", 100: "major"}
    ladder("risk-exposure-high", "risk/r", steps, likely)
    assert says("risk-exposure-high", "risk/r", likely(90, status="closed")) == "not applicable"
    assert says("risk-exposure-high", "risk/r", risk(impact=5)) == "not applicable"


def test_risk_occurred() -> None:
    """A risk that has come true is a major warning until it is closed."""
    assert says("risk-occurred", "risk/r", risk(status="occurred")) == "major"
    assert says("risk-occurred", "risk/r", risk(status="closed")) == "clear"
    assert says("risk-occurred", "risk/r", risk()) == "clear"


def unplanned(rule: str, kind: str, wrong: dict[str, Any]) -> None:
    """Check a rule about missing contingency plans: with the trouble, without it, and with a plan."""
    answer = {"id": "z", "title": "Z", "answers": [kind]}
    other = {**answer, "id": "y", "answers": ["external"]}
    assert says(rule, "agreement", whole()) == "clear"
    assert says(rule, "agreement", wrong) == "notice"
    assert says(rule, "agreement", {**wrong, "plans": [other]}) == "notice"
    assert says(rule, "agreement", {**wrong, "plans": [other, answer]}) == "clear"


def test_no_plan_for_delay() -> None:
    """Delay without a contingency plan that answers it is noticed."""
    unplanned("no-plan-for-delay", "delay", phase())


def test_no_plan_for_overspend() -> None:
    """Overspending without a contingency plan that answers it is noticed."""
    unplanned("no-plan-for-overspend", "overspend", spent(2000))


def test_no_plan_for_quality() -> None:
    """Poor quality without a contingency plan that answers it is noticed."""
    unplanned("no-plan-for-quality", "quality", read(1, floor=2))


def test_no_plan_for_resource_conflict() -> None:
    """Short people without a contingency plan that answers it are noticed."""
    unplanned("no-plan-for-resource-conflict", "resource-conflict", tasks(*[{"owner": "m"}] * 9))


# Chairs, absences, minutes, reports, responses ------------------------------------------------------------------------


def test_chair_not_named() -> None:
    """Where the heads take turns, somebody chairs from the first day of the term on."""

    def led(leadership: str, *days: date) -> dict[str, Any]:
        chairs = [{"by": "m", "from": each} for each in days]
        return whole(team={"leadership": leadership, "chairs": chairs, "members": [{"id": "m"}]})

    assert says("chair-not-named", "agreement", led("rotating")) == "minor"
    assert says("chair-not-named", "agreement", led("rotating", NOW + timedelta(1))) == "minor"
    assert says("chair-not-named", "agreement", led("rotating", NOW)) == "clear"
    assert says("chair-not-named", "agreement", led("joint")) == "not applicable"
    assert says("chair-not-named", "agreement", led("rotating"), on=date(2025, 12, 31)) == "not applicable"
    assert says("chair-not-named", "agreement", whole()) == "not applicable"


def absent(days: int, **fields: Any) -> dict[str, Any]:
    """An agreement with a member that is absent for some days from today on, and another that is there."""
    away = [{"from": NOW, "to": NOW + timedelta(days - 1)}]
    return whole(team={"members": [{"id": "m", "absent": away, **fields}, {"id": "n"}]})


def test_absent_without_deputy() -> None:
    """An absence counts above 0, 5 and 20 days, unless a deputy is there."""
    ladder(
        "absent-without-deputy",
        "member/m",
        {1: "notice", 5: "notice", 6: "minor", 20: "minor", 21: "major"},
        absent,
    )
    assert says("absent-without-deputy", "member/m", absent(30, deputy="n")) == "not applicable"
    assert says("absent-without-deputy", "member/n", absent(30)) == "not applicable"
    both = absent(30, deputy="n")
    both["team"]["members"][1]["absent"] = [{"from": START}]
    assert says("absent-without-deputy", "member/m", both) == "major"
    assert says("absent-without-deputy", "member/n", both) == "major"
    yesterday, tomorrow = NOW - timedelta(1), NOW + timedelta(1)
    assert says("absent-without-deputy", "member/m", absent(1), on=yesterday) == "not applicable"
    assert says("absent-without-deputy", "member/m", absent(1), on=tomorrow) == "not applicable"


def test_response_not_held() -> None:
    """A response counts above 0 and 60 days past its cycle, while its risk is not closed."""

    def scan(days: int, **fields: Any) -> dict[str, Any]:
        held = [NOW - timedelta(10 + days)]
        return risk(responses=[{"id": "s", "title": "S", "every": "10 days", "held": held}], **fields)

    ladder("response-not-held", "response/r/s", {0: "clear", 1: "minor", 60: "minor", 61: "major"}, scan)
    assert says("response-not-held", "response/r/s", scan(9, status="closed")) == "not applicable"
    assert says("response-not-held", "response/r/s", scan(9, status="occurred")) == "minor"
    never = risk(on="2026-03-02", responses=[{"id": "s", "title": "S", "every": "3 months"}])
    assert says("response-not-held", "response/r/s", never, on=date(2026, 6, 2)) == "clear"
    assert says("response-not-held", "response/r/s", never, on=date(2026, 6, 3)) == "minor"
    once = risk(responses=[{"id": "s", "title": "S", "held": [START]}])
    assert says("response-not-held", "response/r/s", once) == "not applicable"


def met(*held: int, minutes: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """An agreement with a meeting that was held some days ago."""
    return whole(meetings=[{"id": "w", "held": [NOW - timedelta(each) for each in held], "minutes": minutes}])


def test_minutes_missing() -> None:
    """A meeting later than the first minutes has minutes, at the latest 5 days after it; above 20 days it is minor."""
    first = ({"on": START},)
    steps = {5: "clear", 6: "notice", 20: "notice", 21: "minor"}
    ladder("minutes-missing", "meeting/w", steps, lambda days: met(days, minutes=first))
    ladder("minutes-missing", "meeting/w", steps, lambda days: met(days, 1, days, minutes=first))
    written = (*first, {"on": NOW - timedelta(9)})
    assert says("minutes-missing", "meeting/w", met(9, minutes=written)) == "not applicable"
    assert says("minutes-missing", "meeting/w", met(9)) == "not applicable"
    assert says("minutes-missing", "meeting/w", met(30, minutes=written[1:])) == "not applicable"
    later = ({"on": NOW + timedelta(1)},)
    assert says("minutes-missing", "meeting/w", met(30, minutes=later)) == "not applicable"


def test_decision_overdue() -> None:
    """A decision is overdue above 0, 10 and 30 days past due, until it is carried out."""

    def due(days: int, **fields: Any) -> dict[str, Any]:
        decision = {"id": "d", "what": "D", "due": NOW - timedelta(days), **fields}
        return met(minutes=({"on": START, "decisions": [decision]},))

    steps = {0: "clear", 1: "notice", 10: "notice", 11: "minor", 30: "minor", 31: "major"}
    ladder("decision-overdue", "decision/w/d", steps, due)
    assert says("decision-overdue", "decision/w/d", due(90, done=NOW)) == "not applicable"
    assert says("decision-overdue", "decision/w/d", due(90, done=NOW + timedelta(1))) == "major"
    assert says("decision-overdue", "decision/w/d", due(90, due=None)) == "not applicable"


def report(days: int, *signed: int) -> dict[str, Any]:
    """An agreement of two parties with a report that was due some days ago, signed some days ago."""
    on = {name: NOW - timedelta(each) for name, each in zip("pq", signed, strict=False)}
    period = {"start": START, "end": END}
    return whole(reports=[{"id": "r", "period": period, "due": NOW - timedelta(days), "signed_by": on}])


def test_report_overdue() -> None:
    """A report is overdue above 0 and 30 days past due, until the first party signs it."""
    ladder("report-overdue", "report/r", {0: "clear", 1: "minor", 30: "minor", 31: "major"}, report)
    assert says("report-overdue", "report/r", report(90, 0)) == "not applicable"
    assert says("report-overdue", "report/r", report(90, -1)) == "major"


def test_report_unsigned() -> None:
    """A report that is due and signed by one party is signed by all: above 0 days a notice, above 14 minor."""
    steps = {-1: "clear", 0: "clear", 1: "notice", 14: "notice", 15: "minor"}
    ladder("report-unsigned", "report/r", steps, lambda days: report(days, 20))
    ladder("report-unsigned", "report/r", {**steps, -1: "not applicable"}, lambda days: report(20, days))
    assert says("report-unsigned", "report/r", report(90)) == "not applicable"
    assert says("report-unsigned", "report/r", report(90, 40, 0)) == "not applicable"
    assert says("report-unsigned", "report/r", report(90, 40, -1)) == "minor"


# Built in -------------------------------------------------------------------------------------------------------------


def test_role_vacant() -> None:
    """A role that an escalation names, or a key role of a team, is held by somebody."""
    late = phase(milestones=[{"id": "m", "due": START}])
    led = {"members": [{"id": "m"}], "bodies": [{"id": "joint-lead"}, {"id": "steering"}], "key_roles": []}
    assert says("role-vacant", "role/steering", late) == "notice"
    assert says("role-vacant", "role/steering", {**late, "team": led}) == "clear"
    assert says("role-vacant", "role/project-manager", whole(team={"members": [{"id": "m"}]})) == "notice"


def test_waiver_expired() -> None:
    """A waiver holds on its last day and is expired on the next; a longer one for the same thing takes its place."""

    def until(*days: int) -> dict[str, Any]:
        waivers = [
            {"rule": "phase-late", "about": "phase/x", "until": NOW - timedelta(each), "reason": "R"}
            for each in days
        ]
        return {**phase(), "waivers": waivers}

    about = "waiver/phase-late@phase/x"
    assert says("waiver-expired", about, until(0)) == "clear"
    assert says("waiver-expired", about, until(1)) == "minor"
    assert says("waiver-expired", about, until(1, -9, 2)) == "clear"
    assert says("waiver-expired", about, until(3, 2)) == "minor"


def test_waiver_without_rule() -> None:
    """A waiver names a rule that is there, or sets nothing aside."""

    def waiver(rule: str) -> dict[str, Any]:
        entry = {"rule": rule, "about": "phase/x", "until": NOW, "reason": "R"}
        return {**phase(), "waivers": [entry]}

    assert says("waiver-without-rule", "waiver/phase-lat@phase/x", waiver("phase-lat")) == "notice"
    assert says("waiver-without-rule", "waiver/phase-late@phase/x", waiver("phase-late")) == "clear"


# The pack as a whole --------------------------------------------------------------------------------------------------


def test_every_rule_has_a_test() -> None:
    """A rule without a test of its name, and a test of no rule, is a fault of this file."""
    named = {f"test_{rule.id.replace('-', '_')}" for rule in pack().rules}
    assert named <= set(globals())


def test_every_parameter_is_used() -> None:
    """Each parameter is named by a rule, and says what it means."""
    texts = " ".join(text for rule in pack().rules for text in rule.texts.values())
    assert not [name for name in pack().parameters if not re.search(rf"\b{name}\b", texts)]
    assert all(parameter.means for parameter in pack().parameters.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_in_every_language(language: str) -> None:
    """Titles, messages and actions exist in English and both Chinese scripts, each in its own punctuation."""
    texts = [text for rule in pack().rules for text in (rule.title, rule.message.text)]
    for text in [*texts, *(action.title for action in pack().actions)]:
        assert language in text.languages
        plain = re.sub(r"\{[^{}]*\}", "", text.in_language(language))
        assert not re.search(
            r"[,;:()]" if language != "en" else r"[，；：（）。]", plain.replace("(KPI)", "")
        )
        assert bool(re.search(r"[\u4e00-\u9fff]", plain)) is (language != "en")


def everything_wrong() -> dict[str, Any]:
    """An agreement that every shipped rule has something to say about."""
    window = {"start": START, "end": END}
    late = {
        "planned": window,
        "budget": 100,
        "spending": [{"on": START, "amount": 900}],
        "forecast": {"cost": 900, "on": START},
        "buffer": "2 weeks",
        "milestones": [{"id": "m", "due": START}],
        "deliverables": [{"id": "d", "due": START}],
        "tasks": [
            {"id": f"t{n}", "planned": window, "owner": "m", "load": "90 %", "after": ["t0"] * (n > 0)}
            for n in range(5)
        ],
    }
    low = {"category": "satisfaction", "unit": "points", "floor": 80, "every": "1 day"}
    line = {
        "baseline": {"value": 85},
        "target": {"value": 92, "by": END},
        "readings": [{"on": day(-9), "value": 1}],
    }
    return whole(
        phases=[
            {"id": "x", **late},
            {"id": "y", **late, "original": {"end": START}},
            {"id": "z", "planned": window},
            {"id": "f", "planned": window, "budget": 0, "spending": [{"on": START, "amount": 9}]},
        ],
        kpis=[{"id": "k", **low, **line}, {"id": "h", **line, "target": {"value": 85}}],
        goals=[{"id": "g", "statement": "G", "due": START, "kpis": ["k"]}, {"id": "h", "statement": "H"}],
        team={
            "leadership": "rotating",
            "members": [{"id": "m", "role": "finance-liaison", "absent": [{"from": START}]}],
            "bodies": [{"id": "b", "every": "1 day"}],
        },
        meetings=[
            {
                "id": "w",
                "every": "1 day",
                "held": [day(-9)],
                "minutes": [{"on": START, "decisions": [{"id": "d", "what": "D", "due": START}]}],
            }
        ],
        reports=[
            {"id": "q", "period": window, "due": START},
            {"id": "s", "period": window, "due": START, "signed_by": {"p": START}},
        ],
        risks=[
            {
                "id": "r",
                "title": "R",
                "review_by": START,
                "probability": "99 %",
                "impact": 5,
                "responses": [{"id": "s", "title": "S", "every": "1 day"}],
            },
            {"id": "s", "title": "S", "status": "occurred"},
        ],
        waivers=[
            {"rule": "phase-late", "about": "phase/x", "until": START, "reason": "R"},
            {"rule": "phase-lat", "about": "phase/x", "until": NOW, "reason": "R"},
        ],
        term=window,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rules_fire_where_everything_is_wrong(language: str) -> None:
    """Every rule warns about the worst agreement, with complete texts."""
    assessment = assess(build_agreement(everything_wrong()), pack(), as_of=NOW, language=language)
    assert {one.rule for one in assessment.warnings} == {rule.id for rule in pack().rules}
    for one in assessment.warnings:
        check_texts(one.rule, one.about, assessment)


DATES = (date(2000, 1, 1), date(2025, 12, 31), date(2026, 1, 1), NOW, date(2026, 12, 31), date(2099, 1, 1))


@pytest.mark.parametrize("on", DATES)
def test_a_minimal_agreement_is_clear(on: date) -> None:
    """An agreement of its required keys alone has nothing to warn of, at any time."""
    assert assess(build_agreement(whole()), pack(), as_of=on).to_dict()["warnings"] == []
    assert assess(build_agreement(whole()), pack(), as_of=on).status == "clear"


def healthy() -> dict[str, Any]:
    """An agreement that was planned and run well: all is signed, held, read, spent within budget and done in time."""
    signed = {"p": "2025-12-01", "q": "2025-12-01"}
    every_month = [date(2026, month, 28) for month in range(1, 13)]
    away = [{"from": NOW, "to": date(2026, 7, 10)}]
    members = [
        {
            "id": f"m{n}",
            "role": role,
            "deputy": f"m{(n + 1) % 4}",
            "party": "pq"[n % 2],
            "absent": away * (n == 0),
        }
        for n, role in enumerate(
            ("project-manager", "technical-liaison", "finance-liaison", "communication-officer")
        )
    ]
    kpi = {
        "id": "k",
        "category": "satisfaction",
        "unit": "points",
        "source": "survey",
        "every": "1 month",
        "floor": 80,
        "baseline": {"value": 85, "on": "2024-12-31"},
        "target": {"value": 92, "by": "2026-12-31"},
        "readings": [{"on": "2025-12-31", "value": 90}, *({"on": on, "value": 93} for on in every_month)],
    }
    return whole(
        goals=[
            {
                "id": "g",
                "statement": "G",
                "owner": "m0",
                "due": "2026-12-31",
                "kpis": ["k"],
                "agreed_by": signed,
                "achievable": "Others did.",
                "relevant": "It pays.",
            }
        ],
        kpis=[kpi],
        team={
            "leadership": "rotating",
            "chairs": [{"by": "m0", "from": START}, {"by": "m1", "from": "2026-07-01"}],
            "members": members,
            "bodies": [{"id": "joint-lead", "every": "1 month"}],
        },
        meetings=[
            {
                "id": "w",
                "every": "1 month",
                "body": "joint-lead",
                "held": ["2025-12-15", *every_month],
                "minutes": [
                    {"on": on, "decisions": [{"id": f"d{on.month}", "what": "D", "due": on, "done": on}]}
                    for on in every_month
                ],
            }
        ],
        reports=[
            {
                "id": "q1",
                "period": {"start": START, "end": "2026-03-31"},
                "due": "2026-04-20",
                "signed_by": signed,
            }
        ],
        phases=[
            {
                "id": "x",
                "planned": {"start": START, "end": END},
                "actual": {"start": START, "end": day(-20)},
                "budget": 1000,
                "buffer": "2 weeks",
                "spending": [{"on": START, "amount": 990}],
                "milestones": [{"id": "m", "due": END, "met": day(-20)}],
                "deliverables": [{"id": "d", "due": END, "delivered": day(-20), "accepted": day(-10)}],
                "tasks": [
                    {
                        "id": "t",
                        "planned": {"start": START, "end": END},
                        "actual": {"start": START, "end": day(-20)},
                    }
                ],
            }
        ],
        risks=[
            {
                "id": "r",
                "title": "R",
                "owner": "m0",
                "probability": "10 %",
                "impact": 3,
                "status": [{"is": "open", "on": START}, {"is": "closed", "on": END}],
                "review_by": END,
                "responses": [{"id": "s", "title": "S", "every": "1 month", "held": every_month}],
            }
        ],
    )


@pytest.mark.parametrize("on", DATES[1:])
def test_a_healthy_agreement_gives_no_warnings(on: date) -> None:
    """A well-run agreement has no false alarm on its first day, in its course, at its end or ever after."""
    assessment = assess(build_agreement(healthy()), pack(), as_of=on)
    assert [one.id for one in assessment.warnings] == []
    assert assessment.status == "clear"

"""What `agreement.findings` has: each finding where it is meant and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from coopgov import build_agreement
from small import ANNA, KPI, PHASE, least

BASE = least("port", "works")


def checked(**fields: Any) -> list[str]:
    """Place and code of each finding of an agreement with these fields."""
    findings = build_agreement({**BASE, **fields}).findings
    return [f"{each.fault.place.file} {each.fault.code}" for each in findings]


def phase(**fields: Any) -> dict[str, Any]:
    """The fields of an agreement with one phase, complete but for these keys."""
    return {"phases": [{**PHASE, **fields}]}


def kpi(**fields: Any) -> dict[str, Any]:
    """The fields of an agreement with one KPI, complete but for these keys."""
    return {"kpis": [{**KPI, **fields}]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (phase(), []),
        (phase(budget=None), ["phases[0].id phase-incomplete"]),
        (phase(buffer=None), ["phases[0].id phase-incomplete"]),
        (phase(buffer=None, actual={"start": "2026-02-02"}), ["phases[0].id phase-incomplete"]),
        (phase(buffer=None, actual={"start": "2026-02-02", "end": "2026-04-01"}), []),
        (kpi(), []),
        (kpi(every=None), ["kpis[0].id kpi-incomplete"]),
        (kpi(target=None), ["kpis[0].id kpi-incomplete"]),
        (kpi(baseline=None, floor=1), ["kpis[0].id kpi-incomplete"]),
        (kpi(baseline=None, target=None, floor=1), []),
    ],
)
def test_missing_keys_of_phases_and_kpis(fields: dict[str, Any], expected: list[str]) -> None:
    """One note for each phase or KPI; what has ended needs no buffer, and what is only watched needs no target."""
    assert checked(**fields) == expected


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"unit": "points", "baseline": {"value": 80}}, False),
        ({"unit": "%", "target": {"value": 92}}, False),
        ({"unit": "points", "target": {"value": 4.4}}, True),
        ({"unit": "points", "target": {"value": 4.4}, "scale": {"from": 1, "to": 5}}, False),
        ({"unit": "points", "target": {"value": 4.4}, "floor": 11}, False),
        ({"unit": "points", "target": {"value": 4.4}, "category": "quality"}, False),
        ({"unit": "stars", "target": {"value": 80}}, True),
        ({"target": {"value": 80}}, True),
    ],
)
def test_satisfaction_needs_a_scale_unless_it_is_out_of_100(fields: dict[str, Any], *, found: bool) -> None:
    """Points and % count as they are, which small values or another unit contradict."""
    expected = ["kpis[0].id satisfaction-without-scale"] * found
    assert checked(**kpi(**{"category": "satisfaction", "baseline": {"value": 1}, **fields})) == expected


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ((300, 700, 950), True),
        ((300, 700, 1250), True),
        ((300, 700, 1251), False),
        ((300, 700, 799), False),
        ((300, 950), False),
        ((100, 90, 950), False),
        ((700, 700, 950), False),
        ((-100, 700, 950), False),
        ((1, 2, 990), False),
        ((300, 700, "950 CNY"), True),
        ((300, 700, "950 USD"), False),
    ],
)
def test_amounts_that_rise_to_the_budget_look_like_totals(amounts: tuple[Any, ...], *, found: bool) -> None:
    """Three and more, each above the one before, the last near the budget, all together far above it."""
    spending = [
        {"on": date(2026, 2, 2) + timedelta(7 * at), "amount": each} for at, each in enumerate(amounts)
    ]
    rates = [{"currency": "USD", "on": "2026-01-05", "rate": 7}]
    expected = [f"phases[0].spending[{len(amounts) - 1}].amount cumulative-spending"] * found
    assert checked(**phase(spending=spending), rates=rates) == expected


def test_the_newest_budget_counts_for_totals() -> None:
    """A budget in another currency, amounts without a day, or two on one day say nothing."""
    rates = [{"currency": "USD", "on": "2026-01-05", "rate": 7}]
    days = ("2026-02-03", "2026-02-10", "2026-02-17")
    spending = [{"on": day, "amount": each} for day, each in zip(days, (300, 700, 950), strict=True)]
    raised = [{"amount": 5000, "on": "2026-02-01"}, {"amount": 1000, "on": "2026-02-20"}]
    assert checked(**phase(spending=spending, budget=raised)) != []
    assert checked(**phase(spending=spending, budget=raised[::-1])) != []
    assert checked(**phase(spending=spending, budget="1000 USD"), rates=rates) == []
    assert checked(**phase(spending=[*spending, {"on": days[0], "amount": 1}])) == []


@pytest.mark.parametrize(
    ("day", "far"),
    [
        ("2026-05-19", False),
        ("2026-05-20", True),
        ("2025-12-11", False),
        ("2025-12-10", True),
        ("2031-01-01", False),
    ],
)
def test_further_outside_the_phase_than_it_is_long_is_far(day: str, *, far: bool) -> None:
    """Milestones, deliverables and tasks have it, once each; what is far from the term is reported as that."""
    parts = {
        "milestones": [{"id": "m", "due": day}],
        "deliverables": [{"id": "d", "due": day}],
        "tasks": [{"id": "t", "planned": {"start": day, "end": day}}],
    }
    places = ("deliverables[0].due", "milestones[0].due", "tasks[0].planned.start")
    expected = [f"phases[0].{place} outside-the-phase" for place in places] if far else []
    found = [each for each in checked(**phase(**parts)) if "term" not in each]
    assert found == expected


@pytest.mark.parametrize(
    ("planned", "after", "far"),
    [("2026-02-03", 30, False), ("2026-02-03", 31, True), ("2028-02-02", 366, True)],
)
def test_a_month_is_never_far_from_a_phase_and_a_year_always(planned: str, after: int, *, far: bool) -> None:
    """Whatever the length of the phase."""
    window = {"start": "2026-02-02", "end": planned}
    due = date.fromisoformat(planned) + timedelta(after)
    term = {"start": "2026-01-05", "end": "2030-12-31"}
    fields = phase(planned=window, buffer="1 days", milestones=[{"id": "m", "due": due}])
    assert checked(**fields, term=term) == ["phases[0].milestones[0].due outside-the-phase"] * far


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"goals": [{"id": "g", "statement": "S", "due": "2062-01-01"}]}, "goals[0].due"),
        (
            {"goals": [{"id": "g", "statement": "S", "agreed_by": {"port": "2062-01-01"}}]},
            "goals[0].agreed_by.port",
        ),
        (
            {"meetings": [{"id": "m", "held": ["2062-01-01", "2026-03-02", "1962-01-01"]}]},
            "meetings[0].held[2]",
        ),
        (kpi(baseline={"value": 1, "on": "2008-12-31"}), ""),
        (kpi(readings=[{"on": "2008-12-31", "value": 1}]), ""),
        (kpi(readings=[{"on": "2062-12-31", "value": 1}]), "kpis[0].readings[0].on"),
        (phase(spending=[{"on": "2062-12-31", "amount": 1}]), "phases[0].spending[0].on"),
        (phase(actual={"start": "2026-02-02", "end": "2062-03-01"}), "phases[0].actual.end"),
        ({"risks": [{"id": "r", "title": "T", "review_by": "2062-12-31"}]}, "risks[0].review_by"),
        ({"meetings": [{"id": "m", "minutes": [{"on": "2062-12-31"}]}]}, "meetings[0].minutes[0].on"),
        ({"calendar": {"holidays": ["2062-12-31"]}}, ""),
        ({"rates": [{"currency": "USD", "on": "2001-01-01", "rate": 7}]}, ""),
    ],
)
def test_every_date_is_compared_with_the_term(fields: dict[str, Any], place: str) -> None:
    """Besides those of the calendar and of rates; what was measured may be older than the term."""
    assert checked(**fields) == ([f"{place} outside-the-term"] if place else [])


@pytest.mark.parametrize(
    ("start", "more", "found"),
    [
        ("2026-02-16", {}, False),
        ("2026-02-15", {}, True),
        ("2026-02-15", {"actual": {"start": "2026-02-16"}}, False),
        ("2026-02-15", {"status": "in progress"}, False),
        ("2026-02-15", {"status": "not started"}, True),
        ("2026-02-15", {"progress": "10 %"}, False),
    ],
)
def test_a_task_follows_the_last_of_its_predecessors(
    start: str, more: dict[str, Any], *, found: bool
) -> None:
    """It may start on the day on which that ends; what has begun is not reported."""
    tasks = [
        {"id": "a", "planned": {"start": "2026-02-02", "end": "2026-02-16"}},
        {"id": "b", "planned": {"start": "2026-02-02", "end": "2026-02-10"}},
        {"id": "c", "planned": {"start": start, "end": "2026-02-27"}, "after": ["b", "p/a"], **more},
    ]
    expected = ["phases[0].tasks[2].planned.start task-before-predecessor"] * found
    assert checked(**phase(tasks=tasks)) == expected


@pytest.mark.parametrize(
    ("link", "start", "end", "more", "found"),
    [
        ({"type": "SS"}, "2026-02-02", "2026-02-27", {}, ""),
        ({"type": "SS"}, "2026-02-01", "2026-02-27", {}, "start"),
        ({"type": "SS", "lag": "3 days"}, "2026-02-04", "2026-02-27", {}, "start"),
        ({"type": "SS", "lag": "3 days"}, "2026-02-05", "2026-02-27", {}, ""),
        ({"type": "FS", "lag": "2 working days"}, "2026-02-17", "2026-02-27", {}, "start"),
        ({"type": "FS", "lag": "2 working days"}, "2026-02-18", "2026-02-27", {}, ""),
        ({"type": "FS", "lag": "-5 days"}, "2026-02-11", "2026-02-27", {}, ""),
        ({"type": "FS", "lag": "-5 days"}, "2026-02-10", "2026-02-27", {}, "start"),
        ({"type": "FF"}, "2026-02-02", "2026-02-16", {}, ""),
        ({"type": "FF"}, "2026-02-02", "2026-02-15", {}, "end"),
        ({"type": "FF"}, "2026-02-02", "2026-02-15", {"status": "in progress"}, "end"),
        ({"type": "FF"}, "2026-02-02", "2026-02-15", {"status": "done"}, ""),
        ({"type": "SF", "lag": "1 day"}, "2026-01-12", "2026-02-03", {}, ""),
        ({"type": "SF", "lag": "1 day"}, "2026-01-12", "2026-02-02", {}, "end"),
        ({"type": "SF", "lag": "4000000 days"}, "2026-02-02", "2026-02-02", {}, ""),
    ],
)
def test_a_task_is_planned_as_its_links_allow(
    link: dict[str, Any], start: str, end: str, more: dict[str, Any], found: str
) -> None:
    """Types and lags count; the end that waits is reported, unless it is past."""
    tasks = [
        {"id": "a", "planned": {"start": "2026-02-02", "end": "2026-02-16"}},
        {"id": "c", "planned": {"start": start, "end": end}, "after": [{"task": "a", **link}], **more},
    ]
    expected = [f"phases[0].tasks[1].planned.{found} task-before-predecessor"] if found else []
    early = [each for each in checked(**phase(tasks=tasks)) if "outside" not in each]
    assert early == expected


@pytest.mark.parametrize(
    ("every", "found"),
    [("18 months", False), ("19 months", True), ("3 months", False), ("900000 months", True)],
)
def test_a_cycle_longer_than_the_term_never_comes_due(every: str, *, found: bool) -> None:
    """A month more is no matter: a yearly survey fits a term of a year."""
    assert checked(**kpi(every=every)) == ["kpis[0].every cycle-too-long"] * found
    assert checked(meetings=[{"id": "m", "every": every}]) == ["meetings[0].every cycle-too-long"] * found


@pytest.mark.parametrize(
    ("series", "held", "found"),
    [
        (["3 months"], [], True),
        (["3 months"], ["2026-03-02"], False),
        (["3 months", "1 month"], [], False),
        (["3 months", None], [], False),
        (["30 days"], [], False),
        (["22 working days"], [], False),
        (["6 weeks"], [], True),
        ([], [], False),
    ],
)
def test_a_body_meets_as_often_as_its_meetings(
    series: list[str | None], held: list[str], *, found: bool
) -> None:
    """Unless it meets otherwise, too, or one of its series has no cycle."""
    bodies = [{"id": "steering", "members": ["anna"], "every": "1 month", "held": held}]
    meetings = [{"id": f"m{at}", "body": "steering", "every": every} for at, every in enumerate(series)]
    expected = ["team.bodies[0].every cycle-too-long"] * found
    assert checked(team={"members": [ANNA], "bodies": bodies}, meetings=meetings) == expected


@pytest.mark.parametrize(
    ("due", "done", "places"),
    [
        ("2026-03-30", "2026-03-30", []),
        ("2026-04-15", None, []),
        (None, None, []),
        ("2026-03-29", None, ["due"]),
        (None, "2026-03-03", ["done"]),
        ("2026-03-03", "2026-03-29", ["done", "due"]),
    ],
)
def test_a_decision_is_not_due_before_it_is_taken(
    due: str | None, done: str | None, places: list[str]
) -> None:
    """On the day of the meeting is soon enough."""
    decision = {"id": "d", "what": "D", "due": due, "done": done}
    minutes = {"on": "2026-03-30", "decisions": [{key: value for key, value in decision.items() if value}]}
    found = checked(meetings=[{"id": "m", "every": "1 month", "minutes": [minutes]}])
    path = "meetings[0].minutes[0].decisions[0]"
    assert found == [f"{path}.{place} decision-before-meeting" for place in places]


@pytest.mark.parametrize(
    ("due", "signed", "places"),
    [
        ("2026-03-31", "2026-03-31", []),
        ("2026-03-30", "2026-04-10", ["due"]),
        ("2026-04-15", "2026-03-30", ["signed_by.port"]),
        ("2025-04-15", "2026-04-10", ["due"]),
    ],
)
def test_a_report_is_not_due_before_its_period_ends(due: str, signed: str, places: list[str]) -> None:
    """Nor is it signed; the last day of the period is late enough."""
    period = {"start": "2026-01-05", "end": "2026-03-31"}
    found = checked(reports=[{"id": "q", "period": period, "due": due, "signed_by": {"port": signed}}])
    assert found == [f"reports[0].{place} report-before-period-end" for place in places]


@pytest.mark.parametrize(
    ("leadership", "chairs", "found"),
    [("joint", True, True), ("joint", False, False), ("rotating", True, False), (None, True, False)],
)
def test_heads_that_lead_together_have_no_chair(leadership: str | None, *, chairs: bool, found: bool) -> None:
    """Only those who take turns have."""
    team: dict[str, Any] = {"members": [ANNA]}
    team |= {"leadership": leadership} if leadership else {}
    team |= {"chairs": [{"by": "anna", "from": "2026-01-05"}]} if chairs else {}
    assert checked(team=team) == ["team.leadership chairs-of-joint-leadership"] * found


def test_an_owner_is_somebody() -> None:
    """Members, held roles, bodies and parties are; each other name is reported once, with the nearest known one."""
    owners = ("anna", "project-manager", "steering", "port", "finance-liaison", "finance-liaison")
    risks = [{"id": f"r{at}", "title": "T", "owner": each} for at, each in enumerate(owners)]
    plans = [{"id": "a", "title": "T", "answers": ["delay"], "owner": "project-manger"}]
    team = {"members": [ANNA], "bodies": [{"id": "steering"}]}
    agreement = build_agreement({**BASE, "risks": risks, "plans": plans, "team": team})
    told = [(each.fault.place.file, each.fault.hint) for each in agreement.findings]
    assert told == [
        ("plans[0].owner", 'did you mean "project-manager"?'),
        ("risks[4].owner", "give a member this role, or name another owner"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"team": {"members": [{"id": "bo", "role": "safety-officer"}]}},
        {"team": {"members": [{"id": "bo"}, {**ANNA, "deputy": "bo"}]}},
        {"team": {"members": [{"id": "bo"}], "bodies": [{"id": "steering", "members": ["bo"]}]}},
        {"team": {"members": [{"id": "bo"}], "bodies": [{"id": "steering", "chair": "bo"}]}},
        {"team": {"members": [{"id": "bo"}]}, "goals": [{"id": "g", "statement": "S", "owner": "bo"}]},
        {"team": {"members": [{"id": "bo"}], "chairs": [{"by": "bo", "from": "2026-01-05"}]}},
    ],
)
def test_a_member_is_used_by_a_role_or_by_being_named(fields: dict[str, Any]) -> None:
    """A deputy, an owner, a chair and a member of a body are used; who only names others is not."""
    assert checked(**fields) == []
    alone = {"members": [{"id": "bo", "deputy": "anna"}, {**ANNA}]}
    assert checked(team=alone) == ["team.members[0].id unused-member"]


def test_a_calendar_that_cannot_be_known_stops_nothing() -> None:
    """An unknown country is a matter for the assessment; a buffer is then counted from Monday to Friday."""
    assert checked(**phase(buffer="5 working days"), calendar={"country": "XX"}) == []
    assert checked(**phase(buffer="50 working days"), calendar={"country": "XX"}) == [
        "phases[0].buffer buffer-too-long"
    ]

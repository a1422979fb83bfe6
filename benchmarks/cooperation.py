"""A generated agreement: ten phases with ten tasks each, twenty KPIs, and what else belongs to a cooperation."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AS_OF", "agreement_text"]

AS_OF = date(2027, 6, 30)
_START = date(2026, 1, 5)
_MEMBERS = ("manager", "liaison", "finance", "comms", "developer", "tester")


def agreement_text(phases: int = 10, tasks: int = 10, kpis: int = 20, seed: int = 5) -> str:
    """The agreement as YAML; a good part of it goes wrong."""
    rng = random.Random(seed)
    lines = [*_HEAD, "kpis:"]
    for number in range(kpis):
        lines += _kpi(rng, number)
    lines.append("phases:")
    for number in range(phases):
        lines += _phase(rng, number, tasks)
    lines.append("risks:")
    lines += [
        f"  - {{id: risk-{number}, title: Risk {number}, category: delay, probability: {rng.randrange(5, 90)} %, "
        f"impact: {rng.randrange(1, 6)}, owner: manager, status: open, review_by: {_day(rng.randrange(300, 700))}}}"
        for number in range(6)
    ]
    return "\n".join(lines) + "\n"


_HEAD = [
    "coopgov: agreement/1",
    "id: generated",
    "title: A generated agreement",
    "currency: CNY",
    "calendar: {weekend: [saturday, sunday], holidays: [2026-05-01, 2026-10-01, 2027-05-01]}",
    "term: {start: 2026-01-05, end: 2028-12-31}",
    "parties:",
    "  - {id: port, name: Port Authority}",
    "  - {id: university, name: City University}",
    "team:",
    "  members:",
    *(
        f"    - {{id: {name}, name: The {name}, party: {('port', 'university')[number % 2]}, role: {role}}}"
        for number, (name, role) in enumerate(
            zip(
                _MEMBERS,
                (
                    "project-manager",
                    "technical-liaison",
                    "finance-liaison",
                    "communication-officer",
                    "developer",
                    "tester",
                ),
                strict=True,
            )
        )
    ),
    "  bodies:",
    "    - {id: joint-lead, name: Joint leads, members: [manager, liaison]}",
    "    - {id: steering, name: Steering committee, members: [finance, comms], every: 3 months}",
    "meetings:",
    "  - {id: weekly, name: Weekly meeting, every: 1 week, body: joint-lead, held: [2027-06-08, 2027-06-29]}",
    "  - {id: review, name: Monthly review, every: 1 month, held: [2027-03-31, 2027-04-30]}",
    "goals:",
    *(
        f"  - {{id: goal-{number}, statement: Goal {number}, owner: manager, due: 2028-06-30, kpis: [kpi-{number}], "
        "agreed_by: {port: 2026-01-12}}"
        for number in range(5)
    ),
    "plans:",
    (
        "  - {id: second-shift, answers: [delay], strains: [budget, people], title: Second shift, "
        "owner: project-manager, within: 5 working days}"
    ),
    (
        "  - {id: trim-scope, answers: [delay, overspend], strains: [quality], title: Trim the "
        "scope, owner: joint-lead, within: 10 working days}"
    ),
]


def _kpi(rng: random.Random, number: int) -> Iterator[str]:
    category = ("satisfaction", "quality", "delivery", "cost")[number % 4]
    yield f"  - id: kpi-{number}"
    yield f"    name: Indicator {number}"
    yield f"    category: {category}"
    yield "    unit: points"
    yield "    direction: up"
    yield "    baseline: {value: 70, on: 2025-12-31}"
    yield "    target: {value: 90, by: 2028-12-31}"
    yield "    floor: 68"
    yield "    every: 1 month"
    yield "    readings:"
    for month in range(rng.randrange(6)):
        yield f"      - {{on: {_day(300 + 40 * month)}, value: {rng.randrange(60, 95)}}}"


def _phase(rng: random.Random, number: int, tasks: int) -> Iterator[str]:
    start, end = 100 * number, 100 * number + 95
    budget = rng.randrange(100, 900) * 1000
    today = (AS_OF - _START).days
    yield f"  - id: phase-{number}"
    yield f"    name: Phase {number}"
    yield f"    planned: {{start: {_day(start)}, end: {_day(end)}}}"
    if end + 20 < today:
        yield f"    actual: {{start: {_day(start + rng.randrange(9))}, end: {_day(end + rng.randrange(25))}}}"
    elif start < today:
        yield f"    actual: {{start: {_day(start + rng.randrange(9))}}}"
        yield f"    forecast: {{end: {_day(end + rng.randrange(40))}}}"
    yield f"    budget: {budget}"
    if start < today:
        spent = ", ".join(
            f"{{on: {_day(start + 15 * step)}, amount: {int(budget * rng.uniform(0.1, 0.3))}}}"
            for step in range(5)
        )
        yield f"    spending: [{spent}]"
    yield "    milestones:"
    for step in range(2):
        met = f", met: {_day(start + 40 + 40 * step)}" if rng.random() < 0.6 and start + 90 < today else ""
        yield f"      - {{id: milestone-{step}, name: Milestone {step}, due: {_day(start + 30 + 40 * step)}{met}}}"
    yield "    tasks:"
    for step in range(tasks):
        yield _task(rng, step, start + 8 * step, today)


def _task(rng: random.Random, step: int, start: int, today: int) -> str:
    end = start + rng.randrange(5, 20)
    parts = [
        f"id: task-{step}",
        f"name: Task {step}",
        f"owner: {rng.choice(_MEMBERS)}",
        f"load: {rng.randrange(10, 60)} %",
    ]
    parts.append(f"planned: {{start: {_day(start)}, end: {_day(end)}}}")
    if start < today:
        done = end + 10 < today
        finish = f", end: {_day(end + rng.randrange(9))}" if done else ""
        parts.append(f"actual: {{start: {_day(start)}{finish}}}")
        parts.append(f"status: {'done' if done else 'in progress'}")
    if step:
        parts.append(f"after: [task-{step - 1}]")
    return f"      - {{{', '.join(parts)}}}"


def _day(number: int) -> str:
    return (_START + timedelta(days=number)).isoformat()

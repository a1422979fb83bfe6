"""Recomputes base facts that are read from other base facts: the `score` of a `value`, `next_due` after `last_held`.

A change of a fact in a record must change these too, as if the agreement had been read with the new value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from coopgov.facts.base.schedule import (
    buffer_start,
    done_by,
    met_by,
    milestone_status,
    original_day,
    task_status,
)
from coopgov.facts.base.targets import score_of
from coopgov.facts.subject import Context, Subject, without_gap

__all__ = ["FOLLOWING", "WorkOut", "work_out", "worked_out"]

WorkOut = Callable[[Subject, Context], Any]
"""Computes a fact of a subject from the other facts in its record."""


def _original(end: str) -> WorkOut:
    """The original baseline follows the current one if the plan never changed."""

    def work_out(part: Subject, _: Context) -> Any:
        return original_day(part, part.part, end)

    return work_out


def _score(kpi: Subject, _: Context) -> Any:
    value = without_gap(kpi.record["value"])
    return None if value is None else score_of(kpi.part, Decimal(str(value)))


def _next_reading_due(kpi: Subject, context: Context) -> Any:
    baseline = kpi.part.baseline
    return context.next_due(without_gap(kpi.record["value_on"]) or (baseline and baseline.on), kpi.part.every)


def _response_due(response: Subject, context: Context) -> Any:
    begins = response.record["last_held"] or response.record["risk"]["on"]
    return context.next_due(begins, response.part.every)


def _deputies(member: Subject, _: Context) -> Any:
    members = member.record["agreement"]["members"]
    return [each for each in members if each["id"] == member.record["deputy"]]


def _next_due(held: Subject, context: Context) -> Any:
    return context.next_due(held.record["last_held"], held.part.every)


FOLLOWING: Mapping[tuple[str, str], Mapping[str, WorkOut]] = {
    ("phase", "planned_start"): {"original_start": _original("start")},
    ("phase", "planned_end"): {"buffer_start": buffer_start, "original_end": _original("end")},
    ("phase", "buffer_start"): {"has_buffer": lambda phase, _: phase.record["buffer_start"] is not None},
    ("task", "planned_start"): {"original_start": _original("start")},
    ("task", "planned_end"): {"original_end": _original("end")},
    ("milestone", "met"): {"status": milestone_status, "met_by": met_by},
    ("milestone", "status"): {"met_by": met_by},
    ("task", "actual_start"): {"status": task_status},
    ("task", "actual_end"): {"status": task_status, "done_by": done_by},
    ("task", "progress"): {"status": task_status, "done_by": done_by},
    ("task", "status"): {"done_by": done_by},
    ("kpi", "value"): {"score": _score},
    ("kpi", "value_on"): {"next_reading_due": _next_reading_due},
    ("kpi", "direction"): {"direction_sign": lambda kpi, _: -1 if kpi.record["direction"] == "down" else 1},
    ("body", "last_held"): {"next_due": _next_due},
    ("meeting", "last_held"): {"next_due": _next_due},
    ("response", "last_held"): {"next_due": _response_due},
    ("member", "deputy"): {"deputies": _deputies},
    ("member", "role"): {
        "key_role": lambda member, context: member.record["role"] in context.agreement.team.key_roles
    },
}
"""By type of subject and fact: the facts that follow and their functions, in order; one may build on those before."""


def worked_out(subject: Subject, fact: str, context: Context) -> dict[str, Any]:
    """Return the facts that follow from a fact of a subject, by name."""
    changed = replace(subject, record=dict(subject.record))
    work_out(changed, fact, context)
    return {name: changed.record[name] for name in FOLLOWING.get((subject.about, fact), ())}


def work_out(subject: Subject, fact: str, context: Context) -> None:
    """Put the facts that follow from a fact of a subject into its record."""
    for name, found in FOLLOWING.get((subject.about, fact), {}).items():
        subject.record[name] = found(subject, context)

"""Base facts that their readers work out of other base facts: the `score` of a `value`, the `next_due` after `last_held`.

Whoever exchanges a fact in a record exchanges what follows from it, too, as if the agreement had been read that way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from coopgov.facts.subject import Context, Subject

__all__ = ["FOLLOWING", "WorkOut"]

WorkOut = Callable[[Subject, Context], Any]
"""What reads a fact off a subject whose record holds the facts that it is worked out of."""


def _original(end: str) -> WorkOut:
    """The original baseline is the current one where it never changed."""

    def work_out(part: Subject, _: Context) -> Any:
        return original_day(part, part.part, end)

    return work_out


def _score(kpi: Subject, _: Context) -> Any:
    value = kpi.record["value"]
    return None if value is None else score_of(kpi.part, Decimal(str(value)))


def _next_reading_due(kpi: Subject, context: Context) -> Any:
    baseline = kpi.part.baseline
    return context.next_due(kpi.record["value_on"] or (baseline and baseline.on), kpi.part.every)


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
    ("member", "role"): {
        "key_role": lambda member, context: member.record["role"] in context.agreement.team.key_roles
    },
}
"""By type of subject and fact: the names of what follows, and how each is worked out."""

"""Base facts of goals and KPIs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.facts.base.table import WARNINGS, facts
from coopgov.facts.subject import Context, Subject, plain_number
from coopgov.language.host_values import Gap
from coopgov.language.units import unit_name

if TYPE_CHECKING:
    from decimal import Decimal

    from coopgov.model import Goal, Kpi

__all__ = ["FACTS", "READING_FACTS", "read_goal", "read_kpi", "score_of"]

FACTS = (
    *facts(
        "goal",
        ("id", "text"),
        ("name", "text"),
        ("has_owner", "truth"),
        ("due", "date?"),
        ("has_due", "truth"),
        ("has_reason", "truth"),
        ("has_relevance", "truth"),
        ("missing_signatures", "number [0.. whole]"),
        ("kpis", "subjects of kpi"),
        *WARNINGS,
    ),
    *facts(
        "kpi",
        ("id", "text"),
        ("name", "text"),
        ("has_owner", "truth"),
        ("has_source", "truth"),
        ("category", "category?"),
        ("unit", "unit"),
        ("direction", "text: up | down"),
        ("direction_sign", "number [-1..1 whole]"),
        ("value", "own @value_on"),
        ("value_on", "date @"),
        ("previous_value", "own"),
        ("readings", "number [0.. whole]"),
        ("baseline", "own?"),
        ("baseline_on", "date"),
        ("target", "own?"),
        ("target_by", "date"),
        ("floor", "own?"),
        ("score", "points @value_on"),
        ("next_reading_due", "date?"),
        *WARNINGS,
    ),
)

READING_FACTS = ("value", "value_on", "previous_value", "score")
"""The facts that the readings of a KPI give."""


def read_goal(subject: Subject, goal: Goal, context: Context) -> None:
    """Record the base facts of a goal."""
    subject.record["has_owner"] = goal.owner is not None
    subject.put("due", goal.due, "due")
    subject.record["has_due"] = goal.due is not None
    subject.put("has_reason", goal.achievable is not None, "achievable")
    subject.put("has_relevance", goal.relevant is not None, "relevant")
    signed = [party for party, day in goal.agreed_by.items() if context.seen(day)]
    subject.put("missing_signatures", len(context.agreement.parties) - len(signed), "agreed_by")


def read_kpi(subject: Subject, kpi: Kpi, context: Context) -> None:
    """Record the base facts of a KPI."""
    subject.record["has_owner"] = kpi.owner is not None
    subject.record["has_source"] = kpi.source is not None
    subject.put("category", kpi.category, "category")
    subject.put("unit", kpi.unit or "", "unit")
    subject.put("direction", kpi.direction, "direction")
    subject.put("direction_sign", 1 if kpi.direction == "up" else -1, "direction")
    term = context.agreement.term.sound
    baseline, target = kpi.baseline, kpi.target
    subject.put("baseline", plain_number(baseline.value if baseline else None), "baseline", "value")
    subject.put("baseline_on", (baseline and baseline.on) or term.start, "baseline", "on")
    subject.put("target", plain_number(target.value if target else None), "target", "value")
    subject.put("target_by", (target and target.by) or term.end, "target", "by")
    subject.put("floor", plain_number(kpi.floor), "floor")
    _readings(subject, kpi, context)


def _readings(subject: Subject, kpi: Kpi, context: Context) -> None:
    seen = sorted(
        ((reading, position) for position, reading in enumerate(kpi.readings) if context.seen(reading.on)),
        key=lambda pair: pair[0].on,
    )
    newest, position = seen[-1] if seen else (None, 0)
    subject.put("readings", len(seen), "readings")
    subject.put("value", plain_number(newest.value if newest else None), "readings", position, "value")
    subject.put("value_on", newest and newest.on, "readings", position, "on")
    previous, before = seen[-2] if len(seen) > 1 else (None, 0)
    subject.put(
        "previous_value", plain_number(previous.value if previous else None), "readings", before, "value"
    )
    subject.put("score", newest and score_of(kpi, newest.value), "readings", position, "value")
    observed = newest or kpi.baseline
    due = context.next_due(observed.on if observed else None, kpi.every)
    subject.put("next_reading_due", due, "every")
    if newest is None and isinstance(due, date) and not context.seen(due):
        subject.record.update(
            dict.fromkeys(READING_FACTS, Gap.NOT_DUE)
        )  # nobody can have read it yet: no datum is missing


def score_of(kpi: Kpi, value: Decimal) -> float | None:
    """A reading converted to a scale from 0 to 100; None for a KPI that has no scale and is not in points or %."""
    if kpi.scale is not None:
        low, high = Fraction(kpi.scale.low), Fraction(kpi.scale.high)
        score = (Fraction(value) - low) * 100 / (high - low)
        return score.numerator if score.denominator == 1 else float(score)
    return plain_number(value) if unit_name(kpi.unit or "count") in ("%", "point") else None

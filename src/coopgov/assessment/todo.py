"""What to do and whom to tell: the actions and escalations of all warnings, each once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coopgov.assessment.agenda import ToDo, ToTell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.assessment.result import EarlyWarning, RecommendedAction

__all__ = ["to_do", "to_tell"]


def to_do(warnings: Iterable[EarlyWarning]) -> tuple[ToDo, ...]:
    """The actions that answer warnings, each once, in the order of the situation.

    Those with the fewest strains on what is short come first, then the agreement's own, then what is due first. A
    hidden warning counts: its actions answer it, too. One that is past or waived asks for nothing.
    """
    actions: dict[str, RecommendedAction] = {}
    answered: dict[str, list[str]] = {}
    for warning in warnings:
        for action in () if warning.past or warning.waived else warning.actions:
            actions.setdefault(action.id, action)
            answered.setdefault(action.id, []).append(warning.id)
    return tuple(
        ToDo(one.id, one.title, one.owner, one.due, tuple(answered[one.id]), one.strained)
        for one in sorted(actions.values(), key=_rank)
    )


def _rank(action: RecommendedAction) -> tuple[int, bool, date, str]:
    return len(action.strained), not action.own, action.due or date.max, action.id


def to_tell(warnings: Iterable[EarlyWarning]) -> tuple[ToTell, ...]:
    """Who must hear of which warnings by which day, the first day first; waived ones are left out."""
    told: dict[tuple[date, str], list[str]] = {}
    for warning in warnings:
        if warning.escalation is not None and warning.waived is None:
            told.setdefault((warning.escalation.by, warning.escalation.to), []).append(warning.id)
    return tuple(ToTell(to, by, tuple(ids)) for (by, to), ids in sorted(told.items()))

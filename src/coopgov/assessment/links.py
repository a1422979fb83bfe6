"""What else is another when one fact of the model is: the score of another reading, the next due day after a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.facts.base.targets import score_of
from coopgov.facts.subject import Context, day_after
from coopgov.language.values import NOT_SET, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject

__all__ = ["Link", "follows", "link_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A fact that the model works out from another one, and how; `ordered` where it rises or falls with that."""

    fact: str
    ordered: bool
    value: Callable[[Any], Any]


def follows(about: str, fact: str) -> str | None:
    """The fact that follows from a fact about a type of subject."""
    return _LINKS[about, fact][0] if (about, fact) in _LINKS else None


def link_of(subject: Subject, fact: str, facts: Facts) -> Link | None:
    """What follows from a fact of a subject."""
    if (subject.about, fact) not in _LINKS:
        return None
    name, work_out = _LINKS[subject.about, fact]
    context = Context(facts.agreement, facts.as_of, facts.calendar)
    return Link(name, name != "status", lambda value: work_out(subject, context, value))


def _score(subject: Subject, _: Context, value: float) -> Any:
    score = score_of(subject.part, Decimal(repr(value)))
    return UNKNOWN if score is None else score


def _next_due(subject: Subject, context: Context, value: int) -> Any:
    due = context.next_due(date.fromordinal(value), subject.part.every)
    return NOT_SET if due is None else due.toordinal()


def _buffer_start(subject: Subject, context: Context, value: int) -> Any:
    buffer = subject.part.buffer
    if buffer is None:
        return NOT_SET
    return day_after(date.fromordinal(value), buffer, context.calendar, times=-1).toordinal()


def _done(*_: Any) -> str:
    return "done"


def _begun(subject: Subject, *_: Any) -> str:
    return "done" if subject.record["status"] == "done" else "in progress"


_LINKS: Mapping[tuple[str, str], tuple[str, Callable[[Subject, Context, Any], Any]]] = {
    ("kpi", "value"): ("score", _score),
    ("kpi", "value_on"): ("next_reading_due", _next_due),
    ("body", "last_held"): ("next_due", _next_due),
    ("meeting", "last_held"): ("next_due", _next_due),
    ("phase", "planned_end"): ("buffer_start", _buffer_start),
    ("task", "actual_end"): ("status", _done),
    ("task", "actual_start"): ("status", _begun),
}

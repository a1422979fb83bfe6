"""Base facts of what is held again and again: bodies, meetings, responses to risks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.facts.subject import Context, Subject
    from coopgov.model import Agreement
    from coopgov.schema import Span

__all__ = ["HELD", "meetings_of", "read_held"]

HELD = (
    ("last_held", "date @"),
    ("next_due", "date?"),
    ("times_held", "number [0.. whole]"),
)


def meetings_of(body: str, agreement: Agreement) -> tuple[date, ...]:
    """Return the days on which a body met: its own, and those of the series of meetings that it holds."""
    own = (day for each in agreement.team.bodies if each.id == body for day in each.held)
    series = (day for each in agreement.meetings if each.body == body for day in each.sessions)
    return (*own, *series)


def read_held(
    subject: Subject, held: Iterable[date], every: Span | None, context: Context, begins: date | None = None
) -> None:
    """Record when something was last held and is due again; `begins` is the day on which the first cycle begins."""
    days = [day for day in held if context.seen(day)]
    last = max(days, default=None)
    subject.put("last_held", last, "held")
    subject.put("times_held", len(set(days)), "held")
    subject.put("next_due", context.next_due(last or begins, every), "every")

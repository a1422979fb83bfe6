"""Base facts of meetings and of the decisions in their minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.facts.base.held import HELD, read_held
from coopgov.facts.base.table import WARNINGS, facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.facts.subject import Context, Path, Subject
    from coopgov.model import Decision, Meeting
    from coopgov.schema import LocalText

__all__ = ["FACTS", "Taken", "decisions_of", "read_decision", "read_meeting"]

FACTS = (
    *facts(
        "meeting",
        ("id", "text"),
        ("name", "text"),
        ("body", "holder?"),
        ("length", "hours? [0..]"),
        *HELD,
        ("without_minutes", "number [0.. whole]"),
        ("first_without_minutes", "date?"),
        ("decisions", "subjects of decision"),
        *WARNINGS,
    ),
    *facts(
        "decision",
        ("id", "text"),
        ("name", "text"),
        ("has_owner", "truth"),
        ("owner", "holder?"),
        ("on", "date @"),
        ("due", "date?"),
        ("done", "date @"),
        *WARNINGS,
    ),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision and the day on which it was taken."""

    decision: Decision
    on: date

    @property
    def id(self) -> str:
        """Its id within the meeting."""
        return self.decision.id

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.decision.label


def read_meeting(subject: Subject, meeting: Meeting, context: Context) -> None:
    """Record the base facts of a series of meetings."""
    subject.put("body", meeting.body, "body")
    minutes = meeting.length.minutes if meeting.length else None
    hours = None if minutes is None else minutes // 60 if minutes % 60 == 0 else minutes / 60
    subject.put("length", hours, "length")
    read_held(subject, meeting.sessions, meeting.every, context)
    missing = _without_minutes(meeting, context)
    subject.put("without_minutes", len(missing), "minutes")
    subject.put("first_without_minutes", min(missing, default=None), "held")


def _without_minutes(meeting: Meeting, context: Context) -> set[date]:
    """The visible days without minutes since the first minutes; before those, nobody kept any."""
    written = {each.on for each in meeting.minutes if context.seen(each.on)}
    first = min(written, default=None)
    return {day for day in meeting.held if first is not None and first < day and context.seen(day)} - written


def decisions_of(meeting: Subject, context: Context) -> Iterator[tuple[Taken, Path]]:
    """Yield the decisions of a meeting up to the date, with their paths."""
    for position, minutes in enumerate(meeting.part.minutes):
        if context.seen(minutes.on):
            path = (*meeting.path, "minutes", position)
            for number, decision in enumerate(minutes.decisions):
                yield Taken(decision, minutes.on), (*path, "decisions", number)


def read_decision(subject: Subject, taken: Taken, context: Context) -> None:
    """Record the base facts of a decision."""
    decision = taken.decision
    subject.put("has_owner", decision.owner is not None, "owner")
    subject.put("owner", decision.owner, "owner")
    subject.put("on", taken.on)
    subject.places["on"] = (*subject.path[:-2], "on")
    subject.put("due", decision.due, "due")
    subject.put("done", context.visible(decision.done), "done")

"""Base facts of parties, members, bodies and meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.table import WARNINGS, facts
from coopgov.facts.subject import Context, Subject, plain_number

if TYPE_CHECKING:
    from datetime import date

    from coopgov.model import Body, Meeting, Member
    from coopgov.schema import Span

__all__ = ["FACTS", "read_body", "read_meeting", "read_member"]

_HELD = (
    ("last_held", "date @"),
    ("next_due", "date?"),
    ("times_held", "number [0.. whole]"),
)

FACTS = (
    *facts(
        "party",
        ("id", "text"),
        ("name", "text"),
        ("members", "subjects of member"),
    ),
    *facts(
        "member",
        ("id", "text"),
        ("name", "text"),
        ("party", "text?"),
        ("role", "role?"),
        ("key_role", "truth"),
        ("deputy", "text?"),
        ("has_deputy", "truth"),
        ("load", "percent? [0..]"),
        ("tasks", "subjects of task"),
        *WARNINGS,
    ),
    *facts(
        "body",
        ("id", "text"),
        ("name", "text"),
        ("members", "subjects of member"),
        *_HELD,
        *WARNINGS,
    ),
    *facts(
        "meeting",
        ("id", "text"),
        ("name", "text"),
        ("body", "text?"),
        ("length", "hours? [0..]"),
        *_HELD,
        *WARNINGS,
    ),
)


def read_member(subject: Subject, member: Member, context: Context) -> None:
    """Record the base facts of a member."""
    subject.put("party", member.party, "party")
    subject.put("role", member.role, "role")
    subject.put("key_role", member.role in context.agreement.team.key_roles, "role")
    subject.put("deputy", member.deputy, "deputy")
    subject.put("has_deputy", member.deputy is not None, "deputy")
    subject.put("load", plain_number(member.load), "load")


def read_body(subject: Subject, body: Body, context: Context) -> None:
    """Record the base facts of a body; the meetings that it holds count, too."""
    days = [
        *body.held,
        *(day for meeting in context.agreement.meetings if meeting.body == body.id for day in meeting.held),
    ]
    _held(subject, tuple(days), body.every, context)


def read_meeting(subject: Subject, meeting: Meeting, context: Context) -> None:
    """Record the base facts of a series of meetings."""
    subject.put("body", meeting.body, "body")
    minutes = meeting.length.minutes if meeting.length else None
    hours = None if minutes is None else minutes // 60 if minutes % 60 == 0 else minutes / 60
    subject.put("length", hours, "length")
    _held(subject, meeting.held, meeting.every, context)


def _held(subject: Subject, held: tuple[date, ...], every: Span | None, context: Context) -> None:
    days = [day for day in held if day <= context.as_of]
    last = max(days, default=None)
    subject.put("last_held", last, "held")
    subject.put("times_held", len(set(days)), "held")
    subject.put("next_due", context.next_due(last, every), "every")

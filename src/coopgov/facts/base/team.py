"""Base facts of parties, members, bodies and meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.table import facts, warnings
from coopgov.facts.subject import Context, Subject, plain_number

if TYPE_CHECKING:
    from datetime import date

    from coopgov.model import Body, Meeting, Member
    from coopgov.schema import Span

__all__ = ["FACTS", "read_body", "read_meeting", "read_member"]

_HELD = (
    ("last_held", "date @", "The day it last met, as far as that is visible."),
    (
        "next_due",
        "date?",
        (
            "The day by which it must meet again: one cycle after it last met or the term began, at the latest the end "
            "of the term; always a working day."
        ),
    ),
    ("times_held", "number [0.. whole]", "How often it has met, as far as that is visible."),
)

FACTS = (
    *facts(
        "party",
        ("id", "text", "Its id."),
        ("name", "text", "Its name, in English where there is one."),
        ("members", "subjects of member", "The members it sends."),
    ),
    *facts(
        "member",
        ("id", "text", "Its id."),
        ("name", "text", "Its name, in English where there is one."),
        ("party", "text?", "The party it comes from."),
        ("role", "text?", "The role it holds."),
        ("key_role", "truth", "Whether that role is one of the key roles."),
        ("deputy", "text?", "Its deputy."),
        ("has_deputy", "truth", "Whether it has a deputy."),
        ("load", "percent? [0..]", "The share of full working time available for this cooperation."),
        ("tasks", "subjects of task", "The tasks that it owns, itself or by its role."),
        *warnings("Warnings about it"),
    ),
    *facts(
        "body",
        ("id", "text", "Its id."),
        ("name", "text", "Its name, in English where there is one."),
        ("members", "subjects of member", "Its members."),
        *_HELD,
        *warnings("Warnings about it"),
    ),
    *facts(
        "meeting",
        ("id", "text", "Its id."),
        ("name", "text", "Its name, in English where there is one."),
        ("body", "text?", "The body that meets."),
        ("length", "hours? [0..]", "The planned length of one meeting."),
        *_HELD,
        *warnings("Warnings about it"),
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

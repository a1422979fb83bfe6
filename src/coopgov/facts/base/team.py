"""Base facts of parties, members and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.held import HELD, meetings_of, read_held
from coopgov.facts.base.table import WARNINGS, facts
from coopgov.facts.subject import Context, Subject, plain_number
from coopgov.language.host_values import Gap

if TYPE_CHECKING:
    from coopgov.model import Absence, Body, Member

__all__ = ["FACTS", "read_body", "read_member"]

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
        ("deputies", "subjects of member"),
        ("load", "percent? [0..]"),
        ("absent", "truth"),
        ("absent_since", "date?"),
        ("absent_until", "date?"),
        ("tasks", "subjects of task"),
        *WARNINGS,
    ),
    *facts(
        "body",
        ("id", "text"),
        ("name", "text"),
        ("members", "subjects of member"),
        *HELD,
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
    _absence(subject, member, context)


def _absence(subject: Subject, member: Member, context: Context) -> None:
    """Record whether it is away, and the days of the absences that cover the date."""
    covering = [_covers(each, context) for each in member.absent]
    absent = True if True in covering else None if None in covering else False
    subject.put("absent", absent, "absent")
    now = [each for each, covers in zip(member.absent, covering, strict=True) if covers]
    since = min((each.start for each in now if each.start), default=None)
    subject.put("absent_since", Gap.UNSTATED if absent is None else since, "absent")
    endless = any(each.end is None for each in now)
    until = None if endless else max((each.end for each in now if each.end), default=None)
    subject.put("absent_until", until, "absent")


def _covers(absence: Absence, context: Context) -> bool | None:
    """Whether an absence covers the date, of which the context hears both ends."""
    if absence.start is not None:
        context.seen(absence.start)
    if absence.end is not None:
        context.over(absence.end)
    return absence.covers(context.as_of)


def read_body(subject: Subject, body: Body, context: Context) -> None:
    """Record the base facts of a body; the meetings that it holds count, too."""
    read_held(subject, meetings_of(body.id, context.agreement), body.every, context)

"""Finds probable mistakes about people: owners that nobody holds, members that nothing names, impossible cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.model.calendar import WorkingCalendar, cycle_after, months_after
from coopgov.model.references import OwnerHints, roles_of
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import Defect, quoted, shown
from coopgov.schema.quantities import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from coopgov.model.contents import Contents
    from coopgov.model.findings.parts import Found
    from coopgov.schema.problems import Path

__all__ = ["chairs_of_joint_leadership", "long_cycles", "unused_members", "vacant_owners"]

_DAYS = {"days": 1.0, "working days": 7 / 5, "months": 365.25 / 12}
"""Roughly how many days each unit of a cycle has."""
_MARGIN = 1.1
"""How much longer a cycle must be to be surely longer: months differ in length, and weeks in working days."""


def vacant_owners(agreement: Contents, parts: Sequence[Found]) -> Iterator[Defect]:
    """Find owners that are no member, body or party, nor a role that somebody holds; each once."""
    team = agreement.team
    named = {each.id for each in (*team.members, *team.bodies, *agreement.parties)}
    known = sorted(named | {member.role for member in team.members if member.role})
    roles, hints = roles_of(team), OwnerHints(agreement, known)
    vacant: dict[str, Path] = {}
    for path, _, has in parts:
        owner = has.get("owner")
        if isinstance(owner, str) and owner not in known:
            vacant.setdefault(owner, (*path, "owner"))
    for owner, path in vacant.items():
        expected = phrase("model.vacant-owner.expected")
        hint = phrase("model.vacant-owner.hint") if owner in roles else hints.near(owner)
        yield Defect(path, "vacant-owner", quoted(owner), expected, hint)


def chairs_of_joint_leadership(agreement: Contents) -> Iterator[Defect]:
    """Find chairs of a team whose heads lead together: rules about chairs are for those who take turns."""
    if agreement.team.leadership == "joint" and agreement.team.chairs:
        found = phrase("model.chairs-of-joint-leadership.found")
        expected = phrase("model.chairs-of-joint-leadership.expected")
        hint = phrase("hints.write-code", text="rotating")
        yield Defect(("team", "leadership"), "chairs-of-joint-leadership", found, expected, hint)


def unused_members(agreement: Contents, parts: Sequence[Found]) -> Iterator[Defect]:
    """Find members without a role that nothing else in the agreement names."""
    named = {name for found in parts for name in _names(found)}
    for at, member in enumerate(agreement.team.members):
        if member.role is None and member.id not in named:
            found, expected = (
                phrase("model.unused-member.found", member=member.id),
                phrase("model.unused-member.expected"),
            )
            yield Defect(("team", "members", at, "id"), "unused-member", found, expected)


def _names(found: Found) -> Iterator[str]:
    """What a part itself can name a member by: every text but its own id, and every key of a mapping."""
    for key, value in found.has.items():
        if isinstance(value, (tuple, FrozenMap)):
            yield from (each for each in value if isinstance(each, str))
        elif isinstance(value, str) and key != "id":
            yield value


def long_cycles(agreement: Contents, parts: Sequence[Found]) -> Iterator[Defect]:
    """Find cycles longer than the term by more than a month, and bodies whose meetings are rarer than their cycle."""
    term = agreement.term.sound
    for path, _, has in parts:
        every = has.get("every")
        if isinstance(every, Span) and term.start and term.end and _ends_after(term.start, every, term.end):
            expected = phrase("model.cycle-too-long.term", start=term.start, end=term.end)
            yield Defect((*path, "every"), "cycle-too-long", shown(str(every)), expected)
    yield from _rare_meetings(agreement)


def _ends_after(start: date, every: Span, end: date) -> bool:
    """Whether a cycle that begins on a day ends more than a month after another day."""
    try:
        return cycle_after(start, every, WorkingCalendar()) > months_after(end, 1)
    except OverflowError:
        return _days(every) > (end - start).days + 31


def _rare_meetings(agreement: Contents) -> Iterator[Defect]:
    """Find bodies that meet in series only, all of which are rarer than the body's own cycle."""
    for at, body in enumerate(agreement.team.bodies):
        series = [each.every for each in agreement.meetings if each.body == body.id]
        cycles = [every for every in series if every is not None]
        if body.every is None or body.held or not cycles or len(cycles) < len(series):
            continue
        shortest = min(cycles, key=lambda every: (_days(every), str(every)))
        if _days(shortest) > _MARGIN * _days(body.every):
            expected = phrase("model.cycle-too-long.body", body=body.id, every=str(shortest))
            path = ("team", "bodies", at, "every")
            yield Defect(path, "cycle-too-long", shown(str(body.every)), expected)


def _days(every: Span) -> float:
    return every.count * _DAYS[every.unit]

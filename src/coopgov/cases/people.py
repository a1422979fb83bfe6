"""Who may speak for a case: what names mean, who was notified, and who is above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.escalation import receiver_of
from coopgov.cases.refusal import refused
from coopgov.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.cases.case import Case
    from coopgov.cases.event import Event
    from coopgov.cases.observed import Observed

__all__ = ["fully_acknowledged", "known_name", "may_acknowledge", "members_of", "party_of", "same_person"]


def members_of(name: str, day: Observed) -> frozenset[str]:
    """The ids of the members that a name means: itself, those who hold a role, those of a body or party."""
    own = day.holders.of(name)
    if any(party.id == own for party in day.agreement.parties):
        return frozenset(each.id for each in day.agreement.team.members if each.party == own)
    return frozenset(each["id"] for each in day.holders.holding.get(own, ()))


def known_name(case: Case, event: Event, name: str, day: Observed) -> str:
    """A name as the agreement has it.

    Raises:
        RefusedEventError: the agreement does not have it.
    """
    found = day.holders.of(name)
    if not day.holders.known(found):
        raise refused(case, event, "unknown-name", did_you_mean(name, day.holders.holding), name=name)
    return found


def may_acknowledge(case: Case, by: str, day: Observed) -> bool:
    """Whether somebody was notified of a case, is above those who were, or belongs to a party whose answer it needs."""
    names = {day.holders.of(each) for each in _concerned(case, day)}
    members = frozenset[str]().union(*(members_of(each, day) for each in names))
    deputies = {each.id for name in names for each in day.holders.stand_ins(name)}
    own = day.holders.of(by)
    return own in names or bool(members_of(by, day) & (members | deputies))


def _concerned(case: Case, day: Observed) -> Iterator[str]:
    yield from case.told
    yield from (rung.to for rung in case.ladder)
    if case.assignee is not None:
        yield case.assignee
    rule, subject = day.by_id.get(case.rule), day.subjects.get(case.about)
    if rule is None:
        return
    if rule.acknowledge == "each party":
        yield from (party.id for party in day.agreement.parties)
    if subject is not None:
        steps = (step for ladder in rule.escalate.values() for step in ladder)
        yield from (receiver_of(step.to, subject, day.holders) for step in steps)


def party_of(name: str, day: Observed) -> str | None:
    """The party that a name belongs to; None if it belongs to none, or to several."""
    own = day.holders.of(name)
    if any(party.id == own for party in day.agreement.parties):
        return own
    members = members_of(name, day)
    parties = {member.party for member in day.agreement.team.members if member.id in members}
    return next(iter(parties)) if len(parties) == 1 else None


def fully_acknowledged(case: Case, day: Observed) -> bool:
    """Whether everybody has acknowledged a case whose answer it needs: each party, or anybody."""
    parties = {party.id for party in day.agreement.parties} if day.asks_each_party(case) else set()
    return bool(case.acknowledged) and parties <= set(case.acknowledged)


def same_person(one: str, other: str, day: Observed) -> bool:
    """Whether two names mean the same: the same name, or the same one member."""
    if day.holders.of(one) == day.holders.of(other):
        return True
    members = members_of(one, day)
    return len(members) == 1 and members == members_of(other, day)

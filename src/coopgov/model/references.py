"""Checks the names that an agreement refers to: owners, members, KPIs, preceding tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.faults import NO_HINT
from coopgov.hints import Hints
from coopgov.locales import phrase
from coopgov.model.subjects import subjects
from coopgov.model.team import STANDARD_ROLES
from coopgov.schema.problems import Defect, quoted
from coopgov.synonyms import among, misspelt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.team import Team
    from coopgov.schema.problems import Path

__all__ = ["OwnerHints", "owner_names", "reference_faults", "resolve_synonyms", "roles_of"]

Reference = tuple["Path", str | None]


def roles_of(team: Team) -> set[str]:
    """Return every role that an owner may name: held by a member, a key role, or one of the four standard roles."""
    held = {member.role for member in team.members if member.role}
    return held | set(team.key_roles) | set(STANDARD_ROLES)


def resolve_synonyms(agreement: Contents) -> None:
    """Let owners and bodies that are named by a synonym have the id or role that the agreement has.

    It changes parts that were made a moment before, and that nobody else has yet.
    """
    bodies = {body.id for body in agreement.team.bodies}
    owners = owner_names(agreement)
    used = (
        *((path, name, bodies) for path, name in _body_names(agreement)),
        *((path, name, owners) for path, name in _owners(agreement)),
        *((path, name, owners) for path, name in _owners_to_be(agreement)),
    )
    for (*path, field), name, known in used:
        found = None if name is None or name in known else among(name, known, bodies)
        if found is not None:
            part: Any = agreement
            for step in path:
                part = part[step] if isinstance(step, int) else getattr(part, step)
            part.__dict__[field] = found


def owner_names(agreement: Contents) -> set[str]:
    """Return every name that an owner may have."""
    parts = (*agreement.team.members, *agreement.team.bodies, *agreement.parties)
    return {part.id for part in parts} | roles_of(agreement.team)


class OwnerHints(Hints):
    """Hints at owners: by the name that a member, body or party is displayed with, a near name, or a misspelt role."""

    def __init__(self, agreement: Contents, known: Iterable[str]) -> None:
        super().__init__(known)
        self._displayed: dict[str, set[str]] = {}
        for part in (*agreement.team.members, *agreement.team.bodies, *agreement.parties):
            for _, said in part.name.entries if part.name else ():
                self._displayed.setdefault(said, set()).add(part.id)

    def near(self, name: str) -> Phrase:
        """Return a hint at the owner that a name probably means; empty where several are displayed with it."""
        ids = self._displayed.get(name, set())
        if ids:
            return phrase("hints.write-code", text=min(ids)) if len(ids) == 1 else NO_HINT
        hint = super().near(name)
        role = None if hint or self._left < 0 else misspelt(name, "role")
        return phrase("common.did-you-mean", near=role) if role else hint


def reference_faults(agreement: Contents) -> Iterator[Defect]:
    """Find names that refer to nothing, or to two things."""
    members = {member.id for member in agreement.team.members}
    bodies = {body.id for body in agreement.team.bodies}
    parties = {party.id for party in agreement.parties}
    owners = owner_names(agreement)
    yield from _unknown("party", parties, _member_parties(agreement))
    yield from _unknown("party", parties, _signed(agreement), key=True)
    yield from _unknown("member", members, _member_names(agreement))
    yield from _unknown("body", bodies, _body_names(agreement))
    yield from _unknown("kpi", {kpi.id for kpi in agreement.kpis}, _kpi_names(agreement))
    yield from _unknown("survey", {survey.id for survey in agreement.surveys}, _survey_names(agreement))
    yield from _unknown("owner", owners, _owners(agreement), hints=OwnerHints(agreement, sorted(owners)))
    if agreement.waivers:
        yield from _unknown("subject", subjects(agreement), _waived(agreement))
    yield from _own_deputies(agreement)
    yield from _ambiguous(agreement)


def _unknown(
    sort: str,
    known: Collection[str],
    used: Iterator[Reference],
    *,
    key: bool = False,
    hints: Hints | None = None,
) -> Iterator[Defect]:
    hints = hints or Hints(sorted(known))
    for path, name in used:
        if name is not None and name not in known:
            expected = phrase(f"model.unknown-{sort}.expected")
            yield Defect(path, f"unknown-{sort}", quoted(name), expected, hints.near(name), key)


def _member_parties(agreement: Contents) -> Iterator[Reference]:
    for at, member in enumerate(agreement.team.members):
        yield ("team", "members", at, "party"), member.party


def _signed(agreement: Contents) -> Iterator[Reference]:
    for at, goal in enumerate(agreement.goals):
        for name in goal.agreed_by:
            yield ("goals", at, "agreed_by", name), name
    for at, report in enumerate(agreement.reports):
        for name in report.signed_by:
            yield ("reports", at, "signed_by", name), name


def _member_names(agreement: Contents) -> Iterator[Reference]:
    for at, member in enumerate(agreement.team.members):
        yield ("team", "members", at, "deputy"), member.deputy
    for at, chair in enumerate(agreement.team.chairs):
        yield ("team", "chairs", at, "by"), chair.by
    for at, body in enumerate(agreement.team.bodies):
        path = ("team", "bodies", at)
        yield (*path, "chair"), body.chair
        for position, name in enumerate(body.members):
            yield (*path, "members", position), name


def _body_names(agreement: Contents) -> Iterator[Reference]:
    for at, meeting in enumerate(agreement.meetings):
        yield ("meetings", at, "body"), meeting.body
    for at, risk in enumerate(agreement.risks):
        for position, response in enumerate(risk.responses):
            yield ("risks", at, "responses", position, "body"), response.body


def _kpi_names(agreement: Contents) -> Iterator[Reference]:
    for at, goal in enumerate(agreement.goals):
        for position, name in enumerate(goal.kpis):
            yield ("goals", at, "kpis", position), name
    for dimension in ("efficiency", "satisfaction"):
        part = getattr(agreement.evaluation, dimension, None)
        for position, name in enumerate(part.kpis if part else ()):
            yield ("evaluation", dimension, "kpis", position), name


def _survey_names(agreement: Contents) -> Iterator[Reference]:
    if agreement.evaluation is not None and agreement.evaluation.team is not None:
        yield ("evaluation", "team", "survey"), agreement.evaluation.team.survey


def _owners(agreement: Contents) -> Iterator[Reference]:
    for at, goal in enumerate(agreement.goals):
        yield ("goals", at, "owner"), goal.owner
    for at, kpi in enumerate(agreement.kpis):
        yield ("kpis", at, "owner"), kpi.owner
    for at, risk in enumerate(agreement.risks):
        yield ("risks", at, "owner"), risk.owner
    for at, survey in enumerate(agreement.surveys):
        yield ("surveys", at, "owner"), survey.owner
    yield from _owners_of_decisions(agreement)
    for at, phase in enumerate(agreement.phases):
        path = ("phases", at)
        yield (*path, "owner"), phase.owner
        for position, milestone in enumerate(phase.milestones):
            yield (*path, "milestones", position, "owner"), milestone.owner
        for position, deliverable in enumerate(phase.deliverables):
            yield (*path, "deliverables", position, "owner"), deliverable.owner
        for position, task in enumerate(phase.tasks):
            yield (*path, "tasks", position, "owner"), task.owner


def _owners_of_decisions(agreement: Contents) -> Iterator[Reference]:
    for at, meeting in enumerate(agreement.meetings):
        for position, minutes in enumerate(meeting.minutes):
            path = ("meetings", at, "minutes", position, "decisions")
            for number, decision in enumerate(minutes.decisions):
                yield (*path, number, "owner"), decision.owner


def _owners_to_be(agreement: Contents) -> Iterator[Reference]:
    """Owners of responses and plans, which may be roles that nobody holds."""
    for at, risk in enumerate(agreement.risks):
        for position, response in enumerate(risk.responses):
            yield ("risks", at, "responses", position, "owner"), response.owner
    for at, plan in enumerate(agreement.plans):
        yield ("plans", at, "owner"), plan.owner


def _waived(agreement: Contents) -> Iterator[Reference]:
    for at, waiver in enumerate(agreement.waivers):
        yield ("waivers", at, "about"), waiver.about


def _own_deputies(agreement: Contents) -> Iterator[Defect]:
    for at, member in enumerate(agreement.team.members):
        if member.deputy == member.id:
            path = ("team", "members", at, "deputy")
            found = phrase("model.own-deputy.found", member=member.id)
            yield Defect(path, "own-deputy", found, phrase("model.own-deputy.expected"))


def _ambiguous(agreement: Contents) -> Iterator[Defect]:
    """Members, bodies and roles share one namespace: the name of an owner must refer to exactly one of them."""
    roles = roles_of(agreement.team)
    for at, member in enumerate(agreement.team.members):
        if member.id in roles and member.role != member.id:
            path = ("team", "members", at, "id")
            found = phrase("model.ambiguous-name.member", name=member.id)
            expected = phrase("model.ambiguous-name.unless-held")
            yield Defect(path, "ambiguous-name", found, expected)
    for at, body in enumerate(agreement.team.bodies):
        if body.id in roles:
            path = ("team", "bodies", at, "id")
            found = phrase("model.ambiguous-name.body", name=body.id)
            expected = phrase("model.ambiguous-name.no-role")
            yield Defect(path, "ambiguous-name", found, expected)

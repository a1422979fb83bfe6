"""One name for each person: members, roles, bodies and parties as an agreement names them, with who holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.roles import Holders
from coopgov.errors import UnknownNameError
from coopgov.locales import text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.facts.derive import Facts
    from coopgov.model import Body, Member, Party

__all__ = ["People"]


class People:
    """The people of an agreement, as a reader of a language calls them; on the date of the facts, some are absent.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> from coopgov.facts import derive
    >>> facts = derive(load_agreement("examples/large/agreement.yaml"), date(2026, 11, 30))
    >>> people = People(facts, "zh-Hans")
    >>> people.called("joint-lead"), people.called("project-manager"), people.called("quality-officer")
    ('联合组长（张伟、李娜）', '项目经理（张伟）', 'quality-officer（空缺）')
    """

    def __init__(self, facts: Facts, language: str) -> None:
        self.language = language
        self.holders: Holders = Holders(facts, language)
        agreement, team = facts.agreement, facts.agreement.team
        self.members: dict[str, Member] = {member.id: member for member in team.members}
        self.bodies: dict[str, Body] = {body.id: body for body in team.bodies}
        self.parties: dict[str, Party] = {party.id: party for party in agreement.parties}
        self.roles: dict[str, list[Member]] = {}
        for member in team.members:
            if member.role:
                self.roles.setdefault(member.role, []).append(member)

    def called(self, name: str) -> str:
        """The display name of a member, role, body or party: with its holders, their stand-ins, or as vacant."""
        name = self.holders.of(name)
        who = self._called(name)
        if self.holders.vacant(name):
            why = "absent" if self.holders.known(name) else "vacant"
            return text(f"assessment.people.{why}", self.language, who=who)
        stand_ins = self.holders.stand_ins(name)
        if not stand_ins:
            return who
        names = text("common.comma", self.language).join(each.name for each in stand_ins)
        return text("assessment.people.stood-in-for", self.language, who=who, names=names)

    def named(self, name: str) -> str:
        """The display name of a member, body, role or party, without its holders."""
        return self.own_name(name) or self.role(name)

    def own_name(self, name: str) -> str | None:
        """The name that the agreement gives a member, a body or a party; None for a role."""
        for group in (self.members, self.bodies, {} if name in self.roles else self.parties):
            if name in group:
                return group[name].label.in_language(self.language)
        return None

    def _called(self, name: str) -> str:
        holders: Iterable[Member] = ()
        if name not in self.members and name in self.bodies:
            members = self.bodies[name].members
            holders = (self.members[each] for each in members if each in self.members)
        elif name not in self.members:
            holders = self.roles.get(name, ())
        return self._held(self.named(name), holders)

    def role(self, name: str) -> str:
        """A role or standard body in the language; any other name as it is."""
        return texts(self.language).get(f"assessment.people.roles.{name}", name)

    def meant(self, name: str) -> frozenset[str]:
        """The names under which somebody owns actions or hears of warnings.

        These are their own, their role, the bodies that they belong to, and what they stand in for.

        Args:
            name: an id, a role, or a display name in any language of the agreement.

        Raises:
            UnknownNameError: nobody in the agreement has that name.
        """
        known: dict[str, str] = {role: role for role in (*self.roles, *_standard())}
        for group in (self.parties, self.bodies, self.members):
            for each in group.values():
                known |= dict.fromkeys((each.id, *(said for _, said in each.label.entries)), each.id)
        found = known.get(name, self.holders.of(name))
        if name not in known and not self.holders.known(found):
            raise UnknownNameError("member-role-or-body", name, known)
        names = {found}
        if found in self.members:
            member = self.members[found]
            names |= {member.role} if member.role else set()
            names |= {body.id for body in self.bodies.values() if found in body.members}
            names |= {
                name
                for name in self.holders.holding
                if any(each.id == found for each in self.holders.stand_ins(name))
            }
        return frozenset(names)

    def _held(self, who: str, holders: Iterable[Member]) -> str:
        comma = text("common.comma", self.language)
        names = comma.join(each.label.in_language(self.language) for each in holders)
        return text("assessment.people.held", self.language, who=who, holders=names) if names else who


def _standard() -> tuple[str, ...]:
    """The roles and bodies that have a name in every language; an action may be theirs although nobody holds them."""
    prefix = "assessment.people.roles."
    return tuple(key.removeprefix(prefix) for key in texts("en") if key.startswith(prefix))

"""Who can own an action or receive an escalation: the holders of each name, their deputies, and what is vacant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import StandIn
from coopgov.model.references import OwnerHints
from coopgov.rules.entry_fields import OWNER
from coopgov.rules.rule import short_ladder, vacant_ladder
from coopgov.synonyms import among, canonical, meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts.derive import Facts
    from coopgov.faults import Fault
    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet

__all__ = ["Holders", "holders", "vacancies"]


def holders(agreement: Agreement) -> frozenset[str]:
    """Every name that an owner or escalation can mean: members, the roles they hold, bodies, parties."""
    team = agreement.team
    names = (
        *(member.id for member in team.members),
        *(member.role for member in team.members),
        *(body.id for body in team.bodies),
        *(party.id for party in agreement.parties),
    )
    return frozenset(name for name in names if name)


class Holders:
    """Who holds each name on the date of facts, some of which may have been replaced.

    Each member that is absent is replaced by its deputy, unless that is absent, too. A name is vacant if the agreement
    does not have it, or if all members that it means are absent and nobody stands in for them.
    """

    def __init__(self, facts: Facts, language: str) -> None:
        self.language = language
        subjects = facts.subjects
        self._bodies = frozenset(
            body.record["id"] for body in subjects["body"] if body.record["id"] is not None
        )
        self._meant: dict[str, str] = {}
        self.members: dict[str, dict[str, Any]] = {one.record["id"]: one.record for one in subjects["member"]}
        self.holding: dict[str, list[Any]] = {one.record["id"]: [] for one in subjects["party"]}
        for body in subjects["body"]:
            self.holding[body.record["id"]] = list(body.record["members"])
        for name, member in self.members.items():
            self.holding[name] = [member]
            if member["role"] not in (None, name):
                self.holding.setdefault(member["role"], []).append(member)

    def of(self, name: str) -> str:
        """The id or role that the agreement has for a name; a vacant role has its canonical name."""
        if name not in self._meant:
            self._meant[name] = among(name, self.holding, self._bodies) or meant(name, "role")
        return self._meant[name]

    def known(self, name: str) -> bool:
        """Whether the agreement has a name; who has it may be absent."""
        return name in self.holding

    def vacant(self, name: str) -> bool:
        """Whether nobody is there who has a name."""
        found = self.holding.get(name)
        if found is None:
            return True
        return bool(found) and all(map(_absent, found)) and not self.stand_ins(name)

    def stand_ins(self, name: str) -> tuple[StandIn, ...]:
        """The deputies of absent holders of a name, each once, without those that hold it themselves."""
        label = {each["id"]: each["label"].in_language(self.language) for each in self._deputies(name)}
        return tuple(StandIn(each, label[each]) for each in sorted(label))

    def _deputies(self, name: str) -> Iterator[Any]:
        found = self.holding.get(name, [])
        for member in found:
            deputy = self.members.get(member["deputy"])
            if (
                _absent(member)
                and deputy is not None
                and not any(each is deputy for each in found)
                and not _absent(deputy)
            ):
                yield deputy


def _absent(member: Any) -> bool:
    return member["absent"] is True


def vacancies(rules: RuleSet, agreement: Agreement) -> list[Fault]:
    """The owners and escalations of a rule set that nobody in an agreement holds.

    Each name is reported once, where it is first written. A ladder of several steps that are all vacant is a fault of
    its own: nobody would hear of its warnings. So is one that does not reach each party, where each must acknowledge.
    """
    here, bodies = holders(agreement), {body.id for body in agreement.team.bodies}

    def vacant(name: str) -> bool:
        return among(name, here, bodies) is None and canonical(name, "receiver") != OWNER

    hints = OwnerHints(agreement, sorted({*here, OWNER}))
    first = {mention.name: mention for mention in reversed(rules.mentions)}
    ladders = {
        (field.source.document.file, field.path): field
        for rule in rules.rules
        if rule.escalate
        for field in rule.fields["escalate"].value.values()
        if len(field.value) > 1 and all(vacant(step.to) for step in field.value)
    }
    return [
        *(mention.vacant(hints.near(name)) for name, mention in first.items() if vacant(name)),
        *map(vacant_ladder, ladders.values()),
        *(fault for rule in rules.rules for fault in _unreached(rule, agreement)),
    ]


def _unreached(rule: Rule, agreement: Agreement) -> Iterator[Fault]:
    """The ladders of a rule that do not reach a party although each party must acknowledge."""
    if rule.acknowledge != "each party" or not rule.escalate:
        return
    for severity, ladder in rule.escalate.items():
        missing = {party.id for party in agreement.parties}
        missing -= {party for step in ladder for party in _parties(step.to, agreement)}
        owners = any(canonical(step.to, "receiver") == OWNER for step in ladder)
        if len(missing) > owners:  # the owner of a subject can be of any party
            yield short_ladder(rule.fields["acknowledge"], severity, missing)


def _parties(name: str, agreement: Agreement) -> set[str]:
    """The parties of those who hold a name."""
    team = agreement.team
    bodies = {body.id: body.members for body in team.bodies}
    own = among(name, holders(agreement), bodies)
    if own is None:
        return set()
    if any(party.id == own for party in agreement.parties):
        return {own}
    members = bodies.get(own, ())
    held = (each.party for each in team.members if own in (each.id, each.role) or each.id in members)
    return set(filter(None, held))

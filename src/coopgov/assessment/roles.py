"""Who can own an action or receive an escalation: the holders of each name, and the roles that nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.words import among, meant

if TYPE_CHECKING:
    from coopgov.errors import Fault
    from coopgov.facts.derive import Facts
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import RuleSet

__all__ = ["Names", "holders", "holders_in", "vacancies"]


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


def holders_in(facts: Facts) -> frozenset[str]:
    """The same, read from the facts of a date, some of which may have been replaced."""
    ids = (one.record["id"] for about in ("member", "body", "party") for one in facts.subjects[about])
    roles = (member.record["role"] for member in facts.subjects["member"])
    return frozenset(name for name in (*ids, *roles) if name)


class Names:
    """The ids and roles that names mean on the date of facts; vacant roles have their canonical names."""

    def __init__(self, facts: Facts) -> None:
        self._holders = holders_in(facts)
        self._bodies = frozenset(body.record["id"] for body in facts.subjects["body"])
        self._found: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The name that the agreement has for it."""
        if name not in self._found:
            self._found[name] = among(name, self._holders, self._bodies) or meant(name, "role")
        return self._found[name]


def vacancies(rules: RuleSet, agreement: Agreement) -> list[Fault]:
    """The owners and escalations of a rule set that nobody in an agreement holds, each once, where first named."""
    here, bodies = holders(agreement), {body.id for body in agreement.team.bodies}
    first = {mention.name: mention for mention in reversed(rules.mentions)}
    return [mention.vacant() for name, mention in first.items() if among(name, here, bodies) is None]

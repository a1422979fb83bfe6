"""Escalation: who must hear of a warning, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.actions import later
from coopgov.assessment.result import Escalated
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov.assessment.roles import Holders
    from coopgov.facts import Facts
    from coopgov.rules import Rule
    from coopgov.rules.schema import Escalation

__all__ = ["escalated", "escalation_of"]


def escalation_of(rule: Rule, severity: str, holders: Holders) -> Escalation | None:
    """Return the escalation of a rule for a severity, else for the next milder severity that has one.

    It names the receiver as the agreement does.
    """
    for each in reversed(SEVERITIES[: SEVERITIES.index(severity) + 1]):
        found = rule.escalate.get(each)
        if found is not None:
            to = holders.of(found.to)
            return found if to == found.to else found.model_copy(update={"to": to})
    return None


def escalated(rule: Rule, severity: str, facts: Facts, holders: Holders) -> Escalated | None:
    """Return who must hear of a warning of this severity, and by when; None if nobody must."""
    to = escalation_of(rule, severity, holders)
    if to is None:
        return None
    return Escalated(to.to, later(facts, to.within), holders.vacant(to.to), holders.stand_ins(to.to))

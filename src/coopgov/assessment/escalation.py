"""Escalation: who must hear of a warning, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.actions import later
from coopgov.assessment.result import Escalated
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Container

    from coopgov.facts import Facts
    from coopgov.rules import Rule
    from coopgov.rules.schema import Escalation

__all__ = ["escalated", "escalation_of"]


def escalation_of(rule: Rule, severity: str) -> Escalation | None:
    """Return the escalation of a rule for a severity, else for the next milder severity that has one."""
    for each in reversed(SEVERITIES[: SEVERITIES.index(severity) + 1]):
        if rule.escalate.get(each) is not None:
            return rule.escalate[each]
    return None


def escalated(rule: Rule, severity: str, facts: Facts, holders: Container[str]) -> Escalated | None:
    """Return who must hear of a warning of this severity, and by when; None if nobody must.

    `holders` are the names of the agreement that somebody holds.
    """
    to = escalation_of(rule, severity)
    return None if to is None else Escalated(to.to, later(facts, to.within), vacant=to.to not in holders)

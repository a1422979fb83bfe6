"""Escalation: who must hear of a warning, step by step, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import Escalated
from coopgov.facts.subject import day_after, without_gap
from coopgov.rules.entry_fields import OWNER
from coopgov.synonyms import canonical

if TYPE_CHECKING:
    from coopgov.assessment.roles import Holders
    from coopgov.facts import Facts
    from coopgov.facts.subject import Subject
    from coopgov.rules import Rule
    from coopgov.rules.entry_fields import Ladder
    from coopgov.severities import Severity

__all__ = ["STAND_IN", "ladder_of", "laddered", "owner_of", "receiver_of"]

STAND_IN = "project-manager"
"""The role that hears of what has no owner."""


def owner_of(subject: Subject, holders: Holders) -> str:
    """Return the subject's own owner as the agreement names it; for a subject without one, the project manager."""
    own: Any = without_gap(subject.record.get("owner", getattr(subject.part, "owner", None)))
    return holders.of(own or STAND_IN)


def receiver_of(to: str, subject: Subject, holders: Holders) -> str:
    """Return whom a step of a ladder means, as the agreement names it.

    The word `owner` is reserved. Its synonyms in other languages mean the owner only where the agreement has no such
    name: somebody may well have the role 负责人.
    """
    if to == OWNER or (not holders.known(to) and canonical(to, "receiver") == OWNER):
        return owner_of(subject, holders)
    return holders.of(to)


def ladder_of(rule: Rule, severity: Severity, subject: Subject, holders: Holders) -> Ladder:
    """Return the ladder of a rule for a severity, else for the next milder severity that has one.

    It names the receivers as the agreement does.
    """
    named = ((step, receiver_of(step.to, subject, holders)) for step in rule.ladder(severity))
    return tuple(step if to == step.to else step.model_copy(update={"to": to}) for step, to in named)


def laddered(
    rule: Rule, severity: Severity, subject: Subject, facts: Facts, holders: Holders
) -> tuple[Escalated, ...]:
    """Return who must hear of a warning of this severity, step by step, and by when; empty if nobody must.

    The time of the first step counts from the date of the facts, that of each later step from the deadline before it.
    """
    found: list[Escalated] = []
    by = facts.as_of
    for step in ladder_of(rule, severity, subject, holders):
        by = day_after(by, step.within, facts.calendar)
        found.append(Escalated(step.to, by, holders.vacant(step.to), holders.stand_ins(step.to)))
    return tuple(found)

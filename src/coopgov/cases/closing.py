"""A case is closed, opens again, and a case that was pending goes back to what it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.schema import FrozenMap

if TYPE_CHECKING:
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.words import Outcome, Says
    from coopgov.severities import Severity

__all__ = ["BARRED", "ENDED", "closed", "not_reopened", "opened", "without_open_actions"]

BARRED: frozenset[Outcome] = frozenset({"accepted", "not-confirmed", "duplicate", "past"})
"""The outcomes after which a case opens again only if it was clear since, or is worse than when it was closed."""
ENDED = "ended"
"""The reason of actions that are dropped because the rule of their case closes it."""


def closed(case: Case, outcome: Outcome, says: Says, on: date) -> Case:
    """The case, closed on a day on which its rule says something; a waiver by an event stays until its day."""
    return replace(
        case,
        handling="closed",
        signal="none",
        says=says,
        outcome=outcome,
        closed_on=on,
        closed_severity=case.severity,
        cleared=says in ("C", "N"),
        clock=None,
        deadline=None,
        step=0,
        ladder=(),
        climbing=False,
        acknowledged_until=None,
        treat_by=None,
        owed=None,
        unsaid=False,
        waived_until=None,
        inhibited_by=None,
        inhibited_since=None,
    )


def without_open_actions(case: Case, on: date) -> Case:
    """The case with its open actions dropped, because its rule closes it."""
    actions = tuple(
        replace(each, state="dropped", reason=ENDED, ended_on=on) if each.open else each
        for each in case.actions
    )
    return replace(case, actions=actions)


def opened(case: Case, severity: Severity, on: date) -> Case:
    """The case as it fires, for the first time or again: reported to nobody yet, answered by nobody."""
    since = case.clock.since if case.clock is not None else on
    return replace(
        case,
        handling="new",
        signal="firing",
        severity=severity,
        peak=severity,
        since=since,
        fired_on=on,
        openings=case.openings + 1,
        outcome=None,
        closed_on=None,
        closed_severity=None,
        cleared=False,
        clock=None,
        told=(),
        acknowledged=FrozenMap(),
        climbing=True,
    )


def not_reopened(case: Case) -> Case:
    """A closed case that was about to open again, closed as before."""
    return replace(
        case,
        signal="none",
        clock=None,
        late=False,
        waived_until=None,
        inhibited_by=None,
        inhibited_since=None,
    )

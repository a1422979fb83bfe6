"""Escalations that nobody will ever receive: for a severity that the rule does not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.scope import finding
from coopgov.rules.file import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.analysis.finding import Finding
    from coopgov.analysis.scope import Scope
    from coopgov.rules.file import Escalation
    from coopgov.rules.merge import Field

__all__ = ["escalations_never_reached"]


def escalations_never_reached(scope: Scope) -> Iterator[Finding]:
    """Entries of `escalate` that no severity of their rule comes to: each takes the nearest milder entry."""
    for rule in scope.own:
        given = {step.severity for step in rule.check.steps}
        reached = {_entry(severity, rule.escalate) for severity in given}
        entries: Mapping[str, Field] = (
            rule.fields["escalate"].value or {} if "escalate" in rule.fields else {}
        )
        for severity, field in entries.items():
            if severity in reached or field.value is None or field.source is not scope.source:
                continue
            told = ", ".join(each for each in SEVERITIES if each in given)
            found = f"an escalation for {severity}, while the rule gives {told}"
            expected = "a severity that the rule gives and that has no nearer entry"
            fault = scope.source.fault(field.path, "escalation-never-reached", found, expected, key=True)
            yield finding(fault, rule.id)


def _entry(severity: str, entries: Mapping[str, Escalation]) -> str:
    """The severity whose entry a warning of some severity goes by; empty where there is none."""
    milder = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return next((each for each in reversed(milder) if each in entries), "")

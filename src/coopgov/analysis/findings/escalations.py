"""Find escalations that nobody will ever receive, because the rule does not give their severity."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgov.analysis.scope import finding
from coopgov.locales import listed, phrase, verbatim
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.analysis.scope import Scope
    from coopgov.finding import Finding
    from coopgov.rules.source import Field

    _Written = tuple[str, tuple[str | int, ...]]
    """Where an entry was written: the file and the path in it."""

__all__ = ["escalations_never_reached"]


def escalations_never_reached(scope: Scope) -> Iterator[Finding]:
    """Entries of `escalate` that no severity of their rules uses; each uses its own entry or the nearest milder one.

    The rows of a table share the entries of the table, so an entry that one of them uses is reached.
    """
    entries: dict[_Written, tuple[str, str, Field]] = {}
    reached: set[_Written] = set()
    given: dict[_Written, set[str]] = defaultdict(set)
    for rule, severities, escalate in _ladders(scope):
        used = {_entry(severity, escalate) for severity in severities}
        for severity, field in escalate.items():
            written = field.source.document.file, field.path
            given[written] |= severities
            entries.setdefault(written, (rule, severity, field))
            reached |= {written} if severity in used else set()
    for written, (rule, severity, field) in entries.items():
        if written not in reached and scope.owns(field):
            gives = listed(each for each in SEVERITIES if each in given[written])
            found = phrase(
                "analysis.escalation-never-reached.found", severity=verbatim(severity), given=gives
            )
            expected = phrase("analysis.escalation-never-reached.expected")
            fault = field.source.fault(field.path, "escalation-never-reached", found, expected, key=True)
            yield finding(fault, rule)


def _ladders(scope: Scope) -> Iterator[tuple[str, set[str], Mapping[str, Field]]]:
    """The severities and `escalate` entries of the file's rules, rows that are switched off included."""
    for rule in scope.own:
        yield rule.id, {step.severity for step in rule.check.steps}, _escalate(rule.fields)
    enabled = {rule.id for rule in scope.own}
    for table in scope.source.tables:
        for row in table.rows:
            if row.rule not in enabled:
                yield row.rule, {row.fields["severity"].value}, _escalate(row.fields)


def _escalate(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    field = fields.get("escalate")
    return {} if field is None or field.value is None else field.value


def _entry(severity: str, entries: Mapping[str, Field]) -> str:
    """The severity whose entry a warning of a severity uses; empty if there is none."""
    milder = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return next((each for each in reversed(milder) if each in entries), "")

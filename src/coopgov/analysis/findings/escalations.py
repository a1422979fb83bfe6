"""Find escalations, and times of treatment, that are never used because the rule does not give their severity."""

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
    """Entries of `escalate` and `treat` that no severity of their rules uses.

    Each severity uses its own entry, or that of the nearest milder one. The rows of a table share the entries of the
    table, so an entry that one of them uses is reached.
    """
    for key in ("escalate", "treat"):
        yield from _never_used(scope, key)


def _never_used(scope: Scope, key: str) -> Iterator[Finding]:
    entries: dict[_Written, tuple[str, str, Field]] = {}
    reached: set[_Written] = set()
    given: dict[_Written, set[str]] = defaultdict(set)
    for rule, severities, by_severity in _by_severity(scope, key):
        used = {_entry(severity, by_severity) for severity in severities}
        for severity, field in by_severity.items():
            written = field.source.document.file, field.path
            given[written] |= severities
            entries.setdefault(written, (rule, severity, field))
            reached |= {written} if severity in used else set()
    for written, (rule, severity, field) in entries.items():
        if written not in reached and scope.owns(field):
            gives = listed(each for each in SEVERITIES if each in given[written])
            what = "found" if key == "escalate" else "treat"
            found = phrase(
                f"analysis.escalation-never-reached.{what}", severity=verbatim(severity), given=gives
            )
            expected = phrase("analysis.escalation-never-reached.expected")
            fault = field.source.fault(field.path, "escalation-never-reached", found, expected, key=True)
            yield finding(fault, rule)


def _by_severity(scope: Scope, key: str) -> Iterator[tuple[str, set[str], Mapping[str, Field]]]:
    """The severities and the entries of the file's rules, rows that are switched off included."""
    for rule in scope.own:
        yield rule.id, {step.severity for step in rule.check.steps}, _entries(rule.fields, key)
    enabled = {rule.id for rule in scope.own}
    for table in scope.source.tables:
        for row in table.rows:
            if row.rule not in enabled:
                yield row.rule, {row.fields["severity"].value}, _entries(row.fields, key)


def _entries(fields: Mapping[str, Field], key: str) -> Mapping[str, Field]:
    field = fields.get(key)
    return {} if field is None or field.value is None else field.value


def _entry(severity: str, entries: Mapping[str, Field]) -> str:
    """The severity whose entry a warning of a severity uses; empty if there is none."""
    milder = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return next((each for each in reversed(milder) if each in entries), "")

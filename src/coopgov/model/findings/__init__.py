"""Finds probable mistakes in an agreement that loads: implausible dates, missing keys, owners that nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.finding import Finding
from coopgov.model.findings.dates import (
    early_decisions,
    early_reports,
    early_targets,
    outside_the_phase,
    outside_the_term,
)
from coopgov.model.findings.lenient import forgiven
from coopgov.model.findings.links import early_tasks
from coopgov.model.findings.parts import all_parts
from coopgov.model.findings.people import (
    chairs_of_joint_leadership,
    long_cycles,
    unused_members,
    vacant_owners,
)
from coopgov.model.findings.phases import cumulative_spending, incomplete_phases, long_buffers
from coopgov.model.findings.targets import incomplete_kpis, unscaled_satisfaction
from coopgov.model.findings.words import nearly_standard
from coopgov.schema.locate import fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coopgov.finding import Level
    from coopgov.model.contents import Contents
    from coopgov.model.findings.parts import Found
    from coopgov.schema.problems import Defect

__all__ = ["FINDING_LEVELS", "LENIENT_CODES", "finding_at", "findings_of"]

FINDING_LEVELS: Mapping[str, Level] = {
    "buffer-too-long": "warning",
    "chairs-of-joint-leadership": "warning",
    "cumulative-spending": "warning",
    "cycle-too-long": "warning",
    "decision-before-meeting": "warning",
    "kpi-incomplete": "note",
    "nearly-standard": "warning",
    "outside-the-phase": "warning",
    "outside-the-term": "warning",
    "phase-incomplete": "note",
    "report-before-period-end": "warning",
    "satisfaction-without-scale": "warning",
    "target-before-baseline": "warning",
    "task-before-predecessor": "warning",
    "unknown-waived-rule": "warning",
    "unused-member": "note",
    "vacant-owner": "warning",
}
"""How serious each finding of an agreement is, by its code; `note` is for what can be missing on purpose."""

LENIENT_CODES = ("missing-key", "wrong-order")
"""Faults that are findings, of level `warning`, in an agreement with `strict: false`."""

_FAMILIES: tuple[Callable[[Contents], Iterable[Defect]], ...] = (
    forgiven,
    long_buffers,
    early_targets,
    early_decisions,
    early_reports,
    chairs_of_joint_leadership,
    outside_the_phase,
    incomplete_phases,
    cumulative_spending,
    early_tasks,
    incomplete_kpis,
    unscaled_satisfaction,
    nearly_standard,
)
_OF_PARTS: tuple[Callable[[Contents, Sequence[Found]], Iterable[Defect]], ...] = (
    outside_the_term,
    long_cycles,
    vacant_owners,
    unused_members,
)
"""The families that look at all parts of an agreement."""


def findings_of(agreement: Contents) -> tuple[Finding, ...]:
    """Return what is probably a mistake in an agreement, in file order."""
    parts = tuple(all_parts(agreement))
    found = [
        *(finding_at(agreement, defect) for family in _FAMILIES for defect in family(agreement)),
        *(finding_at(agreement, defect) for family in _OF_PARTS for defect in family(agreement, parts)),
    ]
    return tuple(sorted(found, key=lambda one: (one.fault.place, one.fault.code)))


def finding_at(agreement: Contents, defect: Defect) -> Finding:
    """Return the finding of a defect, at its place in the file and at the level of its code."""
    return Finding(fault_of(agreement.document, defect), FINDING_LEVELS.get(defect.code, "warning"))

"""The result of looking for probable mistakes: findings, those that the file ignores, and undecided questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.arguments import checked, one_of
from coopgov.finding import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.analysis.ignores import Ignored
    from coopgov.analysis.scope import NotDecided
    from coopgov.faults import Fault
    from coopgov.finding import Finding, Level

__all__ = ["Analysis", "in_order"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The findings in rules or an agreement, in the order of the file, those it ignores, and undecided questions."""

    findings: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    undecided: tuple[NotDecided, ...] = ()

    @checked(level=one_of(LEVELS))
    def at_least(self, level: Level) -> bool:
        """Whether there is a finding of a level or a worse one."""
        return any(LEVELS.index(each.level) >= LEVELS.index(level) for each in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The analysis as JSON."""
        return {
            "findings": [each.to_dict() for each in self.findings],
            "ignored": [each.to_dict() for each in self.ignored],
            "undecided": [each.to_dict() for each in self.undecided],
        }


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of the file; one that a YAML alias or the rows of a table share is reported once."""
    once: dict[Fault, Finding] = {}
    for each in found:
        once.setdefault(each.fault, each)
    return tuple(sorted(once.values(), key=lambda each: (each.fault.place, each.fault.code)))

"""What changed between two assessments of one agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from coopgov.assessment.result import Assessment, EarlyWarning

__all__ = ["Since", "since"]

_SORTS = ("new", "worse", "better", "gone")


@dataclass(frozen=True, slots=True)
class Since:
    """The warnings that differ from those of an earlier day; `worse` and `better` compare severities.

    `new` warnings count now, and did not hold before. Those that are `gone` counted before; their rules no longer hold,
    or can no longer be decided. A warning that is waived, past or hidden on one of the days holds on that day.
    """

    date: date
    new: tuple[EarlyWarning, ...]
    worse: tuple[EarlyWarning, ...]
    better: tuple[EarlyWarning, ...]
    gone: tuple[EarlyWarning, ...]

    def to_dict(self) -> dict[str, Any]:
        """The changes as JSON: the ids of the warnings."""
        ids = {name: [one.id for one in getattr(self, name)] for name in _SORTS}
        return {"date": self.date.isoformat(), **ids}

    def limited_to(self, ids: Collection[str]) -> Since:
        """The changes of these warnings, and no others."""
        kept = (tuple(one for one in getattr(self, name) if one.id in ids) for name in _SORTS)
        return Since(self.date, *kept)


def since(before: Assessment, after: Assessment) -> Since:
    """Compare two whole assessments of one agreement, the earlier one first; those gone are as they were."""
    old, now = ({one.id: one for one in each.warnings} for each in (before, after))
    counted = {name: one for name, one in now.items() if one.counted}
    shift = {
        name: worse(one.severity) - worse(old[name].severity) for name, one in counted.items() if name in old
    }
    return Since(
        before.as_of,
        tuple(one for name, one in counted.items() if name not in old),
        tuple(now[name] for name, step in shift.items() if step > 0),
        tuple(now[name] for name, step in shift.items() if step < 0),
        tuple(one for name, one in old.items() if one.counted and name not in now),
    )

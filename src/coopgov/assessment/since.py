"""What changed between two assessments of one agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from datetime import date

    from coopgov.assessment.result import Assessment, EarlyWarning

__all__ = ["Since", "since"]


@dataclass(frozen=True, slots=True)
class Since:
    """The warnings that differ from those of an earlier day; `worse` and `better` compare severities.

    Warnings that do not count (waived, past or hidden) are not compared: one that is waived now is `gone`.
    """

    date: date
    new: tuple[EarlyWarning, ...]
    worse: tuple[EarlyWarning, ...]
    better: tuple[EarlyWarning, ...]
    gone: tuple[EarlyWarning, ...]

    def to_dict(self) -> dict[str, Any]:
        """The changes as JSON: the ids of the warnings."""
        ids = {name: [one.id for one in getattr(self, name)] for name in ("new", "worse", "better", "gone")}
        return {"date": self.date.isoformat(), **ids}


def since(before: Assessment, after: Assessment) -> Since:
    """Compare two assessments of one agreement, the earlier one first; those gone are as they were."""
    old, now = ({one.id: one for one in each.warnings if one.counted} for each in (before, after))
    shift = {
        name: worse(one.severity) - worse(old[name].severity) for name, one in now.items() if name in old
    }
    return Since(
        before.as_of,
        tuple(one for name, one in now.items() if name not in old),
        tuple(now[name] for name, step in shift.items() if step > 0),
        tuple(now[name] for name, step in shift.items() if step < 0),
        tuple(one for name, one in old.items() if name not in now),
    )

"""Group warnings as people read them: one rule with one severity is a group, and what it hides is folded into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.assessment.result import EarlyWarning
    from coopgov.severities import Severity

    _Key = tuple[Severity, str, bool]

__all__ = ["Group", "Grouped", "grouped"]


@dataclass(frozen=True, slots=True)
class Group:
    """The warnings of one rule with one severity; `folded` are those that these hide.

    `hidden_by` are those that hide these, and are not shown themselves; if there are any, none of these counts.
    """

    rule: str
    severity: Severity
    title: str
    warnings: tuple[EarlyWarning, ...]
    folded: tuple[EarlyWarning, ...]
    hidden_by: tuple[EarlyWarning, ...] = ()

    @property
    def threshold(self) -> str | None:
        """What the measures of all its warnings were compared with; None if they differ, or without a measure."""
        found = {one.threshold.text if one.threshold else None for one in self.warnings}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Grouped:
    """All warnings: those that are active, in groups, the worst first; apart from them, the past and the waived."""

    groups: tuple[Group, ...]
    past: tuple[EarlyWarning, ...]
    waived: tuple[EarlyWarning, ...]

    def numbers(self) -> dict[str, int]:
        """The number of the group of each warning, folded ones too, by its id; the first group has 1."""
        return {
            warning.id: number
            for number, group in enumerate(self.groups, 1)
            for warning in (*group.warnings, *group.folded)
        }


def grouped(warnings: Iterable[EarlyWarning], whole: Iterable[EarlyWarning] = ()) -> Grouped:
    """Group warnings. One that is hidden by a warning which is not among them is in a group of its own.

    Args:
        warnings: those to group.
        whole: all warnings of the assessment, where only some of them are grouped.
    """
    every = {warning.id: warning for warning in whole}
    known = {warning.id: warning for warning in warnings}
    past = tuple(one for one in known.values() if one.past)
    waived = tuple(one for one in known.values() if one.waived is not None and not one.past)
    active = [one for one in known.values() if not one.past and one.waived is None]
    shown: dict[_Key, list[EarlyWarning]] = {}
    folded: dict[_Key, list[EarlyWarning]] = {}
    for one in active:
        top = _top(one, known)
        (shown if top is one else folded).setdefault(_key(top), []).append(one)
    groups = (
        Group(
            rule,
            severity,
            found[0].title,
            tuple(found),
            tuple(folded.get((severity, rule, hidden), ())),
            tuple({top.id: top for top in (_top(one, every) for one in found)}.values()) if hidden else (),
        )
        for (severity, rule, hidden), found in shown.items()
    )
    return Grouped(tuple(sorted(groups, key=lambda group: -worse(group.severity))), past, waived)


def _key(warning: EarlyWarning) -> _Key:
    """What the warnings of a group have in common; those that count are not mixed with those that do not."""
    return warning.severity, warning.rule, warning.inhibited_by is not None


def _top(warning: EarlyWarning, known: Mapping[str, EarlyWarning]) -> EarlyWarning:
    """The warning that hides this one, that which hides that one, and so on; the warning itself if none does."""
    while warning.inhibited_by is not None and warning.inhibited_by in known:
        warning = known[warning.inhibited_by]
    return warning

"""The functions that generated code calls."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import REASONS, diagnose
from coopgov.backends.ir import Hit, Undetermined
from coopgov.language import syntax as s
from coopgov.language.comparing import compare_uncertain
from coopgov.language.host_values import Gap, day_number, hidden, read, refuse_unless_mapping
from coopgov.language.interpreter import unit_is
from coopgov.language.values import NOT_SET, Bounds, Nothing, step_months
from coopgov.synonyms import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.language.values import Calendar

__all__ = ["NAMES", "Reasons", "Rows"]

_BITS = {
    "fact": Gap.ABSENT.value,
    "hidden": Gap.HIDDEN.value,
    "unit": "unit",
    "currency": "unit",
    "division": "division by zero",
}


def _working_days(calendar: Calendar, first: float, last: float) -> float:
    if first != first or last != last:  # noqa: PLR0124  # NaN
        return math.nan
    return calendar.count(date.fromordinal(int(first)), date.fromordinal(int(last)))


def _later_by_working_days(calendar: Calendar, day: float, steps: float) -> float:
    if day != day or steps != steps:  # noqa: PLR0124  # NaN
        return math.nan
    return calendar.add(date.fromordinal(int(day)), int(steps)).toordinal()


def _later_by_months(day: float, months: float) -> float:
    if day != day or months != months:  # noqa: PLR0124  # NaN
        return math.nan
    return step_months(int(day), months)


def _known_min(*values: float) -> float:
    return math.nan if any(value != value for value in values) else min(values)  # noqa: PLR0124  # NaN


def _known_max(*values: float) -> float:
    return math.nan if any(value != value for value in values) else max(values)  # noqa: PLR0124  # NaN


def _known_or_none(value: Any) -> Any:
    return value if value == value else None  # noqa: PLR0124  # NaN


def _certain(value: Any) -> Any:
    return math.nan if isinstance(value, Bounds) else value


def _certain_end(value: Any, upper: bool) -> Any:  # noqa: FBT001  # called by generated code
    if isinstance(value, Bounds):
        return value.high if upper else value.low
    return _known_or_none(value)


class Reasons(dict[int, Undetermined]):
    """The undetermined entry of a check for each combination of bits, computed when it first occurs."""

    def __init__(self, check: str, bits: Mapping[int, tuple[str, Any]]) -> None:
        super().__init__()
        self.check = check
        self.bits = bits

    def __missing__(self, bad: int) -> Undetermined:
        causes = [cause for bit, cause in self.bits.items() if bit & bad]
        reasons = {_BITS[kind] for kind, _ in causes}
        missing = tuple(sorted({what for kind, what in causes if kind in ("fact", "hidden")}))
        self[bad] = Undetermined(self.check, missing, next(reason for reason in REASONS if reason in reasons))
        return self[bad]


class Rows(dict[int, list[Undetermined | None]]):
    """The undetermined entries of all checks for each combination of bits, each looked up when it is first needed."""

    def __init__(self, checks: Sequence[tuple[Reasons, int]]) -> None:
        super().__init__()
        self.checks = checks
        self.most = max(_CELLS // len(checks), 1)

    def __missing__(self, bad: int) -> list[Undetermined | None]:
        if len(self) >= self.most:
            self.clear()
        row: list[Undetermined | None] = [None] * len(self.checks)
        self[bad] = row
        return row

    def entry(self, row: list[Undetermined | None], place: int, bad: int) -> Undetermined:
        """Look an entry up, and keep it in its row."""
        reasons, mask = self.checks[place]
        row[place] = found = reasons[bad & mask]
        return found


_CELLS = 500_000
"""So many entries are kept for combinations of bits: a few megabytes."""


def _comparer(kind: type[s.Comparison]) -> Any:
    def compared(left: Any, right: Any) -> bool | None:
        if left != left or right != right:  # noqa: PLR0124  # NaN
            return None
        outcome = compare_uncertain(kind, left, right)
        return outcome if isinstance(outcome, bool) else None

    return compared


NAMES: dict[str, Any] = {
    "ABSENT": Gap.ABSENT,
    "Bounds": Bounds,
    "Gap": Gap,
    "Hit": Hit,
    "NOT_SET": NOT_SET,
    "Nothing": Nothing,
    "Undetermined": Undetermined,
    "certain": _certain,
    "certain_end": _certain_end,
    "day_number": day_number,
    "diagnose": diagnose,
    "hidden": hidden,
    "hypot": math.hypot,
    "known_max": _known_max,
    "known_min": _known_min,
    "known_or_none": _known_or_none,
    "later_by_months": _later_by_months,
    "later_by_working_days": _later_by_working_days,
    "meanings": MEANINGS,
    "nan": math.nan,
    "new": tuple.__new__,
    "plain": (int, float),
    "read": read,
    "refuse_unless_mapping": refuse_unless_mapping,
    "unit_is": unit_is,
    "working_days": _working_days,
    **{
        f"compared_{kind.__name__}": _comparer(kind)
        for kind in (s.Above, s.Below, s.AtLeast, s.AtMost, s.Equal, s.NotEqual)
    },
}

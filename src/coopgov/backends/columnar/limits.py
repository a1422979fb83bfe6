"""The limits of a fact, as bounds of the numbers in its column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.backends.columnar.value_ranges import CALENDAR, Span
from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from coopgov.backends.columnar.values import Column
    from coopgov.facts.catalogue import Fact

__all__ = ["Limits", "limits_of"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a fact: its range, and whether it has whole numbers only."""

    span: Span
    whole: bool = False

    def hold(self, number: Column) -> Column:
        """Where a number is within the limits; null where it is null."""
        inside = (number >= self.span.low) & (number <= self.span.high)
        return inside & (number.floor() == number) if self.whole else inside


def limits_of(fact: Fact) -> Limits:
    """The limits of a base fact: its declared range, within the general limit of numbers."""
    assert fact.type is not None
    if fact.type.kind == "date":
        return Limits(CALENDAR)
    most, declared = math.nextafter(LARGEST, 0.0), fact.range
    low = -most if declared.least is None else float(declared.least)
    high = most if declared.most is None else float(declared.most)
    return Limits(Span(low, high), declared.whole)

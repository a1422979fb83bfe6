"""Colours that charts share, and labels kept apart; each colour has a contrast of at least 4.5 on white."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ACTUAL", "BAD", "GOOD", "LATE", "PALE", "PLANNED", "placed"]

ACTUAL, GOOD, BAD = "#2f6f9f", "#2c6e49", "#b03a0b"
LATE, PLANNED, PALE = "#e0752d", "#b9c1ca", "#f2f4f6"
"""Of areas only: no text has these."""


def placed(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted, in their order, at least so far apart, between two ends.

    >>> placed([10, 12, 50], 14, 0, 100)
    [10, 24, 50]
    """
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    found = [0.0] * len(wanted)
    free = low
    for position in order:
        found[position] = max(wanted[position], free)
        free = found[position] + apart
    limit = high
    for position in reversed(order):
        found[position] = min(found[position], limit)
        limit = found[position] - apart
    return found

"""Net present value and internal rate of return of yearly flows, as plain functions.

No library is used: numpy-financial needs numpy, pyxirr is a compiled extension, and both return one rate where several
fit. Formulas: Brealey, Myers, Allen, *Principles of Corporate Finance*, chapters 2 and 5.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["irr", "npv", "sign_changes"]

_STEPS = 200
"""Halvings of an interval: more than the digits of a float."""


def npv(rate: float, flows: Sequence[float]) -> float:
    """The net present value of yearly flows: the sum of `flow / (1 + rate) ** year`, the first in year 0.

    Args:
        rate: the discount rate of a year, above -1; 0.08 is 8 %.
        flows: the net flow of each year.

    >>> round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 2)
    3065.22
    """
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))


def sign_changes(flows: Sequence[float]) -> int:
    """How often flows change between negative and positive; by Descartes' rule, at most as many rates fit.

    >>> sign_changes([-100, 0, 230, -132])
    2
    """
    signs = [flow > 0 for flow in flows if flow]
    return sum(before is not after for before, after in pairwise(signs))


def irr(flows: Sequence[float]) -> float | None:
    """The internal rate of return: the rate at which the net present value is 0; None unless exactly one fits.

    With one change of sign there is exactly one rate above -1 (Descartes' rule of signs); it is found by halving an
    interval of `1 / (1 + rate)`, in which the value changes its sign once.

    Args:
        flows: the net flow of each year, the first in year 0.

    >>> round(irr([-100, 39, 59, 55, 20]), 5), irr([-100, 230, -132])
    (0.28095, None)
    """
    if sign_changes(flows) != 1:
        return None
    first = next(flow for flow in flows if flow) > 0

    def before_root(factor: float) -> bool:
        value = 0.0
        for flow in reversed(flows):
            value = value * factor + flow
        return value == 0 or (value > 0) is first

    low, high = 0.0, 1.0
    while before_root(high):
        low, high = high, high * 2
        if high > 1e300:
            return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if before_root(middle) else (low, middle)
    return 1 / ((low + high) / 2) - 1 if low + high else None

"""Comparison within a tolerance, so that a figure at its threshold is at its threshold.

Numbers are binary floating-point, but authors write and compare decimal figures: 0.1 + 0.2 must not be above 0.3. So a
comparison has a tolerance that is larger than any rounding error of ordinary arithmetic and far smaller than a
difference that a figure can express.
"""

from __future__ import annotations

__all__ = ["MONEY_TOLERANCE", "TOLERANCE", "above", "below", "tolerance"]

# some thousand times the rounding error of a double (2.2e-16), and below the last digit of a figure with ten digits
TOLERANCE = 1e-12
MONEY_TOLERANCE = 1e-5
"""Amounts that differ by at most this, in the unit they are counted in, are equal: no currency has five decimals."""


def tolerance(right: float) -> float:
    """How far apart two numbers may be and still be the same decimal figure: relative above 1, absolute below."""
    return TOLERANCE * max(1.0, abs(right))


def above(a: float, b: float, *, exact: bool) -> bool:
    """Whether a is above b; `exact` is for dates and for money that was only added and subtracted."""
    return a - b > MONEY_TOLERANCE if exact else a > b + tolerance(b)


def below(a: float, b: float, *, exact: bool) -> bool:
    """Whether a is below b."""
    return b - a > MONEY_TOLERANCE if exact else a < b - tolerance(b)

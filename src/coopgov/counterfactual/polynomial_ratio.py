"""Exact ratios of polynomials in one unknown, the result of arithmetic on a single fact; their zeros and poles."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import isqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["UNKNOWN_FACT", "Ratio", "constant"]

_MOST_TERMS = 8
"""The most terms of a polynomial; longer ones are not worth solving algebraically."""
_DIGITS = 10**40

Polynomial = tuple[Fraction, ...]
"""Coefficients from power 0 upwards; the last one is not 0, so the length is the degree plus one."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`top / bottom`, two polynomials in the unknown."""

    top: Polynomial
    bottom: Polynomial = (Fraction(1),)

    def __neg__(self) -> Ratio:
        return Ratio(tuple(-each for each in self.top), self.bottom)

    def __add__(self, other: Ratio) -> Ratio:
        if self.bottom == other.bottom:
            return Ratio(_sum(self.top, other.top), self.bottom)
        top = _sum(_product(self.top, other.bottom), _product(other.top, self.bottom))
        return Ratio(top, _product(self.bottom, other.bottom))

    def __sub__(self, other: Ratio) -> Ratio:
        return self + -other

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(_product(self.top, other.top), _product(self.bottom, other.bottom))

    def over(self, other: Ratio) -> Ratio | None:
        """The quotient; None if the divisor is identically 0."""
        if not other.top:
            return None
        return Ratio(_product(self.top, other.bottom), _product(self.bottom, other.top))

    @property
    def solvable(self) -> bool:
        """Whether all its zeros and poles can be computed algebraically: degrees up to 2."""
        return len(self.top) <= 3 and len(self.bottom) <= 3

    @property
    def small(self) -> bool:
        """Whether it is short enough for further arithmetic."""
        return len(self.top) <= _MOST_TERMS and len(self.bottom) <= _MOST_TERMS

    def zeros(self) -> tuple[Fraction, ...]:
        """Where it is 0; empty if it is identically 0."""
        return _roots(self.top)

    def poles(self) -> tuple[Fraction, ...]:
        """Where it has no value."""
        return _roots(self.bottom)


def constant(value: Fraction) -> Ratio:
    """A constant as a ratio."""
    return Ratio(_trimmed([value]))


UNKNOWN_FACT = Ratio((Fraction(0), Fraction(1)))
"""The unknown itself, as a ratio."""


def _sum(a: Polynomial, b: Polynomial) -> Polynomial:
    return _trimmed(x + y for x, y in zip_longest(a, b, fillvalue=Fraction(0)))


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    terms = [Fraction(0)] * max(0, len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            terms[i + j] += x * y
    return _trimmed(terms)


def _trimmed(terms: Iterable[Fraction]) -> Polynomial:
    kept = list(terms)
    while kept and kept[-1] == 0:
        kept.pop()
    return tuple(kept)


def _roots(terms: Polynomial) -> tuple[Fraction, ...]:
    """The real roots of a polynomial of degree 1 or 2, by the quadratic formula; irrational ones to 40 digits."""
    if len(terms) == 2:
        return (-terms[0] / terms[1],)
    if len(terms) != 3:
        return ()
    c, b, a = terms
    inside = b * b - 4 * a * c
    if inside < 0:
        return ()
    root = _square_root(inside)
    return tuple(sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)}))


def _square_root(value: Fraction) -> Fraction:
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return Fraction(isqrt(value.numerator * _DIGITS**2 // value.denominator), _DIGITS)

"""Exact ratios of polynomials in one unknown, the result of arithmetic on a single fact; their zeros and poles."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

__all__ = ["UNKNOWN_FACT", "Ratio", "constant"]

_MOST_TERMS = 8
"""The most terms of a polynomial; longer ones are not worth solving algebraically."""
_DIGITS = 10**40

Exact = Fraction | int
"""An exact number: whole ones are ints, which Python adds and multiplies many times faster than fractions."""
Polynomial = tuple[Exact, ...]
"""Coefficients from power 0 upwards; the last one is not 0, so the length is the degree plus one."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`top / bottom`, two polynomials in the unknown."""

    top: Polynomial
    bottom: Polynomial = (1,)

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
        return _roots(self.bottom) if len(self.bottom) > 1 else ()


def constant(value: Exact) -> Ratio:
    """A constant as a ratio."""
    return Ratio((_whole(value),) if value else ())


UNKNOWN_FACT = Ratio((0, 1))
"""The unknown itself, as a ratio."""


def _whole(value: Exact) -> Exact:
    return value.numerator if value.denominator == 1 else value


def _sum(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) < len(b):
        a, b = b, a
    terms = [x + y for x, y in zip(a, b, strict=False)]
    return (*terms, *a[len(b) :]) if len(a) > len(b) else _trimmed(terms)


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(b) == 1:
        return a if b[0] == 1 else tuple(x * b[0] for x in a)
    terms: list[Exact] = [0] * max(0, len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            terms[i + j] += x * y
    return _trimmed(terms)


def _trimmed(terms: list[Exact]) -> Polynomial:
    while terms and not terms[-1]:
        terms.pop()
    return tuple(terms)


def _roots(terms: Polynomial) -> tuple[Fraction, ...]:
    """The real roots of a polynomial of degree 1 or 2, by the quadratic formula; irrational ones to 40 digits."""
    if len(terms) == 2:
        return (Fraction(-terms[0], terms[1]),)
    if len(terms) != 3:
        return ()
    c, b, a = map(Fraction, terms)
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

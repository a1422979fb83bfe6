"""Convert the units of a host's numbers to those of facts."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.language.units import is_currency, unit_named

if TYPE_CHECKING:
    from coopgov.language.types import Type

__all__ = ["factor_of"]

_FIGURE = re.compile(r"(?P<figure>[0-9]+(?:\.[0-9]+)?)?\s*(?P<unit>.*)")


def factor_of(written: str, kind: Type, currency: str) -> Fraction | None:
    """How many of a fact's unit one of another unit is; None if they measure different things.

    >>> from coopgov.language.types import DAYS, MONEY
    >>> int(factor_of("2 weeks", DAYS, "")), int(factor_of("1000 USD", MONEY, "USD"))
    (14, 1000)
    """
    match = _FIGURE.fullmatch(written)
    assert match is not None
    figure, name = Fraction(match["figure"] or 1), match["unit"].strip()
    if not figure:
        return None
    if not name:
        return figure
    if kind.kind == "own":
        return figure if name == "count" else None
    if is_currency(name) and name != currency:
        return None
    unit, target = unit_named(name), unit_named("money" if kind.kind == "money" else kind.unit or "count")
    if unit.dimension != target.dimension:
        return None
    return figure * unit.factor / target.factor

"""Typed expressions over any catalogue: what an author could write about a type of subject, nearly always making sense."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from coopgov.language.units import unit_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.types import Type

__all__ = ["FIGURES", "ORDERED", "Author", "dates", "figures", "kind_of"]

FIGURES = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "10",
    "100",
    "0.1",
    "0.15",
    "0.3",
    "0.345",
    "0.7",
    "2.5",
    "580.51",
    "829.30",
    "1000000",
)
"""Figures of which no binary fraction is exact, round ones, and those that thresholds often are."""
ORDERED = ("number", "money", "day", "working day", "month", "own", "date")
"""The kinds of expression that every author knows how to compare, beside those of the catalogue's own units."""
_DAY = date(2026, 1, 31)
_UNITS = ("%", "points", "days", "件", "")
_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "number": ("", "", "%"),
    "money": ("CNY", "EUR", "money"),
    "day": ("days", "weeks"),
    "working day": ("working days",),
    "month": ("months",),
    "hour": ("hours",),
    "point": ("points",),
}
dates = st.integers(-40, 400).map(lambda days: _DAY + timedelta(days)) | st.sampled_from(
    [_DAY, date(2026, 2, 28)]
)
figures = st.sampled_from(FIGURES).map(Decimal) | st.decimals(0, 1000, places=2)


def kind_of(of: Type) -> str:
    """The kind of a type: expressions of one kind combine with each other. Quantities are told by what they measure."""
    return unit_named(of.unit).dimension or "number" if of.kind == "quantity" else of.kind


@lru_cache(maxsize=64)
def _facts(catalogue: Catalogue, about: str) -> Mapping[str, tuple[str, ...]]:
    """The names of the facts about a type of subject, by their kind."""
    found: dict[str, list[str]] = {}
    for fact in catalogue.about(about):
        kind = catalogue.type_of(about, fact.name)
        if kind is not None and fact.name != "unit":
            found.setdefault(kind_of(kind), []).append(fact.name)
    return {kind: tuple(names) for kind, names in found.items()}



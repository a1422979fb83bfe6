"""Finds probable mistakes in KPIs: keys without which rules cannot judge them, and satisfaction without a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import all_of, phrase
from coopgov.schema.problems import Defect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.targets import Kpi

__all__ = ["incomplete_kpis", "unscaled_satisfaction"]

_UP_TO_100 = ("%", "percent", "point", "points")
"""Units whose values count as they are on the scale from 0 to 100 of the rules about satisfaction."""
_LOW = 10
"""Scales to 5, 7 and 10 are common; on a scale to 100, satisfaction is never that low."""


def incomplete_kpis(agreement: Contents) -> Iterator[Defect]:
    """Find KPIs without a target, a baseline or a reading cycle; one that only has a floor needs the cycle alone."""
    for at, kpi in enumerate(agreement.kpis):
        missing = [f"`{key}`" for key in _missing(kpi)]
        if missing:
            found = phrase("model.kpi-incomplete.found", kpi=kpi.id)
            expected = phrase("model.kpi-incomplete.expected", keys=all_of(missing))
            yield Defect(("kpis", at, "id"), "kpi-incomplete", found, expected)


def _missing(kpi: Kpi) -> Iterator[str]:
    watched = kpi.floor is not None and kpi.target is None and kpi.baseline is None
    if kpi.baseline is None and not watched:
        yield "baseline"
    if kpi.target is None and not watched:
        yield "target"
    if kpi.every is None:
        yield "every"


def unscaled_satisfaction(agreement: Contents) -> Iterator[Defect]:
    """Find KPIs of category satisfaction whose values cannot be on a scale from 0 to 100, and that have no other."""
    for at, kpi in enumerate(agreement.kpis):
        if kpi.category != "satisfaction" or kpi.scale is not None:
            continue
        highest = max(_values(kpi), default=None)
        expected = phrase("model.satisfaction-without-scale.expected")
        path = ("kpis", at, "id")
        if kpi.unit not in _UP_TO_100:
            found = _in_its_unit(kpi)
            yield Defect(path, "satisfaction-without-scale", found, expected)
        elif highest is not None and highest <= _LOW:
            found = phrase("model.satisfaction-without-scale.low", highest=f"{highest:f}")
            yield Defect(path, "satisfaction-without-scale", found, expected)


def _in_its_unit(kpi: Kpi) -> Phrase:
    if kpi.unit is None:
        return phrase("model.satisfaction-without-scale.no-unit")
    return phrase("model.satisfaction-without-scale.unit", unit=kpi.unit)


def _values(kpi: Kpi) -> Iterator[Decimal]:
    yield from (part.value for part in (kpi.baseline, kpi.target) if part is not None)
    yield from (kpi.floor,) if kpi.floor is not None else ()
    yield from (reading.value for reading in kpi.readings)

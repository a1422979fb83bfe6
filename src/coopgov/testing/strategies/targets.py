"""Strategies for targets and their measurement: KPIs, readings, goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.model import Kpi, Reading, direction_needed
from coopgov.schema import parse_number
from coopgov.testing.strategies import scalars
from coopgov.testing.strategies.arguments import strategy
from coopgov.testing.strategies.scalars import (
    cadences,
    custom_values,
    identifiers,
    numbers,
    optional,
    plain_texts,
    texts,
)
from coopgov.testing.strategies.team import STANDARD_OWNERS

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["goal_mappings", "kpi_mappings", "kpis", "readings"]


def _reading(values: SearchStrategy[Any], days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"on": days, "value": values}, optional={"source": texts, "note": texts})


def kpi_mappings(owners: SearchStrategy[str], days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    """KPIs without an id: any values, or values on a scale; the direction is written if it is needed."""
    free = _fields(owners, days, numbers)
    scaled = st.builds(lambda scale, more: {**more, **scale}, _SCALE, _fields(owners, days, _ON_SCALE))
    return st.builds(_directed, free | scaled, _DIRECTIONS)


_SCALE = st.just({"scale": {"from": 1, "to": 5}})
_ON_SCALE = st.integers(1, 5) | st.decimals(1, 5, places=1)
_DIRECTIONS = st.sampled_from(["up", "down"])


def _fields(
    owners: SearchStrategy[str], days: SearchStrategy[date], values: SearchStrategy[Any]
) -> SearchStrategy[dict[str, Any]]:
    return optional(
        name=texts,
        category=plain_texts,
        unit=st.sampled_from(["%", "points", "件", "days"]),
        direction=_DIRECTIONS,
        baseline=st.fixed_dictionaries({"value": values}, optional={"on": days}),
        target=st.fixed_dictionaries({"value": values}, optional={"by": days}),
        floor=values,
        every=cadences,
        source=texts,
        owner=owners,
        readings=st.lists(_reading(values, days), max_size=4, unique_by=lambda each: each["on"]),
        custom=custom_values,
    )


def _directed(kpi: dict[str, Any], direction: str) -> dict[str, Any]:
    baseline, target = kpi.get("baseline"), kpi.get("target")
    if kpi.get("direction") is not None or baseline is None or target is None:
        return kpi
    needed = direction_needed(parse_number(baseline["value"]), parse_number(target["value"]))
    return kpi if needed is None else {**kpi, "direction": direction}


def goal_mappings(
    owners: SearchStrategy[str], days: SearchStrategy[date], parties: list[str], kpi_ids: list[str]
) -> SearchStrategy[dict[str, Any]]:
    """Goals without an id, measured by some of the KPIs and signed by some of the parties."""
    more = optional(
        owner=owners,
        due=days,
        kpis=st.lists(st.sampled_from(kpi_ids), max_size=2) if kpi_ids else st.just([]),
        agreed_by=st.dictionaries(st.sampled_from(parties), days),
        achievable=texts,
        relevant=texts,
    )
    return st.builds(lambda text, other: {"statement": text, **other}, texts, more)


@st.composite
def readings(
    draw: DrawFn,
    values: SearchStrategy[Any] = numbers,
    *,
    days: SearchStrategy[date] = scalars.days,
) -> Reading:
    """Readings of a KPI.

    Args:
        draw: given by Hypothesis.
        values: the values read, in the unit of the KPI.
        days: the days of the readings.
    """
    values, days = strategy(values, "values"), strategy(days, "days")
    return Reading.model_validate(draw(_reading(values, days)))


@st.composite
def kpis(
    draw: DrawFn,
    *,
    readings: SearchStrategy[Reading] | None = None,
    days: SearchStrategy[date] = scalars.days,
    owners: SearchStrategy[str] = STANDARD_OWNERS,
) -> Kpi:
    """KPIs with their targets and readings.

    Args:
        draw: given by Hypothesis.
        readings: the readings, without a scale; of two readings on one day, the first is kept.
        days: the days of readings, unless these are given, of the baseline and of the target.
        owners: the owners; by default the standard roles, which every agreement knows.
    """
    owners, days = strategy(owners, "owners"), strategy(days, "days")
    mapping = draw(kpi_mappings(owners, days))
    if readings is not None:
        some = st.lists(strategy(readings, "readings"), max_size=4, unique_by=lambda each: each.on)
        mapping |= {"readings": draw(some), "scale": None}
    return Kpi.model_validate({"id": draw(identifiers), **mapping})

"""Results of IATI as KPIs: values of periods as readings; of values by dimension without a total, none is made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from coopgov.imports.mspdi import day_of
from coopgov.imports.whole import figure_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from coopgov.imports.result import Log
    from coopgov.imports.xml_source import Element

__all__ = ["results_of"]

_PERCENT, _QUALITATIVE = "2", "5"


def results_of(activity: Element, place: str, on: date, log: Log) -> list[dict[str, Any]]:
    """The indicators of an activity, as KPIs named by their position: `r1i2` is the second of the first result."""
    found = []
    for number, result in enumerate(activity.all("result"), 1):
        for at, indicator in enumerate(result.all("indicator"), 1):
            if indicator.attributes.get("measure") == _QUALITATIVE:
                log.lose(phrase("imports.lost.others", name="indicator"), place)
                continue
            found.append(_kpi(indicator, f"r{number}i{at}", place, on, log))
    log.kept["kpis"] += len(found)
    return found


def _kpi(indicator: Element, name: str, place: str, on: date, log: Log) -> dict[str, Any]:
    title = indicator.first("title")
    narrative = next((each.text for each in title.all("narrative") if each.text), "") if title else ""
    falling = indicator.attributes.get("ascending", "1").strip().lower() in {"0", "false"}
    kpi: dict[str, Any] = {
        "id": name,
        "name": narrative or (title.text if title else ""),
        "direction": "down" if falling else "up",
        "unit": "%" if indicator.attributes.get("measure") == _PERCENT else None,
        "baseline": _baseline(indicator),
    }
    readings: dict[date, Decimal] = {}
    for period in indicator.all("period"):
        end = period.first("period-end")
        day = day_of(end.attributes.get("iso-date", "") or end.text) if end else None
        if day is None:
            log.lose(phrase("imports.lost.unread"), place)
            continue
        target, actual = (_total(period, key, name, place, log) for key in ("target", "actual"))
        if target is not None and day >= kpi.get("target", {}).get("by", day):
            kpi["target"] = {"value": f"{target:f}", "by": day}
        if actual is not None:
            if day in readings and readings[day] != actual:
                log.tell("two-readings", name)
            if day > on:
                log.tell("after-the-day", name)
            readings[day] = actual
    kpi["readings"] = [{"on": day, "value": f"{value:f}"} for day, value in sorted(readings.items())]
    log.kept["readings"] += len(readings)
    return kpi


def _baseline(indicator: Element) -> dict[str, Any] | None:
    """The baseline; its value is optional, and so is its day, which may be a year only."""
    for each in indicator.all("baseline"):
        value = figure_of(each.attributes.get("value", ""))
        if value is not None and not _dimensions(each):
            year = each.attributes.get("year", "")
            day = day_of(each.attributes.get("iso-date", ""))
            on = day or (f"{year}-12-31" if re.fullmatch("[12][0-9]{3}", year) else None)
            return {"value": f"{value:f}", "on": on}
    return None


def _dimensions(element: Element) -> bool:
    return element.first("dimension") is not None


def _total(period: Element, key: str, name: str, place: str, log: Log) -> Decimal | None:
    """The one value of a period that is of no dimension."""
    values = list(period.all(key))
    totals = [each for each in values if not _dimensions(each)]
    figures = [figure_of(each.attributes.get("value", "") or each.value("value")) for each in totals]
    if values and not totals:
        log.tell("without-total", name)
        log.lose(
            phrase("imports.lost.targets" if key == "target" else "imports.lost.actuals"), place, len(values)
        )
        return None
    read = [each for each in figures if each is not None]
    if len(read) < len([each for each in totals if each.attributes.get("value")]):
        log.lose(phrase("imports.lost.unread"), place)
    if len(set(read)) > 1:
        log.tell("two-readings", name)
    return read[-1] if read else None

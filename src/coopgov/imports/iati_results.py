"""Results of IATI as KPIs: values of periods as readings; of values by dimension without a total, none is made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import iso_day
from coopgov.imports.whole import figure_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from decimal import Decimal

    from coopgov.imports.result import Log
    from coopgov.imports.xml_source import Element
    from coopgov.locales import Phrase

__all__ = ["kpis_of", "readings_of"]

_PERCENT, _QUALITATIVE = "2", "5"


@dataclass(frozen=True, slots=True)
class _Indicator:
    """An indicator, named by its position: `r1i2` is the second of the first result."""

    id: str
    element: Element
    file: str
    on: date
    log: Log

    def lose(self, what: Phrase, element: Element) -> None:
        """Account for an element as a whole."""
        self.log.lose(what, f"{self.file}:{element.line}")
        element.settle()

    def kpi(self) -> dict[str, Any]:
        """The indicator as a KPI."""
        element = self.element
        title = element.first("title")
        narrative = next((each.text for each in title.all("narrative") if each.text), "") if title else ""
        falling = element.attribute("ascending").lower() in {"0", "false"}
        percent = element.attribute("measure") == _PERCENT
        self.log.kept["kpis"] += 1
        return {
            "id": self.id,
            "name": narrative or (title.text if title else ""),
            "direction": "down" if falling else "up",
            "unit": "%" if percent else None,
            "baseline": self.baseline(),
            "target": self.target(),
            "readings": self.readings(),
        }

    def readings(self) -> list[dict[str, Any]]:
        """Its actual values, by the last days of their periods."""
        readings: dict[date, Decimal] = {}
        for day, value, element in self._values("actual"):
            if day > self.on:
                self.log.tell("after-the-day", self.id)
            if readings.setdefault(day, value) != value:
                self.log.tell("two-readings", self.id)
                self.log.lose(phrase("imports.lost.second-readings"), f"{self.file}:{element.line}")
            readings[day] = value
        self.log.kept["readings"] += len(readings)
        return [{"on": day, "value": f"{value:f}"} for day, value in sorted(readings.items())]

    def target(self) -> dict[str, Any] | None:
        """The target of its last period; a KPI has no others."""
        found = sorted(self._values("target"), key=lambda each: each[0])
        for _, _, element in found[:-1]:
            self.log.lose(phrase("imports.lost.other-targets"), f"{self.file}:{element.line}")
        return {"value": f"{found[-1][1]:f}", "by": found[-1][0]} if found else None

    def _values(self, key: str) -> Iterator[tuple[date, Decimal, Element]]:
        """The totals of its periods, with the last days of these."""
        for period in self.element.all("period"):
            end = period.first("period-end")
            day = iso_day(end.peek_attribute("iso-date") or end.text) if end else None
            values = list(period.all(key))
            if day is None:
                for each in values:
                    self.lose(phrase("imports.lost.unread"), each)
                continue
            if end:
                end.attribute("iso-date")
            yield from ((day, value, element) for value, element in self._totals(key, values))

    def _totals(self, key: str, values: list[Element]) -> Iterator[tuple[Decimal, Element]]:
        """The values that are of no dimension; of values by dimension alone, no total is made up."""
        divided = [each for each in values if _has_dimensions(each)]
        if values and len(divided) == len(values):
            self.log.tell("without-total", self.id)
        for each in divided:
            self.lose(phrase("imports.lost.targets" if key == "target" else "imports.lost.actuals"), each)
        for each in values:
            if each not in divided:
                text = each.attribute("value") or each.value("value")
                figure = figure_of(text)
                if figure is not None:
                    yield figure, each
                elif text:
                    self.log.lose(phrase("imports.lost.unread"), f"{self.file}:{each.line}")

    def baseline(self) -> dict[str, Any] | None:
        """The baseline; its value is optional, and so is its day, which may be a year only."""
        for each in self.element.all("baseline"):
            value = figure_of(each.peek_attribute("value"))
            if value is not None and not _has_dimensions(each):
                each.attribute("value")
                year = each.attribute("year")
                day = iso_day(each.attribute("iso-date"))
                on = day or (f"{year}-12-31" if re.fullmatch("[12][0-9]{3}", year) else None)
                return {"value": f"{value:f}", "on": on}
        return None


def _indicators(activity: Element, file: str, on: date, log: Log) -> Iterator[_Indicator]:
    for number, result in enumerate(activity.all("result"), 1):
        for at, each in enumerate(result.all("indicator"), 1):
            found = _Indicator(f"r{number}i{at}", each, file, on, log)
            if each.peek_attribute("measure") == _QUALITATIVE:
                found.lose(phrase("imports.lost.others", name="indicator"), each)
            else:
                yield found


def kpis_of(activity: Element, file: str, on: date, log: Log) -> list[dict[str, Any]]:
    """The indicators of an activity as KPIs."""
    return [each.kpi() for each in _indicators(activity, file, on, log)]


def readings_of(
    activity: Element, file: str, on: date, log: Log, known: Collection[str]
) -> list[dict[str, Any]]:
    """The readings of those indicators whose ids are known; the others are lost."""
    found = []
    for each in _indicators(activity, file, on, log):
        if each.id in known:
            found.append({"id": each.id, "readings": each.readings()})
        else:
            each.lose(phrase("imports.lost.kpis"), each.element)
    return found


def _has_dimensions(element: Element) -> bool:
    return next(element.all("dimension"), None) is not None

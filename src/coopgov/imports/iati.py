"""Reads activities in IATI 1.0x to 2.03, with codes that are words, letters or figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import iso_day
from coopgov.imports.iati_results import kpis_of, readings_of
from coopgov.imports.whole import Ids, figure_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from coopgov.imports.result import Log
    from coopgov.imports.xml_source import Element

__all__ = ["Activity", "activities_of", "named"]

_DATES = {
    "1": ("planned", "start"),
    "start-planned": ("planned", "start"),
    "2": ("actual", "start"),
    "start-actual": ("actual", "start"),
    "3": ("planned", "end"),
    "end-planned": ("planned", "end"),
    "4": ("actual", "end"),
    "end-actual": ("actual", "end"),
}
_SPENT = {"3", "D", "4", "E"}
_OPEN = {"1", "2"}


class Activity:
    """An activity as a phase of an agreement, and its indicators as KPIs."""

    def __init__(self, element: Element, file: str, on: date, log: Log, default: str) -> None:
        self.element, self.file, self.on, self.log = element, file, on, log
        self.place = self._place(element)
        self.id = " ".join(element.value("iati-identifier").split())
        self.currency = element.attribute("default-currency") or default

    def _place(self, element: Element) -> str:
        return f"{self.file}:{element.line}"

    @property
    def title(self) -> str:
        """Its title."""
        return named(self.element, "title")

    def phase(self, currency: str) -> dict[str, Any]:
        """The keys of its phase."""
        return {
            "name": self.title,
            **self.observed(currency, ("planned", "actual")),
            **self._budget(currency),
        }

    def observed(self, currency: str, windows: Collection[str] = ("actual",)) -> dict[str, Any]:
        """What is observed of it: its days, its spending, and its status."""
        found: dict[str, Any] = {"source": self.id}
        days = self._days(windows)
        found.update(days)
        found["spending"] = self._spending(currency)
        status = self.element.first("activity-status")
        code = status.attribute("code") if status else ""
        if code:
            found["custom"] = {"status": code}
            self._contradictions(code, days)
        self.log.kept["activities"] += 1
        return found

    def _days(self, wanted: Collection[str]) -> dict[str, dict[str, date]]:
        windows: dict[str, dict[str, date]] = {}
        for each in self.element.all("activity-date"):
            key = _DATES.get(each.peek_attribute("type").lower())
            if key and key[0] not in wanted:
                continue
            day = iso_day(each.peek_attribute("iso-date") or each.text)
            each.attribute("type")
            each.attribute("iso-date")
            if key is None or day is None or windows.get(key[0], {}).get(key[1], day) != day:
                several = key is not None and day is not None
                self.log.lose(
                    phrase(f"imports.lost.{'second-days' if several else 'unread'}"), self._place(each)
                )
                continue
            windows.setdefault(key[0], {})[key[1]] = day
            self.log.kept[f"{key[0]} {key[1]}"] += 1
            if key[0] == "actual" and day > self.on:
                self.log.tell("after-the-day", self.id)
        return windows

    def _contradictions(self, code: str, windows: dict[str, dict[str, date]]) -> None:
        """A closed activity whose planned end is to come, or one to come that has ended."""
        actual, planned = windows.get("actual", {}), windows.get("planned", {})
        ended = "end" in actual and actual["end"] <= self.on
        started = "start" in actual and actual["start"] <= self.on
        closed = code in {"3", "4"}
        to_come = "end" in planned and planned["end"] > self.on and not ended
        if (ended and code in _OPEN) or (started and code == "1") or (closed and to_come):
            self.log.tell("status-contradicts", self.id)

    def _budget(self, currency: str) -> dict[str, Any]:
        """The budget: the sum over its periods, of each its revised value; the original sum, where it differs."""
        original: dict[tuple[str, str], Decimal] = {}
        revised: dict[tuple[str, str], Decimal] = {}
        for each in self.element.all("budget"):
            amount = self._amount(each, currency)
            if amount is None:
                continue
            ends = tuple(_iso(each, name) for name in ("period-start", "period-end"))
            kind = (each.attribute("type") or "1").lower()
            into = revised if kind in {"2", "revised"} else original
            period = (ends[0], ends[1])
            into[period] = into.get(period, Decimal(0)) + amount
        total = sum({**original, **revised}.values(), Decimal(0))
        if total <= 0:
            if total or original or revised:
                self.log.lose(phrase("imports.lost.others", name="budget"), self.place)
            return {}
        self.log.kept["budget"] += 1
        first = sum(original.values(), Decimal(0))
        changed = {"original": {"budget": f"{first:f}"}} if revised and 0 < first != total else {}
        return {"budget": f"{total:f}", **changed}

    def _amount(self, element: Element, currency: str) -> Decimal | None:
        """The amount of an element; one that is not kept is lost with it."""
        value = element.first("value")
        figure = figure_of(value.text.replace(",", "")) if value else None
        other = (value.attribute("currency") if value else "") or self.currency
        if figure is not None and other == currency:
            return figure
        if figure is None:
            self.log.lose(phrase("imports.lost.unread"), self._place(element))
        else:
            self.log.tell("other-currency", other)
            self.log.lose(phrase("imports.lost.others", name=element.name), self._place(element))
        element.settle()
        return None

    def _spending(self, currency: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        seen: set[str] = set()
        for each in self.element.all("transaction"):
            kind = each.first("transaction-type")
            if (kind.attribute("code") if kind else "").upper() not in _SPENT:
                self.log.lose(phrase("imports.lost.transactions"), self._place(each))
                each.settle()
                continue
            amount = self._amount(each, currency)
            if amount is None:
                continue
            value = each.first("value")
            day = iso_day(_iso(each, "transaction-date") or (value.attribute("value-date") if value else ""))
            if day is None:
                self.log.lose(phrase("imports.lost.unread"), self._place(each))
                each.settle()
                continue
            entry: dict[str, Any] = {"on": day, "amount": f"{amount:f}"}
            reference = each.peek_attribute("ref")
            if reference and reference not in seen:
                seen.add(each.attribute("ref"))
                entry["id"] = reference
            found.append(entry)
        self.log.kept["spending"] += len(found)
        return found

    def kpis(self) -> list[dict[str, Any]]:
        """Its indicators."""
        return kpis_of(self.element, self.file, self.on, self.log)

    def readings(self, known: Collection[str]) -> list[dict[str, Any]]:
        """The readings of those indicators whose ids are known."""
        return readings_of(self.element, self.file, self.on, self.log, known)

    def parties(self) -> list[dict[str, str]]:
        """The organisations that take part, each once."""
        ids, found, seen = Ids(), [], set()
        for each in (*self.element.all("reporting-org"), *self.element.all("participating-org")):
            name = _narrative(each)
            key = each.attribute("ref") or name
            if key and key not in seen:
                seen.add(key)
                found.append({"id": ids.of(key, "organisation"), "name": name or key})
        return found


def _iso(element: Element, name: str) -> str:
    found = element.first(name)
    return (found.attribute("iso-date") or found.text) if found else ""


def _narrative(element: Element) -> str:
    return next((each.text for each in element.all("narrative") if each.text), "") or element.text


def named(element: Element, name: str) -> str:
    """The text of a child, whose narratives of version 2 come first."""
    found = element.first(name)
    return _narrative(found) if found else ""


def activities_of(root: Element, file: str, on: date, log: Log) -> list[Activity]:
    """The activities of a file; those without an identifier are rejected."""
    found = []
    default = root.attribute("default-currency")
    for each in root.all("iati-activity") if root.name == "iati-activities" else (root,):
        activity = Activity(each, file, on, log, default)
        if activity.id:
            found.append(activity)
        else:
            expected = phrase("imports.rows.id")
            log.reject(activity.place, "missing-id", phrase("common.nothing"), expected)
            each.settle()
    return found

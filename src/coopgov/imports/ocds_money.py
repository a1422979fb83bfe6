"""Amounts and payments of OCDS: each payment counts as it is listed, and what is doubtful is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.json_source import Object, settle, text_of
from coopgov.imports.whole import figure_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from coopgov.imports.result import Log

__all__ = ["Payments", "amount_of"]


def amount_of(own: Object, currency: str, log: Log | None, place: str) -> str | None:
    """An amount in the currency of the agreement; None for any other, which is reported."""
    amount = own.get("amount")
    figure = figure_of(amount)
    other = own.text("currency")
    if figure is None or figure < 0:
        if amount not in (None, "") and log:
            log.lose(phrase("imports.lost.unread"), place)
        return None
    if other and other != currency:
        if log:
            log.tell("other-currency", other)
            log.lose(phrase("imports.lost.others", name="value"), place)
        return None
    return f"{figure:f}"


class Payments:
    """The payments of one contract."""

    def __init__(self, currency: str, log: Log, day: Callable[[object, str], date | None]) -> None:
        self.currency, self.log, self.day = currency, log, day
        self.found: dict[str, dict[str, Any]] = {}
        self.seen: set[tuple[object, ...]] = set()

    def add(self, transactions: list[Any], release: date | None, place: str) -> None:
        """Add the payments of one release; a payment that a later release repeats by its id counts once."""
        within: set[str] = set()
        for at, each in enumerate(transactions):
            own = each if isinstance(each, Object) else Object()
            entry = self._entry(own, release, f"{place}.transactions[{at}]")
            if entry is None:
                settle([own])
                continue
            key = own.text("id")
            if key and key in within and self.found[key] != entry:
                self.log.tell("payment-replaced", key)
            likeness = (entry["on"], entry["amount"], entry.get("note"))
            if likeness in self.seen and (not key or key not in self.found):
                self.log.tell("duplicate-payments", key or text_of(entry["on"]) or str(entry["on"]))
            self.seen.add(likeness)
            within.add(key)
            self.found[key or f"\0{release}{at}"] = {**entry, "id": key} if key else entry

    def _entry(self, own: Object, release: date | None, place: str) -> dict[str, Any] | None:
        value = own.inner("value") or own.inner("amount")
        figure = figure_of(value.get("amount"))
        if figure is None:
            self.log.reject(place, "not-an-amount", phrase("common.nothing"), phrase("imports.rows.amount"))
            return None
        currency = value.text("currency")
        if not currency:
            self.log.tell("payment-currency", own.text("id"))
        elif currency != self.currency:
            self.log.tell("other-currency", currency)
            expected = phrase("imports.rows.currency", currency=self.currency)
            self.log.reject(place, "unknown-currency", phrase("schema.quoted", text=currency), expected)
            return None
        day = self.day(own.text("date"), place)
        if day is None:
            day = release
            self.log.tell("payment-of-release", own.text("id"))
        note = own.inner("payee").text("name")
        entry: dict[str, Any] = {"on": day, "amount": f"{figure:f}"}
        return {**entry, "note": note} if note.strip() else entry

    def entries(self) -> list[dict[str, Any]]:
        """All payments."""
        self.log.kept["spending"] += len(self.found)
        return list(self.found.values())

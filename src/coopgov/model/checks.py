"""Consistency checks across an agreement: unique ids, and amounts that can be converted and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.model.money import is_countable
from coopgov.model.subjects import namespaces
from coopgov.schema.currencies import MINOR_DIGITS
from coopgov.schema.problems import Defect, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.model.contents import Contents
    from coopgov.model.phases import Phase
    from coopgov.schema.problems import Path
    from coopgov.schema.quantities import Amount

__all__ = ["amounts", "duplicate_faults", "money_faults"]


def duplicate_faults(agreement: Contents) -> Iterator[Defect]:
    """Find ids that occur twice in their namespace, rates given twice for a day, and a missing first party."""
    if not agreement.parties:
        yield Defect(("parties",), "no-parties", "no parties", "at least one party")
    in_team: list[tuple[str, Path]] = []
    for prefix, entries in namespaces(agreement):
        if prefix in {"member/", "body/"}:
            in_team += entries
        else:
            yield from _doubled(prefix.split("/")[0].replace("kpi", "KPI"), entries)
    yield from _doubled("member or body", in_team)
    rates = [(f"{rate.currency} on {rate.on}", ("rates", at)) for at, rate in enumerate(agreement.rates)]
    yield from _doubled("rate", rates, "on")


def _doubled(sort: str, entries: Iterable[tuple[str, Path]], key: str = "id") -> Iterator[Defect]:
    seen: set[str] = set()
    for name, path in entries:
        if name in seen:
            expected = f"each {sort} once"
            yield Defect((*path, key), "duplicate-id", f'the {sort} "{name}" a second time', expected)
        seen.add(name)


def amounts(agreement: Contents) -> Iterator[tuple[Path, Amount, date]]:
    """Yield every amount with its path and its date; an undated amount counts from the start of the term."""
    start = agreement.counts_from
    for position, phase in enumerate(agreement.phases):
        for path, amount, on in _amounts_of(phase):
            yield ("phases", position, *path), amount, on or start


def _amounts_of(phase: Phase) -> Iterator[tuple[Path, Amount, date | None]]:
    if phase.original and phase.original.budget:
        yield ("original", "budget"), phase.original.budget, None
    for at, forecast in enumerate(phase.forecast):
        if forecast.cost:
            yield ("forecast", at, "cost"), forecast.cost, forecast.on
    for at, budget in enumerate(phase.budget):
        yield ("budget", at, "amount"), budget.amount, budget.on
    for at, spent in enumerate(phase.spending):
        yield ("spending", at, "amount"), spent.amount, spent.on


def money_faults(agreement: Contents) -> Iterator[Defect]:
    """Find amounts more precise than their currency's minor unit, and amounts that no rate converts."""
    earliest: dict[str, date] = {}
    for rate in agreement.rates:
        earliest[rate.currency] = min(rate.on, earliest.get(rate.currency, rate.on))
    for path, amount, on in amounts(agreement):
        currency = amount.currency or agreement.currency
        if not is_countable(amount.value, currency):
            digits = MINOR_DIGITS[currency]
            expected = f"at most {digits} decimals" if digits else "no decimals"
            yield Defect(path, "too-fine-money", shown(str(amount)), f"{expected}, as {currency} has")
        if currency != agreement.currency and (currency not in earliest or on < earliest[currency]):
            expected = f"a rate of {currency} on or before {on}"
            hint = f"add to rates: {{currency: {currency}, on: {on}, rate: …}}"
            yield Defect(path, "missing-rate", shown(str(amount)), expected, hint)

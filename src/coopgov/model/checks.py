"""Consistency checks across an agreement: unique ids, and amounts that can be converted and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import listed, one_of, phrase
from coopgov.model.money import is_countable, open_readings
from coopgov.model.subjects import namespaces
from coopgov.schema.currencies import MINOR_DIGITS
from coopgov.schema.problems import Defect, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.evaluation import FinancePlan
    from coopgov.model.phases import Phase, Task
    from coopgov.schema.problems import Path
    from coopgov.schema.quantities import Amount

__all__ = ["amounts", "doubled_ids", "duplicate_faults", "money_faults", "open_amount"]


def duplicate_faults(agreement: Contents) -> Iterator[Defect]:
    """Find ids that occur twice in their namespace, rates given twice for a day, and a missing first party."""
    if not agreement.parties:
        found, expected = phrase("model.no-parties.found"), phrase("model.no-parties.expected")
        yield Defect(("parties",), "no-parties", found, expected)
    in_team: list[tuple[str, Path]] = []
    for prefix, ids, paths in namespaces(agreement):
        if prefix in {"member/", "body/"}:
            in_team += zip(ids, paths, strict=True)
        elif len(set(ids)) < len(ids):
            yield from doubled_ids(prefix.split("/")[0], zip(ids, paths, strict=True))
    yield from doubled_ids("member-or-body", in_team)
    yield from doubled_ids(
        "survey", [(each.id, ("surveys", at)) for at, each in enumerate(agreement.surveys)]
    )
    for path, part in _planned(agreement):
        kept = ((each.id, (*path, "baselines", at)) for at, each in enumerate(part.baselines))
        yield from doubled_ids("baseline", kept)
        spent = enumerate(part.spending)
        yield from doubled_ids(
            "payment", ((each.id, (*path, "spending", at)) for at, each in spent if each.id)
        )
    yield from _doubled_rates(agreement)


def _planned(agreement: Contents) -> Iterator[tuple[Path, Phase | Task]]:
    """Phases, and tasks with plans kept or money spent, with their paths."""
    for at, phase in enumerate(agreement.phases):
        yield ("phases", at), phase
        for position, task in enumerate(phase.tasks):
            if task.baselines or task.spending:
                yield ("phases", at, "tasks", position), task


def doubled_ids(sort: str, entries: Iterable[tuple[str, Path]]) -> Iterator[Defect]:
    """Find ids that occur twice among things of one sort, each given with its path."""
    seen: set[str] = set()
    for name, path in entries:
        if name in seen:
            yield _duplicate((*path, "id"), sort, name)
        seen.add(name)


def _doubled_rates(agreement: Contents) -> Iterator[Defect]:
    seen: set[tuple[str, date]] = set()
    for at, rate in enumerate(agreement.rates):
        if (rate.currency, rate.on) in seen:
            name = phrase("model.duplicate-id.rate", currency=rate.currency, day=rate.on)
            yield _duplicate(("rates", at, "on"), "rate", name)
        seen.add((rate.currency, rate.on))


def _duplicate(path: Path, sort: str, name: str) -> Defect:
    said = phrase(f"model.sort.{sort}")
    found = phrase("model.duplicate-id.found", sort=said, name=name)
    return Defect(path, "duplicate-id", found, phrase("model.duplicate-id.expected", sort=said))


def amounts(agreement: Contents) -> Iterator[tuple[Path, Amount, date]]:
    """Yield every amount with its path and its date; an undated amount counts from the start of the term."""
    start = agreement.counts_from
    for position, phase in enumerate(agreement.phases):
        for path, amount, on in _amounts_of(phase):
            yield ("phases", position, *path), amount, on or start
        for at, task in enumerate(phase.tasks):
            for path, amount, on in _budgets_of(task):
                yield ("phases", position, "tasks", at, *path), amount, on or start
    for path, amount, on in _evaluated_amounts(getattr(agreement.evaluation, "finance", None)):
        yield ("evaluation", "finance", *path), amount, on or start


def _amounts_of(phase: Phase) -> Iterator[tuple[Path, Amount, date | None]]:
    if phase.original and phase.original.budget:
        yield ("original", "budget"), phase.original.budget, None
    yield from _budgets_of(phase)
    for at, forecast in enumerate(phase.forecast):
        if forecast.cost:
            yield ("forecast", at, "cost"), forecast.cost, forecast.on


def _budgets_of(part: Phase | Task) -> Iterator[tuple[Path, Amount, date | None]]:
    for at, budget in enumerate(part.budget):
        yield ("budget", at, "amount"), budget.amount, budget.on
    for at, spent in enumerate(part.spending):
        yield ("spending", at, "amount"), spent.amount, spent.on
    for at, baseline in enumerate(part.baselines):
        if baseline.budget:
            yield ("baselines", at, "budget"), baseline.budget, baseline.on


def _evaluated_amounts(finance: FinancePlan | None) -> Iterator[tuple[Path, Amount, date | None]]:
    if finance is None:
        return
    for name in ("benefits", "costs"):
        for at, flow in enumerate(getattr(finance, name) or ()):
            yield (name, at, "amount"), flow.amount, flow.on
    if finance.profit is not None:
        yield ("profit", "baseline"), finance.profit.baseline, None
        for at, reading in enumerate(finance.profit.readings):
            yield ("profit", "readings", at, "value"), reading.value, reading.on


def money_faults(agreement: Contents) -> Iterator[Defect]:
    """Find amounts more precise than their currency's minor unit, and amounts that no rate converts."""
    earliest: dict[str, date] = {}
    for rate in agreement.rates:
        earliest[rate.currency] = min(rate.on, earliest.get(rate.currency, rate.on))
    for path, amount, on in amounts(agreement):
        currency = amount.currency or agreement.currency
        if amount.open and (readings := open_readings(amount, agreement.currency)):
            yield Defect(path, *open_amount(amount, readings))
            continue
        if not is_countable(amount.value, currency):
            yield Defect(path, "too-fine-money", shown(str(amount)), _decimals_of(currency))
        if currency != agreement.currency and (currency not in earliest or on < earliest[currency]):
            expected = phrase("model.missing-rate.expected", currency=currency, day=on)
            hint = phrase("model.missing-rate.hint", currency=currency, day=on)
            yield Defect(path, "missing-rate", shown(str(amount)), expected, hint)


def open_amount(amount: Amount, readings: Iterable[str]) -> tuple[str, Phrase, Phrase, Phrase]:
    """Return the code, the finding, the expectation and the hint of an amount that can mean several."""
    found = phrase("model.open-amount.found", amount=amount, signs=listed(map(quoted, amount.open)))
    return (
        "not-an-amount",
        found,
        phrase("model.open-amount.expected"),
        phrase("hints.write", text=one_of(readings)),
    )


def _decimals_of(currency: str) -> Phrase:
    digits = MINOR_DIGITS[currency]
    if not digits:
        return phrase("model.too-fine-money.none", currency=currency)
    return phrase("model.too-fine-money.decimals", digits=digits, currency=currency)

"""The money of an evaluation: what is visible on a date, its sums, and its flows by contract year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.evaluation.cash import irr, npv, sign_changes
from coopgov.evaluation.places import at
from coopgov.evaluation.result import Finance, Input
from coopgov.model.calendar import months_after
from coopgov.model.money import money_of
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from coopgov.model import Agreement
    from coopgov.model.evaluation import CashFlow, FinancePlan

__all__ = ["Money", "finance_of", "money_on"]

_FINANCE = ("evaluation", "finance")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Flow:
    """Money on a day, in minor units: a benefit, or a negative cost."""

    on: date
    amount: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """What is known of the money on a date: the figures, the share of the goal that is reached, what is missing."""

    figures: Finance
    reached: Fraction | None
    inputs: tuple[Input, ...]
    missing: tuple[str, ...]


def money_on(agreement: Agreement, plan: FinancePlan, as_of: date) -> Money:
    """Add up what is visible, and compare it with the goal: that of the profit, else that of the ROI."""
    figures, roi = finance_of(agreement, plan, as_of)
    if plan.profit is not None:
        gain = _gain(agreement, plan, as_of)
        if gain is None:
            return Money(figures, None, (), ("evaluation.finance.profit",))
        share, on, place = gain
        figures = replace(figures, profit_gain=float(share))
        inputs = (Input("profit", float(share), "", on, place),)
        return Money(figures, share / Fraction(plan.profit.target), inputs, ())
    if plan.roi_target is None:
        return Money(figures, None, (), ("evaluation.finance.profit", "evaluation.finance.roi_target"))
    if roi is None:
        lacking = [
            name for name, sum_ in (("benefits", figures.benefits), ("costs", figures.costs)) if not sum_
        ]
        return Money(figures, None, (), tuple(f"evaluation.finance.{name}" for name in lacking))
    inputs = (Input("roi", float(roi), "", None, at(agreement, (*_FINANCE, "benefits"))),)
    return Money(figures, roi / Fraction(plan.roi_target), inputs, ())


def _gain(agreement: Agreement, plan: FinancePlan, as_of: date) -> tuple[Fraction, date, str | None] | None:
    """The newest visible gain of the net profit as a share of its baseline, its day and its place."""
    assert plan.profit is not None
    seen = [(each.on, position) for position, each in enumerate(plan.profit.readings) if each.on <= as_of]
    baseline = money_of(agreement, plan.profit.baseline)
    if not seen or not baseline:
        return None
    on, position = max(seen)
    value = money_of(agreement, plan.profit.readings[position].value, on)
    place = at(agreement, (*_FINANCE, "profit", "readings", position, "value"))
    return Fraction(value - baseline, abs(baseline)), on, place


def finance_of(agreement: Agreement, plan: FinancePlan, as_of: date) -> tuple[Finance, Fraction | None]:
    """The figures of what is visible, and the exact ROI."""
    unit = 10 ** MINOR_DIGITS[agreement.currency]
    benefits = list(_listed(agreement, plan.benefits, as_of))
    costs = list(_costs(agreement, plan, as_of))
    gained, spent = sum(each.amount for each in benefits), sum(each.amount for each in costs)
    roi = Fraction(gained - spent, spent) if benefits and spent > 0 else None
    flows = _by_year(agreement, [*benefits, *(Flow(each.on, -each.amount) for each in costs)])
    years = [flow / unit for flow in flows]
    complete = bool(benefits and costs)
    changes = sign_changes(flows)
    why = "" if changes == 1 or not complete else "several rates" if changes else "no change of sign"
    return (
        Finance(
            agreement.currency,
            gained / unit if benefits else None,
            spent / unit if costs else None,
            _sum_of(benefits, "saving", unit),
            _sum_of(benefits, "revenue", unit),
            None if roi is None else float(roi),
            None,
            npv(float(plan.discount), years) if complete and plan.discount is not None else None,
            irr(years) if complete else None,
            _payback([*benefits, *(Flow(each.on, -each.amount) for each in costs)]) if complete else None,
            tuple(years) if complete else (),
            why,
        ),
        roi,
    )


def _sum_of(flows: Iterable[Flow], kind: str, unit: int) -> float | None:
    found = [each.amount for each in flows if each.kind == kind]
    return sum(found) / unit if found else None


def _listed(agreement: Agreement, flows: Iterable[CashFlow], as_of: date) -> Iterator[Flow]:
    for each in flows:
        if each.on <= as_of:
            yield Flow(each.on, money_of(agreement, each.amount, each.on), each.kind or "")


def _costs(agreement: Agreement, plan: FinancePlan, as_of: date) -> Iterator[Flow]:
    """The listed costs, or the spending of the phases; undated spending counts from the start of the term."""
    if plan.costs is not None:
        yield from _listed(agreement, plan.costs, as_of)
        return
    for phase in agreement.phases:
        for spent in phase.spending:
            if spent.on is None or spent.on <= as_of:
                yield Flow(spent.on or agreement.counts_from, money_of(agreement, spent.amount, spent.on))


def _by_year(agreement: Agreement, flows: Sequence[Flow]) -> list[int]:
    """The sum of each contract year, up to the last that has a flow; what came before the term is in the first."""
    start = agreement.counts_from
    sums: list[int] = []
    for each in flows:
        year = max(0, each.on.year - start.year)
        if year and _anniversary(start, year) > each.on:
            year -= 1
        sums += [0] * (year + 1 - len(sums))
        sums[year] += each.amount
    return sums


def _anniversary(start: date, years: int) -> date:
    return months_after(start, _MONTHS * years)


def _payback(flows: Sequence[Flow]) -> date | None:
    """The first day from which the balance, once below 0, is no longer."""
    balance, below = 0, False
    ordered = sorted(flows, key=lambda each: each.on)
    for position, each in enumerate(ordered):
        balance += each.amount
        if position + 1 < len(ordered) and ordered[position + 1].on == each.on:
            continue
        if below and balance >= 0:
            return each.on
        below = below or balance < 0
    return None

"""Finds probable mistakes in the work plan: keys that a phase lacks, buffers, totals as spending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from coopgov.errors import AgreementError
from coopgov.locales import all_of, phrase
from coopgov.model.calendar import WorkingCalendar, calendar_of, span_after
from coopgov.model.findings.dates import in_words
from coopgov.schema.problems import Defect, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model.contents import Contents
    from coopgov.model.phases import Phase

__all__ = ["cumulative_spending", "incomplete_phases", "known_calendar", "long_buffers"]

_FEWEST = 3
"""Two amounts of which the second is larger mean nothing."""
_NEAR = Decimal("0.8"), Decimal("1.25")
"""What share of the budget the last amount has, if the amounts are totals so far."""
_TOO_MUCH = Decimal("1.2")
"""What share of the budget all amounts together exceed, if they are totals so far."""


def long_buffers(agreement: Contents) -> Iterator[Defect]:
    """Find buffers longer than the window of their phase."""
    for at, phase in enumerate(agreement.phases):
        if _is_longer_than_its_window(agreement, phase):
            expected = phrase("model.buffer-too-long.expected", window=in_words(phase.planned))
            yield Defect(("phases", at, "buffer"), "buffer-too-long", shown(str(phase.buffer)), expected)


def _is_longer_than_its_window(agreement: Contents, phase: Phase) -> bool:
    planned = phase.planned.sound
    if phase.buffer is None or planned.start is None or planned.end is None:
        return False
    calendar = WorkingCalendar() if phase.buffer.unit == "days" else known_calendar(agreement)
    try:
        return span_after(planned.end, phase.buffer, calendar, -1) < planned.start
    except OverflowError:  # it would begin before the year 1
        return True


def known_calendar(agreement: Contents) -> WorkingCalendar:
    """The working days; Monday to Friday where they cannot be known, since a finding must not stop anything."""
    try:
        return calendar_of(agreement)
    except AgreementError:
        return WorkingCalendar()


def incomplete_phases(agreement: Contents) -> Iterator[Defect]:
    """Find phases without a budget, and phases that have not ended without a buffer."""
    for at, phase in enumerate(agreement.phases):
        missing = [] if phase.budget else ["`budget`"]
        if phase.buffer is None and not (phase.actual and phase.actual.end):
            missing.append("`buffer`")
        if missing:
            found = phrase("model.phase-incomplete.found", phase=phase.id)
            expected = phrase("model.phase-incomplete.expected", keys=all_of(missing))
            yield Defect(("phases", at, "id"), "phase-incomplete", found, expected)


def cumulative_spending(agreement: Contents) -> Iterator[Defect]:
    """Find spending whose entries look like totals so far.

    Each is larger than the one before, the last is near the budget, and together they exceed it by far.
    """
    for at, phase in enumerate(agreement.phases):
        amounts = _rising(phase, agreement.currency)
        budget = _budget(phase, agreement.currency)
        if len(amounts) < _FEWEST or not budget:
            continue
        last, total = max(amounts), sum(amounts)
        if _NEAR[0] * budget <= last <= _NEAR[1] * budget and total > _TOO_MUCH * budget:
            position = next(number for number, each in enumerate(phase.spending) if each.amount.value == last)
            path = ("phases", at, "spending", position, "amount")
            found = phrase("model.cumulative-spending.found", number=len(amounts), last=f"{last:,f}")
            expected = phrase("model.cumulative-spending.expected")
            sums = {"total": f"{total:,f}", "budget": f"{budget:,f}"}
            hint = phrase("model.cumulative-spending.hint", **sums)
            yield Defect(path, "cumulative-spending", found, expected, hint)


def _rising(phase: Phase, currency: str) -> list[Decimal]:
    """The amounts spent, by their days, if each is larger than the one before; else nothing."""
    by_day = {each.on: each.amount for each in phase.spending if each.on}
    amounts = [by_day[day].value for day in sorted(by_day)]
    comparable = len(by_day) == len(phase.spending) and all(
        each.currency in (None, currency) for each in by_day.values()
    )
    rising = all(0 < one < next_one for one, next_one in pairwise(amounts))
    return amounts if comparable and rising else []


def _budget(phase: Phase, currency: str) -> Decimal | None:
    """The newest budget, if it is in the agreement's currency."""
    newest = max(phase.budget, key=lambda each: each.on or date.min, default=None)
    return newest.amount.value if newest and newest.amount.currency in (None, currency) else None

"""Links between the tasks of a plan in MSPDI: their types and their lags."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.imports.mspdi_plan import PlanTask
    from coopgov.imports.xml_source import Element

__all__ = ["Durations", "link_of"]

_TYPES = {"0": "FF", "1": "FS", "2": "SF", "3": "SS"}
_PERCENT, _ELAPSED_PERCENT = {"19", "51"}, {"20", "52"}
_ELAPSED = {"4", "6", "8", "10", "12", "36", "38", "40", "42", "44"}
_DURATION = re.compile(r"P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9.]{1,9})S)?)?")
_MINUTES_OF_DAY = 1440
_PLACES = Decimal("0.0001")
_LONGEST = 100_000
"""The most days of a lag; more is a mistake of the file."""


class Durations:
    """How long the days of a plan are: `PT24H` are 3 days of 8 hours."""

    def __init__(self, root: Element) -> None:
        self.minutes_of_day = root.parsed("MinutesPerDay", _day_length) or 480

    def minutes(self, text: str) -> Decimal | None:
        """The minutes of a duration such as PT24H0M0S; None for another text."""
        found = _DURATION.fullmatch(text.strip())
        if not found:
            return None
        days, hours, minutes = (Decimal(each or 0) for each in found.groups()[:3])
        return days * self.minutes_of_day + hours * 60 + minutes

    def lag(self, element: Element, predecessor: Element) -> str | None:
        """The lag of a link: tenths of minutes whatever its format, but a percentage of the predecessor's duration."""
        lag_format = element.value("LagFormat")
        percent = lag_format in _PERCENT | _ELAPSED_PERCENT
        elapsed = lag_format in _ELAPSED | _ELAPSED_PERCENT
        whole = self.minutes(predecessor.peek("Duration")) if percent else Decimal(10)
        days_of = _MINUTES_OF_DAY if elapsed else self.minutes_of_day

        def in_days(text: str) -> Decimal | None:
            figure = _figure(text)
            if figure is None or (whole is None and figure):
                return None
            days = (figure * whole / 100 if whole else Decimal(0)) / days_of
            return days.quantize(_PLACES).normalize() + 0 if abs(days) <= _LONGEST else None

        value = element.parsed("LinkLag", in_days)
        if not value:
            return None
        if percent:
            predecessor.value("Duration")
        return f"{value:f} {'days' if elapsed else 'working days'}"


def _day_length(text: str) -> int | None:
    minutes = int(text) if re.fullmatch("[0-9]{1,4}", text) else 0
    return minutes if 0 < minutes <= _MINUTES_OF_DAY else None


def _figure(text: str) -> Decimal | None:
    try:
        figure = Decimal(text)
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) <= Decimal(10) ** 12 else None


def link_of(element: Element, tasks: Mapping[str, PlanTask], durations: Durations) -> dict[str, Any] | None:
    """A link as a task of an agreement has it; None for one to a task that is not there, such as a summary."""
    predecessor = tasks.get(element.value("PredecessorUID"))
    if predecessor is None or predecessor.summary or predecessor.element is None:
        return None
    link: dict[str, Any] = {"task": predecessor.uid, "type": element.parsed("Type", _TYPES.get) or "FS"}
    lag = durations.lag(element, predecessor.element)
    if lag:
        link["lag"] = lag
    return link

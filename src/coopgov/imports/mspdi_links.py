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
_DURATION = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.]+)S)?)?")
_MINUTES_OF_DAY = 1440
_PLACES = Decimal("0.0001")


class Durations:
    """How long the days of a plan are: `PT24H` are 3 days of 8 hours."""

    def __init__(self, root: Element) -> None:
        text = root.value("MinutesPerDay")
        minutes = int(text) if re.fullmatch("[0-9]{1,4}", text) else 0
        self.minutes_of_day = minutes if 0 < minutes <= _MINUTES_OF_DAY else 480

    def minutes(self, text: str) -> Decimal:
        """The minutes of a duration such as PT24H0M0S."""
        found = _DURATION.fullmatch(text.strip())
        if not found or len(text) > 40:
            return Decimal(0)
        days, hours, minutes, _ = (
            Decimal(each or 0) if each != "." else Decimal(0) for each in found.groups()
        )
        return days * self.minutes_of_day + hours * 60 + minutes

    def lag(self, element: Element, predecessor: Element) -> str | None:
        """The lag of a link: tenths of minutes whatever its format, but a percentage of the predecessor's duration."""
        try:
            figure = Decimal(element.value("LinkLag") or 0)
        except InvalidOperation:
            return None
        if not figure.is_finite() or abs(figure) > Decimal(10) ** 12:
            return None
        lag_format = element.value("LagFormat")
        if lag_format in _PERCENT | _ELAPSED_PERCENT:
            minutes = figure * self.minutes(predecessor.value("Duration")) / 100
        else:
            minutes = figure / 10
        elapsed = lag_format in _ELAPSED | _ELAPSED_PERCENT
        days = minutes / (_MINUTES_OF_DAY if elapsed else self.minutes_of_day)
        value = days.quantize(_PLACES).normalize() + 0
        if not value:
            return None
        return f"{value:f} {'days' if elapsed else 'working days'}"


def link_of(element: Element, tasks: Mapping[str, PlanTask], durations: Durations) -> dict[str, Any] | None:
    """A link as a task of an agreement has it; None for one to a task that is not there, such as a summary."""
    predecessor = tasks.get(element.value("PredecessorUID"))
    if predecessor is None or predecessor.summary or predecessor.element is None:
        return None
    link: dict[str, Any] = {"task": predecessor.uid, "type": _TYPES.get(element.value("Type"), "FS")}
    lag = durations.lag(element, predecessor.element)
    if lag:
        link["lag"] = lag
    return link

"""Draw histories in the terminal: a line for each warning, a column for one or more days.

A column shows the worst of its days: the higher the block, the worse the severity, so it can be read without colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from coopgov.simulation.history import days_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.cli.text import Terminal
    from coopgov.simulation.history import Episode, UndeterminedPeriod

__all__ = ["MARKS", "Timeline"]

MARKS = {
    "clear": "·",
    "past": "=",
    "waived": "-",
    "undetermined": "?",
    "notice": "▂",
    "minor": "▄",
    "major": "▆",
    "critical": "█",
}
"""The blocks of a column, from the mildest severity to the worst."""
_RANKS = list(MARKS)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A period drawn over a number of columns, at most one for each day."""

    first: date
    last: date
    width: int

    @property
    def columns(self) -> int:
        """The number of columns drawn."""
        return max(1, min(self.width, days_of(self.first, self.last)))

    @property
    def days(self) -> float:
        """The number of days in a column."""
        return days_of(self.first, self.last) / self.columns

    def column(self, day: date) -> int:
        """The column of a day."""
        return (day - self.first).days * self.columns // days_of(self.first, self.last)

    def line(
        self,
        terminal: Terminal,
        episodes: Iterable[Episode],
        undetermined_periods: Iterable[UndeterminedPeriod],
    ) -> str:
        """The line of one warning."""
        states = ["clear"] * self.columns
        for period in undetermined_periods:
            self._mark(states, "undetermined", period.first, period.last)
        for episode in episodes:
            for stretch in episode.stretches:
                state = "waived" if stretch.waived else "past" if stretch.past else stretch.severity
                self._mark(states, state, stretch.first, stretch.last)
        return "".join(self._painted(terminal, state, len(list(run))) for state, run in groupby(states))

    def _mark(self, states: list[str], state: str, first: date, last: date) -> None:
        for column in range(self.column(first), self.column(last) + 1):
            states[column] = max(states[column], state, key=_RANKS.index)

    @staticmethod
    def _painted(terminal: Terminal, state: str, length: int) -> str:
        style = "dim" if state in ("clear", "past", "waived") else state
        return terminal.paint(MARKS[state] * length, style)

    def axis(self) -> str:
        """The months above the columns, as many as fit: `2026-01`, then `02` and so on."""
        text = f"{self.first:%Y-%m}"
        for month in _months(self.first, self.last):
            label = f"{month:%Y-%m}" if month.month == 1 else f"{month:%m}"
            gap = self.column(month) - len(text)
            if gap > 0 and self.column(month) + len(label) <= self.columns:
                text += " " * gap + label
        return text if len(text) <= self.columns else ""


def _months(first: date, last: date) -> Iterable[date]:
    """The first day of each month after a day."""
    index = first.year * 12 + first.month
    while index < last.year * 12 + last.month:
        year, month = divmod(index, 12)
        yield date(year, month + 1, 1)
        index += 1

"""Draws how the status of an agreement changed: a step for each day, as high as the worst warning is severe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, an_instance, checked
from coopgov.assessment.figures import Form
from coopgov.assessment.result import worse
from coopgov.charts.axes import Days
from coopgov.charts.glyphs import shortened, width_of
from coopgov.charts.svg import COLOURS, FAINT, HATCHED, INK, RULE, Chart, element, label, picture
from coopgov.charts.widths import A_WIDTH, EDGE, WIDE
from coopgov.locales import text
from coopgov.severities import SEVERITIES
from coopgov.simulation.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.severities import Status

__all__ = ["Standing", "standings", "status_history"]

_TOP = 56.0
_STEP = 26.0
_LEVELS = ("clear", *SEVERITIES)


@dataclass(frozen=True, slots=True)
class Standing:
    """Consecutive days with one status."""

    status: Status
    first: date
    last: date


def standings(history: History) -> tuple[Standing, ...]:
    """The status on each day of a history: that of the worst warning that is neither waived nor past."""
    first, end = history.first.toordinal(), history.last.toordinal() + 1
    parts: list[tuple[Status, date, date]] = [
        (each.severity, each.first, each.last)
        for episode in history.episodes
        for each in episode.stretches
        if not (each.waived or each.past)
    ]
    parts += [("undetermined", each.first, each.last) for each in history.undetermined]
    edges = {first, end} | {
        edge for _, start, last in parts for edge in (start.toordinal(), last.toordinal() + 1)
    }
    days = sorted(each for each in edges if first <= each <= end)
    found: list[Standing] = []
    for start, over in pairwise(days):
        begins, last = date.fromordinal(start), date.fromordinal(over - 1)
        there = (status for status, since, until in parts if since <= begins <= until)
        status: Status = max(there, key=worse, default="clear")
        if found and found[-1].status == status:
            begins = found.pop().first
        found.append(Standing(status, begins, last))
    return tuple(found)


@checked(
    history=an_instance(History, "errors.expected.history", "errors.hints.history"),
    language=a_tag,
    width=A_WIDTH,
)
def status_history(history: History, *, language: str = "en", width: float = WIDE) -> Chart:
    """Draw the status on each day of a history, from clear to critical.

    Hatched days are undetermined: nothing worse is known.

    Args:
        history: a result of `backtest`.
        language: of the words in the picture; the title is in the language of the history.
        width: in pixels, from 320 to 4000.
    """
    drawing = _Drawing(history, language, width)
    name = text("charts.status.name", language, title=history.title)
    return picture(name, drawing.description(), language, width, drawing.height, *drawing.parts())


class _Drawing:
    """Places the levels and the days."""

    def __init__(self, history: History, language: str, width: float) -> None:
        self.history = history
        self.form = Form(language, "", 1)
        self.language = language
        self.width = width
        self.standings = standings(history)
        left = EDGE + max(width_of(self.form.term(level), 11) for level in _LEVELS) + 10
        self.days = Days.around([history.first, history.last], left, width - EDGE, language)
        self.bottom = _TOP + _STEP * (len(_LEVELS) - 1) + 14
        self.height = self.bottom + 36 + (22 if self._blank() else 0)

    def _blank(self) -> bool:
        return any(each.status == "undetermined" for each in self.standings)

    def _say(self, name: str, **values: object) -> str:
        return text(f"charts.status.{name}", self.language, **values)

    def description(self) -> str:
        """The days of each status in words, and the status on the last day."""
        counted = dict.fromkeys((*reversed(SEVERITIES), "undetermined", "clear"), 0)
        for each in self.standings:
            counted[each.status] += (each.last - each.first).days + 1
        said = [
            self._say(f"days.{'one' if days == 1 else 'many'}", status=self.form.term(status), number=days)
            for status, days in counted.items()
            if days
        ]
        return self._say(
            "description",
            title=self.history.title,
            first=self.history.first,
            last=self.history.last,
            days=text("common.comma", self.language).join(said),
            status=self.form.term(self.standings[-1].status),
        )

    def y(self, status: str) -> float:
        """The height of a level; what is undetermined is on the lowest."""
        level = _LEVELS.index(status) if status in _LEVELS else 0
        return self.bottom - 14 - level * _STEP

    def parts(self) -> Iterator[str]:
        """All parts, from the back to the front."""
        title = shortened(self._say("name", title=self.history.title), self.width - 2 * EDGE, 14, bold=True)
        yield label(title, EDGE, 20, font_size=14, font_weight="bold")
        period = self._say("period", first=self.history.first, last=self.history.last)
        yield label(period, EDGE, 37, font_size=11, fill=FAINT)
        yield from self._levels()
        yield from (self._area(each) for each in self.standings)
        yield self._line()
        yield from self._marks()
        if self._blank():
            y = self.bottom + 44
            yield element("rect", x=EDGE, y=y - 10, width=20.0, height=11.0, fill=HATCHED)
            yield label(self.form.term("undetermined"), EDGE + 28, y, font_size=11, fill=FAINT)

    def _levels(self) -> Iterator[str]:
        left, right = self.days.left, self.width - EDGE
        lines = "".join(f"M{left:.2f} {self.y(level):g}H{right:g}" for level in _LEVELS)
        yield element("path", d=lines, stroke=RULE, stroke_width=0.5)
        names = [
            label(self.form.term(level), left - 8, self.y(level) + 4, text_anchor="end") for level in _LEVELS
        ]
        yield element("g", *names, font_size=11, fill=INK)

    def _area(self, each: Standing) -> str:
        x, end = self.days.x(each.first), self.days.x(each.last, 1)
        top = self.y(each.status)
        fill = HATCHED if each.status == "undetermined" else COLOURS[each.status]
        base = self.bottom - 14
        height = base - top
        if each.status in ("clear", "undetermined"):
            top, height = base, 10.0
        return element(
            "rect", x=x, y=top, width=end - x, height=max(height, 1.0), fill=fill, fill_opacity=0.45
        )

    def _line(self) -> str:
        """The steps themselves."""
        parts = []
        for number, each in enumerate(self.standings):
            x, end, y = self.days.x(each.first), self.days.x(each.last, 1), self.y(each.status)
            parts.append(f"{'L' if number else 'M'}{x:.2f} {y:g}H{end:.2f}")
        return element("path", d="".join(parts), fill="none", stroke=INK, stroke_width=1.5)

    def _marks(self) -> Iterator[str]:
        upper, lower = self.days.marks()
        ticks = "".join(f"M{mark.x:.2f} {self.bottom:g}v4" for mark in lower or upper)
        yield element("path", d=ticks, stroke=FAINT, stroke_width=0.8)
        texts = [label(mark.text, mark.x + 2, self.bottom + 14) for mark in lower]
        texts += [label(mark.text, mark.x + 2, self.bottom + 28, font_weight="bold") for mark in upper]
        yield element("g", *texts, font_size=10, fill=FAINT)

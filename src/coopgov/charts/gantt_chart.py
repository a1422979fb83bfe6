"""Draws the Gantt chart: names on the left, bars in the middle, the state in words on the right.

On a narrow screen, names and states are above the bars.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, a_tag, a_text, checked
from coopgov.charts.axes import Days
from coopgov.charts.gantt_bars import PHASE, ROW, bars, diamond, legend
from coopgov.charts.glyphs import shortened, width_of
from coopgov.charts.looks import BAD, PALE
from coopgov.charts.plan import plan_of
from coopgov.charts.svg import FAINT, RULE, Chart, element, label, picture, title
from coopgov.charts.widths import A_WIDTH, EDGE, WIDE, is_narrow
from coopgov.facts.derive import derive
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.charts.plan import Plan, PlanRow
    from coopgov.model import Agreement

__all__ = ["draw_plan", "gantt"]

_SIZE, _SMALL = 12, 10
_INDENT = 14.0
_MOST_NAME, _MOST_SAID = 0.3, 0.24
"""The largest share of the width that names and states take."""
_HEAD = 73.0
_TEXT_LINE = 18.0
"""The room above a bar for its name, on a narrow screen."""
_SHADED = 6.0
"""The least width of a day from which days off are shaded."""


@checked(agreement=AN_AGREEMENT, as_of=a_day, language=a_tag, phase=a_text, width=A_WIDTH)
def gantt(
    agreement: Agreement, *, as_of: date, language: str = "en", phase: str = "", width: float = WIDE
) -> Chart:
    """Draw the plan of an agreement as it was known on a date.

    A bar shows what happened, its last part what came after the planned end. The thin bar below it is the plan, with
    the buffer hatched. A dashed bar is a forecast, an outline the original plan. Diamonds are milestones. The delay is
    in words. Above 500 rows, the rest is folded into a row with its count.

    Args:
        agreement: the agreement.
        as_of: the date; later observations are not visible.
        language: of all texts.
        phase: the id of a phase, such as `phase/core`, to draw only that.
        width: in pixels, from 320 to 4000; below 560, the layout is that of a narrow screen.

    Raises:
        UnknownNameError: the agreement has no such phase.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> chart = gantt(load_agreement("examples/pilot/agreement.yaml"), as_of=date(2026, 6, 30))
    >>> "Set-up: 20 days late" in chart.alt
    True
    """
    return draw_plan(plan_of(derive(agreement, as_of), language, phase), width)


def draw_plan(plan: Plan, width: float = WIDE) -> Chart:
    """Draw the rows of a plan."""
    drawing = _Drawing(plan, width)
    name = text("charts.gantt.name", plan.language, title=plan.title)
    return picture(
        name, _description(plan, drawing.days), plan.language, width, drawing.height, *drawing.parts()
    )


def _description(plan: Plan, days: Days) -> str:
    """The chart in words: its period, and the state of each row (of phases and milestones, if there are many)."""
    language = plan.language
    shown = [row for row in plan.rows if row.said and (row.kind != "task" or row.bad or len(plan.rows) <= 30)]
    said = [text("charts.gantt.row", language, name=row.name, said=row.said) for row in shown[:40]]
    rows = text("charts.gantt.between", language).join(said) or text("charts.gantt.empty", language)
    return text(
        "charts.gantt.description",
        language,
        title=plan.title,
        day=plan.as_of,
        first=days.first,
        last=days.last,
        rows=rows,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row, its top, and where the middle of its bar is."""

    row: PlanRow
    top: float
    middle: float


class _Drawing:
    """Places the rows, then draws layer by layer, so that what is alike shares its looks."""

    def __init__(self, plan: Plan, width: float) -> None:
        self.plan = plan
        self.width = width
        self.narrow = is_narrow(width)
        self.names, self.said = (0.0, 0.0) if self.narrow else self._columns()
        left, right = EDGE + self.names, width - EDGE - self.said
        days = [plan.as_of, *(day for row in plan.rows for day in row.days)]
        self.days = Days.around(days, left, right, plan.language)
        self.placed = list(self._placed())
        self.bottom = self.placed[-1].top + self._height(self.placed[-1].row) if self.placed else _HEAD + 24
        self.legend = list(legend(plan, self.bottom + 12, width, shaded=self._shades()))
        self.height = self.legend[-1][1] + EDGE if self.legend else self.bottom + EDGE

    def _columns(self) -> tuple[float, float]:
        """The widths of the columns of names and states."""
        rows = self.plan.rows
        names = max((_indent(row) + width_of(row.name, _SIZE, bold=_bold(row)) for row in rows), default=0.0)
        said = max((width_of(row.said, _SIZE) for row in rows), default=0.0)
        most = self.width - 2 * EDGE
        return min(names, most * _MOST_NAME) + 12, min(said, most * _MOST_SAID) + 12

    def _height(self, row: PlanRow) -> float:
        height = PHASE if row.kind == "phase" else ROW
        return height + _TEXT_LINE if self.narrow and row.kind != "folded" else height

    def _placed(self) -> Iterator[_Placed]:
        top = _HEAD
        for row in self.plan.rows:
            height = self._height(row)
            above = _TEXT_LINE if self.narrow and row.kind != "folded" else 0.0
            yield _Placed(row, top, top + above + (height - above) / 2)
            top += height

    def _shades(self) -> bool:
        return self.days.day >= _SHADED

    def parts(self) -> Iterator[str]:
        """All layers, from the back to the front."""
        yield from self._headline()
        if not self.placed:
            yield label(text("charts.gantt.empty", self.plan.language), EDGE, _HEAD + 14)
            return
        yield from self._days_off()
        yield from self._grid()
        rows = [(each.row, each.middle) for each in self.placed]
        yield from bars(rows, self.days)
        yield from self._arrows()
        yield from self._today()
        yield element(
            "g",
            *(
                diamond(each.row.milestone, self.days, each.middle)
                for each in self.placed
                if each.row.milestone
            ),
        )
        yield from self._texts()
        yield from (drawn for drawn, _ in self.legend)

    def _headline(self) -> Iterator[str]:
        """The title."""
        name = shortened(self.plan.title, self.width - 2 * EDGE, 15, bold=True)
        yield label(name, EDGE, 20, font_size=15, font_weight="bold")

    def _days_off(self) -> Iterator[str]:
        if not self._shades():
            return
        first, last, wide = self.days.first.toordinal(), self.days.last.toordinal(), self.days.day
        days = map(date.fromordinal, range(first, last + 1))
        off = (self.days.x(day) for day in days if not self.plan.calendar.is_working(day))
        shapes = (f"M{x:.2f} {_HEAD:g}h{wide:.2f}V{self.bottom:g}h-{wide:.2f}z" for x in off)
        yield element("path", d="".join(shapes), fill=PALE)

    def _grid(self) -> Iterator[str]:
        """Lines between rows of phases and at the marks of days, and the texts of the marks."""
        upper, lower = self.days.marks()
        marks = lower or upper
        lines = "".join(f"M{mark.x:.2f} {_HEAD:g}V{self.bottom:g}" for mark in marks)
        rows = "".join(
            f"M{EDGE:g} {each.top:g}H{self.width - EDGE:g}"
            for each in self.placed
            if each.row.kind == "phase"
        )
        yield element("path", d=lines, stroke=RULE, stroke_width=0.5, fill="none")
        yield element(
            "path", d=f"{rows}M{EDGE:g} {self.bottom:g}H{self.width - EDGE:g}", stroke=RULE, fill="none"
        )
        texts = [label(mark.text, mark.x + 2, _HEAD - 20, font_weight="bold") for mark in upper]
        texts += [label(mark.text, mark.x + 2, _HEAD - 8) for mark in lower]
        yield element("g", *texts, font_size=_SMALL, fill=FAINT)

    def _today(self) -> Iterator[str]:
        """A line at the end of the date of the chart, which is above it."""
        x = self.days.x(self.plan.as_of, 1)
        said = text("charts.as-of", self.plan.language, day=self.plan.as_of)
        half = width_of(said, 11) / 2
        middle = min(max(x, EDGE + half), self.width - EDGE - half)
        yield label(said, middle, _HEAD - 34, font_size=11, fill=BAD, text_anchor="middle")
        yield element("path", d=f"M{x:.2f} {_HEAD - 4:g}V{self.bottom:g}", stroke=BAD, stroke_width=1.2)
        yield element("path", d=f"M{x - 4:.2f} {_HEAD - 4:g}h8l-4 5z", fill=BAD)

    def _texts(self) -> Iterator[str]:
        """The names, then the states."""
        halo = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke"} if self.narrow else {}
        yield element("g", *(self._name(each) for each in self.placed), **halo)
        yield element("g", *(self._state(each) for each in self.placed if each.row.said), **halo)

    def _name(self, placed: _Placed) -> str:
        row = placed.row
        left = EDGE + _indent(row)
        above = self.narrow and row.kind != "folded"
        end = self.width - EDGE - (width_of(self._said(row), _SIZE) + 10) if above else EDGE + self.names - 12
        name = shortened(row.name, end - left, _SIZE, bold=_bold(row))
        y = placed.top + 15 if above else placed.middle + 4
        weight = "bold" if _bold(row) else None
        drawn = label(name, left, y, font_weight=weight, fill=FAINT if row.kind == "folded" else None)
        return drawn if name == row.name else element("g", title(row.name), drawn)

    def _said(self, row: PlanRow) -> str:
        room = (self.width - 2 * EDGE) / 2 if self.narrow else self.said - 12
        return shortened(row.said, room, _SIZE)

    def _state(self, placed: _Placed) -> str:
        row, said = placed.row, self._said(placed.row)
        fill = BAD if row.bad else FAINT
        if self.narrow:
            drawn = label(said, self.width - EDGE, placed.top + 15, fill=fill, text_anchor="end")
        else:
            drawn = label(said, self.width - EDGE - self.said + 12, placed.middle + 4, fill=fill)
        return drawn if said == row.said else element("g", title(row.said), drawn)

    def _arrows(self) -> Iterator[str]:
        """From the end of a predecessor down (or up) to the start of the task that follows it."""
        places = {each.row.id: each for each in self.placed}
        lines, heads = [], []
        for each in self.placed:
            for before in each.row.after:
                source = places.get(before)
                start, end = _end(source.row) if source else None, _start(each.row)
                if source is None or start is None or end is None:
                    continue
                x1, x2 = self.days.x(start, 1), self.days.x(end)
                down = 5.0 if each.middle > source.middle else -5.0
                turn = each.middle - 2 * down
                lines.append(f"M{x1:.2f} {source.middle:g}h4V{turn:g}H{x2 - 5:.2f}V{each.middle:g}h2")
                heads.append(f"M{x2 - 4:.2f} {each.middle - 3:g}l4 3l-4 3z")
        if lines:
            yield element("path", d="".join(lines), stroke=FAINT, stroke_width=0.8, fill="none")
            yield element("path", d="".join(heads), fill=FAINT)


def _bold(row: PlanRow) -> bool:
    return row.kind == "phase"


def _indent(row: PlanRow) -> float:
    return 0.0 if row.kind == "phase" else _INDENT


def _end(row: PlanRow) -> date | None:
    """The last day of what is known of a task: what happened, else what was planned."""
    known = row.actual or row.planned
    return known.last if known else None


def _start(row: PlanRow) -> date | None:
    known = row.actual or row.planned
    return known.first if known else None

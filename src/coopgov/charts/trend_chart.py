"""Draws the readings of a KPI, its way to the target, its floor, and where it goes if it goes on like this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, a_tag, a_text, checked
from coopgov.assessment.figures import Form
from coopgov.charts.axes import Days, Numbers, number_text
from coopgov.charts.glyphs import shortened, width_of
from coopgov.charts.looks import ACTUAL, BAD, GOOD, placed
from coopgov.charts.svg import FAINT, INK, RULE, Chart, element, label, picture
from coopgov.charts.widths import A_WIDTH, EDGE, is_narrow
from coopgov.errors import UnknownNameError
from coopgov.languages import relative
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from coopgov.model import Agreement, Kpi

__all__ = ["Line", "Trend", "draw_trend", "trend", "trend_of"]

_SIZE, _SMALL = 11, 10
_TOP = 62.0
_PLOT = 150.0
_FEW = 3
"""The least number of points, the baseline included, from which a line is continued."""


@checked(agreement=AN_AGREEMENT, kpi=a_text, as_of=a_day, language=a_tag, width=A_WIDTH)
def trend(
    agreement: Agreement, kpi: str, *, as_of: date, language: str = "en", width: float = 640.0
) -> Chart:
    """Draw the readings of a KPI as they were known on a date.

    The dashed line leads from the baseline straight to the target. The dotted one goes on from the newest reading, as
    steep as the line that fits the baseline and all readings best (least squares), until the day of the target; it
    needs three points.

    Args:
        agreement: the agreement.
        kpi: the id of the KPI, such as `satisfaction` or `kpi/satisfaction`.
        as_of: the date; later readings are not visible.
        language: of all texts.
        width: in pixels, from 320 to 4000.

    Raises:
        UnknownNameError: the agreement has no such KPI.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> agreement = load_agreement("examples/pilot/agreement.yaml")
    >>> print(trend(agreement, "satisfaction", as_of=date(2026, 6, 30)).alt)
    Customer satisfaction (points): baseline 85, target 92 by 2026-12-31, floor 80; last reading 78 on 2026-06-25.
    """
    id_ = kpi.removeprefix("kpi/")
    found = next((each for each in agreement.kpis if each.id == id_), None)
    if found is None:
        raise UnknownNameError("subject", kpi, [f"kpi/{each.id}" for each in agreement.kpis])
    return draw_trend(trend_of(agreement, found, as_of, language), width)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two days."""

    first: date
    start: float
    last: date
    end: float

    def at(self, day: date) -> float:
        """The number on a day."""
        days = (self.last - self.first).days
        return (
            self.start if days == 0 else self.start + (self.end - self.start) * (day - self.first).days / days
        )


@dataclass(frozen=True, slots=True)
class Trend:
    """What is drawn of a KPI: visible readings, the way to the target, the floor, and the continued line."""

    name: str
    unit: str
    rising: bool
    language: str
    as_of: date
    readings: tuple[tuple[date, float], ...]
    baseline: float | None = None
    target: float | None = None
    target_by: date | None = None
    floor: float | None = None
    way: Line | None = None
    continued: Line | None = None


def trend_of(agreement: Agreement, kpi: Kpi, as_of: date, language: str) -> Trend:
    """Read what is known of a KPI on a date."""
    readings = tuple(sorted((each.on, float(each.value)) for each in kpi.readings if each.on <= as_of))
    term = agreement.term.sound
    baseline = float(kpi.baseline.value) if kpi.baseline else None
    target = float(kpi.target.value) if kpi.target else None
    first = (kpi.baseline and kpi.baseline.on) or term.start
    last = (kpi.target and kpi.target.by) or term.end
    way = None
    if baseline is not None and target is not None and first and last and first <= last:
        way = Line(first, baseline, last, target)
    form = Form(language, agreement.currency, 1)
    return Trend(
        kpi.label.in_language(language),
        form.texts.get(f"assessment.units.{kpi.unit}", kpi.unit or ""),
        kpi.direction == "up",
        relative(language),
        as_of,
        readings,
        baseline,
        target,
        last if target is not None else None,
        None if kpi.floor is None else float(kpi.floor),
        way,
        _continued(kpi, readings, last),
    )


def _continued(kpi: Kpi, readings: Sequence[tuple[date, float]], last: date | None) -> Line | None:
    """The line that fits the baseline and the readings best, from the newest to a day; inside the scale of the KPI."""
    start = kpi.baseline
    points = list(readings)
    if start is not None and start.on is not None and readings and start.on < readings[0][0]:
        points.insert(0, (start.on, float(start.value)))
    if len(points) < _FEW or last is None or last <= points[-1][0]:
        return None
    newest, value = points[-1]
    days = [(day - newest).days for day, _ in points]
    middle, mean = sum(days) / len(days), sum(number for _, number in points) / len(points)
    spread = sum((day - middle) ** 2 for day in days)
    slope = (
        sum((day - middle) * (number - mean) for day, (_, number) in zip(days, points, strict=True)) / spread
    )
    end = value + slope * (last - newest).days
    if kpi.scale is not None:
        end = min(max(end, float(kpi.scale.low)), float(kpi.scale.high))
    return Line(newest, value, last, _as_exact(end, [number for _, number in points]))


def _as_exact(value: float, others: Sequence[float]) -> float:
    """A number with as many decimals, up to two, as the most exact of others."""
    places = max(len(f"{each:.2f}".rstrip("0").partition(".")[2]) for each in others)
    return round(value, places)


def draw_trend(shown: Trend, width: float = 640.0) -> Chart:
    """Draw what is known of a KPI."""
    drawing = _Drawing(shown, width)
    name = text("charts.trend.name", shown.language, kpi=shown.name)
    return picture(name, _description(shown), shown.language, width, drawing.height, *drawing.parts())


def _description(shown: Trend) -> str:
    """The values in words."""
    parts = [said for said, _ in _named(shown)]
    listed = text("common.comma", shown.language).join(parts)
    last = text("charts.trend.no-reading", shown.language)
    if shown.readings:
        day, value = shown.readings[-1]
        last = text("charts.trend.last-reading", shown.language, value=number_text(value), day=day)
    form = "described" if listed else "described-reading"
    return text(
        f"charts.trend.{form}",
        shown.language,
        kpi=text("charts.trend.with-unit", shown.language, kpi=shown.name, unit=shown.unit)
        if shown.unit
        else shown.name,
        values=listed,
        last=last,
    )


def _named(shown: Trend) -> Iterator[tuple[str, float]]:
    """The baseline, the target and the floor in words, with their values."""
    language = shown.language
    if shown.baseline is not None:
        yield text("charts.trend.baseline", language, value=number_text(shown.baseline)), shown.baseline
    if shown.target is not None:
        form = "target-by" if shown.target_by else "target"
        said = text(f"charts.trend.{form}", language, value=number_text(shown.target), day=shown.target_by)
        yield said, shown.target
    if shown.floor is not None:
        yield text("charts.trend.floor", language, value=number_text(shown.floor)), shown.floor


class _Drawing:
    """Places the axes, then draws the lines, the readings, and the names of the lines at their ends."""

    def __init__(self, shown: Trend, width: float) -> None:
        self.shown = shown
        self.width = width
        self.bottom = _TOP + _PLOT
        self.height = self.bottom + 38.0
        self.numbers = Numbers.around(list(self._values()) or [0.0, 1.0], _TOP, self.bottom)
        marks = [number_text(mark) for mark in self.numbers.marks]
        left = EDGE + max(width_of(mark, _SMALL) for mark in marks) + 8
        names = [(self._word(word, value), value, colour) for word, value, colour in self._ends()]
        most = (width - 2 * EDGE) * (0.3 if is_narrow(width) else 0.26)
        room = min(max((width_of(name, _SIZE) for name, _, _ in names), default=0.0), most)
        self.right = width - EDGE - (room + 10 if names else 0.0)
        self.names = [(shortened(name, room, _SIZE), value, colour) for name, value, colour in names]
        self.days = Days.around(list(self._dates()), left, self.right, shown.language)

    def _values(self) -> Iterator[float]:
        shown = self.shown
        yield from (value for _, value in shown.readings)
        yield from (each for each in (shown.baseline, shown.target, shown.floor) if each is not None)
        if shown.continued:
            yield shown.continued.end

    def _dates(self) -> Iterator[date]:
        shown = self.shown
        yield shown.as_of
        yield from (day for day, _ in shown.readings)
        for line in (shown.way, shown.continued):
            if line:
                yield from (line.first, line.last)

    def _ends(self) -> Iterator[tuple[str, float, str]]:
        """The names of lines at the right edge, with their values there and their colours."""
        shown = self.shown
        if shown.target is not None:
            yield "target", shown.target, GOOD
        if shown.floor is not None:
            yield "floor", shown.floor, BAD
        if shown.continued is not None:
            yield "continued", shown.continued.end, ACTUAL

    def _word(self, name: str, value: float) -> str:
        return text(f"charts.trend.{name}", self.shown.language, value=number_text(value))

    def parts(self) -> Iterator[str]:
        """All parts, from the back to the front."""
        yield from self._headline()
        yield from self._axes()
        yield from self._lines()
        yield from self._readings()
        yield from self._names()

    def _headline(self) -> Iterator[str]:
        shown, room = self.shown, self.width - 2 * EDGE
        yield label(shortened(shown.name, room, 14, bold=True), EDGE, 20, font_size=14, font_weight="bold")
        better = text(f"charts.trend.{'up' if shown.rising else 'down'}", shown.language)
        dot = text("charts.trend.dot", shown.language)
        said = dot.join(
            filter(None, (shown.unit, better, text("charts.as-of", shown.language, day=shown.as_of)))
        )
        yield label(shortened(said, room, _SIZE), EDGE, 37, font_size=_SIZE, fill=FAINT)

    def _axes(self) -> Iterator[str]:
        upper, lower = self.days.marks()
        left = self.days.left
        rows = "".join(
            f"M{left:.2f} {self.numbers.y(mark):.2f}H{self.right:.2f}" for mark in self.numbers.marks
        )
        yield element("path", d=rows, stroke=RULE, stroke_width=0.5)
        ticks = "".join(f"M{mark.x:.2f} {self.bottom:g}v4" for mark in lower or upper)
        yield element("path", d=ticks, stroke=FAINT, stroke_width=0.8)
        texts = [
            label(number_text(mark), left - 6, self.numbers.y(mark) + 3.5, text_anchor="end")
            for mark in self.numbers.marks
        ]
        texts += [label(mark.text, mark.x + 2, self.bottom + 14) for mark in lower]
        texts += [label(mark.text, mark.x + 2, self.bottom + 28, font_weight="bold") for mark in upper]
        yield element("g", *texts, font_size=_SMALL, fill=FAINT)
        today = self.days.x(self.shown.as_of, 1)
        yield element(
            "path", d=f"M{today:.2f} {_TOP - 6:g}V{self.bottom:g}", stroke=FAINT, stroke_dasharray="1 2"
        )

    def _lines(self) -> Iterator[str]:
        shown, days, numbers = self.shown, self.days, self.numbers
        if shown.floor is not None:
            d = f"M{days.left:.2f} {numbers.y(shown.floor):.2f}H{self.right:.2f}"
            yield element("path", d=d, stroke=BAD, stroke_width=1.2)
        if shown.way is not None:
            yield self._line(shown.way, stroke=GOOD, stroke_width=1.5, stroke_dasharray="6 4")
            x, y = self._point(shown.way.last, shown.way.end)
            yield element("path", d=f"M{x:.2f} {y - 5:.2f}l5 5-5 5-5-5z", fill=GOOD)
        elif shown.target is not None:
            d = f"M{days.left:.2f} {numbers.y(shown.target):.2f}H{self.right:.2f}"
            yield element("path", d=d, stroke=GOOD, stroke_width=1.5, stroke_dasharray="6 4")
        if shown.continued is not None:
            yield self._line(shown.continued, stroke=ACTUAL, stroke_width=1.5, stroke_dasharray="1.5 3")

    def _point(self, day: date, value: float) -> tuple[float, float]:
        return self.days.x(day) + self.days.day / 2, self.numbers.y(value)

    def _line(self, line: Line, **looks: object) -> str:
        (x1, y1), (x2, y2) = self._point(line.first, line.start), self._point(line.last, line.end)
        return element("path", d=f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}", fill="none", **looks)

    def _readings(self) -> Iterator[str]:
        points = [self._point(day, value) for day, value in self.shown.readings]
        if not points:
            said = text("charts.trend.no-reading", self.shown.language)
            middle = (self.days.left + self.right) / 2
            drawn = shortened(said, self.right - self.days.left, 12)
            yield label(drawn, middle, _TOP - 8, fill=BAD, text_anchor="middle")
            return
        way = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        yield element("path", d=f"M{way}", fill="none", stroke=ACTUAL, stroke_width=2)
        circles = [element("circle", cx=x, cy=y, r=3.5) for x, y in points]
        yield element("g", *circles, fill=ACTUAL, stroke="#ffffff", stroke_width=1.2)
        yield self._newest(*points[-1])

    def _newest(self, x: float, y: float) -> str:
        """The newest reading in words, above its point or below it."""
        day, value = self.shown.readings[-1]
        full = text("charts.trend.on", self.shown.language, value=number_text(value), day=day)
        room = self.right - self.days.left
        fits = width_of(full, 12, bold=True) <= room
        said = full if fits else shortened(number_text(value), room, 12, bold=True)
        end = min(max(x + 6, self.days.left + width_of(said, 12, bold=True)), self.right)
        before = self.shown.readings[-2][1] if len(self.shown.readings) > 1 else value
        above = value >= before and y - 24 >= _TOP
        return label(
            said,
            end,
            y - 9 if above or y + 18 > self.bottom else y + 18,
            fill=INK,
            font_weight="bold",
            text_anchor="end",
            stroke="#ffffff",
            stroke_width=3,
            paint_order="stroke",
        )

    def _names(self) -> Iterator[str]:
        """The names of lines at their ends, far enough from each other to be read."""
        tops = placed([self.numbers.y(value) for _, value, _ in self.names], 14.0, _TOP, self.bottom)
        for (name, _, colour), y in zip(self.names, tops, strict=True):
            yield label(name, self.right + 10, y + 4, font_size=_SIZE, fill=colour)

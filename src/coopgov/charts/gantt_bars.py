"""The bars, diamonds and legend of a Gantt chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.charts.glyphs import width_of
from coopgov.charts.looks import ACTUAL, BAD, GOOD, LATE, PALE, PLANNED
from coopgov.charts.svg import FAINT, HATCHED, INK, box, element, label
from coopgov.charts.widths import EDGE
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgov.charts.axes import Days
    from coopgov.charts.plan import Milestone, Period, Plan, PlanRow, State

__all__ = ["PHASE", "ROW", "bars", "diamond", "legend"]

PHASE, ROW = 32.0, 24.0
"""The heights of the rows of phases, and of others."""
_BAR, _THIN = 9.0, 5.0
"""The heights of the bar of what happened, and of the one of the plan."""
_HALF = 6.0
"""Half the diagonal of a diamond."""
_LEAST = 1.5
"""The least width of a bar."""
_LINE = 20.0


_OUTLINED = {"fill": "none", "stroke": INK, "stroke_width": 0.8, "stroke_dasharray": "1 1.5"}
"""The looks of the original baseline."""
_DASHED = {"fill": "#ffffff", "stroke": ACTUAL, "stroke_width": 1.2, "stroke_dasharray": "3 2"}
"""The looks of a forecast."""


def bars(rows: Sequence[tuple[PlanRow, float]], days: Days) -> Iterator[str]:
    """The bars of all rows, one layer for each sort; the number beside a row is the middle of its bars."""

    def layer(
        chosen: Callable[[PlanRow], Period | None], top: float, height: float, **looks: object
    ) -> Iterator[str]:
        found = [
            _bar(days, period, middle + top, height)
            for row, middle in rows
            if (period := chosen(row)) is not None
        ]
        if found:
            yield element("g", *found, **looks)

    yield from layer(lambda row: row.planned, 2, _THIN, fill=PLANNED)
    yield from layer(lambda row: row.buffer, 2, _THIN, fill=HATCHED, stroke=FAINT, stroke_width=0.5)
    used = [
        _bar(days, row.buffer, middle + 2, _THIN, row.buffer_used)
        for row, middle in rows
        if row.buffer is not None and row.buffer_used > 0
    ]
    if used:
        yield element("g", *used, fill=FAINT)
    yield from layer(lambda row: row.original, 1, _THIN + 2, **_OUTLINED)
    yield from layer(lambda row: row.actual, -_BAR + 1, _BAR, fill=ACTUAL)
    yield from layer(lambda row: row.late, -_BAR + 1, _BAR, fill=LATE)
    yield from layer(lambda row: row.forecast, -_BAR + 1.5, _BAR - 1, **_DASHED)


def _bar(days: Days, period: Period, top: float, height: float, share: float = 1.0) -> str:
    """A bar of a period, or of a first share of it."""
    left, right = days.x(period.first), days.x(period.last, 1)
    return box(left, top, max((right - left) * share, _LEAST), height)


def diamond(milestone: Milestone, days: Days, middle: float) -> str:
    """A milestone at its due day; one that was met on another day is there, with a line to a hollow diamond."""
    due, met = milestone.due, milestone.met
    if due is None and met is None:
        return ""
    shown = met or due
    assert shown is not None
    x = days.x(shown, 1) - days.day / 2
    parts = []
    if met is not None and due is not None and met != due:
        before = days.x(due, 1) - days.day / 2
        parts = [
            element("path", d=f"M{before:.2f} {middle:g}H{x:.2f}", stroke=FAINT, stroke_dasharray="2 2"),
            sign("open", before, middle),
        ]
    return "".join((*parts, sign(milestone.state, x, middle)))


def sign(state: State, x: float, y: float) -> str:
    """The diamond of a state, which differs from the others without colour, too."""
    shape = f"M{x:.2f} {y - _HALF:g}l{_HALF:g} {_HALF:g}l-{_HALF:g} {_HALF:g}l-{_HALF:g}-{_HALF:g}z"
    if state in ("met", "met-late"):
        return element("path", d=shape, fill=GOOD if state == "met" else LATE)
    drawn = element(
        "path",
        d=shape,
        fill="#ffffff",
        stroke=BAD if state == "missed" else INK,
        stroke_width=1.4,
        stroke_dasharray="2 1.5" if state == "unknown" else None,
    )
    if state == "partly":
        left = f"M{x:.2f} {y - _HALF:g}v{2 * _HALF:g}l-{_HALF:g}-{_HALF:g}z"
        return drawn + element("path", d=left, fill=INK)
    if state == "missed":
        cross = f"M{x - 2:.2f} {y - 2:g}l4 4m0-4l-4 4"
        return drawn + element("path", d=cross, stroke=BAD, stroke_width=1.4)
    return drawn


# The legend ----------------------------------------------------------------------------------------------------------


def legend(plan: Plan, top: float, width: float, *, shaded: bool) -> Iterator[tuple[str, float]]:
    """What the signs of the chart mean, those that it has; each with the end of its line."""
    x, y = EDGE, top
    for name, drawn in _entries(plan, shaded=shaded):
        said = text(f"charts.gantt.legend.{name}", plan.language)
        room = 28 + width_of(said, 11) + 18
        if x > EDGE and x + room - 18 > width - EDGE:
            x, y = EDGE, y + _LINE
        yield (
            element("g", drawn(x, y + 8)) + label(said, x + 28, y + 12, font_size=11, fill=FAINT),
            y + _LINE,
        )
        x += room


def _entries(plan: Plan, *, shaded: bool) -> Iterator[tuple[str, Callable[[float, float], str]]]:
    rows = plan.rows
    boxes: tuple[tuple[str, bool, float, dict[str, object]], ...] = (
        ("actual", any(row.actual for row in rows), _BAR, {"fill": ACTUAL}),
        ("late", any(row.late for row in rows), _BAR, {"fill": LATE}),
        (
            "forecast",
            any(row.forecast for row in rows),
            _BAR - 1,
            {"fill": "#ffffff", "stroke": ACTUAL, "stroke_width": 1.2, "stroke_dasharray": "3 2"},
        ),
        ("planned", any(row.planned for row in rows), _THIN, {"fill": PLANNED}),
        (
            "original",
            any(row.original for row in rows),
            _THIN + 2,
            {"fill": "none", "stroke": INK, "stroke_width": 0.8, "stroke_dasharray": "1 1.5"},
        ),
        (
            "buffer",
            any(row.buffer for row in rows),
            _THIN,
            {"fill": HATCHED, "stroke": FAINT, "stroke_width": 0.5},
        ),
        ("buffer-used", any(row.buffer and row.buffer_used for row in rows), _THIN, {"fill": FAINT}),
        ("days-off", shaded, 12.0, {"fill": PALE}),
    )
    for name, there, height, looks in boxes:
        if there:
            yield name, _box(height, looks)
    states: Iterable[State] = ("met", "met-late", "partly", "missed", "open", "unknown")
    known = {row.milestone.state for row in rows if row.milestone}
    for state in states:
        if state in known:
            yield state, _sign(state)


def _box(height: float, looks: dict[str, object]) -> Callable[[float, float], str]:
    return lambda x, y: element("rect", x=x, y=y - height / 2, width=20.0, height=height, **looks)


def _sign(state: State) -> Callable[[float, float], str]:
    return lambda x, y: sign(state, x + 10, y)

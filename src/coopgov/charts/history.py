"""Draw histories as a picture: a line for each warning over the days of the period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, an_instance, checked, each
from coopgov.assessment.figures import Form
from coopgov.charts.svg import (
    COLOURS,
    FAINT,
    HATCHED,
    HEIGHTS,
    RULE,
    element,
    label,
    picture,
    shortened,
    title,
    width_of,
)
from coopgov.locales import text
from coopgov.severities import SEVERITIES
from coopgov.simulation.comparison import Comparison
from coopgov.simulation.history import History, days_of
from coopgov.simulation.timelines import Track, tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


__all__ = ["history_svg"]

_WIDTH = 1000.0
_EDGE = 16.0
_MOST_LABEL = 380.0
_LANE = 16.0
_ROW = 34.0
_MONTH_ROOM = 40.0
_PALE = 0.35
"""The opacity of bars for days on which a warning is past."""


@checked(
    histories=each(
        an_instance((History, Comparison), "errors.expected.histories"), "errors.expected.several-histories"
    ),
    language=a_tag,
)
def history_svg(histories: Iterable[History | Comparison], language: str = "en") -> str:
    """Draw histories, or comparisons of two, one below the other.

    A bar is an episode: its height and colour show the severity. A hatched bar is undetermined, a hollow one is waived,
    a pale one is past.
    A comparison shows the warnings that changed: those under the new rules above those under the old.

    Args:
        histories: results of `backtest` or `compare`.
        language: of the words in the picture; titles and names are in the language of the histories.
    """
    form = Form(language, "", 1)
    drawings = [_Drawing(each, form) for each in histories]
    parts: list[str] = []
    top = _EDGE
    for drawing in drawings:
        parts.append(element("g", *drawing.parts(), transform=f"translate(0 {top:g})"))
        top += drawing.height + _EDGE
    parts.append(element("g", *_legend(form), transform=f"translate({_EDGE:g} {top:g})"))
    said = " ".join(drawing.said for drawing in drawings)
    return picture(_said(form, "name"), said, language, _WIDTH, top + 24 + _EDGE, *parts)


@dataclass(frozen=True, slots=True)
class _Line:
    """One warning: its track, or the two of a comparison."""

    named: Track
    lanes: tuple[tuple[str, Track | None], ...]


class _Drawing:
    """One history or comparison: a headline, the months, a line for each warning."""

    def __init__(self, one: History | Comparison, form: Form) -> None:
        self.form = form
        self.new = one.new if isinstance(one, Comparison) else one
        self.rules = _pack(self.new)
        self.said = self._description(self.new)
        self.lines: Sequence[_Line]
        self.silence = self._say("no-warnings")
        if isinstance(one, Comparison):
            self.rules = self._say("against", new=self.rules, old=_pack(one.old))
            self.said += " " + self._description(one.old)
            self.lines = list(_changed(one, form))
            self.silence = self._say("same")
        else:
            self.lines = [_Line(track, (("", track),)) for track in tracks(one)]
        widest = max((self._room(line) for line in self.lines), default=0.0)
        self.left = _EDGE + min(widest, _MOST_LABEL) + 28
        self.days = days_of(self.new.first, self.new.last)
        self.head = 58.0

    @staticmethod
    def _room(line: _Line) -> float:
        return max(width_of(_spoken(line.named), 12), width_of(line.named.id, 10))

    def _say(self, name: str, **values: object) -> str:
        return _said(self.form, name, **values)

    def _description(self, history: History) -> str:
        return self._say(
            "description",
            title=history.title,
            period=self._say("period", first=history.first, last=history.last),
            rules=_pack(history),
            warnings=len(history.episodes),
            alert=history.alert_days,
            undetermined=history.undetermined_days,
        )

    @property
    def height(self) -> float:
        return self.head + sum(map(self._height, self.lines)) if self.lines else self.head + 20

    @staticmethod
    def _height(line: _Line) -> float:
        return max(_ROW, len(line.lanes) * (_LANE + 4) + 8)

    def x(self, day: date) -> float:
        """The x coordinate at which a day begins."""
        return self.left + (day - self.new.first).days / self.days * (_WIDTH - self.left - _EDGE)

    def parts(self) -> Iterator[str]:
        yield label(self.new.title, _EDGE, 14, font_size=15, font_weight="bold")
        under = self._say(
            "headline",
            agreement=self.new.agreement,
            period=self._say("period", first=self.new.first, last=self.new.last),
            days=self._say("days", number=self.days),
            rules=self.rules,
        )
        yield label(under, _EDGE, 31, fill=FAINT)
        if not self.lines:
            yield label(self.silence, _EDGE, self.head + 10)
            return
        yield from self._months()
        top = self.head
        for line in self.lines:
            height = self._height(line)
            yield from self._line(line, top, height)
            top += height

    def _months(self) -> Iterator[str]:
        """A vertical line at the start of each month, and its name if there is room."""
        free = 0.0
        for month in _months(self.new.first, self.new.last):
            x = self.x(month)
            yield element(
                "path", d=f"M{x:.2f} {self.head - 6:g}V{self.height:g}", stroke=RULE, stroke_width=1
            )
            if x >= free and x + _MONTH_ROOM < _WIDTH:
                yield label(f"{month:%Y-%m}", x + 2, self.head - 9, font_size=10, fill=FAINT)
                free = x + _MONTH_ROOM

    def _line(self, line: _Line, top: float, height: float) -> Iterator[str]:
        room = self.left - _EDGE - 28
        yield element("path", d=f"M{_EDGE:g} {top:g}H{_WIDTH - _EDGE:g}", stroke=RULE, stroke_width=0.5)
        middle = top + height / 2
        yield element(
            "g",
            title(line.named.id),
            label(shortened(_spoken(line.named), room, 12), _EDGE, middle - 2),
            label(shortened(line.named.id, room, 10), _EDGE, middle + 11, font_size=10, fill=FAINT),
        )
        start = middle - len(line.lanes) * (_LANE + 4) / 2 + 2
        for number, (name, track) in enumerate(line.lanes):
            bottom = start + number * (_LANE + 4) + _LANE
            yield label(name, self.left - 6, bottom - 4, font_size=10, fill=FAINT, text_anchor="end")
            yield element(
                "path",
                d=f"M{self.left:g} {bottom + 0.5:g}H{_WIDTH - _EDGE:g}",
                stroke=COLOURS["clear"],
                stroke_width=1,
            )
            if track is not None:
                yield from self._bars(track, bottom)

    def _bars(self, track: Track, bottom: float) -> Iterator[str]:
        for blank in track.undetermined_periods:
            text = self._labelled(self.form.term("undetermined"), blank.first, blank.last)
            text = self._say("because", bar=text, reason=self.form.term(blank.because))
            yield self._bar(blank.first, blank.last, bottom, 0.3, text, fill=HATCHED)
        for episode in track.episodes:
            for stretch in episode.stretches:
                colour = COLOURS[stretch.severity]
                name = self.form.term(stretch.severity)
                style: dict[str, object] = {"fill": colour}
                if stretch.past:
                    style["fill_opacity"] = _PALE
                    name = self._say("past-severity", severity=name)
                if stretch.waived:
                    style = {"fill": "#ffffff", "stroke": colour, "stroke_dasharray": "3 2"}
                    name = self._say("waived-severity", severity=name)
                text = self._labelled(name, stretch.first, stretch.last)
                yield self._bar(stretch.first, stretch.last, bottom, HEIGHTS[stretch.severity], text, **style)

    def _labelled(self, name: str, first: date, last: date) -> str:
        period = self._say("period", first=first, last=last)
        return self._say(
            "bar", state=name, period=period, days=self._say("days", number=days_of(first, last))
        )

    def _bar(
        self, first: date, last: date, bottom: float, share: float, text: str, **style: object
    ) -> str:  # a position, a size and a text
        x, end, height = self.x(first), self.x(last + timedelta(1)), _LANE * share
        return element(
            "rect", title(text), x=x, y=bottom - height, width=max(end - x, 1.0), height=height, **style
        )


def _said(form: Form, name: str, **values: object) -> str:
    return text(f"charts.history.{name}", form.language, **values)


def _pack(history: History) -> str:
    return f"{history.rules['pack']} {history.rules['version']}"


def _spoken(track: Track) -> str:
    return f"{track.title} · {track.name}"


def _changed(comparison: Comparison, form: Form) -> Iterator[_Line]:
    """The warnings that changed, each with its whole track under the new and under the old rules."""
    new = {track.id: track for track in tracks(comparison.new)}
    old = {track.id: track for track in tracks(comparison.old)}
    for id_ in dict.fromkeys(change.id for change in comparison.changes):
        named = new.get(id_) or old[id_]
        yield _Line(named, ((_said(form, "new"), new.get(id_)), (_said(form, "old"), old.get(id_))))


def _months(first: date, last: date) -> Iterator[date]:
    """The first day, and the first day of each month after it."""
    yield first
    index = first.year * 12 + first.month
    while index < last.year * 12 + last.month:
        yield date(index // 12, index % 12 + 1, 1)
        index += 1


def _legend(form: Form) -> Iterator[str]:
    x = 0.0
    entries: list[tuple[str, float, dict[str, object]]] = [
        (form.term(severity), HEIGHTS[severity], {"fill": COLOURS[severity]}) for severity in SEVERITIES
    ]
    entries.append((form.term("undetermined"), 0.3, {"fill": HATCHED}))
    entries.append(
        (
            _said(form, "waived"),
            0.8,
            {"fill": "#ffffff", "stroke": COLOURS["major"], "stroke_dasharray": "3 2"},
        )
    )
    entries.append((_said(form, "past"), 0.8, {"fill": COLOURS["major"], "fill_opacity": _PALE}))
    for name, share, style in entries:
        height = _LANE * share
        yield element("rect", x=x, y=_LANE - height, width=18, height=height, **style)
        yield label(name, x + 24, _LANE - 3)
        x += 24 + width_of(name, 12) + 24

"""Draw the ladder of a rule as a picture: its measure as a number line, its bands on it, coloured by severity."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from coopgov.charts.bands import band_text, end_text, term
from coopgov.charts.svg import COLOURS, FAINT, HEIGHTS, INK, element, label, picture, shortened, width_of
from coopgov.language import syntax as s
from coopgov.language.fold import number
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.backends.ir import Step
    from coopgov.rules.rule import Rule

__all__ = ["ladder_svg"]

_WIDTH, _HEIGHT = 640.0, 132.0
_LEFT, _RIGHT = 24.0, 616.0
_LINE, _TOP = 84.0, 40.0
_LEAST_GAP = 56.0
"""Thresholds that are closer than this are drawn at even distances, not to scale."""
_RISING, _FALLING = (s.Above, s.AtLeast), (s.Below, s.AtMost)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A threshold: its text, its value if that is fixed, and its position."""

    text: str
    value: float | None
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the line and the worst band that holds there; `closed` ends belong to it."""

    severity: str
    start: _Mark | None
    end: _Mark | None
    closed: tuple[bool, bool]


def ladder_svg(rule: Rule, language: str = "en") -> str | None:
    """Draw the bands of a rule; None for a rule without a measure, and for bands that are not stretches of a line.

    A full circle is a threshold that is part of the band, a hollow one is not. Bands with thresholds that an agreement
    sets (such as a floor) are drawn in order, not to scale.
    """
    pieces = _pieces(rule, language)
    if not pieces:
        return None
    marks, scaled = _placed(pieces)
    drawing = _Drawing(rule, pieces, marks, language, scaled=scaled)
    name = text("charts.ladder.name", language, rule=rule.id)
    return picture(name, _description(rule, language), language, _WIDTH, _HEIGHT, *drawing.parts())


def _description(rule: Rule, language: str) -> str:
    bands = (
        text(
            "charts.ladder.band",
            language,
            severity=term(step.severity, language),
            limit=band_text(rule, step, language),
        )
        for step in reversed(rule.check.steps)
    )
    return text("charts.ladder.bands", language, bands=text("charts.ladder.between", language).join(bands))


def _pieces(rule: Rule, language: str) -> list[_Piece]:
    """The bands from mild to severe, or nothing if they are not stretches of one line."""
    steps = list(reversed(rule.check.steps))
    if rule.measured is None or not rule.measured.numeric:
        return []
    pieces = [_piece(rule, step, language) for step in steps]
    if None in pieces:
        return []
    found = [piece for piece in pieces if piece is not None]
    fixed = all(mark.value is not None for piece in found for mark in (piece.start, piece.end) if mark)
    sorts = {(piece.start is None, piece.end is None) for piece in found}
    one_way = sorts in ({(True, False)}, {(False, True)})
    return found if fixed or one_way else []


def _piece(rule: Rule, step: Step, language: str) -> _Piece | None:
    condition = step.condition
    if isinstance(condition, s.Between):
        ends = (_mark(rule, step, condition.low, language), _mark(rule, step, condition.high, language))
        return _Piece(step.severity, *ends, (True, True))
    if isinstance(condition, _RISING):
        closed = (isinstance(condition, s.AtLeast), False)
        return _Piece(step.severity, _mark(rule, step, condition.right, language), None, closed)
    if isinstance(condition, _FALLING):
        closed = (False, isinstance(condition, s.AtMost))
        return _Piece(step.severity, None, _mark(rule, step, condition.right, language), closed)
    return None


def _mark(rule: Rule, step: Step, node: s.Expr, language: str) -> _Mark:
    fixed = isinstance(node, s.Literal) and node.type.numeric
    value = float(number(node)) if fixed else None  # type: ignore[arg-type]
    return _Mark(end_text(rule, step, node, language), value)


def _placed(pieces: Sequence[_Piece]) -> tuple[dict[_Mark, float], bool]:
    """The position of each threshold on the line, and whether that is to scale."""
    marks = list(dict.fromkeys(mark for piece in pieces for mark in (piece.start, piece.end) if mark))
    if all(mark.value is not None for mark in marks):
        marks.sort(key=lambda mark: mark.value or 0.0)
        places = _to_scale([mark.value or 0.0 for mark in marks])
        if all(b - a >= _LEAST_GAP for a, b in pairwise((_LEFT, *places, _RIGHT))):
            return dict(zip(marks, places, strict=True)), True
    elif pieces[0].start is None:
        marks.reverse()
    step = (_RIGHT - _LEFT) / (len(marks) + 1)
    return {mark: _LEFT + step * (place + 1) for place, mark in enumerate(marks)}, False


def _to_scale(values: Sequence[float]) -> list[float]:
    """Positions on a line that begins with 0 if that is near, and has room on both sides."""
    least, most = values[0], values[-1]
    span = (most - least) or abs(most) or 1.0
    low = 0.0 if 0 < least <= 2 * span else least - span / 2
    high = most + span / 2
    return [_LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT) for value in values]


def _height(severity: str) -> float:
    return (_LINE - _TOP) * HEIGHTS.get(severity, 0.2)


def _threes(values: Sequence[float]) -> Iterator[tuple[float, float, float]]:
    """Each value except the first and the last, with its two neighbours."""
    return zip(values, values[1:], values[2:], strict=False)


class _Drawing:
    def __init__(
        self, rule: Rule, pieces: Sequence[_Piece], marks: dict[_Mark, float], language: str, *, scaled: bool
    ) -> None:
        self.language = language
        self.rule = rule
        self.pieces = pieces
        self.marks = marks
        self.scaled = scaled

    def _word(self, name: str) -> str:
        return text(f"charts.ladder.{name}", self.language)

    def x(self, mark: _Mark | None, other: float) -> float:
        """The x coordinate of a threshold; without one, the end of the line."""
        return other if mark is None else self.marks[mark]

    def parts(self) -> Iterator[str]:
        measure = " ".join(self.rule.texts["measure"].split())
        yield label(shortened(measure, _RIGHT - _LEFT, 12), _LEFT, 18, font_weight="bold")
        yield self._block(_LEFT, _RIGHT, "clear")
        for piece in self.pieces:
            yield self._block(self.x(piece.start, _LEFT), self.x(piece.end, _RIGHT), piece.severity)
        yield from self._names()
        yield element("path", d=f"M{_LEFT:g} {_LINE:g}H{_RIGHT:g}", stroke=INK, stroke_width=1.5)
        yield from self._thresholds()
        yield from self._direction()

    @staticmethod
    def _block(start: float, end: float, severity: str) -> str:
        height = _height(severity)
        return element(
            "rect",
            x=start,
            y=_LINE - height,
            width=max(end - start, 1.0),
            height=height,
            fill=COLOURS[severity],
        )

    def _names(self) -> Iterator[str]:
        """The severity above each stretch that no worse band covers."""
        cuts = sorted({_LEFT, _RIGHT, *self.marks.values()})
        for start, end in pairwise(cuts):
            covering = (
                piece.severity
                for piece in reversed(self.pieces)
                if self.x(piece.start, _LEFT) <= start and end <= self.x(piece.end, _RIGHT)
            )
            severity = next(covering, "clear")
            y = _LINE - _height(severity) - 4
            name = self._word("no-warning") if severity == "clear" else term(severity, self.language)
            text = shortened(name, end - start, 11)
            yield label(text, (start + end) / 2, y, font_size=11, text_anchor="middle")

    def _thresholds(self) -> Iterator[str]:
        """A circle and a figure for each threshold; full where it belongs to its band."""
        edges = [8 - _LEFT, *self.marks.values(), _WIDTH + _LEFT - 8]
        for (mark, x), (before, _, after) in zip(self.marks.items(), _threes(edges), strict=True):
            piece = next(each for each in self.pieces if mark in (each.start, each.end))
            closed = piece.closed[0 if piece.start == mark else 1]
            fill = COLOURS[piece.severity] if closed else "#ffffff"
            yield element("circle", cx=x, cy=_LINE, r=4.5, fill=fill, stroke=INK, stroke_width=1.5)
            room = min(x - before, after - x) - 8
            yield label(shortened(mark.text, room, 12), x, _LINE + 20, text_anchor="middle")

    def _direction(self) -> Iterator[str]:
        """Which direction is worse, if it is one, and whether distances are to scale."""
        rising = all(piece.end is None for piece in self.pieces)
        falling = all(piece.start is None for piece in self.pieces)
        y = _HEIGHT - 10
        if rising:
            yield label(self._word("worse-right"), _RIGHT, y, font_size=11, fill=FAINT, text_anchor="end")
        if falling:
            yield label(self._word("worse-left"), _LEFT, y, font_size=11, fill=FAINT)
        if not self.scaled:
            note = self._word("not-to-scale")
            x = _LEFT if rising else _RIGHT - width_of(note, 11)
            yield label(note, x, y, font_size=11, fill=FAINT)

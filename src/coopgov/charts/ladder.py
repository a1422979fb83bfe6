"""Draw the ladder of a rule as a picture: its measure as a number line, its bands on it, coloured by severity.

A triangle below the line shows where a band is left, if the rule has a condition to `clear` it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from coopgov.charts.bands import band_text, condition_text, end_text, term
from coopgov.charts.svg import (
    COLOURS,
    FAINT,
    HEIGHTS,
    INK,
    coordinate,
    element,
    label,
    picture,
    shortened,
    width_of,
)
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
_ROW = 24.0
"""The height of the triangles and figures where bands are left."""
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


@dataclass(frozen=True, slots=True)
class _Exit:
    """Where a band is left; `closed` if the value there is enough."""

    severity: str
    mark: _Mark
    closed: bool


def ladder_svg(rule: Rule, language: str = "en") -> str | None:
    """Draw the bands of a rule; None for a rule without a measure, and for bands that are not stretches of a line.

    A full circle is a threshold that is part of the band, a hollow one is not. A triangle below the line is where the
    case of the rule leaves the band with its colour: at that value if it is full, only past it if it is hollow. Bands
    with thresholds that an agreement sets (such as a floor) are drawn in order, not to scale.
    """
    pieces = _pieces(rule, language)
    if not pieces:
        return None
    exits = _exits(rule, language)
    places, scaled = _placed(pieces, exits)
    drawing = _Drawing(rule, pieces, exits, places, language, scaled=scaled)
    name = text("charts.ladder.name", language, rule=rule.id)
    return picture(name, _description(rule, language), language, _WIDTH, drawing.height, *drawing.parts())


def _description(rule: Rule, language: str) -> str:
    between = text("charts.ladder.between", language)
    bands = (
        text(
            "charts.ladder.band",
            language,
            severity=term(step.severity, language),
            limit=band_text(rule, step, language),
        )
        for step in reversed(rule.check.steps)
    )
    limits = (
        text(
            "charts.ladder.band",
            language,
            severity=term(severity, language),
            limit=condition_text(rule, f"clear.{severity}", condition, language),
        )
        for severity, condition in rule.clear.items()
    )
    known = {"bands": between.join(bands), "limits": between.join(limits)}
    return text(f"charts.ladder.bands{'-and-exits' if rule.clear else ''}", language, **known)


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
        ends = (
            _mark(rule, step.severity, condition.low, language),
            _mark(rule, step.severity, condition.high, language),
        )
        return _Piece(step.severity, *ends, (True, True))
    if isinstance(condition, _RISING):
        closed = (isinstance(condition, s.AtLeast), False)
        return _Piece(step.severity, _mark(rule, step.severity, condition.right, language), None, closed)
    if isinstance(condition, _FALLING):
        closed = (False, isinstance(condition, s.AtMost))
        return _Piece(step.severity, None, _mark(rule, step.severity, condition.right, language), closed)
    return None


def _exits(rule: Rule, language: str) -> list[_Exit]:
    """Where bands are left, as far as that is one value."""
    return [
        _Exit(
            severity,
            _mark(rule, f"clear.{severity}", condition.right, language),
            isinstance(condition, (s.AtLeast, s.AtMost)),
        )
        for severity, condition in rule.clear.items()
        if isinstance(condition, (*_RISING, *_FALLING))
    ]


def _mark(rule: Rule, key: str, node: s.Expr, language: str) -> _Mark:
    fixed = isinstance(node, s.Literal) and node.type.numeric
    value = float(number(node)) if fixed else None  # type: ignore[arg-type]
    return _Mark(end_text(rule, key, node, language), value)


def _placed(pieces: Sequence[_Piece], exits: Sequence[_Exit]) -> tuple[dict[_Mark, float], bool]:
    """The position of each threshold and of each exit on the line, and whether that is to scale."""
    marks = list(dict.fromkeys(mark for piece in pieces for mark in (piece.start, piece.end) if mark))
    left = list(dict.fromkeys(each.mark for each in exits))
    every = list(dict.fromkeys((*marks, *left)))
    if all(mark.value is not None for mark in every):
        every.sort(key=lambda mark: mark.value or 0.0)
        places = dict(zip(every, _to_scale([mark.value or 0.0 for mark in every]), strict=True))
        if _apart(_LEFT, *map(places.__getitem__, marks), _RIGHT) and _apart(*map(places.__getitem__, left)):
            return places, True
    else:
        every = _in_order(pieces, exits, marks)
    step = (_RIGHT - _LEFT) / (len(every) + 1)
    return {mark: _LEFT + step * (place + 1) for place, mark in enumerate(every)}, False


def _apart(*places: float) -> bool:
    return all(b - a >= _LEAST_GAP for a, b in pairwise(sorted(places)))


def _in_order(pieces: Sequence[_Piece], exits: Sequence[_Exit], marks: Sequence[_Mark]) -> list[_Mark]:
    """Thresholds from left to right, each with the exit of its band next to it, on the safe side."""
    found = list(reversed(marks)) if pieces[0].start is None else list(marks)
    ends = {piece.severity: piece for piece in pieces}
    for each in exits:
        piece = ends[each.severity]
        if each.mark not in found:
            place = found.index(piece.start) if piece.start else found.index(piece.end) + 1  # type: ignore[arg-type]
            found.insert(place, each.mark)
    return found


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
        self,
        rule: Rule,
        pieces: Sequence[_Piece],
        exits: Sequence[_Exit],
        places: dict[_Mark, float],
        language: str,
        *,
        scaled: bool,
    ) -> None:
        self.language = language
        self.rule = rule
        self.pieces = pieces
        self.exits = exits
        self.places = places
        ends = {mark for piece in pieces for mark in (piece.start, piece.end)}
        self.marks = {mark: x for mark, x in places.items() if mark in ends}
        self.scaled = scaled
        self.height = _HEIGHT + (_ROW if exits else 0)

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
        yield from self._left()
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

    def _left(self) -> Iterator[str]:
        """A triangle for each band that is left at a value, and the figure below it."""
        at: dict[_Mark, list[_Exit]] = {}
        for each in sorted(self.exits, key=lambda each: self.places[each.mark]):
            at.setdefault(each.mark, []).append(each)
        edges = [8 - _LEFT, *map(self.places.__getitem__, at), _WIDTH + _LEFT - 8]
        top = _LINE + 27
        for (mark, exits), (before, x, after) in zip(at.items(), _threes(edges), strict=True):
            for place, each in enumerate(exits):
                middle = x + 11 * (place - (len(exits) - 1) / 2)
                colour = COLOURS[each.severity]
                path = f"M{coordinate(middle - 4)} {top + 7:g}h8L{coordinate(middle)} {top:g}Z"
                yield element(
                    "path", d=path, fill=colour if each.closed else "#ffffff", stroke=colour, stroke_width=1.5
                )
            room = min(x - before, after - x) - 8
            yield label(shortened(mark.text, room, 11), x, top + 18, font_size=11, text_anchor="middle")

    def _direction(self) -> Iterator[str]:
        """Which direction is worse, if it is one, and whether distances are to scale."""
        rising = all(piece.end is None for piece in self.pieces)
        falling = all(piece.start is None for piece in self.pieces)
        y = self.height - 8 if self.exits else _HEIGHT - 10
        if rising:
            yield label(self._word("worse-right"), _RIGHT, y, font_size=11, fill=FAINT, text_anchor="end")
        if falling:
            yield label(self._word("worse-left"), _LEFT, y, font_size=11, fill=FAINT)
        notes = [self._word("leaves")] if self.exits else []
        notes += [] if self.scaled else [self._word("not-to-scale")]
        if notes:
            note = self._word("between").join(notes)
            x = _LEFT if rising else _RIGHT - width_of(note, 11)
            yield label(note, x, y, font_size=11, fill=FAINT)

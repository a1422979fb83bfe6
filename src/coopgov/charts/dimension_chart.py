"""Draws an evaluation: a bar for the score of each dimension, and one for the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, an_instance, checked
from coopgov.charts.glyphs import shortened, width_of
from coopgov.charts.looks import ACTUAL, BAD, PALE
from coopgov.charts.svg import FAINT, HATCHED, INK, RULE, Chart, element, label, picture, title
from coopgov.charts.widths import A_WIDTH, EDGE, is_narrow
from coopgov.evaluation.result import Evaluation
from coopgov.evaluation.words import dimension_name, missing_text, rating_text, score_text, total_text
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model import Agreement

__all__ = ["dimensions"]

_HEAD = 66.0
_ROW, _TEXT_LINE = 40.0, 18.0
_BAR = 14.0
_FULL = 100.0


@checked(
    evaluation=an_instance(Evaluation, "errors.expected.evaluation", "errors.hints.evaluation"),
    agreement=AN_AGREEMENT,
    language=a_tag,
    width=A_WIDTH,
)
def dimensions(
    evaluation: Evaluation, agreement: Agreement, *, language: str = "en", width: float = 800.0
) -> Chart:
    """Draw the scores of an evaluation, from 0 to 100, with the scores from which ratings are given.

    A dimension that lacks data has a hatched bar and says what is missing; the total is then a range, hatched from its
    lowest to its highest value.

    Args:
        evaluation: a result of `evaluate`.
        agreement: the agreement, for the names of what is missing.
        language: of all texts.
        width: in pixels, from 320 to 4000.

    >>> from datetime import date
    >>> from coopgov import evaluate, load_agreement
    >>> agreement = load_agreement("examples/pilot/agreement.yaml")
    >>> print(dimensions(evaluate(agreement, as_of=date(2026, 6, 30)), agreement).title_text)
    Evaluation: Harbour data cooperation
    """
    drawing = _Drawing(evaluation, agreement, language, width)
    name = text("charts.dimensions.name", language, title=agreement.label.in_language(language))
    return picture(name, drawing.description(), language, width, drawing.height, *drawing.parts())


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar: solid up to its lowest value, hatched up to its highest one."""

    name: str
    said: str
    note: str
    low: float
    high: float
    total: bool = False


class _Drawing:
    """Places the rows below a scale from 0 to 100."""

    def __init__(self, evaluation: Evaluation, agreement: Agreement, language: str, width: float) -> None:
        self.evaluation = evaluation
        self.agreement = agreement
        self.language = language
        self.width = width
        self.narrow = is_narrow(width)
        self.rows = [*self._dimensions(), self._total()]
        most = (width - 2 * EDGE) * 0.34
        self.names = min(max(width_of(row.name, 12, bold=True) for row in self.rows), most) + 14
        self.said = min(max(width_of(row.said, 12, bold=True) for row in self.rows), most) + 14
        self.left = EDGE + (0.0 if self.narrow else self.names)
        self.right = width - EDGE - (0.0 if self.narrow else self.said)
        self.row = _ROW + (_TEXT_LINE if self.narrow else 0.0)
        self.height = _HEAD + len(self.rows) * self.row + EDGE

    def _dimensions(self) -> Iterator[_Row]:
        for each in self.evaluation.dimensions:
            name, note = (
                dimension_name(each.id, self.language),
                missing_text(self.agreement, each, self.language),
            )
            if each.weight:
                weight = f"{each.weight * 100:.4g} %"
                name = text("charts.dimensions.weighed", self.language, name=name, weight=weight)
            elif each.score is None:
                yield _Row(name, note, "", 0.0, 0.0)
                continue
            if each.score is None:
                said = text("evaluation.undetermined", self.language)
                yield _Row(name, said, note, 0.0, _FULL)
            else:
                said = self._rated(score_text(each.score), each.rating)
                yield _Row(name, said, note, each.score, each.score)

    def _rated(self, score: str, rating: str | None) -> str:
        return text(
            "charts.dimensions.rated", self.language, score=score, rating=rating_text(rating, self.language)
        )

    def _total(self) -> _Row:
        total = self.evaluation.total
        score = score_text(total.low)
        if total.score is None:
            ends = {"low": score, "high": score_text(total.high)}
            score = text("charts.dimensions.range", self.language, **ends)
        said = self._rated(score, self.evaluation.rating)
        return _Row(text("evaluation.total", self.language), said, "", total.low, total.high, total=True)

    def description(self) -> str:
        """Every score in words."""
        said = []
        for row in self.rows[:-1]:
            note = text("charts.dimensions.noted", self.language, said=row.said, note=row.note)
            said.append(
                text("charts.gantt.row", self.language, name=row.name, said=note if row.note else row.said)
            )
        return text(
            "charts.dimensions.description",
            self.language,
            day=self.evaluation.as_of,
            total=total_text(self.evaluation, self.language),
            rating=rating_text(self.evaluation.rating, self.language),
            scores=text("charts.gantt.between", self.language).join(said),
        )

    def x(self, score: float) -> float:
        """Where a score is."""
        return self.left + score / _FULL * (self.right - self.left)

    def parts(self) -> Iterator[str]:
        """All parts, from the back to the front."""
        name = text(
            "charts.dimensions.name", self.language, title=self.agreement.label.in_language(self.language)
        )
        room = self.width - 2 * EDGE
        yield label(shortened(name, room, 14, bold=True), EDGE, 20, font_size=14, font_weight="bold")
        day = text("charts.as-of", self.language, day=self.evaluation.as_of)
        yield label(day, EDGE, 37, font_size=11, fill=FAINT)
        yield from self._scale()
        for number, row in enumerate(self.rows):
            yield from self._row(row, _HEAD + number * self.row)

    def _scale(self) -> Iterator[str]:
        """The scores from which ratings are given, as lines with their numbers; those that are too close have none."""
        bottom = self.height - EDGE
        marks = sorted({0.0, _FULL, *(mark for mark in self.evaluation.marks if 0 < mark < _FULL)})
        lines = "".join(f"M{self.x(mark):.2f} {_HEAD - 2:g}V{bottom:g}" for mark in marks)
        yield element("path", d=lines, stroke=RULE, stroke_width=0.8, stroke_dasharray="2 3")
        free = -1.0
        for mark in marks:
            said, x = score_text(mark), self.x(mark)
            half = width_of(said, 10) / 2
            x = min(max(x, EDGE + half), self.width - EDGE - half)
            if x - half > free:
                yield label(said, x, _HEAD - 6, font_size=10, fill=FAINT, text_anchor="middle")
                free = x + half + 4

    def _row(self, row: _Row, top: float) -> Iterator[str]:
        middle = top + (_TEXT_LINE + 10 if self.narrow else 16)
        if row.total:
            yield element("path", d=f"M{EDGE:g} {top:g}H{self.width - EDGE:g}", stroke=RULE)
        yield element(
            "rect", x=self.left, y=middle - _BAR / 2, width=self.right - self.left, height=_BAR, fill=PALE
        )
        if row.high > row.low:
            yield self._bar(row.low, row.high, middle, HATCHED)
        if row.low > 0:
            yield self._bar(0, row.low, middle, INK if row.total else ACTUAL)
        yield from self._texts(row, top, middle)

    def _bar(self, low: float, high: float, middle: float, fill: str) -> str:
        x, end = self.x(low), self.x(high)
        return element("rect", x=x, y=middle - _BAR / 2, width=end - x, height=_BAR, fill=fill)

    def _texts(self, row: _Row, top: float, middle: float) -> Iterator[str]:
        weight = "bold" if row.total else None
        y = top + 14 if self.narrow else middle + 4
        said = shortened(row.said, self.width * 0.6 if self.narrow else self.said - 14, 12, bold=row.total)
        room = (
            self.width - 2 * EDGE - width_of(said, 12, bold=row.total) - 10
            if self.narrow
            else self.names - 14
        )
        name = shortened(row.name, room, 12, bold=row.total)
        drawn = label(name, EDGE, y, font_weight=weight)
        yield drawn if name == row.name else element("g", title(row.name), drawn)
        if self.narrow:
            yield label(said, self.width - EDGE, y, font_weight=weight, text_anchor="end")
        else:
            yield label(said, self.right + 14, y, font_weight=weight)
        if row.note:
            note = shortened(row.note, self.right - self.left, 11)
            drawn = label(note, self.left, middle + _BAR / 2 + 13, font_size=11, fill=BAD)
            yield drawn if note == row.note else element("g", title(row.note), drawn)

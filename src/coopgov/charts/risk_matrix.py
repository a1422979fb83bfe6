"""Draws the risk register as a matrix: how likely from the bottom to the top, how bad from left to right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, a_tag, checked
from coopgov.assessment.figures import Form
from coopgov.charts.glyphs import shortened
from coopgov.charts.svg import FAINT, INK, RULE, Chart, element, label, picture, title
from coopgov.charts.widths import A_WIDTH, EDGE, is_narrow
from coopgov.facts.derive import derive
from coopgov.facts.subject import without_gap
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.facts import Facts
    from coopgov.model import Agreement

__all__ = ["Matrix", "Rated", "draw_matrix", "matrix", "matrix_of"]

_SIDE = 5
_CELL, _NARROW_CELL = 48.0, 54.0
_TOP = 64.0
_LINE = 34.0
_DOT = 9.0
_LEVELS = ("#eef3ee", "#f6f0d8", "#f8dfc3", "#f1c4b4")
"""From a low to a high exposure; each text on them has a contrast of at least 4.5."""


@checked(agreement=AN_AGREEMENT, as_of=a_day, language=a_tag, width=A_WIDTH)
def matrix(agreement: Agreement, *, as_of: date, language: str = "en", width: float = 800.0) -> Chart:
    """Draw the open and occurred risks as they were known on a date.

    A column is an impact from 1 to 5, a row a fifth of the probability. The shade of a cell is their product. Each risk
    has a number, by which the list beside the matrix names it, worst first. A full circle is a risk that has occurred.
    Risks without a probability or an impact are in the list only; closed ones are not shown.

    Args:
        agreement: the agreement.
        as_of: the date; later estimates are not visible.
        language: of all texts.
        width: in pixels, from 320 to 4000; below 560, the list is below the matrix.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> print(matrix(load_agreement("examples/pilot/agreement.yaml"), as_of=date(2026, 6, 30)).alt)
    Risks as of 2026-06-30: The technical liaison is booked on two projects (50 %, impact 4, open).
    """
    return draw_matrix(matrix_of(derive(agreement, as_of), language), width)


@dataclass(frozen=True, slots=True)
class Rated:
    """A risk: its probability as a share, its impact from 1 to 5; None where nobody has estimated it."""

    id: str
    name: str
    said: str
    probability: float | None
    impact: int | None
    occurred: bool

    @property
    def cell(self) -> tuple[int, int] | None:
        """Its column and row from 1 to 5; None if an estimate is missing."""
        if self.probability is None or self.impact is None:
            return None
        return self.impact, min(max(math.ceil(self.probability * _SIDE - 1e-9), 1), _SIDE)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The risks that are not closed, worst first."""

    as_of: date
    language: str
    risks: tuple[Rated, ...]


def matrix_of(facts: Facts, language: str) -> Matrix:
    """Read the risks that are not closed."""
    form = Form(language, facts.agreement.currency, 1)
    risks = []
    for risk in facts.subjects["risk"]:
        record = risk.record
        status = without_gap(record["status"])
        if status == "closed":
            continue
        probability, impact = without_gap(record["probability"]), without_gap(record["impact"])
        said = text(
            "charts.matrix.rated",
            language,
            probability=form.word("unknown") if probability is None else f"{probability * 100:.4g} %",
            impact=form.word("unknown") if impact is None else impact,
            status=form.term(status or "unknown"),
        )
        name = risk.label.in_language(language)
        risks.append(Rated(risk.id, name, said, probability, impact, status == "occurred"))
    risks.sort(key=lambda risk: -(risk.probability or 0) * (risk.impact or 0) if risk.cell else 1.0)
    return Matrix(facts.as_of, language, tuple(risks))


def draw_matrix(shown: Matrix, width: float = 800.0) -> Chart:
    """Draw the risks of a register."""
    drawing = _Drawing(shown, width)
    language = shown.language
    said = [text("charts.matrix.risk", language, name=risk.name, said=risk.said) for risk in shown.risks]
    listed = text("charts.matrix.between", language).join(said) or text("charts.matrix.none", language)
    description = text("charts.matrix.description", language, day=shown.as_of, risks=listed)
    name = text("charts.matrix.name", language)
    return picture(name, description, language, width, drawing.height, *drawing.parts())


class _Drawing:
    """Places the cells, the circles in them, and the list."""

    def __init__(self, shown: Matrix, width: float) -> None:
        self.shown = shown
        self.width = width
        self.narrow = is_narrow(width)
        self.left = EDGE + 44.0
        self.cell = min(_NARROW_CELL, (width - EDGE - self.left) / _SIDE) if self.narrow else _CELL
        self.bottom = _TOP + _SIDE * self.cell
        below = self.bottom + 42.0
        self.list_left = EDGE if self.narrow else self.left + _SIDE * self.cell + 28
        self.list_top = below + 12 if self.narrow else _TOP
        end = self.list_top + max(1, len(shown.risks)) * _LINE
        self.height = max(below, end) + EDGE

    def _say(self, name: str, **values: object) -> str:
        return text(f"charts.matrix.{name}", self.shown.language, **values)

    def parts(self) -> Iterator[str]:
        """All parts, from the back to the front."""
        yield label(self._say("name"), EDGE, 20, font_size=14, font_weight="bold")
        said = text("charts.as-of", self.shown.language, day=self.shown.as_of)
        yield label(said, EDGE, 37, font_size=11, fill=FAINT)
        yield element("g", *self._cells(), stroke="#ffffff", stroke_width=2)
        yield element("g", *self._axes(), font_size=10, fill=FAINT)
        yield from self._risks()
        yield element("g", *self._list())

    def _cells(self) -> Iterator[str]:
        for row in range(1, _SIDE + 1):
            for column in range(1, _SIDE + 1):
                exposure = row * column
                level = (exposure > 4) + (exposure > 9) + (exposure > 14)
                x, y = self._corner(column, row)
                yield element("rect", x=x, y=y, width=self.cell, height=self.cell, fill=_LEVELS[level])

    def _corner(self, column: int, row: int) -> tuple[float, float]:
        return self.left + (column - 1) * self.cell, self.bottom - row * self.cell

    def _axes(self) -> Iterator[str]:
        for number in range(1, _SIDE + 1):
            x, y = self._corner(number, number)
            said = f"{(number - 1) * 20}–{number * 20}"
            yield label(str(number), x + self.cell / 2, self.bottom + 15, text_anchor="middle")
            yield label(said, self.left - 6, y + self.cell / 2 + 3.5, text_anchor="end")
        middle = self.left + _SIDE * self.cell / 2
        yield label(self._say("impact"), middle, self.bottom + 32, font_size=11, text_anchor="middle")
        yield label(self._say("probability"), EDGE, _TOP - 8, font_size=11)

    def _risks(self) -> Iterator[str]:
        """A circle with a number for each risk, in rows inside its cell; what has no room is counted."""
        numbered = [
            (cell, number, risk)
            for number, risk in enumerate(self.shown.risks, 1)
            if (cell := risk.cell) is not None
        ]
        numbered.sort(key=lambda each: each[:2])
        most = int(self.cell / (2 * _DOT + 1))
        for cell, group in groupby(numbered, key=lambda each: each[0]):
            inside = list(group)
            x, y = self._corner(*cell)
            shown = inside if len(inside) <= most * most else inside[: most * most - 1]
            across = min(most, math.ceil(math.sqrt(len(shown) + (len(shown) < len(inside)))))
            step = self.cell / across
            for position, (_, number, risk) in enumerate(shown):
                at = x + step * (position % across + 0.5), y + step * (position // across + 0.5)
                yield self._dot(*at, number, risk)
            if len(shown) < len(inside):
                more = self._say("more", number=len(inside) - len(shown))
                yield label(
                    more, x + step * (across - 0.5), y + step * (across - 0.5) + 4, text_anchor="middle"
                )

    @staticmethod
    def _dot(x: float, y: float, number: int, risk: Rated) -> str:
        fill, ink = (INK, "#ffffff") if risk.occurred else ("#ffffff", INK)
        size = 11 if number < 100 else 8
        return element(
            "g",
            title(risk.name),
            element("circle", cx=x, cy=y, r=_DOT, fill=fill, stroke=INK, stroke_width=1.2),
            label(str(number), x, y + size * 0.36, font_size=size, fill=ink, text_anchor="middle"),
        )

    def _list(self) -> Iterator[str]:
        room = self.width - EDGE - self.list_left - 30
        if not self.shown.risks:
            yield label(self._say("none"), self.list_left, self.list_top + 14, fill=FAINT)
        for number, risk in enumerate(self.shown.risks, 1):
            y = self.list_top + (number - 1) * _LINE
            if number > 1 or self.narrow:
                yield element(
                    "path",
                    d=f"M{self.list_left:g} {y:g}H{self.width - EDGE:g}",
                    stroke=RULE,
                    stroke_width=0.5,
                )
            yield label(str(number), self.list_left + 20, y + 14, font_weight="bold", text_anchor="end")
            name = shortened(risk.name, room, 12)
            drawn = label(name, self.list_left + 30, y + 14)
            yield drawn if name == risk.name else element("g", title(risk.name), drawn)
            said = shortened(risk.said, room, 11)
            yield label(said, self.list_left + 30, y + 28, font_size=11, fill=FAINT)

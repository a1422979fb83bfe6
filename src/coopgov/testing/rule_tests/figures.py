"""Read the figures that a test expects: the text that people read, or any number with the same value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError
from coopgov.language.tolerance import above, below
from coopgov.language.units import unit_name
from coopgov.schema import narrow
from coopgov.testing.rule_tests.values import literal, number_of, usual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.assessment.figures import Figure
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language import syntax as s
    from coopgov.language.types import Type

__all__ = ["ExpectedFigure", "read_figure"]

_COMPARED = re.compile(r"(above|below|at least|at most|is not|is|>=|<=|==|!=|>|<)\s*(.+)")
_WORDS: Mapping[str, str] = {
    ">": "above",
    "<": "below",
    ">=": "at least",
    "<=": "at most",
    "==": "is",
    "!=": "is not",
}


@dataclass(frozen=True, slots=True)
class ExpectedFigure:
    """A figure as text and, if it can be read as one, as a number in the unit of what it is compared with.

    `unit` is a currency or the unit of a KPI, if one is written and only the data can show whether it fits; `words` is
    the comparison before a threshold, such as `above`.
    """

    text: str
    number: float | None = None
    unit: str | None = None
    words: str = ""

    def is_met(self, got: Figure) -> bool:
        """Whether a figure reads as expected, or is the same number within the tolerance of the language."""
        if _plain(self.text) == _plain(got.text):
            return True
        if self.number is None or got.value is None or isinstance(got.value, (str, bool)):
            return False
        if self.unit not in (None, got.unit) or not got.text.startswith(self.words):
            return False
        a, b = got.value, self.number
        return not (above(a, b, exact=False) or below(a, b, exact=False))


def _plain(text: str) -> str:
    """A text without spaces, in ASCII characters where it has full-width ones."""
    return "".join(narrow(text).split())


def read_figure(text: str, kind: Type, catalogue: Catalogue, *, compared: bool = False) -> ExpectedFigure:
    """Read a figure of a measure; with `compared`, a threshold such as `above 20 %`.

    Raises:
        ExpressionError: it is a value in a unit that the measure cannot have.
    """
    match = _COMPARED.fullmatch(narrow(text).strip()) if compared else None
    words = _WORDS.get(match[1], match[1]) if match else ""
    figure = match[2] if match else text
    shown = f"{words} {figure}" if match else text
    try:
        node = literal(usual(figure, kind, ""), catalogue)
    except ExpressionError:
        return ExpectedFigure(shown)
    if not node.type.numeric:
        return ExpectedFigure(shown)
    if kind.kind in ("own", "money"):
        return ExpectedFigure(shown, _written(node), _unit(node, kind), words)
    return ExpectedFigure(shown, float(number_of(node, kind)), None, words)


def _written(node: s.Literal) -> float:
    """The number of a literal, in the unit that it is written in."""
    assert isinstance(node.value, Decimal)
    return float(node.value)


def _unit(node: s.Literal, kind: Type) -> str | None:
    """The unit that the data must have: a currency, or that of the KPI."""
    if kind.kind == "own":
        name = unit_name(node.unit or "count")
        return "" if name == "count" else name
    if node.type.kind != "money" and node.unit:
        raise ExpressionError("unit-mismatch", node.type.words, kind.words, start=node.start, end=node.end)
    return node.type.unit or None

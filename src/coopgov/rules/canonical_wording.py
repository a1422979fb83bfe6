"""Normalises the texts of expressions, bands and table cells, so that equal meanings have equal texts."""

from __future__ import annotations

from coopgov.errors import ExpressionError
from coopgov.language import parse, parse_band, to_text
from coopgov.language import syntax as s
from coopgov.rules.entry_fields import ANYTHING

__all__ = ["canonical_band", "canonical_cell", "canonical_expression", "truth_of", "with_implied_word"]

_MEASURE = s.Name("measure")


def canonical_expression(text: str) -> str:
    """Return the canonical form of an expression; any other text is returned unchanged.

    >>> canonical_expression("delay>3days")
    'delay above 3 days'
    """
    try:
        return to_text(parse(text))
    except ExpressionError:
        return text


def canonical_band(text: str) -> str:
    """Return the canonical form of a comparison without its left side.

    >>> canonical_band("<= 80%"), canonical_band("not in ['a']")
    ('at most 80 %', 'not in ["a"]')
    """
    try:
        node = parse_band(text, _MEASURE)
    except ExpressionError:
        return text
    inner = node.operand if isinstance(node, s.Not) else node
    printed = to_text(inner).removeprefix(f"{_MEASURE.name} ")
    if inner is node:
        return printed
    return f"not {printed}" if isinstance(inner, s.In) else "is not known"


def canonical_cell(text: str) -> str:
    """Return the canonical form of a table cell.

    >>> canonical_cell("TRUE"), canonical_cell("'red'"), canonical_cell("5%"), canonical_cell("—")
    ('true', 'is "red"', '5 %', '-')
    """
    truth = truth_of(text)
    if truth is not None:
        return "true" if truth else "false"
    if text.strip() in ANYTHING:
        return "-"
    word = _implied_word(text)
    printed = canonical_band(with_implied_word(text.strip()))
    return printed.removeprefix("is ") if word == "is" and printed[3:4] not in "\"'" else printed


def truth_of(cell: str) -> bool | None:
    """Return the truth value of a cell that only says whether its condition holds; spreadsheets write TRUE."""
    return {"true": True, "false": False}.get(cell.strip().lower())


def with_implied_word(cell: str) -> str:
    """Return a cell with the keyword that it omits: `is` before a value, `in` before a list."""
    word = _implied_word(cell)
    return f"{word} {cell}" if word else cell


def _implied_word(cell: str) -> str:
    first = cell.lstrip()[:1]
    value = first in ("'", '"') or first.isdecimal() or (first == "-" and cell.lstrip("- ")[:1].isdecimal())
    return "in" if first == "[" else "is" if first and value else ""

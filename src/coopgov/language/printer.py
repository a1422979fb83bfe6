"""Prints an expression in its canonical form, which parses back to the same tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from coopgov.language import syntax as s
from coopgov.language.tokens import is_word
from coopgov.language.units import unit_after

__all__ = ["to_text"]

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _ELSE, _ATOM = range(9)

_SYMBOLS = s.by_arithmetic(
    add=("+", _SUM), subtract=("-", _SUM), multiply=("*", _PRODUCT), divide=("/", _PRODUCT)
)
_WORDS = s.by_comparison(
    above="above", below="below", at_least="at least", at_most="at most", equal="is", not_equal="is not"
)


def to_text(node: s.Expr) -> str:
    """Print a parsed expression.

    >>> from coopgov.language import parse
    >>> to_text(parse("(a+b)*2 > 3 days and not(c)"))
    '(a + b) * 2 above 3 days and not c'
    """
    return _print(node)[0]


def _at(node: s.Expr, level: int) -> str:
    text, own = _print(node)
    return text if own >= level else f"({text})"


def _print(node: s.Expr) -> tuple[str, int]:  # one line for each class of node
    if isinstance(node, s.Literal):
        return _literal(node), _ATOM
    if isinstance(node, s.Choices):
        return f"[{', '.join(_literal(item) for item in node.items)}]", _ATOM
    if isinstance(node, s.Name):
        return f"{node.owner}.{node.name}" if node.owner else node.name, _ATOM
    if isinstance(node, s.Call):
        return f"{node.function}({', '.join(map(to_text, node.arguments))})", _ATOM
    if isinstance(node, s.Aggregate):
        return _aggregate(node), _ATOM
    if isinstance(node, s.Negative):
        return f"-{_at(node.operand, _UNARY)}", _UNARY
    if isinstance(node, s.Else):
        return f"{_at(node.left, _ATOM)} else {_at(node.right, _ELSE)}", _ELSE
    if isinstance(node, s.Arithmetic):
        symbol, level = _SYMBOLS[type(node)]
        return f"{_at(node.left, level)} {symbol} {_at(node.right, level + 1)}", level
    return _condition(node)


def _condition(node: s.Condition) -> tuple[str, int]:
    if isinstance(node, s.Not):
        return f"not {_at(node.operand, _NOT)}", _NOT
    if isinstance(node, s.Known):
        return f"{_at(node.operand, _SUM)} is known", _COMPARE
    if isinstance(node, s.Between):
        ends = f"{_at(node.low, _SUM)} and {_at(node.high, _SUM)}"
        return f"{_at(node.operand, _SUM)} between {ends}", _COMPARE
    if isinstance(node, s.Logic):
        word, level = ("and", _AND) if isinstance(node, s.And) else ("or", _OR)
        return f" {word} ".join(_at(part, level + 1) for part in node.operands), level
    if isinstance(node, (s.Comparison, s.In)):
        word = "in" if isinstance(node, s.In) else _WORDS[type(node)]
        return f"{_at(node.left, _SUM)} {word} {_at(node.right, _SUM)}", _COMPARE
    assert_never(node)


def _literal(node: s.Literal) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        number = f"{value:f}"
        unit = unit_after(value, node.unit)
        if unit and not (unit in ("%", "working day", "working days") or is_word(unit)):
            unit = _quoted(unit)
        return f"{number} {unit}" if unit else number
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def _aggregate(node: s.Aggregate) -> str:
    value = f"{to_text(node.value)} of " if node.value else ""
    where = f" where {to_text(node.where)}" if node.where else ""
    return f"{node.function}({value}{to_text(node.collection)}{where})"

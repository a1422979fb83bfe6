"""Read values as the corpus writes them: the facts of a record, and the expected result."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.errors import ExpressionError
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.type_check import check
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds
from coopgov.locales import phrase, verbatim
from coopgov.schema import expression_defect, problem, problems, shown
from coopgov.testing.conformance.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.language.types import Type

__all__ = ["MINOR_UNITS", "Path", "checked", "outcome", "record"]

MINOR_UNITS = 100
"""Money in records is in cents, as in an assessment."""
Path = tuple[str | int, ...]
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "unknown": UNKNOWN, "not set": NOT_SET}
_ODD = {"nan": math.nan, "infinite": math.inf}


def record(about: str, given: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """The facts of a row as a record; a mapping under the name of a type of subject is the record above.

    Raises:
        PydanticCustomError: the fact does not exist, or the value is not of its type.
    """
    catalogue = vocabulary()
    found: dict[str, Any] = {}
    for name, written in given.items():
        here = (*path, name)
        if name in catalogue.parents(about):
            found[name] = record(name, written, here)
            continue
        fact = catalogue.fact(about, name)
        if fact is None or fact.type is None:
            expected = phrase("testing.conformance.base-fact", about=about)
            raise problem("unknown-fact", verbatim(f'"{name}"'), expected, at=here)
        found[name] = _value(fact.type, written, here)
    return found


def _value(kind: Type, written: Any, path: Path) -> Any:
    if written in (None, "unknown"):
        return None
    if kind.kind == "collection":
        return [record(kind.item, item or {}, (*path, number)) for number, item in enumerate(written)]
    if kind.kind == "texts":
        return list(written)
    if kind.kind == "text":
        return written
    if kind.kind == "truth" and written in ("true", "false"):
        return written == "true"
    if kind.numeric and written in _ODD:
        return _ODD[written]
    return _literal(kind, written, path)


def _literal(kind: Type, written: Any, path: Path) -> Any:
    """A number or date; numbers without a unit are in the unit of the fact."""
    node = checked(str(written), "thing", path)
    if isinstance(node, s.Literal) and node.type.kind == kind.kind and node.type.unit in ("", kind.unit):
        value = _number(node)
        return date.fromordinal(value) if kind.kind == "date" else value
    if isinstance(node, s.Literal) and kind.kind in ("own", "quantity") and node.type.kind == "number":
        return value_of(node)
    raise problem("wrong-type", shown(written), kind.words, at=path)


def _number(node: s.Literal) -> Any:
    if node.type.kind != "money":
        return value_of(node)
    amount = minor_units_of(node, MINOR_UNITS)
    return int(amount) if amount == int(amount) else amount


def checked(text: str, about: str, path: Path) -> s.Expr:
    """The checked expression of a text about a type of subject, which is at `path` of its row.

    Raises:
        PydanticCustomError: the text is not a valid expression.
    """
    try:
        return check(parse(text), about, vocabulary())
    except ExpressionError as error:
        raise problems([expression_defect(error, path)]) from None


def outcome(node: s.Expr, written: str) -> Any:
    """The expected result of an expression: a truth value, UNKNOWN, NOT_SET, Bounds, a text, or a number in its unit.

    Raises:
        PydanticCustomError: an expression of that type cannot give this.
    """
    if written in _WORDS and (written not in ("true", "false") or node.type.kind == "truth"):
        return _WORDS[written]
    low, to, high = written.partition(" to ")
    if to:
        return Bounds(*(float(Decimal(end)) for end in (low, high)))
    literal = checked(written, "thing", ("gives",))
    if isinstance(literal, s.Literal) and _alike(node.type, literal.type):
        return _number(literal)
    raise problem("unit-mismatch", shown(written), node.type.words, at=("gives",))


def _alike(kind: Type, other: Type) -> bool:
    if kind.kind in ("own", "text"):
        return other.numeric if kind.kind == "own" else other.kind == "text"
    return (kind.kind, kind.unit if kind.kind == "quantity" else "", kind.percent) == (
        other.kind,
        other.unit if other.kind == "quantity" else "",
        other.percent,
    )

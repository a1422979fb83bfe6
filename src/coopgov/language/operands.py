"""Brings operands to a common type and unit, or reports why that is impossible."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from coopgov.errors import ExpressionError
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.hints import UNIT_WORDS, days
from coopgov.language import syntax as s
from coopgov.language.fold import constant
from coopgov.language.tokens import write
from coopgov.language.types import MONEY, NUMBER, OWN, PERCENT, Type
from coopgov.language.units import BUILT_IN, Unit, convert, is_currency, unit_after, unit_name, unit_named
from coopgov.locales import Phrase, listed, phrase, verbatim
from coopgov.nearest import nearest
from coopgov.numerals import SCALES
from coopgov.synonyms import choice, meant

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["alike", "expect", "fail", "meaning", "same", "scaled", "type_of_unit"]


def type_of_unit(name: str) -> Type:
    """The type of a number with this unit, after conversion to the base unit of the unit table."""
    if not name:
        return NUMBER
    known = unit_name(name)
    if is_currency(known):
        return Type("money", known)
    if known not in BUILT_IN:
        return Type("quantity", known)
    unit = BUILT_IN[known]
    if unit.dimension == "money":
        return MONEY
    if unit.dimension:
        return Type("quantity", unit.dimension)
    return PERCENT if unit.name == "%" else NUMBER


def same(left: s.Expr, right: s.Expr) -> tuple[s.Expr, s.Expr, Type]:
    """Bring two operands to a common type and unit, or report why that is impossible."""
    a, b = left.type, right.type
    if a.kind == "own" and b.kind != "own" and constant(right):
        return left, _as_own(right), a
    if b.kind == "own" and a.kind != "own" and constant(left):
        return _as_own(left), right, b
    left, right = _unscaled(left, b), _unscaled(right, a)
    a, b = left.type, right.type
    if a.kind != b.kind:
        _mismatch(left, right)
    if a.kind == "quantity" and a.unit != b.unit:
        return left, _converted(right, left), a
    if a.kind == "money":
        return left, right, replace(a, unit="", exact=a.exact and b.exact)
    if a.kind == "number":
        return left, right, replace(a, percent=a.percent or b.percent)
    if a.kind == "text":
        left, right = meaning(left, b), meaning(right, a)
        _check_choice(left, right)
        _check_choice(right, left)
    if a.kind in ("collection", "texts"):
        hint = phrase("language.in-texts") if a.kind == "texts" else NO_HINT
        fail(right, "type-mismatch", a.words, phrase("language.single-values"), hint)
    return left, right, a


def _unscaled(node: s.Expr, of: Type) -> s.Expr:
    """Return a figure with a scale, such as `10 万元`, as the amount or number that it means beside another one.

    The unit of a KPI can be 万元, so that beside other types it stays the unit that it is.
    """
    scale, unit = _scale(node) if of.kind in ("money", "number") else (0, "")
    kind = type_of_unit(unit)
    if not scale or kind.kind != of.kind:
        return node
    assert isinstance(node, s.Literal)
    assert isinstance(node.value, Decimal)
    value = node.value.scaleb(scale)
    return replace(node, value=value, unit=unit_after(value, unit), type=kind)


def _scale(node: s.Expr) -> tuple[int, str]:
    """The decimal places that the unit of a literal moves its figure by, and the rest of its unit; 0 for none."""
    if not isinstance(node, s.Literal) or node.type.kind != "quantity":
        return 0, ""
    names = (each for each in sorted(SCALES, key=len, reverse=True) if node.unit.startswith(each))
    name = next(names, "")
    return SCALES.get(name, 0), node.unit.removeprefix(name).strip()


def alike(parts: Sequence[s.Expr]) -> tuple[tuple[s.Expr, ...], Type]:
    """Bring operands to the type and unit of the first, or, if that is a literal, to the KPI's unit if one has it."""
    first = parts[0]
    for part in parts[1:]:
        first = same(first, part)[0]
    kind, rest = first.type, []
    for part in parts[1:]:
        _, joined, both = same(first, part)
        rest.append(joined)
        kind = replace(both, percent=kind.percent or both.percent, exact=kind.exact and both.exact)
    return (first, *rest), kind


def _as_own(node: s.Expr) -> s.Expr:
    assert isinstance(node, s.Literal)
    if not node.type.numeric:
        fail(node, "type-mismatch", node.type.words, OWN.words)
    return replace(node, type=Type("own", unit_name(node.unit or "count")))


def _converted(node: s.Expr, to: s.Expr) -> s.Expr:
    unit, target = unit_named(node.type.unit), unit_named(to.type.unit)
    if unit.dimension != target.dimension:
        fail(node, "unit-mismatch", node.type.words, to.type.words, _in_known_unit(node, unit, target))
    if isinstance(node, s.Literal):
        assert isinstance(node.value, Decimal)
        return replace(node, value=convert(node.value, unit, target), unit=target.name, type=to.type)
    ratio = unit.factor / target.factor
    return scaled(node, ratio.numerator, ratio.denominator, to.type)


def _in_known_unit(node: s.Expr, unit: Unit, target: Unit) -> Phrase:
    """The hint to write a figure with the known unit that its unit is a synonym or a misspelling of."""
    if not isinstance(node, s.Literal) or not unit.dimension.startswith("label "):
        return NO_HINT
    word = UNIT_WORDS.get(unit.name, UNIT_WORDS.get(unit.name.lower().removesuffix("s"), ""))
    near = word or nearest(unit.name, (*BUILT_IN, target.name))
    if not near or unit_named(near).dimension != target.dimension:
        return NO_HINT
    return write(f"{node.value} {near}")


def scaled(node: s.Expr, numerator: int, denominator: int, kind: Type) -> s.Expr:
    """Convert a value to another unit: multiply and divide by whole numbers, so that no precision is lost."""
    where = {"start": node.start, "end": node.end}
    if numerator != 1:
        node = s.Multiply(node, s.Literal(Decimal(numerator), type=NUMBER, **where), type=kind, **where)  # type: ignore[arg-type]
    if denominator != 1:
        node = s.Divide(node, s.Literal(Decimal(denominator), type=NUMBER, **where), type=kind, **where)  # type: ignore[arg-type]
    return node


def meaning(node: s.Expr, of: Type) -> s.Expr:
    """Return a literal that is a synonym as the canonical value of what it is compared with; other nodes unchanged."""
    if not isinstance(node, s.Literal) or not isinstance(node.value, str):
        return node
    value = (
        choice(node.value, of.choices) if of.choices else meant(node.value, of.group) if of.group else None
    )
    return node if value in (None, node.value) else replace(node, value=value)


def _check_choice(fact: s.Expr, written: s.Expr) -> None:
    if fact.type.choices and isinstance(written, s.Literal) and written.value not in fact.type.choices:
        known = listed([verbatim(f'"{choice}"') for choice in fact.type.choices])
        found, expected = verbatim(f'"{written.value}"'), phrase("errors.one-of", choices=known)
        hint = did_you_mean(str(written.value), fact.type.choices)
        fail(written, "unknown-choice", found, expected, hint)


def _mismatch(left: s.Expr, right: s.Expr) -> NoReturn:
    a, b = left.type, right.type
    bare = next((x for x in (right, left) if isinstance(x, s.Literal) and x.type == NUMBER), None)
    other = a if bare is right else b
    if bare is not None and other.kind in ("quantity", "money"):
        found, hint = (
            phrase("language.bare-number", number=bare.value),
            f"{bare.value} {other.unit_as_written}",
        )
        fail(bare, "unit-mismatch", found, other.words, write(hint))
    if a.numeric and b.numeric:
        fail(right, "unit-mismatch", b.words, a.words, _without_scale(right, a))
    for node, other in ((right, a), (left, b)):
        if other.kind == "date" and isinstance(node, s.Literal) and (readings := days(node.value)):
            fail(node, "type-mismatch", node.type.words, other.words, write(*readings))
    hint = write(f'"{right.name}"') if isinstance(right, s.Name) and a.kind == "text" else NO_HINT
    fail(right, "type-mismatch", b.words, a.words, hint)


def _without_scale(node: s.Expr, of: Type) -> Phrase:
    """The hint to write a figure with a scale, such as `10 万`, in full and with a unit."""
    scale, _ = _scale(node)
    if not scale:
        return NO_HINT
    assert isinstance(node, s.Literal)
    assert isinstance(node.value, Decimal)
    return write(f"{node.value.scaleb(scale):f} {of.unit_as_written}".rstrip())


def expect(node: s.Expr, kind: Type) -> s.Expr:
    """Return the node if it is of the same kind as a type, or report a type mismatch."""
    if node.type.kind != kind.kind:
        fail(node, "type-mismatch", node.type.words, kind.words)
    return node


def fail(node: s.Expr, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> NoReturn:
    """Raise an error at a node."""
    raise ExpressionError(code, found, expected, start=node.start, end=node.end, hint=hint)

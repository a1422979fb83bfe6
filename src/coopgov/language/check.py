"""Names, types and units of an expression, checked before any data is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn, Protocol

from coopgov.errors import ExpressionError, did_you_mean
from coopgov.language import syntax as s
from coopgov.language.fold import constant, fold
from coopgov.language.types import DATE, DAYS, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type
from coopgov.language.units import BUILT_IN, convert, unit_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Vocabulary", "check"]


class Vocabulary(Protocol):
    """What the checker must know of facts: which there are, and how subjects hang together."""

    def type_of(self, about: str, name: str) -> Type | None:
        """The type of a fact, None where there is none of that name."""

    def names(self, about: str) -> Iterable[str]:
        """All names of facts about a type of subject."""

    def parents(self, about: str) -> tuple[str, ...]:
        """The types of subject that one of this type belongs to, nearest first."""

    def subjects(self) -> Iterable[str]:
        """All types of subject."""


def check(
    node: s.Expr, about: str, vocabulary: Vocabulary, parameters: dict[str, s.Expr] | None = None
) -> s.Expr:
    """Resolve the names of a parsed expression about one type of subject and give every node its type.

    Raises:
        ExpressionError: a name, type or unit is wrong.
    """
    return _Checker(vocabulary, (about,), parameters or {}).visit(node)


@dataclass(frozen=True, slots=True)
class _Checker:
    vocabulary: Vocabulary
    scope: tuple[str, ...]
    parameters: dict[str, s.Expr]

    def visit(self, node: s.Expr) -> s.Expr:
        return fold(_VISITORS[type(node)](self, node))

    def literal(self, node: s.Literal) -> s.Expr:
        if isinstance(node.value, bool):
            return replace(node, type=TRUTH)
        if isinstance(node.value, str):
            return replace(node, type=TEXT)
        if not isinstance(node.value, Decimal):
            return replace(node, type=DATE)
        return replace(node, type=_type_of_unit(node.unit))

    def choices(self, node: s.Choices) -> s.Expr:
        items = tuple(_literal(self.literal(item)) for item in node.items)
        for item in items[1:]:
            _same(items[0], item)
        return replace(node, items=items, type=items[0].type)

    def name(self, node: s.Name) -> s.Expr:
        if not node.owner and node.name in self.parameters:
            return replace(self.parameters[node.name], start=node.start, end=node.end)
        if node.name == "as_of" and not node.owner:
            return replace(node, type=DATE)
        level, parents, about = self._subject(node)
        kind = self.vocabulary.type_of(about, node.name)
        if kind is None:
            self._unknown_fact(node, about)
        resolved = replace(node, level=level, parents=parents, about=about, type=kind)
        unit = BUILT_IN.get(kind.unit)
        if kind.kind != "quantity" or unit is None or unit.factor == 1:
            return resolved
        return _scaled(resolved, unit.factor.numerator, unit.factor.denominator, _type_of_unit(kind.unit))

    def _subject(self, node: s.Name) -> tuple[int, tuple[str, ...], str]:
        if not node.owner:
            return 0, (), self.scope[-1]
        outermost_first = [(len(self.scope) - 1 - index, about) for index, about in enumerate(self.scope)]
        for level, about in outermost_first:
            if about == node.owner:
                return level, (), about
        for level, about in outermost_first:
            if node.owner in self.vocabulary.parents(about):
                return level, (node.owner,), node.owner
        return self._out_of_reach(node)

    def _out_of_reach(self, node: s.Name) -> NoReturn:
        reach = {about for inner in self.scope for about in (inner, *self.vocabulary.parents(inner))}
        _fail(
            node,
            "unknown-subject",
            f"`{node.owner}.`",
            f"a subject in reach: {', '.join(sorted(reach))}",
            did_you_mean(node.owner, reach),
        )

    def _unknown_fact(self, node: s.Name, about: str) -> NoReturn:
        hint = did_you_mean(node.name, [*self.vocabulary.names(about), *self.parameters])
        for outer in (*self.scope[:-1], *self.vocabulary.parents(about)):
            if not node.owner and self.vocabulary.type_of(outer, node.name):
                hint = f"write `{outer}.{node.name}`"
                break
        if not hint and node.name in ("yes", "no", "done", "open"):
            hint = f'texts stand in quotes: "{node.name}"'
        _fail(node, "unknown-fact", f"`{node.name}`", f"a fact about {about} or a parameter", hint)

    def negative(self, node: s.Negative) -> s.Expr:
        operand = _numeric(self.visit(node.operand))
        return replace(node, operand=operand, type=operand.type)

    def negation(self, node: s.Not) -> s.Expr:
        return replace(node, operand=_truth(self.visit(node.operand)), type=TRUTH)

    def known(self, node: s.Known) -> s.Expr:
        return replace(node, operand=self.visit(node.operand), type=TRUTH)

    def logic(self, node: s.Logic) -> s.Expr:
        operands = tuple(_truth(self.visit(part)) for part in node.operands)
        return replace(node, operands=operands, type=TRUTH)

    def add(self, node: s.Binary) -> s.Expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if left.type.kind == "date" or right.type.kind == "date":
            return self._step(node, left, right)
        left, right, kind = _same(_numeric(left), _numeric(right))
        return replace(node, left=left, right=right, type=kind)

    def _step(self, node: s.Binary, left: s.Expr, right: s.Expr) -> s.Expr:
        if left.type.kind == right.type.kind == "date" and isinstance(node, s.Subtract):
            return replace(node, left=left, right=right, type=DAYS)
        if left.type.kind != "date" and isinstance(node, s.Add):
            left, right = right, left
        steps = right.type.kind == "quantity" and right.type.unit in ("day", "working day", "month")
        if left.type.kind != "date" or not steps:
            found = f"{left.type} and {right.type}"
            _fail(node, "type-mismatch", found, "a date and days, working days or months", "")
        return replace(node, left=left, right=right, type=DATE)

    def multiply(self, node: s.Binary) -> s.Expr:
        left, right = _numeric(self.visit(node.left)), _numeric(self.visit(node.right))
        if left.type.kind == "number":
            percent = left.type.percent and right.type.percent
            kind = replace(right.type, percent=percent).inexact()
        elif right.type.kind == "number":
            kind = left.type.inexact()
        else:
            _fail(node, "type-mismatch", f"{left.type} times {right.type}", "a number on one side", "")
        return replace(node, left=left, right=right, type=kind)

    def divide(self, node: s.Binary) -> s.Expr:
        left, right = _numeric(self.visit(node.left)), _numeric(self.visit(node.right))
        if right.type.kind == "number" and left.type.kind != "number":
            return replace(node, left=left, right=right, type=left.type.inexact())
        left, right, _ = _same(left, right)
        return replace(node, left=left, right=right, type=PERCENT)

    def otherwise(self, node: s.Else) -> s.Expr:
        left, right, kind = _same(self.visit(node.left), self.visit(node.right))
        return replace(node, left=left, right=right, type=kind)

    def comparison(self, node: s.Comparison) -> s.Expr:
        left, right, kind = _same(self.visit(node.left), self.visit(node.right))
        if not isinstance(node, (s.Equal, s.NotEqual)) and not kind.ordered:
            hint = "compare with `is` or `in`" if kind.kind == "text" else ""
            _fail(node, "type-mismatch", str(kind), "numbers or dates, which have an order", hint)
        return replace(node, left=left, right=right, type=TRUTH)

    def between(self, node: s.Between) -> s.Expr:
        (operand, low, high), kind = _alike(
            [self.visit(part) for part in (node.operand, node.low, node.high)]
        )
        if not kind.ordered:
            _fail(node, "type-mismatch", str(kind), "numbers or dates, which have an order", "")
        return replace(node, operand=operand, low=low, high=high, type=TRUTH)

    def membership(self, node: s.In) -> s.Expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(right, s.Choices):
            right = replace(right, items=tuple(_literal(_same(left, item)[1]) for item in right.items))
        elif right.type.kind != "texts" or left.type.kind != "text":
            expected = 'a list such as ["a", "b"] or a fact of several texts'
            _fail(node.right, "type-mismatch", str(right.type), expected, "")
        return replace(node, left=left, right=right, type=TRUTH)

    def call(self, node: s.Call) -> s.Expr:
        arguments = tuple(self.visit(part) for part in node.arguments)
        fewest, most = {"abs": (1, 1), "working_days": (2, 2)}.get(node.function, (2, 64))
        if not fewest <= len(arguments) <= most:
            expected = f"{fewest}" if fewest == most else f"at least {fewest}"
            hint = f"of a collection: `{node.function}(fact of collection)`" if most > 2 else ""
            found = f"{len(arguments)} values for {node.function}"
            _fail(node, "wrong-number-of-values", found, expected, hint)
        if node.function == "working_days":
            for part in arguments:
                _expect(part, "date", "a date")
            return replace(node, arguments=arguments, type=Type("quantity", "working day"))
        arguments, kind = _alike(arguments)
        if not kind.ordered or (node.function == "abs" and not kind.numeric):
            _fail(node, "type-mismatch", str(kind), "numbers or dates, which have an order", "")
        return replace(node, arguments=arguments, type=kind)

    def aggregate(self, node: s.Aggregate) -> s.Expr:
        collection = self.visit(node.collection)
        if collection.type.kind != "collection":
            _fail(node.collection, "type-mismatch", str(collection.type), "a collection", "")
        inside = replace(self, scope=(*self.scope, collection.type.item))
        where = _truth(inside.visit(node.where)) if node.where else None
        value = inside.visit(node.value) if node.value else None
        kind = _aggregated(node, value, where)
        assert isinstance(collection, s.Name)
        return replace(node, collection=collection, value=value, where=where, type=kind)


_VISITORS: dict[type[s.Expr], Callable[..., s.Expr]] = {
    s.Literal: _Checker.literal,
    s.Choices: _Checker.choices,
    s.Name: _Checker.name,
    s.Negative: _Checker.negative,
    s.Not: _Checker.negation,
    s.Known: _Checker.known,
    s.And: _Checker.logic,
    s.Or: _Checker.logic,
    s.Add: _Checker.add,
    s.Subtract: _Checker.add,
    s.Multiply: _Checker.multiply,
    s.Divide: _Checker.divide,
    s.Else: _Checker.otherwise,
    s.Above: _Checker.comparison,
    s.Below: _Checker.comparison,
    s.AtLeast: _Checker.comparison,
    s.AtMost: _Checker.comparison,
    s.Equal: _Checker.comparison,
    s.NotEqual: _Checker.comparison,
    s.Between: _Checker.between,
    s.In: _Checker.membership,
    s.Call: _Checker.call,
    s.Aggregate: _Checker.aggregate,
}


def _type_of_unit(name: str) -> Type:
    """The type of a number written with this unit, once it is expressed in the base unit of the table."""
    if not name:
        return NUMBER
    unit = unit_named(name)
    if unit.dimension == "money":
        return MONEY if unit.name == "money" else Type("money", unit.name)
    if name in BUILT_IN:
        if unit.dimension:
            return Type("quantity", unit.dimension)
        return PERCENT if unit.name == "%" else NUMBER
    return Type("quantity", unit.name)


def _same(left: s.Expr, right: s.Expr) -> tuple[s.Expr, s.Expr, Type]:
    """Bring two operands to one type and unit, or say why that cannot be."""
    a, b = left.type, right.type
    if a.kind == "own" and b.kind != "own" and constant(right):
        return left, _as_own(right), a
    if b.kind == "own" and a.kind != "own" and constant(left):
        return _as_own(left), right, b
    if a.kind != b.kind:
        _mismatch(left, right)
    if a.kind == "quantity" and a.unit != b.unit:
        return left, _converted(right, left), a
    if a.kind == "money":
        return left, right, replace(a, unit="", exact=a.exact and b.exact)
    if a.kind == "number":
        return left, right, replace(a, percent=a.percent or b.percent)
    if a.kind == "text":
        _check_choice(left, right)
        _check_choice(right, left)
    if a.kind in ("collection", "texts"):
        hint = '`"…" in fact` looks among several texts' if a.kind == "texts" else ""
        _fail(right, "type-mismatch", str(a), "single values", hint)
    return left, right, a


def _alike(parts: Sequence[s.Expr]) -> tuple[tuple[s.Expr, ...], Type]:
    """Bring several operands to the type and unit of the first; of a literal first, to the KPI's if there is one."""
    first = parts[0]
    for part in parts[1:]:
        first = _same(first, part)[0]
    kind, rest = first.type, []
    for part in parts[1:]:
        _, same, both = _same(first, part)
        rest.append(same)
        kind = replace(both, percent=kind.percent or both.percent, exact=kind.exact and both.exact)
    return (first, *rest), kind


def _as_own(node: s.Expr) -> s.Expr:
    assert isinstance(node, s.Literal)
    if not node.type.numeric:
        _fail(node, "type-mismatch", str(node.type), str(OWN), "")
    return replace(node, type=Type("own", unit_named(node.unit or "count").name))


def _converted(node: s.Expr, to: s.Expr) -> s.Expr:
    unit, target = unit_named(node.type.unit), unit_named(to.type.unit)
    if unit.dimension != target.dimension:
        hint = (
            did_you_mean(unit.name, [*BUILT_IN, target.name]) if unit.dimension.startswith("label ") else ""
        )
        _fail(node, "unit-mismatch", str(node.type), str(to.type), hint)
    if isinstance(node, s.Literal):
        assert isinstance(node.value, Decimal)
        return replace(node, value=convert(node.value, unit, target), unit=target.name, type=to.type)
    ratio = unit.factor / target.factor
    return _scaled(node, ratio.numerator, ratio.denominator, to.type)


def _scaled(node: s.Expr, numerator: int, denominator: int, kind: Type) -> s.Expr:
    where = {"start": node.start, "end": node.end}
    if numerator != 1:
        node = s.Multiply(node, s.Literal(Decimal(numerator), type=NUMBER, **where), type=kind, **where)  # type: ignore[arg-type]
    if denominator != 1:
        node = s.Divide(node, s.Literal(Decimal(denominator), type=NUMBER, **where), type=kind, **where)  # type: ignore[arg-type]
    return node


def _check_choice(fact: s.Expr, written: s.Expr) -> None:
    if fact.type.choices and isinstance(written, s.Literal) and written.value not in fact.type.choices:
        known = ", ".join(f'"{choice}"' for choice in fact.type.choices)
        hint = did_you_mean(str(written.value), fact.type.choices)
        _fail(written, "unknown-choice", f'"{written.value}"', f"one of {known}", hint)


def _mismatch(left: s.Expr, right: s.Expr) -> NoReturn:
    a, b = left.type, right.type
    bare = next((x for x in (right, left) if isinstance(x, s.Literal) and x.type == NUMBER), None)
    other = a if bare is right else b
    if bare is not None and other.kind in ("quantity", "money"):
        unit = str(other) if other.kind == "quantity" else "money"
        hint = f"write `{bare.value} {unit.removeprefix('a quantity in ')}`"
        _fail(bare, "unit-mismatch", f"the bare number {bare.value}", str(other), hint)
    if a.numeric and b.numeric:
        _fail(right, "unit-mismatch", str(b), str(a), "")
    unquoted = isinstance(right, s.Name) and a.kind == "text"
    hint = f'texts stand in quotes: "{right.name}"' if isinstance(right, s.Name) and unquoted else ""
    _fail(right, "type-mismatch", str(b), str(a), hint)


def _expect(node: s.Expr, kind: str, expected: str) -> s.Expr:
    if node.type.kind != kind:
        _fail(node, "type-mismatch", str(node.type), expected, "")
    return node


def _fail(node: s.Expr, code: str, found: str, expected: str, hint: str) -> NoReturn:
    raise ExpressionError(code, found, expected, start=node.start, end=node.end, hint=hint)


def _aggregated(node: s.Aggregate, value: s.Expr | None, where: s.Expr | None) -> Type:
    name = node.function
    if name == "count":
        if value is not None:
            _fail(node, "wrong-number-of-values", "a value to count", "count(collection where …)", "")
        return NUMBER
    if name in ("share", "any", "all"):
        if value is None and where is None:
            _fail(node, "wrong-number-of-values", "no condition", f"{name}(collection where …)", "")
        if value is not None:
            _truth(value)
        return PERCENT if name == "share" else TRUTH
    if value is None:
        _fail(node, "wrong-number-of-values", "no value", f"{name}(fact of collection)", "")
    kind = value.type
    if kind.kind == "own":
        hint = "`score` is on one scale for all KPIs"
        _fail(node, "unit-mismatch", "values in the units of different KPIs", "values of one unit", hint)
    if not (kind.numeric or (kind.kind == "date" and name in ("min", "max"))):
        _fail(
            node,
            "type-mismatch",
            str(kind),
            "numbers" if name in ("sum", "mean") else "numbers or dates",
            "",
        )
    return kind.inexact() if name == "mean" else kind


def _truth(node: s.Expr) -> s.Expr:
    return _expect(node, "truth", "a condition")


def _numeric(node: s.Expr) -> s.Expr:
    if not node.type.numeric:
        _fail(node, "type-mismatch", str(node.type), "a number", "")
    return node


def _literal(node: s.Expr) -> s.Literal:
    assert isinstance(node, s.Literal)
    return node

"""The type checker: resolves names, types and units of an expression before any data is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, NoReturn, Protocol

from coopgov.faults import NO_HINT, did_you_mean
from coopgov.hints import quantities
from coopgov.language import syntax as s
from coopgov.language.fold import fold
from coopgov.language.operands import alike, expect, fail, meaning, same, scaled, type_of_unit
from coopgov.language.printer import to_text
from coopgov.language.tokens import code, write
from coopgov.language.types import DATE, DAYS, NUMBER, PERCENT, TEXT, TRUTH, Type
from coopgov.language.units import BUILT_IN, unit_after
from coopgov.locales import all_of, listed, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Vocabulary", "check"]


class Vocabulary(Protocol):
    """What the checker needs to know: which facts exist, and how subjects are related."""

    def type_of(self, about: str, name: str) -> Type | None:
        """Return the type of a fact, or None if there is no fact of that name."""

    def names(self, about: str) -> Iterable[str]:
        """The names of all facts about a type of subject."""

    def called(self, about: str) -> Mapping[str, str]:
        """The names of facts about a type of subject, by what people call them."""

    def parents(self, about: str) -> tuple[str, ...]:
        """The types of subject that a subject of this type belongs to, nearest first."""

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
        return replace(node, unit=unit_after(node.value, node.unit), type=type_of_unit(node.unit))

    def choices(self, node: s.Choices) -> s.Expr:
        items = tuple(_literal(self.literal(item)) for item in node.items)
        for item in items[1:]:
            same(items[0], item)
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
        return scaled(resolved, unit.factor.numerator, unit.factor.denominator, type_of_unit(kind.unit))

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
        expected = phrase("language.subject-in-reach", subjects=listed(sorted(reach)))
        fail(node, "unknown-subject", code(f"{node.owner}."), expected, did_you_mean(node.owner, reach))

    def _unknown_fact(self, node: s.Name, about: str) -> NoReturn:
        known = chain(self.vocabulary.names(about), self.parameters)
        written = write(*quantities(node.name)[:1])
        called = (
            {} if node.name.isascii() else self.vocabulary.called(about)
        )  # thousands of names, so only then
        hint = written or did_you_mean(node.name, known, called)
        for outer in (*self.scope[:-1], *self.vocabulary.parents(about)):
            if not node.owner and self.vocabulary.type_of(outer, node.name):
                hint = write(f"{outer}.{node.name}")
                break
        if not hint and node.name in ("yes", "no", "done", "open"):
            hint = write(f'"{node.name}"')
        fail(node, "unknown-fact", code(node.name), phrase("language.fact-or-parameter", about=about), hint)

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

    def add(self, node: s.Add | s.Subtract) -> s.Expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if left.type.kind == "date" or right.type.kind == "date":
            return self._step(node, left, right)
        left, right, kind = same(_numeric(left), _numeric(right))
        return replace(node, left=left, right=right, type=kind)

    def _step(self, node: s.Add | s.Subtract, left: s.Expr, right: s.Expr) -> s.Expr:
        if left.type.kind == right.type.kind == "date" and isinstance(node, s.Subtract):
            return replace(node, left=left, right=right, type=DAYS)
        if left.type.kind != "date" and isinstance(node, s.Add):
            left, right = right, left
        steps = right.type.kind == "quantity" and right.type.unit in ("day", "working day", "month")
        if left.type.kind != "date" or not steps:
            found = all_of([left.type.words, right.type.words])
            fail(node, "type-mismatch", found, phrase("language.date-and-step"))
        return replace(node, left=left, right=right, type=DATE)

    def multiply(self, node: s.Multiply) -> s.Expr:
        left, right = _numeric(self.visit(node.left)), _numeric(self.visit(node.right))
        if left.type.kind == "number":
            percent = left.type.percent and right.type.percent
            kind = replace(right.type, percent=percent).inexact()
        elif right.type.kind == "number":
            kind = left.type.inexact()
        else:
            found = phrase("language.times", left=left.type.words, right=right.type.words)
            fail(node, "type-mismatch", found, phrase("language.number-on-one-side"))
        return replace(node, left=left, right=right, type=kind)

    def divide(self, node: s.Divide) -> s.Expr:
        left, right = _numeric(self.visit(node.left)), _numeric(self.visit(node.right))
        if right.type.kind == "number" and left.type.kind != "number":
            return replace(node, left=left, right=right, type=left.type.inexact())
        if left.type.kind != right.type.kind and right.type.kind == "quantity" and left.type.kind == "money":
            unit = right.type.unit
            text = to_text(node.right)
            divisor = text if isinstance(node.right, s.Name) else f"({text})"
            hint = phrase("language.plain-number", spelling=f"({divisor} / 1 {unit})")
            fail(node.right, "unit-mismatch", right.type.words, left.type.words, hint)
        left, right, _ = same(left, right)
        return replace(node, left=left, right=right, type=PERCENT)

    def other_spelling(self, node: s.Else) -> s.Expr:
        left, right, kind = same(self.visit(node.left), self.visit(node.right))
        return replace(node, left=left, right=right, type=kind)

    def comparison(self, node: s.Comparison) -> s.Expr:
        left, right, kind = same(self.visit(node.left), self.visit(node.right))
        if not isinstance(node, (s.Equal, s.NotEqual)) and not kind.ordered:
            hint = phrase("language.compare-texts") if kind.kind == "text" else NO_HINT
            fail(node, "type-mismatch", kind.words, phrase("language.ordered"), hint)
        return replace(node, left=left, right=right, type=TRUTH)

    def between(self, node: s.Between) -> s.Expr:
        (operand, low, high), kind = alike([self.visit(part) for part in (node.operand, node.low, node.high)])
        if not kind.ordered:
            fail(node, "type-mismatch", kind.words, phrase("language.ordered"))
        return replace(node, operand=operand, low=low, high=high, type=TRUTH)

    def membership(self, node: s.In) -> s.Expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(right, s.Choices):
            right = replace(right, items=tuple(_literal(same(left, item)[1]) for item in right.items))
        elif right.type.kind != "texts" or left.type.kind != "text":
            fail(node.right, "type-mismatch", right.type.words, phrase("language.list-or-texts"))
        left = meaning(left, right.type)
        return replace(node, left=left, right=right, type=TRUTH)

    def call(self, node: s.Call) -> s.Expr:
        arguments = tuple(self.visit(part) for part in node.arguments)
        fewest, most = {"abs": (1, 1), "working_days": (2, 2), "known_if": (2, 2)}.get(node.function, (2, 64))
        if not fewest <= len(arguments) <= most:
            _wrong_number(node, fewest, most)
        if node.function == "working_days":
            for part in arguments:
                expect(part, DATE)
            return replace(node, arguments=arguments, type=Type("quantity", "working day"))
        if node.function == "known_if":
            _truth(arguments[1])
            kind = arguments[0].type
        else:
            arguments, kind = alike(arguments)
        if not kind.ordered or (node.function == "abs" and not kind.numeric):
            fail(node, "type-mismatch", kind.words, phrase("language.ordered"))
        return replace(node, arguments=arguments, type=kind)

    def aggregate(self, node: s.Aggregate) -> s.Expr:
        collection = self.visit(node.collection)
        if collection.type.kind != "collection":
            fail(node.collection, "type-mismatch", collection.type.words, phrase("language.collection"))
        inside = replace(self, scope=(*self.scope, collection.type.item))
        where = _truth(inside.visit(node.where)) if node.where else None
        value = inside.visit(node.value) if node.value else None
        kind = _aggregated(node, value, where)
        assert isinstance(collection, s.Name)
        return replace(node, collection=collection, value=value, where=where, type=kind)


_VISITORS: Mapping[type[s.Expr], Callable[..., s.Expr]] = s.by_class(
    literal=_Checker.literal,
    choices=_Checker.choices,
    name=_Checker.name,
    negative=_Checker.negative,
    not_=_Checker.negation,
    known=_Checker.known,
    and_=_Checker.logic,
    or_=_Checker.logic,
    add=_Checker.add,
    subtract=_Checker.add,
    multiply=_Checker.multiply,
    divide=_Checker.divide,
    else_=_Checker.other_spelling,
    above=_Checker.comparison,
    below=_Checker.comparison,
    at_least=_Checker.comparison,
    at_most=_Checker.comparison,
    equal=_Checker.comparison,
    not_equal=_Checker.comparison,
    between=_Checker.between,
    in_=_Checker.membership,
    call=_Checker.call,
    aggregate=_Checker.aggregate,
)


def _wrong_number(node: s.Call, fewest: int, most: int) -> NoReturn:
    """Report a function with more or fewer values than it takes."""
    function, given = node.function, len(node.arguments)
    counted = "language.one-value-for" if given == 1 else "language.values-for"
    found = phrase(counted, number=given, function=function)
    if fewest == most:
        fail(node, "wrong-number-of-values", found, phrase("language.values", number=fewest))
    expected = phrase("language.values-between", fewest=fewest, most=most)
    hint = "language.nested-call" if given > most else "language.call-of-collection"
    fail(node, "wrong-number-of-values", found, expected, phrase(hint, function=function))


def _aggregated(node: s.Aggregate, value: s.Expr | None, where: s.Expr | None) -> Type:
    name = node.function
    if name == "count":
        if value is not None:
            _wrong_values(node, "language.value-to-count", "language.with-condition")
        return NUMBER
    if name in ("share", "any", "all"):
        if value is None and where is None:
            _wrong_values(node, "language.no-condition", "language.with-condition")
        if value is not None:
            _truth(value)
        return PERCENT if name == "share" else TRUTH
    if value is None:
        _wrong_values(node, "language.no-value", "language.with-fact")
    kind = value.type
    if kind.kind == "own":
        found, expected = phrase("language.different-units"), phrase("language.one-unit")
        fail(node, "unit-mismatch", found, expected, phrase("language.score"))
    if not (kind.numeric or (kind.kind == "date" and name in ("min", "max"))):
        expected = phrase("language.numbers" if name in ("sum", "mean") else "language.numbers-or-dates")
        fail(node, "type-mismatch", kind.words, expected)
    return kind.inexact() if name == "mean" else kind


def _wrong_values(node: s.Aggregate, found: str, expected: str) -> NoReturn:
    """Report a function of a collection without its condition or value; the texts are given by their keys."""
    fail(node, "wrong-number-of-values", phrase(found), phrase(expected, function=node.function))


def _truth(node: s.Expr) -> s.Expr:
    return expect(node, TRUTH)


def _numeric(node: s.Expr) -> s.Expr:
    if not node.type.numeric:
        fail(node, "type-mismatch", node.type.words, NUMBER.words)
    return node


def _literal(node: s.Expr) -> s.Literal:
    assert isinstance(node, s.Literal)
    return node

"""Translate conditions into logic: the formulas that a checked condition means.

A condition has three outcomes, so it becomes three formulas: it holds, it fails, its value is known. Whether a fact is
present is a variable of its own. So logic stays two-valued, and a condition that is not true need not be false.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from coopgov.analysis.logic.evaluators import Evaluators
from coopgov.analysis.logic.formulas import (
    FALSE,
    TRUE,
    Formula,
    Lit,
    Texts,
    Variable,
    all_of,
    any_of,
    negated,
)
from coopgov.analysis.logic.intervals import EVERYTHING, Numbers, Span
from coopgov.analysis.logic.linear_terms import Sum, Terms, constant_of
from coopgov.analysis.logic.tolerances import SETS, Sides, sides_of
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.equivalent import OPPOSITE, alternatives, both_ends
from coopgov.language.units import unit_name

if TYPE_CHECKING:
    from coopgov.analysis.deadline import Deadline

__all__ = ["Meaning"]

_TRUTHS = Texts(frozenset({True, False}))
_YES, _NO = Texts(frozenset({True})), Texts(frozenset({False}))


def _about(variable: Variable, values: Numbers) -> Formula:
    """A literal about a number, unless its range alone decides it."""
    domain = variable.domain
    assert isinstance(domain, Numbers)
    possible = domain & values
    if variable.whole:
        domain, possible = domain.whole(), possible.whole()
    return FALSE if not possible.spans else TRUE if possible == domain else Lit(variable, values)


def _blurred(span: Span, blur: int) -> Span:
    """The range of a number minus a tolerance (-1) or plus it (1)."""
    if blur < 0:
        return Span(high=span.high, high_open=span.high_open)
    return Span(span.low, low_open=span.low_open) if blur else span


class Meaning:
    """Translates checked expressions about one type of subject into formulas."""

    def __init__(self, terms: Terms, deadline: Deadline) -> None:
        self.terms = terms
        self.deadline = deadline
        self.evaluators = Evaluators(terms.catalogue, terms.about)
        self._variables: dict[tuple[str, str], Variable] = {}
        self._written: dict[int, tuple[s.Expr, s.Expr]] = {}
        self._formulas: dict[tuple[int, bool], Formula] = {}
        self._known: dict[int, tuple[s.Expr, Formula]] = {}
        self._facts: dict[Variable, tuple[str, ...]] = {}
        self._comparisons: dict[int, tuple[s.Comparison, Sides]] = {}

    def holds(self, node: s.Expr) -> Formula:
        """The formula that a checked condition is true."""
        return self._lowered(node, wanted=True)

    def fails(self, node: s.Expr) -> Formula:
        """The formula that a checked condition is false, and neither unknown nor not set."""
        return self._lowered(node, wanted=False)

    def _lowered(self, node: s.Expr, *, wanted: bool) -> Formula:
        key = (id(node), wanted)
        if key not in self._formulas:
            if id(node) not in self._written:
                # keep the node, here and below, so that no other node gets its id while it is a key
                self._written[id(node)] = (node, self.terms.written_out(node))
            self._formulas[key] = self._outcome(self._written[id(node)][1], wanted=wanted)
        return self._formulas[key]

    def _outcome(self, node: s.Expr, *, wanted: bool) -> Formula:
        self.deadline.check()
        if isinstance(node, s.Logic):
            parts = (self._outcome(part, wanted=wanted) for part in node.operands)
            return all_of(parts) if isinstance(node, s.And) is wanted else any_of(parts)
        if isinstance(node, s.Not):
            return self._outcome(node.operand, wanted=not wanted)
        if isinstance(node, s.Known):
            return self.known(node.operand) if wanted else self._unknown(node.operand)
        if isinstance(node, s.Literal):
            return TRUE if node.value is wanted else FALSE
        if isinstance(node, s.Else):
            left, right = (self._outcome(part, wanted=wanted) for part in (node.left, node.right))
            return any_of((left, all_of((self._unknown(node.left), right))))
        if isinstance(node, s.Between):
            return self._outcome(both_ends(node), wanted=wanted)
        if isinstance(node, s.In) and isinstance(node.right, s.Choices):
            return self._outcome(alternatives(node.left, node.right), wanted=wanted)
        if isinstance(node, s.Comparison):
            return self._comparison(node, wanted=wanted)
        if isinstance(node, (s.Name, s.In, s.Call, s.Aggregate)):
            return self._truth(node, wanted=wanted)
        assert not isinstance(node, (s.Choices, s.Negative, s.Arithmetic))
        assert_never(node)

    def _truth(self, node: s.Expr, *, wanted: bool) -> Formula:
        """A truth-valued fact, or a condition that is treated as one variable: any, all, a text among several."""
        there = self.known(node) if isinstance(node, s.Name) else self._parts_known(node)
        return all_of((there, Lit(self._choice(node, _TRUTHS), _YES if wanted else _NO)))

    def _parts_known(self, node: s.Expr) -> Formula:
        if isinstance(node, s.In):
            return all_of((self.known(node.left), self.known(node.right)))
        return self._there(node)

    def _comparison(self, node: s.Comparison, *, wanted: bool) -> Formula:
        self.deadline.check()
        if node.left.type.kind == "truth":
            return self._same_truth(node, wanted=wanted is isinstance(node, s.Equal))
        for side in ("left", "right"):
            part = getattr(node, side)
            if isinstance(part, s.Else):
                return self._either(node, side, part, wanted=wanted)
        known = all_of((self.known(node.left), self.known(node.right)))
        if node.left.type.kind == "text":
            return all_of((known, self._same_text(node, wanted=wanted is isinstance(node, s.Equal))))
        uncertain = [side for side in ("left", "right") if _uncertain(getattr(node, side))]
        if not uncertain:
            return all_of((known, self._compared(node, wanted=wanted)))
        return all_of((known, self._bounded(node, uncertain, wanted=wanted)))

    def _either(self, node: s.Comparison, side: str, part: s.Else, *, wanted: bool) -> Formula:
        """A comparison with the value before `else` if that is known, and with the value after it otherwise."""
        known = self.known(part.left)
        first, second = (
            replace(node, left=each) if side == "left" else replace(node, right=each)
            for each in (part.left, part.right)
        )
        return any_of(
            (
                all_of((known, self._comparison(first, wanted=wanted))),
                all_of((self._unknown(part.left), self._comparison(second, wanted=wanted))),
            )
        )

    def _bounded(self, node: s.Comparison, sides: list[str], *, wanted: bool) -> Formula:
        """A comparison of uncertain counts or shares: its outcome is certain if all combinations of bounds agree."""
        corners = [node]
        for side in sides:
            corners = [
                replace(
                    each,
                    **{side: replace(getattr(node, side), function=f"{getattr(node, side).function} {end}")},
                )
                for each in corners
                for end in ("at least", "at most")
            ]
        return any_of(
            all_of(self._compared(kind(each.left, each.right), wanted=True) for each in corners)
            for kind in _sides(type(node), wanted=wanted)
        )

    def _compared(self, node: s.Comparison, *, wanted: bool) -> Formula:
        if id(node) not in self._comparisons:
            self._comparisons[id(node)] = (node, sides_of(self.terms, node))
        sides = self._comparisons[id(node)][1]
        values = SETS[sides.kind](sides.limit)
        if not sides.total.parts and not sides.blurred:
            return TRUE if (Fraction(0) in values) is wanted else FALSE
        if sides.blurred:
            return self._blurred(sides, sides.kind if wanted else OPPOSITE[sides.kind])
        return _about(self._number(sides), values if wanted else ~values)

    def _blurred(self, sides: Sides, kind: type[s.Comparison]) -> Formula:
        """A comparison with an unbounded tolerance: of the difference minus the tolerance, and plus it."""
        if kind is s.Equal:
            return all_of(self._blurred(sides, each) for each in (s.AtLeast, s.AtMost))
        if kind is s.NotEqual:
            return any_of(self._blurred(sides, each) for each in (s.Above, s.Below))
        less, more = (self._number(sides, blur=blur) for blur in (-1, 1))
        values = SETS[kind](sides.limit)
        asked = {s.AtMost: (less,), s.AtLeast: (more,)}.get(kind, (less, more))
        return all_of(_about(each, values) for each in asked)

    def _number(self, sides: Sides, blur: int = 0) -> Variable:
        """The variable of the number that a comparison is about."""
        key = sides.key + {-1: " less the tolerance", 0: "", 1: " with the tolerance"}[blur]
        if ("number", key) not in self._variables:
            reach = self.terms.reach_of(sides.total)
            node = sides.total.parts[0][0] if sides.total.single and not blur else None
            span, whole = _blurred(reach.span, blur), reach.whole and not blur and not sides.noisy
            span = EVERYTHING if sides.noisy else span
            self._variables["number", key] = Variable(
                kind="number",
                key=key,
                domain=Numbers.of([span]),
                whole=whole,
                total=sides.total,
                node=node,
                blur=blur,
                sides=sides.key,
                right=sides.right,
                noisy=sides.noisy,
            )
        return self._variables["number", key]

    def compared(self, node: s.Comparison) -> Variable | None:
        """The number that a checked comparison is about; None if it compares constants."""
        left, right = (self.terms.written_out(part) for part in (node.left, node.right))
        sides = sides_of(self.terms, replace(node, left=left, right=right))
        return self._number(sides, blur=-1 if sides.blurred else 0) if sides.total.parts else None

    def known_of(self, node: s.Comparison) -> Formula:
        """The formula that both sides of a checked comparison have values."""
        return all_of(self.known(self.terms.written_out(part)) for part in (node.left, node.right))

    def number(self, total: Sum) -> Variable:
        """The variable of a sum of quantities."""
        key = " + ".join(f"{factor} * ({to_text(node)})" for node, factor in total.parts)
        return self._number(Sides(s.Equal, key, total, Fraction(0)))

    def variable(self, node: s.Expr) -> Variable:
        """The variable of one quantity."""
        return self.number(Sum(((node, Fraction(1)),)))

    def facts_of(self, variable: Variable) -> tuple[str, ...]:
        """The facts and collections that a variable reads, with repetitions."""
        if variable not in self._facts:
            nodes = [node for node, _ in variable.total.parts] if variable.total else [variable.node]
            parts = (part for node in nodes if node is not None for part in s.walk(node))
            names = tuple(f"{part.owner}.{part.name}" for part in parts if isinstance(part, s.Name))
            self._facts[variable] = (variable.key,) if None in nodes else names
        return self._facts[variable]

    def _choice(self, node: s.Expr, domain: Texts) -> Variable:
        key = to_text(node)
        return self._variables.setdefault(
            ("choice", key), Variable(kind="choice", key=key, domain=domain, node=node)
        )

    def _there(self, node: s.Expr) -> Formula:
        key = to_text(node)
        variable = Variable(kind="presence", key=key, domain=_TRUTHS, node=node)
        return Lit(self._variables.setdefault(("presence", key), variable), _YES)

    def _same_truth(self, node: s.Comparison, *, wanted: bool) -> Formula:
        return any_of(
            all_of((self._outcome(node.left, wanted=a), self._outcome(node.right, wanted=a is wanted)))
            for a in (True, False)
        )

    def _same_text(self, node: s.Comparison, *, wanted: bool) -> Formula:
        left, right = node.left, node.right
        if isinstance(left, s.Literal):
            left, right = right, left
        if isinstance(left, s.Literal) and isinstance(right, s.Literal):
            return TRUE if (left.value == right.value) is wanted else FALSE
        if not isinstance(right, s.Literal):
            both = s.Equal(*sorted((left, right), key=to_text))
            return Lit(self._choice(both, _TRUTHS), _YES if wanted else _NO)
        choices = left.type.choices
        domain = Texts(frozenset(choices)) if choices else Texts(others=True)
        values = Texts(frozenset({right.value}))
        return Lit(self._choice(left, domain), values if wanted else ~values)

    def known(self, node: s.Expr) -> Formula:
        """The formula that a written-out expression has a value."""
        if id(node) not in self._known:
            self._known[id(node)] = (node, self._has_value(node))
        return self._known[id(node)][1]

    def _has_value(self, node: s.Expr) -> Formula:
        if isinstance(node, s.Literal):
            return self._known_literal(node)
        if isinstance(node, (s.Name, s.Aggregate)):
            return self._there(node) if not isinstance(node, s.Name) or node.about else TRUE
        if node.type.kind == "truth":
            return any_of(self._outcome(node, wanted=wanted) for wanted in (True, False))
        if isinstance(node, s.Else):
            return any_of((self.known(node.left), self.known(node.right)))
        if isinstance(node, s.Call) and node.function == "known_if":
            value, condition = node.arguments
            return all_of((self.known(value), self._outcome(condition, wanted=True)))
        if isinstance(node, (s.Negative, s.Arithmetic, s.Call)):
            parts = [self.known(part) for part in s.children(node)]
            if isinstance(node, s.Divide):
                parts.append(self._compared(s.NotEqual(node.right, _ZERO), wanted=True))
            return all_of(parts)
        assert not isinstance(node, (s.Condition, s.Choices))
        assert_never(node)

    def _unknown(self, node: s.Expr) -> Formula:
        """The formula that a written-out expression has no value, for instance because it is out of range."""
        known = negated(self.known(node))
        return any_of((known, Lit(self._choice(node, _TRUTHS), _NO))) if self._overflows(node) else known

    def _overflows(self, node: s.Expr) -> bool:
        """Whether arithmetic can leave the range of numbers or of years."""
        parts = [
            part for part in s.walk(node) if isinstance(part, (s.Binary, s.Aggregate)) and part.type.ordered
        ]
        for part in parts:
            span = self.terms.reach(part).span
            bounded = span.low is not None and span.high is not None
            if not isinstance(part, s.Else) and (part.type.kind == "date" or not bounded):
                return True
        return False

    def _known_literal(self, node: s.Literal) -> Formula:
        """The formula that a literal is known: an amount in the agreement's currency, a KPI's value in its unit."""
        if node.type.kind == "own":
            unit = unit_name(node.type.unit or "count")
            return Lit(Variable(kind="unit", key="unit", domain=Texts(others=True)), Texts(frozenset({unit})))
        if node.type.kind == "money" and node.type.unit:
            return Lit(
                Variable(kind="currency", key="currency", domain=Texts(others=True)),
                Texts(frozenset({node.type.unit})),
            )
        return TRUE


_ZERO = s.Literal(Decimal(0))


def _uncertain(node: s.Expr) -> bool:
    """Whether a count or share may be uncertain, known only between two bounds."""
    if not isinstance(node, s.Aggregate) or constant_of(node) is not None:
        return False
    return node.function == "share" or (node.function == "count" and node.where is not None)


def _sides(kind: type[s.Comparison], *, wanted: bool) -> tuple[type[s.Comparison], ...]:
    """The comparisons one of which must hold for both bounds, for the whole comparison to have the wanted outcome."""
    if kind in (s.Equal, s.NotEqual):
        return (s.Equal,) if wanted is (kind is s.Equal) else (s.Above, s.Below)
    return (kind,) if wanted else (OPPOSITE[kind],)

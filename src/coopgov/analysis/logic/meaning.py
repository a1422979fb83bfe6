"""Conditions as logic: what a checked condition means, as a formula.

A condition has three outcomes, so it becomes three formulas: where it holds, where it fails, and where a value is known.
Whether a fact is there is a variable of its own. Logic stays two-valued, and what is not true need not be false.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

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
from coopgov.analysis.logic.intervals import Numbers, Span, at, snapped
from coopgov.analysis.logic.readings import Readings
from coopgov.analysis.logic.terms import Sum, Terms, constant_of
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.units import unit_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Meaning"]

_TRUTHS = Texts(frozenset({True, False}))
_YES, _NO = Texts(frozenset({True})), Texts(frozenset({False}))
_SETS: Mapping[type[s.Comparison], Callable[[Fraction], Numbers]] = {
    s.Above: lambda t: Numbers((Span(t, None, low_open=True),)),
    s.Below: lambda t: Numbers((Span(None, t, high_open=True),)),
    s.AtLeast: lambda t: Numbers((Span(t),)),
    s.AtMost: lambda t: Numbers((Span(None, t),)),
    s.Equal: lambda t: Numbers((at(t),)),
    s.NotEqual: lambda t: ~Numbers((at(t),)),
}


def _about(variable: Variable, values: Numbers) -> Formula:
    """A literal about a number, unless its range alone decides it."""
    domain = variable.domain
    assert isinstance(domain, Numbers)
    possible = domain & values
    if variable.whole:
        domain, possible = domain.whole(), possible.whole()
    return FALSE if not possible.spans else TRUE if possible == domain else Lit(variable, values)


class Meaning:
    """Lowers checked expressions about one type of subject to formulas."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.readings = Readings(terms.catalogue, terms.about)
        self._variables: dict[tuple[str, str], Variable] = {}
        self._written: dict[int, tuple[s.Expr, s.Expr]] = {}
        self._formulas: dict[tuple[int, bool], Formula] = {}
        self._known: dict[int, tuple[s.Expr, Formula]] = {}
        self._facts: dict[Variable, tuple[str, ...]] = {}
        self._comparisons: dict[int, tuple[s.Comparison, Variable | None, Numbers]] = {}

    def holds(self, node: s.Expr) -> Formula:
        """Where a checked condition is true."""
        return self._lowered(node, wanted=True)

    def fails(self, node: s.Expr) -> Formula:
        """Where a checked condition is false: not where it is unknown or not set."""
        return self._lowered(node, wanted=False)

    def _lowered(self, node: s.Expr, *, wanted: bool) -> Formula:
        key = (id(node), wanted)
        if key not in self._formulas:
            if id(node) not in self._written:
                # the node is kept, here and below, so that no other can have its identity
                self._written[id(node)] = (node, self.terms.written_out(node))
            self._formulas[key] = self._outcome(self._written[id(node)][1], wanted=wanted)
        return self._formulas[key]

    def _outcome(self, node: s.Expr, *, wanted: bool) -> Formula:
        if isinstance(node, s.Logic):
            parts = (self._outcome(part, wanted=wanted) for part in node.operands)
            return all_of(parts) if isinstance(node, s.And) is wanted else any_of(parts)
        if isinstance(node, s.Not):
            return self._outcome(node.operand, wanted=not wanted)
        if isinstance(node, s.Known):
            known = self.known(node.operand)
            return known if wanted else negated(known)
        if isinstance(node, s.Literal):
            return TRUE if node.value is wanted else FALSE
        if isinstance(node, s.Else):
            left, right = (self._outcome(part, wanted=wanted) for part in (node.left, node.right))
            return any_of((left, all_of((negated(self.known(node.left)), right))))
        if isinstance(node, s.Between):
            ends = (s.AtLeast(node.operand, node.low), s.AtMost(node.operand, node.high))
            return self._outcome(s.And(ends), wanted=wanted)
        if isinstance(node, s.In) and isinstance(node.right, s.Choices):
            options = tuple(s.Equal(node.left, item) for item in node.right.items)
            return self._outcome(s.Or(options), wanted=wanted)
        if isinstance(node, s.Comparison):
            return self._comparison(node, wanted=wanted)
        return self._truth(node, wanted=wanted)

    def _truth(self, node: s.Expr, *, wanted: bool) -> Formula:
        """A fact that is a truth, or a condition that is one variable to us: any, all, a text among several."""
        there = self.known(node) if isinstance(node, s.Name) else self._parts_known(node)
        return all_of((there, Lit(self._choice(node, _TRUTHS), _YES if wanted else _NO)))

    def _parts_known(self, node: s.Expr) -> Formula:
        if isinstance(node, s.In):
            return all_of((self.known(node.left), self.known(node.right)))
        return self._there(node)

    def _comparison(self, node: s.Comparison, *, wanted: bool) -> Formula:
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
        """A comparison with what stands before `else` where that is known, and with what stands behind it elsewhere."""
        known = self.known(part.left)
        first, second = (
            replace(node, left=each) if side == "left" else replace(node, right=each)
            for each in (part.left, part.right)
        )
        return any_of(
            (
                all_of((known, self._comparison(first, wanted=wanted))),
                all_of((negated(known), self._comparison(second, wanted=wanted))),
            )
        )

    def _bounded(self, node: s.Comparison, sides: list[str], *, wanted: bool) -> Formula:
        """A count or share with two bounds decides a comparison where both do, and on one side of what it is not."""
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
            self._comparisons[id(node)] = (node, *self._limited(node))
        _, variable, values = self._comparisons[id(node)]
        if variable is None:
            return TRUE if (Fraction(0) in values) is wanted else FALSE
        return _about(variable, values if wanted else ~values)

    def _limited(self, node: s.Comparison) -> tuple[Variable | None, Numbers]:
        """The number that a comparison is about, and for which values it is true; None and 0 where it compares constants."""
        left, right = self.terms.sum_of(node.left), self.terms.sum_of(node.right)
        difference = left + right.scaled(Fraction(-1))
        if not difference.parts:
            return None, _SETS[type(node)](snapped(-difference.constant))
        factor = difference.parts[0][1]
        limit = snapped(-difference.constant / factor)
        values = _SETS[type(node)](limit)
        if factor < 0:
            values = Numbers.of(-span for span in _SETS[type(node)](-limit).spans)
        return self.number(Sum(difference.parts).scaled(1 / factor)), values

    def compared(self, node: s.Comparison) -> Variable | None:
        """The number that a checked comparison is about; None where it compares constants."""
        return self._limited(
            replace(node, left=self.terms.written_out(node.left), right=self.terms.written_out(node.right))
        )[0]

    def known_of(self, node: s.Comparison) -> Formula:
        """Where both sides of a checked comparison have values."""
        return all_of(self.known(self.terms.written_out(part)) for part in (node.left, node.right))

    def number(self, total: Sum) -> Variable:
        """The variable of a sum of quantities."""
        text = " + ".join(f"{factor} * ({to_text(node)})" for node, factor in total.parts)
        if ("number", text) not in self._variables:
            reach = self.terms.reach_of(total)
            node = total.parts[0][0] if len(total.parts) == 1 else None
            domain = Numbers.of([reach.span])
            self._variables["number", text] = Variable("number", text, domain, reach.whole, total, node)
        return self._variables["number", text]

    def variable(self, node: s.Expr) -> Variable:
        """The variable of one quantity."""
        return self.number(Sum(((node, Fraction(1)),)))

    def facts_of(self, variable: Variable) -> tuple[str, ...]:
        """The facts and collections that a variable reads, each as often as it stands there."""
        if variable not in self._facts:
            nodes = [node for node, _ in variable.total.parts] if variable.total else [variable.node]
            parts = (part for node in nodes if node is not None for part in s.walk(node))
            names = tuple(f"{part.owner}.{part.name}" for part in parts if isinstance(part, s.Name))
            self._facts[variable] = (variable.key,) if None in nodes else names
        return self._facts[variable]

    def _choice(self, node: s.Expr, domain: Texts) -> Variable:
        key = to_text(node)
        return self._variables.setdefault(("choice", key), Variable("choice", key, domain, node=node))

    def _there(self, node: s.Expr) -> Formula:
        key = to_text(node)
        variable = Variable("presence", key, _TRUTHS, node=node)
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
        """Where an expression that was written out has a value."""
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
        parts = [self.known(part) for part in s.children(node)]
        if isinstance(node, s.Divide):
            parts.append(self._compared(s.NotEqual(node.right, _ZERO), wanted=True))
        return all_of(parts)

    def _known_literal(self, node: s.Literal) -> Formula:
        """An amount in a currency is known in an agreement of that currency, a KPI's value in a KPI of that unit."""
        if node.type.kind == "own":
            unit = unit_named(node.type.unit or "count").name
            return Lit(Variable("unit", "unit", Texts(others=True)), Texts(frozenset({unit})))
        if node.type.kind == "money" and node.type.unit:
            return Lit(
                Variable("currency", "currency", Texts(others=True)), Texts(frozenset({node.type.unit}))
            )
        return TRUE


_ZERO = s.Literal(Decimal(0))


def _uncertain(node: s.Expr) -> bool:
    """Whether a count or share may only be known to lie between bounds."""
    if not isinstance(node, s.Aggregate) or constant_of(node) is not None:
        return False
    return node.function == "share" or (node.function == "count" and node.where is not None)


def _sides(kind: type[s.Comparison], *, wanted: bool) -> tuple[type[s.Comparison], ...]:
    """The comparisons of which one must hold for both bounds, for another to come out as wanted."""
    if kind in (s.Equal, s.NotEqual):
        return (s.Equal,) if wanted is (kind is s.Equal) else (s.Above, s.Below)
    opposite: dict[type[s.Comparison], type[s.Comparison]] = {
        s.Above: s.AtMost,
        s.AtMost: s.Above,
        s.Below: s.AtLeast,
        s.AtLeast: s.Below,
    }
    return (kind,) if wanted else (opposite[kind],)

"""Decide conditions over several facts with the solver z3; only this module imports it.

Facts become variables: whole or real numbers, truth values, texts as positions in a list. Quantities that intervals
treat as one are written out. What z3 cannot express (months, working days, functions of collections) stays a variable
within its range, so "impossible" is always right, and "possible" is a guess that the engine must confirm.
"""

from __future__ import annotations

from fractions import Fraction
from threading import Timer
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.formulas import All as Every
from coopgov.analysis.logic.formulas import Formula, Lit, Texts
from coopgov.analysis.logic.intervals import Numbers, Span
from coopgov.analysis.logic.linear_terms import constant_of
from coopgov.analysis.logic.tolerances import noisy
from coopgov.language import syntax as s
from coopgov.language import to_text

if TYPE_CHECKING:
    from coopgov.analysis.logic.formulas import Variable
    from coopgov.analysis.logic.linear_terms import Sum
    from coopgov.analysis.logic.semantics import Meaning

__all__ = ["Solution", "solve"]

_TOLERANCE = Fraction(1, 10**12)
_LEAST = Fraction(1, 10**6)
"""A fact that is a number is 0 or at least so large: what is smaller than a millionth is no figure of an agreement."""
Solution = dict[tuple[str, str], Any]
"""Values by the kind and text of their variables."""


def solve(formula: Formula, meaning: Meaning, seconds: float) -> Solution | bool | None:
    """Values of facts that make a formula true; False if none do, None if that was not decided in time."""
    import z3

    writer = _Writer(z3, meaning)
    solver = z3.Solver()
    solver.set("timeout", max(1, int(seconds * 1000)))
    solver.set("random_seed", 0)
    solver.add(writer.formula(formula), *writer.ranges)
    interrupt = Timer(2 * seconds, solver.interrupt)  # z3 does not keep its own time limit in every theory
    interrupt.daemon = True
    interrupt.start()
    try:
        outcome = solver.check()
    finally:
        interrupt.cancel()
        interrupt.join()  # so that no thread outlives the question
    if outcome == z3.unsat:
        return False
    return writer.solution(solver.model()) if outcome == z3.sat else None


class _Writer:
    """Writes formulas for z3; `ranges` are constraints on its variables."""

    def __init__(self, z3: Any, meaning: Meaning) -> None:
        self.z3 = z3
        self.meaning = meaning
        self.terms = meaning.terms
        self.ranges: list[Any] = []
        self.texts: list[str] = []
        self.variables: dict[tuple[str, str], Any] = {}
        self.nodes: dict[tuple[str, str], s.Expr | None] = {}

    def formula(self, formula: Formula) -> Any:
        if isinstance(formula, Lit):
            return self._literal(formula)
        parts = [self.formula(part) for part in formula.parts]
        return self.z3.And(parts) if isinstance(formula, Every) else self.z3.Or(parts)

    def _literal(self, literal: Lit) -> Any:
        variable, values = literal.variable, literal.values
        if isinstance(values, Numbers):
            assert variable.total is not None
            return self._compared(variable, values)
        if isinstance(variable.domain, Texts) and variable.domain.named == {True, False}:
            truth = self._truth(variable)
            allowed = [value for value in (True, False) if not (values & Texts(frozenset({value}))).empty]
            return self.z3.Or([truth if value else self.z3.Not(truth) for value in allowed])
        return self._text(variable, values)

    def _compared(self, variable: Variable, values: Numbers) -> Any:
        """That the number of a comparison is among values, as the engine compares: with a tolerance."""
        assert variable.total is not None
        term = self._sum(variable.total)
        if variable.noisy:
            term = term + self._variable("noise", variable.sides, self.z3.Real, None)
        if variable.blur:
            return self._among(term + variable.blur * self._tolerance(variable), values)
        return self._among(term, Numbers.of(_tolerant(span) for span in values.spans))

    def _tolerance(self, variable: Variable) -> Any:
        """The tolerance of a comparison, of any size where it is not known what it grows with."""
        key = ("tolerance", variable.sides)
        if key not in self.variables:
            tolerance = self._variable(*key, self.z3.Real, None)
            self.ranges.append(tolerance >= 0)
            if variable.right is not None:
                right = self._sum(variable.right)
                size = self.z3.If(right < 0, -right, right)  # below 1 it is less than any figure either way
                self.ranges.append(tolerance == self._number(_TOLERANCE) * size)
        return self.variables[key]

    def _among(self, term: Any, values: Numbers) -> Any:
        z3, choices = self.z3, []
        for span in values.spans:
            ends = []
            if span.low is not None:
                low = self._number(span.low)
                ends.append(term > low if span.low_open else term >= low)
            if span.high is not None:
                high = self._number(span.high)
                ends.append(term < high if span.high_open else term <= high)
            choices.append(z3.And(ends))
        return z3.Or(choices)

    def _truth(self, variable: Variable) -> Any:
        return self._variable(variable.kind, variable.key, self.z3.Bool, variable.node)

    def _text(self, variable: Variable, values: Texts) -> Any:
        term = self._variable(variable.kind, variable.key, self.z3.Int, variable.node)
        domain = variable.domain
        assert isinstance(domain, Texts)
        if not domain.others:
            self.ranges.append(self.z3.Or([term == self._index(str(text)) for text in domain.named]))
        named = self.z3.Or([term == self._index(str(text)) for text in sorted(values.named, key=str)])
        return self.z3.Not(named) if values.others else named

    def _index(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def _variable(self, kind: str, key: str, sort: Any, node: s.Expr | None) -> Any:
        if (kind, key) not in self.variables:
            self.variables[kind, key] = sort(f"{kind} {key}")
            self.nodes[kind, key] = node
        return self.variables[kind, key]

    def _number(self, value: Fraction) -> Any:
        return self.z3.RealVal(f"{value.numerator}/{value.denominator}")

    def _sum(self, total: Sum) -> Any:
        parts = [self._number(factor) * self.term(node) for node, factor in total.parts]
        return self.z3.Sum([*parts, self._number(total.constant)])

    def term(self, node: s.Expr) -> Any:
        """A number as a z3 term."""
        constant = constant_of(node)
        if constant is not None:
            return self._number(constant)
        if isinstance(node, s.Negative):
            return -self.term(node.operand)
        if isinstance(node, s.Else):
            known = self.formula(self.meaning.known(node.left))
            return self.z3.If(known, self.term(node.left), self.term(node.right))
        if isinstance(node, s.Call) and node.function == "known_if":
            return self.term(node.arguments[0])
        if isinstance(node, s.Call) and node.function in ("min", "max", "abs"):
            return self._call(node)
        total = self.terms.sum_of(node)
        if not (total.parts and total.parts[0][0] is node):
            noise = (
                self._variable("noise", to_text(node), self.z3.Real, None) if noisy(self.terms, node) else 0
            )
            return self._sum(total) + noise
        if isinstance(node, (s.Multiply, s.Divide)):
            return self._product(node)
        return self._opaque(node)

    def _call(self, node: s.Call) -> Any:
        first, *rest = (self.term(part) for part in node.arguments)
        if node.function == "abs":
            return self.z3.If(first < 0, -first, first)
        for each in rest:
            first = self.z3.If(first < each if node.function == "min" else first > each, first, each)
        return first

    def _product(self, node: s.Multiply | s.Divide) -> Any:
        """A product; a quotient is a variable whose product with the divisor is the dividend."""
        left, right = self.term(node.left), self.term(node.right)
        if isinstance(node, s.Multiply):
            return left * right
        key = ("quotient", to_text(node))
        if key not in self.variables:
            quotient = self._variable(*key, self.z3.Real, None)
            self.ranges.append(self.z3.Implies(right != 0, quotient * right == left))
        return self.variables[key]

    def _opaque(self, node: s.Expr) -> Any:
        key = ("number", to_text(node))
        if key not in self.variables:
            reach = self.terms.reach(node)
            self._variable(*key, self.z3.Int if reach.whole else self.z3.Real, node)
            term = self._real(key)
            self.ranges.append(self._among(term, Numbers.of([reach.span])))
            if isinstance(node, s.Name) and not reach.whole:
                least = self._number(_LEAST)
                self.ranges.append(self.z3.Or(term == 0, term >= least, term <= -least))
        return self._real(key)

    def _real(self, key: tuple[str, str]) -> Any:
        term = self.variables[key]
        return self.z3.ToReal(term) if self.z3.is_int(term) else term

    def solution(self, model: Any) -> Solution:
        """The values of a z3 model, as far as it has them."""
        found: Solution = {}
        for (kind, key), variable in self.variables.items():
            value = model.eval(variable)
            if self.z3.is_true(value) or self.z3.is_false(value):
                found[kind, key] = self.z3.is_true(value)
            elif kind not in ("noise", "tolerance") and (
                self.z3.is_int_value(value) or self.z3.is_rational_value(value)
            ):
                number = (
                    Fraction(value.as_fraction())
                    if kind in ("number", "quotient") and not self.z3.is_int_value(value)
                    else Fraction(value.as_long())
                )
                found[kind, key] = number if kind in ("number", "quotient") else self._named(number)
        return found

    def _named(self, number: Fraction) -> str:
        return self.texts[int(number)] if 0 <= number < len(self.texts) else "something else"


def _tolerant(span: Span) -> Span:
    """The numbers that the engine takes for those of an interval.

    An end that belongs to the interval moves outwards by the tolerance of comparisons, any other end inwards.
    """
    return Span(
        None if span.low is None else _moved(span.low, up=span.low_open),
        None if span.high is None else _moved(span.high, up=not span.high_open),
        span.low_open,
        span.high_open,
    )


def _moved(limit: Fraction, *, up: bool) -> Fraction:
    far = _TOLERANCE * max(Fraction(1), abs(limit))
    return limit + far if up else limit - far

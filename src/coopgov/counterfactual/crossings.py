"""Finds where the outcome of a condition can change when one fact changes and everything else stays the same.

The solver walks the condition, through formulas and into collections, and solves every comparison for the fact:

- Numbers and dates become ratios of polynomials in the fact (`rational_forms`), one for each branch that `min`, `max`,
  `abs` and `else` may take. The comparison can change where the difference of its sides is 0 or has no value.
- Where steps make that impossible (working days, months, extremes over a filter that reads the fact), the interpreter
  tries values further and further away, and `bisection` finds the change: exactly, if the outcome is monotonic.
- Texts and truth values are compared with few others, and these are the candidates.

The results are candidates, since a branch may never be taken; callers evaluate the condition at each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import neg
from typing import TYPE_CHECKING, Any

from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.rational_forms import Former
from coopgov.counterfactual.variable import as_value
from coopgov.language import syntax as s
from coopgov.language.residual import Residual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.counterfactual.polynomial_ratio import Ratio
    from coopgov.counterfactual.variable import Point, Variable
    from coopgov.language.interpreter import Interpreter, Records

__all__ = ["crossings", "solved"]


def crossings(
    conditions: Iterable[s.Expr], records: Records, variable: Variable, interpreter: Interpreter
) -> tuple[Point, ...]:
    """Return the values of one fact at which the outcome of conditions can change, everything else staying the same.

    Args:
        conditions: checked conditions.
        records: the subjects in scope, nearest last; usually the one record of a subject.
        variable: the fact that may change.
        interpreter: evaluates the conditions on the present facts.

    Returns:
        Numbers and days in order, then texts and truth values; empty if the fact makes no difference. They are
        candidates, and the change is at or next to a candidate that the fact's step cannot express: see
        `coopgov.counterfactual.variable.around`.
    """
    return solved(conditions, records, Former(variable, interpreter))


def solved(conditions: Iterable[s.Expr], records: Records, former: Former) -> tuple[Point, ...]:
    """Return the crossings of the fact of a former, which may know the forms of other conditions already."""
    solver = _Solver(former)
    for condition in conditions:
        solver.visit(condition, records)
    return (*sorted(solver.numbers), *solver.others)


@dataclass(slots=True, eq=False)
class _Solver:
    former: Former
    numbers: set[Fraction] = field(default_factory=set)
    others: dict[Point, None] = field(default_factory=dict)
    _seen: set[tuple[int, ...]] = field(default_factory=set)

    @property
    def variable(self) -> Variable:
        return self.former.variable

    @property
    def interpreter(self) -> Interpreter:
        return self.former.interpreter

    def visit(self, node: s.Expr, records: Records) -> None:
        """Collect where a condition, or a condition inside a number, can change."""
        if not self.former.depends(node, records):
            return
        key = (id(node), *map(id, records))
        if key in self._seen:
            return
        self._seen.add(key)
        if isinstance(node, s.Name):
            self._name(node, records)
        elif isinstance(node, s.Aggregate):
            self._items(node, records)
        else:
            if isinstance(node, (s.Comparison, s.Between, s.In)):
                compare = self._compare if s.children(node)[0].type.ordered else self._choose
                compare(node, records)
            elif isinstance(node, s.Known):
                self._presence(node, records)
            for child in s.children(node):
                self.visit(child, records)

    def _name(self, node: s.Name, records: Records) -> None:
        if self.former.is_variable(node, records) and node.type.kind == "truth":
            self.others |= {False: None, True: None}
        record, definition = self.former.formula(node, records)
        if definition is not None:
            self.visit(definition, (record,))

    def _items(self, node: s.Aggregate, records: Records) -> None:
        """Visit the filter and the value of an aggregate for each item."""
        for item in self.former.moving_items(node, records):
            for part in node.of_items:
                self.visit(part, (*records, item))

    def _choose(self, node: s.Expr, records: Records) -> None:
        """Collect the texts of a comparison: those that the fact is compared with, and its other choices."""
        sides = tuple(s.children(node))
        for side in sides:
            if not (isinstance(side, s.Name) and self.former.is_variable(side, records)):
                continue
            others = [part for other in sides if other is not side for part in _parts(other)]
            values = [self.interpreter.value(part, *records) for part in others]
            if side.type.kind == "texts":
                self._members(value for value in values if isinstance(value, str))
            else:
                self._offer((*values, *side.type.choices))

    def _members(self, texts: Iterable[str]) -> None:
        """Collect, for a text that is looked up in the fact, the fact's list without it and with it."""
        present: Any = self.variable.near
        for text in texts:
            without = tuple(each for each in present if each != text)
            self._offer((without, (*without, text)))

    def _offer(self, values: Iterable[Any]) -> None:
        self.others |= {value: None for value in values if isinstance(value, (str, tuple))}

    def _presence(self, node: s.Known, records: Records) -> None:
        """Collect a value that makes an absent fact known: the nearest number, or each of its choices."""
        kind, near = self.variable.type, self.variable.near
        if isinstance(near, Fraction):
            self.numbers.add(near)
        elif kind.kind == "truth":
            self.others |= {False: None, True: None}
        else:
            self._offer(kind.choices)
        if node.operand.type.ordered:
            self._poles(self.former.forms(node.operand, records) or ())

    def _compare(self, node: s.Expr, records: Records) -> None:
        first, *rest = s.children(node)
        sides = [part for each in rest for part in _parts(each)]
        left = self.former.forms(first, records)
        for each in sides:
            right = self.former.forms(each, records)
            gaps = None if left is None or right is None else [a + b for b in map(neg, right) for a in left]
            # Beside the zeros, the poles: where a side has no value, the comparison is unknown.
            if gaps is not None and all(gap.solvable for gap in gaps):
                self.numbers |= {root for gap in gaps for root in gap.zeros()}
                self._poles(gaps)
            else:
                self._search(node, records)

    def _poles(self, forms: Iterable[Ratio]) -> None:
        self.numbers |= {root for each in forms for root in each.poles()}

    def _search(self, node: s.Expr, records: Records) -> None:
        residual = Residual([self.variable.fact], self.interpreter)
        place = residual.place(node, records)
        steps = residual.steps([place])

        def outcome(point: Fraction) -> object:
            return residual.evaluate([as_value(point)], steps)[place]

        self.numbers |= set(changes(self.variable, outcome))


def _parts(node: s.Expr) -> tuple[s.Expr, ...]:
    return node.items if isinstance(node, s.Choices) else (node,)

"""Where the outcome of a condition can change when one fact changes and everything else stays as it is.

The condition is walked, through formulas and into collections, and every comparison in it is solved for the fact:

- numbers and dates become ratios of polynomials in the fact (`analysis.forms`), one for each branch that `min`, `max`, `abs`
  and `else` may take, and the comparison can change where the difference of its two sides is 0 or has no value;
- where steps make that impossible (working days, months, sums over what a filter picks), the comparison is tried by the
  interpreter further and further away on both sides, and the change is closed in on: exact for what only rises or falls;
- texts and truth values are compared with few others, and these are the candidates.

What is returned are candidates: a branch may never be taken. Whoever uses them asks an engine what holds there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.rational_forms import Former
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.counterfactual.polynomial_ratio import Ratio
    from coopgov.counterfactual.variable import Point, Variable
    from coopgov.language.interpreter import Interpreter, Records

__all__ = ["crossings"]


def crossings(
    conditions: Iterable[s.Expr], records: Records, variable: Variable, interpreter: Interpreter
) -> tuple[Point, ...]:
    """The values of one fact at which the outcome of conditions can change, all else staying as it is.

    Args:
        conditions: checked conditions.
        records: the subjects in scope, nearest last; usually the one record of a subject.
        variable: the fact that may change.
        interpreter: what the conditions mean now.

    Returns:
        Numbers and days in their order, then texts and truth values; empty where the fact makes no difference. They are
        candidates, and where the fact's step is coarser than a number the change lies on one of its sides: see
        `analysis.variable.around`.
    """
    solver = _Solver(Former(variable, interpreter))
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
        """Note where a condition, or a condition inside a number, can change."""
        key = (id(node), *map(id, records))
        if key in self._seen or not self.former.depends(node, records):
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
        """What decides which items count, and with what."""
        for item in self.former.items(node, records):
            for part in filter(None, (node.where, node.value)):
                self.visit(part, (*records, item))

    def _choose(self, node: s.Expr, records: Records) -> None:
        """Texts that are compared: the fact could be equal, or another of those it knows."""
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
        """A text among the texts of a fact: without it, and with it."""
        present: Any = self.variable.near
        for text in texts:
            without = tuple(each for each in present if each != text)
            self._offer((without, (*without, text)))

    def _offer(self, values: Iterable[Any]) -> None:
        self.others |= {value: None for value in values if isinstance(value, (str, tuple))}

    def _presence(self, node: s.Known, records: Records) -> None:
        """A fact that is absent would be known with any value: one near by, or any of those it knows."""
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
            gaps = None if left is None or right is None else [a - b for a in left for b in right]
            if gaps is not None and all(gap.solvable for gap in gaps):
                self.numbers |= {root for gap in gaps for root in gap.zeros()}
                self._poles(gaps)
            else:
                self._search(node, records)

    def _poles(self, forms: Iterable[Ratio]) -> None:
        self.numbers |= {root for each in forms for root in each.poles()}

    def _search(self, node: s.Expr, records: Records) -> None:
        def outcome(point: Fraction) -> object:
            return self.variable.supposed(self.interpreter, point).value(node, *records)

        self.numbers |= set(changes(self.variable, outcome))


def _parts(node: s.Expr) -> tuple[s.Expr, ...]:
    return node.items if isinstance(node, s.Choices) else (node,)

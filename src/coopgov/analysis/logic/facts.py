"""Find base facts that give the variables of a box their values: the examples of findings.

A derived fact is reached through its formula, from the wanted value back to base facts: a `delay` of 12 days by a
planned end and an end that is 12 days later. The result is a candidate, which the engine must confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.assignment import (
    ABSENT,
    CURRENCY,
    OTHER_TEXT,
    UNIT,
    defaults,
    evaluated,
    key_of,
    looks_out,
    put,
)
from coopgov.analysis.logic.boxes import boxes
from coopgov.analysis.logic.formulas import Texts, Variable
from coopgov.analysis.logic.intervals import Numbers
from coopgov.analysis.logic.inversion import reach, reach_sum, settled
from coopgov.analysis.logic.items import collection
from coopgov.analysis.logic.linear_terms import Sum
from coopgov.analysis.logic.random_facts import samples
from coopgov.analysis.logic.search import Search
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.analysis.logic.assignment import Given, Key
    from coopgov.analysis.logic.boxes import Box
    from coopgov.analysis.logic.formulas import Formula, Values
    from coopgov.analysis.logic.semantics import Meaning

    Wanted = tuple[Values, Sequence[Any]]
    """The values that a variable may have, and those to try."""

__all__ = ["Finder"]

_FEW = 6
_YES = Texts(frozenset({True}))


@dataclass(frozen=True, eq=False)
class Finder(Search):
    """Looks for base facts about one type of subject; if `quick`, any that fit will do, also odd ones."""

    quick: bool = False

    def samples(self, formula: Formula) -> Iterator[Given]:
        """Facts with all sorts of values, some of which may fit."""
        return samples(formula, self.terms)

    def candidates(self, box: Box, given: Given | None = None) -> Iterator[Given]:
        """Facts that are probably in a box."""
        variables = _certain(box, self.meaning)
        start = dict(given or {})
        for variable in variables:
            if not _fixed(start, variable, variables[variable]):
                return
        there = [each for each in variables if each.kind == "presence" and variables[each] == _YES]
        choices = sorted((each for each in variables if each.kind == "choice"), key=lambda each: each.key)
        numbers = sorted(
            (each for each in variables if each.kind == "number"), key=lambda each: len(each.key)
        )
        if numbers and self.spent:
            return
        # of variables that share facts, the later one finds them fixed, so both orders are tried
        orders = [numbers] if len(numbers) < 2 else [numbers, numbers[::-1]]
        knowing = replace(self, there=frozenset(each.key for each in there))
        wanted = {each: (variables[each], _wanted(variables[each])) for each in (*choices, *numbers)}
        for order in orders:
            for found in islice(knowing.each([*choices, *order], wanted, start), _FEW):
                yield from islice(knowing.present(there, found), 1)

    def each(self, todo: list[Variable], wanted: Mapping[Variable, Wanted], given: Given) -> Iterator[Given]:
        """Facts that give each variable one of its wanted values, one variable after the other."""
        if not todo:
            yield given
            return
        first, *rest = todo
        for found in islice(self._valued(first, wanted[first], given), _FEW):
            yield from self.each(rest, wanted, found)

    def present(self, todo: list[Variable], given: Given) -> Iterator[Given]:
        """Facts in which everything that must be present has some value."""
        if not todo:
            yield given
            return
        first, *rest = todo
        assert first.node is not None
        for found in self.suppose(first.node, given):
            yield from self.present(rest, found)

    def _valued(self, variable: Variable, wanted: Wanted, given: Given) -> Iterator[Given]:
        values, tried = wanted
        if variable.total is None:
            assert variable.node is not None
            for value in tried:
                yield from self._choose(variable.node, value, given)
            return
        known = settled(self, variable.total, given) if self.quick or variable.total.single else None
        if self.quick and known is not None and self.step():
            if isinstance(values, Numbers) and known in values:
                yield given
            return
        for value in tried:
            if self.spent:
                return
            if known is None:
                yield from islice(reach_sum(self, variable.total, value, given), 3)
            elif self.step() and known == value:
                yield given

    def _choose(self, node: s.Expr, value: Any, given: Given) -> Iterator[Given]:
        """Facts for which a variable is a text or truth value."""
        if isinstance(node, s.Name):
            if not node.level:
                yield from put(given, key_of(node), value)
        elif isinstance(node, s.Aggregate):
            yield from collection(self, node, value, given)
        elif isinstance(node, s.Equal):
            yield from self._same(node, given, wanted=bool(value))
        elif isinstance(node, s.In):
            yield from self._among(node, given, wanted=bool(value))
        elif isinstance(node, s.Else):
            yield from self._choose(node.left, value, given)
            yield from self._choose(node.right, value, given)

    def _same(self, node: s.Equal, given: Given, *, wanted: bool) -> Iterator[Given]:
        if isinstance(node.left, s.Name) and isinstance(node.right, s.Name) and not looks_out(node):
            for first in put(given, key_of(node.left), given.get(key_of(node.left), "a")):
                text = first[key_of(node.left)]
                yield from put(first, key_of(node.right), text if wanted else f"not {text}")

    def _among(self, node: s.In, given: Given, *, wanted: bool) -> Iterator[Given]:
        if not isinstance(node.left, s.Literal) or not isinstance(node.right, s.Name) or looks_out(node):
            return
        key, text = key_of(node.right), node.left.value
        before = given.get(key, ())
        if before is ABSENT:
            return
        if wanted:
            yield {**given, key: (*before, *(() if text in before else (text,)))}
        elif text not in before:
            yield {**given, key: before}

    def reach(self, node: s.Expr, target: Fraction, given: Given) -> Iterator[Given]:
        """Facts for which an expression is a given number."""
        return reach(self, node, target, given)

    def holding(self, condition: s.Expr, given: Given) -> Iterator[Given]:
        """Facts for which a checked condition is true, according to the engine."""
        for box in islice(boxes(self.meaning.holds(condition), self.deadline), _FEW):
            for found in islice(self.candidates(box, given), _FEW):
                if evaluated(condition, found, self.catalogue, self.about) is True:
                    yield found

    def suppose(self, node: s.Expr, given: Given) -> Iterator[Given]:
        """Facts that give an expression some value."""
        if isinstance(node, s.Name):
            yield from () if node.level else self._suppose_name(node, given)
        elif isinstance(node, s.Aggregate):
            if key_of(node.collection) in given:
                yield given
            else:
                for target in _targets(node):
                    yield from collection(self, node, target, given)
        elif (
            self.evaluators.of(node)(given) is not None
            or evaluated(node, given, self.catalogue, self.about) is not None
        ):
            yield given
        elif isinstance(node, s.Else):
            yield from self.suppose(node.right, given)
            yield from self.suppose(node.left, given)
        else:
            yield from self.supposed(list(s.children(node)), given)

    def _suppose_name(self, node: s.Name, given: Given) -> Iterator[Given]:
        key = key_of(node)
        if key not in given:
            yield from ({**given, key: value} for value in defaults(node, self.terms, given))
        elif given[key] is not ABSENT:
            yield given


@lru_cache(maxsize=4096)
def _wanted(values: Values) -> Sequence[Any]:
    """The values to try from a set, one after the other; rules are compared by the same limits again and again."""
    if isinstance(values, Numbers):
        return list(islice(values.picks(), _FEW))
    return [_other(values)] if values.others else sorted(values.named, key=str, reverse=True)


def _certain(box: Box, meaning: Meaning) -> Box:
    """A box in which a count, which can be uncertain between two bounds, is a single number."""
    joined: Box = {}
    for variable, values in box.items():
        one = _unbounded(variable, meaning)
        joined[one] = joined[one] & values if one in joined else values  # type: ignore[operator]
    return joined


def _unbounded(variable: Variable, meaning: Meaning) -> Variable:
    total = variable.total
    if total is None or not any(
        isinstance(node, s.Aggregate) and " " in node.function for node, _ in total.parts
    ):
        return variable
    parts = tuple(
        (replace(node, function=node.function.split()[0]) if isinstance(node, s.Aggregate) else node, factor)
        for node, factor in total.parts
    )
    return meaning.number(Sum(parts, total.constant))


def _fixed(given: dict[Key, Any], variable: Variable, values: Any) -> bool:
    """Note what is absent, the unit and the currency; False if they contradict each other."""
    if variable.kind in ("unit", "currency") and not values.others:
        given[UNIT if variable.kind == "unit" else CURRENCY] = min(values.named, key=str)
    elif variable.kind == "presence" and True not in values.named:
        node = variable.node
        assert isinstance(node, (s.Name, s.Aggregate))
        name = node.collection if isinstance(node, s.Aggregate) else node
        if name.level:
            return False
        key = key_of(name)
        if given.get(key, ABSENT) is not ABSENT:
            return False
        given[key] = ABSENT
    return True


def _targets(node: s.Aggregate) -> tuple[Any, ...]:
    if node.function in ("any", "all"):
        return (True, False)
    return tuple(map(Fraction, (1, 0) if node.function in ("count", "share") else (10, 0)))


def _other(values: Texts) -> str:
    others = (OTHER_TEXT, "another thing", "a third thing")
    return next(text for text in others if text not in values.named)

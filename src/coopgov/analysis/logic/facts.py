"""Base facts that give the variables of a box their values: the examples that findings carry.

A derived fact is reached through its formula, from the value that it is to have back to base facts: `delay` of 12 days by a
planned end and a day of ending that is 12 days later. What is found is a candidate; the engine has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic import boxes as search
from coopgov.analysis.logic.formulas import Meaning, Texts, Variable
from coopgov.analysis.logic.intervals import Numbers, snapped
from coopgov.analysis.logic.samples import samples
from coopgov.analysis.logic.terms import Sum, Terms, constant_of, steps
from coopgov.errors import FactError
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.types import TRUTH
from coopgov.language.values import Bounds, missing
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.analysis.logic.boxes import Box
    from coopgov.analysis.logic.formulas import Formula
    from coopgov.facts import Catalogue
    from coopgov.language.types import Type

__all__ = [
    "ABSENT",
    "AS_OF",
    "CURRENCY",
    "UNIT",
    "Finder",
    "Given",
    "evaluated",
    "latest_day",
    "record_of",
    "setting_of",
]

Key = tuple[tuple[str, ...], str]
Given = Mapping[Key, Any]
"""Base facts by the way to their subject and their name: fractions (dates as day numbers), texts, truths, collections."""
AS_OF: Key = ((), "as_of")
CURRENCY: Key = ((), "currency of the agreement")
UNIT: Key = ((), "unit")

ABSENT = object()
_TODAY = date(2026, 6, 30)
_FIRST, _LAST = 700_000, 800_000
"""Numbers between these are taken for days of our time; a number of another sort does no harm."""
_FEW = 6
_MOST_ITEMS = 40
_OTHER_TEXT = "something else"


def record_of(given: Given, catalogue: Catalogue, about: str) -> dict[str, Any]:
    """Facts as a record for the engine."""
    record: dict[str, Any] = {}
    for (path, name), value in given.items():
        inner, subject = record, about
        for step in path:
            inner, subject = inner.setdefault(step, {}), step
        if value is not ABSENT and (path, name) not in (AS_OF, CURRENCY):
            inner[name] = _plain(value, catalogue, subject, name)
    return record


def _plain(value: Any, catalogue: Catalogue, about: str, name: str) -> Any:
    kind = catalogue.facts[about, name].type
    if isinstance(value, tuple):
        item = kind.item if kind else ""
        return [record_of(each, catalogue, item) if isinstance(each, Mapping) else each for each in value]
    if not isinstance(value, Fraction):
        return value
    if kind is not None and kind.kind == "date":
        return date.fromordinal(int(value))
    return value.numerator if value.denominator == 1 else float(value)


def setting_of(given: Given) -> Setting:
    """The date and currency of facts, and a plain calendar."""
    day = given.get(AS_OF)
    as_of = None if day is None else date.fromordinal(int(day))
    return Setting(as_of, WorkingCalendar(), str(given.get(CURRENCY, "")))


def latest_day(given: Given) -> date:
    """A day on which all facts can be seen."""
    days = [each for each in given.values() if isinstance(each, Fraction) and _FIRST < each < _LAST]
    return date.fromordinal(int(max([Fraction(_TODAY.toordinal()), *days])))


def evaluated(node: s.Expr, given: Given, catalogue: Catalogue, about: str) -> Any:
    """What the engine makes of an expression; None where it has no value or needs a date that is not given."""
    try:
        value = Interpreter(catalogue, setting_of(given)).value(node, record_of(given, catalogue, about))
    except FactError:
        return None
    return None if missing(value) or isinstance(value, Bounds) else value


@dataclass(frozen=True, eq=False)
class Finder:
    """Looks for base facts about one type of subject."""

    meanings: Callable[[str], Meaning]
    about: str
    there: frozenset[str] = frozenset()
    """The facts that must be there, whatever could stand in for them."""
    steps: list[int] = field(default_factory=list)
    """How many more steps the search may take."""

    @property
    def meaning(self) -> Meaning:
        """What lowers conditions about the subject."""
        return self.meanings(self.about)

    @property
    def terms(self) -> Terms:
        """What expressions about the subject are made of."""
        return self.meaning.terms

    @property
    def catalogue(self) -> Catalogue:
        """The facts that there are."""
        return self.terms.catalogue

    def candidates(self, box: Box, given: Given | None = None) -> Iterator[Given]:
        """Facts that are likely to lie in a box."""
        variables = _certain(box)
        start = dict(given or {})
        todo = sorted(variables, key=_order)
        for variable in todo:
            if variable.kind in ("presence", "currency", "unit") and not _put_plain(
                start, variable, variables
            ):
                return
        rest = [each for each in todo if each.kind in ("choice", "number")]
        there = [
            each for each in todo if each.kind == "presence" and variables[each] == Texts(frozenset({True}))
        ]
        numbers = [each for each in rest if each.kind == "number"]
        orders = [rest] if len(numbers) < 2 else [rest, list(reversed(rest))]
        knowing = replace(self, there=frozenset(each.key for each in there))
        for order in orders:
            for found in islice(knowing._each(order, variables, start), _FEW):
                yield from islice(knowing._present(there, found), 1)

    def _each(self, todo: list[Variable], box: Box, given: Given) -> Iterator[Given]:
        if not todo:
            yield given
            return
        first, *rest = todo
        reached = (
            self._choose(first, box[first], given)
            if first.kind == "choice"
            else self._numbers(first, box[first], given)
        )
        for found in islice(reached, _FEW):
            yield from self._each(rest, box, found)

    def _present(self, todo: list[Variable], given: Given) -> Iterator[Given]:
        if not todo:
            yield given
            return
        first, *rest = todo
        assert first.node is not None
        for found in self._suppose(first.node, given):
            yield from self._present(rest, found)

    def samples(self, formula: Formula) -> Iterator[Given]:
        """Facts with all sorts of values, in case that some of them do."""
        return samples(formula, self.terms)

    # texts and truths

    def _choose(self, variable: Variable, values: Any, given: Given) -> Iterator[Given]:
        node = variable.node
        assert node is not None
        wanted = sorted(values.named, key=str, reverse=True) if not values.others else [_other(values)]
        for value in wanted:
            if isinstance(node, s.Name):
                yield from _put(given, _key(node), value)
            elif isinstance(node, s.Aggregate):
                yield from self._collection(node, value, given)
            elif isinstance(node, s.Equal):
                yield from self._same(node, given, wanted=bool(value))
            elif isinstance(node, s.In) and isinstance(node.right, s.Name):
                yield from self._among(node, given, wanted=bool(value))
            elif isinstance(node, s.Else):
                for found in self._choose(replace(variable, node=node.left), values, given):
                    yield found
                for found in self._choose(replace(variable, node=node.right), values, given):
                    yield found

    def _same(self, node: s.Equal, given: Given, *, wanted: bool) -> Iterator[Given]:
        if isinstance(node.left, s.Name) and isinstance(node.right, s.Name):
            for first in _put(given, _key(node.left), given.get(_key(node.left), "a")):
                text = first[_key(node.left)]
                yield from _put(first, _key(node.right), text if wanted else f"not {text}")

    def _among(self, node: s.In, given: Given, *, wanted: bool) -> Iterator[Given]:
        assert isinstance(node.right, s.Name)
        if not isinstance(node.left, s.Literal):
            return
        key, text = _key(node.right), node.left.value
        before = given.get(key, ())
        if before is ABSENT:
            return
        if wanted:
            yield {**given, key: (*before, *(() if text in before else (text,)))}
        elif text not in before:
            yield {**given, key: before}

    # numbers

    def _numbers(self, variable: Variable, values: Any, given: Given) -> Iterator[Given]:
        assert variable.total is not None
        for value in islice(values.picks(), _FEW):
            yield from islice(self._sum(variable.total, value, given), 3)

    def _sum(self, total: Sum, target: Fraction, given: Given) -> Iterator[Given]:
        for free, factor in total.parts:
            others = [(node, each) for node, each in total.parts if node is not free]
            for found in self._supposed([node for node, _ in others], given):
                values = [(self._value(node, found), each) for node, each in others]
                if any(value is None for value, _ in values):
                    continue
                rest = sum((value * each for value, each in values if value is not None), Fraction(0))
                yield from self.reach(free, (target - total.constant - rest) / factor, found)

    def _supposed(self, nodes: list[s.Expr], given: Given) -> Iterator[Given]:
        if not nodes:
            yield given
            return
        for found in islice(self._suppose(nodes[0], given), 2):
            yield from self._supposed(nodes[1:], found)

    def _value(self, node: s.Expr, given: Given) -> Fraction | None:
        """The number that an expression has under facts, exactly; None where it has none."""
        constant = constant_of(node)
        if constant is not None:
            return constant
        if isinstance(node, s.Name):
            value = given.get(_key(node))
            return value if isinstance(value, Fraction) else None
        if isinstance(node, s.Else):
            left = self._value(node.left, given)
            return self._value(node.right, given) if left is None else left
        operate = (
            None
            if steps(node)
            else _OPERATIONS.get(node.function if isinstance(node, s.Call) else type(node))
        )
        if operate is not None:
            values = [self._value(part, given) for part in s.children(node)]
            return None if None in values else operate(values)
        value = evaluated(node, given, self.catalogue, self.about) if node.type.ordered else None
        return None if not isinstance(value, (int, float)) else snapped(Fraction(value))

    def reach(self, node: s.Expr, target: Fraction, given: Given) -> Iterator[Given]:
        """Facts under which an expression is a number."""
        self.steps[0] -= 1
        if self.steps[0] < 0:
            return
        value = self._value(node, given)
        if value is not None and not _free(node, given):
            if value == target:
                yield given
            return
        reach = _REACHES.get(type(node))
        if reach is not None:
            yield from reach(self, node, target, given)

    def _reach_name(self, node: s.Name, target: Fraction, given: Given) -> Iterator[Given]:
        reach = self.terms.reach(node)
        if target in reach.span and not (reach.whole and target.denominator > 1):
            yield from _put(given, _key(node), target)

    def _reach_negative(self, node: s.Negative, target: Fraction, given: Given) -> Iterator[Given]:
        yield from self.reach(node.operand, -target, given)

    def _reach_binary(self, node: s.Binary, target: Fraction, given: Given) -> Iterator[Given]:
        for free, other in ((node.left, node.right), (node.right, node.left)):
            for found in islice(self._other(node, free, other, target, given), _FEW):
                value = self._value(other, found)
                wanted = None if value is None else _inverse(node, target, value, left=free is node.left)
                if wanted is not None:
                    yield from self.reach(free, wanted, found)

    def _other(
        self, node: s.Binary, free: s.Expr, other: s.Expr, target: Fraction, given: Given
    ) -> Iterator[Given]:
        """Facts that give the other side a value: for a quotient one that makes the free side whole, if it can be."""
        if isinstance(node, s.Divide) and free is node.left and self._value(other, given) is None:
            for times in (1, 10, 100):
                yield from islice(self.reach(other, Fraction(target.denominator * times), given), 1)
        yield from self._suppose(other, given)

    def _reach_else(self, node: s.Else, target: Fraction, given: Given) -> Iterator[Given]:
        needed = isinstance(node.left, s.Name) and to_text(node.left) in self.there
        if self._value(node.left, given) is None and not needed:
            yield from self.reach(node.right, target, given)
        yield from self.reach(node.left, target, given)

    def _reach_call(self, node: s.Call, target: Fraction, given: Given) -> Iterator[Given]:
        if node.function == "abs":
            for value in dict.fromkeys((target, -target)):
                yield from self.reach(node.arguments[0], value, given)
        elif node.function in ("min", "max"):
            away = Fraction(-1 if node.function == "max" else 1)
            for position, part in enumerate(node.arguments):
                others = [each for at, each in enumerate(node.arguments) if at != position]
                for found in self.reach(part, target, given):
                    yield from (
                        each
                        for each in self._beyond(others, target, away, found)
                        if self._value(node, each) == target
                    )

    def _beyond(self, nodes: list[s.Expr], target: Fraction, away: Fraction, given: Given) -> Iterator[Given]:
        """Facts that give the other values of a min or max, on the side that does not count."""
        if not nodes:
            yield given
            return
        first, *rest = nodes
        options: Iterator[Given]
        if self._value(first, given) is not None:
            options = iter([given])
        else:
            options = (
                found
                for step in (1, 0, 30)
                for found in islice(self.reach(first, target + away * step, given), 2)
            )
        for found in options:
            yield from self._beyond(rest, target, away, found)

    def _reach_aggregate(self, node: s.Aggregate, target: Fraction, given: Given) -> Iterator[Given]:
        yield from self._collection(node, target, given)

    # collections

    def _collection(self, node: s.Aggregate, target: Any, given: Given) -> Iterator[Given]:
        key = _key(node.collection)
        if key in given or _looks_out(node) or len(key[0]) > 0:
            return
        for day, items in self._items(node, target, given):
            if items is not None:
                yield {**given, **day, key: items}

    def _items(
        self, node: s.Aggregate, target: Any, given: Given
    ) -> Iterator[tuple[Given, tuple[Given, ...]]]:
        kind = node.function
        condition = node.where if kind != "share" or node.value is None else node.value
        inside = replace(self, about=node.collection.type.item)
        day = {AS_OF: given[AS_OF]} if AS_OF in given else {}
        if kind == "count":
            if target.denominator == 1 and 0 <= target <= _MOST_ITEMS:
                yield from inside._repeated(_meets(node), int(target), day)
        elif kind == "share":
            yes, all_ = (target.numerator, target.denominator)
            if 0 <= yes <= all_ <= _MOST_ITEMS and condition is not None:
                yield from inside._parted(node, yes, all_ - yes, day)
        elif kind in ("any", "all"):
            if target is (kind == "all"):
                yield day, ()
            else:
                yield from inside._repeated(_shows(node), 1, day)
        else:
            yield from inside._valued(node, target, day)

    def _repeated(
        self, condition: s.Expr | None, times: int, day: Given
    ) -> Iterator[tuple[Given, tuple[Given, ...]]]:
        if times == 0 or condition is None:
            yield day, ({},) * times
            return
        for found in islice(self.holding(condition, day), 1):
            yield _without_day(found, times)

    def _parted(
        self, node: s.Aggregate, yes: int, no: int, day: Given
    ) -> Iterator[tuple[Given, tuple[Given, ...]]]:
        asked = node.value if node.value is not None else node.where
        assert asked is not None
        where = () if node.value is None or node.where is None else (node.where,)
        for found, items in self._repeated(s.And((*where, asked), type=TRUTH), yes, day):
            for again, others in self._repeated(
                s.And((*where, s.Not(asked, type=TRUTH)), type=TRUTH), no, found
            ):
                yield again, (*items, *others)

    def _valued(
        self, node: s.Aggregate, target: Fraction, day: Given
    ) -> Iterator[tuple[Given, tuple[Given, ...]]]:
        assert node.value is not None
        if node.function == "sum" and target == 0:
            yield day, ()
        value = self.terms.written_out(node.value)
        starts = iter([day]) if node.where is None else islice(self.holding(node.where, day), 2)
        for start in starts:
            for found in islice(self.reach(value, target, start), 2):
                yield _without_day(found, 1)

    def holding(self, condition: s.Expr, given: Given) -> Iterator[Given]:
        """Facts under which a checked condition is true, as the engine sees it."""
        for box in islice(search.boxes(self.meaning.holds(condition)), _FEW):
            for found in islice(self.candidates(box, given), _FEW):
                if evaluated(condition, found, self.catalogue, self.about) is True:
                    yield found

    # anything

    def _suppose(self, node: s.Expr, given: Given) -> Iterator[Given]:
        """Facts that give an expression some value."""
        if isinstance(node, s.Name):
            yield from self._suppose_name(node, given)
        elif isinstance(node, s.Aggregate):
            if _key(node.collection) in given:
                yield given
            else:
                for target in _targets(node):
                    yield from self._collection(node, target, given)
        elif evaluated(node, given, self.catalogue, self.about) is not None:
            yield given
        elif isinstance(node, s.Else):
            yield from self._suppose(node.right, given)
            yield from self._suppose(node.left, given)
        else:
            yield from self._supposed(list(s.children(node)), given)

    def _suppose_name(self, node: s.Name, given: Given) -> Iterator[Given]:
        key = _key(node)
        if key in given:
            if given[key] is not ABSENT:
                yield given
            return
        for value in _defaults(node, self.terms, given):
            yield {**given, key: value}


_OPERATIONS: Mapping[Any, Callable[[list[Any]], Fraction | None]] = {
    s.Add: lambda values: values[0] + values[1],
    s.Negative: lambda values: -values[0],
    s.Subtract: lambda values: values[0] - values[1],
    s.Multiply: lambda values: values[0] * values[1],
    s.Divide: lambda values: values[0] / values[1] if values[1] else None,
    "min": min,
    "max": max,
    "abs": lambda values: abs(values[0]),
}
_REACHES: Mapping[type[s.Expr], Any] = {
    s.Name: Finder._reach_name,
    s.Negative: Finder._reach_negative,
    s.Add: Finder._reach_binary,
    s.Subtract: Finder._reach_binary,
    s.Multiply: Finder._reach_binary,
    s.Divide: Finder._reach_binary,
    s.Else: Finder._reach_else,
    s.Call: Finder._reach_call,
    s.Aggregate: Finder._reach_aggregate,
}


def _order(variable: Variable) -> tuple[bool, int, str]:
    """Simple variables first: what they fix, compound ones must live with."""
    size = len(variable.key) if variable.kind == "number" else 0
    return variable.kind == "number", size, variable.key


def _certain(box: Box) -> Box:
    """A box in which a count with two bounds is one number."""
    joined: Box = {}
    for variable, values in box.items():
        total = variable.total
        if total is not None and any(_bound(node) for node, _ in total.parts):
            parts = tuple((_unbounded(node), factor) for node, factor in total.parts)
            key = variable.key.replace("at least(", "(").replace("at most(", "(")
            total = Sum(parts, total.constant)
            variable = replace(variable, key=key, total=total, node=parts[0][0])
        joined[variable] = joined[variable] & values if variable in joined else values  # type: ignore[operator]
    return joined


def _bound(node: s.Expr) -> bool:
    return isinstance(node, s.Aggregate) and " " in node.function


def _unbounded(node: s.Expr) -> s.Expr:
    return replace(node, function=node.function.split()[0]) if isinstance(node, s.Aggregate) else node


def _put_plain(given: dict[Key, Any], variable: Variable, box: Box) -> bool:
    """Note what is absent, the unit and the currency; False where that cannot be."""
    values = box[variable]
    assert isinstance(values, Texts)
    if variable.kind != "presence":
        if not values.others:
            given[UNIT if variable.kind == "unit" else CURRENCY] = min(values.named, key=str)
        return True
    if True in values.named:
        return True
    node = variable.node
    key = _key(node.collection if isinstance(node, s.Aggregate) else node)  # type: ignore[arg-type]
    if given.get(key, ABSENT) is not ABSENT:
        return False
    given[key] = ABSENT
    return True


def _put(given: Given, key: Key, value: Any) -> Iterator[Given]:
    if key not in given:
        yield {**given, key: value}
    elif given[key] == value:
        yield given


def _key(node: s.Name) -> Key:
    return (node.parents, node.name)


def _free(node: s.Expr, given: Given) -> bool:
    """Whether an expression has a value already and could still get another one: by a fact before `else`."""
    return any(
        isinstance(part, s.Name) and part.about and _key(part) not in given
        for each in s.walk(node)
        if isinstance(each, s.Else)
        for part in s.walk(each.left)
    )


def _inverse(node: s.Binary, target: Fraction, value: Fraction, *, left: bool) -> Fraction | None:
    """What one side must be, when the other has a value, for the whole to come out right."""
    if isinstance(node, s.Add):
        return target - value
    if isinstance(node, s.Subtract):
        return target + value if left else value - target
    if isinstance(node, s.Multiply):
        return target / value if value else None
    if left:
        return target * value if value else None
    return value / target if target else None


def _looks_out(node: s.Aggregate) -> bool:
    """Whether what stands in a function of a collection names the subject outside."""
    parts = [part for part in (node.where, node.value) if part is not None]
    return any(isinstance(each, s.Name) and each.level for part in parts for each in s.walk(part))


def _meets(node: s.Aggregate) -> s.Expr | None:
    return node.where


def _shows(node: s.Aggregate) -> s.Expr | None:
    """The condition on one item that decides any or all."""
    asked = node.value if node.value is not None else node.where
    assert asked is not None
    where = () if node.value is None or node.where is None else (node.where,)
    return s.And((*where, asked if node.function == "any" else s.Not(asked, type=TRUTH)), type=TRUTH)


def _without_day(found: Given, times: int) -> tuple[Given, tuple[Given, ...]]:
    """Items and the date that they need, which is one for all."""
    day = {key: value for key, value in found.items() if key == AS_OF}
    item = {key: value for key, value in found.items() if key != AS_OF}
    return day, (item,) * times


def _targets(node: s.Aggregate) -> tuple[Any, ...]:
    if node.function in ("any", "all"):
        return (True, False)
    return (
        tuple(map(Fraction, (1, 0))) if node.function in ("count", "share") else tuple(map(Fraction, (10, 0)))
    )


def _other(values: Texts) -> str:
    return next(text for text in (_OTHER_TEXT, "another thing", "a third thing") if text not in values.named)


def _defaults(node: s.Name, terms: Terms, given: Given) -> list[Any]:
    """Plain values that a fact may have."""
    kind: Type = node.type
    if not node.about:
        return [Fraction(latest_day(given).toordinal())]
    if kind.kind == "date":
        days = (
            (date(2026, 1, 5), date(2026, 4, 15))
            if "start" in node.name
            else (date(2026, 4, 15), date(2026, 6, 1))
        )
        return [Fraction(day.toordinal()) for day in days]
    if kind.numeric:
        reach = terms.reach(node)
        numbers = Numbers.of([reach.span])
        plain = [Fraction(value) for value in (100, 10, 1, 0)]
        return [value for value in plain if value in numbers] or list(numbers.picks())
    if kind.kind == "truth":
        return [True, False]
    if kind.kind == "texts":
        return [()]
    if kind.kind == "collection":
        return [(), ({},)]
    return list(kind.choices) or [_OTHER_TEXT]

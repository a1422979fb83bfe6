"""Compiles checked expressions to columns of a sheet, one method for each kind of node."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import add, gt, lt, mul, or_, sub, truediv
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.collections import aggregated, items_of
from coopgov.backends.columnar.comparisons import holds
from coopgov.backends.columnar.dates import months_later, working_days, working_days_later
from coopgov.backends.columnar.scratch import Scratch
from coopgov.backends.columnar.value_ranges import CALENDAR, FLOATS, Span, point
from coopgov.backends.columnar.values import (
    Column,
    Condition,
    NotExpressible,
    Part,
    Value,
    all_of,
    any_of,
    false_of,
    latest,
    present,
    undecided,
)
from coopgov.language import syntax as s
from coopgov.language.equivalent import OPPOSITE, alternatives, both_ends
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.printer import to_text
from coopgov.locales import phrase
from coopgov.synonyms import spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coopgov.backends.columnar.context import Surroundings
    from coopgov.backends.columnar.fact_columns import FactSheet
    from coopgov.backends.columnar.groups import Group

__all__ = ["Writer", "nearer"]


class Writer:
    """Compiles expressions about the subjects of one sheet, which has the columns of their facts.

    Facts and formulas, which may be used more than once, become columns of the sheet. For the items of a collection,
    `outer` is the writer of the subjects that own them.
    """

    def __init__(
        self, sheet: FactSheet, about: str, surroundings: Surroundings, outer: Writer | None = None
    ) -> None:
        self.sheet = sheet
        self.about = about
        self.surroundings = surroundings
        self.catalogue = surroundings.catalogue
        self.setting = surroundings.setting
        self.outer = outer
        self._groups: dict[Any, tuple[Group, Writer]] = {}
        self.written: dict[s.Expr, Part] = {}
        self.lost: dict[tuple[s.Expr, str], Column] = {}
        """Where the result of an expression, by prefix, is beyond the range of floats or of the calendar."""
        self.reasons: dict[Any, Column | None] = {}
        """Where facts have no value, and where divisors are zero."""
        self.formulas: dict[Any, Any] = {}
        """The reasons why formulas can have no value."""

    def write(self, node: s.Expr, prefix: str = "") -> Part:
        """Compile an expression; `prefix` leads to the subject above that it is about."""
        return _VISITORS[type(node)](self, node, prefix)

    def value(self, node: s.Expr, prefix: str = "") -> Value:
        """Compile a number, date or text that must be certain."""
        return self.sheet.number_of(self.write(node, prefix))

    def condition(self, node: s.Expr, prefix: str = "") -> Condition:
        """Compile a condition."""
        part = self.write(node, prefix)
        assert isinstance(part, Condition)
        return part

    def literal(self, node: s.Literal, prefix: str) -> Part:
        if isinstance(node.value, bool):
            always = self.sheet.always
            return Condition(always, None) if node.value else Condition(None, always)
        if node.type.kind == "money":
            if node.type.unit not in ("", self.setting.currency):
                return Value(self.sheet.nothing, absent=True)
            return self.sheet.constant(float(minor_units_of(node, self.setting.minor_units)))
        value: Any = value_of(node)
        value = value if isinstance(value, str) else float(value)
        if node.type.kind == "own":
            return Value(self.sheet.choose(self.in_unit(prefix, node.type.unit), value), span=point(value))
        return self.sheet.constant(value)

    def name(self, node: s.Name, prefix: str) -> Part:
        if not node.about:
            if self.setting.as_of is None:
                raise NotExpressible(phrase("backends.columnar.no-date"))
            return self.sheet.constant(float(self.setting.as_of.toordinal()))
        if node.level:
            return self._outer(node)
        path = prefix + "".join(f"{parent}." for parent in node.parents)
        definition = self.catalogue.definition(node.about, node.name)
        if definition is None:
            return self._base(node, path)
        return self.sheet.keep(("fact", path, node.about, node.name), lambda: self.write(definition, path))

    def in_unit(self, prefix: str, unit: str) -> Column:
        """Where the KPI of the expression has a unit."""
        if prefix and self._around(prefix):
            raise NotExpressible(phrase("backends.columnar.unit-above", unit=unit))
        return self.sheet.in_unit(prefix, unit)

    def _outer(self, node: s.Name) -> Part:
        """Compile a fact of the owning subject: its columns are joined to the items of the collection."""
        assert self.outer is not None
        return self._brought(self.outer, nearer(node))

    def _brought(self, outer: Writer, node: s.Name) -> Part:
        key = ("brought", node, node.about, node.level, node.parents)
        return self.sheet.brought(outer.sheet.keep(key, lambda: outer.write(node)))

    def _base(self, node: s.Name, path: str) -> Part:
        fact = self.catalogue.existing(node.about, node.name)
        assert fact.type is not None
        parents = self._around(path)
        if parents is not None and self.outer is not None:
            above = s.Name(node.name, parents=parents, about=node.about, type=node.type)
            return self._brought(self.outer, above)
        hidden_by = path + fact.seen_on if fact.seen_on else ""
        return self.sheet.fact(path + fact.name, fact, hidden_by, self.setting.as_of)

    def reaches(self, path: str) -> bool:
        """Whether the frames have facts of a subject above."""
        return self.sheet.holds(path) or self._around(path) is not None

    def _around(self, path: str) -> tuple[str, ...] | None:
        """The path to a subject above as seen from the owning subject; None if it cannot be reached through that."""
        if not path or self.outer is None or self.sheet.holds(path):
            return None
        parents = tuple(path.removesuffix(".").split("."))
        if parents[0] == self.outer.about:
            return parents[1:]
        return parents if self.outer.sheet.holds(path) else None

    def negative(self, node: s.Negative, prefix: str) -> Part:
        part = self.value(node.operand, prefix)
        if isinstance(part.constant, float):
            return self.sheet.constant(-part.constant)
        return part if part.absent else replace(part, value=-part.value, span=-part.span, why=())

    def arithmetic(self, node: s.Arithmetic, prefix: str) -> Part:
        left, right = self.value(node.left, prefix), self.value(node.right, prefix)
        unset, stage = any_of([left.unset, right.unset]), max(left.stage, right.stage)
        if left.absent or right.absent:
            return Value(self.sheet.nothing, unset, stage, absent=True)
        if node.type.kind == "date" and node.right.type.unit in ("month", "working day"):
            return self._counted(node, prefix, self._stepped(node, left, right, unset), (left, right))
        if isinstance(node, s.Divide):
            if right.constant == 0.0:
                return Value(self.sheet.nothing, unset, stage, absent=True)
            right = self._divisor(right)
        operate = _ARITHMETIC[type(node)]
        part = Value(
            operate(self.sheet.spread(left), right.value), unset, stage, span=operate(left.span, right.span)
        )
        # First by the declared ranges alone, which cost nothing; only then by looking at the values.
        limits = CALENDAR if node.type.kind == "date" else FLOATS
        if part.span.within(limits) or (part := self.sheet.measured(part)).span.within(limits):
            return part
        return self._watched(node, prefix, part, limits)

    def _divisor(self, part: Value) -> Value:
        """Replace zeros by null before a division: some engines raise, others return infinity, which is not null."""
        if 0.0 not in part.span or 0.0 not in (part := self.sheet.measured(part)).span:
            return part
        return replace(part, value=self.sheet.choose(part.value != 0.0, part.value))

    def _watched(self, node: s.Arithmetic, prefix: str, part: Value, limits: Span) -> Value:
        """Replace values beyond the range of floats or of the calendar by null, and remember where."""
        kept = self.sheet.stored(part)
        assert isinstance(kept, Value)
        if kept.absent:
            return kept
        inside = (kept.value >= limits.low) & (kept.value <= limits.high)
        outside = self.sheet.somewhere(~inside & ~kept.value.is_null())
        if outside is None:
            return kept
        self.lost[node, prefix] = outside
        value = self.sheet.choose(inside, kept.value)
        return replace(kept, value=value, span=limits, whole=False, there=None)

    def _counted(self, node: s.Expr, prefix: str, part: Value, of: Iterable[Value]) -> Value:
        """Remember where a date that is counted on the calendar has left it, which makes it null."""
        kept = self.sheet.stored(part)
        assert isinstance(kept, Value)
        there = [each for each in map(present, of) if each is not None]
        outside = self.sheet.somewhere(all_of([*there, kept.value.is_null()]))
        if outside is not None:
            self.lost[node, prefix] = outside
        return kept

    def _stepped(self, node: s.Arithmetic, day: Value, steps: Value, unset: Column | None) -> Value:
        """Move a date by months or working days."""
        pad = Scratch(self.sheet, max(day.stage, steps.stage))
        start, number = self.sheet.spread(day), self.sheet.spread(steps)
        if isinstance(node, s.Subtract):
            number = -number
        if node.right.type.unit == "month":
            moved = months_later(pad, start, number)
        else:
            moved = working_days_later(pad, self.surroundings.calendar, start, number)
        return Value(moved, unset, pad.stage, span=CALENDAR)

    def otherwise(self, node: s.Else, prefix: str) -> Part:
        left, right = self.write(node.left, prefix), self.write(node.right, prefix)
        if not isinstance(left, Condition) or not isinstance(right, Condition):
            assert not isinstance(right, Condition)
            return self.sheet.either(self.sheet.number_of(left), right)
        known = any_of([left.true, false_of(left)])
        open_ = self.sheet.always if known is None else ~known
        return Condition(
            any_of([left.true, all_of([open_, right.true])]),
            any_of([false_of(left), all_of([open_, false_of(right)])]),
            all_of([open_, left.unset, right.unset]),
            max(left.stage, right.stage),
        )

    def negation(self, node: s.Not, prefix: str) -> Part:
        part = self.condition(node.operand, prefix)
        return Condition(false_of(part), part.true, part.unset, part.stage, part.decided)

    def conjunction(self, node: s.Logic, prefix: str) -> Part:
        parts = [self.condition(each, prefix) for each in node.operands]
        true, stage = all_of(each.true for each in parts), latest(parts)
        if all(each.decided for each in parts):
            return self._decided(true, stage)
        # false beats not set, and not set beats unknown: one false part decides, whatever the others lack
        false, unset = any_of(map(false_of, parts)), any_of(each.unset for each in parts)
        return Condition(true, false, undecided(unset, false), stage)

    def disjunction(self, node: s.Logic, prefix: str) -> Part:
        parts = [self.condition(each, prefix) for each in node.operands]
        true, stage = any_of(each.true for each in parts), latest(parts)
        if all(each.decided for each in parts):  # then false is the complement, which saves engines columns
            return self._decided(true, stage)
        unset = any_of(each.unset for each in parts)
        return Condition(true, all_of(map(false_of, parts)), undecided(unset, true), stage)

    def _decided(self, true: Column | None, stage: int) -> Condition:
        """A condition that is true or false in every row, never unknown."""
        return Condition(true, self.sheet.always if true is None else None, None, stage, decided=True)

    def known(self, node: s.Known, prefix: str) -> Part:
        part = self.write(node.operand, prefix)
        if isinstance(part, Condition):
            return self._decided(any_of([part.true, false_of(part)]), part.stage)
        part = self.sheet.number_of(part)
        if part.absent:
            return self._decided(None, part.stage)
        there = present(part)
        return self._decided(self.sheet.always if there is None else there, part.stage)

    def between(self, node: s.Between, prefix: str) -> Part:
        return self.write(both_ends(node), prefix)

    def membership(self, node: s.In, prefix: str) -> Part:
        if isinstance(node.right, s.Choices):
            return self.write(alternatives(node.left, node.right), prefix)
        if not isinstance(node.left, s.Literal):
            raise NotExpressible(phrase("backends.columnar.different-texts", expression=to_text(node)))
        texts = self.value(node.right, prefix)
        if texts.absent:
            return Condition(None, None, texts.unset, texts.stage)
        group, word = node.right.type.group, str(node.left.value)
        words = spellings(word, group) if group else (word,)
        found = reduce(or_, (self.sheet.contains(texts.value, each) for each in words))
        return Condition(self.sheet.certain(found), self.sheet.certain(~found), texts.unset, texts.stage)

    def choices(self, node: s.Choices, prefix: str) -> Part:  # noqa: ARG002  # the shape of the table
        raise NotExpressible(phrase("backends.columnar.only-in", expression=to_text(node)))

    def known_if(self, node: s.Call, prefix: str) -> Part:
        part, condition = self.value(node.arguments[0], prefix), self.condition(node.arguments[1], prefix)
        unset, stage = any_of([part.unset, condition.unset]), max(part.stage, condition.stage)
        if part.absent or condition.true is None:
            return Value(self.sheet.nothing, unset, stage, absent=True)
        value = self.sheet.choose(condition.true, self.sheet.spread(part))
        return self.sheet.stored(Value(value, unset, stage, span=part.span))

    def call(self, node: s.Call, prefix: str) -> Part:
        if node.function == "known_if":
            return self.known_if(node, prefix)
        parts = [self.value(each, prefix) for each in node.arguments]
        unset, stage = any_of(each.unset for each in parts), latest(parts)
        if any(each.absent for each in parts):
            return Value(self.sheet.nothing, unset, stage, absent=True)
        columns = [self.sheet.spread(each) for each in parts]
        if node.function == "abs":
            return Value(columns[0].abs(), unset, stage, span=abs(parts[0].span))
        if node.function == "working_days":
            pad = Scratch(self.sheet, stage)
            days = working_days(pad, self.surroundings.calendar, columns[0], columns[1])
            return Value(days, unset, pad.stage, span=CALENDAR - CALENDAR)
        better, extreme = (lt, min) if node.function == "min" else (gt, max)
        constants = [each.constant for each in parts if isinstance(each.constant, float)]
        if len(constants) == len(parts):
            return self.sheet.constant(extreme(constants))
        span = Span(extreme(each.span.low for each in parts), extreme(each.span.high for each in parts))
        # Pair by pair: not every engine allows a function across columns inside a condition.
        best = reduce(lambda a, b: self.sheet.choose(better(b, a), b, a), columns)
        there = [each for each in map(present, parts) if each is not None]
        best = self.sheet.choose(all_of(there), best) if there else best
        return self.sheet.stored(Value(best, unset, stage, span=span))

    def comparison(self, node: s.Comparison, prefix: str) -> Part:
        left, right = self._side(node.left, prefix), self._side(node.right, prefix)
        unset, stage = any_of([left.unset, right.unset]), max(left.stage, right.stage)
        if isinstance(left, Condition) and isinstance(right, Condition):
            true, false = (left.true, right.true), (false_of(left), false_of(right))
            same = any_of([all_of(true), all_of(false)])
            apart = any_of([all_of([true[0], false[1]]), all_of([false[0], true[1]])])
            pair = (same, apart) if isinstance(node, s.Equal) else (apart, same)
            return Condition(*pair, unset, stage)
        assert not isinstance(left, Condition)
        assert not isinstance(right, Condition)
        if any(isinstance(part, Value) and part.absent for part in (left, right)):
            return Condition(None, None, unset, stage)
        if isinstance(left, Value) and left.constant is not None:
            left = replace(left, value=self.sheet.spread(left))
        holding = holds(self.sheet, type(node), node, left, right)
        there = [each for each in map(present, (left, right)) if each is not None]
        if not there and isinstance(left, Value) and isinstance(right, Value):
            return self._decided(holding, stage)
        certain: Column = all_of([*there, holding])
        if isinstance(left, Value) and isinstance(right, Value):
            return Condition(certain, all_of([*there, ~certain]), unset, stage)
        # Not `~true` where only bounds are known: neither side may certainly hold.
        opposite = holds(self.sheet, OPPOSITE[type(node)], node, left, right)
        return Condition(certain, all_of([*there, opposite]), unset, stage)

    def _side(self, node: s.Expr, prefix: str) -> Part:
        """Compile an operand of a comparison; the measure of a check has been compiled already."""
        if self.written and not prefix and node in self.written:
            return self.written[node]
        return self.write(node, prefix)

    def aggregate(self, node: s.Aggregate, prefix: str) -> Part:
        return self.grouped(node, prefix)[0].part

    def grouped(self, node: s.Aggregate, prefix: str) -> tuple[Group, Writer]:
        """Return the group of an aggregate, created once, and the writer for its items."""
        key = (node, prefix, tuple(part.type for part in node.of_items))
        if key not in self._groups:
            if self.outer is not None:
                raise NotExpressible(phrase("backends.columnar.nested", name=node.collection.name))
            items = items_of(self.sheet, node, prefix)
            inner = Writer(items, node.collection.type.item, self.surroundings, self)
            self._groups[key] = aggregated(self.sheet.group(items), node, inner.write), inner
        return self._groups[key]


def nearer(node: s.Name) -> s.Name:
    """The same fact, as named from the owning subject."""
    return s.Name(node.name, level=node.level - 1, parents=node.parents, about=node.about, type=node.type)


_ARITHMETIC: Mapping[type[s.Arithmetic], Callable[[Any, Any], Any]] = s.by_arithmetic(
    add=add, subtract=sub, multiply=mul, divide=truediv
)

_VISITORS: Mapping[type[s.Expr], Callable[..., Part]] = s.by_class(
    literal=Writer.literal,
    choices=Writer.choices,
    name=Writer.name,
    negative=Writer.negative,
    not_=Writer.negation,
    known=Writer.known,
    and_=Writer.conjunction,
    or_=Writer.disjunction,
    add=Writer.arithmetic,
    subtract=Writer.arithmetic,
    multiply=Writer.arithmetic,
    divide=Writer.arithmetic,
    else_=Writer.otherwise,
    above=Writer.comparison,
    below=Writer.comparison,
    at_least=Writer.comparison,
    at_most=Writer.comparison,
    equal=Writer.comparison,
    not_equal=Writer.comparison,
    between=Writer.between,
    in_=Writer.membership,
    call=Writer.call,
    aggregate=Writer.aggregate,
)

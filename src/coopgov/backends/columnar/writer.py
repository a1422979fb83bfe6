"""Checked expressions → columns: a table of the plain cases and a few functions for the odd ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import add, and_, ge, gt, le, lt, mul, sub
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.dates import months_later, working_days, working_days_later
from coopgov.backends.columnar.parts import (
    Condition,
    Part,
    Range,
    Value,
    all_of,
    any_of,
    either,
    number_of,
    present,
)
from coopgov.language import syntax as s
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.printer import to_text
from coopgov.language.values import MONEY_TOLERANCE, TOLERANCE, tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coopgov.backends.columnar.sheet import Sheet
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

__all__ = ["NotExpressible", "Surroundings", "Writer", "nearer"]


class NotExpressible(Exception):  # noqa: N818  # becomes a BackendError, which says of which rule
    """An expression that has no meaning in columns."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for all expressions of a program."""

    catalogue: Catalogue
    setting: Setting
    calendar: WorkingCalendar


class Writer:
    """Writes expressions about the subjects of one sheet, which holds the columns of their facts.

    What is used more than once (facts, formulas) is prepared as columns of the sheet; `outer` is the writer of the subjects
    around those of a collection.
    """

    def __init__(
        self, sheet: Sheet, about: str, surroundings: Surroundings, outer: Writer | None = None
    ) -> None:
        self.sheet = sheet
        self.about = about
        self.surroundings = surroundings
        self.catalogue = surroundings.catalogue
        self.setting = surroundings.setting
        self.outer = outer
        self.groups: dict[Any, Any] = {}

    def inside(self, items: Sheet, about: str) -> Writer:
        """The writer of the items of a collection."""
        return Writer(items, about, self.surroundings, self)

    def write(self, node: s.Expr, prefix: str = "") -> Part:
        """The columns of an expression; `prefix` leads to the subject above that it is about."""
        return _VISITORS[type(node)](self, node, prefix)

    def value(self, node: s.Expr, prefix: str = "") -> Value:
        """The columns of a number, date or text that must be certain."""
        return number_of(self.write(node, prefix))

    def condition(self, node: s.Expr, prefix: str = "") -> Condition:
        """The columns of a condition."""
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
            amount = float(minor_units_of(node, self.setting.minor_units))
            return Value(nw.lit(amount), constant=amount)
        value: Any = value_of(node)
        value = value if isinstance(value, str) else float(value)
        if node.type.kind == "own":
            return Value(nw.when(self.in_unit(prefix, node.type.unit)).then(nw.lit(value)))
        return Value(nw.lit(value), constant=value)

    def name(self, node: s.Name, prefix: str) -> Part:
        if not node.about:
            if self.setting.as_of is None:
                raise NotExpressible("it needs a date, and none was given")
            day = float(self.setting.as_of.toordinal())
            return Value(nw.lit(day), constant=day)
        if node.level:
            return self._outer(node)
        path = prefix + "".join(f"{parent}." for parent in node.parents)
        definition = self.catalogue.definition(node.about, node.name)
        if definition is None:
            return self._base(node, path)
        return self.sheet.keep(("fact", path, node.about, node.name), lambda: self.write(definition, path))

    def in_unit(self, prefix: str, unit: str) -> nw.Expr:
        """Where the KPI that is being written about has a unit."""
        if prefix and self._around(prefix):
            raise NotExpressible(f'it compares with a value in "{unit}", the unit of a subject above')
        return self.sheet.in_unit(prefix, unit)

    def _outer(self, node: s.Name) -> Part:
        """A fact of a subject around: its columns are brought to the items of the collection."""
        assert self.outer is not None
        return self._brought(self.outer, nearer(node))

    def _brought(self, outer: Writer, node: s.Name) -> Part:
        key = ("brought", node, node.about, node.level, node.parents)
        return self.sheet.brought(outer.sheet.keep(key, lambda: outer.write(node)))

    def _base(self, node: s.Name, path: str) -> Part:
        fact = self.catalogue.facts[node.about, node.name]
        assert fact.type is not None
        parents = self._around(path)
        if parents is not None and self.outer is not None:
            above = s.Name(node.name, parents=parents, about=node.about, type=node.type)
            return self._brought(self.outer, above)
        hidden_by = path + fact.seen_on if fact.seen_on else ""
        return self.sheet.fact(path + fact.name, fact, hidden_by, self.setting.as_of)

    def reaches(self, path: str) -> bool:
        """Whether there are facts of a subject above."""
        return self.sheet.holds(path) or self._around(path) is not None

    def _around(self, path: str) -> tuple[str, ...] | None:
        """The way to a subject above from the subjects around, where it is theirs; None where it is not."""
        if not path or self.outer is None or self.sheet.holds(path):
            return None
        parents = tuple(path.removesuffix(".").split("."))
        if parents[0] == self.outer.about:
            return parents[1:]
        return parents if self.outer.sheet.holds(path) else None

    def negative(self, node: s.Negative, prefix: str) -> Part:
        part = self.value(node.operand, prefix)
        return replace(part, value=-part.value, constant=None)

    def arithmetic(self, node: s.Binary, prefix: str) -> Part:
        left, right = self.value(node.left, prefix), self.value(node.right, prefix)
        unset, stage = any_of([left.unset, right.unset]), max(left.stage, right.stage)
        if left.absent or right.absent:
            return Value(self.sheet.nothing, unset, stage, absent=True)
        if node.type.kind == "date" and node.right.type.unit in ("month", "working day"):
            return self._stepped(node, left, right, unset)
        if isinstance(node, s.Divide):
            return Value(nw.when(right.value != 0).then(left.value / right.value), unset, stage)
        return Value(_ARITHMETIC[type(node)](left.value, right.value), unset, stage)

    def _stepped(self, node: s.Binary, day: Value, steps: Value, unset: nw.Expr | None) -> Value:
        """A date moved by months or working days."""
        scratch = Scratch(self.sheet, max(day.stage, steps.stage))
        number = -steps.value if isinstance(node, s.Subtract) else steps.value
        if node.right.type.unit == "month":
            moved = months_later(scratch.keep, day.value, number)
        else:
            moved = working_days_later(scratch.keep, self.surroundings.calendar, day.value, number)
        return Value(moved, unset, scratch.stage)

    def otherwise(self, node: s.Else, prefix: str) -> Part:
        left, right = self.write(node.left, prefix), self.write(node.right, prefix)
        if isinstance(left, Condition) and isinstance(right, Condition):
            known = any_of([left.true, left.false])
            open_ = self.sheet.always if known is None else ~known
            return Condition(
                any_of([left.true, all_of([open_, right.true])]),
                any_of([left.false, all_of([open_, right.false])]),
                all_of([open_, left.unset, right.unset]),
                max(left.stage, right.stage),
            )
        assert not isinstance(right, Condition)
        return either(number_of(left), right)

    def negation(self, node: s.Not, prefix: str) -> Part:
        part = self.condition(node.operand, prefix)
        return Condition(part.false, part.true, part.unset, part.stage)

    def conjunction(self, node: s.Logic, prefix: str) -> Part:
        parts = [self.condition(each, prefix) for each in node.operands]
        false, unset = any_of(each.false for each in parts), any_of(each.unset for each in parts)
        return Condition(all_of(each.true for each in parts), false, _without(unset, false), _stage(parts))

    def disjunction(self, node: s.Logic, prefix: str) -> Part:
        parts = [self.condition(each, prefix) for each in node.operands]
        true, unset = any_of(each.true for each in parts), any_of(each.unset for each in parts)
        return Condition(true, all_of(each.false for each in parts), _without(unset, true), _stage(parts))

    def known(self, node: s.Known, prefix: str) -> Part:
        part = self.write(node.operand, prefix)
        if isinstance(part, Condition):
            known = any_of([part.true, part.false])
        else:
            part = number_of(part)
            if part.absent:
                return Condition(None, self.sheet.always)
            known = present(part) if part.constant is None else self.sheet.always
        if known is None:
            return Condition(None, self.sheet.always, None, part.stage)
        return Condition(known, ~known, None, part.stage)

    def between(self, node: s.Between, prefix: str) -> Part:
        ends = (
            s.AtLeast(node.operand, node.low, type=node.type),
            s.AtMost(node.operand, node.high, type=node.type),
        )
        return self.write(s.And(ends, type=node.type), prefix)

    def membership(self, node: s.In, prefix: str) -> Part:
        if isinstance(node.right, s.Choices):
            options = tuple(s.Equal(node.left, item, type=node.type) for item in node.right.items)
            return self.write(s.Or(options, type=node.type), prefix)
        if not isinstance(node.left, s.Literal):
            raise NotExpressible(f"`{to_text(node)}` looks for a text that is not the same in all rows")
        texts = self.value(node.right, prefix)
        if texts.absent:
            return Condition(None, None, texts.unset, texts.stage)
        found = texts.value.list.contains(str(node.left.value))
        true, false = (
            nw.when(each).then(self.sheet.always).otherwise(~self.sheet.always) for each in (found, ~found)
        )
        return Condition(true, false, texts.unset, texts.stage)

    def call(self, node: s.Call, prefix: str) -> Part:
        parts = [self.value(each, prefix) for each in node.arguments]
        unset, stage = any_of(each.unset for each in parts), _stage(parts)
        if any(each.absent for each in parts):
            return Value(self.sheet.nothing, unset, stage, absent=True)
        if node.function == "abs":
            return Value(parts[0].value.abs(), unset, stage)
        if node.function == "working_days":
            scratch, (first, last) = Scratch(self.sheet, stage), (each.value for each in parts)
            days = working_days(scratch.keep, self.surroundings.calendar, first, last)
            return Value(days, unset, scratch.stage)
        constants = [each.constant for each in parts if isinstance(each.constant, float)]
        if len(constants) == len(parts):
            number = min(constants) if node.function == "min" else max(constants)
            return Value(nw.lit(number), constant=number)
        # Pair by pair: functions across columns cannot stand inside a condition on every engine.
        best = reduce(_lesser if node.function == "min" else _greater, (each.value for each in parts))
        there = _given(map(present, parts))
        value = nw.when(reduce(and_, there)).then(best) if there else best
        return self.sheet.stored(Value(value, unset, stage))

    def comparison(self, node: s.Comparison, prefix: str) -> Part:
        left, right = self.write(node.left, prefix), self.write(node.right, prefix)
        unset, stage = any_of([left.unset, right.unset]), max(left.stage, right.stage)
        if isinstance(left, Condition) and isinstance(right, Condition):
            same = any_of([all_of([left.true, right.true]), all_of([left.false, right.false])])
            apart = any_of([all_of([left.true, right.false]), all_of([left.false, right.true])])
            pair = (same, apart) if isinstance(node, s.Equal) else (apart, same)
            return Condition(*pair, unset, stage)
        assert not isinstance(left, Condition)
        assert not isinstance(right, Condition)
        if any(isinstance(part, Value) and part.absent for part in (left, right)):
            return Condition(None, None, unset, stage)
        true, false = _compared(node, left, right)
        there = _given((present(left), present(right)))
        if not there:
            true, false = self.sheet.always & true, self.sheet.always & false
        return Condition(all_of([*there, true]), all_of([*there, false]), unset, stage)

    def aggregate(self, node: s.Aggregate, prefix: str) -> Part:
        from coopgov.backends.columnar.collections import grouped

        return grouped(self, node, prefix).part


class Scratch:
    """A pad for long calculations: what is kept becomes a column, and what uses it comes a step later."""

    def __init__(self, sheet: Sheet, stage: int) -> None:
        self.sheet = sheet
        self.stage = stage

    def keep(self, value: nw.Expr) -> nw.Expr:
        """A column of a value."""
        part = self.sheet.stored(Value(value, stage=self.stage))
        assert isinstance(part, Value)
        self.stage = part.stage
        return part.value


def nearer(node: s.Name) -> s.Name:
    """The same fact, as named by the subject around."""
    return s.Name(node.name, level=node.level - 1, parents=node.parents, about=node.about, type=node.type)


def _lesser(a: nw.Expr, b: nw.Expr) -> nw.Expr:
    return nw.when(b < a).then(b).otherwise(a)


def _greater(a: nw.Expr, b: nw.Expr) -> nw.Expr:
    return nw.when(b > a).then(b).otherwise(a)


def _given(parts: Iterable[nw.Expr | None]) -> list[nw.Expr]:
    return [part for part in parts if part is not None]


def _without(unset: nw.Expr | None, decided: nw.Expr | None) -> nw.Expr | None:
    """Not set, unless something else decided."""
    return unset if unset is None or decided is None else unset & ~decided


def _stage(parts: Iterable[Part]) -> int:
    return max((part.stage for part in parts), default=0)


def _compared(node: s.Comparison, left: Value | Range, right: Value | Range) -> tuple[nw.Expr, nw.Expr]:
    """Where a comparison is true and where it is false, as far as values are there."""
    if node.left.type.kind == "text":
        assert isinstance(left, Value)
        assert isinstance(right, Value)
        pair = left.value == right.value, left.value != right.value
        return pair if isinstance(node, s.Equal) else pair[::-1]
    exact = node.left.type.kind == "date" or (
        node.left.type.kind == "money" and node.left.type.exact and node.right.type.exact
    )
    if isinstance(node, (s.Equal, s.NotEqual)):
        pair = _same(left, right, exact=exact)
        return pair if isinstance(node, s.Equal) else pair[::-1]
    opposite = _OPPOSITE[type(node)]
    rising = isinstance(node, (s.Above, s.AtLeast))
    worst = _low(left) if rising else _high(left), _high(right) if rising else _low(right)
    best = _high(left) if rising else _low(left), _low(right) if rising else _high(right)
    constant = right.constant if isinstance(right, Value) else None
    return (
        _ordered(type(node), *worst, constant, exact=exact),
        _ordered(opposite, *best, constant, exact=exact),
    )


def _same(left: Value | Range, right: Value | Range, *, exact: bool) -> tuple[nw.Expr, nw.Expr]:
    """Equal where both are certain and neither is above; different where they lie apart."""
    constant = right.constant if isinstance(right, Value) else None
    pairs = [(_low(left), _high(right)), (_high(left), _low(right))]
    above_ = _ordered(s.Above, *pairs[0], constant, exact=exact)
    below_ = _ordered(s.Below, *pairs[1], constant, exact=exact)
    if not isinstance(left, Range) and not isinstance(right, Range):
        at_least = _ordered(s.AtLeast, *pairs[0], constant, exact=exact)
        at_most = _ordered(s.AtMost, *pairs[1], constant, exact=exact)
        return at_least & at_most, above_ | below_
    certain = (_low(left) == _high(left)) & (_low(right) == _high(right))
    different = above_ | below_
    return certain & ~different, different


def _ordered(kind: type[s.Expr], left: nw.Expr, right: nw.Expr, constant: Any, *, exact: bool) -> nw.Expr:
    compare, side = _TOLERANT[kind]
    if exact:
        outcome: nw.Expr = _EXACT[kind](left, right)
    elif constant is not None:
        outcome = compare(left, constant + side * tolerance(constant))
    else:
        reach = nw.when(right.abs() <= 1.0).then(nw.lit(TOLERANCE)).otherwise(right.abs() * TOLERANCE)
        outcome = compare(left, right + reach if side > 0 else right - reach)
    return outcome


def _low(part: Value | Range) -> nw.Expr:
    return part.low if isinstance(part, Range) else part.value


def _high(part: Value | Range) -> nw.Expr:
    return part.high if isinstance(part, Range) else part.value


_OPPOSITE: Mapping[type[s.Expr], type[s.Expr]] = {
    s.Above: s.AtMost,
    s.AtMost: s.Above,
    s.Below: s.AtLeast,
    s.AtLeast: s.Below,
}
_TOLERANT: Mapping[type[s.Expr], tuple[Callable[[Any, Any], Any], int]] = {
    s.Above: (gt, 1),
    s.AtMost: (le, 1),
    s.Below: (lt, -1),
    s.AtLeast: (ge, -1),
}
"""The operator, and to which side the tolerance moves what stands on the right."""
_EXACT: Mapping[type[s.Expr], Callable[[Any, Any], Any]] = {
    s.Above: lambda a, b: a - b > MONEY_TOLERANCE,
    s.AtMost: lambda a, b: a - b <= MONEY_TOLERANCE,
    s.Below: lambda a, b: b - a > MONEY_TOLERANCE,
    s.AtLeast: lambda a, b: b - a <= MONEY_TOLERANCE,
}
_ARITHMETIC: Mapping[type[s.Expr], Callable[[Any, Any], Any]] = {s.Add: add, s.Subtract: sub, s.Multiply: mul}

_VISITORS: Mapping[type[s.Expr], Callable[..., Part]] = {
    s.Literal: Writer.literal,
    s.Name: Writer.name,
    s.Negative: Writer.negative,
    s.Not: Writer.negation,
    s.Known: Writer.known,
    s.And: Writer.conjunction,
    s.Or: Writer.disjunction,
    s.Add: Writer.arithmetic,
    s.Subtract: Writer.arithmetic,
    s.Multiply: Writer.arithmetic,
    s.Divide: Writer.arithmetic,
    s.Else: Writer.otherwise,
    s.Above: Writer.comparison,
    s.Below: Writer.comparison,
    s.AtLeast: Writer.comparison,
    s.AtMost: Writer.comparison,
    s.Equal: Writer.comparison,
    s.NotEqual: Writer.comparison,
    s.Between: Writer.between,
    s.In: Writer.membership,
    s.Call: Writer.call,
    s.Aggregate: Writer.aggregate,
}

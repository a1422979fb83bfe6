"""Compiles aggregates: counts and sums over the items, grouped by subject and joined to the subjects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.value_ranges import COUNTS, FLOATS
from coopgov.backends.columnar.values import (
    Column,
    Condition,
    NotExpressible,
    Part,
    Range,
    Value,
    all_of,
    any_of,
    false_of,
    unknown_of,
)
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.compiler import Writer
    from coopgov.backends.columnar.context import Sheet
    from coopgov.language import syntax as s

__all__ = ["Group", "grouped"]


class Group(ABC):
    """The items of an aggregate, grouped by subject: counts of conditions, and sums and extremes of values.

    `part` is the aggregate itself. More can be counted afterwards, which is how reasons look into a collection.
    """

    inner: Writer
    part: Part

    lost: Column | None = None
    """Where a sum is beyond the range of floats."""

    def __init__(self, sheet: Sheet, items: Sheet) -> None:
        self.sheet = sheet
        self.items = items

    @abstractmethod
    def count(self, condition: Column | None) -> Column:
        """The number of items for which a condition holds."""

    @abstractmethod
    def of(self, value: Column, how: str) -> Column:
        """The sum, minimum or maximum of values, without nulls."""

    @abstractmethod
    def finish(self, part: Part) -> Part:
        """Return a part made of counts, as columns of the subjects."""

    def kept(self, where: Condition, value: Condition) -> Column:
        """Where an item counts or may count."""
        return self.without(any_of([false_of(where), where.unset, value.unset]))

    def without(self, condition: Column | None) -> Column:
        """Where a condition does not hold for an item."""
        return self.items.always if condition is None else ~condition

    def unknown(self, condition: Condition) -> Column | None:
        """Where a condition is unknown for an item."""
        return unknown_of(condition, self.items.always)


def grouped(writer: Writer, node: s.Aggregate, prefix: str) -> Group:
    """Return the group of an aggregate, created once; the host must have given the frame of its items."""
    key = (node, prefix, tuple(part.type for part in (node.where, node.value) if part))
    if key not in writer.groups:
        writer.groups[key] = _grouped(writer, node, prefix)
    group: Group = writer.groups[key]
    return group


def _grouped(writer: Writer, node: s.Aggregate, prefix: str) -> Group:
    items = _items(writer, node, prefix)
    group = writer.sheet.group(items)
    group.inner = writer.inside(items, node.collection.type.item)
    always = Condition(items.always, None, decided=True)
    where = always if node.where is None else group.inner.condition(node.where)
    if node.function in _FUNCTIONS:
        value = always if node.value is None else group.inner.condition(node.value)
        if node.value is None and node.function != "count":
            where, value = always, where
        part = _FUNCTIONS[node.function](group, where, value)
    else:
        part = _numbers(group, where, node)
    group.part = group.finish(part)
    return group


def _items(writer: Writer, node: s.Aggregate, prefix: str) -> Sheet:
    name = node.collection.name
    if writer.outer is not None:
        raise NotExpressible(phrase("backends.columnar.nested", name=name))
    if prefix or node.collection.level or node.collection.parents:
        raise NotExpressible(phrase("backends.columnar.elsewhere", name=name))
    if name not in writer.sheet.children:
        raise NotExpressible(phrase("backends.columnar.no-children", name=name))
    return writer.sheet.child(name)


def _count(group: Group, where: Condition, _value: Condition) -> Part:
    certain = group.count(where.true)
    if where.decided:
        return Value(certain, whole=True, span=COUNTS)
    return Range(certain, certain + group.count(group.unknown(where)))


def _share(group: Group, where: Condition, value: Condition) -> Part:
    kept, choose = group.kept(where, value), group.sheet.choose
    no_value = false_of(value)
    yes, no = group.count(all_of([where.true, value.true])), group.count(all_of([where.true, no_value]))
    could = group.count(all_of([kept, group.without(no_value)])) - yes
    could_not = group.count(all_of([kept, group.without(value.true)])) - no
    low = choose(yes + no + could_not != 0.0, yes / (yes + no + could_not), 0.0)
    high = choose(yes + could + no != 0.0, (yes + could) / (yes + could + no), 1.0)
    # Without these, all items may turn out not to count, and a share of nothing has no value.
    told = (no + could_not + yes != 0.0) & (yes + could + no != 0.0)
    return Range(choose(told, low), choose(told, high))


def _any(group: Group, where: Condition, value: Condition) -> Part:
    """True where the condition holds for an item; false where it can hold for none."""
    true = group.count(all_of([where.true, value.true]))
    open_ = group.count(all_of([group.kept(where, value), group.without(false_of(value))]))
    return Condition(true > 0.0, open_ == 0.0)


def _all(group: Group, where: Condition, value: Condition) -> Part:
    false = group.count(all_of([where.true, false_of(value)]))
    open_ = group.count(all_of([group.kept(where, value), group.without(value.true)]))
    return Condition(open_ == 0.0, false > 0.0)


def _numbers(group: Group, where: Condition, node: s.Aggregate) -> Part:
    assert node.value is not None
    value, choose = group.inner.value(node.value), group.sheet.choose
    column = group.items.spread(value)
    meets = ~group.items.always if where.true is None else where.true
    unsure, absent = group.count(group.unknown(where)), group.count(meets & column.is_null())
    told = group.of(group.items.choose(meets, column), _HOW[node.function])
    span = value.span
    if node.function == "sum":
        told, span = told.fill_null(0.0), span.summed()
    if _HOW[node.function] == "sum" and not value.span.summed().within(FLOATS):
        inside, span = (told >= FLOATS.low) & (told <= FLOATS.high), FLOATS
        # A sum with absent values has another reason to be unknown, so it must not be reported as out of range.
        outside = ~inside & ~told.is_null() & (unsure + absent == 0.0)
        group.lost, told = group.sheet.somewhere(outside), choose(inside, told)
    if node.function == "mean":
        number = group.count(meets)
        told = choose(number != 0.0, told / number)
    unset = None if value.unset is None else (group.count(meets & value.unset) > 0.0) & (unsure == 0.0)
    return Value(choose(unsure + absent == 0.0, told), unset, span=span)


_HOW: Mapping[str, str] = {"sum": "sum", "mean": "sum", "min": "min", "max": "max"}
_FUNCTIONS: Mapping[str, Callable[[Group, Condition, Any], Part]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
}

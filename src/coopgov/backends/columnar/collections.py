"""Compiles aggregates: counts and sums over the items, grouped by subject and joined to the subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.value_ranges import COUNTS, FLOATS
from coopgov.backends.columnar.values import (
    Condition,
    NotExpressible,
    Part,
    Range,
    Value,
    all_of,
    false_of,
)
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.fact_columns import FactSheet
    from coopgov.backends.columnar.groups import Group
    from coopgov.language import syntax as s

    Compiled = Callable[[s.Expr], Part]

__all__ = ["aggregated", "items_of"]


def aggregated(group: Group, node: s.Aggregate, compiled: Compiled) -> Group:
    """Return the group with the part of an aggregate; `compiled` compiles an expression about an item."""
    always = Condition(group.items.always, None, decided=True)
    where = always if node.where is None else _condition(compiled(node.where))
    if node.function in _FUNCTIONS:
        value = always if node.value is None else _condition(compiled(node.value))
        if node.value is None and node.function != "count":
            where, value = always, where
        part = _FUNCTIONS[node.function](group, where, value)
    else:
        assert node.value is not None
        part = _numbers(group, where, group.items.number_of(compiled(node.value)), node.function)
    group.part = group.finish(part)
    return group


def _condition(part: Part) -> Condition:
    assert isinstance(part, Condition)
    return part


def items_of(sheet: FactSheet, node: s.Aggregate, prefix: str) -> FactSheet:
    """Return the sheet of the items of an aggregate; the host must have given their frame.

    Raises:
        NotExpressible: it has not, or the collection belongs to another subject than the rows of the sheet.
    """
    name = node.collection.name
    if prefix or node.collection.level or node.collection.parents:
        raise NotExpressible(phrase("backends.columnar.elsewhere", name=name))
    if name not in sheet.children:
        raise NotExpressible(phrase("backends.columnar.no-children", name=name))
    return sheet.child(name)


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
    result = (no + could_not + yes != 0.0) & (yes + could + no != 0.0)
    return Range(choose(result, low), choose(result, high))


def _any(group: Group, where: Condition, value: Condition) -> Part:
    """True where the condition holds for an item; false where it can hold for none."""
    true = group.count(all_of([where.true, value.true]))
    open_ = group.count(all_of([group.kept(where, value), group.without(false_of(value))]))
    return Condition(true > 0.0, open_ == 0.0)


def _all(group: Group, where: Condition, value: Condition) -> Part:
    false = group.count(all_of([where.true, false_of(value)]))
    open_ = group.count(all_of([group.kept(where, value), group.without(value.true)]))
    return Condition(open_ == 0.0, false > 0.0)


def _numbers(group: Group, where: Condition, value: Value, function: str) -> Part:
    choose = group.sheet.choose
    column = group.items.spread(value)
    meets = ~group.items.always if where.true is None else where.true
    unsure, absent = group.count(group.unknown(where)), group.count(meets & column.is_null())
    result = group.of(group.items.choose(meets, column), _HOW[function])
    span = value.span
    if function == "sum":
        result, span = result.fill_null(0.0), span.summed()
    if _HOW[function] == "sum" and not value.span.summed().within(FLOATS):
        inside, span = (result >= FLOATS.low) & (result <= FLOATS.high), FLOATS
        # A sum with absent values has another reason to be unknown, so it must not be reported as out of range.
        outside = ~inside & ~result.is_null() & (unsure + absent == 0.0)
        group.lost, result = group.sheet.somewhere(outside), choose(inside, result)
    if function == "mean":
        number = group.count(meets)
        result = choose(number != 0.0, result / number)
    unset = None if value.unset is None else (group.count(meets & value.unset) > 0.0) & (unsure == 0.0)
    return Value(choose(unsure + absent == 0.0, result), unset, span=span)


_HOW: Mapping[str, str] = {"sum": "sum", "mean": "sum", "min": "min", "max": "max"}
_FUNCTIONS: Mapping[str, Callable[[Group, Condition, Any], Part]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
}

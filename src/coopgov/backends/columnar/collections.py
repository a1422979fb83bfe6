"""Functions of collections: what the items say is counted and added up by subject, and joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.parts import Condition, Part, Range, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.sheet import Sheet
    from coopgov.backends.columnar.writer import Writer
    from coopgov.language import syntax as s

__all__ = ["aggregated"]


@dataclass(slots=True)
class _Tally:
    """Columns of a group: how many items a condition holds for, and what their values come to."""

    sheet: Sheet
    items: Sheet
    columns: list[nw.Expr] = field(default_factory=list)

    def count(self, condition: nw.Expr | None) -> nw.Expr:
        """How many items a condition holds for."""
        if condition is None:
            return nw.lit(0.0)
        return self._add(nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0)), "sum").fill_null(0.0)

    def of(self, value: nw.Expr, how: str) -> nw.Expr:
        """The sum, least or largest of values; nulls are left out."""
        return self._add(value, how)

    def kept(self, where: Condition, value: Condition) -> nw.Expr:
        """Items that count or may count."""
        return self.without(any_of([where.false, where.unset, value.unset]))

    def without(self, condition: nw.Expr | None) -> nw.Expr:
        """Items for which a condition does not hold."""
        return self.items.always if condition is None else ~condition

    def _add(self, column: nw.Expr, how: str) -> nw.Expr:
        name = self.sheet.fresh()
        self.items.last.append(column.alias(name))
        self.columns.append(getattr(nw.col(name), how)().alias(name))
        return nw.col(name)


def aggregated(sheet: Sheet, writer: Writer, node: s.Aggregate, prefix: str) -> Part:
    """The columns of an aggregate; its frame of items must have been given."""
    items = _items(sheet, node, prefix)
    inner = writer.inside(items)
    where = Condition(items.always, None) if node.where is None else inner.condition(node.where)
    tally = _Tally(sheet, items)
    if node.function in _FUNCTIONS:
        always = Condition(items.always, None)
        value = always if node.value is None else inner.condition(node.value)
        if node.value is None and node.function != "count":
            where, value = always, where
        part = _FUNCTIONS[node.function](tally, where, value)
    else:
        part = _numbers(tally, where, inner, node)
    sheet.step(items.outer_stage).joins.append(lambda frame: _joined(frame, sheet, items, tally.columns))
    return replace(part, stage=items.outer_stage + 1)


def _items(sheet: Sheet, node: s.Aggregate, prefix: str) -> Sheet:
    from coopgov.backends.columnar.writer import NotExpressible

    name = node.collection.name
    if prefix or node.collection.level or node.collection.parents:
        raise NotExpressible(f"`{name}` belongs to another subject than the rows of the frame")
    children = sheet.children.get(name)
    if children is None:
        raise NotExpressible(f"it needs the frame of its `{name}`; give it among the children")
    return sheet.child(name, children)


def _joined(frame: Any, sheet: Sheet, items: Sheet, columns: list[nw.Expr]) -> Any:
    outer = frame.select(*sheet.keys, *items.outer_columns) if items.outer_columns else None
    groups = items.run(outer, sheet.keys).group_by(*items.keys).agg(*columns)
    return frame.join(groups, left_on=list(sheet.keys), right_on=list(items.keys), how="left")


def _unknown(condition: Condition) -> nw.Expr:
    decided = any_of([condition.true, condition.false, condition.unset])
    assert decided is not None
    return ~decided


def _count(tally: _Tally, where: Condition, _value: Condition) -> Part:
    certain = tally.count(where.true)
    return Range(certain, certain + tally.count(_unknown(where)))


def _share(tally: _Tally, where: Condition, value: Condition) -> Part:
    kept = tally.kept(where, value)
    yes, no = tally.count(all_of([where.true, value.true])), tally.count(all_of([where.true, value.false]))
    could = tally.count(all_of([kept, tally.without(value.false)])) - yes
    could_not = tally.count(all_of([kept, tally.without(value.true)])) - no
    low = nw.when(yes + no + could_not != 0).then(yes / (yes + no + could_not)).otherwise(nw.lit(0.0))
    high = nw.when(yes + could + no != 0).then((yes + could) / (yes + could + no)).otherwise(nw.lit(1.0))
    told = (no + could_not + yes != 0) & (yes + could + no != 0)
    return Range(nw.when(told).then(low), nw.when(told).then(high))


def _any(tally: _Tally, where: Condition, value: Condition) -> Part:
    """True where it is for one item; false where it is for none."""
    true = tally.count(all_of([where.true, value.true]))
    open_ = tally.count(all_of([tally.kept(where, value), tally.without(value.false)]))
    return Condition(true > 0, open_ == 0)


def _all(tally: _Tally, where: Condition, value: Condition) -> Part:
    false = tally.count(all_of([where.true, value.false]))
    open_ = tally.count(all_of([tally.kept(where, value), tally.without(value.true)]))
    return Condition(open_ == 0, false > 0)


def _numbers(tally: _Tally, where: Condition, inner: Writer, node: s.Aggregate) -> Part:
    assert node.value is not None
    value = inner.value(node.value)
    there = ~value.value.is_null()
    unset = None if value.unset is None else tally.count(all_of([where.true, value.unset]))
    doubt = tally.count(_unknown(where)) + tally.count(all_of([where.true, ~there]))
    number = tally.count(where.true)
    told = tally.of(
        nw.when(where.true).then(value.value) if where.true is not None else value.value, _HOW[node.function]
    )
    if node.function == "sum":
        result = told.fill_null(0.0)
    elif node.function == "mean":
        result = nw.when(number != 0).then(told / number)
    else:
        result = told
    wheres = tally.count(_unknown(where))
    flag = None if unset is None else (unset > 0) & (wheres == 0)
    return Value(nw.when(doubt == 0).then(result), flag)


_HOW: Mapping[str, str] = {"sum": "sum", "mean": "sum", "min": "min", "max": "max"}
_FUNCTIONS: Mapping[str, Callable[[_Tally, Condition, Any], Part]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
}

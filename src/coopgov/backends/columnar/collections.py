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

__all__ = ["Group", "grouped"]


@dataclass(slots=True)
class Group:
    """The items of an aggregate, by subject: how many a condition holds for, and what their values come to.

    `part` is the aggregate itself; more can be counted until the frame is run, which is how reasons look inside.
    """

    sheet: Sheet
    items: Sheet
    inner: Writer
    columns: list[nw.Expr] = field(default_factory=list)
    part: Part = field(init=False)

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

    def unknown(self, condition: Condition) -> nw.Expr:
        """Items for which a condition is unknown."""
        return self.without(any_of([condition.true, condition.false, condition.unset]))

    def joined(self, frame: Any) -> Any:
        """A frame of subjects with what was counted of their items."""
        outer = self.items.outer_columns.values()
        around = frame.select(*self.sheet.keys, *outer) if outer else None
        items = self.items.run(around, self.sheet.keys)
        groups = items.group_by(*self.items.keys, drop_null_keys=True).agg(*self.columns)
        return frame.join(groups, left_on=list(self.sheet.keys), right_on=list(self.items.keys), how="left")

    def _add(self, column: nw.Expr, how: str) -> nw.Expr:
        name = self.sheet.fresh()
        self.items.last.append(column.alias(name))
        self.columns.append(getattr(nw.col(name), how)().alias(name))
        return nw.col(name)


def grouped(writer: Writer, node: s.Aggregate, prefix: str) -> Group:
    """The group of an aggregate, made once; the frame of its items must have been given."""
    key = (node, prefix, tuple(part.type for part in (node.where, node.value) if part))
    if key not in writer.groups:
        writer.groups[key] = _grouped(writer, node, prefix)
    group: Group = writer.groups[key]
    return group


def _grouped(writer: Writer, node: s.Aggregate, prefix: str) -> Group:
    sheet, items = writer.sheet, _items(writer, node, prefix)
    inner = writer.inside(items, node.collection.type.item)
    group = Group(sheet, items, inner)
    always = Condition(items.always, None)
    where = always if node.where is None else inner.condition(node.where)
    if node.function in _FUNCTIONS:
        value = always if node.value is None else inner.condition(node.value)
        if node.value is None and node.function != "count":
            where, value = always, where
        part = _FUNCTIONS[node.function](group, where, value)
    else:
        part = _numbers(group, where, node)
    sheet.step(items.outer_stage).joins.append(group.joined)
    group.part = sheet.stored(replace(part, stage=items.outer_stage + 1))
    return group


def _items(writer: Writer, node: s.Aggregate, prefix: str) -> Sheet:
    from coopgov.backends.columnar.writer import NotExpressible

    name = node.collection.name
    if writer.outer is not None:
        raise NotExpressible(f"`{name}` is a collection inside of another one")
    if prefix or node.collection.level or node.collection.parents:
        raise NotExpressible(f"`{name}` belongs to another subject than the rows of the frame")
    if name not in writer.sheet.children:
        raise NotExpressible(f"it needs the frame of its `{name}`; give it among the children")
    return writer.sheet.child(name)


def _count(group: Group, where: Condition, _value: Condition) -> Part:
    certain = group.count(where.true)
    return Range(certain, certain + group.count(group.unknown(where)))


def _share(group: Group, where: Condition, value: Condition) -> Part:
    kept = group.kept(where, value)
    yes, no = group.count(all_of([where.true, value.true])), group.count(all_of([where.true, value.false]))
    could = group.count(all_of([kept, group.without(value.false)])) - yes
    could_not = group.count(all_of([kept, group.without(value.true)])) - no
    low = nw.when(yes + no + could_not != 0).then(yes / (yes + no + could_not)).otherwise(nw.lit(0.0))
    high = nw.when(yes + could + no != 0).then((yes + could) / (yes + could + no)).otherwise(nw.lit(1.0))
    told = (no + could_not + yes != 0) & (yes + could + no != 0)
    return Range(nw.when(told).then(low), nw.when(told).then(high))


def _any(group: Group, where: Condition, value: Condition) -> Part:
    """True where it is for one item; false where it is for none."""
    true = group.count(all_of([where.true, value.true]))
    open_ = group.count(all_of([group.kept(where, value), group.without(value.false)]))
    return Condition(true > 0, open_ == 0)


def _all(group: Group, where: Condition, value: Condition) -> Part:
    false = group.count(all_of([where.true, value.false]))
    open_ = group.count(all_of([group.kept(where, value), group.without(value.true)]))
    return Condition(open_ == 0, false > 0)


def _numbers(group: Group, where: Condition, node: s.Aggregate) -> Part:
    assert node.value is not None
    value = group.inner.value(node.value)
    meets = ~group.items.always if where.true is None else where.true
    unsure, absent = group.count(group.unknown(where)), group.count(meets & value.value.is_null())
    told = group.of(nw.when(meets).then(value.value), _HOW[node.function])
    if node.function == "sum":
        told = told.fill_null(0.0)
    elif node.function == "mean":
        number = group.count(meets)
        told = nw.when(number != 0).then(told / number)
    unset = None if value.unset is None else (group.count(meets & value.unset) > 0) & (unsure == 0)
    return Value(nw.when(unsure + absent == 0).then(told), unset)


_HOW: Mapping[str, str] = {"sum": "sum", "mean": "sum", "min": "min", "max": "max"}
_FUNCTIONS: Mapping[str, Callable[[Group, Condition, Any], Part]] = {
    "count": _count,
    "share": _share,
    "any": _any,
    "all": _all,
}

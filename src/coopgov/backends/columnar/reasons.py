"""Why a check is undetermined, in columns: which absent data it reads, and what else leaves it without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.collections import grouped
from coopgov.backends.columnar.parts import Condition, Range, any_of
from coopgov.backends.columnar.writer import nearer
from coopgov.backends.reference import total
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.collections import Group
    from coopgov.backends.columnar.parts import Part
    from coopgov.backends.columnar.writer import Writer

__all__ = ["Reasons"]

_EMPTY = ("mean", "min", "max", "share")
"""Functions that have no value for an empty collection."""


class Reasons:
    """Walks conditions, through formulas and collections, as the reference does for one record.

    For each absent fact, and for each other reason, it notes the columns that say in which rows it applies.
    """

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.sheet = writer.sheet
        self.absent: dict[str, list[nw.Expr]] = {}
        self.others: dict[str, list[nw.Expr]] = {}
        self.around: list[s.Name] = []
        self.seen: set[Any] = set()

    def missing(self) -> nw.Expr:
        """The names of the absent data, joined by `, `, in the order of the alphabet."""
        parts = [
            nw.when(here).then(nw.lit(f", {name}")).otherwise(nw.lit(""))
            for name in sorted(self.absent)
            if (here := any_of(self.absent[name])) is not None
        ]
        return nw.concat_str(*parts).str.slice(2) if parts else nw.lit("")

    def because(self, order: Sequence[str]) -> nw.Expr:
        """The first of the reasons that there are."""
        told: nw.Expr = nw.lit(order[-1])
        reasons = {**self.others, order[0]: [each for exprs in self.absent.values() for each in exprs]}
        for reason in reversed(order):
            here = any_of(reasons.get(reason, ()))
            if here is not None:
                told = nw.when(here).then(nw.lit(reason)).otherwise(told)
        return told

    def visit(self, node: s.Expr, prefix: str = "") -> None:
        """Note what an expression lacks; `prefix` leads to the subject above that it is about."""
        catalogue: Any = self.writer.catalogue
        if isinstance(node, s.Known) or (isinstance(node, s.Else) and total(node, catalogue)):
            return
        if isinstance(node, s.Name):
            self._name(node, prefix)
        elif isinstance(node, s.Aggregate):
            self._aggregate(node, prefix)
        else:
            self._other(node, prefix)
            for child in s.children(node):
                self.visit(child, prefix)

    def _name(self, node: s.Name, prefix: str) -> None:
        if not node.about:
            return
        path = prefix + "".join(f"{parent}." for parent in node.parents)
        key = (node.level, path, node.about, node.name)
        if key in self.seen:
            return
        self.seen.add(key)
        if node.level:
            self.around.append(nearer(node))
            return
        definition = self.writer.catalogue.definition(node.about, node.name)
        if definition is not None:
            self.visit(definition, path)
        elif path and not self.writer.reaches(path):
            self._note(self.absent, path.removesuffix("."), self.sheet.always)
        else:
            self._note(self.absent, path + node.name, self._unknown(self.writer.write(node, prefix)))

    def _unknown(self, part: Part) -> nw.Expr:
        """Where something has no value, and not since it was not set."""
        if isinstance(part, Condition):
            told = any_of([part.true, part.false, part.unset])
        else:
            there = part.low if isinstance(part, Range) else part.value
            told = any_of([~there.is_null(), part.unset])
        return self.sheet.always if told is None else ~told

    def _other(self, node: s.Expr, prefix: str) -> None:
        if isinstance(node, s.Divide):
            zero = self.writer.value(node.right, prefix).value == 0
            told = nw.when(zero).then(self.sheet.always).otherwise(~self.sheet.always)
            self._note(self.others, "division by zero", told)
        elif isinstance(node, s.Literal) and node.type.unit and node.type.kind == "own":
            self._note(self.others, "unit", ~self.writer.in_unit(prefix, node.type.unit))
        elif isinstance(node, s.Literal) and node.type.kind == "money" and self._foreign(node):
            self._note(self.others, "unit", self.sheet.always)

    def _foreign(self, node: s.Literal) -> bool:
        return node.type.unit not in ("", self.writer.setting.currency)

    def _aggregate(self, node: s.Aggregate, prefix: str) -> None:
        group = grouped(self.writer, node, prefix)
        if node.function in _EMPTY:
            self._note(self.others, "empty collection", self._unknown(group.part))
        inside = Reasons(group.inner)
        for part in (node.where, node.value):
            if part is not None:
                inside.visit(part)
        for name, where in inside.absent.items():
            self._note(self.absent, f"{node.collection.name}.{name}", _somewhere(group, where))
        for reason, where in inside.others.items():
            self._note(self.others, reason, _somewhere(group, where))
        self._around(inside.around, group)

    def _around(self, names: list[s.Name], group: Group) -> None:
        """What facts of the subjects around lack, where there is an item to compare them with."""
        outside = Reasons(self.writer)
        for name in names:
            outside.visit(name)
        if outside.absent or outside.others:
            some = group.count(group.items.always) > 0
            for found, mine in ((outside.absent, self.absent), (outside.others, self.others)):
                for name_, where in found.items():
                    self._note(mine, name_, *(each & some for each in where))

    def _note(self, notes: dict[str, list[nw.Expr]], what: str, *where: nw.Expr) -> None:
        notes.setdefault(what, []).extend(where)


def _somewhere(group: Group, where: list[nw.Expr]) -> nw.Expr:
    """Where a condition holds for one item or more."""
    return group.count(any_of(where)) > 0

"""Why a check is undetermined, in columns: which absent data it reads, and what else leaves it without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.parts import Condition, any_of
from coopgov.backends.reference import total
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.writer import Writer

__all__ = ["Reasons"]


class Reasons:
    """Walks conditions, through formulas and collections, as the reference does for one record."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.sheet = writer.sheet
        self.absent: dict[str, list[nw.Expr]] = {}
        self.others: dict[str, list[nw.Expr]] = {}
        self.seen: set[Any] = set()

    def missing(self) -> nw.Expr:
        """The names of the absent data, joined by `, `, in the order of the alphabet."""
        told: nw.Expr = nw.lit("")
        for name in sorted(self.absent):
            here = any_of(self.absent[name])
            assert here is not None
            comma = nw.when(told == "").then(nw.lit(name)).otherwise(nw.concat_str(told, nw.lit(f", {name}")))
            told = nw.when(here).then(comma).otherwise(told)
        return told

    def because(self, order: Sequence[str]) -> nw.Expr:
        """The first of the reasons that there are."""
        told: nw.Expr = nw.lit(order[-1])
        reasons = {**self.others, order[0]: [each for exprs in self.absent.values() for each in exprs]}
        for reason in reversed(order):
            here = any_of(reasons.get(reason, ()))
            if here is not None:
                told = nw.when(here).then(nw.lit(reason)).otherwise(told)
        return told

    def visit(self, node: s.Expr, prefix: str = "", name: str = "") -> None:
        """Note what an expression lacks; `prefix` leads to the subject it is about, `name` is that path as it is told."""
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
                self.visit(child, prefix, name)

    def _name(self, node: s.Name, prefix: str) -> None:
        if not node.about:
            return
        path = prefix + "".join(f"{parent}." for parent in node.parents)
        definition = self.writer.catalogue.definition(node.about, node.name)
        key = (path, node.about, node.name)
        if key in self.seen:
            return
        self.seen.add(key)
        if definition is not None:
            self.visit(definition, path)
            return
        above = path.removesuffix(".")
        if above and not any(column.startswith(path) for column in self.sheet.schema):
            self.absent.setdefault(above, []).append(self.sheet.always)
            return
        part = self.writer.write(node, prefix)
        known = any_of([part.true, part.false]) if isinstance(part, Condition) else ~part.value.is_null()  # type: ignore[union-attr]
        there = any_of([known, part.unset])
        self.absent.setdefault(path + node.name, []).append(self.sheet.always if there is None else ~there)

    def _other(self, node: s.Expr, prefix: str) -> None:
        if isinstance(node, s.Divide):
            zero = self.writer.value(node.right, prefix).value == 0
            self._reason("division by zero", zero)
        elif isinstance(node, s.Literal) and node.type.unit and node.type.kind == "own":
            mine, _ = self.sheet.in_unit(prefix, node.type.unit)
            self._reason("unit", ~mine)
        elif isinstance(node, s.Literal) and node.type.kind == "money" and self._foreign(node):
            self._reason("unit", self.sheet.always)

    def _foreign(self, node: s.Literal) -> bool:
        return node.type.unit not in ("", self.writer.setting.currency)

    def _reason(self, reason: str, here: nw.Expr) -> None:
        told = nw.when(here).then(nw.lit(value=True)).otherwise(nw.lit(value=False))
        self.others.setdefault(reason, []).append(told)

    def _aggregate(self, node: s.Aggregate, prefix: str) -> None:
        if node.function in ("mean", "min", "max", "share"):
            part = self.writer.write(node, prefix)
            empty = part.low.is_null() if hasattr(part, "low") else part.value.is_null()  # type: ignore[union-attr]
            self.others.setdefault("empty collection", []).append(empty)

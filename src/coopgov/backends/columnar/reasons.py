"""Determines, in columns, why a check is undetermined: the absent data that it reads, and other reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import conditional, is_known_if, lacks_value, total
from coopgov.backends.columnar.compiler import nearer
from coopgov.backends.columnar.values import Column, Condition, Range, any_of, false_of, present, unknown_of
from coopgov.backends.interpreter import ABSENT, OUT_OF_RANGE
from coopgov.language import syntax as s
from coopgov.language.dependencies import fact_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.backends.columnar.compiler import Writer
    from coopgov.backends.columnar.groups import Group
    from coopgov.backends.columnar.values import Part, Value, Why

__all__ = ["Reasons"]

_EMPTY = ("mean", "min", "max", "share")
"""Aggregate functions that have no value for an empty collection."""


class Reasons:
    """Walks conditions, through formulas and collections, like the interpreter's diagnosis of one record.

    For each missing fact and each reason, it collects the columns that say in which rows it applies; `within` is the
    path of the collection whose items it is about.
    """

    def __init__(self, writer: Writer, within: str = "") -> None:
        self.writer = writer
        self.within = within
        self.sheet = writer.sheet
        self.missing: dict[str, list[Column]] = {}
        self.because: dict[str, list[Column]] = {}
        self.undecided: dict[str, list[Column]] = {}
        """What the conditions read by which values are not known; under no name, where there are such conditions."""
        self.explained: set[str] = set()
        """The facts whose reason is not plain absence, with that reason."""
        self.around: list[tuple[s.Name, Column]] = []
        """Facts of the owning subjects, each with the items for which it counts."""
        self.seen: set[Any] = set()

    def settle(self) -> None:
        """List what conditions read by which values are not known, where nothing else is missing."""
        lacking = any_of(column for columns in self.missing.values() for column in columns)
        for name, where in self.undecided.items():
            alone = where if lacking is None else [each & ~lacking for each in where]
            self._note(*((self.missing, name) if name else (self.because, ABSENT)), *alone)

    def visit(self, node: s.Expr, prefix: str = "") -> None:
        """Collect what an expression lacks; `prefix` leads to the subject above that it is about."""
        catalogue: Any = self.writer.catalogue
        if isinstance(node, s.Known) or (isinstance(node, s.Else) and total(node, catalogue)):
            return
        if isinstance(node, s.Name):
            self._name(node, prefix)
        elif isinstance(node, s.Aggregate):
            self._aggregate(node, prefix)
        elif conditional(node):
            self._conditional(node, prefix)
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
            self.around.append((nearer(node), self.sheet.always))
            return
        definition = self.writer.catalogue.definition(node.about, node.name)
        if definition is not None:
            self._merge(self._of_formula(definition, path))
        elif path and not self.writer.reaches(path):
            self._lacks(path.removesuffix("."), self.sheet.always)
        else:
            part = self.writer.write(node, prefix)
            why = () if isinstance(part, Range) else part.why
            self._lacks(path + node.name, self._once(key, lambda: self._unknown(part)), why)

    def _lacks(self, name: str, unknown: Column | None, why: Why = ()) -> None:
        """Collect that a fact has no value, and why: it is absent unless there is another reason."""
        if unknown is None:
            return
        self._note(self.missing, name, unknown)
        known = any_of(where for _, where in why)
        if known is not None:
            self.explained.add(name)
            for reason, where in (*why, (ABSENT, ~known)):
                self._note(self.because, reason, where & unknown)

    def _of_formula(self, definition: s.Expr, path: str) -> Reasons:
        """What a formula lacks, found out once for all checks that read it."""
        key = (definition, path, self.within)
        if key not in self.writer.formulas:
            self.writer.formulas[key] = found = self._within()
            found.visit(definition, path)
        found = self.writer.formulas[key]
        assert isinstance(found, Reasons)
        return found

    def _merge(self, other: Reasons) -> None:
        """Take over everything that others have collected."""
        self.explained |= other.explained
        self.around += other.around
        for mine, found in self._notes(other):
            for what, columns in found.items():
                known = mine.setdefault(what, [])
                known += [each for each in columns if not any(each is one for one in known)]

    def _notes(self, other: Reasons) -> Iterator[tuple[dict[str, list[Column]], dict[str, list[Column]]]]:
        """What has been collected here, and by others."""
        yield self.missing, other.missing
        yield self.because, other.because
        yield self.undecided, other.undecided

    def _once(self, key: Any, make: Callable[[], Column | None]) -> Column | None:
        """A column that several checks ask for, made once; checks recognise each other's by that."""
        if key not in self.writer.reasons:
            self.writer.reasons[key] = make()
        return self.writer.reasons[key]

    def _unknown(self, part: Part) -> Column | None:
        """Where something has no value for another reason than not being set; None if nowhere."""
        if isinstance(part, Condition):
            return unknown_of(part, self.sheet.always)
        if not isinstance(part, Range) and part.absent:
            known = part.unset
        else:
            there = present(part)
            if there is None:
                return None
            known = any_of([there, part.unset])
        return self.sheet.always if known is None else ~known

    def _other(self, node: s.Expr, prefix: str) -> None:
        self._note(self.because, OUT_OF_RANGE, self.writer.lost.get((node, prefix)))
        lack = lacks_value(node)
        if isinstance(node, s.Divide):
            zero = self._once((node, prefix), lambda: self._zero(self.writer.value(node.right, prefix)))
            self._note(self.because, "division by zero", zero)
        elif lack == "unit" and node.type.unit:
            self._note(self.because, "unit", ~self.writer.in_unit(prefix, node.type.unit))
        elif lack == "currency" and node.type.unit != self.writer.setting.currency:
            self._note(self.because, "unit", self.sheet.always)

    def _conditional(self, node: s.Expr, prefix: str) -> None:
        """Collect what a value under a condition lacks, where there is none."""
        part = self.writer.value(node, prefix)
        there = None if part.absent else present(part)
        if there is None and not part.absent:
            return
        lacking = self._within()
        if is_known_if(node):
            lacking.known_if(node, prefix)
        else:
            for child in s.children(node):
                lacking.visit(child, prefix)
        self._take(lacking, self.sheet.always if there is None else ~there)

    def known_if(self, node: s.Call, prefix: str) -> None:
        """Collect what a value lacks that is known where a condition holds, and what says that it is not known."""
        value, condition = node.arguments
        self.visit(value, prefix)
        outcome = self.writer.condition(condition, prefix)
        decided = any_of([outcome.true, false_of(outcome)])
        lacking = self._within()
        lacking.visit(condition, prefix)
        self._take(lacking, self.sheet.always if decided is None else ~decided)
        for name in ("", *fact_paths(condition, self.writer.catalogue, self.within + prefix)):
            self._note(self.undecided, name, false_of(outcome))

    def _within(self) -> Reasons:
        return Reasons(self.writer, self.within)

    def _take(self, other: Reasons, where: Column) -> None:
        """Take over what others have collected, where a condition holds."""
        self.explained |= other.explained
        self.around += [(name, each & where) for name, each in other.around]
        for mine, found in self._notes(other):
            for what, columns in found.items():
                self._note(mine, what, *(each & where for each in columns))

    def _zero(self, part: Value) -> Column | None:
        if part.absent:
            return None
        if part.constant is not None:
            return self.sheet.always if part.constant == 0.0 else None
        if 0.0 not in part.span or 0.0 not in self.sheet.measured(part).span:
            return None
        return self.sheet.certain(part.value == 0.0)

    def _aggregate(self, node: s.Aggregate, prefix: str) -> None:
        group, writer = self.writer.grouped(node, prefix)
        if node.function in _EMPTY:
            self._note(self.because, "empty collection", self._unknown(group.part))
        self._note(self.because, OUT_OF_RANGE, group.lost)
        inside = Reasons(writer, f"{self.within}{prefix}{node.collection.name}.")
        for part in node.of_items:
            inside.visit(part)
        for name, where in inside.missing.items():
            self._note(self.missing, f"{node.collection.name}.{name}", _somewhere(group, where))
        self.explained |= {f"{node.collection.name}.{name}" for name in inside.explained}
        for mine, found in ((self.because, inside.because), (self.undecided, inside.undecided)):
            for what, where in found.items():
                self._note(mine, what, _somewhere(group, where))
        self._around(inside.around, group)

    def _around(self, names: list[tuple[s.Name, Column]], group: Group) -> None:
        """Collect what facts of the owning subjects lack, where there is an item to compare them with."""
        for name, items in names:
            outside = Reasons(self.writer)
            outside.visit(name)
            if outside.missing or outside.because or outside.undecided:
                self._take(outside, group.count(items) > 0.0)

    def _note(self, notes: dict[str, list[Column]], what: str, *where: Column | None) -> None:
        given = [each for each in where if each is not None]
        if given:
            notes.setdefault(what, []).extend(given)


def _somewhere(group: Group, where: list[Column]) -> Column:
    """Where a condition holds for at least one item."""
    return group.count(any_of(where)) > 0.0

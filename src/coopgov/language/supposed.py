"""Which values can depend on supposed facts: all others are those of the interpreter that supposes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.language import syntax as s
from coopgov.language.values import missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.language.dependencies import Reads

__all__ = ["Supposed"]

_Fact = tuple[int, str, str]
_Records = tuple[Any, ...]


class _Interpreter(Protocol):
    @property
    def definitions(self) -> Any:
        """The facts and their formulas."""

    def value(self, node: s.Expr, *records: Any) -> Any:
        """Evaluate an expression."""

    def items(self, node: s.Aggregate, items: Iterable[Any], records: _Records) -> list[tuple[Any, Any]]:
        """Whether each item of a collection meets the condition of an aggregate, and its value."""

    def reads(self, node: s.Expr) -> Reads:
        """What an expression can read, whatever the data."""

    def of_item_alone(self, node: s.Aggregate) -> bool:
        """Whether what an aggregate finds of an item depends on facts of that item alone, and on the day."""

    def name(self, node: s.Name, records: _Records) -> Any:
        """The value of a fact."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What everything that is supposed of one interpreter shares.

    That is what it finds of the items of collections, the values of expressions and their exact forms (each with its
    node, which keeps the id in use), other words for them, and for the names of facts, which expressions can read
    them, and whether of one record alone.
    """

    items: dict[tuple[int, ...], list[Any]] = field(default_factory=dict)
    values: dict[tuple[int, ...], tuple[s.Expr, Any]] = field(default_factory=dict)
    constants: dict[tuple[int, ...], tuple[s.Expr, Any]] = field(default_factory=dict)
    rewritten: dict[int, tuple[s.Expr, s.Expr]] = field(default_factory=dict)
    readers: dict[tuple[tuple[str, str], ...], dict[int, tuple[bool, bool]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Supposed:
    """Facts that are supposed to differ from what `base` finds: each by the identity of its record, type and name."""

    base: _Interpreter
    facts: frozenset[_Fact]
    shared: Shared
    _names: dict[int, bool] = field(default_factory=dict)
    _reached: dict[tuple[int, ...], bool] = field(default_factory=dict)
    _formulas: dict[_Fact, bool] = field(default_factory=dict)
    _items: dict[tuple[int, ...], tuple[list[Any], list[int]]] = field(default_factory=dict)

    def reach(self, node: s.Expr, records: _Records) -> bool:
        """Whether the value of an expression can depend on the facts."""
        if not self._name(node):
            return False
        key = (id(node), *map(id, records))
        if key not in self._reached:
            self._reached[key] = self._depends(node, records)
        return self._reached[key]

    def reach_fact(self, fact: _Fact, node: s.Name, record: Any) -> bool:
        """Whether a fact of a record can depend on the facts."""
        if fact not in self._formulas:
            definition = self.base.definitions.definition(node.about, node.name)
            below = definition is not None and self.reach(definition, (record,))
            self._formulas[fact] = below or fact in self.facts
        return self._formulas[fact]

    def items(self, node: s.Aggregate, items: list[Any], records: _Records) -> tuple[list[Any], list[int]]:
        """What `base` finds of the items of a collection, and the places of those that can depend on the facts."""
        key = (id(node), *map(id, records))
        if key not in self._items:
            known = self.shared.items
            if key not in known:
                known[key] = self.base.items(node, items, records)
            self._items[key] = known[key], self._reached_of(node, items, records)
        return self._items[key]

    def _reached_of(self, node: s.Aggregate, items: list[Any], records: _Records) -> list[int]:
        places: Iterable[int] = range(len(items))
        if self.base.of_item_alone(node):
            changed = {record for record, _, _ in self.facts}
            places = [place for place in places if id(items[place]) in changed]
        return [
            place
            for place in places
            if any(self.reach(part, (*records, items[place])) for part in node.of_items)
        ]

    def _name(self, node: s.Expr) -> bool:
        """Whether an expression can read facts of these names, of any subject: a quick test that needs no records."""
        known = self._names.get(id(node))
        if known is None:
            read = self.base.reads(node).facts
            known = self._names[id(node)] = any(fact[1:] in read for fact in self.facts)
        return known

    def _depends(self, node: s.Expr, records: _Records) -> bool:
        if isinstance(node, s.Name):
            record: Any = records[-1 - node.level]
            for parent in node.parents:
                record = None if record is None else record.get(parent)
            return record is not None and self.reach_fact((id(record), node.about, node.name), node, record)
        if isinstance(node, s.Aggregate):
            if self.reach(node.collection, records):
                return True
            items = self.base.value(node.collection, *records)
            return not missing(items) and bool(self.items(node, list(items), records)[1])
        return any(self.reach(child, records) for child in s.children(node))

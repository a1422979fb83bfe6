"""Which values can depend on supposed facts: all others are those of the interpreter that supposes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from coopgov.language import syntax as s
from coopgov.language.dependencies import named_facts
from coopgov.language.values import missing

__all__ = ["Supposed"]

_Fact = tuple[int, str, str]
_Records = tuple[Any, ...]


class _Interpreter(Protocol):
    @property
    def definitions(self) -> Any:
        """The facts and their formulas."""

    def value(self, node: s.Expr, *records: Any) -> Any:
        """Evaluate an expression."""

    def item(self, node: s.Aggregate, records: _Records) -> tuple[Any, Any]:
        """Whether an item of a collection meets the condition of an aggregate, and its value."""

    def name(self, node: s.Name, records: _Records) -> Any:
        """The value of a fact."""


@dataclass(frozen=True, slots=True, eq=False)
class Supposed:
    """Facts that are supposed to differ from what `base` finds: each by the identity of its record, type and name."""

    base: _Interpreter
    facts: frozenset[_Fact]
    _names: dict[int, tuple[s.Expr, bool]] = field(default_factory=dict)
    _reached: dict[tuple[int, ...], bool] = field(default_factory=dict)
    _formulas: dict[_Fact, bool] = field(default_factory=dict)
    _items: dict[tuple[int, ...], Any] = field(default_factory=dict)

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

    def item(self, node: s.Aggregate, records: _Records) -> Any:
        """What `base` finds of an item of a collection."""
        key = (id(node), *map(id, records))
        if key not in self._items:
            self._items[key] = self.base.item(node, records)
        return self._items[key]

    def _name(self, node: s.Expr) -> bool:
        """Whether an expression can read facts of these names, of any subject: a quick test that needs no records."""
        known = self._names.get(id(node))
        if known is None:
            changed = {fact[1:] for fact in self.facts}
            read = named_facts([node], self.base.definitions)
            known = self._names[id(node)] = node, not changed.isdisjoint(read)
        return known[1]

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
            return not missing(items) and any(
                self.reach(part, (*records, item)) for item in items for part in node.of_items
            )
        return any(self.reach(child, records) for child in s.children(node))

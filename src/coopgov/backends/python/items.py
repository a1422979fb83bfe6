"""Leaves what aggregates ask of items to compiled functions, once there are enough items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.language.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coopgov.language import syntax as s
    from coopgov.language.interpreter import Definitions

    Record = Mapping[str, Any]
    Item = Callable[..., tuple[Any, Any]]

__all__ = ["Items", "interpreter_with"]

_WORTH = 200
"""The number of items that are interpreted before it pays to compile what an aggregate asks of them."""


class Items:
    """What aggregates ask of items, compiled when it is `worth` it: once so many items were interpreted."""

    def __init__(self, worth: int = _WORTH) -> None:
        self._worth = worth
        self._seen: dict[int, tuple[s.Aggregate, int]] = {}
        self._functions: dict[int, tuple[s.Aggregate, Item]] = {}

    def function(self, node: s.Aggregate, depth: int, definitions: Definitions, number: int) -> Item | None:
        """Return the function of an aggregate that is asked about a number of items, if it is worth having.

        It takes an interpreter, what it remembers, and as many records as `depth`: those around the item, and the item.
        """
        known = self._functions.get(id(node))
        if known is not None:
            return known[1]
        _, seen = self._seen.get(id(node), (node, 0))
        self._seen[id(node)] = node, seen + number
        if seen + number < self._worth:
            return None
        from coopgov.backends.python.item_functions import item_function  # few agreements have so many items

        function = item_function(node, depth, definitions)
        self._functions[id(node)] = node, function
        return function


class _Interpreter(Interpreter):
    """An interpreter that leaves the items of aggregates to compiled functions."""

    __slots__ = ("compiled",)
    compiled: Items

    def items(self, node: s.Aggregate, items: Iterable[Record], records: tuple[Record, ...]) -> list[Any]:
        listed = list(items)
        function = self.compiled.function(node, len(records) + 1, self.definitions, len(listed))
        if function is None:
            return [self.item(node, (*records, item)) for item in listed]
        return [function(self, self._memo, *records, item) for item in listed]


def interpreter_with(compiled: Items, shared: Interpreter) -> Interpreter:
    """Return an interpreter that remembers values together with another one, and has items compiled."""
    if shared.__class__ is not Interpreter or shared.supposes:
        return shared
    made = shared.of_class(_Interpreter)
    object.__setattr__(made, "compiled", compiled)
    return made

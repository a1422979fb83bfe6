"""An immutable, hashable mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

__all__ = ["FrozenMap"]

Key = TypeVar("Key")
Value_co = TypeVar("Value_co", covariant=True)


class FrozenMap(Mapping[Key, Value_co]):
    """An immutable mapping that keeps insertion order; equal to any mapping with the same items.

    >>> FrozenMap({"port": 1})["port"]
    1
    """

    __slots__ = ("_items",)
    _items: dict[Key, Value_co]

    def __init__(self, items: Mapping[Key, Value_co] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: Key) -> Value_co:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

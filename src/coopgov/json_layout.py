"""Lays out JSON on lines, in the bytes of `json.dumps` with an indent, and in a third of its time.

With an indent, the standard library falls back to an encoder in Python. Here only the layout is made in Python: texts
are encoded by the standard library's function in C.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["laid_out"]


def laid_out(
    data: object,
    indent: int = 2,
    plain: Callable[[Any], object] | None = None,
    *,
    encode: Callable[[str], str] = encode_basestring,
    depth: int = 0,
) -> str:
    """Return what `json.dumps(data, ensure_ascii=False, indent=indent)` returns; keys must be texts.

    `plain` replaces values that are neither of JSON's own Python types nor containers of them: phrases by texts,
    results by mappings. A result that is replaced only when its turn comes is soon given back, so that the garbage
    collector has little to look through. `encode` makes a text a JSON string. `depth` is the number of containers that
    the data are inside of; all lines are indented that much.

    >>> print(laid_out({"days": [5, None], "note": "late"}))
    {
      "days": [
        5,
        null
      ],
      "note": "late"
    }
    """
    writer = _Writer(" " * indent, plain, encode)
    writer.parts.append(depth * indent * " ")
    writer.value(data, depth)
    return "".join(writer.parts)


class _Keys(dict[str, str]):
    """The code of each key, after what precedes it at its depth and before a value that it always has."""

    def __init__(self, encode: Callable[[str], str], before: str, value: str = "") -> None:
        super().__init__()
        self.encode = encode
        self.before = before
        self.value = value

    def __missing__(self, key: str) -> str:
        self[key] = code = f"{self.before}{self.encode(key)}: {self.value}"
        return code


class _Depth:
    """What begins, separates and ends the items of a container at a depth."""

    def __init__(self, margin: str, step: str, encode: Callable[[str], str]) -> None:
        before = f",{margin}{step}"
        self.first_key = _Keys(encode, f"{{{margin}{step}")
        self.next_key = _Keys(encode, before)
        self.next_null = _Keys(encode, before, "null")
        self.next_false = _Keys(encode, before, "false")
        self.next_empty = _Keys(encode, before, "[]")
        self.end_of_keys = f"{margin}}}"
        self.first_item = f"[{margin}{step}"
        self.next_item = before
        self.end_of_items = f"{margin}]"


class _Writer:
    def __init__(
        self, step: str, plain: Callable[[Any], object] | None, encode: Callable[[str], str]
    ) -> None:
        self.parts: list[str] = []
        self.step = step
        self.plain = plain
        self.encode = encode
        self.depths: list[_Depth] = []

    def _depth(self, number: int) -> _Depth:
        while number >= len(self.depths):
            self.depths.append(_Depth("\n" + len(self.depths) * self.step, self.step, self.encode))
        return self.depths[number]

    def _mapping(self, values: Mapping[str, Any], number: int) -> None:
        depth, add, encode = self._depth(number), self.parts.append, self.encode
        next_key, next_null, next_false = depth.next_key, depth.next_null, depth.next_false
        rest = iter(values.items())
        key, value = next(rest)
        add(depth.first_key[key])
        self.value(value, number + 1)
        for key, value in rest:  # most values are texts, or one of those that have a code with their key
            if type(value) is str:
                add(next_key[key])
                add(encode(value))
            elif value is None:
                add(next_null[key])
            elif value is False:
                add(next_false[key])
            elif not value and type(value) is list:
                add(depth.next_empty[key])
            else:
                add(next_key[key])
                self.value(value, number + 1)
        add(depth.end_of_keys)

    def _items(self, values: Iterable[Any], number: int) -> None:
        depth = self._depth(number)
        before = depth.first_item
        for value in values:
            self.parts.append(before)
            before = depth.next_item
            self.value(value, number + 1)
        self.parts.append(depth.end_of_items)

    def value(self, value: Any, number: int) -> None:
        """Write a value at a depth."""
        kind, add = type(value), self.parts.append
        if kind is dict:
            self._mapping(value, number) if value else add("{}")
        elif kind is str:
            add(self.encode(value))
        elif kind is list or kind is tuple:
            self._items(value, number) if value else add("[]")
        elif kind is int or (kind is float and isfinite(value)):
            add(repr(value))
        elif value is None or kind is bool or kind is float or self.plain is None:
            add(json.dumps(value, ensure_ascii=False))
        else:
            self._replaced(self.plain(value), number)

    def _replaced(self, value: object, number: int) -> None:
        """Write what a value was replaced by; a text of a kind of its own is written as one."""
        if type(value) is dict:
            self._mapping(value, number) if value else self.parts.append("{}")
        else:
            self.parts.append(
                self.encode(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            )

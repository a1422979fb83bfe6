"""Reads JSON of other systems, and takes values out of it without trusting their types.

Objects note which of their keys are asked for, so that `lose_unread` can list everything that no reader asked for.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import refused
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.result import Log

__all__ = ["Object", "items", "json_of", "lose_unread", "merged", "settle", "text_of"]

_HALF = re.compile("[\ud800-\udfff]")
_NOTHING: tuple[object, ...] = (None, "", [], {})
"""Values of which nothing can be lost."""


class Object(dict[str, Any]):
    """An object of JSON: a dictionary that notes which keys are asked for by the right type."""

    __slots__ = ("asked", "lists", "settled", "twice")

    def __init__(self, pairs: Sequence[tuple[str, Any]] = ()) -> None:
        super().__init__(pairs)
        self.asked: set[str] = set()
        self.lists: dict[str, None] = {}
        """The keys that were asked for as lists of objects."""
        self.settled = False
        """Whether it is accounted for as a whole."""
        self.twice = [] if len(self) == len(pairs) else _repeated(pairs)
        """Keys that it has twice; the last one counts."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, which is read thereby."""
        self.asked.add(key)
        return super().get(key, default)

    def peek(self, key: str) -> Any:
        """The value of a key, which is lost unless somebody asks for it."""
        return super().get(key)

    def text(self, key: str) -> str:
        """A scalar as text; empty for anything else, which is lost."""
        value = super().get(key)
        if value is None or isinstance(value, (str, int, float)):
            self.asked.add(key)
        return text_of(value)

    def inner(self, key: str) -> Object:
        """An object; an empty one instead of anything else, which is lost."""
        value = super().get(key)
        if isinstance(value, Object):
            self.asked.add(key)
            return value
        return Object()

    def array(self, key: str) -> list[Any]:
        """A list; an empty one instead of anything else, which is lost."""
        value = super().get(key)
        if isinstance(value, list):
            self.asked.add(key)
            return value
        return []

    def objects(self, key: str) -> list[Object]:
        """The objects of a list; anything else in it is lost."""
        self.lists[key] = None
        return [each for each in self.array(key) if isinstance(each, Object)]

    def unread(self) -> Iterator[str]:
        """The keys that nobody asked for."""
        for key, value in self.items():
            if key not in self.asked and not any(value == each for each in _NOTHING):
                yield key


def _repeated(pairs: Sequence[tuple[str, Any]]) -> list[str]:
    seen: set[str] = set()
    found = []
    for name, _ in pairs:
        if name in seen:
            found.append(name)
        seen.add(name)
    return found


def json_of(source: Input, *keys: str) -> Object:
    """The JSON object of a file, which must have one of some keys.

    Raises:
        SourceError: it is no JSON, or another sort of file.
    """
    try:
        found = json.loads(source.data, object_pairs_hook=Object)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        why = phrase("imports.source.broken-json")
        raise refused(
            source.name, "syntax", why, phrase("imports.source.whole-json"), line=line, column=column
        ) from None
    if not isinstance(found, Object) or not any(key in found for key in keys):
        missing = phrase("imports.source.without-key", key=keys[0])
        raise refused(source.name, "missing-key", missing, phrase("imports.source.other-file"))
    return found


def items(value: object) -> list[Any]:
    """A list, or an empty one instead of anything else."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A scalar as text; empty for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return _HALF.sub("\ufffd", str(value))
    return ""


def settle(value: object) -> None:
    """Note that a value is accounted for as a whole."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Object):
            each.settled = True
        elif isinstance(each, list):
            waiting += each


def merged(old: Object, new: Object) -> Object:
    """The newest value of each key; objects, and lists of objects with ids, are merged in turn.

    Null removes nothing that was said before. What is read of the whole is read of its parts.
    """
    old.asked |= new.asked
    new.asked = old.asked
    made = Object(list(old.items()))
    made.asked, made.lists = old.asked, old.lists
    for key, value in new.items():
        before = made.peek(key)
        if isinstance(value, Object) and isinstance(before, Object):
            made[key] = merged(before, value)
        elif (there := _by_id(before)) and (here := _by_id(value)):
            made[key] = list(
                {
                    **there,
                    **{
                        name: merged(there[name], each) if name in there else each
                        for name, each in here.items()
                    },
                }.values()
            )
        elif value is not None:
            made[key] = value
    return made


def _by_id(value: object) -> dict[str, Object]:
    """The objects of a list by their ids; empty if one lacks an id or shares it."""
    if not isinstance(value, list):
        return {}
    found = {text_of(each.peek("id")): each for each in value if isinstance(each, Object)}
    return found if len(found) == len(value) and "" not in found else {}


def lose_unread(data: Object, file: str, log: Log) -> None:
    """List every key that no reader asked for, by the key of the object that it belongs to, with its path."""
    waiting: list[tuple[str, str, object]] = [("", "", data)]
    while waiting:
        within, path, value = waiting.pop()
        if isinstance(value, Object) and not value.settled:
            unread = dict.fromkeys(value.unread())
            for key in (*value.twice, *unread):
                log.lose_key(within, _whole(key), f"{file}: {_under(path, key)}")
            for key in [each for each in value.lists if each not in unread]:
                for at, each in enumerate(items(value.peek(key))):
                    if not isinstance(each, Object):
                        log.lose_key(within, _whole(key), f"{file}: {_under(path, key)}[{at}]")
            waiting += [
                (_whole(key), _under(path, key), each)
                for key, each in reversed(value.items())
                if key not in unread and isinstance(each, (Object, list))
            ]
        elif isinstance(value, list):
            waiting += [(within, f"{path}[{at}]", each) for at, each in reversed(list(enumerate(value)))]


def _under(path: str, key: str) -> str:
    return f"{path}.{_whole(key)}" if path else _whole(key)


def _whole(key: str) -> str:
    """A key without halves of characters."""
    return _HALF.sub("\ufffd", key)

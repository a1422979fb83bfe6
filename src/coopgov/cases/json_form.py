"""The values of cases as JSON, and back without loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from coopgov.schema import FrozenMap, LocalText

__all__ = ["Reader", "a_text", "days_of", "one", "plain", "read_into", "several", "the_day"]

Value = TypeVar("Value")
Reader = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Return a value of cases as JSON: dates as texts, tuples as lists, values as mappings of their fields.

    A field that ends in an underscore, because its name is a word of Python, loses it.

    >>> plain({"on": date(2026, 11, 9), "notified": ("pm",)})
    {'on': '2026-11-09', 'notified': ['pm']}
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, LocalText):
        return dict(value.entries)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {each.name.rstrip("_"): plain(getattr(value, each.name)) for each in fields(value)}
    return [plain(item) for item in value]


def read_into(kind: type[Value], data: Mapping[str, Any], readers: Mapping[str, Reader]) -> Value:
    """Make a value from JSON; fields that the JSON does not have keep their defaults, and other keys are ignored."""
    found: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]  # the values of cases are dataclasses
        key = each.name.rstrip("_")
        if key in data:
            item = data[key]
            reader = readers.get(each.name)
            found[each.name] = item if reader is None or item is None else reader(item)
    return kind(**found)


def the_day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def days_of(data: Mapping[str, str]) -> Mapping[str, date]:
    """Read dates by name."""
    return FrozenMap({name: the_day(text) for name, text in data.items()})


def a_text(data: Mapping[str, str]) -> LocalText:
    """Read a text in several languages."""
    return LocalText(tuple(data.items()))


def one(kind: type[Value], readers: Mapping[str, Reader]) -> Reader:
    """Read a value of a class."""
    return lambda data: read_into(kind, data, readers)


def several(reader: Reader) -> Reader:
    """Read a list."""
    return lambda items: tuple(map(reader, items))

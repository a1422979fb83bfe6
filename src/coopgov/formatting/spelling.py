"""Rewrites values in their canonical spelling: synonyms, and other forms of days, numbers, spans and amounts.

What is written in the canonical form already, or has no certain meaning, stays as it is.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from coopgov.model.dated import bare_key
from coopgov.model.money import open_readings
from coopgov.rules.entry_fields import Escalation, Readings
from coopgov.schema import Amount, Choice, Parsed, Span, written
from coopgov.schema.currencies import MINOR_DIGITS
from coopgov.schema.worded import Worded
from coopgov.synonyms import TABLES, choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["canonical_value", "marks_at"]

Path = tuple[str | int, ...]
Mark = Parsed | Choice

_PLAIN_SPAN = re.compile(r"\s*[0-9]+\s*(?:working\s+)?(?:day|week|month|hour|minute)s?\s*")
_PLAIN_AMOUNT = re.compile(r"\s*-?[0-9.]+(?:[eE][-+]?[0-9]+)?(?:\s+[A-Z]{3})?\s*")


def canonical_value(text: str, marks: Iterable[Mark], currency: str) -> str:
    """Return the canonical spelling of a value, by the marks of its field and the currency of the agreement."""
    for mark in marks:
        if isinstance(mark, Choice):
            return choice(text, TABLES[mark.table]) or text
        try:
            value = mark.parse(text)
        except PydanticCustomError:
            continue
        return _spelt(text, value, mark, currency)
    return text


def _spelt(text: str, value: Any, mark: Parsed, currency: str) -> str:
    match value:
        case date():
            return value.isoformat()
        case Span():
            return text if _PLAIN_SPAN.fullmatch(text) else str(value)
        case Amount():
            certain = currency in MINOR_DIGITS and not open_readings(value, currency)
            return text if _PLAIN_AMOUNT.fullmatch(text) or not certain else str(value)
        case (Escalation() as alone,):
            return text if text.isascii() else str(alone)
        case Readings():
            return text if text.isascii() else str(value)
        case None:  # at once
            return text if text.isascii() else "0"
        case bool() | int() | Decimal():
            usual = text.isascii() and "," not in text
            return text if usual else mark.write(value) if mark.write else str(written(value))
        case str() if isinstance(mark, Worded):
            return value
    return text


def marks_at(kind: Any, path: Path, metadata: Iterable[object] = ()) -> Iterator[Mark]:
    """Yield what says how the value at a path below a type is parsed."""
    notes = tuple(metadata)
    key = bare_key(notes)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _below_model(kind, path)
    elif get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        yield from marks_at(inner, path, (*notes, *more))
    elif key is not None and not (path and isinstance(path[0], str)) and len(path) <= 1:
        yield from _below_model(get_args(kind)[0], (key,))
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from marks_at(each, path, notes)
    elif get_origin(kind) is tuple:
        listed = path[1:] if path and isinstance(path[0], int) else path if key else None
        yield from marks_at(get_args(kind)[0], listed) if listed is not None else ()
    elif not path:
        yield from (each for each in notes if isinstance(each, (Parsed, Choice)))
    elif len(path) == 1 or (len(path) == 2 and isinstance(path[1], int)):
        yield from (Parsed(each.items) for each in notes if isinstance(each, Parsed) and each.items)


def _below_model(model: type[BaseModel], path: Path) -> Iterator[Mark]:
    for name, field in model.model_fields.items() if path else ():
        if path[0] == (field.alias or name):
            yield from marks_at(field.annotation, path[1:], field.metadata)

"""Walks all parts of an agreement, so that a key that is added to the model is seen without a change here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from coopgov.schema.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.schema.problems import Path

__all__ = ["fields_of", "parts_below"]


def parts_below(part: Part, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Yield a part and all parts below it, each with its path."""
    yield path, part
    for key, value in fields_of(part):
        for step, each in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(each, Part):
                yield from parts_below(each, (*path, key) if step is None else (*path, key, step))


def fields_of(part: Part) -> Iterator[tuple[str, object]]:
    """Yield the keys of a part, as a file spells them, with their values."""
    values = part.__dict__
    for name, key in _keys(type(part)):
        yield key, values[name]


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the fields of a sort of part, and their keys in a file."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())

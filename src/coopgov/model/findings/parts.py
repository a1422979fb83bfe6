"""Walks all parts of an agreement, so that a key that is added to the model is seen without a change here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from coopgov.schema.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.schema.problems import Path

__all__ = ["Found", "all_parts"]


class Found(NamedTuple):
    """A part of an agreement, its path, and what it has: the keys, as a file spells them, with their values."""

    path: Path
    part: Part
    has: Sequence[tuple[str, object]]


def all_parts(part: Part, path: Path = ()) -> Iterator[Found]:
    """Yield a part and all parts below it; a family of findings is about all of them, so they are walked once."""
    values = part.__dict__
    has = [
        (key, value) for name, key in _keys(type(part)) if (value := values[name]) is not None and value != ()
    ]
    yield Found(path, part, has)
    for key, value in has:
        if isinstance(value, Part):
            yield from all_parts(value, (*path, key))
        elif isinstance(value, tuple):
            for step, each in enumerate(value):
                if isinstance(each, Part):
                    yield from all_parts(each, (*path, key, step))


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the fields of a sort of part, and their keys in a file."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())

"""Walks all parts of an agreement, so that a key that is added to the model is seen without a change here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from coopgov.schema.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.schema.problems import Path

__all__ = ["Found", "all_parts"]


class Found(NamedTuple):
    """A part of an agreement, its path, and what it has: the keys, as a file spells them, with their values."""

    path: Path
    part: Part
    has: Mapping[str, object]


def all_parts(part: Part, path: Path = ()) -> Iterator[Found]:
    """Yield a part and all parts below it; a family of findings is about all of them, so they are walked once."""
    values = part.__dict__
    has = {key: value for name, key in _keys(type(part)) if (value := values[name]) is not None}
    yield Found(path, part, has)
    for key, value in has.items():
        for step, each in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if _is_part(type(each)):  # type: ignore[arg-type]  # a class can be hashed
                yield from all_parts(each, (*path, key) if step is None else (*path, key, step))


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the fields of a sort of part, and their keys in a file."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())


@cache
def _is_part(kind: type) -> bool:
    """What `isinstance` says, which takes long for what is none."""
    return issubclass(kind, Part)

"""Finds what a strict agreement would not load with: missing dates, and ends before their starts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from coopgov.model.periods import Ends
from coopgov.model.strict import NEEDED
from coopgov.schema.base import Part
from coopgov.schema.locate import missing_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.schema.problems import Defect, Path

__all__ = ["forgiven"]


def forgiven(part: Part, path: Path = ()) -> Iterator[Defect]:
    """Find what would be a fault of a strict agreement, in a part and below it."""
    given, values = part.model_fields_set, part.__dict__
    for name, key, needed in _fields(type(part)):
        if name not in given:
            if needed:
                yield missing_key((*path, key))
            continue
        value = values[name]
        if isinstance(value, Part):
            yield from forgiven(value, (*path, key))
        elif isinstance(value, tuple):
            for step, each in enumerate(value):
                if isinstance(each, Part):
                    yield from forgiven(each, (*path, key, step))
    if isinstance(part, Ends) and (defect := part.wrong_order()):
        yield defect.below(path)


@cache
def _fields(kind: type[Part]) -> tuple[tuple[str, str, bool], ...]:
    """The names of the fields of a sort of part, their keys in a file, and whether a strict agreement needs them."""
    fields = kind.model_fields.items()
    return tuple((name, field.alias or name, NEEDED in field.metadata) for name, field in fields)

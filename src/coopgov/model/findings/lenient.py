"""Finds what a strict agreement would not load with: missing dates, and ends before their starts."""

from __future__ import annotations

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
    for name, field in type(part).model_fields.items():
        below, value = (*path, field.alias or name), getattr(part, name)
        if NEEDED in field.metadata and name not in part.model_fields_set:
            yield missing_key(below)
        for step, each in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(each, Part) and name in part.model_fields_set:
                yield from forgiven(each, below if step is None else (*below, step))
    if isinstance(part, Ends) and (defect := part.wrong_order()):
        yield defect.below(path)

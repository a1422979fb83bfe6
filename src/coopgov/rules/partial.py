"""What can be used of a file in spite of its faults: entries that are wrong are left out, so that the rest is checked too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from coopgov.schema import faults_of
from coopgov.source import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.errors import Fault
    from coopgov.source import Document

__all__ = ["usable"]

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


def usable(
    model: type[Model], document: Document, entry: Callable[[Path], Path | None]
) -> tuple[Model | None, list[Fault], set[Path]]:
    """Check a document against a model; faults, and the paths of the entries that were left out.

    `entry` tells which entry a path is in, None where it is in none. Where too much is left out, so is what holds it.
    """
    data = plain(document.root)
    try:
        return model.model_validate(data), [], set()
    except ValidationError as error:
        faults = faults_of(document, error, model)
        entries = {path for path in (entry(detail["loc"]) for detail in error.errors()) if path}
    for out in (entries, {path[:2] for path in entries}):
        try:
            return model.model_validate(_without(data, out)), faults, out
        except ValidationError:
            continue
    return None, faults, set()


def _without(data: Any, out: Iterable[Path], at: Path = ()) -> Any:
    """Data without what stands at some paths."""
    deeper = {path[: len(at) + 1] for path in out}
    if isinstance(data, dict):
        return {
            key: _without(each, out, (*at, key)) if (*at, key) in deeper else each
            for key, each in data.items()
            if (*at, key) not in out
        }
    if isinstance(data, list):
        return [
            _without(each, out, (*at, key)) if (*at, key) in deeper else each
            for key, each in enumerate(data)
            if (*at, key) not in out
        ]
    return data

"""Salvages files with faults: leaves wrong entries out, so that the rest can be checked, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from coopgov.schema import faults_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.faults import Fault
    from coopgov.source import Document

__all__ = ["usable"]

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


def usable(
    model: type[Model], document: Document, entry: Callable[[Path], Path | None]
) -> tuple[Model | None, list[Fault], set[Path]]:
    """Check a document against a model; return its valid part, its faults, and the paths of the entries left out.

    `entry` returns the entry that contains a path, or None. If leaving entries out is not enough, the top-level entries
    that contain them are left out, too.
    """
    data = document.data
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
    """The data without the values at some paths."""
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

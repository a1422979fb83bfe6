"""Strict and lenient agreements: a lenient one records other people's data, with missing or contradictory dates."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationInfo
from pydantic_core import PydanticKnownError

from coopgov.schema.problems import written

__all__ = ["ABSENT", "NEEDED", "context_of", "is_strict", "unless_loose"]


ABSENT = object()
"""Marks a missing value that is no fault, even in a strict agreement."""


def context_of(data: object) -> dict[str, bool]:
    """Return the context that validators need: whether the file is strict, which is the default."""
    return {"strict": not isinstance(data, Mapping) or written(data.get("strict", True)) in (None, "true")}


def is_strict(info: ValidationInfo) -> bool:
    """Whether a value belongs to a strict agreement."""
    return not info.context or bool(info.context["strict"])


def _need(value: Any, info: ValidationInfo) -> Any:
    if value is ABSENT:
        return None
    if value is None and is_strict(info):
        raise PydanticKnownError("missing")
    return value


NEEDED = BeforeValidator(_need)
"""Marks a field that is required in strict agreements only; pydantic must validate its default to notice."""


def unless_loose(model: type[BaseModel]) -> dict[str, Any]:
    """Return the addition to a file's JSON Schema that requires the keys of a strict agreement."""
    loose = {"properties": {"strict": {"enum": [False, "false"]}}, "required": ["strict"]}
    return {"if": loose, "else": _required(model)}


def _required(model: type[BaseModel]) -> dict[str, Any]:
    """The required keys of a model and of the models inside it; empty where there are none."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    found = {key: _inside(field.annotation) for key, field in fields.items()}
    needed = [key for key, field in fields.items() if NEEDED in field.metadata]
    for key in needed:
        found[key] = {"type": "object" if found[key] else "string", **found[key]}
    properties = {key: each for key, each in found.items() if each}
    return {**({"required": needed} if needed else {}), "properties": properties} if properties else {}


def _inside(annotation: object) -> dict[str, Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _required(annotation)
    found = next(filter(None, map(_inside, get_args(annotation))), {})
    return {"items": found} if found and get_origin(annotation) is tuple else found

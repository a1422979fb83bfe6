"""Strict agreements, and those that describe what others wrote: these may lack dates, or end before they start."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationInfo
from pydantic_core import PydanticKnownError

from coopgov.schema.problems import written

__all__ = ["NEEDED", "context_of", "is_strict", "unless_loose"]


def context_of(data: object) -> dict[str, bool]:
    """Return what validators must know of the whole file: whether it is strict, as it is unless it says otherwise."""
    return {"strict": not isinstance(data, Mapping) or written(data.get("strict", True)) in (None, "true")}


def is_strict(info: ValidationInfo) -> bool:
    """Whether a value is read for a strict agreement."""
    return not info.context or bool(info.context["strict"])


def _need(value: Any, info: ValidationInfo) -> Any:
    if value is None and is_strict(info):
        raise PydanticKnownError("missing")
    return value


NEEDED = BeforeValidator(_need)
"""The annotation of a field that only an agreement that is not strict may leave out; its default must be validated."""


def unless_loose(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the JSON Schema of a whole file says besides: unless it is not strict, needed keys are required."""
    loose = {"properties": {"strict": {"enum": [False, "false"]}}, "required": ["strict"]}
    return {"if": loose, "else": _required(model)}


def _required(model: type[BaseModel]) -> dict[str, Any]:
    """The needed keys of a model and of what is in it; empty where there are none."""
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

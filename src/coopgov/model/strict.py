"""Strict agreements, and those that describe what others wrote: these may lack dates, or end before they start."""

from collections.abc import Mapping
from typing import Any

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticKnownError

from coopgov.model.defects import written

__all__ = ["NEEDED", "context_of", "is_strict"]


def context_of(data: object) -> dict[str, bool]:
    """Return what validators must know of the whole file: whether it is strict, as it is unless it says otherwise."""
    return {"strict": not (isinstance(data, Mapping) and written(data.get("strict")) == "false")}


def is_strict(info: ValidationInfo) -> bool:
    """Whether a value is read for a strict agreement."""
    return not info.context or bool(info.context["strict"])


def _need(value: Any, info: ValidationInfo) -> Any:
    if value is None and is_strict(info):
        raise PydanticKnownError("missing")
    return value


NEEDED = BeforeValidator(_need)
"""The annotation of a field that only an agreement that is not strict may leave out; its default must be validated."""


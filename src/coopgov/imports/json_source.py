"""Reads JSON of other systems, and takes values out of it without trusting their types."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import refused
from coopgov.locales import phrase

if TYPE_CHECKING:
    from coopgov.imports.bytes_of import Input

__all__ = ["fields", "items", "json_of", "text_of"]

_HALF = re.compile("[\ud800-\udfff]")


def json_of(source: Input, key: str) -> dict[str, Any]:
    """The JSON object of a file, which must have a key.

    Raises:
        SourceError: it is no JSON, or another sort of file.
    """
    try:
        found = json.loads(source.data)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        why = phrase("imports.source.broken-json")
        raise refused(
            source.name, "syntax", why, phrase("imports.source.whole-json"), line=line, column=column
        ) from None
    if not isinstance(found, dict) or key not in found:
        missing = phrase("imports.source.without-key", key=key)
        raise refused(source.name, "missing-key", missing, phrase("imports.source.other-file"))
    return found


def fields(value: object) -> dict[str, Any]:
    """A mapping, or an empty one instead of anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list, or an empty one instead of anything else."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A scalar as text; empty for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return _HALF.sub("\ufffd", str(value))
    return ""

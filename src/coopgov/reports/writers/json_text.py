"""Writes a document as JSON: every text and every number of it, by section, with the ids of its items."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from coopgov.reports.document import Badge, Blank, Brand, Code, Strong, plain

if TYPE_CHECKING:
    from datetime import date

    from coopgov.reports.document import Document

__all__ = ["json_text", "to_dict"]

_SHORT = {"Strong": "strong", "Code": "code", "Blank": "blank"}


def json_text(document: Document) -> bytes:
    """Write a document as JSON, in UTF-8."""
    return (json.dumps(to_dict(document), ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def to_dict(document: Document) -> dict[str, Any]:
    """A document as plain Python objects: each block has its `type`; a line is its text, or the list of its parts."""
    found: dict[str, Any] = {"coopgov": f"{document.kind}-document/1"}
    for each in fields(document):
        value = getattr(document, each.name)
        if each.name == "digests":
            found["digests"] = dict(value)
        elif isinstance(value, Brand):
            found["accent"] = value.accent
        elif each.name == "period":
            found["period"] = _period(value)
        elif each.name not in ("brand", "sections"):
            found[each.name] = _value(value)
    found["sections"] = _value(document.sections)
    return found


def _period(period: Any) -> dict[str, str] | None:
    first: date | None = getattr(period, "first", None)
    return {"start": str(first), "end": str(period.last)} if first else None


def _value(value: Any) -> Any:
    """A value as JSON."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if is_dataclass(value):
        return _record(value)
    return str(value)


def _record(value: Any) -> dict[str, Any]:
    """The fields of a value by their names; what is empty is left out."""
    kind = type(value).__name__
    found: dict[str, Any] = (
        {"type": kind.lower()} if kind not in ("Section", "Column", "Field", "KeyNumber", "Row") else {}
    )
    for each in fields(value):
        item = getattr(value, each.name)
        if each.name in ("parts", "title") and isinstance(item, tuple):
            found["text"] = plain(item)
            found.update({"parts": _parts(item)} if any(not isinstance(part, str) for part in item) else {})
        elif each.name in ("cells", "entries"):
            found[each.name] = [plain(cell) for cell in item]
            if kind == "Row" and any(not isinstance(part, str) for cell in item for part in cell):
                found["parts"] = [_parts(cell) for cell in item]
        elif each.name == "data":
            found.update({"data": dict(item)} if item else {})
        elif item not in ("", (), None):
            found[each.name] = _value(item)
    return found


def _parts(parts: Any) -> list[Any]:
    """The parts of a line: texts, and records of those with a look."""
    said = []
    for part in parts:
        match part:
            case Badge():
                said.append({"badge": part.text, "tone": part.tone})
            case Strong() | Code() | Blank():
                said.append(
                    {_SHORT[type(part).__name__]: part.hint if isinstance(part, Blank) else part.text}
                )
            case _:
                said.append(part)
    return said

"""JSON Schemas of the formats, as published."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["schema_of"]


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of `agreement`, `rules` or `assessment`."""
    if name == "assessment":
        text = files("coopgov.assess").joinpath("assessment.schema.json").read_text(encoding="utf-8")
        schema: dict[str, Any] = json.loads(text)
        return schema
    from coopgov.model import Agreement
    from coopgov.rules.file import RulesFile

    model = Agreement if name == "agreement" else RulesFile
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"coopgov {name}"}
    return {**head, **model.model_json_schema(by_alias=True)}

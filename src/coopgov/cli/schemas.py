"""Generate the published JSON Schemas of coopgov's file formats."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from coopgov.cases.events_schema import EventsFile
from coopgov.cli.schema_texts import completed, titled, with_texts
from coopgov.imports.mapping import ImportMapping
from coopgov.model import Agreement, AgreementPart
from coopgov.notify.channels import ChannelsFile
from coopgov.portfolio.mapping import MappingFile
from coopgov.reports.notes_schema import NotesFile
from coopgov.rules.schema import RulesFile
from coopgov.testing.case_tests.schema import CaseTestsFile
from coopgov.testing.rule_tests.schema import RuleTestsFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import core_schema

__all__ = ["schema_of"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}
_MODELS: Mapping[str, type[BaseModel]] = {
    "agreement": Agreement,
    "case-tests": CaseTestsFile,
    "events": EventsFile,
    "channels": ChannelsFile,
    "mapping": MappingFile,
    "import": ImportMapping,
    "part": AgreementPart,
    "report": NotesFile,
    "rules": RulesFile,
    "rule-tests": RuleTestsFile,
}

_WRITTEN = {
    "assessment": "coopgov.assessment",
    "case": "coopgov.cases",
    "evaluation": "coopgov.evaluation",
    "notice": "coopgov.cases",
}
"""The packages of the schemas that are written by hand: those of results."""


def schema_of(name: str, language: str = "en") -> dict[str, Any]:
    """The JSON Schema (2020-12) of a format, by its name on the command line.

    Its titles, descriptions and messages are in a language that coopgov has texts in.
    """
    if name in _WRITTEN:
        source = files(_WRITTEN[name]).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
        schema: dict[str, Any] = json.loads(source)
        return {**with_texts(schema, language), "title": titled(name, language)}
    written = _MODELS[name].model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = written.pop("$defs", {})
    named: dict[str, Any] = {}
    whole = _with_names(written, named)
    models = {each: _with_names(body, named) for each, body in definitions.items()}
    head = {"$schema": _DIALECT, "title": titled(name, language)}
    found = {**head, **whole, "$defs": dict(sorted({**models, **named}.items()))}
    return completed(with_texts(found, language), language)


class _Generator(GenerateJsonSchema):
    """What a file may contain: keys without a value count as not written, docstrings of fields become descriptions."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        found = self.generate_inner(schema["schema"])
        default = schema.get("default")
        if not default and default is not False:
            return found
        if isinstance(default, Decimal):
            default = int(default) if default == int(default) else float(default)
        return {**found, "default": list(default) if isinstance(default, tuple) else default}

    def dict_schema(self, schema: core_schema.DictSchema) -> dict[str, Any]:
        keys, values = (self.generate_inner(schema[part]) for part in ("keys_schema", "values_schema"))
        return {"type": "object", "propertyNames": keys, "additionalProperties": values}

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        found = super().model_schema(schema)
        del found["title"]
        model: type[BaseModel] = schema["cls"]
        notes = _field_notes(model)
        for name, field in model.model_fields.items():
            key = field.alias or name
            value = found["properties"][key]
            if key not in found.get("required", ()):
                default = {"default": value.pop("default")} if "default" in value else {}
                value = {"anyOf": [value, _NULL], **default}
            if name in notes:
                value = {"allOf": [value], "description": notes[name]}
            found["properties"][key] = value
        return found


def _field_notes(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings below the fields of a model and its base classes, which Python does not keep."""
    notes: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            notes |= _own_notes(kind)
    return notes


def _own_notes(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings below the fields that a class adds; none if the source is not available."""
    try:
        source = ast.parse(textwrap.dedent(inspect.getsource(model)))
    except OSError:
        return {}
    notes: dict[str, str] = {}
    for field, note in pairwise(source.body[0].body):  # type: ignore[attr-defined]  # the class
        match field, note:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                notes[name] = inspect.cleandoc(text)
    return notes


def _with_names(schema: Any, named: dict[str, Any]) -> Any:
    """The schema with each named scalar type (by its `title`) moved to the definitions."""
    if isinstance(schema, list):
        return [_with_names(each, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_names(each, named) for key, each in schema.items()}
    if isinstance(found.get("title"), str):
        name = found.pop("title")
        named[name] = found
        return {"$ref": f"#/$defs/{name}"}
    if len(found.get("allOf", ())) == 1:
        return {**found.pop("allOf")[0], **found}
    if len(found.get("anyOf", ())) == 2 and "anyOf" in found["anyOf"][0]:
        first, second = found["anyOf"]
        return {**first, **found, "anyOf": [*first["anyOf"], second]}
    return found

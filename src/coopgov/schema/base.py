"""Base models of every file format: frozen values, strict about unknown keys, each field typed by its annotation."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from coopgov.locales import phrase
from coopgov.schema.problems import problem, shown
from coopgov.schema.scalars import Identifier
from coopgov.schema.text import LocalText, Text

__all__ = ["Named", "Part", "Sourced", "WholeFile", "with_schema_key"]

_FROM_FILES = {str, dict, list}
"""The types of what a file has, except absent values."""


class Part(BaseModel):
    """A frozen value; a key without a value counts as absent, and an unknown key is a fault."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_absent(cls, data: Any) -> Any:
        if data.__class__ is dict and _FROM_FILES.issuperset(map(type, data.values())):
            return data
        if isinstance(data, Mapping):
            unordered = next((key for key, value in data.items() if isinstance(value, AbstractSet)), None)
            if unordered is not None:
                found, expected = phrase("schema.kind.set"), phrase("schema.kind.ordered")
                raise problem("wrong-type", found, expected, at=(str(unordered),))
            return {key: value for key, value in data.items() if value is not None}
        return data


class Named(Part):
    """A part with an id and, optionally, a display name."""

    id: Identifier
    name: Text | None = None
    """The name that people read; without it, the id is shown."""

    @property
    def label(self) -> LocalText:
        """The display name: its name, else its id."""
        return self.name or LocalText((("", self.id),))


class Sourced(Named):
    """A part with an id, a display name and, optionally, where it comes from."""

    source: Text | None = None
    """Where it comes from, such as its id in another system."""


def with_schema_key(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a whole file allow the key `$schema`."""
    schema["properties"]["$schema"] = {
        "description": "The JSON Schema of the file, for editors; it changes nothing else.",
        "type": ["string", "null"],
    }


class WholeFile(Part):
    """The root of a file; editors use its key `$schema` for completion, and it is not part of the value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra=with_schema_key)

    @model_validator(mode="before")
    @classmethod
    def _drop_schema_key(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "$schema" not in data:
            return data
        if not isinstance(data["$schema"], str | None):
            expected = phrase("schema.kind.schema-address")
            raise problem("wrong-type", shown(data["$schema"]), expected, at=("$schema",))
        return {key: value for key, value in data.items() if key != "$schema"}

"""Field types for words of the vocabulary: synonyms become the canonical value, other words stay their author's own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from coopgov.languages import LANGUAGES
from coopgov.schema.problems import written
from coopgov.schema.scalars import (
    IDENTIFIER_SCHEMA,
    LABEL_SCHEMA,
    Parsed,
    Schema,
    parse_identifier,
    parse_label,
    parse_listed_label,
)
from coopgov.synonyms import TABLES, choice, in_both_scripts, meant, synonyms

__all__ = [
    "Category",
    "Choice",
    "Holder",
    "KindId",
    "ListedCause",
    "ListedKind",
    "Role",
    "UnitLabel",
    "Worded",
    "chosen",
    "parse_holder",
    "with_synonyms",
]


def chosen(value: Any, choices: Collection[str]) -> Any:
    """Return the one of several fixed values that a value is a synonym of; any other value unchanged."""
    return (choice(value, choices) or value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Choice:
    """Marks a field of fixed values that takes synonyms, too: `Annotated[Literal[...], Choice("directions")]`."""

    table: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = get_args(source)
        return core_schema.no_info_before_validator_function(
            lambda value: chosen(value, choices), handler(source)
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return with_synonyms(handler(core), self.table)


def with_synonyms(canonical: dict[str, Any], *tables: str) -> dict[str, Any]:
    """Return the JSON Schema of the values of tables; synonyms are a pattern, so that editors do not propose them."""
    values = [(table, value) for table in tables for value in TABLES[table]]
    words = [word for each in values for language in LANGUAGES for word in synonyms(*each, language)]
    forms = dict.fromkeys(form for word in words for form in (*in_both_scripts(word), word.capitalize()))
    return {"anyOf": [canonical, {"type": "string", "pattern": f"^({'|'.join(forms)})$"}]}


@dataclass(frozen=True, slots=True)
class Worded(Parsed):
    """Marks a field whose standard values have synonyms, as a `role`, `kind`, `category`, `cause` or `unit`."""

    group: str = ""


def _worded(group: str, parse: Callable[[Any], str], schema: Schema) -> Worded:
    def parsed(value: object) -> str:
        text = written(value)
        return parse(value if text is None else meant(text, group))

    return Worded(parsed, schema=schema, group=group)


def _parse_unit(value: object) -> str:
    """Parse the unit of a KPI; `元` stays as it is, because it may be another currency than the agreement's."""
    label = parse_label(value)
    unit = meant(label, "unit")
    return label if unit == "money" else unit


def _role_schema() -> dict[str, Any]:
    described = {"title": "Role", "description": "A role, such as project-manager."}
    return {**described, **with_synonyms(dict(IDENTIFIER_SCHEMA), "roles", "bodies")}


def _kind_schema() -> dict[str, Any]:
    described = {"title": "Kind", "description": "A kind of warning, such as delay."}
    return {**described, **with_synonyms(dict(IDENTIFIER_SCHEMA), "kinds")}


def parse_holder(value: object) -> str:
    """Parse the name of an owner or body: an id, or a role or body by a name with spaces: `steering committee`."""
    text = written(value)
    if text is not None and " " in text.strip():
        return parse_identifier(meant(text, "role"))
    return parse_identifier(value if text is None else text.strip())


def _holder_schema() -> dict[str, Any]:
    described = {"title": "Holder", "description": "The id of a member, body or party, or a role."}
    return {**described, **with_synonyms(dict(IDENTIFIER_SCHEMA), "roles", "bodies")}


Role = Annotated[str, _worded("role", parse_identifier, _role_schema)]
Holder = Annotated[str, Parsed(parse_holder, schema=_holder_schema)]
KindId = Annotated[str, _worded("kind", parse_identifier, _kind_schema)]
Category = Annotated[str, _worded("category", parse_label, LABEL_SCHEMA)]
UnitLabel = Annotated[str, Worded(_parse_unit, schema=LABEL_SCHEMA, group="unit")]
ListedKind = Annotated[str, _worded("kind", parse_listed_label, LABEL_SCHEMA)]
"""A kind among several."""
ListedCause = Annotated[str, _worded("cause", parse_listed_label, LABEL_SCHEMA)]
"""A cause among several."""

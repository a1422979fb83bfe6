"""The format of rule files, key by key, as pydantic models."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from coopgov.locales import phrase
from coopgov.model import Strain
from coopgov.rules.entry_fields import (
    EXPRESSION_SCHEMA,
    Acknowledge,
    Bands,
    Cell,
    Expression,
    HitPolicy,
    Ladders,
    Lasting,
    Treatments,
    TypeName,
    Types,
)
from coopgov.schema import (
    Buffer,
    Choice,
    Flag,
    Holder,
    Identifier,
    KindId,
    Label,
    ListedCause,
    ListedKind,
    ListedLabel,
    Part,
    Text,
    WholeFile,
    Within,
    format_tag,
    problem,
)
from coopgov.severities import Severity

__all__ = [
    "RULES_FORMAT",
    "ActionEntry",
    "CasesEntry",
    "FactEntry",
    "InhibitEntry",
    "ParameterEntry",
    "RowEntry",
    "RowsFile",
    "RuleEntry",
    "RulesFile",
    "TableEntry",
]

RULES_FORMAT = "rules/1"


def _given(key: str) -> dict[str, Any]:
    """Return the JSON Schema of a mapping that has a key with a value."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


class ParameterEntry(Part):
    """A value that rules refer to: a literal, and its purpose; in a file, the bare literal is enough."""

    value: Expression = Field(alias="is")
    """The value: a number with its unit, a text or a date."""
    means: Text | None = None
    """Its purpose, for readers."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, Part)) else {"is": data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [EXPRESSION_SCHEMA, handler(core)]}


class FactEntry(Part):
    """A fact of the author's own: a formula (`is`), or the `type` of a subject's custom value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={"oneOf": [_given("is"), _given("type")]}
    )

    name: Identifier
    """Its name in rules."""
    about: Identifier
    """The type of subject that it is about."""
    formula: Expression | None = Field(default=None, alias="is")
    """Its formula."""
    type: TypeName | None = None
    """The type of a custom value: date, text, truth, money, count, % or a unit."""
    means: Text | None = None
    """Its meaning, for readers."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "FactEntry":
        if (self.formula is None) == (self.type is None):
            found = phrase("rules.fact.both" if self.type else "rules.fact.neither")
            raise problem("missing-key", found, phrase("rules.fact.expected"))
        return self


class ActionEntry(Part):
    """A recommended action of the pack's catalogue."""

    id: Identifier
    answers: tuple[ListedKind, ...] = ()
    """The kinds of warning it helps against."""
    strains: tuple[Annotated[Strain, Choice("strains")], ...] = ()
    """What it costs: budget, people, time or quality."""
    title: Text
    owner: Holder | None = None
    """The role, body or member responsible for it."""
    within: Within | None = None
    """How soon it must be done, such as 3 working days."""


class InhibitEntry(Part):
    """Which warnings a warning hides because they say little besides; a later entry with the same `by` replaces it."""

    by: Identifier
    """The rule whose warnings hide others that are no more severe."""
    hides: tuple[Identifier, ...]
    """The rules whose warnings are hidden."""
    about: Literal["children", "same"] = "children"
    """`children`: about the same subject and all that belongs to it; `same`: about the same subject alone."""


class CasesEntry(Part):
    """How cases of all rules behave; each key replaces that of the extended files."""

    reopen: Within | None = None
    """A closed case opens again if its rule holds again within this time; later it is a new case."""
    no_data: Within | None = None
    """After this time without data, the owner of the datum is notified, once."""
    effective_after: Buffer | None = None
    """A case is resolved once it has been clear this long after its last action."""
    remind: Within | None = None
    """After this time, those notified last are reminded of a case whose ladder is used up."""
    max_waiver: Within | None = None
    """The longest time for which an event may waive a case."""


class RuleEntry(Part):
    """A rule as written; with `override`, its fields replace those of the extended rule."""

    id: Identifier
    """The name of the rule, such as phase-late."""
    override: Flag = False
    """true: these fields replace those of the extended rule with this id."""
    enabled: Flag = True
    """false switches the rule off."""
    about: Identifier | None = None
    """The type of subject that it watches, such as phase, kpi or milestone."""
    kind: KindId | None = None
    """The kind of its warnings, such as delay, overspend or quality; actions answer kinds."""
    title: Text | None = None
    """The title of its warnings."""
    means: Text | None = None
    """The purpose of the rule, for readers of its page."""
    where: Expression | None = None
    """The condition that selects its subjects, such as category is "survey"."""
    measure: Expression | None = None
    """The number that it watches, such as delay / window."""
    bands: Bands | None = None
    """The bands of the measure by severity, such as minor: above 10 %."""
    when: Expression | None = None
    """A plain condition, instead of a measure and its bands."""
    severity: Annotated[Severity, Choice("severities")] | None = None
    """The severity of warnings from a plain condition."""
    holds_for: Lasting = Field(default=None, alias="for")
    """How long it must hold before its case fires, such as 3 working days, or 2 readings of a KPI."""
    clear: Bands | None = None
    """The condition on the measure past which a band counts as left, by severity, such as minor: at most 8 %."""
    keep: Lasting = None
    """How long it must be clear before its case counts as clear, such as 5 working days, or 2 readings of a KPI."""
    ends: Expression | None = None
    """The condition under which nothing can change any more, such as ended; the warning is then past."""
    message: Text | None = None
    """What is said; facts stand in braces, such as {phase.name} or {measure}."""
    causes: tuple[ListedCause, ...] = ()
    """What the reason can be, such as resources or technical."""
    actions: tuple[Identifier, ...] | None = None
    """The only actions of the catalogue that are recommended; by default, those that answer its kind."""
    acknowledge: Annotated[Acknowledge, Choice("acknowledge")] | None = None
    """Whose acknowledgement stops the escalation: `any` of those who were notified, or `each party`."""
    escalate: Ladders | None = None
    """Who must be informed of it and how soon, for each severity; a list is a ladder, taken step by step."""
    treat: Treatments | None = None
    """How soon an action against it must be agreed, for each severity."""


class RowEntry(Part):
    """A row of a table; in a file also a list: a cell for each condition, the severity, the message, the actions."""

    id: Identifier | None = None
    """The name of the row; the id of its rule is TABLE.ROW."""
    when: tuple[Cell, ...] = ()
    """A cell for each condition of the table, in their order."""
    severity: Annotated[Severity, Choice("severities")]
    """The severity of warnings from this row."""
    title: Text | None = None
    """The title of its warnings, instead of the table's."""
    means: Text | None = None
    """The purpose of the row, for readers of its page."""
    message: Text | None = None
    """The message of its warnings, instead of the table's."""
    actions: tuple[Identifier, ...] | None = None
    """The only actions of the catalogue that are recommended, instead of the table's."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = "A row as a list: a cell for each condition, the severity, the message, the actions."
        return {"anyOf": [{"description": described, "type": "array", "minItems": 2}, handler(core)]}


class RowsFile(Part):
    """The conditions and rows of a table in a separate file."""

    conditions: tuple[Expression, ...] = ()
    """An expression for each column."""
    rows: tuple[RowEntry, ...] = ()
    """The rows, each with a cell for every column."""


class TableEntry(Part):
    """A decision table: each row is a rule, with the fields that the table gives to all of them."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {**_given("csv"), "not": {"anyOf": [_given("conditions"), _given("rows")]}},
                {
                    "required": ["conditions", "rows"],
                    "properties": {
                        "csv": {"type": "null"},
                        "conditions": {"minItems": 1},
                        "rows": {"minItems": 1},
                    },
                },
            ]
        }
    )

    id: Identifier
    """The name of the table; the ids of its rules are TABLE.ROW."""
    about: Identifier
    """The type of subject that it watches, such as phase."""
    kind: KindId
    """The kind of its warnings, such as delay."""
    hit: HitPolicy = "unique"
    """`unique`: no two rows hold together; `first`: a row holds where no row above does; `collect`: all that hold."""
    title: Text | None = None
    """The title of its warnings."""
    means: Text | None = None
    """The purpose of the table, for readers of its page."""
    where: Expression | None = None
    """The condition that selects its subjects."""
    holds_for: Lasting = Field(default=None, alias="for")
    """How long it must hold before its case fires, such as 3 working days, or 2 readings of a KPI."""
    keep: Lasting = None
    """How long it must be clear before its case counts as clear, such as 5 working days, or 2 readings of a KPI."""
    ends: Expression | None = None
    """The condition under which nothing can change any more; the warning is then past."""
    message: Text | None = None
    """What is said, where a row has no message of its own."""
    causes: tuple[ListedCause, ...] = ()
    """What the reason can be, such as resources or technical."""
    actions: tuple[Identifier, ...] | None = None
    """The only actions of the catalogue that are recommended."""
    acknowledge: Annotated[Acknowledge, Choice("acknowledge")] | None = None
    """Whose acknowledgement stops the escalation: `any` of those who were notified, or `each party`."""
    escalate: Ladders | None = None
    """Who must be informed of it and how soon, for each severity; a list is a ladder, taken step by step."""
    treat: Treatments | None = None
    """How soon an action against it must be agreed, for each severity."""
    conditions: tuple[Expression, ...] = ()
    """An expression for each column; each cell continues it, such as `above 30 %`."""
    rows: tuple[RowEntry, ...] = ()
    """The rows: a cell for each condition, the severity, the message, the actions."""
    csv: Label | None = None
    """The path of a CSV file with the conditions and rows, relative to the rule file."""

    @model_validator(mode="before")
    @classmethod
    def _one_of_two(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        given = [key for key in ("conditions", "rows") if data.get(key)]
        if data.get("csv") and given:
            found = phrase("rules.table-and-csv.found", key=given[0])
            raise problem("table-and-csv", found, phrase("rules.table-and-csv.expected"))
        if not data.get("csv") and len(given) < 2:
            found = phrase("rules.table-without.both")
            if given:
                found = phrase("rules.table-without.other", key=given[0])
            raise problem("missing-key", found, phrase("rules.table-without.expected"))
        return data


class RulesFile(WholeFile):
    """A rule file."""

    coopgov: Annotated[str, format_tag(RULES_FORMAT)]
    """The format of the file: rules/1."""
    pack: Identifier
    """The name of this rule set."""
    version: Label
    """Its version, such as 1.0.0."""
    title: Text | None = None
    """What it is called for people."""
    extends: tuple[ListedLabel, ...] = ()
    """Shipped packs or other rule files, relative to this one, whose rules run too."""
    parameters: dict[Identifier, ParameterEntry] = Field(default_factory=dict)
    """Values that rules refer to; sets those of an extended pack, or declares new ones."""
    subjects: dict[Identifier, Types] = Field(default_factory=dict)
    """Your own types of subject: for each, the names and types of its facts."""
    facts: tuple[FactEntry, ...] = ()
    """Your own facts: formulas, or custom values of the agreement."""
    actions: tuple[ActionEntry, ...] = ()
    """The catalogue of actions that answer warnings."""
    inhibit: tuple[InhibitEntry, ...] = ()
    """Which warnings hide which others."""
    cases: CasesEntry = Field(default_factory=CasesEntry)
    """How the cases that follow from warnings behave."""
    rules: tuple[RuleEntry, ...] = ()
    """The rules: what they watch, when they warn, and what they say."""
    tables: tuple[TableEntry, ...] = ()
    """Decision tables: each row is a rule."""

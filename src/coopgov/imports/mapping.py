"""The format of import mappings, key by key: which column or field of another system is which part of a task."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from coopgov.imports.dates import parse_day_format
from coopgov.locales import phrase
from coopgov.model import Window
from coopgov.model.contents import Origin
from coopgov.schema import (
    Count,
    Identifier,
    Label,
    Parsed,
    Part,
    TimeZone,
    WholeFile,
    format_tag,
    problem,
    shown,
)
from coopgov.source import Document

__all__ = [
    "FIELDS",
    "IMPORT_FORMAT",
    "CsvForm",
    "FieldEntry",
    "ImportColumn",
    "ImportMapping",
    "ImportedTasks",
    "PhaseEntry",
]

IMPORT_FORMAT = "import/1"
FieldName = Literal[
    "id",
    "name",
    "owner",
    "status",
    "planned_start",
    "planned_end",
    "actual_start",
    "actual_end",
    "forecast_end",
    "deadline",
    "progress",
]
"""The parts of a task that a mapping can fill."""
FIELDS: tuple[str, ...] = FieldName.__args__  # type: ignore[attr-defined]

_FORMAT_SCHEMA = {
    "title": "DayFormat",
    "description": "How days are written, in D, M, MMM (a name), YY, YYYY, h, mm, ss, a, Z; such as D/MMM/YY h:mm a.",
    "type": "string",
    "pattern": "D",
}


class _OneAlone:
    """The annotation of a list in which one item may be written as that item."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(core)
        return {"anyOf": [listed["items"], listed]}


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else (value,)


DayFormats = Annotated[
    tuple[Annotated[Any, Parsed(parse_day_format, write=str, schema=_FORMAT_SCHEMA)], ...], _OneAlone()
]
Labels = Annotated[tuple[Label, ...], _OneAlone()]


class ImportColumn(Part):
    """A column or field of the source; in a file also its bare name."""

    source: Label = Field(alias="from")
    """Its name; the case of its letters does not matter where one column matches."""
    which: Count | None = None
    """Which of several columns with that name, from the left: 1 for the first."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, Part)) else {"from": data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bare = {"description": "The name of the column.", "type": "string", "pattern": r"\S"}
        return {"anyOf": [bare, handler(core)]}


Columns = Annotated[tuple[ImportColumn, ...], _OneAlone()]


class FieldEntry(Part):
    """Where a part of a task is; in a file also a column, or a list of columns of which the first filled counts."""

    columns: Columns = Field(alias="from")
    """The column, or columns of which the first that is filled counts."""
    which: Count | None = None
    """Which of several columns with that name, from the left: 1 for the first."""
    values: dict[Label, Label] = Field(default_factory=dict)
    """What its texts mean, such as {To Do: not started}."""
    date: DayFormats | None = None
    """How its days are written, if not as the file says."""
    unit: Literal["hours"] | None = None
    """hours, for an estimate in seconds or as 38h or 30m, which is kept in hours."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        if isinstance(data, (Mapping, Part)):
            return data
        if isinstance(data, (list, tuple)) and not data:
            raise problem("wrong-type", shown(data), phrase("imports.mapping.columns"))
        return {"from": data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(core)
        inner = handler.resolve_ref_schema(whole)
        columns = inner["properties"]["from"]
        return {"anyOf": [*columns.get("anyOf", [columns]), whole]}


class PhaseEntry(Part):
    """How tasks find their phase: all go into one, by its id, or `by` a field, whose values name phases."""

    id: Identifier | None = None
    """The phase that all tasks belong to."""
    by: Label | None = None
    """The field: Epic, Component, Fix version, Sprint, List, Outline level 1, or the name of a column."""
    values: dict[Label, Identifier] = Field(default_factory=dict)
    """The phase of each value; without it, a value is the id or the name of a phase."""

    @model_validator(mode="after")
    def _one_way(self) -> "PhaseEntry":
        if (self.id is None) == (self.by is None):
            found = phrase("imports.mapping.both-ways" if self.id else "common.nothing")
            raise problem("missing-key", found, phrase("imports.mapping.one-way"))
        return self


class ImportedTasks(Part):
    """Which rows are tasks: by the texts of columns; other rows are left out, and counted."""

    only: dict[Label, Labels] = Field(default_factory=dict)
    """Only rows that have one of these texts, column by column."""
    skip: dict[Label, Labels] = Field(default_factory=dict)
    """No rows that have one of these texts."""


class CsvForm(Part):
    """How a CSV file is written; a key that is left out is detected."""

    encoding: Label | None = None
    """The encoding, by its Python name, such as gb18030 or latin-1; without it, UTF-8 (for zentao, GBK)."""
    separator: Label | None = None
    """The separator of cells; without it, the one with which the columns are found."""

    @model_validator(mode="after")
    def _known(self) -> "CsvForm":
        try:
            b"a".decode(self.encoding or "utf-8")
        except (LookupError, ValueError):
            found, expected = shown(self.encoding), phrase("imports.mapping.encoding")
            raise problem("encoding", found, expected, at=("encoding",)) from None
        if self.separator is not None and (len(self.separator) != 1 or self.separator in '"\r\n'):
            found, expected = shown(self.separator), phrase("imports.mapping.separator")
            raise problem("wrong-choice", found, expected, at=("separator",))
        return self


class ImportMapping(WholeFile):
    """An import mapping: which file of another system it is for, and how its fields become tasks of an agreement."""

    model_config: ClassVar[ConfigDict] = ConfigDict(validate_default=False)

    coopgov: Annotated[str, format_tag(IMPORT_FORMAT)]
    """The format of the file: import/1."""
    format: Literal["jira-csv", "jira-json", "trello", "zentao", "mspdi", "ocds", "iati", "csv"] = Field(
        alias="from"
    )
    """The format of the source; csv is any table of tasks."""
    into: Identifier
    """The id of the agreement."""
    source: Label | None = None
    """The name of the source, if several files of one format are imported; without it, the format."""
    date: DayFormats | None = None
    """How days are written, where more than one reading is possible; of several formats, the first that fits counts."""
    time_zone: TimeZone | None = None
    """The time zone in which moments become days; without it, that of the agreement, else UTC."""
    csv: CsvForm = Field(default_factory=CsvForm)
    """How the file is written, if it is a CSV file."""
    phase: PhaseEntry | None = None
    """The phase of each task."""
    tasks: ImportedTasks = Field(default_factory=ImportedTasks)
    """Which rows are tasks."""
    fields: dict[FieldName, FieldEntry] = Field(default_factory=dict)
    """Where the parts of a task are, such as planned_start or status."""
    custom: dict[Identifier, FieldEntry] = Field(default_factory=dict)
    """Your own values of tasks, by name: kept as texts."""
    no_dates: Literal["keep-without-plan", "reject", "sprint"] = "keep-without-plan"
    """What becomes of tasks without planned days: kept as not scheduled, rejected, or planned as their sprint."""
    sprints: dict[Label, Window] = Field(default_factory=dict)
    """The first and last day of sprints, by name, where the source does not know them."""
    archived: Literal["leave out", "cancelled"] = "leave out"
    """What becomes of archived cards of Trello: left out and counted, or cancelled tasks."""
    _origin: Origin = PrivateAttr(default=Origin())

    @property
    def document(self) -> Document | None:
        """The file it was read from, if any."""
        return self._origin.document

    @model_validator(mode="after")
    def _has_phase(self) -> "ImportMapping":
        if self.phase is None and self.format not in {"ocds", "iati"}:
            raise problem(
                "missing-key", phrase("common.nothing"), phrase("imports.mapping.phase"), at=("phase",)
            )
        return self

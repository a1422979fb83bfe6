"""The format of mapping files, key by key: where the facts of a portfolio are in a host's table."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from coopgov.locales import listed, phrase
from coopgov.model import Calendar
from coopgov.portfolio.dates import DateFormat, parse_date_format
from coopgov.portfolio.encodings import decoder
from coopgov.portfolio.lookalikes import ALIKE
from coopgov.portfolio.patterns import TEXTS_SCHEMA, Texts, parse_texts
from coopgov.schema import (
    Currency,
    Defect,
    Flag,
    Identifier,
    Label,
    Parsed,
    Part,
    WholeFile,
    defects_of,
    format_tag,
    problem,
    problems,
    shown,
    written,
)
from coopgov.schema.zones import TimeZone

__all__ = [
    "MAPPING_FORMAT",
    "ChildrenEntry",
    "ColumnEntry",
    "ColumnName",
    "CsvEntry",
    "KeepEntry",
    "MappingFile",
    "NumberEntry",
]

MAPPING_FORMAT = "mapping/1"
_FACT = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)?")
_NEWEST = re.compile(r"^newest by (\S.*)$")
_WHOLE = re.compile("[0-9]{1,4}")
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def _parse_fact(value: object) -> str:
    text = written(value)
    if text is None or not _FACT.fullmatch(text):
        raise problem("not-an-identifier", shown(value), phrase("portfolio.mapping.fact-name"))
    return text


def _parse_separator(value: object) -> str:
    text = written(value) or ""
    separator = _SEPARATORS.get(text, text)
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0' or separator.isalnum():
        expected = phrase("portfolio.mapping.separator", names=listed(_SEPARATORS))
        raise problem("wrong-choice", shown(value), expected)
    return separator


def _parse_symbol(value: object) -> str:
    text = written(value)
    if not text or any(letter.isdigit() or letter in "+-" for letter in text):
        raise problem("wrong-type", shown(value), phrase("portfolio.mapping.symbol"))
    return text


def _parse_pivot(value: object) -> int:
    text = written(value) or ""
    if not _WHOLE.fullmatch(text) or int(text) > 100:
        raise problem("out-of-range", shown(value), phrase("portfolio.mapping.pivot"))
    return int(text)


def _parse_which(value: object) -> int:
    text = written(value) or ""
    if not _WHOLE.fullmatch(text) or int(text) < 1:
        raise problem("out-of-range", shown(value), phrase("portfolio.mapping.which"))
    return int(text)


_FACT_SCHEMA = {
    "title": "FactName",
    "description": "The name of a fact; one of a subject above follows its type, such as phase.planned_end.",
    "type": "string",
    "pattern": r"^[^\W\d]\w*(\.[^\W\d]\w*)?$",
}
_DATE_SCHEMA = {
    "title": "DateFormat",
    "description": (
        "How dates are written, in D, DD, M, MM, MMM (Jan), YYYY, YY, hh, mm, ss, AM and Z (a zone), "
        "such as MM/DD/YYYY."
    ),
    "type": "string",
    "pattern": "D",
}
_SEPARATOR_SCHEMA = {
    "title": "Separator",
    "description": "The separator of cells: one ASCII character, or comma, semicolon, tab, bar.",
    "type": "string",
}
_SYMBOL_SCHEMA = {
    "title": "Symbol",
    "description": 'A symbol before, after or inside numbers, such as "," or "%".',
    "type": "string",
    "pattern": r"^[^0-9+\-]+$",
}
_PIVOT_SCHEMA = {
    "title": "Pivot",
    "description": "Years of two digits below it are in 2000 to 2099, others in 1900 to 1999.",
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": 100,
    "pattern": "^[0-9]{1,4}$",
}
_WHICH_SCHEMA = {
    "title": "Which",
    "description": "Which of several columns of one name: 1 for the first.",
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 9999,
    "pattern": "^[0-9]{1,4}$",
}
_UNIT_SCHEMA = {
    "title": "UnitText",
    "description": 'The unit of the numbers, such as weeks, "%" or 1000 USD.',
    "type": ["string", "number"],
    "pattern": r"\S",
}


def _one_or_more(item: Callable[[object], Any], schema: Mapping[str, Any], *, least: int = 0) -> Parsed:
    """The annotation of a list with a minimum length, in which a list of one item may be written as that item."""

    def parse(value: object) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            return (item(value),)
        if len(value) < least:
            found = phrase("portfolio.mapping.empty-list")
            raise problem("wrong-type", found, phrase("portfolio.mapping.one-or-more"))
        read: list[Any] = []
        defects: list[Defect] = []
        for at, each in enumerate(value):
            try:
                read.append(item(each))
            except PydanticCustomError as error:
                defects += defects_of(error, (at,))
        if defects:
            raise problems(defects)
        return tuple(read)

    return Parsed(parse, schema={"anyOf": [schema, {"type": "array", "items": schema, "minItems": least}]})


FactName = Annotated[str, Parsed(_parse_fact, schema=_FACT_SCHEMA)]
CellTexts = Annotated[Texts, Parsed(parse_texts, schema=TEXTS_SCHEMA)]
Dates = Annotated[tuple[DateFormat, ...], _one_or_more(parse_date_format, _DATE_SCHEMA, least=1)]
Pivot = Annotated[int, Parsed(_parse_pivot, schema=_PIVOT_SCHEMA)]
Which = Annotated[int, Parsed(_parse_which, schema=_WHICH_SCHEMA)]
Separator = Annotated[str, Parsed(_parse_separator, schema=_SEPARATOR_SCHEMA)]
Symbol = Annotated[str, Parsed(_parse_symbol, schema=_SYMBOL_SCHEMA)]
Symbols = Annotated[tuple[str, ...], _one_or_more(_parse_symbol, _SYMBOL_SCHEMA)]


def _parse_unit(value: object) -> str:
    text = written(value)
    if not text or not text.strip():
        raise problem("wrong-type", shown(value), phrase("portfolio.mapping.unit"))
    return text.strip()


UnitText = Annotated[str, Parsed(_parse_unit, schema=_UNIT_SCHEMA)]


class NumberEntry(Part):
    """How numbers are written; without it, digits with a point, as in 1234.5."""

    thousands: Symbol | None = None
    """The separator between groups of three digits, such as ","."""
    decimal: Symbol = "."
    """The decimal separator."""
    prefix: Symbols = ()
    """Texts that may precede a number and are ignored, such as "$"."""
    suffix: Symbols = ()
    """Texts that may follow a number and are ignored, such as "%"."""

    @model_validator(mode="after")
    def _distinct(self) -> "NumberEntry":
        if self.thousands == self.decimal or any(
            {self.thousands, self.decimal} <= set(each) for each in ALIKE
        ):
            raise problem("wrong-choice", shown(self.decimal), phrase("portfolio.mapping.other-symbol"))
        return self


class ColumnName(Part):
    """A column; in a file also its bare name."""

    source: Label = Field(alias="from")
    """The column, by its name in the header; spaces around it do not count."""
    which: Which | None = None
    """Which of several columns with that name, from the left: 1 for the first."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, Part)) else {"from": data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bare = {"description": "The name of the column.", "type": "string", "pattern": r"\S"}
        return {"anyOf": [bare, handler(core)]}


class _OneAlone:
    """The annotation of a list in which one item may be written as that item."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(core)
        return {"anyOf": [listed["items"], listed]}


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else (value,)


Names = Annotated[tuple[ColumnName, ...], _OneAlone()]


class ColumnEntry(ColumnName):
    """The column of a fact and how it is written there; in a file also the bare name of the column."""

    unit: UnitText | None = None
    """The unit of its numbers, if not that of the fact: weeks, "%", or a number of one, such as 1000 USD."""
    date: Dates | None = None
    """How its dates are written, such as MM/DD/YYYY; of several formats, the first that fits counts."""
    pivot: Pivot | None = None
    """Where the century of two-digit years changes: with 60, 59 is 2059, and 60 is 1960."""
    number: NumberEntry | None = None
    """How its numbers are written."""
    values: dict[Label, Label] = Field(default_factory=dict)
    """For texts and truth values: what the texts of the cells mean, such as {Yes: true, In-Progress: in progress}."""
    not_applicable: CellTexts = Field(default_factory=Texts)
    """Codes in place of a value that mean: the fact does not apply to this row."""
    absent: CellTexts = Field(default_factory=Texts)
    """Texts in place of a value that mean: nobody has it; an empty cell always does."""
    blank: Literal["unknown"] | None = None
    """unknown, if an empty cell of an optional setting means that nobody knows it, not that it is not set."""


class NewestEntry(ColumnName):
    """The column of days or moments by which the newest row of a key is found; in a file also its bare name."""

    date: Dates | None = None
    """How its dates are written, if not as the file says."""
    pivot: Pivot | None = None
    """Where the century of two-digit years changes, if not as the file says."""


class KeepEntry(Part):
    """Which row of a key is checked, if several have it; in a file also `newest by COLUMN`."""

    newest: NewestEntry
    """The row with the newest day or moment in this column; the others are left out."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        if isinstance(data, (Mapping, Part)):
            return data
        by = _NEWEST.fullmatch(written(data) or "")
        if by is None:
            raise problem("wrong-type", shown(data), phrase("portfolio.mapping.keep"))
        return {"newest": by[1]}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": _NEWEST.pattern}, handler(core)]}


class CsvEntry(Part):
    """How a CSV file is written; a key that is left out is detected."""

    separator: Separator | None = None
    """The separator of cells; without it, the one with which the columns are found."""
    encoding: Label = "utf-8"
    """The encoding, by its Python name, such as latin-1 or utf-16."""
    quotes: Flag = True
    """false, if quotes are plain characters, and cells cannot contain separators."""

    @model_validator(mode="after")
    def _known(self) -> "CsvEntry":
        try:
            decoder(self.encoding).decode("a,1\n".encode(self.encoding), final=True)
        except (LookupError, ValueError):
            expected = phrase("portfolio.mapping.encoding")
            raise problem("encoding", shown(self.encoding), expected, at=("encoding",)) from None
        return self


class ChildrenEntry(Part):
    """The table of a collection, such as the tasks of phases; all of it is held in memory."""

    data: Label
    """The file, relative to the mapping file: CSV or Parquet; with a query, also DuckDB or JSON."""
    query: Label | None = None
    """A query of DuckDB that gives the rows; a CSV, Parquet or JSON file is its table `data`."""
    key: Names
    """The columns that name the subject that a row belongs to, in the order of the key of the subjects."""
    columns: dict[FactName, ColumnEntry]
    """The columns of its facts."""
    csv: CsvEntry = Field(default_factory=CsvEntry)
    """How the file is written, if it is a CSV file."""


class MappingFile(WholeFile):
    """A mapping file: the type of subject that the rows of a table are, and the columns of their facts."""

    model_config: ClassVar[ConfigDict] = ConfigDict(validate_default=False)

    coopgov: Annotated[str, format_tag(MAPPING_FORMAT)]
    """The format of the file: mapping/1."""
    about: Identifier
    """The type of subject that a row is, such as phase or kpi."""
    key: Names = ()
    """The columns that name a subject; without them, its row number does."""
    label: Names = ()
    """Columns that tell people which subject it is; the summary shows them beside the key."""
    currency: Currency | None = None
    """The currency of money."""
    columns: dict[FactName, ColumnEntry]
    """The column of each fact: the name of the fact, then the column."""
    date: Dates | None = None
    """How dates are written in columns that do not say it themselves.

    Of several formats, the first that fits counts.
    """
    pivot: Pivot | None = None
    """Where the century of two-digit years changes, in columns that do not say it themselves."""
    time_zone: TimeZone = "UTC"
    """The time zone in which a timestamp with a zone becomes a day, such as Asia/Shanghai."""
    number: NumberEntry = Field(default_factory=NumberEntry)
    """How numbers are written in columns that do not say it themselves."""
    not_applicable: CellTexts = Field(default_factory=Texts)
    """Codes that mean "does not apply" in every column that is mapped."""
    absent: CellTexts = Field(default_factory=Texts)
    """Texts that mean "nobody has it" in every column that is mapped."""
    only: dict[Label, CellTexts] = Field(default_factory=dict)
    """Which rows are checked: for a column, its texts; other rows are left out, and counted."""
    skip: dict[Label, CellTexts] = Field(default_factory=dict)
    """Which rows are left out, and counted: for a column, its texts."""
    keep: KeepEntry | None = None
    """Which row of a key is checked, if several have it; without it, the first, and the others are rejected."""
    calendar: Calendar = Field(default_factory=Calendar)
    """The working days, as in an agreement; without it, Saturday and Sunday are off."""
    children: dict[Identifier, ChildrenEntry] = Field(default_factory=dict)
    """The tables of collections, such as tasks."""
    csv: CsvEntry = Field(default_factory=CsvEntry)
    """How the file is written, if it is a CSV file."""

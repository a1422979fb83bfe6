"""Field types without a unit: dates, numbers, truth values, ids and labels.

Each parser takes the text of a file or a Python object, and returns the same value for both.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from coopgov.faults import NO_HINT
from coopgov.hints import days, figures, flags, identifiers, shares
from coopgov.locales import Phrase, phrase, verbatim
from coopgov.schema.forms import COMMA, DIGIT, FIRST, MINUS, POINT, ZERO, day_of, figure_of, narrow
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import Defect, advised, defects_of, problem, problems, quoted, shown, written

__all__ = [
    "IDENTIFIER_SCHEMA",
    "LABEL_SCHEMA",
    "NUMBER",
    "POSITIVE",
    "Count",
    "Custom",
    "Day",
    "DayByName",
    "Flag",
    "Identifier",
    "Label",
    "ListedLabel",
    "Number",
    "Parsed",
    "Schema",
    "format_tag",
    "parse_day",
    "parse_identifier",
    "parse_label",
    "parse_listed_label",
    "parse_number",
    "parsed_map",
    "schema_value",
]

MOST_DIGITS = 30
"""The most digits of a number, and the most places between them and the decimal point."""

_EXPONENT = rf"([eEｅＥ][+＋\-－]?{DIGIT}{{1,3}})?"
_WHOLE_GROUPS = rf"{FIRST}{DIGIT}{{0,2}}({COMMA}{DIGIT}{{3}}){{2,}}"
_GROUPS = rf"{_WHOLE_GROUPS}({POINT}{DIGIT}+)?"
NUMBER = rf"{MINUS}?({_GROUPS}|({ZERO}|{FIRST}{DIGIT}*)({POINT}{DIGIT}+)?{_EXPONENT})"
"""The regular expression of a number, for JSON Schemas."""
POSITIVE = (
    rf"({MINUS}?{ZERO}({POINT}{ZERO}+)?|{_GROUPS}|({ZERO}|{FIRST}{DIGIT}*)({POINT}{DIGIT}+)?){_EXPONENT}"
)
"""The regular expression of a number that is 0 or more."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEARLY_DAY = re.compile(r"[0-9]{4}\D{1,3}[0-9]{1,2}\D{1,3}[0-9]{1,2}\D?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_COUNT = re.compile(r"0|[1-9][0-9]{0,17}")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_ASCII_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


Schema = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Marks a field that one function parses: `Annotated[date, Parsed(parse_day)]`.

    `write` formats the value for a file, where `str` does not. `schema` is the JSON Schema of the spellings that a
    file may use, or a function that makes it where it depends on the locales; its `title` is the name of the type.
    """

    parse: Callable[[Any], Any]
    write: Callable[[Any], str] | None = None
    schema: Schema = field(default_factory=dict, compare=False)
    items: Callable[[Any], Any] | None = None
    """How the values of a map are parsed."""

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, _core: object, _handler: object) -> dict[str, Any]:
        return schema_value(self.schema)


def schema_value(schema: Schema) -> dict[str, Any]:
    """Return a JSON Schema that may be made by a function."""
    return dict(schema() if callable(schema) else schema)


def parse_day(value: object) -> date:
    """Parse a date: YYYY-MM-DD, or another form with the year first such as `2026/3/5` or `2026年3月5日`."""
    text = written(value)
    day = None if text is None else _day_of(text)
    if day is not None:
        return day
    raise problem("not-a-date", shown(value), phrase("schema.not-a-date.expected"), _day_hint(text))


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date | None:
    """The day of a text; a plan names the same days again and again."""
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return day_of(text)


def _day_hint(text: str | None) -> Phrase:
    hint = advised(text, days(text), parse_day)
    a_day = text is not None and (_DAY.fullmatch(text) or _NEARLY_DAY.fullmatch(text))
    return phrase("schema.not-a-date.hint") if a_day and not hint else hint


def parse_number(value: object) -> Decimal:
    """Parse a decimal number: digits, a point, an exponent, and two or more groups of thousands with commas."""
    text = written(value)
    digits = text if text is None or _NUMBER.fullmatch(text) else figure_of(text)
    if digits is None or not _NUMBER.fullmatch(digits):
        raise problem(
            "not-a-number", shown(value), phrase("schema.not-a-number.expected"), _number_hint(text)
        )
    number = Decimal(digits)
    _, places, exponent = number.as_tuple()
    if len(places) > MOST_DIGITS or abs(int(exponent)) > MOST_DIGITS:
        expected = phrase("schema.number-too-long.expected", most=MOST_DIGITS)
        raise problem("number-too-long", shown(value), expected)
    return number


def _number_hint(text: str | None) -> Phrase:
    return advised(text, [*figures(text), *(each.removesuffix(" %") for each in shares(text))], parse_number)


def _parse_count(value: object) -> int:
    text = written(value)
    digits = text if text is None or _COUNT.fullmatch(text) else figure_of(text)
    if digits is not None and _COUNT.fullmatch(digits):
        return int(digits)
    readings = [each.removesuffix(".0") for each in figures(text)]
    hint = advised(text, readings, _parse_count)
    raise problem("not-a-count", shown(value), phrase("schema.not-a-count.expected"), hint)


def _parse_flag(value: object) -> bool:
    text = written(value)
    if text in {"true", "false"} or (text is not None and narrow(text) in {"true", "false"}):
        return narrow(text) == "true"
    hint = advised(text, flags(text), _parse_flag)
    raise problem("not-a-truth-value", shown(value), phrase("schema.not-a-truth-value.expected"), hint)


def parse_identifier(value: object) -> str:
    """Parse an id: letters of any script, digits, `-`, `_` and `.`, beginning with a letter or digit."""
    text = written(value)
    if text is not None:
        if _ASCII_IDENTIFIER.fullmatch(text):
            return text
        text = unicodedata.normalize("NFC", text)
        if text[:1].isalnum() and all(map(_in_identifier, text)):
            return text
    hint = advised(text, identifiers(text), parse_identifier) if text and text.strip() else NO_HINT
    raise problem("not-an-identifier", shown(value), phrase("schema.not-an-identifier.expected"), hint)


def _in_identifier(letter: str) -> bool:
    category = unicodedata.category(letter)
    return letter in "-_." or category[0] in "LM" or category == "Nd"


def parse_label(value: object) -> str:
    """Parse a non-empty text."""
    text = _parse_raw(value, "schema.kind.text")
    if not text.strip():
        raise problem("empty-text", shown(value), phrase("schema.empty-text.expected"))
    return text


def parse_listed_label(value: object) -> str:
    """Type one of several labels: a comma of Chinese in it was to part two of them."""
    label = parse_label(value)
    parted = re.sub(" *[，、] *", ", ", label)
    if parted != label:
        hint = phrase("hints.write", text=parted)
        raise problem("full-width", shown(value), phrase("schema.full-width.expected"), hint)
    return label


def _parse_raw(value: object, expected: str = "schema.kind.scalar") -> str:
    """Type a text of any kind; `expected` is the key of what else is refused."""
    text = written(value)
    if text is None:
        raise problem("wrong-type", shown(value), phrase(expected))
    if not text.isascii() and _HALF_CHARACTER.search(text):
        raise problem("broken-text", verbatim(ascii(text)), phrase("schema.broken-text.expected"))
    return text


def format_tag(name: str) -> Parsed:
    """Return the type of the key `coopgov`, which names the format and its version."""

    def parse(value: object) -> str:
        if written(value) == name:
            return name
        raise problem("wrong-version", shown(value), quoted(name))

    return Parsed(parse, schema={"const": name})


def parsed_map(
    key: Callable[[object], str],
    item: Callable[[object], Any],
    schema: Schema,
    keys: Schema | None = None,
) -> Parsed:
    """Return the type of a map whose keys and values are scalars; it reports all its faults at once.

    `schema` is the JSON Schema of its values, `keys` that of its keys.
    """

    def parse(value: object) -> FrozenMap[str, Any]:
        if isinstance(value, FrozenMap):
            return value
        if not isinstance(value, Mapping):
            raise problem("wrong-type", shown(value), phrase("schema.kind.keys-and-values"))
        found: dict[str, Any] = {}
        defects: list[Defect] = []
        for name, each in value.items():
            if each is None:
                continue
            try:
                known = key(name)
                if known in found:
                    defects.append(_second_key(str(name), known))
                found[known] = item(each)
            except PydanticCustomError as error:
                wrong_key = error.type == "not-an-identifier"
                defects += [
                    replace(each, key=each.key or wrong_key) for each in defects_of(error, (str(name),))
                ]
        if defects:
            raise problems(defects)
        return FrozenMap(found)

    def described() -> Mapping[str, Any]:
        values = {"anyOf": [schema_value(schema), {"type": "null"}]}
        names = schema_value(keys or IDENTIFIER_SCHEMA)
        return {"type": "object", "propertyNames": names, "additionalProperties": values}

    return Parsed(parse, schema=described, items=item)


def _second_key(name: str, known: str) -> Defect:
    """The defect of a key that is a synonym of another one in the same mapping."""
    found = phrase("schema.duplicate-word.found", key=name, known=known)
    return Defect((name,), "duplicate-key", found, phrase("schema.duplicate-word.expected"), key=True)


_TWO_DIGITS = rf"{ZERO}{FIRST}|[1１][0-2０-２]"
_MONTH = rf"{ZERO}?{FIRST}|[1１][0-2０-２]"
_DAY_OF_MONTH = rf"{ZERO}?{FIRST}|[12１２]{DIGIT}|[3３][01０１]"
_SCALAR = ["string", "number", "boolean"]
_DAY_SCHEMA = {
    "title": "Day",
    "description": "A date of the calendar, YYYY-MM-DD; also as 2026/3/5, 2026.3.5 or 2026年3月5日.",
    "type": "string",
    "anyOf": [
        {"format": "date", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
        {"pattern": f"^{DIGIT}{{4}}{MINUS}({_TWO_DIGITS}){MINUS}({_DAY_OF_MONTH})$"},
        {"pattern": f"^{DIGIT}{{4}}([/／]({_MONTH})[/／]|{POINT}({_MONTH}){POINT})({_DAY_OF_MONTH})$"},
        {"pattern": f"^{DIGIT}{{4}} ?年 ?({_MONTH}) ?月 ?({_DAY_OF_MONTH}) ?日$"},
    ],
}
_NUMBER_SCHEMA = {
    "title": "Number",
    "description": "A decimal number such as 12 or -0.5.",
    "type": ["number", "string"],
    "pattern": f"^{NUMBER}$",
}
_COUNT_SCHEMA = {
    "title": "Count",
    "description": "A whole number, 0 or more.",
    "type": ["integer", "string"],
    "minimum": 0,
    "pattern": f"^({ZERO}|{FIRST}{DIGIT}{{0,17}}|{_WHOLE_GROUPS})$",
}
_FLAG_SCHEMA = {"title": "Flag", "description": "true or false.", "enum": [True, False, "true", "false"]}
IDENTIFIER_SCHEMA: Mapping[str, Any] = {
    "title": "Identifier",
    "description": "An id: letters of any script, digits, -, _ and ., a letter or digit first.",
    "type": _SCALAR,
    "minimum": 0,
    "pattern": r"^[^\s\u0000-/:-@\[-`{-\u007f][^\s\u0000-,/:-@\[-^`{-\u007f]*$",
}
"""JSON Schema patterns cannot name the letters of all scripts; beyond ASCII, this one excludes only spaces."""
LABEL_SCHEMA: Mapping[str, Any] = {
    "title": "Label",
    "description": "A text that says something.",
    "type": _SCALAR,
    "pattern": r"\S",
}
_RAW_SCHEMA = {
    "description": "A text, a number, a date or a truth value; a rule file says which.",
    "type": _SCALAR,
}

Day = Annotated[date, Parsed(parse_day, schema=_DAY_SCHEMA)]
Number = Annotated[Decimal, Parsed(parse_number, schema=_NUMBER_SCHEMA)]
Count = Annotated[int, Parsed(_parse_count, schema=_COUNT_SCHEMA)]
Flag = Annotated[bool, Parsed(_parse_flag, schema=_FLAG_SCHEMA)]
Identifier = Annotated[str, Parsed(parse_identifier, schema=IDENTIFIER_SCHEMA)]
Label = Annotated[str, Parsed(parse_label, schema=LABEL_SCHEMA)]
ListedLabel = Annotated[str, Parsed(parse_listed_label, schema=LABEL_SCHEMA)]
"""A label among several."""
DayByName = Annotated[FrozenMap[str, date], parsed_map(parse_identifier, parse_day, _DAY_SCHEMA)]
Custom = Annotated[FrozenMap[str, str], parsed_map(parse_identifier, _parse_raw, _RAW_SCHEMA)]
"""The author's own values, as text; a rule file declares their types."""

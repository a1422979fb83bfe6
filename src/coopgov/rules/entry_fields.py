"""The types of the keys of rule files: expressions, cells, ladders of escalation, and spans."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic_core import PydanticCustomError

from coopgov.locales import phrase
from coopgov.schema import (
    WITHIN,
    Defect,
    FrozenMap,
    Identifier,
    Parsed,
    Part,
    Span,
    Within,
    chosen,
    counted_pattern,
    defects_of,
    parse_holder,
    parse_identifier,
    parse_span,
    parsed_map,
    problem,
    problems,
    shown,
    span_pattern,
    with_synonyms,
    written,
)
from coopgov.schema.forms import ZERO, counted
from coopgov.severities import SEVERITIES
from coopgov.synonyms import meant, spellings

__all__ = [
    "ANYTHING",
    "EXPRESSION_SCHEMA",
    "OWNER",
    "Acknowledge",
    "Bands",
    "Cell",
    "Escalation",
    "Expression",
    "HitPolicy",
    "Ladder",
    "Ladders",
    "Lasting",
    "Readings",
    "Treatments",
    "TypeName",
    "Types",
]

HitPolicy = Literal["unique", "first", "collect"]
Acknowledge = Literal["any", "each party"]
"""Whose acknowledgement stops a ladder: anybody's who was notified, or somebody's of each party."""
OWNER = "owner"
"""The receiver in a ladder that means the subject's own owner."""
ANYTHING = ("", "-", "–", "—", "－")
"""Cells that any value passes; spreadsheet programs like to replace a hyphen by a dash."""
_ESCALATION = re.compile(r"(?P<to>\S.*?)\s+within\s+(?P<within>.+)")
_NOTHING = re.compile(rf"{ZERO}( *\D+)?")


class Escalation(Part):
    """Who must be informed of a warning, and how soon; in a file, `joint-lead within 2 working days`.

    A receiver `owner` is the owner of the subject that the warning is about.
    """

    to: Identifier
    within: Within

    def __str__(self) -> str:
        return f"{self.to} within {self.within}"


Ladder = tuple[Escalation, ...]
"""Who is informed in turn while nobody acknowledges; the time of each step counts from the deadline before it."""


@dataclass(frozen=True, slots=True)
class Readings:
    """A number of readings of a KPI, as how long something must last; in a file, `2 readings`."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} reading{'' if self.count == 1 else 's'}"


def _parse_escalation(value: object) -> Escalation:
    if isinstance(value, Escalation):
        return value
    match = _ESCALATION.fullmatch((written(value) or "").strip())
    if not match:
        raise problem("not-an-escalation", shown(value), phrase("rules.not-an-escalation.expected"))
    span: Span = parse_span(match["within"])
    if span.unit not in ("days", "working days", "months"):
        raise problem("not-a-span", shown(match["within"]), phrase("rules.escalation-span.expected"))
    return Escalation.model_construct(to=parse_holder(match["to"]), within=span)


def _parse_ladder(value: object) -> Ladder:
    """Parse one step, or a list of steps; all faults of a list are reported at once."""
    if not isinstance(value, (list, tuple)):
        return (_parse_escalation(value),)
    if not value:
        raise problem("no-steps", shown(value), phrase("rules.no-steps.expected"))
    steps: list[Escalation] = []
    defects: list[Defect] = []
    for number, each in enumerate(value):
        try:
            steps.append(_parse_escalation(each))
        except PydanticCustomError as error:
            defects += defects_of(error, (number,))
    if defects:
        raise problems(defects)
    return tuple(steps)


def _parse_lasting(value: object) -> Span | Readings | None:
    """Parse how long something must last: a span of days, or readings; 0 is None, at once."""
    if value is None or isinstance(value, Readings):
        return value
    text = " ".join((written(value) or "").split())
    amount = counted(text)
    if amount is not None and meant(amount[1], "reading") == "readings":
        return Readings(amount[0])
    if _NOTHING.fullmatch(text):
        return None
    span = parse_span(value)
    if span.unit in ("days", "working days"):
        return span
    raise problem("wrong-unit", shown(str(span)), phrase("rules.lasting.expected"))


def _parse_expression(value: object) -> str:
    text = written(value)
    if text is None or not text.strip():
        raise problem("wrong-type", shown(value), phrase("rules.expression.expected"))
    return text


def _parse_cell(value: object) -> str:
    text = "" if value is None else written(value)
    if text is None:
        raise problem("wrong-type", shown(value), phrase("rules.cell.expected"))
    return "" if text.strip() in ANYTHING else text


def _parse_type(value: object) -> str:
    text = written(value)
    if not text:
        raise problem("wrong-type", shown(value), phrase("rules.type.expected"))
    return text


EXPRESSION_SCHEMA = {
    "title": "Expression",
    "description": "An expression of the rule language.",
    "type": ["string", "number", "boolean"],
    "pattern": r"\S",
}
_CELL_SCHEMA = {
    "title": "Cell",
    "description": "What a condition of a table must be: what follows it, such as above 10 %, or - for anything.",
    "type": ["string", "number", "boolean", "null"],
}
_TYPE_SCHEMA = {
    "title": "TypeName",
    "description": "A type: date, text, count, money, %, a unit, ...",
    "type": "string",
    "minLength": 1,
}


def _escalation_schema() -> dict[str, Any]:
    return {
        "title": "Escalation",
        "description": "Who must hear of it and within what time, such as joint-lead within 2 working days.",
        "type": "string",
        "pattern": rf"^\s*\S.*\s+within\s+{span_pattern(('day', 'week', 'working day', 'month'))}\s*$",
    }


def _ladder_schema() -> dict[str, Any]:
    steps = {"type": "array", "minItems": 1, "items": _escalation_schema()}
    described = {"title": "Ladder", "description": "One step, or a list of steps that are taken in turn."}
    return {**described, "anyOf": [_escalation_schema(), steps]}


def _lasting_schema() -> dict[str, Any]:
    readings = counted_pattern([*spellings("readings", "reading"), "reading"])
    span = span_pattern(("day", "week", "working day"))
    return {
        "title": "Lasting",
        "description": "How long something must last: days, working days, or readings of a KPI; 0 for at once.",
        "anyOf": [
            {"const": 0},
            {"type": "string", "pattern": rf"^\s*({ZERO}(\s*\D+)?|{span}|{readings})\s*$"},
        ],
    }


def _severity_schema() -> dict[str, Any]:
    described = {"title": "Severity", "description": "How bad it is."}
    return {**described, **with_synonyms({"enum": list(SEVERITIES)}, "severities")}


def _parse_severity(value: object) -> str:
    """Parse the key of a band or escalation; one that is no severity is reported when the rule is checked."""
    return parse_identifier(chosen(value, SEVERITIES))


Expression = Annotated[str, Parsed(_parse_expression, schema=EXPRESSION_SCHEMA)]
Cell = Annotated[str, Parsed(_parse_cell, schema=_CELL_SCHEMA)]
TypeName = Annotated[str, Parsed(_parse_type, schema=_TYPE_SCHEMA)]
Ladders = Annotated[
    FrozenMap[str, Ladder],
    parsed_map(_parse_severity, _parse_ladder, _ladder_schema, _severity_schema),
]
Treatments = Annotated[
    FrozenMap[str, Span], parsed_map(_parse_severity, WITHIN.parse, WITHIN.schema, _severity_schema)
]
Lasting = Annotated[Span | Readings | None, Parsed(_parse_lasting, schema=_lasting_schema)]
Bands = Annotated[
    FrozenMap[str, str], parsed_map(_parse_severity, _parse_expression, EXPRESSION_SCHEMA, _severity_schema)
]
Types = Annotated[FrozenMap[str, str], parsed_map(parse_identifier, _parse_type, _TYPE_SCHEMA)]

"""Lags between tasks: days or working days, also fractions of them, and negative where work may overlap."""

import re
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic_core import PydanticCustomError

from coopgov.locales import phrase
from coopgov.schema.forms import DIGIT, MINUS, POINT, narrow
from coopgov.schema.problems import advised, problem, shown, written
from coopgov.schema.scalars import Parsed, parse_number
from coopgov.synonyms import canonical, spellings

__all__ = ["Lag", "LagUnit", "LagValue", "parse_lag"]

LagUnit = Literal["days", "working days"]

_LAG = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) *(\D+)")
_UNITS: dict[str, tuple[LagUnit, int]] = {
    "days": ("days", 1),
    "working days": ("working days", 1),
    "weeks": ("days", 7),
}


@dataclass(frozen=True, slots=True)
class Lag:
    """The time between two linked tasks, in days or working days; a negative one lets them overlap.

    >>> parse_lag("2 working days"), str(parse_lag("-0.5 working days"))
    (Lag(value=Decimal('2'), unit='working days'), '-0.5 working days')
    """

    value: Decimal
    unit: LagUnit = "working days"

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit.removesuffix('s') if self.value == 1 else self.unit}"


def parse_lag(value: object) -> Lag:
    """Parse a lag: `2 working days`, `-1 day`, `0.5 working days`."""
    if isinstance(value, Lag):
        return value
    text = written(value)
    match = _LAG.fullmatch(" ".join(narrow(text or "").split()))
    unit = _UNITS.get(canonical(match[2], "unit") or "") if match else None
    if match and unit:
        with suppress(PydanticCustomError):
            return Lag(parse_number(match[1]) * unit[1], unit[0])
    readings = [f"{text} working days", f"{text} days"] if text else []
    hint = advised(text, readings, parse_lag)
    raise problem("not-a-span", shown(value), phrase("schema.not-a-lag.expected"), hint)


def _schema() -> dict[str, object]:
    words = "|".join(word.replace(" ", r"\s+") for name in _UNITS for word in spellings(name, "unit"))
    return {
        "title": "Lag",
        "description": "A span of time in days or working days, such as 2 working days; a negative one is an overlap.",
        "type": "string",
        "pattern": rf"^\s*{MINUS}?{DIGIT}+({POINT}{DIGIT}+)?\s*({words})\s*$",
    }


LagValue = Annotated[Lag, Parsed(parse_lag, schema=_schema)]

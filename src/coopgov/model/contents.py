"""What an agreement file contains, value by value: its root, its calendar and its exchange rates."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from coopgov.locales import phrase
from coopgov.model.evaluation import EvaluationPlan, Survey
from coopgov.model.meetings import Meeting
from coopgov.model.periods import Planned
from coopgov.model.phases import Phase
from coopgov.model.reports import Report
from coopgov.model.risks import Plan, Risk, Waiver
from coopgov.model.strict import unless_loose
from coopgov.model.targets import Goal, Kpi
from coopgov.model.team import Party, Team
from coopgov.schema.base import Part, WholeFile, with_schema_key
from coopgov.schema.countries import countries
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import Defect, advised, problem, problems, shown, written
from coopgov.schema.quantities import Currency
from coopgov.schema.scalars import (
    POSITIVE,
    Custom,
    Day,
    Flag,
    Identifier,
    Label,
    Parsed,
    format_tag,
    parse_number,
)
from coopgov.schema.text import LocalText, Text
from coopgov.schema.worded import Choice
from coopgov.schema.zones import TimeZone
from coopgov.source import Document

__all__ = ["AGREEMENT_FORMAT", "Calendar", "Contents", "Origin", "Rate", "Weekday"]

AGREEMENT_FORMAT = "agreement/1"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""A day of the week."""


def _parse_rate(value: object) -> Decimal:
    rate = parse_number(value)
    if rate <= 0:
        raise problem("out-of-range", shown(value), phrase("model.out-of-range.rate"))
    return rate


def _parse_country(value: object) -> str:
    text = written(value)
    if text is not None and len(text) == 2 and text.isascii() and text.isalpha() and text.isupper():
        return text
    hint = advised(text, countries(text), _parse_country)
    raise problem("not-a-country", shown(value), phrase("model.not-a-country.expected"), hint)


_RATE_SCHEMA = {"type": ["number", "string"], "exclusiveMinimum": 0, "pattern": f"^{POSITIVE}$"}
_COUNTRY_SCHEMA = {"description": "A country code of ISO 3166.", "type": "string", "pattern": "^[A-Z]{2}$"}


class Rate(Part):
    """An exchange rate: the value of one unit of another currency in the agreement's currency, from a day on."""

    currency: Currency
    on: Day
    rate: Annotated[Decimal, Parsed(_parse_rate, schema=_RATE_SCHEMA)]
    """The value of one unit of it in the agreement's currency."""


class Calendar(Part):
    """The working days; `working` lists working weekend days, `country` adds official holidays and its weekend."""

    weekend: tuple[Annotated[Weekday, Choice("weekdays")], ...] = ("saturday", "sunday")
    """The days of the week that are not worked; by default, those of the `country`."""
    holidays: tuple[Day, ...] = ()
    """Days off besides the weekend."""
    working: tuple[Day, ...] = ()
    """Days of the weekend that are worked."""
    country: Annotated[str, Parsed(_parse_country, schema=_COUNTRY_SCHEMA)] | None = None
    subdivision: Label | None = None

    @model_validator(mode="after")
    def _can_be_worked(self) -> Self:
        holidays = frozenset(self.holidays)
        expected = phrase("model.holiday-and-working.expected")
        defects = [
            Defect(("working", position), "holiday-and-working", shown(day), expected)
            for position, day in enumerate(self.working)
            if day in holidays
        ]
        if len(set(self.weekend)) == 7:
            found, expected = phrase("model.no-working-day.found"), phrase("model.no-working-day.expected")
            defects.append(Defect(("weekend",), "no-working-day", found, expected))
        if self.subdivision and not self.country:
            found, expected = phrase("model.subdivision.found"), phrase("model.subdivision.expected")
            defects.append(Defect((), "missing-key", found, expected))
        if defects:
            raise problems(defects)
        return self


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a value was read from; all origins are equal, so that agreements compare by content only.

    `base`, `parts` and `gone` are about an agreement with parts: what it was without them, the parts in their order,
    and what the newest part of a source lacks.
    """

    document: Document | None = field(default=None, compare=False, repr=False)
    base: Any = field(default=None, compare=False, repr=False)
    parts: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    gone: tuple[Any, ...] = field(default=(), compare=False, repr=False)


def _schema_extra(schema: dict[str, Any], model: type[BaseModel]) -> None:
    with_schema_key(schema)
    schema.update(unless_loose(model))


class Contents(WholeFile):
    """The values of an agreement, each of which fits its field; an `Agreement` also holds together."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra=_schema_extra)

    coopgov: Annotated[str, format_tag(AGREEMENT_FORMAT)]
    """The format of the file: agreement/1."""
    id: Identifier
    title: Text
    vision: Text | None = None
    """What the parties want to reach together."""
    currency: Currency
    strict: Flag = True
    """Whether missing dates and ends before their starts are faults; `false` for a file that records others' data."""
    term: Planned = Field(default=None, validate_default=True)
    """The first and the last day of the cooperation."""
    parts: tuple[Label, ...] = ()
    """Files with what was observed, in the folder of the agreement's file, such as `observed/*.part.yaml`."""
    calendar: Calendar = Field(default_factory=Calendar.model_construct)
    rates: tuple[Rate, ...] = ()
    time_zone: TimeZone | None = None
    """The time zone of its days, such as Asia/Shanghai; moments of other systems become days in it."""
    parties: tuple[Party, ...]
    team: Team = Field(default_factory=Team.model_construct)
    meetings: tuple[Meeting, ...] = ()
    goals: tuple[Goal, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    phases: tuple[Phase, ...] = ()
    reports: tuple[Report, ...] = ()
    risks: tuple[Risk, ...] = ()
    plans: tuple[Plan, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    evaluation: EvaluationPlan | None = None
    surveys: tuple[Survey, ...] = ()
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""
    _origin: Origin = PrivateAttr(default=Origin())

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.title

    @property
    def counts_from(self) -> date:
        """The day from which undated amounts count: the start of the term, else the day of the first rate."""
        return self.term.start or min((rate.on for rate in self.rates), default=date.min)

    @property
    def document(self) -> Document | None:
        """The file it was read from, if any."""
        return self._origin.document

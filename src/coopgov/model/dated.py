"""Field types for values that change over time: a bare value, an entry with `on:`, or a list of entries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, TypeVar

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from coopgov.locales import phrase
from coopgov.schema.base import Part
from coopgov.schema.problems import Defect, problem, problems
from coopgov.schema.quantities import Budget, Impact, Portion
from coopgov.schema.scalars import Day
from coopgov.schema.worded import Choice

__all__ = [
    "Budgets",
    "DatedBudget",
    "DatedImpact",
    "DatedMilestoneStatus",
    "DatedPortion",
    "DatedRiskStatus",
    "DatedTaskStatus",
    "Entries",
    "Impacts",
    "MilestoneStatus",
    "MilestoneStatuses",
    "PhaseForecast",
    "PhaseForecasts",
    "Portions",
    "RiskStatus",
    "RiskStatuses",
    "TaskForecast",
    "TaskForecasts",
    "TaskStatus",
    "TaskStatuses",
    "bare_key",
    "is_dated",
    "newest",
    "repeated_days",
]

RiskStatus = Literal["open", "closed", "occurred"]
"""The status of a risk."""
TaskStatus = Literal["not started", "in progress", "done", "cancelled"]
"""The status of a task."""
MilestoneStatus = Literal["not met", "partially met", "met"]
"""The status of a milestone."""


class _Dated(Protocol):
    @property
    def on(self) -> date | None: ...


Entry = TypeVar("Entry", bound=_Dated)


def newest(entries: Sequence[Entry], as_of: date) -> Entry | None:
    """Return the newest entry up to a date; an undated entry applies until the first dated one."""
    seen = [entry for entry in entries if entry.on is None or entry.on <= as_of]
    return max(seen, key=lambda entry: entry.on or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Entries:
    """Marks a field of entries, which are dated or not; `key` is the key of which a bare value is the short form."""

    key: str
    dated: bool = True

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = core_schema.no_info_before_validator_function(self._as_list, handler(source))
        return core_schema.no_info_after_validator_function(_check_dates, listed) if self.dated else listed

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        entry = handler(core)["items"]
        value = handler.resolve_ref_schema(entry)["properties"][self.key]
        forms = [value] if "type" in value else value.get("anyOf", [value])
        bare = [each for each in forms if each != {"type": "null"}]
        one = [*bare, entry]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}]}

    def _as_list(self, value: Any) -> list[Any]:
        items = value if isinstance(value, (list, tuple)) else [value]
        return [
            {self.key: item} if isinstance(item, str) or not isinstance(item, (Mapping, Part)) else item
            for item in items
        ]


def bare_key(metadata: Iterable[object]) -> str | None:
    """Return the key that a bare value of a dated field stands in for; None for any other field."""
    return next((each.key for each in metadata if isinstance(each, Entries)), None)


def is_dated(metadata: Iterable[object]) -> bool:
    """Whether a field's metadata mark its values as dated."""
    return any(isinstance(each, Entries) and each.dated for each in metadata)


def _check_dates(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    seen: set[date | None] = set()
    defects = []
    for position, entry in enumerate(entries):
        if entry.on in seen:
            found = phrase("model.duplicate-date.found", day=entry.on)
            found = found if entry.on else phrase("model.duplicate-date.undated")
            expected = phrase("model.duplicate-date.expected")
            defects.append(Defect((position, "on"), "duplicate-date", found, expected))
        seen.add(entry.on)
    if defects:
        raise problems(defects)
    return entries


def repeated_days(days: Sequence[date], key: str, day_key: str, expected: str) -> Iterator[Defect]:
    """The defects of days that occur twice in a list of entries; `expected` is the last part of the phrase's name."""
    for position, day in enumerate(days):
        if day in days[:position]:
            found = phrase("model.duplicate-date.found", day=day)
            wanted = phrase(f"model.duplicate-date.{expected}")
            yield Defect((key, position, day_key), "duplicate-date", found, wanted)


class DatedBudget(Part):
    """A budget, from a day on."""

    amount: Budget
    on: Day | None = None


class DatedPortion(Part):
    """A share from 0 to 100 %, from a day on."""

    value: Portion = Field(alias="is")
    on: Day | None = None


class DatedImpact(Part):
    """The impact of a risk from 1 to 5, from a day on."""

    value: Impact = Field(alias="is")
    on: Day | None = None


class DatedRiskStatus(Part):
    """The status of a risk, from a day on."""

    value: Annotated[RiskStatus, Choice("risk-statuses")] = Field(alias="is")
    """Whether it is open, closed or has occurred."""
    on: Day | None = None


class DatedTaskStatus(Part):
    """The status of a task, from a day on."""

    value: Annotated[TaskStatus, Choice("task-statuses")] = Field(alias="is")
    """Whether it is not started, in progress, done or cancelled."""
    on: Day | None = None


class DatedMilestoneStatus(Part):
    """The status of a milestone, from a day on."""

    value: Annotated[MilestoneStatus, Choice("milestone-statuses")] = Field(alias="is")
    """Whether it is not met, partially met or met."""
    on: Day | None = None


class TaskForecast(Part):
    """When a task is expected to end, as forecast on a day."""

    start: Day | None = None
    """The day it is expected to start."""
    end: Day
    on: Day | None = None


class PhaseForecast(Part):
    """When a phase is expected to end and what it will have cost, as forecast on a day."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["end"]}, {"required": ["cost"]}]}
    )

    start: Day | None = None
    """The day it is expected to start."""
    end: Day | None = None
    cost: Budget | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.end is None and self.cost is None:
            found, expected = phrase("model.empty-forecast.found"), phrase("model.empty-forecast.expected")
            raise problem("missing-key", found, expected)
        return self


Budgets = Annotated[tuple[DatedBudget, ...], Entries("amount")]
Portions = Annotated[tuple[DatedPortion, ...], Entries("is")]
Impacts = Annotated[tuple[DatedImpact, ...], Entries("is")]
RiskStatuses = Annotated[tuple[DatedRiskStatus, ...], Entries("is")]
MilestoneStatuses = Annotated[tuple[DatedMilestoneStatus, ...], Entries("is")]
TaskStatuses = Annotated[tuple[DatedTaskStatus, ...], Entries("is")]
TaskForecasts = Annotated[tuple[TaskForecast, ...], Entries("end")]
PhaseForecasts = Annotated[tuple[PhaseForecast, ...], Entries("end")]

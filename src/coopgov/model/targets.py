"""Goals and the KPIs that measure them: baselines, targets, scales and readings."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from coopgov.locales import phrase
from coopgov.schema.base import Named, Part
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import Defect, Path, problem, problems, shown
from coopgov.schema.quantities import Cadence
from coopgov.schema.scalars import Custom, Day, DayByName, Identifier, Number
from coopgov.schema.text import LocalText, Text
from coopgov.schema.worded import Category, Choice, Holder, UnitLabel

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "Baseline",
    "Direction",
    "Goal",
    "Kpi",
    "Reading",
    "Scale",
    "Target",
    "direction_needed",
    "off_scale",
]

Direction = Literal["up", "down"]
"""The direction of improvement of a KPI."""


def direction_needed(baseline: Decimal, target: Decimal) -> Defect | None:
    """Return the defect of a target that needs an explicit `direction`; None where `up` is obvious."""
    if target >= baseline:
        return None
    found = phrase("model.direction-needed.found", target=target, baseline=baseline)
    expected, hint = phrase("model.direction-needed.expected"), phrase("model.direction-needed.hint")
    return Defect((), "direction-needed", found, expected, hint)


class Goal(Part):
    """A goal of the cooperation; rules report what it lacks to be SMART."""

    id: Identifier
    statement: Text
    owner: Holder | None = None
    due: Day | None = None
    """The day by which it must be reached."""
    kpis: tuple[Identifier, ...] = ()
    """The ids of the KPIs that measure it."""
    agreed_by: DayByName = FrozenMap()
    """The day on which each party agreed."""
    achievable: Text | None = None
    """Why the goal is achievable."""
    relevant: Text | None = None
    """Why the goal is relevant to the parties."""
    source: Text | None = None
    """Where it comes from, such as its id in another system."""
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.statement


class Baseline(Part):
    """The value before the cooperation."""

    value: Number
    on: Day | None = None


class Target(Part):
    """The value to reach, and the day to reach it by."""

    value: Number
    by: Day | None = None
    """The day by which the value must be reached."""


class Scale(Part):
    """The lowest and the highest possible value of a KPI."""

    low: Number = Field(alias="from")
    high: Number = Field(alias="to")

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.low >= self.high:
            expected = phrase("model.scale.expected", low=self.low)
            raise problem("wrong-order", shown(self.high), expected, at=("to",))
        return self


def off_scale(scale: Scale, value: Decimal) -> Defect | None:
    """Return the defect of a value outside a scale; None for a value on it."""
    if scale.low <= value <= scale.high:
        return None
    expected = phrase("model.off-scale.expected", low=scale.low, high=scale.high)
    return Defect((), "off-scale", shown(str(value)), expected)


class Reading(Part):
    """A value of a KPI, measured on a day."""

    on: Day
    value: Number
    source: Text | None = None
    """Where the value comes from."""
    note: Text | None = None
    """A remark."""


class Kpi(Named):
    """A key performance indicator; its values are in its own unit, so 92 means 92 % if that unit is %."""

    category: Category | None = None
    """What it measures, such as satisfaction or quality; rules select KPIs by it."""
    unit: UnitLabel | None = None
    """The unit of its values, such as points, % or hours."""
    direction: Annotated[Direction, Choice("directions")] = "up"
    """Which direction is better; required where the target is below the baseline."""
    baseline: Baseline | None = None
    target: Target | None = None
    floor: Number | None = None
    """The worst value that the parties accept."""
    every: Cadence | None = None
    """How often it must be read, such as 1 month."""
    source: Text | None = None
    """Where its values come from, such as a survey."""
    owner: Holder | None = None
    scale: Scale | None = None
    readings: tuple[Reading, ...] = ()
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        defects = [*self._doubled_days(), *self._open_direction(), *self._off_scale()]
        if defects:
            raise problems(defects)
        return self

    def _doubled_days(self) -> Iterator[Defect]:
        seen: set[date] = set()
        for position, reading in enumerate(self.readings):
            if reading.on in seen:
                found = phrase("model.duplicate-date.found", day=reading.on)
                expected = phrase("model.duplicate-date.one-reading")
                yield Defect(("readings", position, "on"), "duplicate-date", found, expected)
            seen.add(reading.on)

    def _open_direction(self) -> Iterator[Defect]:
        """A target below the baseline is either to be reached or to be held; only its author knows which."""
        if self.baseline and self.target and "direction" not in self.model_fields_set:
            defect = direction_needed(self.baseline.value, self.target.value)
            if defect is not None:
                yield defect.below(("target", "value"))

    def _off_scale(self) -> Iterator[Defect]:
        if self.scale is None:
            return
        for path, value in self._values():
            defect = off_scale(self.scale, value)
            if defect is not None:
                yield defect.below(path)

    def _values(self) -> Iterator[tuple[Path, Decimal]]:
        for name, part in (("baseline", self.baseline), ("target", self.target)):
            if part is not None:
                yield (name, "value"), part.value
        if self.floor is not None:
            yield ("floor",), self.floor
        for position, reading in enumerate(self.readings):
            yield ("readings", position, "value"), reading.value

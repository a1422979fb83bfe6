"""What is to be reached and how it is measured: goals and KPIs."""

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from coopgov.model.base import Named, Part
from coopgov.model.defects import Defect, problem, problems, shown
from coopgov.model.frozen import FrozenMap
from coopgov.model.quantities import Cadence
from coopgov.model.scalars import Custom, Day, DayByName, Identifier, Label, Number
from coopgov.model.text import LocalText, Text

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Baseline", "Direction", "Goal", "Kpi", "Reading", "Scale", "Target"]

Direction = Literal["up", "down"]


class Goal(Part):
    """A goal of the cooperation; what it lacks to be SMART is for rules to say."""

    id: Identifier
    statement: Text
    owner: Identifier | None = None
    due: Day | None = None
    kpis: tuple[Identifier, ...] = ()
    agreed_by: DayByName = FrozenMap()
    """The day on which each party agreed."""
    achievable: Text | None = None
    """Why the goal can be reached."""
    relevant: Text | None = None
    """Why the goal matters to the parties."""
    custom: Custom = FrozenMap()
    """Values of your own, by name; a rule file declares their types."""

    @property
    def label(self) -> LocalText:
        """What to call it where it is displayed."""
        return self.statement


class Baseline(Part):
    """The value before the cooperation."""

    value: Number
    on: Day | None = None


class Target(Part):
    """The value to reach, and by when."""

    value: Number
    by: Day | None = None


class Scale(Part):
    """The lowest and the highest value a KPI can have."""

    low: Number = Field(alias="from")
    high: Number = Field(alias="to")

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.low >= self.high:
            raise problem("wrong-order", shown(self.high), f"a number above {self.low}", at=("to",))
        return self


class Reading(Part):
    """A KPI's value, as measured on a day."""

    on: Day
    value: Number
    source: Text | None = None
    note: Text | None = None


class Kpi(Named):
    """A key performance indicator; its values are in its own unit, 92 of a KPI in % is 92 %."""

    category: Label | None = None
    unit: Label | None = None
    direction: Direction = "up"
    """Which way is better."""
    baseline: Baseline | None = None
    target: Target | None = None
    floor: Number | None = None
    """The worst value the parties accept."""
    every: Cadence | None = None
    source: Text | None = None
    owner: Identifier | None = None
    scale: Scale | None = None
    readings: tuple[Reading, ...] = ()
    custom: Custom = FrozenMap()
    """Values of your own, by name; a rule file declares their types."""

    @model_validator(mode="after")
    def _reads_once_a_day(self) -> Self:
        seen: set[date] = set()
        defects = []
        for position, reading in enumerate(self.readings):
            if reading.on in seen:
                found = f'"{reading.on}" a second time'
                defects.append(
                    Defect(("readings", position, "on"), "duplicate-date", found, "one reading a day")
                )
            seen.add(reading.on)
        if defects:
            raise problems(defects)
        return self

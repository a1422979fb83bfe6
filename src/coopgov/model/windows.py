"""Spans between two dates: planned, as first planned, as they happened."""

from typing import Self

from pydantic import model_validator

from coopgov.model.base import Part
from coopgov.model.defects import problem, shown
from coopgov.model.quantities import Budget
from coopgov.model.scalars import Day

__all__ = ["Actual", "Original", "Window"]


class Actual(Part):
    """When something really started and ended, as far as it has."""

    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.start > self.end:
            expected = f"a day not before the start, {self.start}"
            raise problem("wrong-order", shown(self.end), expected, at=("end",))
        return self


class Original(Actual):
    """What was first agreed, kept when a phase is planned anew."""

    budget: Budget | None = None


class Window(Part):
    """The first and the last day of something planned."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            expected = f"a day not before the start, {self.start}"
            raise problem("wrong-order", shown(self.end), expected, at=("end",))
        return self

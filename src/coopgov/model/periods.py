"""Periods between two dates: planned, originally planned, and actual."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from coopgov.locales import phrase
from coopgov.model.strict import NEEDED, is_strict
from coopgov.schema.base import Part
from coopgov.schema.problems import Defect, problems, shown
from coopgov.schema.quantities import Budget
from coopgov.schema.scalars import Day

__all__ = ["Actual", "Ends", "Original", "Planned", "Window"]


class Ends(Part):
    """A first and a last day; unless the agreement is strict, the last may come before the first."""

    start: Day | None = None
    end: Day | None = None

    @property
    def sound(self) -> "Ends":
        """The period itself, or None where the last day comes before the first: then neither can be trusted."""
        return Ends.model_construct() if self.wrong_order() else self

    def wrong_order(self) -> Defect | None:
        """The defect of a last day that comes before the first."""
        if self.start is None or self.end is None or self.start <= self.end:
            return None
        expected = phrase("model.wrong-order.expected", start=self.start)
        key = type(self).model_fields["end"].alias or "end"
        return Defect((key,), "wrong-order", shown(self.end), expected)

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> Self:
        defect = self.wrong_order()
        if defect and is_strict(info):
            raise problems([defect])
        return self


class Actual(Ends):
    """When something actually started and ended, as far as it has."""


class Original(Ends):
    """The period as first agreed, kept when a phase is replanned."""

    budget: Budget | None = None


class Window(Ends):
    """The planned first and last day."""

    start: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    end: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)


def _empty(value: object) -> object:
    return Window.model_construct() if value is None else value


Planned = Annotated[Window, BeforeValidator(_empty), NEEDED]
"""A window that is required in a strict agreement; elsewhere an absent one has no dates."""

"""The periodic reports that the parties owe each other."""

from typing import Annotated

from pydantic import Field

from coopgov.model.periods import Planned
from coopgov.model.strict import NEEDED
from coopgov.schema.base import Sourced
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.scalars import Day, DayByName

__all__ = ["Report"]


class Report(Sourced):
    """A report on a period, which all parties sign; it is written once the first of them has signed it."""

    period: Planned = Field(default=None, validate_default=True)
    """The days that it reports on."""
    due: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    """The day by which it must be signed."""
    signed_by: DayByName = FrozenMap()
    """The day on which each party signed it."""

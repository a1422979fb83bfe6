"""Meetings: how often they are held, their minutes, and the decisions taken."""

from typing import Self

from pydantic import model_validator

from coopgov.model.dated import repeated_days
from coopgov.schema.base import Part, Sourced
from coopgov.schema.problems import problems
from coopgov.schema.quantities import Cadence, Length
from coopgov.schema.scalars import Day, Identifier
from coopgov.schema.text import LocalText, Text
from coopgov.schema.worded import Holder

__all__ = ["Decision", "Meeting", "Minutes"]


class Decision(Part):
    """What a meeting decided: who carries it out, and by when."""

    id: Identifier
    what: Text
    owner: Holder | None = None
    due: Day | None = None
    """The day by which it must be carried out."""
    done: Day | None = None
    """The day on which it was carried out."""
    source: Text | None = None
    """Where it comes from, such as its id in another system."""

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.what


class Minutes(Part):
    """The minutes of the meeting of one day."""

    on: Day
    """The day of the meeting; it counts as held."""
    decisions: tuple[Decision, ...] = ()


class Meeting(Sourced):
    """A series of meetings: how often, how long, of which body, the days on which it was held, and its minutes."""

    every: Cadence | None = None
    """How often it must be held, such as 1 week."""
    length: Length | None = None
    """How long it takes, such as 1 hour."""
    body: Holder | None = None
    """The id of the body that meets."""
    held: tuple[Day, ...] = ()
    """The days on which it was held."""
    agenda: Text | None = None
    """What is discussed."""
    minutes: tuple[Minutes, ...] = ()

    @property
    def sessions(self) -> tuple[Day, ...]:
        """The days on which it was held: those in `held`, and those of the minutes."""
        return (*self.held, *(each.on for each in self.minutes))

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        days = [each.on for each in self.minutes]
        if defects := list(repeated_days(days, "minutes", "on", "one-minutes")):
            raise problems(defects)
        return self

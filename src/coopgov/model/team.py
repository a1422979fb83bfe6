"""The people of an agreement: parties, the joint team, its members and their absences, its bodies and its chairs."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from coopgov.model.dated import repeated_days
from coopgov.model.periods import Ends
from coopgov.model.strict import NEEDED
from coopgov.schema.base import Part, Sourced
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.problems import problems
from coopgov.schema.quantities import Cadence, Load
from coopgov.schema.scalars import Custom, Day, Identifier
from coopgov.schema.text import Text
from coopgov.schema.worded import Choice, Role

__all__ = ["STANDARD_ROLES", "Absence", "Body", "Chair", "Member", "Party", "Team"]

STANDARD_ROLES = ("project-manager", "technical-liaison", "finance-liaison", "communication-officer")
"""The roles of every working group; they are the key roles unless a team names its own."""


class Party(Sourced):
    """An organisation that signs the agreement."""


class Absence(Ends):
    """The days on which a member is away, the first and the last included; without a last day, until further notice."""

    start: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True, alias="from")
    """The first day."""
    end: Day | None = Field(default=None, alias="to")
    """The last day."""

    def covers(self, day: date) -> bool | None:
        """Whether it covers a day; None if its days are missing or in the wrong order."""
        if self.wrong_order() is not None:
            return None
        if self.end is not None and day > self.end:
            return False
        return None if self.start is None else self.start <= day


class Member(Sourced):
    """A person or post in the working group, with its role and its deputy."""

    party: Identifier | None = None
    """The id of the party that the member belongs to."""
    role: Role | None = None
    deputy: Identifier | None = None
    """The id of the member that stands in for it."""
    load: Load | None = None
    """The share of full working time available for this cooperation."""
    absent: tuple[Absence, ...] = ()
    """When it is away; its deputy then stands in for it."""
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Body(Sourced):
    """A committee or other group of members."""

    members: tuple[Identifier, ...] = ()
    """The ids of its members."""
    chair: Identifier | None = None
    """The id of the member who chairs it."""
    every: Cadence | None = None
    """How often it must meet, such as 1 month."""
    held: tuple[Day, ...] = ()
    """The days on which it met."""
    duty: Text | None = None
    """What it is for."""


class Chair(Part):
    """A member that chairs the working group, from a day on until the next one takes over."""

    by: Identifier
    """The member."""
    start: Day = Field(alias="from")
    """The first day."""


class Team(Part):
    """The joint working group."""

    leadership: Annotated[Literal["joint", "rotating"], Choice("leadership")] | None = None
    """Whether the heads lead together or take turns."""
    chairs: tuple[Chair, ...] = ()
    """Who chairs from which day on, if the heads take turns."""
    key_roles: tuple[Role, ...] = STANDARD_ROLES
    """The roles that somebody must hold; without it, the four standard roles."""
    members: tuple[Member, ...] = ()
    bodies: tuple[Body, ...] = ()

    @model_validator(mode="after")
    def _one_chair(self) -> Self:
        days = [chair.start for chair in self.chairs]
        if defects := list(repeated_days(days, "chairs", "from", "one-chair")):
            raise problems(defects)
        return self

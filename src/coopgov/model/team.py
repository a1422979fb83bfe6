"""The people of an agreement: parties, the joint team and its members, bodies and meetings."""

from typing import Annotated, Literal

from coopgov.schema.base import Named, Part
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.quantities import Cadence, Length, Load
from coopgov.schema.scalars import Custom, Day, Identifier
from coopgov.schema.text import Text
from coopgov.schema.worded import Choice, Holder, Role

__all__ = ["STANDARD_ROLES", "Body", "Meeting", "Member", "Party", "Team"]

STANDARD_ROLES = ("project-manager", "technical-liaison", "finance-liaison", "communication-officer")
"""The roles of every working group; they are the key roles unless a team names its own."""


class Party(Named):
    """An organisation that signs the agreement."""


class Member(Named):
    """A person or post in the working group, with its role and its deputy."""

    party: Identifier | None = None
    role: Role | None = None
    deputy: Identifier | None = None
    load: Load | None = None
    """The share of full working time available for this cooperation."""
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Body(Named):
    """A committee or other group of members."""

    members: tuple[Identifier, ...] = ()
    chair: Identifier | None = None
    every: Cadence | None = None
    held: tuple[Day, ...] = ()
    duty: Text | None = None


class Team(Part):
    """The joint working group."""

    leadership: Annotated[Literal["joint", "rotating"], Choice("leadership")] | None = None
    """Whether the heads lead together or take turns."""
    key_roles: tuple[Role, ...] = STANDARD_ROLES
    members: tuple[Member, ...] = ()
    bodies: tuple[Body, ...] = ()


class Meeting(Named):
    """A series of meetings: how often, how long, of which body, and the days on which it was held."""

    every: Cadence | None = None
    length: Length | None = None
    body: Holder | None = None
    held: tuple[Day, ...] = ()
    agenda: Text | None = None

"""The risk register, contingency plans and waivers."""

from typing import Annotated, Literal

from coopgov.model.dated import Impacts, Portions, RiskStatuses
from coopgov.schema.base import Part
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.quantities import Cadence, Within
from coopgov.schema.scalars import Custom, Day, Identifier, Label
from coopgov.schema.text import LocalText, Text
from coopgov.schema.worded import Category, Choice, Holder, ListedCause, ListedKind

__all__ = ["Plan", "Response", "Risk", "Strain", "Waiver"]

Strain = Literal["budget", "people", "time", "quality"]
"""What a contingency plan costs."""


class Titled(Part):
    """A part with an id and a title."""

    id: Identifier
    title: Text
    source: Text | None = None
    """Where it comes from, such as its id in another system."""

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.title


class Response(Titled):
    """What is done about a risk, by whom and how often."""

    owner: Holder | None = None
    body: Holder | None = None
    """The id of the body that carries it out."""
    every: Cadence | None = None
    """How often it is carried out, such as 3 months."""
    held: tuple[Day, ...] = ()
    """The days on which it was carried out."""


class Risk(Titled):
    """An entry of the risk register."""

    category: Category | None = None
    probability: Portions = ()
    """How likely it is, such as 30 %; with `on`, the day of that estimate."""
    impact: Impacts = ()
    """How bad it would be, from 1 to 5; with `on`, the day of that estimate."""
    owner: Holder | None = None
    status: RiskStatuses = ()
    """Whether it is open, closed or has occurred; with `on`, since when."""
    review_by: Day | None = None
    """The day by which it must be reviewed."""
    on: Day | None = None
    """The day on which the risk was identified."""
    signs: tuple[Text, ...] = ()
    """What announces that it comes."""
    causes: tuple[ListedCause, ...] = ()
    responses: tuple[Response, ...] = ()
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Plan(Titled):
    """A contingency plan agreed in advance: which kinds of warning it answers, and what it strains."""

    answers: tuple[ListedKind, ...]
    """The kinds of warning that it answers, such as delay."""
    strains: tuple[Annotated[Strain, Choice("strains")], ...] = ()
    """What it costs: budget, people, time or quality."""
    owner: Holder | None = None
    within: Within | None = None
    """How soon it must be done, such as 5 working days."""


class Waiver(Part):
    """Sets a rule aside for one subject until a day, with a reason."""

    rule: Identifier
    about: Label
    until: Day
    reason: Text
    by: Text | None = None
    """Who agreed to it."""

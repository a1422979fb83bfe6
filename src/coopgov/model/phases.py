"""The work plan: phases with their milestones, deliverables, tasks, budgets and spending."""

from typing import Annotated

from pydantic import Field

from coopgov.model.dated import (
    Budgets,
    MilestoneStatuses,
    PhaseForecasts,
    Portions,
    TaskForecasts,
    TaskStatuses,
)
from coopgov.model.periods import Actual, Original, Planned, Window
from coopgov.model.strict import NEEDED
from coopgov.schema.base import Named, Part
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.quantities import Buffer, Load, Money
from coopgov.schema.scalars import Custom, Day, Label
from coopgov.schema.text import Text
from coopgov.schema.worded import Holder

__all__ = ["Deliverable", "Milestone", "Phase", "Spending", "Task"]


class Milestone(Named):
    """A result that must be reached by a day."""

    due: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    """The day by which it must be met."""
    met: Day | None = None
    """The day on which it was met."""
    status: MilestoneStatuses = ()
    """Whether it is not met, partially met or met; with `on`, since when."""
    owner: Holder | None = None
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Deliverable(Named):
    """A thing to hand over: when due, when delivered, when accepted."""

    due: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    """The day by which it must be delivered."""
    delivered: Day | None = None
    """The day on which it was delivered."""
    accepted: Day | None = None
    """The day on which it was accepted."""
    owner: Holder | None = None
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Task(Named):
    """A piece of work inside a phase."""

    owner: Holder | None = None
    planned: Planned = Field(default=None, validate_default=True)
    original: Window | None = None
    """The window as first agreed, if the task was replanned."""
    actual: Actual | None = None
    forecast: TaskForecasts = ()
    """The day it is expected to end; with `on`, the day of that forecast."""
    status: TaskStatuses = ()
    """Whether it is not started, in progress or done; with `on`, since when."""
    progress: Portions = ()
    """The share of the work that is done; with `on`, the day of that report."""
    after: tuple[Label, ...] = ()
    """Predecessors: the id of a task of the same phase, or `phase/task`."""
    load: Load | None = None
    """The share of the owner's time that the task takes."""
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""


class Spending(Part):
    """Money spent on a day; a negative amount is a refund."""

    on: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    amount: Money
    note: Text | None = None
    """What was paid for."""


class Phase(Named):
    """A stage of the cooperation; `planned` and `budget` are the current plan, `original` is the first one."""

    owner: Holder | None = None
    planned: Planned = Field(default=None, validate_default=True)
    original: Original | None = None
    actual: Actual | None = None
    forecast: PhaseForecasts = ()
    """The day it is expected to end, or its total cost; with `on`, the day of that forecast."""
    budget: Budgets = ()
    """The money that may be spent; with `on`, the day from which it applies."""
    spending: tuple[Spending, ...] = ()
    buffer: Buffer | None = None
    """Time reserved at the end of the planned window."""
    milestones: tuple[Milestone, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    tasks: tuple[Task, ...] = ()
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""

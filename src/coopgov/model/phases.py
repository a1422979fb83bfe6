"""The work plan: phases with their milestones, deliverables, tasks, budgets and spending."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from coopgov.model.dated import (
    Budgets,
    MilestoneStatuses,
    PhaseForecasts,
    Portions,
    TaskForecasts,
    TaskStatuses,
)
from coopgov.model.periods import Actual, Original, Planned, Window
from coopgov.model.plan import Constraint, Links, PlanBaseline
from coopgov.model.strict import ABSENT, NEEDED
from coopgov.schema.base import Part, Sourced
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.quantities import Buffer, Load, Money
from coopgov.schema.scalars import Custom, Day, Label
from coopgov.schema.text import Text
from coopgov.schema.worded import Holder

__all__ = ["Deliverable", "Milestone", "Phase", "Spending", "Task"]


class Milestone(Sourced):
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


class Deliverable(Sourced):
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


class Spending(Part):
    """Money spent on a day; a negative amount is a refund."""

    on: Annotated[Day | None, NEEDED] = Field(default=None, validate_default=True)
    amount: Money
    note: Text | None = None
    """What was paid for."""
    id: Label | None = None
    """The number of the voucher; of entries with one number in several files, one counts."""


class Task(Sourced):
    """A piece of work inside a phase; only one that comes from another system, with `source`, can lack a plan."""

    owner: Holder | None = None
    planned: Planned = Field(default=None, validate_default=True)
    original: Window | None = None
    """The window as first agreed, if the task was replanned."""
    actual: Actual | None = None
    forecast: TaskForecasts = ()
    """The day it is expected to end; with `on`, the day of that forecast."""
    status: TaskStatuses = ()
    """Whether it is not started, in progress, done or cancelled; with `on`, since when."""
    progress: Portions = ()
    """The share of the work that is done; with `on`, the day of that report."""
    after: Links = ()
    """Predecessors: the id of a task of the same phase, or `phase/task`; with `type` and `lag` if needed."""
    constraint: Constraint | None = None
    deadline: Day | None = None
    """The day by which it must be done, whatever the plan says."""
    baselines: tuple[PlanBaseline, ...] = ()
    """Plans kept when it was replanned, beside `original`."""
    budget: Budgets = ()
    """The money that may be spent on it; with `on`, the day from which it applies."""
    spending: tuple[Spending, ...] = ()
    """What was spent on it; it counts as spending of its phase, too."""
    load: Load | None = None
    """The share of the owner's time that the task takes."""
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""

    @model_validator(mode="before")
    @classmethod
    def _without_plan(cls, data: Any) -> Any:
        """Let a task of another system lack planned days: it is not scheduled there."""
        if not isinstance(data, Mapping) or data.get("source") is None:
            return data
        planned = data.get("planned")
        if planned is None:
            return {**data, "planned": ABSENT}
        if isinstance(planned, Mapping):
            missing = {key: ABSENT for key in ("start", "end") if planned.get(key) is None}
            return {**data, "planned": {**planned, **missing}}
        return data


class Phase(Sourced):
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
    baselines: tuple[PlanBaseline, ...] = ()
    """Plans kept when it was replanned, beside `original`."""
    progress: Portions = ()
    """The share of the work that is done; with `on`, the day of that report."""
    milestones: tuple[Milestone, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    tasks: tuple[Task, ...] = ()
    custom: Custom = FrozenMap()
    """Your own values, by name; a rule file declares their types."""

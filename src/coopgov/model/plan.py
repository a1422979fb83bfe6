"""What a plan says beside its dates: links between tasks, constraints, and baselines kept when it was changed."""

from typing import Annotated, Literal

from coopgov.model.dated import Entries
from coopgov.model.periods import Ends
from coopgov.schema.base import Part
from coopgov.schema.lags import LagValue
from coopgov.schema.quantities import Budget
from coopgov.schema.scalars import Day, Identifier, Label
from coopgov.schema.text import Text

__all__ = ["Constraint", "ConstraintType", "Link", "LinkType", "Links", "PlanBaseline"]

LinkType = Literal["FS", "SS", "FF", "SF"]
"""How two tasks are linked: finish to start, start to start, finish to finish, start to finish."""

ConstraintType = Literal[
    "as late as possible",
    "must start on",
    "must finish on",
    "start no earlier than",
    "start no later than",
    "finish no earlier than",
    "finish no later than",
]
"""What a constraint demands of a task."""


class Link(Part):
    """A predecessor of a task; a bare id means that it must finish before the task starts."""

    task: Label
    """The id of a task of the same phase, or `phase/task`."""
    type: LinkType = "FS"
    """Which end of it waits for which end of the predecessor: FS, SS, FF or SF, the predecessor's end first."""
    lag: LagValue | None = None
    """The time between the two, such as 2 working days; a negative one is an overlap."""


Links = Annotated[tuple[Link, ...], Entries("task", dated=False)]
"""The predecessors of a task; a bare id is short for a link without type and lag."""


class Constraint(Part):
    """A condition on the dates of a task, besides its predecessors."""

    type: ConstraintType
    """What it demands, such as `must finish on`."""
    on: Day | None = None
    """The day; only `as late as possible` has none."""


class PlanBaseline(Ends):
    """A plan that was kept when it was changed: its dates and its budget, why it was kept, and who agreed."""

    id: Identifier
    on: Day | None = None
    """The day on which it was kept."""
    by: Text | None = None
    """Who agreed to it."""
    reason: Text | None = None
    """Why the plan was changed."""
    budget: Budget | None = None

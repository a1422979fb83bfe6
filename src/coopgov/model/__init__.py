"""The agreement model: what the parties agreed and what has been observed since, as frozen values."""

from coopgov.model.agreement import Agreement
from coopgov.model.calendar import (
    WorkingCalendar,
    calendar_of,
    cycle_after,
    months_after,
    span_after,
    working_calendar,
)
from coopgov.model.contents import AGREEMENT_FORMAT, Calendar, Rate, Weekday
from coopgov.model.dated import (
    DatedBudget,
    DatedImpact,
    DatedMilestoneStatus,
    DatedPortion,
    DatedRiskStatus,
    DatedTaskStatus,
    MilestoneStatus,
    PhaseForecast,
    RiskStatus,
    TaskForecast,
    TaskStatus,
    newest,
)
from coopgov.model.dump import dump_agreement, plain_agreement
from coopgov.model.load import build_agreement, load_agreement, parse_agreement, place_of, read_agreement
from coopgov.model.meetings import Decision, Meeting, Minutes
from coopgov.model.money import minor_units, money_of, rate_for
from coopgov.model.periods import Actual, Original, Window
from coopgov.model.phases import Deliverable, Milestone, Phase, Spending, Task
from coopgov.model.references import roles_of
from coopgov.model.reports import Report
from coopgov.model.risks import Plan, Response, Risk, Strain, Waiver
from coopgov.model.subjects import subjects
from coopgov.model.targets import (
    Baseline,
    Direction,
    Goal,
    Kpi,
    Reading,
    Scale,
    Target,
    direction_needed,
    off_scale,
)
from coopgov.model.task_order import task_name
from coopgov.model.team import STANDARD_ROLES, Absence, Body, Chair, Member, Party, Team

__all__ = [
    "AGREEMENT_FORMAT",
    "STANDARD_ROLES",
    "Absence",
    "Actual",
    "Agreement",
    "Baseline",
    "Body",
    "Calendar",
    "Chair",
    "DatedBudget",
    "DatedImpact",
    "DatedMilestoneStatus",
    "DatedPortion",
    "DatedRiskStatus",
    "DatedTaskStatus",
    "Decision",
    "Deliverable",
    "Direction",
    "Goal",
    "Kpi",
    "Meeting",
    "Member",
    "Milestone",
    "MilestoneStatus",
    "Minutes",
    "Original",
    "Party",
    "Phase",
    "PhaseForecast",
    "Plan",
    "Rate",
    "Reading",
    "Report",
    "Response",
    "Risk",
    "RiskStatus",
    "Scale",
    "Spending",
    "Strain",
    "Target",
    "Task",
    "TaskForecast",
    "TaskStatus",
    "Team",
    "Waiver",
    "Weekday",
    "Window",
    "WorkingCalendar",
    "build_agreement",
    "calendar_of",
    "cycle_after",
    "direction_needed",
    "dump_agreement",
    "load_agreement",
    "minor_units",
    "money_of",
    "months_after",
    "newest",
    "off_scale",
    "parse_agreement",
    "place_of",
    "plain_agreement",
    "rate_for",
    "read_agreement",
    "roles_of",
    "span_after",
    "subjects",
    "task_name",
    "working_calendar",
]

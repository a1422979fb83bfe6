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
from coopgov.model.contents import AGREEMENT_FORMAT, Calendar, Contents, Rate, Weekday
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
from coopgov.model.dump import dump_agreement, dump_part, plain_agreement
from coopgov.model.load import build_agreement, load_agreement, parse_agreement, place_of, read_agreement
from coopgov.model.meetings import Decision, Meeting, Minutes
from coopgov.model.money import minor_units, money_of, rate_for
from coopgov.model.parts.load import build_part, load_part, parse_part
from coopgov.model.parts.part import PART_FORMAT, AgreementPart, Gone, PartResponse, PartRisk, PartSource
from coopgov.model.periods import Actual, Ends, Original, Window
from coopgov.model.phases import Deliverable, Milestone, Phase, Spending, Task
from coopgov.model.plan import Constraint, ConstraintType, Link, LinkType, PlanBaseline
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
    "PART_FORMAT",
    "STANDARD_ROLES",
    "Absence",
    "Actual",
    "Agreement",
    "AgreementPart",
    "Baseline",
    "Body",
    "Calendar",
    "Chair",
    "Constraint",
    "ConstraintType",
    "Contents",
    "DatedBudget",
    "DatedImpact",
    "DatedMilestoneStatus",
    "DatedPortion",
    "DatedRiskStatus",
    "DatedTaskStatus",
    "Decision",
    "Deliverable",
    "Direction",
    "Ends",
    "Goal",
    "Gone",
    "Kpi",
    "Link",
    "LinkType",
    "Meeting",
    "Member",
    "Milestone",
    "MilestoneStatus",
    "Minutes",
    "Original",
    "PartResponse",
    "PartRisk",
    "PartSource",
    "Party",
    "Phase",
    "PhaseForecast",
    "Plan",
    "PlanBaseline",
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
    "build_part",
    "calendar_of",
    "cycle_after",
    "direction_needed",
    "dump_agreement",
    "dump_part",
    "load_agreement",
    "load_part",
    "minor_units",
    "money_of",
    "months_after",
    "newest",
    "off_scale",
    "parse_agreement",
    "parse_part",
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

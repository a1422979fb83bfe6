"""Base facts of risks and their responses, contingency plans, waivers, roles, warnings and the agreement as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.held import HELD, meetings_of, read_held
from coopgov.facts.base.table import WARNINGS, facts
from coopgov.facts.subject import Context, Subject, plain_number
from coopgov.language.host_values import Gap
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov.model import Agreement, Plan, Response, Risk, Waiver

__all__ = ["FACTS", "read_agreement", "read_plan", "read_response", "read_risk", "read_waiver"]

FACTS = (
    *facts(
        "risk",
        ("id", "text"),
        ("name", "text"),
        ("category", "category?"),
        ("status", "text: open | closed | occurred"),
        ("probability", "percent? [0..1]"),
        ("impact", "number? [1..5 whole]"),
        ("on", "date?"),
        ("review_by", "date?"),
        ("has_owner", "truth"),
        ("responses", "number [0.. whole]"),
        *WARNINGS,
    ),
    *facts(
        "response",
        ("id", "text"),
        ("name", "text"),
        ("has_owner", "truth"),
        ("owner", "holder?"),
        ("body", "holder?"),
        *HELD,
        *WARNINGS,
    ),
    *facts(
        "plan",
        ("id", "text"),
        ("name", "text"),
        ("answers", "kinds"),
        ("strains", "strains"),
    ),
    *facts(
        "waiver",
        ("id", "text"),
        ("name", "text"),
        ("rule", "text"),
        ("until", "date"),
        ("rule_known", "truth"),
    ),
    *facts(
        "role",
        ("id", "text"),
        ("name", "text"),
        ("vacant", "truth"),
    ),
    *facts(
        "warning",
        ("rule", "text"),
        ("kind", "kind"),
        ("severity", f"text: {' | '.join(SEVERITIES)}"),
        ("about", "text"),
        ("waived", "truth"),
        ("past", "truth"),
    ),
    *facts(
        "agreement",
        ("id", "text"),
        ("name", "text"),
        ("start", "date"),
        ("end", "date"),
        ("leadership", "leadership?"),
        ("chair", "holder?"),
        ("has_chair", "truth"),
        ("answered_kinds", "kinds"),
        ("parties", "subjects of party"),
        ("members", "subjects of member"),
        ("bodies", "subjects of body"),
        ("meetings", "subjects of meeting"),
        ("decisions", "subjects of decision"),
        ("goals", "subjects of goal"),
        ("kpis", "subjects of kpi"),
        ("phases", "subjects of phase"),
        ("milestones", "subjects of milestone"),
        ("deliverables", "subjects of deliverable"),
        ("tasks", "subjects of task"),
        ("payments", "subjects of payment"),
        ("links", "subjects of link"),
        ("reports", "subjects of report"),
        ("risks", "subjects of risk"),
        ("responses", "subjects of response"),
        ("plans", "subjects of plan"),
        ("cases", "subjects of case"),
        *WARNINGS,
    ),
)


def read_risk(subject: Subject, risk: Risk, context: Context) -> None:
    """Record the base facts of a risk; its undated values apply from the day it was identified, if that is known."""
    subject.put("category", risk.category, "category")
    noted = len(context.undated)
    status, path = context.newest(subject, "status", risk.status)
    subject.put("status", status.value if status else "open", *path, "is")
    probability, path = context.newest(subject, "probability", risk.probability)
    subject.put("probability", plain_number(probability and probability.value), *path, "is")
    impact, path = context.newest(subject, "impact", risk.impact)
    subject.put("impact", impact and impact.value, *path, "is")
    if risk.on is not None:
        del context.undated[noted:]
    subject.put("on", risk.on, "on")
    subject.put("review_by", risk.review_by, "review_by")
    subject.put("has_owner", risk.owner is not None, "owner")
    subject.put("responses", len(risk.responses), "responses")


def read_response(subject: Subject, response: Response, context: Context) -> None:
    """Record the base facts of a response; its first cycle begins with the risk.

    A response that has a body and no owner is carried out whenever that body meets.
    """
    subject.put("has_owner", response.owner is not None, "owner")
    subject.put("owner", response.owner, "owner")
    subject.put("body", response.body, "body")
    body = None if response.owner else response.body
    meetings = meetings_of(body, context.agreement) if body else ()
    read_held(subject, (*response.held, *meetings), response.every, context, subject.record["risk"]["on"])


def read_plan(subject: Subject, plan: Plan, _: Context) -> None:
    """Record the base facts of a contingency plan."""
    subject.put("answers", plan.answers, "answers")
    subject.put("strains", plan.strains, "strains")


def read_waiver(subject: Subject, waiver: Waiver, _: Context) -> None:
    """Record the base facts of a waiver."""
    subject.put("rule", waiver.rule, "rule")
    subject.put("rule_known", None)  # the assessment knows, since it has the rules
    subject.places["rule_known"] = (*subject.path, "rule")
    subject.put("until", waiver.until, "until")


def read_agreement(subject: Subject, agreement: Agreement, context: Context) -> None:
    """Record the base facts of the agreement as a whole."""
    term = agreement.term.sound
    subject.put("start", term.start, "term", "start")
    subject.put("end", term.end, "term", "end")
    subject.put("leadership", agreement.team.leadership, "team", "leadership")
    turns = [(chair.start, at) for at, chair in enumerate(agreement.team.chairs)]
    _, at = max((turn for turn in turns if context.seen(turn[0])), default=(None, -1))
    chair = agreement.team.chairs[at].by if at >= 0 else None
    subject.put("chair", chair, "team", "chairs", at, "by")
    subject.put("has_chair", chair is not None, "team", "chairs")
    kinds = dict.fromkeys(kind for plan in agreement.plans for kind in plan.answers)
    subject.put("answered_kinds", tuple(kinds), "plans")
    subject.put("cases", Gap.NOT_GIVEN)  # whoever assesses may have cases

"""Base facts of the periodic reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.table import WARNINGS, facts

if TYPE_CHECKING:
    from coopgov.facts.subject import Context, Subject
    from coopgov.model import Report

__all__ = ["FACTS", "read_report"]

FACTS = facts(
    "report",
    ("id", "text"),
    ("name", "text"),
    ("period_start", "date"),
    ("period_end", "date"),
    ("due", "date"),
    ("first_signed", "date @"),
    ("missing_signatures", "number [0.. whole]"),
    *WARNINGS,
)


def read_report(subject: Subject, report: Report, context: Context) -> None:
    """Record the base facts of a report."""
    period = report.period.sound
    subject.put("period_start", period.start, "period", "start")
    subject.put("period_end", period.end, "period", "end")
    subject.put("due", report.due, "due")
    signed = [day for day in report.signed_by.values() if context.seen(day)]
    subject.put("first_signed", min(signed, default=None), "signed_by")
    subject.put("missing_signatures", len(context.agreement.parties) - len(signed), "signed_by")

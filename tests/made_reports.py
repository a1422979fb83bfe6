"""Reports of the examples, each made once for all tests; run as a script, it writes `examples/reports`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from coopgov.model import load_agreement
from coopgov.reports.notes import load_report_notes
from coopgov.reports.report import report
from coopgov.reports.write import write_report
from coopgov.rules import load_rules
from pilot import PILOT, pack, pilot

if TYPE_CHECKING:
    from coopgov.model import Agreement
    from coopgov.reports.notes import ReportNotes
    from coopgov.reports.report import Report
    from coopgov.rules import RuleSet

__all__ = [
    "EXAMPLES",
    "SIX",
    "compact_agreement",
    "compact_report",
    "compact_rules",
    "count_of",
    "notes",
    "pilot_report",
    "written",
]

EXAMPLES = PILOT.parent
SIX = ["overview", "goals", "results", "problems", "lessons", "next"]


@cache
def notes() -> ReportNotes:
    """The notes of the pilot."""
    return load_report_notes(EXAMPLES / "reports" / "notes.yaml", "notes.yaml")


@cache
def pilot_report(language: str = "en", *, brief: bool = False) -> Report:
    """The report on the second quarter of the pilot."""
    return report(pilot(), pack(), period="2026-Q2", notes=notes(), language=language, brief=brief)


@cache
def compact_agreement() -> Agreement:
    """The real compact."""
    return load_agreement(EXAMPLES / "compact" / "agreement.yaml", "agreement.yaml")


@cache
def compact_rules() -> RuleSet:
    """Its rules."""
    return load_rules(EXAMPLES / "compact" / "rules.yaml")


@cache
def compact_report() -> Report:
    """The report on the last year of the real compact."""
    return report(compact_agreement(), compact_rules(), period="2012-07-01..2013-06-30")


@cache
def written(language: str, format_: str) -> bytes:
    """The report of the pilot in a format."""
    return write_report(pilot_report(language), format_)


def count_of(id_: str, text: str) -> int:
    """How often an id is in a text, but not inside a longer one; it may be broken over lines."""
    squeezed = re.sub(r"\s|\u200b", "", text)
    return len(re.findall(rf"(?<![@/-]){re.escape(id_)}", squeezed))


def main() -> None:
    """Write the reports that the repository holds."""
    for made in (pilot_report("en"), pilot_report("zh-Hans"), compact_report()):
        for format_ in ("html", "md"):
            path = EXAMPLES / "reports" / f"{made.id}.{made.language}.{format_}"
            path.write_bytes(write_report(made, format_))


if __name__ == "__main__":
    main()

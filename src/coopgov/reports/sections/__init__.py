"""The sections of a report, one module each: a function from the context to a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.sections.appendix import appendix
from coopgov.reports.sections.brief import BRIEF, brief_appendix
from coopgov.reports.sections.goals import goals
from coopgov.reports.sections.lessons import lessons
from coopgov.reports.sections.next_steps import next_steps
from coopgov.reports.sections.overview import overview
from coopgov.reports.sections.problems import problems
from coopgov.reports.sections.results import results

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.reports.context import Context
    from coopgov.reports.document import Section
    from coopgov.reports.notes_schema import SectionId

__all__ = ["BRIEF", "BUILDERS", "appendix", "brief_appendix"]

BUILDERS: Mapping[SectionId, Callable[[Context], Section]] = {
    "overview": overview,
    "goals": goals,
    "results": results,
    "problems": problems,
    "lessons": lessons,
    "next": next_steps,
}
"""The functions that build the sections, in their order."""

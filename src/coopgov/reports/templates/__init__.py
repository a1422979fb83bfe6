"""Templates of documents that a cooperation needs, filled from its agreement where that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, an_instance, checked, one_of, or_none
from coopgov.languages import relative
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.reports.document import Document, Field, line
from coopgov.reports.templates.agreement import agreement_sections
from coopgov.reports.templates.charter import charter_sections
from coopgov.reports.templates.handbook import handbook_sections
from coopgov.reports.templates.meetings import agenda_sections, minutes_sections
from coopgov.reports.templates.words import Words
from coopgov.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from coopgov.model import Agreement
    from coopgov.reports.document import Section

__all__ = ["TEMPLATES", "template"]

TEMPLATES: tuple[str, ...] = ("agreement", "charter", "handbook", "agenda", "minutes")
"""The names of the templates."""


@checked(
    name=one_of(TEMPLATES),
    agreement=or_none(AN_AGREEMENT),
    rules=or_none(an_instance(RuleSet, "errors.expected.rules", "errors.hints.rules")),
    language=a_tag,
)
def template(
    name: str, agreement: Agreement | None = None, *, rules: RuleSet | None = None, language: str = "en"
) -> Document:
    """Make a document from a template, filled from an agreement where that knows.

    What it does not know is a blank, marked with brackets that say what belongs there. A template is no legal advice,
    and says so.

    Args:
        name: `agreement`, `charter`, `handbook`, `agenda` or `minutes`; the last two for each series of meetings.
        agreement: the agreement that fills it in; without one, everything is blank.
        rules: the rules whose escalations a charter shows; without them, they are blank.
        language: of all texts.

    >>> [section.id for section in template("handbook").sections]
    ['duties', 'communication', 'authority']
    """
    language = relative(language)
    words = Words(agreement, language)
    title = words.word(f"{name}.title")
    whose = words.said(agreement.label) if agreement else ""
    fields: tuple[Field, ...] = ()
    if agreement is not None:
        parties = words.listed(words.said(each.label) for each in agreement.parties)
        fields = (Field(words.word("agreement.parties.title"), line(parties)),)
    return Document(
        "template",
        name if agreement is None else f"{agreement.id}-{name}",
        language,
        title,
        None,
        whose,
        fields,
        _sections(name, words, rules),
        words.word("notice"),
    )


def _sections(name: str, words: Words, rules: RuleSet | None) -> tuple[Section, ...]:
    match name:
        case "agreement":
            return agreement_sections(words)
        case "charter":
            return charter_sections(words, rules)
        case "handbook":
            return handbook_sections(words)
        case "agenda":
            return agenda_sections(words)
    return minutes_sections(words)

"""The notices of one day without a store: one for each warning that counts, with what an assessment alone can say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, checked
from coopgov.assessment.assess import assess
from coopgov.assessment.escalation import receiver_of
from coopgov.assessment.people import People
from coopgov.cases.notice import Notice
from coopgov.facts import derive
from coopgov.languages import LANGUAGES
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.notify.ids import id_of_warning
from coopgov.rules.ruleset import RULES
from coopgov.schema import LocalText
from coopgov.simulation.backtest import backtest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.assessment.result import EarlyWarning, Escalated
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet
    from coopgov.simulation.history import Episode

__all__ = ["day_notices"]

_LOOKED_BACK = timedelta(days=366)
"""How far back it is looked for the day on which a warning began."""
_RECOMMENDED = 2
"""The most recommended actions that a notice names, as in notices of cases."""


@checked(agreement=AN_AGREEMENT, rules=RULES, as_of=a_day)
def day_notices(agreement: Agreement, rules: RuleSet, *, as_of: date) -> tuple[tuple[str, Notice], ...]:
    """Return a notice for each warning of a day that counts, with its id; for hosts without a store of cases.

    It is addressed to the first step of the warning's ladder that somebody holds, else to the owner of the subject,
    else to the project manager. Nothing is remembered: the next day gives notices of the same warnings again.

    Args:
        agreement: what was agreed and observed.
        rules: the rules.
        as_of: the day.

    >>> from datetime import date
    >>> from coopgov import load_agreement, load_rules
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> notices = dict(day_notices(pilot, load_rules(), as_of=date(2026, 11, 9)))
    >>> late = next(each for each in notices.values() if each.rule == "phase-late" and each.about == "phase/core")
    >>> print(late.text.in_language("en"))
    New, major: Phase late, Core projects
    Core projects is late by 40 days, 22 % of its planned window of 182 days: ...
    Since 2026-10-19.
    To do: Trim the scope (Joint leads (...)), Set new priorities and cut approvals (Project manager (...)).
    Answer by 2026-11-11.
    """
    facts = derive(agreement, as_of, rules.catalogue)
    spoken = {each: assess(agreement, rules, as_of=as_of, language=each) for each in LANGUAGES}
    wordings = {name: {each.id: each for each in one.warnings} for name, one in spoken.items()}
    began = _beginnings(agreement, rules, as_of)
    return tuple(
        (
            id_of_warning(agreement.id, warning.id, warning.severity, as_of),
            _notice(warning, facts, wordings, began.get(warning.id)),
        )
        for warning in spoken["en"].warnings
        if warning.counted
    )


def _beginnings(agreement: Agreement, rules: RuleSet, as_of: date) -> Mapping[str, Episode]:
    """The present episode of each warning, by the id of the warning."""
    first = as_of - _LOOKED_BACK if as_of - date.min > _LOOKED_BACK else as_of
    if agreement.term.start is not None:
        first = min(max(first, agreement.term.start), as_of)
    history = backtest(agreement, rules, first=first, last=as_of)
    return {each.id: each for each in history.episodes if each.ongoing}


def _notice(
    warning: EarlyWarning,
    facts: Facts,
    wordings: Mapping[str, Mapping[str, EarlyWarning]],
    episode: Episode | None,
) -> Notice:
    people = {language: People(facts, language) for language in LANGUAGES}
    held = next((each for each in warning.ladder if not each.vacant), None)
    first = warning.escalation
    subject = next((each for each in facts if each.id == warning.about), None)
    owner = "project-manager" if subject is None else receiver_of("owner", subject, people["en"].holders)
    said = tuple(
        (
            language,
            "\n".join(_lines(wordings[language][warning.id], people[language], subject, episode, held)),
        )
        for language in LANGUAGES
    )
    return Notice(
        on=facts.as_of,
        to=held.to if held else owner,
        by=held.by if held else None,
        case="",
        rule=warning.rule,
        about=warning.about,
        severity=warning.severity,
        round=1,
        step=1,
        kind="fired",
        text=LocalText(said),
        vacant_for=first.to if first is not None and first.vacant else None,
    )


def _lines(
    warning: EarlyWarning,
    people: People,
    subject: Subject | None,
    episode: Episode | None,
    held: Escalated | None,
) -> Iterator[str]:
    language = people.language

    def wording(key: str, **values: object) -> str:
        return text(f"cases.notice.{key}", language, **values)

    term = text(f"assessment.terms.{warning.severity}", language)
    name = warning.about if subject is None else subject.label.in_language(language)
    yield wording("heads.fired", what=wording("what", severity=term, title=warning.title, subject=name))
    yield warning.message
    if episode is not None:
        earlier = "notify.since-before" if episode.before else "cases.notice.since"
        yield text(earlier, language, since=episode.first)
    owned = [
        each.title
        if each.owner is None
        else wording("owned", title=each.title, owner=people.called(each.owner))
        for each in warning.actions[:_RECOMMENDED]
    ]
    if owned:
        yield wording("to-do", actions=text("common.comma", language).join(owned))
    if held is not None:
        yield wording("by", by=held.by)

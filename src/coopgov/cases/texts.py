"""The texts of notices in every language: what, why, since when, what to do, by when, and who else knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.assessment.figures import Form
from coopgov.assessment.people import People
from coopgov.assessment.texts import texts_of
from coopgov.languages import LANGUAGES
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.cases.case import Case, CaseAction
    from coopgov.cases.observed import Observed
    from coopgov.cases.words import NoticeKind

__all__ = ["Told", "Writer", "writers"]

_RECOMMENDED = 2
"""The most recommended actions that a notice names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a notice says besides the case: its kind, the deadline, and what belongs to single kinds.

    `silent` are those who were asked and have not answered, and `others` those who know of the case.
    """

    kind: NoticeKind
    by: date | None = None
    vacant_for: str | None = None
    action: CaseAction | None = None
    silent: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    ended: NoticeKind | None = None


class Writer:
    """Writes the texts of notices of one day, in one language."""

    def __init__(self, day: Observed, language: str) -> None:
        self.day = day
        self.language = language
        self.assessor = day.searched
        facts = self.assessor.facts
        self.people = People(facts, language)
        form = self.assessor.form
        self.form = Form(language, form.currency, form.minor_units, self.people)

    def text(self, case: Case, told: Told) -> str:
        """The text of a notice: a line for each thing that it says."""
        return "\n".join(self._lines(case, told))

    def _say(self, key: str, **values: object) -> str:
        return text(f"cases.notice.{key}", self.language, **values)

    def _lines(self, case: Case, told: Told) -> Iterator[str]:
        yield self._head(case, told)
        if told.ended is not None and told.ended != told.kind:
            yield self._say(f"ended.{told.ended}")
        if message := self._message(case):
            yield message
        if told.kind == "re-opened" and case.late:
            yield self._say("late")
        yield self._say("since", since=case.since)
        if told.silent:
            yield self._say("silent", names=self._names(told.silent))
        yield from self._to_do(case, told)
        if told.by is not None and told.kind != "action-agreed":
            yield self._say("by", by=told.by)
        if told.vacant_for is not None:
            yield self._say("vacant", name=self._name(told.vacant_for))
        if told.others:
            yield self._say("others", names=self._names(told.others))

    def _head(self, case: Case, told: Told) -> str:
        severity, title, subject = self.form.term(case.severity), self._title(case), self._subject(case)
        said = self._say("what", severity=severity, title=title, subject=subject)
        return self._say(f"heads.{told.kind}", what=said)

    def _title(self, case: Case) -> str:
        rule = self.day.by_id.get(case.rule)
        return case.rule if rule is None else rule.title.in_language(self.language)

    def _subject(self, case: Case) -> str:
        subject = self.day.subjects.get(case.about)
        return case.about if subject is None else subject.label.in_language(self.language)

    def _message(self, case: Case) -> str:
        """The message of the warning, if the rule holds today."""
        for one in self.assessor.found:
            if (one.rule.id, one.subject.id) == (case.rule, case.about):
                hit = one.severity, one.value, one.threshold
                found = texts_of(one.rule, *hit, one.subject, self.assessor.interpreter, self.form)
                return found.message
        return ""

    def _to_do(self, case: Case, told: Told) -> Iterator[str]:
        if told.action is not None:
            yield self._say("action", title=self._action_title(told.action), due=told.action.due)
        elif told.kind == "no-data":
            yield self._say("bring", data=self._comma(self._missing(case)))
        elif told.kind == "clear-with-open-actions":
            for action in case.current_actions:
                if action.open:
                    yield self._say("action", title=self._action_title(action), due=action.due)
        elif told.kind not in ("informed", "closed") and (actions := self._recommended(case)):
            yield self._say("to-do", actions=self._comma(actions))

    def _action_title(self, action: CaseAction) -> str:
        known = self.day.actions.get(action.id)
        return action.title if known is None else known.title.in_language(self.language)

    def _recommended(self, case: Case) -> list[str]:
        """The first actions that answer the warning, in the order of the situation, with who does each."""
        rule = self.day.by_id.get(case.rule)
        if rule is None:
            return []
        return [
            title if owner is None else self._say("owned", title=title, owner=self._name(owner))
            for title, owner in (
                (each.title.in_language(self.language), each.owner)
                for each in self.day.recommended(rule)[:_RECOMMENDED]
            )
        ]

    def _missing(self, case: Case) -> Iterator[str]:
        """The display names of the data that the rule lacks."""
        for entry in self.assessor.undecided:
            if (entry.rule, entry.about) == (case.rule, case.about):
                yield from (self._datum(case.about, path) for path in entry.missing)

    def _datum(self, about: str, path: str) -> str:
        *above, name = path.split(".")
        kind, catalogue = about.partition("/")[0], self.day.rules.catalogue
        for step in above:
            found = catalogue.type_of(kind, step)
            kind = (found and found.item) or step
        fact = catalogue.facts.get((kind, name))
        return fact.name_in(self.language) if fact else name

    def _name(self, name: str) -> str:
        return self.people.called(name)

    def _names(self, names: Iterable[str]) -> str:
        return self._comma(map(self._name, names))

    def _comma(self, items: Iterable[str]) -> str:
        return text("common.comma", self.language).join(dict.fromkeys(items))


def writers(day: Observed) -> tuple[Writer, ...]:
    """The writers of a day, one for each language."""
    return tuple(Writer(day, language) for language in LANGUAGES)

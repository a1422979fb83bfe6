"""A program of a host with ten mistakes, each on a line with a mark: mypy and pyright find them all, and nothing else.

It keeps agreements, assesses them every morning, and prepares what people must hear. Nobody runs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import coopgov
from coopgov.portfolio import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coopgov.backends.ir import Checker
    from coopgov.model import Phase

COLOURS: Mapping[coopgov.Severity, str] = {
    "notice": "blue",
    "minor": "yellow",
    "major": "orange",
    "critcal": "red",  # mistake: a severity that does not exist
}


@dataclass(frozen=True)
class Letter:
    """What somebody must hear, and by when."""

    to: str
    by: date
    text: str


@dataclass
class Desk:
    """The agreements of an organisation, and the engine that assesses them."""

    engine: coopgov.Engine
    agreements: dict[str, coopgov.Agreement] = field(default_factory=dict[str, coopgov.Agreement])

    def take(self, path: Path) -> str | None:
        """Load an agreement; return what is wrong with the file."""
        try:
            agreement = coopgov.load_agreement(path)
        except coopgov.AgreementErrors:  # mistake: a misspelt exception
            return f"{path} cannot be used"
        self.agreements[agreement.id] = agreement
        return None

    def assess(self, name: str, day: date) -> coopgov.Assessment:
        """Assess an agreement."""
        agreement, text = self.agreements[name], day.isoformat()
        return coopgov.assess(agreement, self.engine, as_of=text)  # mistake: a text for a date

    def alarms(self, day: date) -> Iterator[tuple[str, coopgov.EarlyWarning]]:
        """All severe warnings about all agreements."""
        for name in self.agreements:
            assessment = self.assess(name, day)
            if assessment.at_least("severe"):  # mistake: not a status
                yield from ((name, each) for each in assessment.warnings if each.severity == "critical")

    def letters(self, day: date) -> Iterator[Letter]:
        """A letter for each alarm."""
        for _, warning in self.alarms(day):
            yield Letter(warning.escalation.to, day, warning.message)  # mistake: there may be no escalation
            if warning.escalation is not None and warning.actions:
                todo = ", ".join(action.titel for action in warning.actions)  # mistake: a misspelt attribute
                yield Letter(warning.escalation.to, warning.escalation.by, todo)


def windows(agreement: coopgov.Agreement) -> Iterator[tuple[Phase, timedelta]]:
    """The planned length of each phase that has one."""
    for phase in agreement.phases:
        start, end = phase.planned.start, phase.planned.end
        if start is not None and end is not None:
            yield phase, end - start


def beyond(check: Checker, record: Mapping[str, object], day: date) -> dict[str, float]:
    """By how much each measure of a record passes its threshold."""
    hits, undetermined = check(record, as_of=day)
    for entry in undetermined:
        print(entry.rule, ", ".join(entry.missing))
    return {hit.rule: hit.value - hit.threshold for hit in hits}  # mistake: both may be None


def why(agreement: coopgov.Agreement, rules: coopgov.RuleSet, day: date) -> str:
    """Why a phase is late, and what would change that."""
    one = coopgov.explain(agreement, rules, rule="phase-late", about="phase/setup", as_of=day)
    if one.outcome == "holds":  # mistake: not an outcome
        return one.sentence
    changes = [change.sentence for change in one.changes if change.difference is not None]
    return "\n".join([one.sentence, *changes])


def main(rules: coopgov.RuleSet, day: date) -> list[dict[str, str | float | bool | date | None]]:
    """Print the letters of the day, and return the rows for a table."""
    desk = Desk(coopgov.Engine(rules))
    for letter in desk.letters(day):
        print(letter.to, letter.by, letter.text)
    columns = {"budget": Column("Budget", factor=1000.0)}
    print(sorted(columns), rules.severities)  # mistake: an attribute that does not exist
    for name in desk.agreements:
        desk.assess(name, day).status = "clear"  # mistake: assessments are frozen
    return [row for name in desk.agreements for row in desk.assess(name, day).to_records()]

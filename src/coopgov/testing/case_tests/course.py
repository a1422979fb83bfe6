"""A case test and its course: a cooperation that is judged day by day, each day followed by its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.case_errors import RefusedEventError, UnknownCaseError
from coopgov.cases.answer import answer
from coopgov.cases.cases import Cases
from coopgov.cases.catch_up import catch_up

if TYPE_CHECKING:
    from datetime import date

    from coopgov.case_errors import CaseError
    from coopgov.cases.change import CaseChange
    from coopgov.cases.event import Event
    from coopgov.cases.notice import Notice
    from coopgov.faults import Place
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.testing.case_tests.schema import CaseExpectation

__all__ = ["CaseTest", "Course", "course_of"]


@dataclass(frozen=True, slots=True, eq=False)
class CaseTest:
    """One test, with its agreement and rules loaded."""

    name: str
    agreement: Agreement
    rules: RuleSet
    first: date
    to: date
    events: tuple[Event, ...]
    expect: CaseExpectation
    place: Place

    @property
    def rule_ids(self) -> frozenset[str]:
        """The rules of the cases that the test names."""
        named = [each.case or "" for each in self.expect.notices]
        named += [each.case for each in self.expect.cases]
        named += [each.case for each in self.expect.refused]
        named += [each.case for each in self.events]
        return frozenset(each.partition("@")[0] for each in named)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in a test: notices, changes, and the events that were refused, each with its error."""

    notices: tuple[Notice, ...]
    changes: tuple[CaseChange, ...]
    refused: tuple[tuple[Event, CaseError], ...]


def course_of(test: CaseTest, rules: Engine) -> Course:
    """Judge each day, and then apply its events."""
    steps = [catch_up(Cases.begin(test.agreement.id, test.first), test.agreement, rules, to=test.first)]
    refused: list[tuple[Event, CaseError]] = []
    for event in sorted(test.events, key=lambda each: each.on):
        try:
            if event.on <= test.to:
                now = steps[-1].cases
                steps.append(catch_up(now, test.agreement, rules, to=max(event.on, now.last or event.on)))
            steps.append(answer(steps[-1].cases, event, agreement=test.agreement, rules=rules))
        except (RefusedEventError, UnknownCaseError) as error:
            refused.append((event, error))
    steps.append(catch_up(steps[-1].cases, test.agreement, rules, to=test.to))
    return Course(
        tuple(notice for step in steps for notice in step.notices),
        tuple(change for step in steps for change in step.changes),
        tuple(refused),
    )

"""The format of files of case tests, key by key."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from coopgov.cases.events_schema import EventEntry
from coopgov.cases.words import CaseState, EventName, Handling, NoticeKind, Outcome, Signal
from coopgov.locales import phrase
from coopgov.schema import (
    Choice,
    Day,
    Flag,
    Label,
    Parsed,
    Part,
    WholeFile,
    format_tag,
    parse_day,
    problem,
    shown,
    written,
)
from coopgov.severities import Severity
from coopgov.testing.rule_tests.detect import CASE_TESTS_FORMAT

__all__ = [
    "CaseEntry",
    "CaseExpectation",
    "CaseTestEntry",
    "CaseTestsFile",
    "NoticeEntry",
    "RefusalEntry",
]

NOTHING = "nothing"
"""The word for a deadline that a notice does not have."""


def _parse_deadline(value: object) -> Any:
    return NOTHING if written(value) == NOTHING else parse_day(value)


def _parse_names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, (list, tuple)) else [value]
    if not names or not all(isinstance(each, str) and each.strip() for each in names):
        raise problem("wrong-type", shown(value), phrase("testing.cases.rules"))
    return tuple(names)


_NAME_SCHEMA = {"type": "string", "pattern": r"\S"}
_RULES_SCHEMA = {
    "title": "RuleFiles",
    "description": "A rule file relative to this one or a shipped pack, or a list of them.",
    "anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}],
}
_DEADLINE_SCHEMA = {
    "title": "Deadline",
    "description": "A day such as 2026-11-10; `nothing` for no deadline.",
    "type": "string",
    "minLength": 1,
}
RuleFiles = Annotated[tuple[str, ...], Parsed(_parse_names, schema=_RULES_SCHEMA)]
Deadline = Annotated[Any, Parsed(_parse_deadline, schema=_DEADLINE_SCHEMA)]


class NoticeEntry(Part):
    """An expected notice; only what is written is compared."""

    on: Day | None = None
    """The day on which it is given."""
    to: Label | None = None
    """Who is notified."""
    by: Deadline | None = None
    case: Label | None = None
    """The case: its id, or RULE@SUBJECT."""
    kind: NoticeKind | None = None
    """Why it is given, such as fired or escalated."""
    severity: Annotated[Severity, Choice("severities")] | None = None
    round: int | None = None
    """Which round of notices of the case it belongs to; the first is 1."""
    step: int | None = None
    """Which step of the ladder it is; the first is 1."""
    late_evidence: Flag | None = None
    """Whether data that came late re-opened the case."""
    vacant_for: Label | None = None
    """The vacant step that it stands in for."""


class CaseEntry(Part):
    """What is expected of a case at the end of a day; only what is written is compared."""

    case: Label
    """The case: its id, or RULE@SUBJECT."""
    on: Day | None = None
    """The day; the last one of the test by default."""
    state: CaseState | None = None
    """The one word that is shown."""
    signal: Signal | None = None
    """What its rule says."""
    handling: Handling | None = None
    """What people do about it."""
    severity: Annotated[Severity, Choice("severities")] | None = None
    openings: int | None = None
    """How often it was opened."""
    outcome: Outcome | None = None
    """Why it was closed."""
    assignee: Label | None = None
    """Who looks after it."""


class RefusalEntry(Part):
    """An event that must be refused."""

    on: Day
    """The day of the event."""
    case: Label
    """The case, as the event names it."""
    event: Annotated[EventName, Choice("events")]


class CaseExpectation(Part):
    """What is expected: notices, cases, and events that are refused."""

    notices: tuple[NoticeEntry, ...] = ()
    """Notices that are given."""
    only: Flag = False
    """true: no other notices are given."""
    cases: tuple[CaseEntry, ...] = ()
    """Cases, on days of the test."""
    refused: tuple[RefusalEntry, ...] = ()
    """Events that are refused; any other refusal fails the test."""

    @model_validator(mode="after")
    def _expects_something(self) -> "CaseExpectation":
        if not (self.notices or self.only or self.cases or self.refused):
            found, expected = phrase("testing.expectation.empty"), phrase("testing.cases.expectation")
            raise problem("missing-key", found, expected)
        return self


class CaseTestEntry(Part):
    """One test: a cooperation from one day to another."""

    name: Label
    """What is tested, in a sentence; unique in the file."""
    agreement: Label | None = None
    """The path of the agreement, relative to this file."""
    rules: RuleFiles | None = None
    first: Day = Field(alias="from")
    """The first day that is judged."""
    to: Day
    """The last day that is judged."""
    events: tuple[EventEntry, ...] = ()
    """What people say, each on its day."""
    expect: CaseExpectation

    @model_validator(mode="after")
    def _in_order(self) -> "CaseTestEntry":
        if self.to < self.first:
            raise problem(
                "wrong-order", shown(self.to), phrase("testing.cases.to", first=self.first), at=("to",)
            )
        return self


class CaseTestsFile(WholeFile):
    """A file of case tests."""

    coopgov: Annotated[str, format_tag(CASE_TESTS_FORMAT)]
    agreement: Label | None = None
    """The path of the agreement of tests that name none, relative to this file."""
    rules: RuleFiles | None = None
    tests: tuple[CaseTestEntry, ...] = ()
    """The tests."""

"""Plays days and events on cases: what a rule says is written letter by letter, so that a test reads like a table."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from coopgov import Cases, Engine, Event, parse_rules, replay
from coopgov.cases.observed import Seen
from coopgov.testing.scripted_cases import DayScript, played, replied

if TYPE_CHECKING:
    from coopgov import Case, Notice
    from coopgov.cases.change import Step
    from coopgov.cases.words import EventName
    from coopgov.severities import Severity

BANDS: dict[str, Severity] = {"b": "minor", "B": "major", "!": "critical"}
"""How a band is written: `b` minor, `B` major, `!` critical; all other letters are those of `Says`."""
MONDAY = date(2026, 7, 6)
"""A Monday with two weeks of ordinary working days before it and after it, but for Friday, 3 July, a holiday."""

_RULE = """
coopgov: rules/1
pack: played
version: 1.0.0
{top}
rules:
  - id: late
    about: {about}
    kind: delay
    title: Late
    message: Late.
    measure: {measure}
    bands: {{minor: above 1 {unit}, major: above 2 {unit}, critical: above 3 {unit}}}
{keys}
"""
_MEASURES = {"phase": ("delay", "days"), "kpi": ("score", "points")}


@cache
def engine(keys: str = "", top: str = "", more: str = "", about: str = "phase") -> Engine:
    """An engine of the rule `late`, with keys of its own, keys at the top of the file, and further rules."""
    measure, unit = _MEASURES[about]
    indented = "\n".join(f"    {line}" for line in keys.strip().splitlines())
    return Engine(
        parse_rules(_RULE.format(top=top, keys=indented, about=about, measure=measure, unit=unit) + more)
    )


HISTORIES = """
coopgov: rules/1
pack: histories
version: 1.0.0
cases:
  reopen: 5 working days
  no_data: 2 working days
  effective_after: 3 working days
  remind: 2 working days
  max_waiver: 10 days
inhibit: [{by: swift, hides: [slow], about: children}]
rules:
  - id: swift
    about: phase
    kind: delay
    title: Swift
    message: Late.
    measure: delay
    bands: {minor: above 1 days, major: above 2 days, critical: above 3 days}
    escalate:
      minor: owner within 1 working day
      major: [joint-lead within 1 working day, steering within 2 working days]
    treat: {major: 2 working days}
  - id: slow
    about: phase
    kind: delay
    title: Slow
    message: Late.
    measure: delay
    bands: {minor: above 1 days, major: above 2 days}
    for: 2 working days
    keep: 2 days
    acknowledge: each party
    escalate: {minor: [joint-lead within 1 day, quality-officer within 1 day, steering within 1 working day]}
  - id: read
    about: kpi
    kind: quality
    title: Read
    message: Low.
    measure: score
    bands: {minor: below 80 points, major: below 70 points}
    for: 2 readings
    keep: 1 reading
    treat: {minor: 3 working days}
"""
"""Rules for random histories: each has something else that only cases read."""


@cache
def histories() -> Engine:
    """An engine of the rules of random histories."""
    return Engine(parse_rules(HISTORIES))


def other_rule(id: str, keys: str = "") -> str:  # noqa: A002  # the field's word
    """The text of a further rule about phases."""
    return (
        f"  - {{id: {id}, about: phase, kind: delay, title: {id}, message: Late., measure: delay,"
        f" bands: {{minor: above 1 days, major: above 2 days, critical: above 3 days}}{keys}}}\n"
    )


class Play:
    """Cases of the rule `late` about one subject, and what happened to them."""

    def __init__(self, rules: Engine | None = None, first: date = MONDAY) -> None:
        self.engine = rules or engine()
        self.subject = f"{self.engine.rules.rule('late').about}/one"
        self.cases = Cases.begin("scripted", first)
        self.steps: list[Step] = []
        self.script = DayScript({})

    @property
    def today(self) -> date:
        """The last day seen."""
        assert self.cases.last is not None
        return self.cases.last

    @property
    def case(self) -> Case:
        """The case of the rule `late` about the subject: the open one, else the last closed one."""
        return self.cases.find(f"late@{self.subject}")

    @property
    def notices(self) -> list[Notice]:
        """All notices so far."""
        return [notice for step in self.steps for notice in step.notices]

    @property
    def last(self) -> Step:
        """What the last day or event gave."""
        return self.steps[-1]

    def day(self, letter: str = "", *, others: dict[str, str] | None = None, **script: Any) -> Play:
        """Play a day: what `late` says about the subject, and what other rules say about it, each as a letter."""
        letters = {"late": letter, **(others or {})}
        says = {
            (rule.partition("@")[0], rule.partition("@")[2] or self.subject): _seen(each)
            for rule, each in letters.items()
            if each
        }
        self.script = DayScript(says, **script)
        on = self.cases.first if self.cases.last is None else self.cases.last + timedelta(1)
        return self._took(played(self.cases, self.engine, on, self.script))

    def days(self, letters: str, **script: Any) -> Play:
        """Play a day for each letter; spaces are only for the eye."""
        for letter in letters.replace(" ", ""):
            self.day(letter, **script)
        return self

    def until(self, last: date, letter: str, **script: Any) -> Play:
        """Play days that are alike, up to a day."""
        while self.cases.last is None or self.cases.last < last:
            self.day(letter, **script)
        return self

    def event(self, name: EventName, by: str | None = "pm", *, case: str = "", **more: Any) -> Play:
        """Play an event of the last day seen."""
        on = more.pop("on", self.today)
        happened = Event(on=on, case=case or self.case.id, event=name, by=by, **more)
        return self._took(replied(self.cases, self.engine, happened, self.script))

    def _took(self, step: Step) -> Play:
        self.cases = step.cases
        self.steps.append(step)
        known = {change.case for each in self.steps[:-1] for change in each.changes}
        for change in step.changes:
            assert not change.case or (change.was is not None) == (change.case in known), change
            known.add(change.case)
        assert replay(change for each in self.steps for change in each.changes) == self.cases
        return self

    def told(self, *kinds: str) -> list[tuple[str, str, str, str | None]]:
        """All notices of some kinds, or of all: day, kind, receiver, deadline."""
        return [
            (
                notice.on.isoformat()[5:],
                notice.kind,
                notice.to,
                None if notice.by is None else notice.by.isoformat()[5:],
            )
            for notice in self.notices
            if not kinds or notice.kind in kinds
        ]


def _short(day: date | None) -> str | None:
    """A day without its year."""
    return None if day is None else day.isoformat()[5:]


def _seen(letter: str) -> Seen:
    if letter in BANDS:
        return Seen("B", BANDS[letter])
    if letter in "HCUNE":
        return Seen(letter)  # type: ignore[arg-type]  # one of the letters
    assert letter == "P", letter
    return Seen("P", "minor")

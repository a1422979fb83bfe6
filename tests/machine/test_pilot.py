"""The pilot, day by day: who is notified of the late phase, and when."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest

from coopgov import (
    Cases,
    Engine,
    Event,
    Notice,
    Step,
    advance,
    answer,
    assess,
    catch_up,
    load_agreement,
    replay,
)
from coopgov.cases.change import CaseChange
from coopgov.rules import parse_rules

RULES = """
coopgov: rules/1
pack: ladder
version: 1.0.0
extends: [cooperation-plan]
rules:
  - id: phase-late
    override: true
    escalate: {major: [joint-lead within 2 working days, steering within 5 working days]}
"""
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 1)
PILOT = load_agreement("examples/pilot/agreement.yaml")
LATE = "phase-late@phase/core"
ACKNOWLEDGED = Event(on=date(2026, 11, 9), case=LATE, event="acknowledge", by="pm")


@cache
def engine() -> Engine:
    """The default pack with the ladder."""
    return Engine(parse_rules(RULES))


def _shown(notices: tuple[Notice, ...]) -> list[tuple[str, str, str, str | None]]:
    return [
        (str(each.on), each.kind, each.to, None if each.by is None else str(each.by))
        for each in notices
        if f"{each.rule}@{each.about}" == LATE
    ]


@cache
def unanswered() -> Step:
    """Two months without any answer."""
    return catch_up(Cases.begin("harbour-data", FIRST), PILOT, engine(), to=LAST)


def test_nobody_answers() -> None:
    """The dates of the specification: fired, worsened twice, escalated once, no reminder."""
    assert _shown(unanswered().notices) == [
        ("2026-10-19", "fired", "project-manager", None),
        ("2026-11-06", "worsened", "joint-lead", "2026-11-10"),
        ("2026-11-06", "informed", "project-manager", None),
        ("2026-11-11", "escalated", "steering", "2026-11-17"),
        ("2026-11-24", "worsened", "steering", "2026-11-25"),
        ("2026-11-24", "informed", "project-manager", None),
        ("2026-11-24", "informed", "joint-lead", None),
    ]


def test_somebody_acknowledges() -> None:
    """Steering is not notified on the 11th; on the 24th, the acknowledgement falls and steering is notified."""
    step = catch_up(Cases.begin("harbour-data", FIRST), PILOT, engine(), to=LAST, events=[ACKNOWLEDGED])
    assert _shown(step.notices)[3:] == [
        ("2026-11-24", "worsened", "steering", "2026-11-25"),
        ("2026-11-24", "informed", "project-manager", None),
        ("2026-11-24", "informed", "joint-lead", None),
    ]
    assert step.cases.find(LATE).handling == "new"


def test_running_daily() -> None:
    """`assess` and `advance` every day give what `catch_up` gives at once, texts included."""
    cases, notices, changes = Cases.begin("harbour-data", FIRST), list[Notice](), list[CaseChange]()
    for passed in range((date(2026, 11, 12) - FIRST).days):
        assessment = assess(PILOT, engine(), as_of=FIRST + timedelta(passed), cases=cases)
        steps = [advance(cases, assessment, agreement=PILOT, rules=engine())]
        if assessment.as_of == ACKNOWLEDGED.on:
            steps.append(answer(steps[0].cases, ACKNOWLEDGED, agreement=PILOT, rules=engine()))
        for step in steps:
            cases = step.cases
            notices += step.notices
            changes += step.changes
    begin = Cases.begin("harbour-data", FIRST)
    once = catch_up(begin, PILOT, engine(), to=date(2026, 11, 11), events=[ACKNOWLEDGED])
    assert cases == once.cases
    assert tuple(notices) == once.notices
    assert tuple(changes) == once.changes


@pytest.mark.parametrize("every", [1, 7, 61])
def test_any_frequency(every: int) -> None:
    """Running weekly, or once at the end, gives the same cases and the same notices as running daily."""
    cases, notices = Cases.begin("harbour-data", FIRST), list[Notice]()
    for passed in range(0, 62, every):
        step = catch_up(cases, PILOT, engine(), to=min(FIRST + timedelta(passed), LAST))
        cases = step.cases
        notices += step.notices
    step = catch_up(cases, PILOT, engine(), to=LAST)
    assert step.cases == unanswered().cases
    assert (*notices, *step.notices) == unanswered().notices


def test_replay() -> None:
    """The log makes the cases again, as of any day."""
    changes = unanswered().changes
    assert replay(changes) == unanswered().cases
    until = date(2026, 11, 6)
    part = catch_up(Cases.begin("harbour-data", FIRST), PILOT, engine(), to=until)
    assert replay(changes, to=until) == part.cases
    assert replay(map(CaseChange.from_dict, (each.to_dict() for each in changes))) == unanswered().cases


def test_the_same_day_again() -> None:
    """The last day seen again changes nothing."""
    step = unanswered()
    assessment = assess(PILOT, engine(), as_of=LAST)
    assert advance(step.cases, assessment, agreement=PILOT, rules=engine()) == Step(step.cases)
    assert catch_up(step.cases, PILOT, engine(), to=LAST) == Step(step.cases)


TEXT = """\
Not answered in time, major: Phase late, Core projects
Core projects is late by 42 days, 23.1 % of its planned window of 182 days: 20 days inherited from its start, \
22 days its own.
Since 2026-10-19.
No answer yet from Joint leads (Project manager of the port, Technical liaison of the university).
To do: Trim the scope (Joint leads (Project manager of the port, Technical liaison of the university)), \
Set new priorities and cut approvals (Project manager (Project manager of the port)).
Answer by 2026-11-17.
Also informed: Project manager (Project manager of the port), \
Joint leads (Project manager of the port, Technical liaison of the university)."""
CHINESE = """\
逾期未答复，严重：阶段延误，核心项目
核心项目延误 42 天，占计划工期 182 天的 23.1 %，其中启动时承接 20 天，自身延误 22 天。
始于 2026-10-19。
Joint leads（Project manager of the port、Technical liaison of the university）尚未答复。
建议措施：缩减范围（Joint leads（Project manager of the port、Technical liaison of the university））、\
调整优先级并精简审批（项目经理（Project manager of the port））。
请于 2026-11-17 前答复。
已同时告知：项目经理（Project manager of the port）、\
Joint leads（Project manager of the port、Technical liaison of the university）。"""


def test_what_a_notice_says() -> None:
    """What, why, since when, who has not answered, what to do, by when, and who else knows; in three languages."""
    notice = next(
        each for each in unanswered().notices if each.kind == "escalated" and each.rule == "phase-late"
    )
    assert notice.text.in_language("en") == TEXT
    assert notice.text.in_language("zh-Hans") == CHINESE
    assert notice.text.languages == ("en", "zh-Hans", "zh-Hant")
    assert notice.text.in_language("zh-Hant").startswith("逾期未答覆，")

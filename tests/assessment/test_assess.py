"""Assessing: warnings with waivers, escalations, actions and evidence, and the same result everywhere."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.model import build_agreement, load_agreement, parse_agreement, plain_agreement
from coopgov.rules import RuleSet, load_rules, parse_rules
from coopgov.testing import agreement_mappings, agreements
from coopgov.testing.strategies.scalars import days

if TYPE_CHECKING:
    from coopgov.assessment.result import Assessment, EarlyWarning, RecommendedAction
    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml"
NOW = date(2026, 6, 30)
WINDOW = {"start": "2026-01-01", "end": "2026-04-11"}
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
slow = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def pack() -> RuleSet:
    """The shipped pack, loaded once."""
    return load_rules()


def agreement(**fields: Any) -> Agreement:
    """An agreement with these fields."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            **fields,
        }
    )


def rules(*texts: str, more: str = "") -> RuleSet:
    """Rules of their own, each without what all of them share."""
    listed = "".join(f"  - {{kind: delay, message: M, {text}}}\n" for text in texts)
    return parse_rules(f"{HEAD}rules:\n{listed}{more}")


def ids(assessment: Assessment) -> list[str]:
    """The warnings by their names."""
    return [one.id for one in assessment.warnings]


def named(assessment: Assessment, name: str) -> EarlyWarning:
    """A warning by its name."""
    return next(one for one in assessment.warnings if one.id == name)


# Waivers --------------------------------------------------------------------------------------------------------------


def waived(*until: str, **fields: Any) -> Agreement:
    """A phase that is late, with waivers of that."""
    waivers = [
        {
            "rule": "late",
            "about": "phase/x",
            "until": day,
            "reason": {"en": "Ice", "zh-Hans": "结冰"},
            "by": "Board",
        }
        for day in until
    ]
    return agreement(phases=[{"id": "x", "planned": WINDOW}], waivers=waivers, **fields)


LATE = "id: late, about: phase, measure: delay, bands: {minor: above 5 days, major: above 90 days}"


@pytest.mark.parametrize(
    ("until", "status"), [("2026-07-01", "clear"), ("2026-06-30", "clear"), ("2026-06-29", "minor")]
)
def test_a_waiver_counts_up_to_its_last_day(until: str, status: str) -> None:
    """A waived warning is shown as such and leaves the status alone.

    The day after it counts, and the waiver has expired.
    """
    assessment = assess(waived(until), rules(LATE), as_of=NOW)
    late = named(assessment, "late@phase/x")
    assert assessment.status == status
    assert assessment.at_least("notice") is (status == "minor")
    if status == "clear":
        assert late.to_dict()["waived"] == {"until": until, "reason": "Ice", "by": "Board"}
        assert ids(assessment) == ["late@phase/x"]
    else:
        assert late.waived is None
        assert ids(assessment) == ["late@phase/x", "waiver-expired@waiver/late@phase/x"]


def test_a_waiver_speaks_the_reader_s_language() -> None:
    """Its reason is in the language asked for."""
    one = named(assess(waived("2026-07-01"), rules(LATE), as_of=NOW, language="zh-Hans"), "late@phase/x")
    assert one.waived is not None
    assert one.waived.reason == "结冰"


def test_of_several_waivers_the_longest_counts() -> None:
    """In whatever order they are written, and a renewed waiver has not expired."""
    for until in (("2026-06-01", "2026-08-01", "2026-07-01"), ("2026-08-01", "2026-07-01", "2026-06-01")):
        assessment = assess(waived(*until), rules(LATE), as_of=NOW)
        late = named(assessment, "late@phase/x")
        assert late.waived is not None
        assert late.waived.until == date(2026, 8, 1)
        assert ids(assessment) == ["late@phase/x"]


def test_a_waiver_is_for_one_rule_and_one_subject() -> None:
    """Other rules and other subjects are warned of as before."""
    phases = [{"id": name, "planned": WINDOW} for name in "xy"]
    waiver = {"rule": "late", "about": "phase/y", "until": "2026-12-31", "reason": "R"}
    other = LATE.replace("id: late", "id: other")
    assessment = assess(agreement(phases=phases, waivers=[waiver]), rules(LATE, other), as_of=NOW)
    assert [one.id for one in assessment.warnings if one.waived] == ["late@phase/y"]
    assert assessment.status == "minor"


# Escalation -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "within", "by"),
    [
        ("2026-06-30", "2 working days", "2026-07-02"),
        ("2026-07-03", "2 working days", "2026-07-08"),  # over a weekend and Monday's holiday
        ("2026-07-04", "1 working day", "2026-07-07"),  # from a Saturday
        ("2026-07-10", "1 working day", "2026-07-11"),  # a Saturday that is worked
        ("2026-07-03", "2 days", "2026-07-05"),
        ("2026-07-31", "1 month", "2026-08-31"),
        ("9999-12-31", "2 working days", "9999-12-31"),
    ],
)
def test_escalations_are_due_in_the_agreement_s_calendar(as_of: str, within: str, by: str) -> None:
    """Working days pass over weekends and holidays and stop on weekends that are worked.

    The calendar's end is the last day.
    """
    calendar = {"holidays": ["2026-07-06"], "working": ["2026-07-11"]}
    late = rules(f"{LATE}, escalate: {{minor: steering within {within}}}")
    given = agreement(phases=[{"id": "x", "planned": WINDOW}], calendar=calendar)
    one = named(assess(given, late, as_of=date.fromisoformat(as_of)), "late@phase/x")
    assert one.escalation is not None
    assert one.escalation.to_dict() == {"to": "steering", "by": by, "vacant": True, "stand_ins": []}


@pytest.mark.parametrize(
    ("escalate", "to"),
    [
        ("{major: big within 1 day, minor: small within 1 day}", "big"),
        ("{minor: small within 1 day}", "small"),
        ("{notice: tiny within 1 day, critical: huge within 1 day}", "tiny"),
        ("{critical: huge within 1 day}", None),
        ("{}", None),
    ],
)
def test_escalation_falls_back_to_the_next_milder_severity(escalate: str, to: str | None) -> None:
    """A severity without an escalation of its own takes that of the next milder one, never of a worse one."""
    ladder = (
        "id: late, about: phase, measure: delay, bands: {notice: above 1 day, minor: above 2 days, "
        "major: above 3 days}"
    )
    given = agreement(phases=[{"id": "x", "planned": WINDOW}])
    one = named(assess(given, rules(f"{ladder}, escalate: {escalate}"), as_of=NOW), "late@phase/x")
    assert one.severity == "major"
    assert (one.escalation and one.escalation.to) == to


def test_vacant_roles_keep_their_names() -> None:
    """Without a team, escalations and actions name their roles all the same, and each is warned of once."""
    given = agreement(phases=[{"id": "x", "planned": WINDOW}])
    assessment = assess(given, pack(), as_of=NOW)
    late = named(assessment, "phase-late@phase/x")
    assert late.escalation is not None
    assert (late.escalation.to, late.escalation.vacant) == ("steering", True)
    assert {(action.owner, action.vacant) for action in late.actions} == {("project-manager", True)}
    vacant = [one.about for one in assessment.warnings if one.rule == "role-vacant"]
    assert vacant == [
        f"role/{name}" for name in ("joint-lead", "project-manager", "resource-committee", "steering")
    ]
    assert named(assessment, "role-vacant@role/steering").severity == "notice"


def test_whoever_holds_a_role_fills_it() -> None:
    """A role of a member, a body, a member's own id and a party all count."""
    team = {"members": [{"id": "m", "role": "r"}], "bodies": [{"id": "b"}], "key_roles": []}
    for name, vacant in {"m": False, "r": False, "b": False, "p": False, "nobody": True}.items():
        late = rules(f"{LATE}, escalate: {{minor: {name} within 1 day}}")
        assessment = assess(agreement(phases=[{"id": "x", "planned": WINDOW}], team=team), late, as_of=NOW)
        escalation = named(assessment, "late@phase/x").escalation
        assert escalation is not None
        assert escalation.vacant is vacant
        assert (f"role-vacant@role/{name}" in ids(assessment)) is vacant


def away(*absent: str, **deputies: str) -> Assessment:
    """Assess a late phase on a day on which these of the members a, b, c and d are absent."""
    days = [{"from": "2026-06-29", "to": "2026-07-03"}]
    members: list[dict[str, Any]] = [
        {"id": name, "name": {"en": name.upper(), "zh-Hans": f"成员{name}"}, "deputy": deputies.get(name)}
        | {"absent": days * (name in absent), "role": "r" if name in "ab" else None}
        for name in "abcd"
    ]
    team = {"members": members, "bodies": [{"id": "body", "members": ["a", "b", "c"]}, {"id": "empty"}]}
    action = "actions: [{id: act, answers: [delay], title: T, owner: r}]"
    each = [
        LATE.replace("id: late", f"id: to-{name}") + f", escalate: {{minor: {name} within 1 day}}"
        for name in ("a", "r", "body", "empty", "p")
    ]
    late = rules(*each, more=action)
    phases = [{"id": "x", "planned": WINDOW}]
    return assess(
        agreement(team={**team, "key_roles": []}, phases=phases), late, as_of=NOW, language="zh-Hans"
    )


@pytest.mark.parametrize(
    ("absent", "deputies", "expected"),
    [
        ("", {"a": "c"}, {"a": "", "r": "", "body": ""}),
        ("a", {"a": "d"}, {"a": "d", "r": "d", "body": "d"}),
        ("a", {"a": "b"}, {"a": "b", "r": "", "body": ""}),
        ("a", {}, {"a": None, "r": "", "body": ""}),
        ("ad", {"a": "d"}, {"a": None, "r": "", "body": ""}),
        ("ab", {"a": "d", "b": "d"}, {"a": "d", "r": "d", "body": "d"}),
        ("ab", {"a": "b", "b": "a"}, {"a": None, "r": None, "body": ""}),
        ("abc", {}, {"a": None, "r": None, "body": None}),
        ("abc", {"c": "d"}, {"a": None, "r": None, "body": "d"}),
    ],
)
def test_deputies_stand_in_for_who_is_absent(
    absent: str, deputies: dict[str, str], expected: dict[str, str | None]
) -> None:
    """An absent member is replaced by a deputy that is there; where nobody is left, the name is vacant.

    Names stay as they are, parties and bodies without members are always there, and an absent holder is no reason to
    warn of a vacant role.
    """
    assessment = away(*absent, **deputies)
    for name, stand_in in {**expected, "empty": "", "p": ""}.items():
        escalation = named(assessment, f"to-{name}@phase/x").escalation
        assert escalation is not None
        told = escalation.to_dict()
        assert told["to"] == name
        assert told["vacant"] is (stand_in is None)
        assert told["stand_ins"] == [{"id": each, "name": f"成员{each}"} for each in stand_in or ""]
    (action,) = named(assessment, "to-a@phase/x").actions
    of_role = named(assessment, "to-r@phase/x").escalation
    assert of_role is not None
    assert (action.owner, action.vacant, action.stand_ins) == ("r", of_role.vacant, of_role.stand_ins)
    assert "role-vacant" not in {one.rule for one in assessment.warnings}


def test_who_holds_something_is_shown_by_name() -> None:
    """Rules compare the id of a chair or owner; messages and evidence show the display name."""
    members = [{"id": "m", "name": {"en": "Mei", "zh-Hans": "梅"}}]
    chairs = [{"by": "m", "from": "2026-01-01"}]
    minutes = [{"on": "2026-01-05", "decisions": [{"id": "d", "what": "D", "owner": "finance-liaison"}]}]
    team = {"members": members, "chairs": chairs, "key_roles": []}
    given = agreement(team=team, meetings=[{"id": "w", "minutes": minutes}])
    shown = parse_rules(
        HEAD + "rules:\n"
        '- {id: r, about: agreement, kind: k, when: chair is "m", severity: minor, message: "{chair} chairs."}\n'
        "- {id: s, about: decision, kind: k, when: on is known, severity: minor,"
        ' message: "{owner}, {agreement.chair}"}\n'
    )
    chinese = assess(given, shown, as_of=NOW, language="zh-Hans")
    assert [one.message for one in chinese.warnings] == ["梅 chairs.", "财务联络人（空缺）, 梅"]
    evidence = {each.fact: each.figure for one in chinese.warnings for each in one.evidence}
    assert (evidence["chair"].value, evidence["chair"].text) == ("m", "梅")


def test_an_agreement_with_nothing_to_do_needs_nobody() -> None:
    """Roles are asked for where something needs them; key roles where there is a team."""
    assert ids(assess(agreement(), pack(), as_of=NOW)) == []
    team = {"members": [{"id": "m", "role": "project-manager", "deputy": "n"}, {"id": "n"}]}
    found = [
        one.about
        for one in assess(agreement(team=team), pack(), as_of=NOW).warnings
        if one.rule == "role-vacant"
    ]
    assert {"role/technical-liaison", "role/finance-liaison", "role/communication-officer"} <= set(found)
    assert "role/project-manager" not in found


# Actions --------------------------------------------------------------------------------------------------------------

ACTIONS = """\
actions:
  - {id: money, answers: [delay], strains: [budget], title: Money, owner: p, within: 1 working day}
  - {id: people, answers: [delay], strains: [people, quality], title: People, owner: p, within: 1 working day}
  - {id: slow, answers: [delay], strains: [], title: Slow, owner: p, within: 9 working days}
  - {id: quick, answers: [delay], strains: [], title: Quick, owner: p, within: 2 working days}
  - {id: alike, answers: [delay], strains: [], title: Alike, owner: p, within: 2 working days}
  - {id: never, answers: [delay], strains: [], title: Never, owner: p}
  - {id: other, answers: [quality], strains: [], title: Other, owner: p}
"""
OVER = "id: over, about: phase, kind: overspend, measure: overspend, bands: {notice: above 5 %, minor: above 15 %}"


def recommended(spent: int, **fields: Any) -> tuple[RecommendedAction, ...]:
    """The recommended actions for a late phase with a budget of 1000."""
    phase = {
        "id": "x",
        "planned": WINDOW,
        "budget": 1000,
        "spending": [{"on": "2026-01-02", "amount": spent}],
    }
    own = parse_rules(
        f"{HEAD}rules:\n  - {{kind: delay, message: M, {LATE}}}\n  - {{message: M, {OVER}}}\n{ACTIONS}"
    )
    return named(assess(agreement(phases=[phase], **fields), own, as_of=NOW), "late@phase/x").actions


def test_actions_that_answer_the_kind_are_ranked() -> None:
    """Shorter ones first, then by id; those without a time last; those that answer other kinds not at all."""
    assert [each.id for each in recommended(0)] == ["money", "people", "alike", "quick", "slow", "never"]
    assert [each.due for each in recommended(0)][-2:] == [date(2026, 7, 13), None]


def test_an_action_that_strains_what_is_broken_comes_later() -> None:
    """Overspending of minor severity or worse breaks the budget strain, and the note says so; a notice does not."""
    assert recommended(1100)[0].id == "money"
    broken = recommended(1200)
    assert [each.id for each in broken] == ["people", "alike", "quick", "slow", "never", "money"]
    assert (broken[-1].strained, broken[-1].note) == (
        ("budget",),
        "costs money; spending is already 20 % over",
    )
    assert not any(each.note or each.strained for each in broken[:-1])


def test_notes_speak_the_reader_s_language() -> None:
    """The note names the strain and what is over."""
    for language, note in (
        ("zh-Hans", "需要资金；支出已超出 16.7 %"),
        ("zh-Hant", "需要資金；支出已超出 16.7 %"),
    ):
        one = named(
            assess(load_agreement(PILOT), pack(), as_of=NOW, language=language),
            "milestone-missed@milestone/core/first-delivery",
        )
        assert next(each.note for each in one.actions if each.id == "night-shift") == note


def test_own_plans_come_before_those_of_packs() -> None:
    """Among equally strained actions the agreement's own plan is first, however long it takes."""
    plans = [
        {"id": "own", "title": "Own", "answers": ["delay"], "within": "3 months"},
        {"id": "dear", "title": "Dear", "answers": ["delay"], "strains": ["budget"], "within": "1 day"},
    ]
    found = recommended(1200, plans=plans)
    assert [each.id for each in found] == [
        "own",
        "people",
        "alike",
        "quick",
        "slow",
        "never",
        "dear",
        "money",
    ]
    assert [each.own for each in found] == [True, *[False] * 5, True, False]


# Margins, figures, evidence -------------------------------------------------------------------------------------------


def test_the_margin_is_what_is_left_to_the_next_band() -> None:
    """The margin is in the measure's unit, and there is none in the worst band or for plain conditions."""
    assessment = assess(load_agreement(PILOT), pack(), as_of=NOW)
    margins = {one.id: one.margin and one.margin.text for one in assessment.warnings}
    assert margins["phase-late@phase/setup"] == "6.5 percentage points"
    assert margins["satisfaction-low@kpi/satisfaction"] == "8 points"
    assert margins["milestone-missed@milestone/core/first-delivery"] == "5 days"
    assert margins["kpi-behind@kpi/satisfaction"] is None
    assert margins["key-role-without-deputy@member/finance"] is None


def test_evidence_names_values_and_places() -> None:
    """Each fact comes with its value and the line it was read from."""
    one = named(assess(load_agreement(PILOT, "agreement.yaml"), pack(), as_of=NOW), "phase-late@phase/setup")
    known = {each.fact: (each.figure.text, each.at) for each in one.evidence}
    lines = PILOT.read_text(encoding="utf-8").splitlines()
    assert known["delay"][0] == "20 days"
    assert known["actual_end"][0] == "2026-04-20"
    for fact, written in (
        ("actual_end", "2026-04-20"),
        ("planned_start", "2026-01-05"),
        ("planned_end", "2026-03-31"),
    ):
        text, at = known[fact]
        file, line, column = (at or "").split(":")
        assert (file, lines[int(line) - 1][int(column) - 1 :].startswith(written)) == ("agreement.yaml", True)
        assert text == written
    assert all(at and at.startswith("agreement.yaml:") for _, at in known.values())


def test_an_agreement_of_python_objects_has_no_places() -> None:
    """There is no file to point into."""
    assessment = assess(agreement(phases=[{"id": "x", "planned": WINDOW}]), pack(), as_of=NOW)
    assert {each.at for one in assessment.warnings for each in one.evidence} == {None}


def test_undetermined_is_reported_with_a_milder_hit() -> None:
    """A band that holds gives the warning although a worse one is undetermined."""
    ladder = (
        "id: late, about: kpi, measure: count(agreement.kpis where value at least 1), bands: {minor: "
        "at least 1, major: at least 2}"
    )
    kpis = [{"id": "k", "readings": [{"on": "2026-01-02", "value": 1}]}, {"id": "l"}]
    assessment = assess(agreement(kpis=kpis), rules(ladder), as_of=NOW)
    assert [(one.id, one.severity) for one in assessment.warnings] == [
        ("late@kpi/k", "minor"),
        ("late@kpi/l", "minor"),
    ]
    assert [(each.about, each.because) for each in assessment.undetermined] == [
        ("kpi/k", "absent data"),
        ("kpi/l", "absent data"),
    ]
    measure = assessment.warnings[0].measure
    assert measure is not None
    assert measure.value == 1


def test_values_never_seem_to_equal_a_threshold_they_passed() -> None:
    """A figure is written with as many decimals as it takes to differ from its threshold."""
    spending = [{"on": "2026-01-02", "amount": "1150.01"}]
    given = agreement(phases=[{"id": "x", "planned": WINDOW, "budget": 1000, "spending": spending}])
    one = named(assess(given, pack(), as_of=NOW), "phase-overspent@phase/x")
    assert one.measure is not None
    assert one.threshold is not None
    assert (one.measure.text, one.threshold.text) == ("15.001 %", "above 15 %")


# Status and layers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        ((), "clear"),
        (("id: a, about: kpi, when: value above 1, severity: major",), "undetermined"),
        (
            (
                "id: a, about: kpi, when: value above 1, severity: major",
                "id: b, about: kpi, when: true, severity: notice",
            ),
            "notice",
        ),
        (
            (
                "id: a, about: kpi, when: true, severity: critical",
                "id: b, about: kpi, when: true, severity: major",
            ),
            "critical",
        ),
    ],
)
def test_the_status_is_the_worst_that_counts(texts: tuple[str, ...], status: str) -> None:
    """The status is clear, undetermined if a rule is undecided, else the worst severity; `at_least` compares it."""
    own = rules(*texts) if texts else rules("id: a, about: kpi, when: false, severity: major")
    assessment = assess(agreement(kpis=[{"id": "k"}]), own, as_of=NOW)
    assert assessment.status == status
    order: list[Any] = ["clear", "undetermined", "notice", "minor", "major", "critical"]
    for severity in order[1:]:
        assert assessment.at_least(severity) is (order.index(status) >= order.index(severity))


def test_warnings_are_ordered_by_severity_rule_and_subject() -> None:
    """The worst comes first."""
    assessment = assess(load_agreement(PILOT), pack(), as_of=NOW)
    severities = ["critical", "major", "minor", "notice"]
    keys = [(severities.index(one.severity), one.rule, one.about) for one in assessment.warnings]
    assert keys == sorted(keys)
    undetermined = [(each.rule, each.about) for each in assessment.undetermined]
    assert undetermined == sorted(undetermined)


def test_rules_about_warnings_see_the_layers_below() -> None:
    """A filter that names a rule sees its warnings, whatever their layer; any other sees layer 0 only."""
    own = rules(
        "id: late, about: phase, when: delay above 0 days, severity: minor",
        "id: two, about: agreement, when: count(warnings where kind is 'delay') is 2, severity: major",
        "id: top, about: agreement, when: any(warnings where rule is 'two'), severity: critical",
        "id: all, about: agreement, measure: count(warnings), bands: {notice: at least 0}",
        """id: both, about: agreement, measure: "count(warnings where rule in ['two', 'late'])",
        bands: {notice: at least 0}""",
    )
    assessment = assess(agreement(phases=[{"id": name, "planned": WINDOW} for name in "xy"]), own, as_of=NOW)
    assert {one.rule for one in assessment.warnings} == {"late", "two", "top", "all", "both"}
    measures = {one.rule: one.measure.value for one in assessment.warnings if one.measure}
    assert (measures["all"], measures["both"]) == (2, 3)


def test_a_subject_sees_its_own_warnings_and_those_of_what_is_in_it() -> None:
    """A phase sees those of its milestones, a goal those of its KPIs, and none sees its neighbour's."""
    own = rules(
        "id: missed, about: milestone, when: true, severity: minor",
        "id: low, about: kpi, when: true, severity: minor",
        "id: in-phase, about: phase, measure: count(warnings), bands: {notice: at least 0}",
        "id: in-goal, about: goal, measure: count(warnings), bands: {notice: at least 0}",
    )
    phases = [
        {
            "id": "x",
            "planned": WINDOW,
            "milestones": [{"id": "m", "due": "2026-02-01"}, {"id": "n", "due": "2026-02-01"}],
        },
        {"id": "y", "planned": WINDOW},
    ]
    goals = [{"id": "g", "statement": "G", "kpis": ["k"]}, {"id": "h", "statement": "H"}]
    assessment = assess(
        agreement(phases=phases, goals=goals, kpis=[{"id": "k"}, {"id": "l"}]), own, as_of=NOW
    )
    measures = {one.about: one.measure.value for one in assessment.warnings if one.measure}
    assert measures == {"phase/x": 2, "phase/y": 0, "goal/g": 1, "goal/h": 0}


def test_a_rule_may_leave_out_waived_warnings() -> None:
    """Whether a warning is waived is a fact about it."""
    count = "id: {}, about: agreement, measure: count(warnings where {}), bands: {{notice: at least 0}}"
    own = rules(LATE, count.format("all", 'kind is "delay"'), count.format("counted", "not waived"))
    measures = {
        one.rule: one.measure.value
        for one in assess(waived("2026-07-01"), own, as_of=NOW).warnings
        if one.measure
    }
    assert (measures["all"], measures["counted"]) == (1, 0)


# Languages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "message"),
    [
        (
            "en",
            (
                "Set-up is late by 20 days, 23.5 % of its planned window of 85 days: "
                "3 days inherited from its start, 17 days its own."
            ),
        ),
        ("zh-Hans", "基础搭建延误 20 天，占计划工期 85 天的 23.5 %，其中启动时承接 3 天，自身延误 17 天。"),
        ("zh-Hant", "基础搭建延誤 20 天，占計畫工期 85 天的 23.5 %，其中啟動時承接 3 天，自身延誤 17 天。"),
        ("zh-CN", "基础搭建延误 20 天，占计划工期 85 天的 23.5 %，其中启动时承接 3 天，自身延误 17 天。"),
        (
            "de",
            (
                "Set-up is late by 20 days, 23.5 % of its planned window of 85 days: "
                "3 days inherited from its start, 17 days its own."
            ),
        ),
    ],
)
def test_messages_speak_the_reader_s_language(language: str, message: str) -> None:
    """A language falls back to its relatives, then to English; figures follow it."""
    assessment = assess(load_agreement(PILOT), pack(), as_of=NOW, language=language)
    assert named(assessment, "phase-late@phase/setup").message == message


def test_the_language_changes_texts_only() -> None:
    """Ids, severities, values, dates and owners are the same in every language."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            texts = {"message", "title", "note", "text", "reason", "by"}
            by = {"by": value["by"]} if "to" in value else {}
            return {key: bare(item) for key, item in value.items() if key not in texts} | by
        return [bare(item) for item in value] if isinstance(value, list) else value

    pilot = load_agreement(PILOT)
    actual = [
        bare(assess(pilot, pack(), as_of=NOW, language=each).to_dict())
        for each in ("en", "zh-Hans", "zh-Hant", "de")
    ]
    for warning in (warning for each in actual for warning in each["warnings"]):
        warning["evidence"] = [each for each in warning["evidence"] if each["fact"] != "name"]
    assert actual.count(actual[0]) == 4


# The same everywhere --------------------------------------------------------------------------------------------------


def test_the_json_says_what_the_objects_say() -> None:
    """JSON is the assessment, with text as it is."""
    assessment = assess(load_agreement(PILOT), pack(), as_of=NOW, language="zh-Hans")
    assert json.loads(assessment.to_json()) == assessment.to_dict()
    assert "满意度" in assessment.to_json()
    assert "\n" not in assessment.to_json(indent=None)


def test_json_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different seeds write the same bytes."""
    program = (
        "import sys; from datetime import date; from coopgov.assessment.assess import assess\n"
        "from coopgov.model import load_agreement\n"
        "sys.stdout.buffer.write(assess(load_agreement(sys.argv[1]), as_of=date(2026, 6, 30)).to_json().encode())"
    )
    written = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program, str(PILOT)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "77")
    ]
    assert len(set(written)) == 1
    assert json.loads(written[0])["status"] == "critical"


def test_threads_share_rules_and_agreements() -> None:
    """Assessing the same values in many threads at once gives what one gives."""
    pilot, fresh = load_agreement(PILOT), load_rules()
    dates = [NOW + timedelta(count % 9) for count in range(48)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda day: assess(pilot, fresh, as_of=day).to_json(), dates))
    assert together == [assess(pilot, pack(), as_of=day).to_json() for day in dates]


def without_places(assessment: Assessment) -> dict[str, Any]:
    """An assessment without the places of values."""
    actual = assessment.to_dict()
    for warning in actual["warnings"]:
        for each in warning["evidence"]:
            del each["at"]
    return actual


def test_yaml_json_and_python_objects_mean_the_same() -> None:
    """Only the places of values differ with the form an agreement comes in."""
    pilot = load_agreement(PILOT)
    plain = plain_agreement(pilot)
    forms = [
        pilot,
        build_agreement(plain),
        parse_agreement(json.dumps(plain, ensure_ascii=False, default=str)),
    ]
    actual = [without_places(assess(each, pack(), as_of=NOW)) for each in forms]
    assert actual.count(actual[0]) == 3


def shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    """The same agreement with its lists of entries in another order, but for lists whose order means something."""
    if isinstance(value, dict):
        return {name: shuffled(item, chance, str(name)) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    items = [shuffled(item, chance) for item in value]
    if key not in ("phases", "answers", "strains", "causes"):
        chance.shuffle(items)
    return items


@slow
@given(agreement_mappings(), days, st.integers(0, 1000))
def test_the_order_of_entries_means_nothing(mapping: dict[str, Any], as_of: date, seed: int) -> None:
    """Members, KPIs, readings, spending, tasks in another order give the same warnings in the same order."""
    other = shuffled(copy.deepcopy(mapping), random.Random(seed))  # noqa: S311  # Hypothesis chooses the seed
    actual = [without_places(assess(build_agreement(each), pack(), as_of=as_of)) for each in (mapping, other)]
    for each in actual:
        each["undated"] = sorted(each["undated"])
        each["unknown"] = _in_any_order(each["unknown"])
    assert actual[0] == actual[1]


def _in_any_order(unknown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of missing data whose subjects, which have the order of the agreement, are sorted."""
    groups = [{**each, "about": "", "also": sorted([each["about"], *each["also"]])} for each in unknown]
    return sorted(groups, key=lambda each: (each["also"], each["missing"], sorted(each["rules"])))


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_entries_means_nothing_in_the_pilot(seed: int) -> None:
    """Also of phases, whose order no shipped rule reads."""
    plain = plain_agreement(load_agreement(PILOT))
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    other = shuffled(plain, chance)
    other["phases"] = sorted(
        other["phases"], key=lambda each: (each["id"], chance.random()), reverse=seed % 2 == 0
    )
    actual = [without_places(assess(build_agreement(each), pack(), as_of=NOW)) for each in (plain, other)]
    for each in actual:
        each["undated"] = sorted(each["undated"])
        each["unknown"] = _in_any_order(each["unknown"])
    assert actual[0] == actual[1]


@slow
@given(agreements(), days | st.dates(), st.sampled_from(["en", "zh-Hans", "zh-Hant", "de"]))
def test_backends_agree_on_every_agreement_and_date(given: Agreement, as_of: date, language: str) -> None:
    """Nothing is raised, and the default backend writes the same bytes as the reference."""
    direct = assess(given, pack(), as_of=as_of, language=language)
    reference = assess(given, pack(), as_of=as_of, language=language, backend=ReferenceBackend())
    assert direct.to_json() == reference.to_json()


@pytest.mark.parametrize("as_of", [date.min, date(1, 1, 2), date(9999, 12, 30), date.max])
def test_the_ends_of_the_calendar_are_dates_like_any_other(as_of: date) -> None:
    """What would be due after the year 9999 is due on its last day."""
    assessment = assess(load_agreement(PILOT), pack(), as_of=as_of)
    due = [action.due for one in assessment.warnings for action in one.actions if action.due]
    assert all(day >= as_of for day in due)
    assert assessment.to_json()


HUGE = "9" * 29 + "e30"


@pytest.mark.parametrize(
    ("value", "baseline"), [(HUGE, 1), (1, HUGE), (HUGE, f"-{HUGE}"), ("1e-30", HUGE), (0, 0)]
)
def test_figures_of_any_size_are_reported(value: object, baseline: object) -> None:
    """The largest numbers that a file may hold are assessed like others."""
    kpi = {
        "baseline": {"value": baseline},
        "target": {"value": 5},
        "direction": "up",
        "floor": 3,
        "unit": "%",
        "category": "satisfaction",
    }
    given = agreement(kpis=[{"id": "k", **kpi, "readings": [{"on": "2026-02-01", "value": value}]}])
    direct = assess(given, pack(), as_of=NOW)
    assert direct.to_json() == assess(given, pack(), as_of=NOW, backend=ReferenceBackend()).to_json()

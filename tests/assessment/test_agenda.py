"""What an assessment asks of people: actions once, escalations by day, data by who brings them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import assess, load_agreement, parse_agreement, parse_rules
from coopgov.assessment.grouping import grouped
from coopgov.assessment.people import People
from coopgov.assessment.result import Waived
from coopgov.assessment.selection import Selection, subjects_within
from coopgov.assessment.since import since
from coopgov.errors import UnknownNameError
from coopgov.facts import derive
from coopgov.severities import SEVERITIES
from coopgov.testing import agreements

if TYPE_CHECKING:
    from coopgov import Assessment
    from coopgov.model import Agreement

EXAMPLES = Path(__file__).parents[2] / "examples"
PILOT = load_agreement(EXAMPLES / "pilot" / "agreement.yaml")
LARGE = load_agreement(EXAMPLES / "large" / "agreement.yaml")
FOUND = assess(PILOT, as_of=date(2026, 6, 30))
MUCH = assess(LARGE, as_of=date(2026, 11, 30))
FACTS = derive(LARGE, date(2026, 11, 30))


@pytest.mark.parametrize("found", [FOUND, MUCH])
def test_each_action_is_there_once_with_all_that_it_answers(found: Assessment) -> None:
    """No pair of a warning and an action is lost, and none is added; what is past or waived asks for nothing."""
    pairs = {
        (action.id, warning.id)
        for warning in found.warnings
        for action in warning.actions
        if not warning.past and warning.waived is None
    }
    assert {(each.action, warning) for each in found.todo for warning in each.warnings} == pairs
    assert len({each.action for each in found.todo}) == len(found.todo)


@pytest.mark.parametrize("found", [FOUND, MUCH])
def test_actions_are_in_the_order_of_the_situation(found: Assessment) -> None:
    """The order of the whole list is that of the actions of each warning."""
    order = [each.action for each in found.todo]
    for warning in found.warnings:
        places = [order.index(action.id) for action in warning.actions]
        assert places == sorted(places)
    assert [len(each.strained) for each in found.todo] == sorted(len(each.strained) for each in found.todo)


@pytest.mark.parametrize("found", [FOUND, MUCH])
def test_every_escalation_is_told(found: Assessment) -> None:
    """To whom, by which day, of which warnings; the first day first."""
    told = {(each.to, each.by, warning) for each in found.tell for warning in each.warnings}
    assert told == {
        (one.escalation.to, one.escalation.by, one.id)
        for one in found.warnings
        if one.escalation is not None and one.waived is None
    }
    assert [each.by for each in found.tell] == sorted(each.by for each in found.tell)


def test_missing_data_are_grouped_by_who_brings_them() -> None:
    """No reading since February; nobody owns the KPI, so whoever collects missing data brings it."""
    (entry,) = FOUND.unknown
    assert entry.to_dict() == {
        "about": "kpi/acceptance-rate",
        "also": [],
        "missing": ["value", "value_on"],
        "owner": "communication-officer",
        "due": "2026-02-05",
        "rules": ["kpi-behind", "kpi-below-floor"],
    }
    (entry,) = MUCH.unknown
    assert (entry.about, entry.owner, entry.due) == ("kpi/devices-online", "li", date(2026, 7, 31))


@pytest.mark.parametrize(("owners", "expected"), [("aaaa", ["abcd"]), ("abab", ["ac", "bd"])])
def test_subjects_that_lack_the_same_are_one_group(owners: str, expected: list[str]) -> None:
    """Tasks without progress: one entry for all that one person brings, with the rules of each once."""
    tasks = "".join(
        f"      - {{id: {name}, owner: {owner}, planned: {{start: 2026-01-05, end: 2026-12-31}}}}\n"
        for name, owner in zip("abcd", owners, strict=True)
    )
    agreement = parse_agreement(TASKS + tasks)
    rules = parse_rules(LACKING)
    found = assess(agreement, rules, as_of=date(2026, 6, 30))
    assert ["".join(each[-1] for each in one.subjects) for one in found.unknown] == expected
    assert {(one.missing, one.rules) for one in found.unknown} == {(("progress",), ("behind", "slow"))}
    assert found.unknown[0].to_dict()["also"] == [f"task/x/{each}" for each in expected[0][1:]]
    facts = derive(agreement, date(2026, 6, 30), rules.catalogue)
    for name in "bd":
        chosen = Selection(subjects=subjects_within(facts, found, f"task/x/{name}")).of(found)
        assert [(one.about, one.also) for one in chosen.unknown] == [(f"task/x/{name}", ())]


TASKS = """
coopgov: agreement/1
id: ours
title: Ours
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: port}]
team: {members: [{id: a}, {id: b}]}
phases:
  - id: x
    planned: {start: 2026-01-05, end: 2026-12-31}
    tasks:
"""
LACKING = """
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: slow, about: task, kind: delay, measure: progress, bands: {minor: below 20 %}, message: "{measure}"}
  - {id: behind, about: task, kind: delay, when: progress below 10 %, severity: notice, message: Behind.}
"""


def test_first_readings_are_listed_by_their_day() -> None:
    """All KPIs without a reading, on the first day."""
    found = assess(PILOT, as_of=date(2026, 1, 5))
    assert [each.to_dict() for each in found.not_due] == [
        {"about": "kpi/acceptance-rate", "owner": "communication-officer", "due": "2026-02-05"},
        {"about": "kpi/delivery-time", "owner": "communication-officer", "due": "2026-02-05"},
        {"about": "kpi/satisfaction", "owner": "communication-officer", "due": "2026-04-06"},
    ]
    assert not {each.about for each in found.undetermined} & {each.about for each in found.not_due}


@given(agreements(), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_nothing_undetermined_is_lost(agreement: Agreement, as_of: date) -> None:
    """Every undetermined rule is in one group with its subject and all that it misses; all of it is JSON."""
    found = assess(agreement, as_of=as_of)
    rules = [(rule, about) for each in found.unknown for about in each.subjects for rule in each.rules]
    assert sorted(rules) == sorted((each.rule, each.about) for each in found.undetermined)
    for entry in found.undetermined:
        (group,) = [
            each for each in found.unknown if entry.about in each.subjects and entry.rule in each.rules
        ]
        assert set(entry.missing) <= set(group.missing)
    assert json.loads(found.to_json())["unknown"] == [each.to_dict() for each in found.unknown]
    assert all(each.due > as_of for each in found.not_due)


@pytest.mark.parametrize("found", [FOUND, MUCH])
def test_groups_hold_every_warning_once(found: Assessment) -> None:
    """In a group, folded into one, past or waived; the worst groups first, of one rule and one severity each."""
    groups = grouped(found.warnings)
    parts = [one for group in groups.groups for one in (*group.warnings, *group.folded)]
    ids = [one.id for one in (*parts, *groups.past, *groups.waived)]
    assert sorted(ids) == sorted(one.id for one in found.warnings)
    ranks = [SEVERITIES.index(group.severity) for group in groups.groups]
    assert ranks == sorted(ranks, reverse=True)
    for group in groups.groups:
        assert {(one.rule, one.severity) for one in group.warnings} == {(group.rule, group.severity)}
        assert {one.inhibited_by for one in group.folded} <= {one.id for one in group.warnings}
        assert all(one.inhibited_by is None for one in group.warnings)


def test_a_warning_whose_hider_is_not_selected_is_not_lost() -> None:
    """Among notices alone, nothing hides the short form of a late phase; its group says what does so elsewhere."""
    notices = grouped(Selection(severities=["notice"]).of(MUCH).warnings, MUCH.warnings)
    hidden = {
        group.rule: {one.rule for one in group.hidden_by} for group in notices.groups if group.hidden_by
    }
    assert hidden == {"phase-late-days": {"phase-late"}, "task-overdue": {"phase-late"}}
    assert all(one.counted is not bool(group.hidden_by) for group in notices.groups for one in group.warnings)


def test_since_compares_warnings_that_count() -> None:
    """Each warning that counts on the second day is new, worse, better or as it was before, in any form."""
    before, after = (assess(LARGE, as_of=day) for day in (date(2026, 6, 30), date(2026, 11, 30)))
    changes = since(before, after)
    old = {one.id: one.severity for one in before.warnings}
    now = {one.id: one.severity for one in after.warnings if one.counted}
    assert {one.id for one in changes.new} == now.keys() - old.keys()
    counted = {one.id for one in before.warnings if one.counted}
    assert {one.id for one in changes.gone} == counted - {one.id for one in after.warnings}
    rank = SEVERITIES.index
    assert {one.id for one in changes.worse} == {
        each for each in now.keys() & old.keys() if rank(now[each]) > rank(old[each])
    }
    assert {one.id for one in changes.better} == {
        each for each in now.keys() & old.keys() if rank(now[each]) < rank(old[each])
    }
    assert since(after, after).to_dict() == {
        "date": "2026-11-30",
        "new": [],
        "worse": [],
        "better": [],
        "gone": [],
    }


_ASIDE: tuple[dict[str, Any], ...] = (
    {"inhibited_by": MUCH.warnings[1].id},
    {"past": True},
    {"waived": Waived(date(2026, 12, 31), "agreed", None)},
)


@pytest.mark.parametrize("aside", _ASIDE)
def test_what_is_set_aside_still_holds(aside: dict[str, Any]) -> None:
    """A warning that is hidden, past or waived on one of the days is not gone, and not new; one without a rule is."""
    one = replace(MUCH.warnings[0], severity="minor", **aside)
    whole, folded, without = (
        replace(MUCH, warnings=(*first, *MUCH.warnings[1:])) for first in ((MUCH.warnings[0],), (one,), ())
    )
    assert since(whole, folded).to_dict() == since(MUCH, MUCH).to_dict()
    worse = since(folded, whole)
    assert (worse.new, worse.worse, worse.gone) == ((), (MUCH.warnings[0],), ())
    assert since(whole, without).gone == (MUCH.warnings[0],)
    assert since(without, whole).new == (MUCH.warnings[0],)
    assert since(folded, without).gone == since(without, folded).new == ()


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("zhang", "Zhang Wei", "张伟"),
        ("project-manager", "Project manager (Zhang Wei)", "项目经理（张伟）"),
        ("joint-lead", "Joint leads (Zhang Wei, Li Na)", "联合组长（张伟、李娜）"),
        ("maker", "Equipment maker", "设备公司"),
        ("quality-officer", "quality-officer (vacant)", "quality-officer（空缺）"),
    ],
)
def test_people_are_called_what_the_agreement_calls_them(name: str, english: str, chinese: str) -> None:
    """A member, a role, a body, a party, and a role that nobody holds."""
    assert People(FACTS, "en").called(name) == english
    assert People(FACTS, "zh-Hans").called(name) == chinese


def test_a_member_is_meant_by_any_name() -> None:
    """By id and by the name in each language: their own, their role and their bodies."""
    people = People(FACTS, "en")
    theirs = {"chen", "finance-liaison", "resource-committee"}
    assert people.meant("chen") == people.meant("Chen Jing") == people.meant("陈静") == theirs
    assert people.meant("steering") == people.meant("指导委员会") == {"steering"}
    with pytest.raises(UnknownNameError, match='no member, role, body or party "chem"; did you mean "chen"'):
        people.meant("chem")

"""Warnings that another one hides: they stay, and are folded under it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.assessment.assess import assess
from coopgov.errors import RulesError
from coopgov.locales import Phrase
from coopgov.model import build_agreement
from coopgov.rules import load_rules, parse_rules

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.assessment.result import Assessment
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

NOW = date(2026, 6, 30)
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
RULES = (
    "rules:\n"
    "  - {id: phase-bad, about: phase, kind: delay, measure: delay, message: M, "
    "bands: {notice: above 0 days, major: above 50 days}}\n"
    "  - {id: phase-too, about: phase, kind: delay, when: delay above 0 days, severity: minor, message: M}\n"
    "  - {id: task-bad, about: task, kind: delay, when: not done, severity: minor, message: M}\n"
    "  - {id: milestone-bad, about: milestone, kind: delay, when: not reached, severity: minor, message: M}\n"
    "  - {id: whole-bad, about: agreement, kind: delay, when: count(phases) above 0, severity: major, message: M}\n"
    "  - {id: counted, about: agreement, kind: k, measure: 'count(warnings where rule is \"task-bad\")', "
    "bands: {notice: at least 1}, message: M}\n"
)


def agreement(late: int, **fields: Any) -> Agreement:
    """A phase that is late by some days, with a task and a milestone, and another that is not late."""
    end = NOW - timedelta(late)
    planned = {"start": "2026-01-01", "end": end.isoformat()}
    other = {"start": "2026-01-01", "end": "2026-12-31"}
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            "phases": [
                {
                    "id": "x",
                    "planned": planned,
                    "tasks": [{"id": "t", "planned": planned}],
                    "milestones": [{"id": "m", "due": end.isoformat()}],
                },
                {"id": "y", "planned": other, "tasks": [{"id": "t", "planned": other}]},
            ],
            **fields,
        }
    )


def hidden(late: int, inhibit: str, more: str = "", **fields: Any) -> dict[str, str]:
    """The hidden warnings, each with the one that hides it."""
    return _hidden(assess(agreement(late, **fields), parse_rules(HEAD + inhibit + RULES + more), as_of=NOW))


def _hidden(assessment: Assessment) -> dict[str, str]:
    return {each.id: each.inhibited_by for each in assessment.warnings if each.inhibited_by is not None}


TASKS = "inhibit: [{by: phase-bad, hides: [task-bad, milestone-bad]}]\n"


def test_a_warning_hides_what_is_no_more_severe_below_its_subject() -> None:
    """Tasks of the phase, but not those of another one; never a milestone."""
    assert hidden(60, TASKS) == {"task-bad@task/x/t": "phase-bad@phase/x"}
    assert hidden(40, TASKS) == {}, "a notice hides nothing that is minor"


def test_the_same_subject_alone() -> None:
    """With `same`, what is below the subject is not hidden."""
    same = "inhibit: [{by: phase-bad, hides: [task-bad, phase-too], about: same}]\n"
    assert hidden(60, same) == {"phase-too@phase/x": "phase-bad@phase/x"}
    assert set(hidden(60, same.replace("same", "children"))) == {"phase-too@phase/x", "task-bad@task/x/t"}


def test_an_equally_severe_warning_hides() -> None:
    """At least as severe is enough."""
    assert hidden(60, "inhibit: [{by: phase-too, hides: [task-bad]}]\n") == {
        "task-bad@task/x/t": "phase-too@phase/x"
    }


def test_the_worst_hides_then_the_first_by_id() -> None:
    """Of several warnings that could hide one."""
    both = "inhibit: [{by: phase-too, hides: [task-bad]}, {by: phase-bad, hides: [task-bad]}]\n"
    assert hidden(60, both)["task-bad@task/x/t"] == "phase-bad@phase/x"
    equal = "inhibit: [{by: whole-bad, hides: [task-bad]}, {by: phase-bad, hides: [task-bad]}]\n"
    assert hidden(60, equal)["task-bad@task/x/t"] == "phase-bad@phase/x"
    assert hidden(60, equal)["task-bad@task/y/t"] == "whole-bad@agreement"


def test_what_is_waived_or_past_hides_nothing() -> None:
    """Nobody is reported of it, so what it explains must be reported."""
    waivers = [{"rule": "phase-bad", "about": "phase/x", "until": "2026-12-31", "reason": "Ice"}]
    assert hidden(60, TASKS, waivers=waivers) == {}
    past = RULES.replace("major: above 50 days}", "major: above 50 days}, ends: started is known")
    assert _hidden(assess(agreement(60), parse_rules(HEAD + TASKS + past), as_of=NOW)) == {}


def test_what_is_past_is_not_hidden() -> None:
    """It is shown apart anyway."""
    past = RULES.replace("when: not done, severity: minor", "when: not done, severity: minor, ends: not done")
    found = assess(agreement(60), parse_rules(HEAD + TASKS + past), as_of=NOW)
    assert _hidden(found) == {}
    assert next(each for each in found.warnings if each.id == "task-bad@task/x/t").past


def test_a_hidden_warning_hides_others() -> None:
    """A chain is folded link by link."""
    chain = "inhibit: [{by: whole-bad, hides: [phase-bad]}, {by: phase-bad, hides: [task-bad]}]\n"
    assert hidden(60, chain) == {
        "phase-bad@phase/x": "whole-bad@agreement",
        "task-bad@task/x/t": "phase-bad@phase/x",
    }


def test_a_hidden_warning_keeps_its_actions_and_is_told_to_nobody() -> None:
    """It leaves the status alone, makes nobody vacant by its escalation, and still breaks strains."""
    more = (
        "  - {id: poor, about: phase, kind: quality, when: budget is not known, severity: notice, message: M}\n"
        "actions:\n"
        "  - {id: hurry, answers: [delay], title: Hurry}\n"
        "  - {id: train, answers: [quality], strains: [time], title: Train}\n"
    )
    told = RULES.replace("id: task-bad,", "id: task-bad, escalate: {minor: board within 2 days},")
    found = assess(agreement(60), parse_rules(HEAD + TASKS + told + more), as_of=NOW)
    one = next(each for each in found.warnings if each.id == "task-bad@task/x/t")
    assert ([each.id for each in one.actions], one.escalation, one.counted) == (["hurry"], None, False)
    other = next(each for each in found.warnings if each.id == "task-bad@task/y/t")
    assert other.escalation is not None
    assert "role-vacant@role/board" in {each.id for each in found.warnings}, "asked for by the other task"
    poor = next(each for each in found.warnings if each.id == "poor@phase/y")
    assert poor.actions[0].strained == ("time",)


def test_the_role_of_a_hidden_escalation_is_not_needed() -> None:
    """Nobody is reported, so nobody need be there."""
    told = RULES.replace("id: phase-too,", "id: phase-too, escalate: {minor: board within 2 days},")
    for inhibit, vacant in (("", True), ("inhibit: [{by: phase-bad, hides: [phase-too]}]\n", False)):
        found = assess(agreement(60), parse_rules(HEAD + inhibit + told), as_of=NOW).warnings
        assert ("role-vacant@role/board" in {each.id for each in found}) is vacant


def test_the_status_leaves_hidden_warnings_out() -> None:
    """Two equal warnings, one hidden: the other counts."""
    only = HEAD + "inhibit: [{by: phase-too, hides: [task-bad]}]\n" + RULES
    found = assess(agreement(60), parse_rules(only), as_of=NOW)
    assert {each.id for each in found.warnings if not each.counted} == {"task-bad@task/x/t"}
    assert found.status == "major"


def test_rules_about_warnings_see_hidden_ones() -> None:
    """What is hidden is worked out after all layers."""
    for inhibit in ("", TASKS):
        found = assess(agreement(60), parse_rules(HEAD + inhibit + RULES), as_of=NOW).warnings
        counted = next(each for each in found if each.rule == "counted")
        assert counted.measure is not None
        assert counted.measure.value == 2


def test_warnings_about_kpis_are_hidden_by_those_about_their_goal() -> None:
    """As they are among the warnings of the goal."""
    goals = [{"id": "g", "statement": "Better", "kpis": ["k"]}]
    kpis = [
        {"id": name, "unit": "points", "direction": "up", "category": "quality"} for name in ("k", "other")
    ]
    more = (
        "  - {id: goal-bad, about: goal, kind: k, when: count(kpis) above 0, severity: minor, message: M}\n"
        "  - {id: kpi-bad, about: kpi, kind: k, when: floor is not known, severity: minor, message: M}\n"
    )
    inhibit = "inhibit: [{by: goal-bad, hides: [kpi-bad]}]\n"
    assert hidden(60, inhibit, more, goals=goals, kpis=kpis) == {"kpi-bad@kpi/k": "goal-bad@goal/g"}


# Files ----------------------------------------------------------------------------------------------------------------


def pairs(rules: RuleSet) -> dict[str, tuple[str, ...]]:
    """What hides what."""
    return {each.by: each.hides for each in rules.inhibitions}


def test_lists_of_extended_files_are_joined(tmp_path: Path) -> None:
    """A later entry with the same `by` replaces the earlier one; without anything to hide, it takes it back."""
    (tmp_path / "base.yaml").write_text(
        HEAD + "inhibit: [{by: phase-bad, hides: [phase-too]}, {by: whole-bad, hides: [phase-too]}]\n" + RULES
    )
    top = (
        HEAD
        + "extends: [base.yaml]\ninhibit: [{by: phase-bad, hides: [task-bad]}, {by: whole-bad, hides: []}]\n"
    )
    (tmp_path / "top.yaml").write_text(top)
    assert pairs(load_rules(tmp_path / "base.yaml")) == {
        "phase-bad": ("phase-too",),
        "whole-bad": ("phase-too",),
    }
    assert pairs(load_rules(tmp_path / "top.yaml")) == {"phase-bad": ("task-bad",)}


def test_rules_that_are_switched_off_hide_nothing() -> None:
    """They exist, so to name them is no fault."""
    off = RULES.replace("id: phase-bad,", "id: phase-bad, enabled: false,")
    assert pairs(parse_rules(HEAD + TASKS + off)) == {}


@pytest.mark.parametrize(
    ("inhibit", "line"),
    [
        (
            "[{by: phase-bda, hides: [task-bad]}]",
            'unknown-rule: found "phase-bda", expected the id of a rule',
        ),
        ("[{by: phase-bad, hides: [phase-too, task]}]", 'unknown-rule: found "task", expected'),
        (
            "[{by: phase-bad, hides: [phase-bad]}]",
            "inhibit-circle: found phase-bad → phase-bad, expected entries",
        ),
        (
            "[{by: phase-bad, hides: [task-bad, phase-too]}, {by: phase-too, hides: [phase-bad]}]",
            "inhibit-circle: found phase-too → phase-bad → phase-too, expected entries",
        ),
        ("[{by: phase-bad, hides: [task-bad], about: all}]", "wrong-choice: found"),
        ("[{by: phase-bad}]", "missing-key: found"),
        (
            "[{by: phase-bad, hides: [task-bad]}, {by: phase-bad, hides: [phase-too]}]",
            'duplicate-inhibition: found a second entry of the rule "phase-bad" (the first is at <text>:4:16)',
        ),
        ("[{hides: [task-bad]}]", "missing-key: found"),
    ],
)
def test_faults_have_their_place_and_language(inhibit: str, line: str) -> None:
    """Names, circles and keys; each fault in the reader's language."""
    with pytest.raises(RulesError) as raised:
        parse_rules(f"{HEAD}inhibit: {inhibit}\n{RULES}")
    (fault,) = raised.value.faults
    assert line in str(fault)
    assert fault.place.line == 4
    assert all(isinstance(each, Phrase) for each in (fault.found, fault.expected, fault.hint))
    assert fault.in_language("zh-Hans") != str(fault)


def test_an_entry_of_a_later_file_replaces_an_earlier_one(tmp_path: Path) -> None:
    """Only in one file is a second entry a fault."""
    (tmp_path / "first.yaml").write_text(HEAD + TASKS + RULES, encoding="utf-8")
    later = "extends: [first.yaml]\ninhibit: [{by: phase-bad, hides: [phase-too]}]\n"
    (tmp_path / "later.yaml").write_text(HEAD + later, encoding="utf-8")
    found = load_rules(tmp_path / "later.yaml").inhibitions
    assert [each.hides for each in found if each.by == "phase-bad"] == [("phase-too",)]


def test_a_rule_that_could_not_be_read_is_not_missed() -> None:
    """Its own fault is enough."""
    broken = RULES.replace("id: task-bad, about: task", "id: task-bad, about: [task]")
    with pytest.raises(RulesError) as raised:
        parse_rules(HEAD + TASKS + broken)
    assert {fault.code for fault in raised.value.faults}.isdisjoint({"unknown-rule", "inhibit-circle"})


def test_long_chains_are_no_circles() -> None:
    """However long; and a circle at the end of one is found."""
    names = [f"r{number}" for number in range(1100)]
    listed = "".join(
        f"  - {{id: {name}, about: phase, kind: k, when: started, severity: minor, message: M}}\n"
        for name in names
    )
    entries = "".join(f"  - {{by: {first}, hides: [{second}]}}\n" for first, second in pairwise(names))
    assert len(parse_rules(f"{HEAD}inhibit:\n{entries}rules:\n{listed}").inhibitions) == 1099
    with pytest.raises(RulesError) as raised:
        parse_rules(f"{HEAD}inhibit:\n{entries}  - {{by: r1099, hides: [r1098]}}\nrules:\n{listed}")
    assert [fault.found for fault in raised.value.faults] == ["r1099 → r1098 → r1099"]


def test_what_hides_counts_for_the_digest() -> None:
    """The order of names does not; neither does one that is hidden twice."""
    one, two, other, none = (
        parse_rules(f"{HEAD}inhibit: [{{by: phase-bad, hides: [{names}]}}]\n{RULES}").digest
        for names in ("task-bad, phase-too", "phase-too, task-bad, task-bad", "task-bad", "")
    )
    assert one == two
    assert len({one, other, none, parse_rules(HEAD + RULES).digest}) == 3

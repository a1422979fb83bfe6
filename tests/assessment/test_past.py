"""Warnings about which nothing can change any more: they stay, and are set apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopgov.assessment.assess import assess
from coopgov.explanation.explain import explain
from coopgov.model import Agreement, build_agreement, load_agreement
from coopgov.rules import RuleSet, load_rules, parse_rules
from coopgov.rules.ruleset import Engine

PILOT = Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml"
NOW = date(2026, 6, 30)
WINDOW = {"start": "2026-01-01", "end": "2026-04-11"}
LATE = "id: late, about: phase, kind: delay, measure: delay, bands: {minor: above 5 days}, message: M"


def agreement(*phases: dict[str, Any], **fields: Any) -> Agreement:
    """An agreement with these phases, all planned alike."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            "phases": [{"planned": WINDOW, **each} for each in phases],
            **fields,
        }
    )


def rules(*texts: str, more: str = "") -> RuleSet:
    """Rules of their own."""
    listed = "".join(f"  - {{{text}}}\n" for text in texts)
    return parse_rules(f"coopgov: rules/1\npack: t\nversion: 1.0.0\n{more}rules:\n{listed}")


ENDED = agreement({"id": "x", "actual": {"start": "2026-01-01", "end": "2026-05-01"}})
RUNNING = agreement({"id": "x", "actual": {"start": "2026-01-01"}})


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
@pytest.mark.parametrize(
    ("ends", "of", "past"),
    [
        ("ended", ENDED, True),
        ("ended", RUNNING, False),
        ("actual_end at most as_of", ENDED, True),
        ("actual_end at most as_of", RUNNING, False),  # unknown is false
        ("spent above 0 CNY", ENDED, False),
        ("phases_late above 0", ENDED, True),
    ],
)
def test_a_warning_is_past_where_its_rule_ends(ends: str, of: Agreement, backend: str, *, past: bool) -> None:
    """The condition is that of the language, with facts of one's own; where it is unknown, the warning is open."""
    own = "facts: [{name: phases_late, about: phase, is: 'sum(tasks, 1) + 1'}]\n"
    own = "facts: [{name: phases_late, about: phase, is: count(milestones) + 1}]\n" if "late" in ends else ""
    (one,) = assess(of, rules(f"{LATE}, ends: {ends}", more=own), as_of=NOW, backend=backend).warnings
    assert (one.past, one.to_dict()["past"]) == (past, past)


def test_many_subjects_are_past_alike() -> None:
    """Also after as many as make it worth to compile the rules, and in an engine that has compiled them before."""
    many = agreement(
        *(
            {
                "id": f"x{number}",
                "actual": {"start": "2026-01-01", **({"end": "2026-05-01"} if number % 2 else {})},
            }
            for number in range(80)
        )
    )
    ending = rules(f"{LATE}, ends: ended")
    for given in (ending, Engine(ending)):
        found = assess(many, given, as_of=NOW).warnings
        assert {each.about: each.past for each in found} == {
            f"phase/x{number}": bool(number % 2) for number in range(80)
        }


def test_nothing_is_to_be_done_about_what_is_past() -> None:
    """It recommends nothing, is reported to nobody, makes no role vacant, and leaves the status alone."""
    more = "actions: [{id: hurry, answers: [delay], title: Hurry, owner: foreman}]\n"
    escalating = f"{LATE}, ends: ended, escalate: {{minor: board within 2 days}}"
    past, now = (assess(each, rules(escalating, more=more), as_of=NOW) for each in (ENDED, RUNNING))
    assert (past.status, now.status) == ("clear", "minor")
    assert not past.at_least("notice")
    (one,) = past.warnings
    assert (one.actions, one.escalation, one.severity, one.counted) == ((), None, "minor", False)
    assert [each.id for each in now.warnings] == [
        "late@phase/x",
        "role-vacant@role/board",
        "role-vacant@role/foreman",
    ]
    assert now.warnings[0].escalation is not None


def test_what_is_past_breaks_no_strain() -> None:
    """An action that takes time is not held back by a delay that is over."""
    more = "actions: [{id: train, answers: [quality], strains: [time], title: Train}]\n"
    other = "id: poor, about: phase, kind: quality, when: budget is not known, severity: minor, message: M"
    for of, strained in ((ENDED, ()), (RUNNING, ("time",))):
        found = assess(of, rules(f"{LATE}, ends: ended", other, more=more), as_of=NOW)
        (poor,) = (each for each in found.warnings if each.rule == "poor")
        assert poor.actions[0].strained == strained


def test_rules_about_warnings_see_what_is_past() -> None:
    """The fact `past` shows it apart; a rule about warnings can end, too."""
    counting = (
        "id: {id}, about: agreement, kind: delay, severity: notice, message: M, "
        'when: count(warnings where rule is "late"{and_}) at least 1'
    )
    told = rules(
        f"{LATE}, ends: ended",
        counting.format(id="any", and_=""),
        counting.format(id="over", and_=" and past") + ", ends: 'not any(phases where not ended)'",
        counting.format(id="open", and_=" and not past"),
    )
    past = {each.rule: each.past for each in assess(ENDED, told, as_of=NOW).warnings}
    assert past == {"late": True, "any": False, "over": True}
    assert {each.rule for each in assess(RUNNING, told, as_of=NOW).warnings} == {"late", "any", "open"}


def test_ending_does_not_change_whether_a_rule_holds() -> None:
    """A checker, and an explanation, say the same with and without it."""
    plain, ending = rules(LATE), rules(f"{LATE}, ends: ended")
    facts = {
        "planned_start": date(2026, 1, 1),
        "planned_end": date(2026, 4, 11),
        "actual_end": date(2026, 5, 1),
    }
    assert ending.checker("phase")(facts, as_of=NOW) == plain.checker("phase")(facts, as_of=NOW)
    assert ending.readers("phase", "actual_end") == ("late",)
    assert rules(f"{LATE}, ends: spent is known").readers("phase", "spent") == ()
    whys = [explain(ENDED, each, rule="late", about="phase/x", as_of=NOW) for each in (plain, ending)]
    assert whys[0].outcome == whys[1].outcome == "fired"


def test_a_waived_warning_can_be_past() -> None:
    """Both are said; it counts no more than either."""
    waivers = [{"rule": "late", "about": "phase/x", "until": "2026-12-31", "reason": "Ice"}]
    ended = agreement({"id": "x", "actual": {"start": "2026-01-01", "end": "2026-05-01"}}, waivers=waivers)
    (one,) = assess(ended, rules(f"{LATE}, ends: ended"), as_of=NOW).warnings
    assert one.past
    assert one.waived is not None


def test_the_pack_ends_what_is_settled() -> None:
    """No rule about money ends; the others that do are those about what is late, as long as it is open."""
    ends = {rule.id: rule.texts["ends"] for rule in load_rules().rules if "ends" in rule.texts}
    assert ends == {
        "phase-late": "ended",
        "phase-late-days": "ended",
        "buffer-used-up": "ended",
        "phase-replanned": "ended",
        "milestone-missed": "met is known",
        "deliverable-late": "delivered is known",
        "task-overdue": "done",
        "predecessor-late": "done",
    }


def test_own_and_inherited_delay_add_up() -> None:
    """A phase inherits no more than it is late by, and nothing where it ended and nobody said when it began."""
    told = rules(
        f"{LATE.removesuffix(', message: M')}, message: '{{delay}} = {{inherited_delay}} + {{own_delay}}'"
    )
    cases = {
        "30 days = 10 days + 20 days": {"actual": {"start": "2026-01-11", "end": "2026-05-11"}},
        "20 days = 20 days + 0 days": {"actual": {"start": "2026-02-10", "end": "2026-05-01"}},
        "21 days = 0 days + 21 days": {"actual": {"end": "2026-05-02"}},
        "80 days = 80 days + 0 days": {},  # it has not begun
    }
    for message, phase in cases.items():
        (one,) = assess(agreement({"id": "x", **phase}), told, as_of=NOW).warnings
        assert one.message == message


def test_the_pilot_says_where_its_delay_comes_from() -> None:
    """In June, its first phase has begun three days late and lost seventeen more."""
    found = assess(load_agreement(PILOT), as_of=NOW).warnings
    late = next(each for each in found if each.id == "phase-late@phase/setup")
    assert late.message.endswith("3 days inherited from its start, 17 days its own.")

"""Ladders in an assessment: who hears of a warning step by step, by when, and who the owner of a subject is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coopgov.assessment.assess import assess
from coopgov.assessment.escalation import owner_of
from coopgov.assessment.roles import Holders, vacancies
from coopgov.cli.schemas import schema_of
from coopgov.facts.derive import derive
from coopgov.model import Agreement, load_agreement, parse_agreement
from coopgov.rules import parse_rules

if TYPE_CHECKING:
    from coopgov.assessment.result import EarlyWarning

AGREEMENT = """\
coopgov: agreement/1
id: a
title: A
currency: CNY
term: {start: 2026-01-01, end: 2026-12-31}
parties: [{id: port}, {id: university}]
calendar: {holidays: [2026-02-12]}
team:
  members:
    - {id: pm, name: Li Na, party: port, role: project-manager}
    - {id: dev, name: Zhang Wei, party: university}
    - {id: away, party: port, role: technical-liaison, deputy: dev, absent: [{from: 2026-02-01}]}
  bodies: [{id: steering, members: [pm, dev]}]
phases:
  - {id: owned, planned: {start: 2026-01-05, end: 2026-02-01}, owner: dev}
  - {id: by-role, planned: {start: 2026-01-05, end: 2026-02-01}, owner: technical-liaison}
  - {id: free, planned: {start: 2026-01-05, end: 2026-02-01}}
"""
TUESDAY = date(2026, 2, 10)
HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
RULE = "id: late, about: phase, kind: delay, measure: delay, bands: {minor: above 2 days, critical: above 90 days}"


def agreement(text: str = AGREEMENT) -> Agreement:
    """The agreement."""
    return parse_agreement(text, "a.yaml")


def warnings(escalate: str, text: str = AGREEMENT) -> dict[str, EarlyWarning]:
    """The warnings of the rule with a ladder, by the subject."""
    rules = parse_rules(f"{HEAD}rules:\n  - {{{RULE}, message: M, escalate: {escalate}}}\n", "r.yaml")
    found = assess(agreement(text), rules, as_of=TUESDAY).warnings
    return {each.about: each for each in found}


def steps(warning: EarlyWarning) -> list[tuple[str, str]]:
    """The steps of a warning's ladder as texts."""
    return [(each.to, each.by.isoformat()) for each in warning.ladder]


def test_each_step_counts_from_the_deadline_before_it() -> None:
    """In the agreement's calendar; the first counts from the date of the assessment."""
    ladder = "{minor: [pm within 2 working days, steering within 1 working day, dev within 3 days]}"
    one = warnings(ladder)["phase/free"]
    assert steps(one) == [("pm", "2026-02-13"), ("steering", "2026-02-16"), ("dev", "2026-02-19")]
    assert one.escalation == one.ladder[0]
    assert one.to_dict()["ladder"] == [each.to_dict() for each in one.ladder]
    assert one.to_dict()["escalation"] == one.to_dict()["ladder"][0]


def test_a_single_step_is_a_ladder_of_one() -> None:
    """And without an entry the ladder is empty, and nobody is notified."""
    (one,) = warnings("{minor: steering within 2 days}")["phase/free"].ladder
    assert one.to_dict() == {"to": "steering", "by": "2026-02-12", "vacant": False, "stand_ins": []}
    none = warnings("{critical: steering within 2 days}")["phase/free"]
    assert (none.ladder, none.escalation) == ((), None)
    assert none.to_dict()["ladder"] == []


@pytest.mark.parametrize("word", ["owner", "负责人", "責任人", "Owner"])
def test_the_owner_of_the_subject_hears_of_it(word: str) -> None:
    """By the word in any language; a subject without one belongs to the project manager."""
    found = warnings(f"{{minor: {word} within 2 days}}")
    assert {about: one.ladder[0].to for about, one in found.items() if one.rule == "late"} == {
        "phase/owned": "dev",
        "phase/by-role": "technical-liaison",
        "phase/free": "project-manager",
    }
    (deputy,) = found["phase/by-role"].ladder[0].stand_ins
    assert deputy.id == "dev"


def test_a_word_for_owners_that_the_agreement_has_as_a_role_means_that_role() -> None:
    """Ids come before synonyms; the word `owner` itself is reserved."""
    text = AGREEMENT.replace("{id: dev,", "{id: dev, role: 负责人,")
    assert warnings("{minor: 负责人 within 2 days}", text)["phase/free"].ladder[0].to == "负责人"
    text = AGREEMENT.replace("{id: dev,", "{id: dev, role: owner,")
    assert warnings("{minor: owner within 2 days}", text)["phase/free"].ladder[0].to == "project-manager"


def test_a_past_or_hidden_warning_has_no_ladder() -> None:
    """Nobody has to hear of it."""
    text = AGREEMENT.replace("id: free,", "id: free, actual: {start: 2026-01-05, end: 2026-02-09},")
    rules = parse_rules(
        f"{HEAD}inhibit: [{{by: late, hides: [late-again]}}]\nrules:\n"
        f"  - {{{RULE}, message: M, ends: ended, escalate: {{minor: steering within 2 days}}}}\n"
        f"  - {{{RULE.replace('late', 'late-again', 1)}, message: M, escalate: {{minor: steering within 2 days}}}}\n"
    )
    found = {each.id: each for each in assess(agreement(text), rules, as_of=TUESDAY).warnings}
    past, hidden = found["late@phase/free"], found["late-again@phase/owned"]
    assert past.past
    assert hidden.inhibited_by == "late@phase/owned"
    assert past.ladder == hidden.ladder == ()


def test_every_step_needs_somebody() -> None:
    """A role-vacant warning is about each step that nobody holds, not only about the first."""
    found = warnings("{minor: [steering within 2 days, chief within 2 days]}")
    assert found["role/chief"].rule == "role-vacant"
    assert [each.vacant for each in found["phase/free"].ladder] == [False, True]


def test_the_owner_is_that_of_the_facts() -> None:
    """Subjects of every type have one, if only the project manager."""
    facts = derive(load_agreement("examples/pilot/agreement.yaml"), date(2026, 6, 30))
    holders = Holders(facts, "en")
    owners = {subject.id: owner_of(subject, holders) for subject in facts}
    assert owners["agreement"] == "project-manager"
    assert {each for each in owners.values() if not holders.known(each)} <= {"project-manager"}


def vacant(escalate: str) -> list[str]:
    """What is wrong with a ladder for the agreement."""
    rules = parse_rules(f"{HEAD}rules:\n  - {{{RULE}, message: M, escalate: {escalate}}}\n", "r.yaml")
    return [
        str(each).partition("\n")[0] for each in vacancies(rules, agreement()) if each.place.file == "r.yaml"
    ]


def test_a_ladder_that_nobody_holds_is_a_fault() -> None:
    """Beside the names that nobody has; one step that somebody holds is enough, and an owner always is somebody."""
    last = "expected a role, body or member of the agreement"
    assert sorted(vacant("{minor: [chief within 2 days, boss within 2 days]}")) == [
        f"r.yaml:5:144: ladder-vacant: found chief, boss, {last.replace('a role', 'a step of the ladder to a role')}",
        f'r.yaml:5:145: vacant-role: found "chief", {last}',
        f'r.yaml:5:166: vacant-role: found "boss", {last}',
    ]
    assert [each.split(": ")[1] for each in vacant("{minor: [chief within 2 days, pm within 2 days]}")] == [
        "vacant-role"
    ]
    assert vacant("{minor: [owner within 2 days, steering within 2 days]}") == []
    assert vacant("{minor: 负责人 within 2 days}") == []


def test_a_ladder_that_does_not_reach_each_party_is_a_fault() -> None:
    """Where each party must acknowledge, each ladder reaches each; the owner of a subject can be of one of them."""

    def unreached(steps: str, acknowledge: str = "each party") -> list[str]:
        ladder = ", ".join(f"{each} within 2 days" for each in steps.split())
        rule = f"{RULE}, message: M, acknowledge: {acknowledge}, escalate: {{minor: [{ladder}]}}"
        rules = parse_rules(f"{HEAD}rules:\n  - {{{rule}}}\n", "r.yaml")
        found = [each for each in vacancies(rules, two_parties()) if each.place.file == "r.yaml"]
        return [
            str(each).partition("\n")[0].partition(": ")[2] for each in found if "vacant" not in each.code
        ]

    def expected(parties: str) -> str:
        found = f"acknowledgement by each party, although the ladder of minor does not reach {parties}"
        return f"party-not-reached: found {found}, expected a ladder that reaches each party, or `acknowledge: any`"

    assert unreached("pm") == [expected("university")]
    assert unreached("project-manager") == [expected("university")]
    assert unreached("pm university") == unreached("pm tech") == unreached("both") == []
    assert unreached("pm owner") == unreached("pm 负责人") == []
    assert unreached("chief pm") == [expected("university")]
    assert unreached("chief owner") == unreached("owner") == [expected("port, university")]
    assert unreached("pm", "any") == []


def two_parties() -> Agreement:
    """An agreement of two parties with a member each, and a body of both."""
    return parse_agreement(
        """
coopgov: agreement/1
id: two
title: Two
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: port, name: Port}, {id: university, name: University}]
team:
  members:
    - {id: pm, name: PM, party: port, role: project-manager}
    - {id: tech, name: Tech, party: university}
  bodies: [{id: both, name: Both, members: [pm, tech]}]
"""
    )


def test_a_receiver_by_a_displayed_name_gets_a_hint() -> None:
    """People know each other by name; the file names ids and roles."""
    text = AGREEMENT.replace("name: Li Na", "name: 李娜")
    rules = parse_rules(
        f"{HEAD}rules:\n  - {{{RULE}, message: M, escalate: {{minor: 李娜 within 2 days}}}}\n", "r.yaml"
    )
    (fault,) = [each for each in vacancies(rules, agreement(text)) if each.place.file == "r.yaml"]
    assert fault.hint == "write `pm`"
    rules = parse_rules(
        f"{HEAD}rules:\n  - {{{RULE}, message: M, escalate: {{minor: ownr within 2 days}}}}\n", "r.yaml"
    )
    (fault,) = [each for each in vacancies(rules, agreement()) if each.place.file == "r.yaml"]
    assert fault.hint == 'did you mean "owner"?'


def test_ladders_are_in_the_published_schema() -> None:
    """As a list of steps, which are never null."""
    warning = schema_of("assessment")["$defs"]["warning"]
    assert "ladder" in warning["required"]
    assert warning["properties"]["ladder"]["items"]["type"] == "object"

"""Mutants of what only cases read: made on request, one for each slip of the pen, and never the rule itself."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from coopgov import load_rules, parse_rules
from coopgov.rules.case_settings import CaseSettings
from coopgov.testing import find_tests, mutation_run
from coopgov.testing.mutation.mutants import mutants

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.rules import RuleSet

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
RULE = "id: r, about: phase, kind: delay, message: M, measure: delay, bands: {minor: above 5 days, major: above 9 days}"


def made(body: str, before: str = "") -> RuleSet:
    """A rule set of one rule `r`."""
    return parse_rules(f"{HEAD}{before}rules:\n  - {{{RULE}, {body}}}\n", "r.yaml")


def changes(body: str, before: str = "") -> list[str]:
    """What the mutants of the keys for cases change."""
    rules = made(body, before)
    plain = {each.id for each in mutants(rules)}
    return [each.change for each in mutants(rules, cases=True) if each.id not in plain]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for: 2 days", ["2 days → 3 days", "2 days → 1 day", "for: 2 days dropped"]),
        ("keep: 1 working day", ["1 working day → 2 working days", "keep: 1 working day dropped"]),
        ("acknowledge: each party", ["each party → any"]),
        ("acknowledge: any", []),
        ("treat: {major: 1 month}", ["1 month → 2 months", "treat.major: 1 month dropped"]),
        (
            "clear: {minor: at most 3 days}",
            [
                "at most 3 days → below 3 days",
                "at most 3 days → at most 4 days",
                "clear.minor: at most 3 days dropped",
            ],
        ),
        (
            "escalate: {major: [a within 1 day, b within 2 days]}",
            [
                "a within 1 day → a within 2 days",
                "escalate.major.1: a within 1 day dropped",
                "b within 2 days → b within 3 days",
                "b within 2 days → b within 1 day",
                "escalate.major.2: b within 2 days dropped",
            ],
        ),
    ],
)
def test_each_key_is_changed_in_its_own_way(body: str, expected: list[str]) -> None:
    """By one day or reading, by leaving a part out, by another comparison."""
    found = changes(body)
    assert [each for each in found if "→" in each or "dropped" in each] == found
    assert [each.removeprefix("delay ") for each in found] == expected


def test_each_mutant_is_another_rule_with_an_id_of_its_own() -> None:
    """It changes what cases read and nothing that an assessment decides."""
    rules = made(
        "for: 2 days, keep: 2 days, acknowledge: each party, clear: {minor: at most low, major: at most 7 days},"
        " treat: {minor: 2 days}, escalate: {minor: [a within 1 day, b within 2 days]}",
        "parameters: {low: 3 days}\n",
    )
    plain = mutants(rules)
    found = mutants(rules, cases=True)[len(plain) :]
    assert mutants(rules, cases=True)[: len(plain)] == plain
    assert len({each.id for each in found}) == len(found) > 15
    original = rules.rule("r")

    def read_by_cases(given: RuleSet) -> tuple[object, ...]:
        rule = given.rule("r")
        return rule.holds_for, rule.clear, rule.keep, rule.acknowledge, rule.escalate, rule.treat

    seen = [read_by_cases(rules)]
    for mutant in found:
        changed = mutant.apply(rules)
        assert changed.rule("r").check == original.check
        assert read_by_cases(changed) not in seen, mutant
        seen.append(read_by_cases(changed))
        assert mutant.place.file == "r.yaml"
    at_parameter = [each for each in found if each.place.line == 4]
    assert [each.kind for each in at_parameter] == ["threshold"]


def test_only_what_the_file_itself_writes_is_changed(tmp_path: Path) -> None:
    """As with other mutants; naming a rule changes all of it."""
    (tmp_path / "base.yaml").write_text(f"{HEAD}rules:\n  - {{{RULE}, for: 2 days, keep: 2 days}}\n")
    (tmp_path / "top.yaml").write_text(
        f"{HEAD}extends: [base.yaml]\nrules:\n  - {{id: r, override: true, keep: 3 days}}\n"
    )
    rules = load_rules(tmp_path / "top.yaml")
    assert {each.slot.key for each in mutants(rules, cases=True)} == {"keep"}
    assert {"for", "keep"} <= {each.slot.key for each in mutants(rules, ["r"], cases=True)}


BLOCK = (
    "cases: {reopen: 4 days, no_data: 2 days, effective_after: 3 days, remind: 3 days, max_waiver: 5 days}\n"
)


def settings(rules: RuleSet) -> list[tuple[str, str, str]]:
    """The key, change and place of each mutant of the block `cases`."""
    found = [each for each in mutants(rules, cases=True) if each.rule is None]
    return [(each.name, str(each.change), str(each.place)) for each in found]


def test_each_span_of_the_block_is_longer_and_shorter() -> None:
    """What a file does not write there is not changed, and nothing is where it concerns one rule only."""
    rules = made("for: 2 days", "cases: {remind: 3 days, reopen: 1 working day}\n")
    assert settings(rules) == [
        ("cases.reopen", "1 working day → 2 working days", "r.yaml:4:33"),
        ("cases.remind", "3 days → 4 days", "r.yaml:4:17"),
        ("cases.remind", "3 days → 2 days", "r.yaml:4:17"),
    ]
    assert {each.rule for each in mutants(rules, ["r"], cases=True)} == {"r"}
    longer = mutants(rules, cases=True)[-2]
    assert str(longer.apply(rules).cases.remind) == "4 days"
    assert longer.apply(made("keep: 2 days")).cases == CaseSettings()
    assert longer.to_dict()["rule"] is None


def test_a_key_of_an_extended_file_is_not_changed(tmp_path: Path) -> None:
    """The block of a file is what the file itself decides, also where tests use rules that extend it."""
    (tmp_path / "base.yaml").write_text(f"{HEAD}{BLOCK}rules:\n  - {{{RULE}}}\n")
    (tmp_path / "top.yaml").write_text(f"{HEAD}extends: [base.yaml]\ncases: {{remind: 8 days}}\n")
    base, top = load_rules(tmp_path / "base.yaml"), load_rules(tmp_path / "top.yaml")
    assert {key for key, _, _ in settings(base)} == {f"cases.{each.name}" for each in fields(CaseSettings)}
    assert {key for key, _, _ in settings(top)} == {"cases.remind"}
    reopen = next(each for each in mutants(base, cases=True) if each.name == "cases.reopen")
    assert str(reopen.apply(top).cases.reopen) == "5 days"


AGREEMENT = """\
coopgov: agreement/1
id: levels
title: Levels
currency: CNY
term: {start: 2026-01-05, end: 2027-12-31}
parties: [{id: port, name: Port}]
team: {members: [{id: pm, name: PM, party: port, role: project-manager}]}
kpis:
  - {id: one, name: One, unit: points, direction: up, readings: [{on: 2026-07-06, value: 75}]}
  - id: two
    name: Two
    unit: points
    direction: up
    readings: [{on: 2026-07-06, value: 75}, {on: 2026-07-08, value: 90}, {on: 2026-07-15, value: 75}]
  - id: three
    name: Three
    unit: points
    direction: up
    readings: [{on: 2026-07-06, value: 75}, {on: 2026-07-08, value: 90}, {on: 2026-07-16, value: 75}]
"""
LEVELS = f"""\
{HEAD}{BLOCK}actions: [{{id: train, title: Train}}]
rules:
  - id: low
    about: kpi
    kind: quality
    message: M
    measure: value
    bands: {{minor: below 80 points}}
    escalate: {{minor: project-manager within 2 days}}
  - id: gap
    about: kpi
    kind: quality
    message: M
    severity: minor
    when: as_of at most 2026-07-06 or trend above 9 points
"""
"""A level that is too low, and a rule that is undetermined from the second day on where there is but one reading."""
TREATED = "".join(
    f"""\
      - {{on: 2026-07-06, case: low@kpi/{kpi}, event: agree, action: train, owner: pm, due: 2026-07-10}}
      - {{on: 2026-07-07, case: low@kpi/{kpi}, event: start, action: train, by: pm}}
      - {{on: 2026-07-07, case: low@kpi/{kpi}, event: done, action: train, by: pm}}
      - {{on: 2026-07-07, case: low@kpi/{kpi}, event: verify, action: train, by: pm, evidence: Seen}}
"""
    for kpi in ("two", "three")
)
TESTS = {
    "reopen": f"""\
    to: 2026-07-17
    events:
{TREATED}    expect:
      cases: [{{case: low@kpi/two, openings: 2}}, {{case: low@kpi/three, openings: 1}}]
""",
    "no_data": """\
    to: 2026-07-12
    expect: {notices: [{on: 2026-07-09, case: gap@kpi/one, kind: no-data}]}
""",
    "effective_after": f"""\
    to: 2026-07-12
    events:
{TREATED}    expect:
      cases:
        - {{case: low@kpi/two, on: 2026-07-10, state: verifying}}
        - {{case: low@kpi/two, on: 2026-07-11, state: closed, outcome: resolved}}
""",
    "remind": """\
    to: 2026-07-12
    expect: {notices: [{on: 2026-07-09, case: low@kpi/one, kind: reminder}]}
""",
    "max_waiver": """\
    to: 2026-07-07
    events:
      - {on: 2026-07-06, case: low@kpi/one, event: waive, until: 2026-07-11, reason: Known, by: pm}
      - {on: 2026-07-06, case: low@kpi/two, event: waive, until: 2026-07-12, reason: Known, by: pm}
    expect:
      cases: [{case: low@kpi/one, state: waived}]
      refused: [{on: 2026-07-06, case: low@kpi/two, event: waive}]
""",
}


@pytest.mark.parametrize("key", TESTS)
def test_a_case_test_up_to_a_span_catches_its_mutants(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One about the last day of the span and the day after, where the other day decides otherwise."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.yaml").write_text(LEVELS)
    (tmp_path / "a.yaml").write_text(AGREEMENT)
    head = "coopgov: case-tests/1\nagreement: a.yaml\nrules: r.yaml\ntests:\n"
    (tmp_path / "r.cases.yaml").write_text(f"{head}  - name: one\n    from: 2026-07-06\n{TESTS[key]}")
    found = find_tests("r.cases.yaml")
    result = mutation_run(load_rules("r.yaml"), case_suites=found.case_suites)
    assert (found.faults, result.failing) == ((), ())
    caught = [each.change for each in result.caught if each.name == f"cases.{key}"]
    assert len(caught) == 2


def test_the_shipped_pack_has_such_mutants() -> None:
    """Of its ladders and spans; rule tests are not asked to catch them."""
    pack = load_rules()
    kinds = {each.kind for each in set(mutants(pack, cases=True)) - set(mutants(pack))}
    assert kinds == {"span", "step"}

"""Mutants of what only cases read: made on request, one for each slip of the pen, and never the rule itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov import load_rules, parse_rules
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


def test_the_shipped_pack_has_such_mutants() -> None:
    """Of its ladders and spans; rule tests are not asked to catch them."""
    pack = load_rules()
    kinds = {each.kind for each in set(mutants(pack, cases=True)) - set(mutants(pack))}
    assert kinds == {"span", "step"}

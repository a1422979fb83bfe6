"""`ends` in rule files: checked, merged and counted like the other conditions of a rule."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coopgov.analysis.analyse import analyse
from coopgov.assessment.assess import assess
from coopgov.errors import RulesError
from coopgov.language import to_text
from coopgov.locales import Phrase
from coopgov.model import load_agreement
from coopgov.pages.rules import rule_lines
from coopgov.rules import load_rules, parse_rules

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.rules import RuleSet

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
RULE = "id: late, about: phase, kind: delay, measure: delay, bands: {minor: above 5 days}, message: M"


def rules(more: str = "", before: str = "") -> RuleSet:
    """A rule set of one rule."""
    return parse_rules(f"{HEAD}{before}rules:\n  - {{{RULE}{more}}}\n", "r.yaml")


def ends(given: RuleSet, rule: str = "late") -> str | None:
    """What ends a rule, as text."""
    node = given.rule(rule).check.ends
    return None if node is None else to_text(node)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("delay", "r.yaml:5:107: type-mismatch: found days, expected a condition"),
        ("endet", "r.yaml:5:107: unknown-fact: found `endet`, expected a fact about phase or a parameter"),
        ("ended and", "r.yaml:5:116: syntax: found the end, expected a value"),
        ("[ended]", "r.yaml:5:107: wrong-type: found a list, expected an expression"),
    ],
)
def test_faults_have_their_place(written: str, fault: str) -> None:
    """A fact that does not exist, another type, a syntax error: as for any condition."""
    with pytest.raises(RulesError) as raised:
        rules(f", ends: {written}")
    (found,) = raised.value.faults
    assert str(found).startswith(fault)
    assert all(isinstance(each, Phrase) for each in (found.found, found.expected, found.hint))


def test_an_override_keeps_and_replaces_it(tmp_path: Path) -> None:
    """It is a field like the others, and stays where an override does not name it."""
    base = tmp_path / "base.yaml"
    base.write_text(f"{HEAD}rules:\n  - {{{RULE}, ends: ended}}\n")

    def overridden(fields: str) -> RuleSet:
        top = tmp_path / "top.yaml"
        top.write_text(f"{HEAD}extends: [base.yaml]\nrules:\n  - {{id: late, override: true, {fields}}}\n")
        return load_rules(top)

    assert ends(load_rules(base)) == "ended"
    assert ends(overridden("kind: other")) == "ended"
    assert ends(overridden("when: started, severity: minor")) == "ended"
    assert ends(overridden("ends: started and ended")) == "started and ended"
    assert ends(overridden("ends: ~")) == "ended", "a key without a value is not written"
    assert ends(overridden("ends: false")) == "false"


def test_it_counts_for_the_digest() -> None:
    """Spelling does not."""
    without, ended, spelt, other = (
        rules(more).digest for more in ("", ", ends: ended", ", ends: (ended)", ", ends: started")
    )
    assert ended == spelt
    assert len({without, ended, other}) == 3


def test_what_only_ends_a_rule_is_used() -> None:
    """A parameter is no slip of the pen, and a fact of one's own is not idle."""
    given = rules(
        ", ends: over above limit",
        "parameters: {limit: 3 days}\nfacts: [{name: over, about: phase, is: delay}]\n",
    )
    assert ends(given) == "over above 3 days"
    assert [each.fault.code for each in analyse(given, as_of=date(2026, 6, 30)).findings] == [
        "message-without-measure"
    ]


def test_all_rows_of_a_table_end_alike() -> None:
    """The table gives it to its rows, as it gives `where`."""
    given = parse_rules(
        f"{HEAD}tables:\n  - {{id: t, about: phase, kind: k, message: M, where: started, ends: ended, "
        "conditions: [delay], rows: [[above 20 days, major], [above 5 days, minor]], hit: first}\n"
    )
    assert [(each.id, ends(given, each.id)) for each in given.rules if each.pack == "p"] == [
        ("t.1", "ended"),
        ("t.2", "ended"),
    ]
    found = assess(load_agreement("examples/pilot/agreement.yaml"), given, as_of=date(2026, 6, 30)).warnings
    assert {(each.id, each.past) for each in found} >= {("t.2@phase/setup", True), ("t.2@phase/core", False)}


def test_it_can_read_warnings() -> None:
    """Then the rule comes after those that it names."""
    given = parse_rules(
        f"{HEAD}rules:\n  - {{{RULE}, ends: 'count(warnings where rule is \"idle\") above 0'}}\n"
        "  - {id: idle, about: phase, kind: k, when: not started, severity: minor, message: M}\n"
    )
    assert [(each.id, each.layer) for each in given.rules if each.pack == "p"] == [("late", 1), ("idle", 0)]


def test_the_page_of_a_rule_says_it() -> None:
    """In the reader's language, also what it hides and what hides it."""
    given = parse_rules(
        f"{HEAD}inhibit: [{{by: late, hides: [idle]}}, {{by: idle, hides: [role-vacant], about: same}}]\n"
        f"rules:\n  - {{{RULE}, ends: ended}}\n"
        "  - {id: idle, about: phase, kind: k, when: not started, severity: minor, message: M}\n"
    )
    late, idle = ("\n".join(rule_lines(given.rule(name), given)) for name in ("late", "idle"))
    assert "- past where `ended`: then nothing about the warning can change any more" in late
    assert "- hides warnings of `idle` about the same subject or below it that are no more severe" in late
    assert "- hides warnings of `role-vacant` about the same subject that are no more severe" in idle
    assert "- hidden by `late` where that warning is at least as severe" in idle
    assert "成为定局" in "\n".join(rule_lines(given.rule("late"), given, "zh-Hans"))

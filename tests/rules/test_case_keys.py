"""The keys of rule files that cases read: parsed, checked, merged and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.errors import RulesError
from coopgov.language import to_text
from coopgov.locales import Phrase
from coopgov.rules import CaseSettings, Readings, load_rules, parse_rules
from coopgov.schema import Span

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.rules import Rule, RuleSet

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
RULE = (
    "id: late, about: phase, kind: delay, measure: delay, bands: {minor: above 5 days, major: above 9 days}"
)
KPI = "id: low, about: kpi, kind: quality, measure: value, bands: {minor: below 80 points}, message: M"
WORKING = "working days"


def rules(more: str = "", before: str = "") -> RuleSet:
    """A rule set of one rule about phases."""
    return parse_rules(f"{HEAD}{before}rules:\n  - {{{RULE}, message: M{more}}}\n", "r.yaml")


def late(more: str) -> Rule:
    """The rule with some more keys."""
    return rules(f", {more}").rule("late")


def faults(text: str) -> list[str]:
    """What is wrong with a rule file; every text of it is in every language."""
    with pytest.raises(RulesError) as raised:
        parse_rules(text, "r.yaml")
    for found in raised.value.faults:
        assert all(isinstance(each, Phrase) for each in (found.found, found.expected, found.hint))
    return [str(found).partition("\n")[0] for found in raised.value.faults]


def wrong(more: str) -> list[str]:
    """What is wrong with the rule with some more keys."""
    return faults(f"{HEAD}rules:\n  - {{{RULE}, message: M, {more}}}\n")


def test_a_rule_without_the_keys_has_their_defaults() -> None:
    """At once, no hysteresis, anybody's acknowledgement, no time of treatment."""
    rule = rules().rule("late")
    assert (rule.holds_for, rule.keep, rule.acknowledge) == (None, None, "any")
    assert (rule.clear, rule.treat, rule.escalate) == ({}, {}, {})
    assert rules().cases == CaseSettings()


@pytest.mark.parametrize("key", ["for", "keep"])
@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("3 working days", Span(3, "working days")),
        ("2 weeks", Span(14, "days")),
        ("3个工作日", Span(3, "working days")),
        ("0", None),
        ("0 working days", None),
        ("０天", None),
    ],
)
def test_a_span_of_days_or_nothing(key: str, written: str, span: Span | None) -> None:
    """Zero is a value, so that an override can take a span back."""
    rule = late(f"{key}: {written}")
    assert (rule.holds_for if key == "for" else rule.keep) == span


@pytest.mark.parametrize("written", ["2 readings", "2readings", "2 次读数", "两个讀數", "２ readings"])
def test_readings_of_a_kpi(written: str) -> None:
    """A KPI that is read once a quarter cannot be bad for three days."""
    rule = parse_rules(f"{HEAD}rules:\n  - {{{KPI}, for: {written}, keep: 1 reading}}\n").rule("low")
    assert (rule.holds_for, rule.keep) == (Readings(2), Readings(1))
    assert (str(rule.holds_for), str(rule.keep)) == ("2 readings", "1 reading")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            "for: 2 readings",
            "r.yaml:5:127: wrong-unit: found 2 readings, expected days or working days: only rules about a KPI",
        ),
        (
            "keep: 2 months",
            'r.yaml:5:128: wrong-unit: found "2 months", expected days, working days, or readings of a KPI',
        ),
        ("for: soon", 'r.yaml:5:127: not-a-span: found "soon", expected '),
        ("acknowledge: both", 'r.yaml:5:135: wrong-choice: found "both", expected '),
        (
            "escalate: {minor: []}",
            "r.yaml:5:140: no-steps: found a list, expected at least one step, such as joint-lead within",
        ),
        (
            "escalate: {minor: [steering within 2 days, steering]}",
            'r.yaml:5:165: not-an-escalation: found "steering", expected a role, body or member and a time',
        ),
        ("escalate: {bad: steering within 2 days}", 'r.yaml:5:133: unknown-severity: found "bad", expected '),
        ("treat: {bad: 2 days}", 'r.yaml:5:130: unknown-severity: found "bad", expected '),
        ("treat: {minor: 2 hours}", 'r.yaml:5:137: wrong-unit: found "2 hours", expected '),
        ("clear: {bad: at most 3 days}", 'r.yaml:5:130: unknown-severity: found "bad", expected '),
        (
            "clear: {critical: at most 3 days}",
            "r.yaml:5:130: clear-without-band: found `clear` `at most 3 days` for critical, expected one of the",
        ),
        ("clear: {minor: at most 3 points}", "r.yaml:5:145: unit-mismatch: found "),
        ("clear: {minor: at most}", "r.yaml:5:144: syntax: found the end, expected "),
    ],
)
def test_faults_have_their_place(more: str, fault: str) -> None:
    """Wrong units, words, severities and steps, each at its key or value."""
    (found,) = wrong(more)
    assert found.startswith(fault)


def test_all_faults_of_a_ladder_are_reported_at_once() -> None:
    """Each at its own step."""
    found = wrong("escalate: {minor: [steering, a within 2 days, b within 2 hours], major: c}")
    assert [each.split(": ")[0] for each in found] == ["r.yaml:5:141", "r.yaml:5:168", "r.yaml:5:194"]


@pytest.mark.parametrize(
    ("bands", "clear", "inside"),
    [
        ("minor: above 5 days", "at most 5 days", None),
        ("minor: above 5 days", "below 5.1 days", "minor"),
        ("minor: above 5 days", "above 1 day", "minor"),
        ("minor: at least 5 days", "at most 5 days", "minor"),
        ("minor: at least 5 days", "below 5 days", None),
        ("minor: at least 5 days", "is 4 days", None),
        ("minor: at least 5 days", "is not 4 days", "minor"),
        ("minor: at most 5 days", "above 5 days", None),
        ("minor: below 5 days", "at least 5 days", None),
        ("minor: below 5 days", "at least 4 days", "minor"),
        ("minor: between 5 days and 8 days, major: above 8 days", "below 5 days", None),
        ("minor: between 5 days and 8 days, major: above 8 days", "above 8 days", "major"),
        ("minor: between 5 days and 8 days", "above 8 days", None),
        ("minor: above window", "above window - 2 days", "minor"),
        ("minor: above window", "at most window - 2 days", None),
    ],
)
def test_a_band_is_left_on_its_safe_side(bands: str, clear: str, inside: str | None) -> None:
    """No value may hold the band, or a worse one, and pass `clear`: the case would be both at once."""
    text = (
        f"{HEAD}rules:\n  - {{id: r, about: phase, kind: delay, message: M, measure: delay, bands: {{{bands}}},\n"
        f"     clear: {{minor: {clear}}}}}\n"
    )
    if inside is None:
        assert list(parse_rules(text).rule("r").clear) == ["minor"]
        return
    (found,) = faults(text)
    assert found.startswith(
        f"r.yaml:6:21: clear-inside-band: found `clear` `{clear}` for minor, expected values"
    )
    assert f"the band {inside}, `" in found


def test_a_plain_condition_has_no_band_to_leave() -> None:
    """Neither has a row of a table, which has no such key."""
    (found,) = faults(
        f"{HEAD}rules:\n  - {{id: r, about: phase, kind: delay, message: M, when: ended, severity: minor,\n"
        "     clear: {minor: at most 3 days}}\n"
    )
    assert found.startswith(
        "r.yaml:6:14: clear-without-band: found `clear` `at most 3 days` for minor, expected a rule"
    )
    (found,) = faults(
        f"{HEAD}tables:\n  - {{id: t, about: phase, kind: delay, message: M, conditions: [ended],\n"
        "     rows: [['true', minor]], clear: {minor: at most 3 days}}\n"
    )
    assert "unknown-key" in found


def test_a_condition_that_clears_is_complete() -> None:
    """It reads the measure, with its unit and parameters, like the condition of a band."""
    given = parse_rules(
        f"{HEAD}parameters: {{low: 3 days}}\nrules:\n  - {{{RULE}, message: M, clear: {{minor: at most low}}}}\n"
    )
    assert to_text(given.rule("late").clear["minor"]) == "delay at most 3 days"


def test_a_parameter_that_moves_a_band_over_clear_is_reported_where_it_was_set(tmp_path: Path) -> None:
    """The file that sets it is to be changed, not the one that it extends."""
    (tmp_path / "base.yaml").write_text(
        f"{HEAD}parameters: {{limit: 8 days}}\nrules:\n  - {{id: r, about: phase, kind: delay, message: M,\n"
        "     measure: delay, bands: {minor: above limit}, clear: {minor: at most 6 days}}\n"
    )
    (tmp_path / "top.yaml").write_text(f"{HEAD}extends: [base.yaml]\nparameters: {{limit: 4 days}}\n")
    with pytest.raises(RulesError) as raised:
        load_rules(tmp_path / "top.yaml")
    (found,) = raised.value.faults
    assert str(found.place) == f"{tmp_path / 'top.yaml'}:5:21"
    assert found.code == "clear-inside-band"
    assert found.found == "`clear` `at most 6 days` for minor"
    assert found.expected == "values in which the band minor, `above 4 days`, does not hold"


def test_a_ladder_is_a_text_or_a_list() -> None:
    """A single step is a ladder of one."""
    rule = late(
        "escalate: {严重: [joint-lead within 2 days, steering within 1 week], minor: owner within 5 working days}"
    )
    assert [list(map(str, each)) for each in rule.escalate.values()] == [
        ["owner within 5 working days"],
        ["joint-lead within 2 days", "steering within 1 week"],
    ]
    assert list(rule.escalate) == ["minor", "major"], "mildest first"
    assert rule.ladder("critical") == rule.escalate["major"]
    assert rule.ladder("notice") == ()


def test_a_severity_is_treated_within_its_own_time_or_that_of_a_milder_one() -> None:
    """As with ladders."""
    rule = late("treat: {major: 10 working days}")
    assert rule.treated_within("minor") is None
    assert rule.treated_within("critical") == rule.treated_within("major") == Span(10, "working days")


def test_an_override_merges_and_replaces(tmp_path: Path) -> None:
    """Severity by severity; a list replaces a list, and zero takes a span back."""
    (tmp_path / "base.yaml").write_text(
        f"{HEAD}cases: {{remind: 3 working days, reopen: 4 weeks}}\n"
        f"rules:\n  - {{{RULE}, message: M, for: 3 days, keep: 2 days, acknowledge: each party,\n"
        "     clear: {minor: at most 3 days, major: at most 7 days}, treat: {minor: 3 days},\n"
        "     escalate: {minor: [a within 1 day, b within 1 day], major: [c within 1 day, d within 1 day]}}\n"
    )
    (tmp_path / "top.yaml").write_text(
        f"{HEAD}extends: [base.yaml]\ncases: {{remind: 9 days}}\n"
        "rules:\n  - {id: late, override: true, for: 0, clear: {minor: at most 2 days}, treat: {major: 1 day},\n"
        "     escalate: {minor: e within 2 days}}\n"
    )
    given = load_rules(tmp_path / "top.yaml")
    rule = given.rule("late")
    assert (rule.holds_for, rule.keep, rule.acknowledge) == (None, Span(2, "days"), "each party")
    assert {key: to_text(node) for key, node in rule.clear.items()} == {
        "minor": "delay at most 2 days",
        "major": "delay at most 7 days",
    }
    assert rule.treat == {"minor": Span(3, "days"), "major": Span(1, "days")}
    assert [list(map(str, each)) for each in rule.escalate.values()] == [
        ["e within 2 days"],
        ["c within 1 day", "d within 1 day"],
    ]
    assert given.cases == CaseSettings(remind=Span(9, "days"), reopen=Span(28, "days"))


def test_a_plain_condition_replaces_bands_and_what_clears_them(tmp_path: Path) -> None:
    """Otherwise, nobody could override such a rule with `when`."""
    (tmp_path / "base.yaml").write_text(
        f"{HEAD}rules:\n  - {{{RULE}, message: M, clear: {{minor: at most 3 days}}}}\n"
    )
    (tmp_path / "top.yaml").write_text(
        f"{HEAD}extends: [base.yaml]\nrules:\n  - {{id: late, override: true, when: ended, severity: minor}}\n"
    )
    assert load_rules(tmp_path / "top.yaml").rule("late").clear == {}


def test_a_table_gives_its_rows_the_keys() -> None:
    """An override of a row changes those of the row alone."""
    table = (
        f"{HEAD}tables:\n  - {{id: t, about: phase, kind: delay, message: M, conditions: [ended],\n"
        "     rows: [['true', minor], ['false', major]], for: 2 days, keep: 1 day, acknowledge: each party,\n"
        "     treat: {minor: 3 days}, escalate: {minor: [a within 1 day, b within 1 day]}}\n"
    )
    first, second = parse_rules(table + "rules:\n  - {id: t.1, override: true, for: 4 days}\n").rules[-2:]
    assert (first.holds_for, second.holds_for) == (Span(4, "days"), Span(2, "days"))
    assert first.keep == second.keep == Span(1, "days")
    assert first.treat == second.treat == {"minor": Span(3, "days")}
    assert first.acknowledge == "each party"
    assert len(second.ladder("major")) == 2


@pytest.mark.parametrize(
    ("cases", "fault"),
    [
        ("remind: soon", 'r.yaml:4:17: not-a-span: found "soon", expected '),
        ("effective_after: 1 month", 'r.yaml:4:26: wrong-unit: found "1 month", expected '),
        ("max_waver: 90 days", 'r.yaml:4:9: unknown-key: found the key "max_waver", expected '),
    ],
)
def test_faults_of_settings_have_their_place(cases: str, fault: str) -> None:
    """And the rules of the file are checked all the same."""
    found = faults(f"{HEAD}cases: {{{cases}}}\nrules:\n  - {{{RULE}, message: M, ends: endet}}\n")
    assert found[0].startswith(fault)
    assert [each.split(": ")[1] for each in found[1:]] == ["unknown-fact"]


def test_the_digest_counts_each_key() -> None:
    """But not that a ladder of one is written as a list, or a setting at its default."""
    keys = (
        "", "for: 3 days", "for: 4 days", "keep: 3 days", "clear: {minor: at most 3 days}", "acknowledge: each party",
        "treat: {minor: 3 days}", "escalate: {minor: a within 2 days}",
        "escalate: {minor: [a within 2 days, b within 3 days]}",
        "escalate: {minor: [b within 3 days, a within 2 days]}",
    )  # fmt: skip
    assert len({rules(f", {key}" if key else "").digest for key in keys}) == len(keys)
    plain = rules().digest
    assert rules(before="cases: {remind: 10 working days}\n").digest == plain
    assert rules(before="cases: {remind: 11 working days}\n").digest != plain
    assert rules(", for: 0, acknowledge: any").digest == plain
    listed, single = (
        rules(f", escalate: {{minor: {each}}}") for each in ("[a within 2 days]", "a within 2 days")
    )
    assert listed.digest == single.digest


def test_rules_that_clear_reads_count_for_layers() -> None:
    """A limit that counts warnings waits for them like a band."""
    given = parse_rules(
        f"{HEAD}rules:\n  - {{{RULE}, message: M}}\n"
        '  - {id: many, about: agreement, kind: delay, measure: count(warnings where rule is "late"), message: M,\n'
        "     bands: {minor: above 3}, clear: {minor: at most 1}}\n"
    )
    assert given.rule("many").layer == 1

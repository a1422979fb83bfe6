"""Mutants: every small mistake that facts can show, each once, with its place and a test that would catch it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coopgov import RuleSet, UnknownNameError, load_rules, parse_rules
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.testing.mutation.mutants import Mutant, mutants

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
RULE = "rules:\n  - {{id: r, about: {about}, kind: delay, message: m, {body}}}\n"


def made(body: str, about: str = "phase", before: str = "") -> RuleSet:
    """A rule set of one rule `r`."""
    return parse_rules(HEAD + before + RULE.format(about=about, body=body), "r.yaml")


def changes(body: str, about: str = "phase", before: str = "") -> list[str]:
    """What the mutants of a rule change."""
    return [each.change for each in mutants(made(body, about, before))]


def when(condition: str, about: str = "phase") -> list[str]:
    """What the mutants of a condition change, without the one that drops it as a whole."""
    *found, last = changes(f"when: '{condition}', severity: minor", about)
    assert last == f"when: {condition} dropped"
    return found


def one(rules: RuleSet, change: str) -> Mutant:
    """The mutant with a change."""
    return next(each for each in mutants(rules) if each.change == change)


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ("above 10 %", ["at least 10 %", "above 11 %", "above 9 %"]),
        ("at least 10 %", ["above 10 %", "at least 11 %", "at least 9 %"]),
        ("below 2.5", ["at most 2.5", "below 2.6", "below 2.4"]),
        ("at most 0.50", ["below 0.50", "at most 0.51", "at most 0.49"]),
        ("above 1e2", ["at least 100", "above 101", "above 99"]),
        ("is 3", ["is 4", "is 2"]),
    ],
)
def test_a_figure_moves_by_one_of_its_last_digit(band: str, expected: list[str]) -> None:
    """And a comparison takes in what it leaves out, or vice versa; at last the band is dropped."""
    found = changes(f"measure: overspend, bands: {{minor: {band}}}")
    shown = band.replace("1e2", "100")
    assert found == [*(f"{shown} → {each}" for each in expected), f"minor: {shown} dropped"]


def test_spans_of_time_and_money_move_in_their_own_unit() -> None:
    """5 days become 6 or 4, 1 week 2 or 0 weeks; the unit is written as people write it."""
    assert changes("measure: custom_wait, bands: {minor: above 1 week}",
    before="facts: [{name: custom_wait, about: phase, type: days}]\n") == [
        "above 1 week → at least 1 week",
        "above 1 week → above 2 weeks",
        "above 1 week → above 0 weeks",
        "minor: above 1 week dropped",
    ]  # fmt: skip
    assert changes("measure: spent, bands: {minor: above 300 money}")[1:3] == [
        "above 300 money → above 301 money",
        "above 300 money → above 299 money",
    ]


def test_dates_move_by_a_day() -> None:
    """Up and down, but never out of the calendar."""
    assert when("planned_end above 2026-06-30") == [
        "planned_end above 2026-06-30 → planned_end at least 2026-06-30",
        "planned_end above 2026-06-30 → planned_end above 2026-07-01",
    ]
    assert when("planned_end at most 9999-12-31") == [
        "planned_end at most 9999-12-31 → planned_end below 9999-12-31",
    ]


def test_what_no_facts_can_show_is_no_mutant() -> None:
    """Counts and days between dates are whole and not negative, so some changes are the same, or none at all."""
    assert changes("measure: count(tasks), bands: {minor: at least 3}") == [
        "at least 3 → above 3",
        "at least 3 → at least 2",
        "minor: at least 3 dropped",
    ]
    assert changes("measure: delay, bands: {minor: above 0 days}") == [
        "above 0 days → at least 0 days",
        "above 0 days → above 1 day",
        "minor: above 0 days dropped",
    ]
    assert when("count(tasks) above 2.5") == [
        "count(tasks) above 2.5 → count(tasks) above 3.5",
        "count(tasks) above 2.5 → count(tasks) above 1.5",
    ]
    assert when("share(tasks where done) at least 0 %") == [
        "share(tasks where done) at least 0 % → share(tasks where done) above 0 %",
        "share(tasks where done) at least 0 % → share(tasks where done) at least 1 %",
        "share(tasks where done) → share(tasks where true)",
    ]
    assert changes("measure: count(tasks), bands: {minor: between 0 and 3}") == [
        "between 0 and 3 → above 0 and count(tasks) at most 3",
        "between 0 and 3 → at least 0 and count(tasks) below 3",
        "between 0 and 3 → at least 0",
        "between 0 and 3 → between 0 and 4",
        "minor: between 0 and 3 dropped",
    ]


def test_branches_negations_and_filters_are_left_out() -> None:
    """Each branch of `and` and `or`, each `not`, each text of a list, the `where` of a collection and of the rule."""
    assert when("started and not ended") == [
        "started dropped",
        "not ended dropped",
        "not ended → ended",
    ]
    assert when("started or ended or not has_owner")[:3] == [
        "started dropped",
        "ended dropped",
        "not has_owner dropped",
    ]
    assert when('status in ["done", "in progress"]', "task") == [
        'status in ["done", "in progress"] → status in ["in progress"]',
        'status in ["done", "in progress"] → status in ["done"]',
    ]
    assert when("any(tasks where done)") == ["any(tasks where done) → any(tasks where true)"]
    assert when("any(done of tasks where running)") == [
        "any(done of tasks where running) → any(done of tasks)"
    ]
    assert changes("where: started, when: has_owner, severity: minor") == [
        "where: started dropped",
        "when: has_owner dropped",
    ]


def test_figures_in_arithmetic_move() -> None:
    """A factor or summand of a comparison is a threshold.

    The value after `else` and a figure that never wins are not.
    """
    assert when("spent above budget * 1.15") == [
        "spent above budget * 1.15 → spent at least budget * 1.15",
        "spent above budget * 1.15 → spent above budget * 1.16",
        "spent above budget * 1.15 → spent above budget * 1.14",
    ]
    assert when("delay above max(5 days, window * 10 %)")[1:] == [
        "delay above max(5 days, window * 10 %) → delay above max(6 days, window * 10 %)",
        "delay above max(5 days, window * 10 %) → delay above max(4 days, window * 10 %)",
        "delay above max(5 days, window * 10 %) → delay above max(5 days, window * 11 %)",
        "delay above max(5 days, window * 10 %) → delay above max(5 days, window * 9 %)",
    ]
    assert when("max(0 days, start_delay) above 3 days") == [
        "max(0 days, start_delay) above 3 days → max(0 days, start_delay) at least 3 days",
        "max(0 days, start_delay) above 3 days → max(0 days, start_delay) above 4 days",
    ]
    assert not [each for each in when("forecast_cost else 0 money above spent") if "1 money" in each]


def test_a_mutant_knows_the_place_of_what_it_changes() -> None:
    """The figure in the band or condition; the value of the parameter where that holds the figure."""
    text = (
        HEAD
        + "parameters:\n  limit: {is: 10 %, means: Ours.}\n  other: 5 days\nrules:\n"
        + "  - id: r\n    about: phase\n    kind: delay\n    message: m\n    measure: delay / window\n"
        + "    bands:\n      minor: above limit\n      major: above 20 %\n"
        + "  - {id: q, about: phase, kind: delay, message: m, severity: minor, when: started and delay above (other)}\n"
    )
    rules = parse_rules(text, "r.yaml")
    places = {each.id: str(each.place) for each in mutants(rules)}
    assert places["r.minor:above 10 %→above 11 %"] == "r.yaml:5:15"
    assert places["r.minor:above 10 %→at least 10 %"] == "r.yaml:14:14"
    assert places["r.major:above 20 %→above 19 %"] == "r.yaml:15:20"
    assert places["q.when:delay above 5 days→delay above 6 days"] == "r.yaml:6:10"
    assert places["q.when:started→dropped"] == "r.yaml:16:75"


def test_a_mutant_shows_what_would_catch_it() -> None:
    """A value of the measure at which the rule and the mutant differ, or what must hold."""
    rules = made("where: started, measure: delay / window, bands: {minor: above 10 %}")
    hints = {each.change: each.hint for each in mutants(rules)}
    assert hints == {
        "where: started dropped": "where `started` fails and all else holds",
        "above 10 % → at least 10 %": "where delay / window is 10 %",
        "above 10 % → above 11 %": "where delay / window is 11 %",
        "above 10 % → above 9 %": "where delay / window is 10 %",
        "minor: above 10 % dropped": "that expects minor",
    }
    assert str(mutants(rules)[2]) == (
        "r.yaml:5:114: r: above 10 % → above 11 %; a test where delay / window is 11 % would catch it"
    )


def test_a_mutant_applies_to_the_rule_set() -> None:
    """The rule set itself stays what it is."""
    rules = made("measure: delay, bands: {minor: above 5 days, major: above 20 days}")
    moved = one(rules, "above 5 days → above 6 days").apply(rules)
    gone = one(rules, "major: above 20 days dropped").apply(rules)
    record = {"planned_end": date(2026, 6, 30)}
    assert [step.severity for step in gone.rule("r").check.steps] == ["minor"]
    assert str(moved.rule("r").condition("minor")) != str(rules.rule("r").condition("minor"))
    late = {"as_of": date(2026, 7, 6)}
    assert rules.checker("phase")(record, **late)[0] == [("r", "minor", 6, 5)]
    assert moved.checker("phase")(record, **late)[0] == []


def test_parameters_of_the_measure_and_warnings_stay_exact() -> None:
    """A filter of a measure is dropped in every band, and one that names rules still sees all lower layers."""
    rules = load_rules()
    spreading = [each for each in mutants(rules, ["delays-spreading"]) if each.kind == "where"]
    assert [each.after for each in spreading] == ["count(warnings)"]
    changed = spreading[0].apply(rules).rule("delays-spreading")
    condition = changed.check.steps[0].condition
    assert isinstance(condition, s.AtLeast)
    assert to_text(condition.left) == "count(warnings)"
    assert changed.check.measure == condition.left


def test_formulas_of_the_files_own_facts_are_mutated() -> None:
    """Where a rule reads them, also through another fact; the tests of all those rules can catch it."""
    facts = (
        "facts:\n"
        "  - {name: late, about: phase, is: delay above 5 days}\n"
        "  - {name: bad, about: phase, is: late and started}\n"
        "  - {name: idle, about: phase, is: delay above 9 days}\n"
    )
    rules = made("when: bad, severity: minor", before=facts)
    found = [each for each in mutants(rules) if each.id.startswith("phase.")]
    assert [each.id for each in found] == [
        "phase.late:delay above 5 days→delay at least 5 days",
        "phase.late:delay above 5 days→delay above 6 days",
        "phase.bad:late→dropped",
        "phase.bad:started→dropped",
    ]
    assert found[0].concerns == ("r",)
    assert str(found[1].place) == "r.yaml:5:48"
    assert found[1].apply(rules).catalogue.facts["phase", "late"].text == "delay above 6 days"


def test_only_what_the_file_itself_decides_is_mutated(tmp_path: Path) -> None:
    """Its own rules, and of others the bands and conditions that it overrides or of which it sets a parameter."""
    own = tmp_path / "own.yaml"
    own.write_text(
        HEAD
        + "extends: [cooperation-plan]\nparameters: {delay_tolerance: 8 %}\nrules:\n"
        + "  - {id: task-overdue, override: true, bands: {major: above 40 days}}\n"
        + "  - {id: goal-missed, override: true, escalate: {major: someone within 1 day}}\n"
        + "  - {id: mine, about: phase, kind: delay, message: m, when: started, severity: notice}\n",
        encoding="utf-8",
    )
    rules = load_rules(own)
    assert [each.id for each in mutants(rules)] == [
        "phase-late.minor:above 8 %→at least 8 %",
        "phase-late.minor:above 8 %→above 9 %",
        "phase-late.minor:above 8 %→above 7 %",
        "phase-late.minor:above 8 %→dropped",
        "task-overdue.major:above 40 days→at least 40 days",
        "task-overdue.major:above 40 days→above 41 days",
        "task-overdue.major:above 40 days→dropped",
        "mine.when:started→dropped",
    ]
    own.write_text(
        HEAD
        + "extends: [cooperation-plan]\nrules: [{id: phase-late, override: true, measure: (delay + 1 day) / window}]\n",
        encoding="utf-8",
    )
    assert len(mutants(load_rules(own))) == 12
    assert {each.rule for each in mutants(rules, ["goal-missed"])} == {"goal-missed"}
    with pytest.raises(UnknownNameError, match='there is no rule "mien"; did you mean "mine"'):
        mutants(rules, ["mien"])


def test_mutants_of_the_shipped_pack_are_all_different() -> None:
    """Each has an id and a check of its own; the order and the ids are the same every time."""
    rules = load_rules()
    found = mutants(rules)
    assert len({each.id for each in found}) == len(found) > 250
    assert {each.rule for each in found} == {rule.id for rule in rules.rules if rule.pack != "built-in"}
    assert [each.id for each in mutants(load_rules())] == [each.id for each in found]


def test_rows_of_tables_are_mutated_by_their_own_cells() -> None:
    """Each at its cell; the rows above that a row excludes are rules of their own."""
    table = (
        "tables:\n  - id: t\n    about: phase\n    kind: delay\n    message: m\n    hit: first\n"
        "    conditions: [delay, started]\n    rows:\n"
        '      - [above 20 days, "true", major]\n'
        '      - [above 5 days, "-", minor]\n'
    )
    found = mutants(parse_rules(HEAD + table, "t.yaml"))
    assert [(str(each.place), each.id) for each in found] == [
        ("t.yaml:12:10", "t.1.when:delay above 20 days→dropped"),
        ("t.yaml:12:25", "t.1.when:started→dropped"),
        ("t.yaml:12:10", "t.1.when:delay above 20 days→delay at least 20 days"),
        ("t.yaml:12:10", "t.1.when:delay above 20 days→delay above 21 days"),
        ("t.yaml:12:10", "t.1.when:delay above 20 days and started→dropped"),
        ("t.yaml:13:10", "t.2.when:delay above 5 days→dropped"),
        ("t.yaml:13:10", "t.2.when:delay above 5 days→delay at least 5 days"),
        ("t.yaml:13:10", "t.2.when:delay above 5 days→delay above 6 days"),
        ("t.yaml:13:10", "t.2.when:delay above 5 days and not (delay above 20 days and started)→dropped"),
    ]


def test_a_long_table_has_mutants() -> None:
    """Also where the condition of a row with all rows above it is longer than an author could write it."""
    rows = ", ".join(f"[above {300 - number} days, minor]" for number in range(199))
    table = f"tables: [{{id: t, about: phase, kind: k, message: m, hit: first, conditions: [delay], rows: [{rows}]}}]"
    rules = parse_rules(HEAD + table)
    assert len(rules.rule("t.199").texts["when"]) > 4000
    assert {each.place.line for each in mutants(rules, only=["t.199"])} == {4}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("measure: delay, bands: {minor: above 5 days}, ends: ended", ["ends: ended dropped"]),
        ("where: not ended, measure: delay, bands: {minor: above 5 days}, ends: ended", []),
        ("where: spent is not known, measure: delay, bands: {minor: above 5 days}, ends: spent is known", []),
        (
            "where: not ended, measure: delay, bands: {minor: above 5 days}, ends: not started",
            ["not started → started", "ends: not started dropped"],
        ),
        (
            "when: budget above 9 CNY, severity: minor, ends: spent at least 3 CNY and ended",
            [
                "spent at least 3 CNY dropped",
                "ended dropped",
                "spent at least 3 CNY → spent above 3 CNY",
                "spent at least 3 CNY → spent at least 4 CNY",
                "spent at least 3 CNY → spent at least 2 CNY",
                "ends: spent at least 3 CNY and ended dropped",
            ],
        ),
    ],
)
def test_what_ends_a_rule_is_mutated_where_a_warning_can_be_past(body: str, found: list[str]) -> None:
    """Where a rule ends only when it no longer warns, no test could tell."""
    told = [each for each in mutants(made(body)) if each.slot.key == "ends"]
    assert sorted(each.change for each in told) == sorted(found)
    for each in told:
        assert each.apply(made(body)).rule("r").check.ends != made(body).rule("r").check.ends


def test_a_fact_that_only_ends_a_rule_is_mutated() -> None:
    """Its formula is read by the rule, too."""
    rules = made(
        "measure: delay, bands: {minor: above 5 days}, ends: over",
        before="facts: [{name: over, about: phase, is: delay above 9 days}]\n",
    )
    assert [each.change for each in mutants(rules) if each.fact] == [
        "delay above 9 days → delay at least 9 days",
        "delay above 9 days → delay above 10 days",
    ]

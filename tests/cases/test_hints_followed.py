"""Hints of mapping files, rule tests and findings: what they say is accepted when it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.hints import followed
from coopgov.portfolio.bind_mapping import parse_mapping
from coopgov.testing.rule_tests.load import load_tests

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PACK = coopgov.load_rules()
MAPPING = """coopgov: mapping/1
about: task
key: [No]
currency: CNY
date: DD.MM.YYYY
time_zone: Asia/Shanghai
number: {thousands: ".", decimal: ","}
columns:
  name: Name
  status: {from: State, values: {Finished: done}}
  planned_end: Planned
  load: {from: Load, unit: "%"}
csv: {separator: semicolon, encoding: latin-1}
"""
TESTS = """coopgov: rule-tests/1
rules: [cooperation-plan]
currency: CNY
tests:
  - name: Late
    rule: phase-late
    phase: {delay: 12 days, window: 85 days}
    expect: minor
  - name: Overdue
    rule: task-overdue
    task: {status: in progress, planned_end: 2026-05-01}
    as_of: 2026-06-30
    expect: major
"""
FINDINGS = """coopgov: rules/1
pack: t
version: 1.0.0
extends: [cooperation-plan]
rules:
  - {id: own, about: phase, kind: delay, when: delay above 3 days, severity: minor, message: m}
actions:
  - {id: act, answers: [delay], title: T, owner: project-manager, within: 2 days}
"""


def mended(text: str, faults: Iterable[coopgov.Fault]) -> str:
    """A text in which the hints of faults were followed, from the last to the first."""
    lines = text.split("\n")
    for fault in sorted(faults, key=lambda each: (each.place.line, each.place.column), reverse=True):
        at, start = fault.place.line - 1, fault.place.column - 1
        lines[at] = followed(fault.hint, lines[at], start, start + fault.width)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("about: task", "about: tsk"),
        ("about: task", "about: 任务"),
        ("key:", "keys:"),
        ("columns:", "colums:"),
        ("columns:", "fields:"),
        ("currency: CNY", "currency: CNX"),
        ("planned_end: Planned", "planed_end: Planned"),
        ("Finished: done", "Finished: don"),
        ("from: State", "column: State"),
        ("Asia/Shanghai", "Asia/Shangai"),
        ("decimal:", "decimals:"),
        ("separator:", "seperator:"),
        ("encoding: latin-1", "encodng: latin-1"),
    ],
)
def test_hints_of_mapping_files(right: str, wrong: str) -> None:
    """One slip, one fault, and its hint mends it."""
    parse_mapping(MAPPING, PACK)
    text = MAPPING.replace(right, wrong, 1)
    with pytest.raises(coopgov.InputError) as caught:
        parse_mapping(text, PACK)
    assert all(fault.hint for fault in caught.value.faults), caught.value
    assert parse_mapping(mended(text, caught.value.faults), PACK).about == parse_mapping(MAPPING, PACK).about


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("rule: phase-late", "rule: phase-lat"),
        ("rules: [cooperation-plan]", "rules: [cooperation-pln]"),
        ("delay: 12 days", "dely: 12 days"),
        ("expect: minor", "expect: minr"),
        ("phase: {", "phas: {"),
        ("status: in progress", "status: in progres"),
        ("as_of: 2026-06-30", "as_of: 2026-6-30"),
        ("as_of:", "as_off:"),
        ("tests:", "test:"),
        ("currency: CNY", "currency: CNX"),
    ],
)
def test_hints_of_rule_tests(right: str, wrong: str, tmp_path: Path) -> None:
    """One slip, one fault, and its hint mends it."""
    path = tmp_path / "own.tests.yaml"
    path.write_text(TESTS, encoding="utf-8")
    assert load_tests(path).run().passed
    text = TESTS.replace(right, wrong, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(coopgov.InputError) as caught:
        load_tests(path)
    assert all(fault.hint for fault in caught.value.faults), caught.value
    path.write_text(mended(text, caught.value.faults), encoding="utf-8")
    assert load_tests(path).run().passed


@pytest.mark.parametrize("word", ["已完成", "Done", "完成", "completed"])
def test_values_of_mapping_files_may_be_synonyms(word: str) -> None:
    """They mean the same as the canonical value."""
    mapping = parse_mapping(MAPPING.replace("Finished: done", f"Finished: {word}"), PACK)
    assert mapping == parse_mapping(MAPPING, PACK)


@pytest.mark.parametrize(
    ("canonical", "other"),
    [
        ("expect: minor", "expect: 轻微"),
        ("status: in progress", "status: 进行中"),
        ("as_of: 2026-06-30", "as_of: 2026/6/30"),
        ("delay: 12 days", "delay: 12天"),
        ("delay: 12 days", "delay: １２ days"),
        ("planned_end: 2026-05-01", "planned_end: 2026年5月1日"),
    ],
)
def test_rule_tests_may_have_synonyms_and_other_forms(canonical: str, other: str, tmp_path: Path) -> None:
    """They pass as those in canonical form do."""
    path = tmp_path / "own.tests.yaml"
    path.write_text(TESTS.replace(canonical, other, 1), encoding="utf-8")
    assert load_tests(path).run().passed


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("kind: delay", "kind: dealy"),
        ("kind: delay", "kind: overspnd"),
        ("answers: [delay]", "answers: [delais]"),
        ("answers: [delay]", "answers: [qualty]"),
    ],
)
def test_hints_of_findings(right: str, wrong: str) -> None:
    """A finding that suggests a spelling disappears once that spelling is used."""
    text = FINDINGS.replace(right, wrong, 1)
    (shown,) = (
        each.fault
        for each in coopgov.analyse(coopgov.parse_rules(text)).findings
        if each.fault.place.file == "<text>" and each.fault.hint.startswith("did you mean")
    )
    after = coopgov.analyse(coopgov.parse_rules(mended(text, [shown])))
    assert shown.code not in {each.fault.code for each in after.findings if each.fault.place.file == "<text>"}

"""All faults of a file of rule tests are reported at once, each with its place and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.errors import RuleTestsError
from coopgov.testing import load_tests, parse_tests

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "coopgov: rule-tests/1\nrules: [cooperation-plan]\ncurrency: CNY\ntests:\n"


def faults(tests: str, head: str = HEAD) -> str:
    """The faults of a file with these tests, without the lines of the file."""
    with pytest.raises(RuleTestsError) as caught:
        parse_tests(head + tests, "own.tests.yaml")
    return "\n".join(str(fault).split("\n")[0] for fault in caught.value.faults)


def test_all_faults_come_at_once_with_their_lines() -> None:
    """A wrong rule, fact, unit and severity of several tests, as a person reads them."""
    with pytest.raises(RuleTestsError) as caught:
        parse_tests(
            HEAD
            + """\
  - name: One
    rule: phase-latte
    phase: {delya: 12 days, window: 85}
    expect: mnior
  - name: Two
    rule: phase-late
    phase: {delay: 12 points}
    expect: {severity: notice, value: 12 days}
""",
            "own.tests.yaml",
        )
    assert (
        str(caught.value)
        == """\
own.tests.yaml:6:11: unknown-rule: found "phase-latte", expected the id of a rule that is switched on; did you mean "phase-late"?
        rule: phase-latte
              ^^^^^^^^^^^
own.tests.yaml:7:13: unknown-fact: found "delya", expected a fact about phase; did you mean "delay"?
        phase: {delya: 12 days, window: 85}
                ^^^^^
own.tests.yaml:7:37: unit-mismatch: found the bare number 85, expected days; write `85 days`
        phase: {delya: 12 days, window: 85}
                                        ^^
own.tests.yaml:8:13: wrong-choice: found "mnior", expected one of "nothing", "undetermined", "notice", "minor", "major", "critical"; did you mean "minor"?
        expect: mnior
                ^^^^^
own.tests.yaml:11:20: unit-mismatch: found a quantity in point, expected days
        phase: {delay: 12 points}
                       ^^^^^^^^^
own.tests.yaml:12:24: no-such-band: found "notice", expected what phase-late can give: minor, major, critical
        expect: {severity: notice, value: 12 days}
                           ^^^^^^
own.tests.yaml:12:39: unit-mismatch: found days, expected a percentage
        expect: {severity: notice, value: 12 days}
                                          ^^^^^^^"""  # noqa: E501  # a file as people write it
    )


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("{rule: phase-late, expect: minor}", "missing-key: found a test without facts"),
        ("{rule: phase-late, phase: {}}", "missing-key: found a test that expects nothing"),
        (
            "{rule: phase-late, phase: {planned_end: 2026-01-01, window: 5 days}, expect: nothing}",
            'missing-key: found no date, which phase-late asks for, expected the key "as_of"',
        ),
        ("{phase: {delay: 5 days}, expect: minor}",
         'possible rules, expected the key "rule", which says whose outcome is expected'),
        (
            "{rule: kpi-behind, phase: {delay: 5 days}, expect: nothing}",
            'other-subject: found "kpi-behind", which is about kpi, expected a rule about phase',
        ),
        (
            "{rule: phase-late, phase: {}, kpi: {}, expect: nothing}",
            "other-subject: found facts about kpi, expected facts about phase and what it belongs to",
        ),
        ("{phase: {}, kpi: {}, expect: nothing}", "missing-key: found facts about phase and kpi"),
        ("{phase: {}, about: task, expect: nothing}", 'unknown-subject: found "task"'),
        ("{phase: 5, expect: nothing}", 'wrong-type: found "5", expected a mapping of facts'),
        ("{phase: {tasks: done}, expect: nothing}", 'wrong-type: found "done", expected a list of mappings'),
        ("{phase: {tasks: [{load: 3 days}]}, expect: nothing}", "unit-mismatch: found days, expected a percentage"),
        ("{phase: {delay: [5 days]}, expect: nothing}", "wrong-type: found a list, expected days"),
        ("{phase: {delay: delay + 1 day}, expect: nothing}",
         "not-a-literal: found an expression, expected a single value"),
        ("{phase: {delay: 5 days +}, expect: nothing}", "syntax: found"),
        ("{phase: {delay: 'max(1 day, 2 days)'}, expect: nothing}", "not-a-literal: found an expression"),
        ("{phase: {started: soon}, expect: nothing}", "unknown-fact: found `soon`"),
        ("{phase: {started: 2026-01-01}, expect: nothing}", "type-mismatch: found a date, expected true or false"),
        ("{phase: {planned_end: 5 days}, expect: nothing}", "type-mismatch: found days, expected a date such as"),
        ("{phase: {planned_end: 2026-02-30}, expect: nothing}", "not-a-date: found"),
        ("{phase: {spent: 5 USD}, expect: nothing}", "unit-mismatch: found money (USD), expected money in CNY"),
        ("{phase: {spent: 5 days}, expect: nothing}", "unit-mismatch: found days, expected money"),
        ("{phase: {spent: 0.001}, expect: nothing}", "too-fine-money: found 0.001"),
        ("{phase: {delay: true}, expect: nothing}", "type-mismatch: found a condition, expected days"),
        ("{phase: {name: {english: x}}, expect: nothing}", 'not-a-language: found the key "english"'),
        ("{task: {status: gone}, expect: nothing}", 'unknown-choice: found "gone", expected one of "not started"'),
        ("{plan: {answers: [[x]]}, expect: nothing}", "wrong-type: found a list, expected a list of texts"),
        (
            "{kpi: {value: 5 points, floor: 5 days}, expect: nothing}",
            "unit-mismatch: found a value in days, expected a value in points",
        ),
        ("{fase: {delay: 5 days}, expect: nothing}",
         ('unknown-key: found the key "fase", expected a key of a test, or a type of subject; did '
            'you mean "phase"?')),
        ("{phase: {}, expect: nothing, over_time: {2026-01-01: nothing}}",
         'two-forms: found "over_time" beside "expect"'),
        ("{phase: {}, as_of: 2026-01-01, over_time: {2026-01-02: nothing}}",
         'two-forms: found "over_time" beside "as_of"'),
        ("{phase: {}, over_time: {2026-13-02: nothing}}", 'not-a-date: found "2026-13-02"'),
        ("{phase: {}, agreement: x.yaml, expect: nothing}", "two-forms: found an agreement beside facts about phase"),
        ("{agreement: x.yaml, as_of: 2026-01-01, expect: nothing}", 'unreadable-file: found "x.yaml"'),
        ("{agreement: [x], as_of: 2026-01-01, expect: nothing}",
         "wrong-type: found a list, expected the path of an agreement"),
        ("{agreement: {coopgov: agreement/1}, as_of: 2026-01-01, expect: nothing}",
         "missing-key: found nothing, expected the key"),
        ("{agreement: examples/pilot/agreement.yaml, expect: nothing}",
         "missing-key: found an agreement without a date"),
        (
            "{agreement: examples/pilot/agreement.yaml, about: phase/set-up, as_of: 2026-01-01, expect: nothing}",
            ('unknown-subject: found "phase/set-up", expected a subject of the agreement, such as '
                'phase/setup; did you mean "phase/setup"?'),
        ),
        (
            "{agreement: examples/pilot/agreement.yaml, rule: phase-late, as_of: 2026-01-01, expect: minor}",
            'missing-key: found a warning about no subject, expected the key "about", such as phase/setup',
        ),
        (
            ("{agreement: examples/pilot/agreement.yaml, rule: phase-late, about: "
                "kpi/satisfaction, as_of: 2026-01-01, expect: nothing}"),
            'other-subject: found "phase-late", which is about phase, expected a rule about kpi',
        ),
        (
            ("{agreement: examples/pilot/agreement.yaml, as_of: 2026-01-01, expect: {warnings: "
                "[{rule: phase-late, about: phase/nowhere}]}}"),
            'unknown-subject: found "phase/nowhere"',
        ),
        ("{rule: phase-late, phase: {}, expect: {}}", "missing-key: found an empty mapping"),
        ("{rule: phase-late, phase: {}, expect: {severity: minor, warnings: []}}",
         'two-forms: found "severity" beside a list'),
        ("{rule: phase-late, phase: {}, expect: {severity: nothing, value: 5 %}}",
         'two-forms: found "value" where nothing is expected'),
        (
            "{rule: phase-late, phase: {}, expect: {warnings: [{severity: minor}, {severity: major}]}}",
            "duplicate-expectation: found phase-late for phase a second time",
        ),
        ("{rule: phase-late, phase: {}, expect: {warnings: [{about: phase/x}]}}",
         'unknown-subject: found "phase/x", expected phase'),
        (
            "{rule: goal-without-owner, goal: {has_owner: false}, expect: {severity: notice, value: 3}}",
            "no-measure: found a value, expected none: goal-without-owner has no measure",
        ),
        ("{rule: phase-late, phase: {}, parameters: {delay_tolerance: 5 days}, expect: nothing}",
         "unit-mismatch: found 5 days, expected a percentage"),
        ("{rule: phase-late, phase: {}, parameters: {delay_tolerance: 50 %}, expect: nothing}", "ladder-order: found"),
        ("{rule: phase-late, phase: {}, parameters: {delay_tolerence: 5 %}, expect: nothing}",
         'unknown-parameter: found "delay_tolerence"'),
        (
            "{rule: phase-late, phase: {}, expect: {undetermined: [{because: no data}]}}",
            ('wrong-choice: found "no data", expected one of "absent data", "not visible on this '
                'date", "unreadable cell", "out of range", "unit", "division by zero", "empty '
                'collection"'),
        ),
        ("{rule: phase-late, phase: {}, expect: [minor]}",
         'wrong-choice: found a list, expected one of "nothing", "undetermined"'),
        ("{phase: {}, expect: nothing, name: ''}", "empty-text: found"),
        ("minor", 'wrong-type: found "minor", expected a mapping'),
    ],
)  # fmt: skip
def test_a_fault_says_what_was_found_and_expected(
    test: str, fault: str, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing that can be wrong with a test is one fault."""
    monkeypatch.chdir(pytestconfig.rootpath)
    name = "" if "name: ''" in test or not test.startswith("{") else "name: One, "
    shown = faults(f"  - {test.replace('{', '{' + name, 1)}\n".replace("own.tests.yaml", ""))
    assert fault in shown
    assert {line.split(": ")[0].rsplit(":", 2)[1] for line in shown.split("\n")} == {"5"}


def test_names_are_unique() -> None:
    """The second test of a name is a fault that says where the first is."""
    one = "  - {name: One, rule: phase-late, phase: {delay: 0 days, window: 9 days}, expect: nothing}\n"
    assert faults(one + one) == (
        'own.tests.yaml:6:12: duplicate-test: found the test "One" a second time, expected each '
        "name once (the first is in line 5)"
    )


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("coopgov: rule-tests/2\n", 'wrong-version: found "rule-tests/2", expected "rule-tests/1"'),
        ("coopgov: rule-tests/1\nrules: [cooperation-plam]\n",
         ('unknown-pack: found "cooperation-plam", expected a shipped pack or a path relative to '
            'this file; did you mean')),
        ("coopgov: rule-tests/1\n",
         ('missing-key: found no rule file own.yaml, expected the key "rules", or a rule file '
            'beside this one')),
        ("coopgov: rule-tests/1\nrules: [cooperation-plan]\ncolour: red\n", 'unknown-key: found the key "colour"'),
        ("coopgov: rule-tests/1\nrules: [cooperation-plan]\ncurrency: RMB\n", 'unknown-currency: found "RMB"'),
        ("coopgov: rule-tests/1\nrules: [cooperation-plan]\nagreement: x.yaml\n", 'unreadable-file: found "x.yaml"'),
        ("coopgov: rule-tests/1\nrules: [cooperation-plan]\ncalendar: {country: XX}\n", "unknown-country: found"),
    ],
)  # fmt: skip
def test_faults_of_the_file_itself(head: str, fault: str) -> None:
    """What is above the tests is checked, too."""
    assert fault in faults("", head)


def test_faults_of_the_rules_are_reported_with_their_own_places(tmp_path: Path) -> None:
    """A rule file that cannot be loaded leaves its tests without rules."""
    (tmp_path / "own.yaml").write_text(
        "coopgov: rules/1\npack: own\nversion: 1\nrules: [{id: x}]\n", encoding="utf-8"
    )
    (tmp_path / "own.tests.yaml").write_text("coopgov: rule-tests/1\ntests: []\n", encoding="utf-8")
    with pytest.raises(RuleTestsError, match=r"own\.yaml:4:9: missing-key"):
        load_tests(tmp_path / "own.tests.yaml")


def test_a_split_text_hides_no_other_fault() -> None:
    """Faults of YAML that do not stop reading are reported with the faults of the format after them."""
    shown = faults(
        "  - {name: Late, by days, phase: {}, expect: nothing}\n  - {name: Two, phase: {delya: 1 "
        "day}, expect: nothing}\n"
    )
    assert "split-text" in shown
    assert "delya" in shown


def test_a_file_that_cannot_be_read_is_reported() -> None:
    """A path that leads nowhere is a fault like others."""
    with pytest.raises(RuleTestsError, match=r"nowhere\.tests\.yaml:1:1: unreadable-file"):
        load_tests("nowhere.tests.yaml")

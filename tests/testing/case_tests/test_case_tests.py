"""Files of case tests: what they expect, how they fail, and the faults of their files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopgov.errors import CaseTestsError
from coopgov.testing import find_tests, load_case_tests, mutation_run, parse_case_tests, run_tests

pytest_plugins = ["pytester"]
PILOT = Path(__file__).parents[3] / "examples/pilot/agreement.yaml"
RULES = """\
coopgov: rules/1
pack: ladder
version: 1.0.0
rules:
  - id: late
    about: phase
    kind: delay
    title: Phase late
    measure: delay / window
    bands: {minor: above 10 %, major: above 20 %, critical: above 30 %}
    message: "{phase.name} is late"
    escalate: {major: [joint-lead within 2 working days, steering within 5 working days]}
"""
HEAD = "coopgov: case-tests/1\nagreement: agreement.yaml\nrules: ladder.yaml\ntests:\n"
NOBODY = """\
  - name: nobody answers
    from: 2026-10-01
    to: 2026-11-26
    expect:
      notices:
        - {on: 2026-11-06, to: joint-lead, by: 2026-11-10, case: late@phase/core, kind: worsened, step: 1}
        - {on: 2026-11-11, to: steering, by: 2026-11-17, case: late@phase/core, kind: escalated, step: 2}
        - {on: 2026-10-19, case: late@phase/core, by: nothing, kind: fired, severity: minor}
      cases:
        - {case: late@phase/core, state: firing, severity: critical, openings: 1}
        - {case: late@phase/core, on: 2026-11-05, severity: minor}
"""
ACKNOWLEDGED = """\
  - name: the project manager acknowledges
    from: 2026-11-01
    to: 2026-11-12
    events:
      - {on: 2026-11-09, case: late@phase/core, event: acknowledge, by: pm}
      - {on: 2026-11-10, case: late@phase/core, event: acknowledge, by: pm}
    expect:
      cases: [{case: late@phase/core, state: acknowledged, handling: acknowledged}]
      refused: [{on: 2026-11-10, case: late@phase/core, event: acknowledge}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an agreement and rules."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(PILOT, "agreement.yaml")
    Path("ladder.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def _written(text: str) -> Path:
    path = Path("ladder.cases.yaml")
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("folder")
def test_what_is_expected_happens() -> None:
    """Notices, cases on days, and refusals; only what is written is compared."""
    results = run_tests(_written(NOBODY + ACKNOWLEDGED))
    assert [(each.name, each.passed) for each in results.outcomes] == [
        ("nobody answers", True),
        ("the project manager acknowledges", True),
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("on: 2026-11-11, to: steering", "on: 2026-11-12, to: steering"),
        ("to: steering, by: 2026-11-17", "to: joint-lead, by: 2026-11-17"),
        ("by: 2026-11-17", "by: nothing"),
        ("by: nothing", "by: 2026-11-01"),
        ("kind: escalated", "kind: reminder"),
        ("step: 2", "step: 1"),
        ("severity: critical", "severity: major"),
        ("openings: 1", "openings: 2"),
        ("state: firing", "state: clear"),
        ("on: 2026-11-05, severity: minor", "on: 2026-11-06, severity: minor"),
        ("late@phase/core, on:", "late@phase/moon, on:"),
    ],
)
def test_what_does_not_happen_fails(right: str, wrong: str) -> None:
    """Each key that is written is compared, and the report shows expected beside actual."""
    assert NOBODY.count(right) >= 1
    (outcome,) = run_tests(_written(NOBODY.replace(right, wrong, 1))).failures
    (row,) = [each for each in outcome.compared if not each.passed]
    assert row.expected != row.got


@pytest.mark.usefixtures("folder")
def test_only_refuses_other_notices() -> None:
    """With `only: true`, a notice that is not listed fails the test."""
    assert not run_tests(_written(NOBODY.replace("expect:\n", "expect:\n      only: true\n"))).passed
    quiet = "  - {name: quiet, from: 2026-02-02, to: 2026-02-03, expect: {only: true}}\n"
    shutil.copy("ladder.yaml", "quiet.yaml")
    assert run_tests(_written(quiet)).passed


@pytest.mark.usefixtures("folder")
def test_an_unexpected_refusal_fails() -> None:
    """An event that is refused and not expected to be is a failure, and so is one that was to be refused."""
    text = ACKNOWLEDGED.replace(
        "      refused: [{on: 2026-11-10, case: late@phase/core, event: acknowledge}]\n", ""
    )
    (outcome,) = run_tests(_written(text)).failures
    assert "acknowledge of C-" in str(next(each.got for each in outcome.compared if not each.passed))
    text = ACKNOWLEDGED.replace(
        "      - {on: 2026-11-10, case: late@phase/core, event: acknowledge, by: pm}\n", ""
    )
    assert not run_tests(_written(text)).passed


@pytest.mark.usefixtures("folder")
def test_mutants_of_ladders_are_caught() -> None:
    """Case tests catch changes that no rule test can see; those of rules that they do not name are not run."""
    found = find_tests(_written(NOBODY))
    result = mutation_run(found.case_suites[0].tests[0].rules, case_suites=found.case_suites, only=["late"])
    caught = {mutant.id for mutant in result.caught}
    assert any("escalate" in each for each in caught), caught


@pytest.mark.usefixtures("folder")
def test_faults_are_reported_together() -> None:
    """Wrong keys, agreements and rules that do not exist, doubled names, in one error."""
    text = """\
  - {name: one, from: 2026-10-01, to: 2026-09-01, expect: {only: true}}
  - {name: two, agreement: nowhere.yaml, from: 2026-10-01, to: 2026-10-02, expect: {}}
  - {name: two, rules: cooperation-plam, from: 2026-10-01, to: 2026-10-02, expect: {notices: [{kind: fierd}]}}
"""
    with pytest.raises(CaseTestsError) as caught:
        load_case_tests(_written(text))
    assert [(each.place.line, each.code) for each in caught.value.faults] == [
        (5, "wrong-order"),
        (6, "missing-key"),
        (7, "wrong-choice"),
    ]
    text = text.replace("2026-09-01", "2026-10-02").replace("{}", "{only: true}").replace("fierd", "fired")
    with pytest.raises(CaseTestsError) as caught:
        load_case_tests(_written(text))
    assert [(each.place.line, each.code, str(each.hint)) for each in caught.value.faults] == [
        (6, "unreadable-file", ""),
        (7, "duplicate-id", ""),
        (7, "unknown-pack", 'did you mean "cooperation-plan"?'),
    ]


def test_a_test_without_an_agreement_is_a_fault() -> None:
    """A test needs the agreement of its own or of the file."""
    with pytest.raises(CaseTestsError) as caught:
        parse_case_tests(
            "coopgov: case-tests/1\ntests: [{name: x, from: 2026-01-01, to: 2026-01-02, expect: {only: true}}]"
        )
    assert [each.code for each in caught.value.faults] == ["missing-key"]


@pytest.mark.usefixtures("folder")
def test_pytest_collects_them(pytester: pytest.Pytester) -> None:
    """Each case test is an item; a fault of the file is a collection error."""
    shutil.copy(PILOT, pytester.path / "agreement.yaml")
    (pytester.path / "ladder.yaml").write_text(RULES, encoding="utf-8")
    (pytester.path / "ladder.cases.yaml").write_text(
        HEAD + NOBODY + NOBODY.replace("nobody answers", "wrong").replace("on: 2026-11-11", "on: 2026-11-12"),
        encoding="utf-8",
    )
    result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*ladder.cases.yaml:*: wrong"])

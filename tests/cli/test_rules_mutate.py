"""`coopgov rules mutate`: which small changes of a rule file no rule test catches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from coopgov import load_rules
from coopgov.testing import find_tests, mutation_run

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Run

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
parameters: {tolerance: 10 %}
rules:
  - {id: late, about: phase, kind: delay, measure: delay / window, bands: {minor: above tolerance}, message: Late.}
"""
TESTS = """\
coopgov: rule-tests/1
tests:
  - {name: At the tolerance, rule: late, phase: {delay: 10 days, window: 100 days}, expect: nothing}
"""
MORE = "  - {name: Just above it, rule: late, phase: {delay: 11 days, window: 100 days}, expect: minor}\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the working directory, with a rule file and a test that catches half of its mutants."""
    (tmp_path / "own.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "own.tests.yaml").write_text(TESTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("own")
def test_survivors_are_listed_and_the_exit_code_is_1(run: Run) -> None:
    """With their places, and what would catch them."""
    ran = run("rules", "mutate", "own.yaml")
    assert ran.code == 1
    assert ran.err == ""
    assert ran.out == (
        "own.yaml:4:25: late: above 10 % → above 11 %\n"
        "    no test catches it; one where delay / window is 11 % would\n"
        "own.yaml:6:83: late: minor: above 10 % dropped\n"
        "    no test catches it; one that expects minor would\n"
        "4 mutants, 2 caught, 2 survived (1 test): 50 %\n"
    )


def test_all_caught_is_0(run: Run, own: Path) -> None:
    """Nothing but the summary is printed."""
    (own / "own.tests.yaml").write_text(TESTS + MORE, encoding="utf-8")
    ran = run("rules", "mutate", "own.yaml")
    assert (ran.code, ran.out) == (0, "4 mutants, 4 caught, 0 survived (2 tests): 100 %\n")


@pytest.mark.usefixtures("own")
def test_json_is_what_the_library_answers(run: Run) -> None:
    """The command only prints."""
    ran = run("rules", "mutate", "own.yaml", "--format", "json")
    result = mutation_run(load_rules("own.yaml"), *find_tests("own.yaml").suites)
    assert json.loads(ran.out) == result.to_dict()


def test_no_tests_are_a_failure(run: Run, own: Path) -> None:
    """No test beside the file, or none where one was said to be; all mutants survive."""
    (own / "own.tests.yaml").unlink()
    ran = run("rules", "mutate", "own.yaml")
    assert ran.code == 1
    assert ran.err == "own.yaml: no rule tests found beside it\n"
    assert ran.out.endswith("4 mutants, 0 caught, 4 survived (0 tests): 0 %\n")
    (own / "empty").mkdir()
    assert run("rules", "mutate", "own.yaml", "--tests", "empty").err == "empty: no rule tests found here\n"


def test_tests_can_be_elsewhere(run: Run, own: Path) -> None:
    """In files and folders, several of them."""
    (own / "tests").mkdir()
    for name, tests in (("a", TESTS), ("b", TESTS.replace("tests:\n", "tests:\n" + MORE))):
        text = tests.replace("tests:\n", "rules: [../own.yaml]\ntests:\n")
        (own / "tests" / f"{name}.tests.yaml").write_text(text, encoding="utf-8")
    (own / "own.tests.yaml").unlink()
    assert run("rules", "mutate", "own.yaml", "--tests", "tests").code == 0
    assert run("rules", "mutate", "own.yaml", "--tests", "tests/a.tests.yaml").code == 1
    assert run("rules", "mutate", "own.yaml", "--tests", "tests/a.tests.yaml", "tests/b.tests.yaml").code == 0


def test_tests_that_fail_already_are_reported(run: Run, own: Path) -> None:
    """They catch nothing, and the exit code is 1."""
    wrong = MORE.replace("Just above it", "Wrong").replace("minor", "nothing")
    (own / "own.tests.yaml").write_text(TESTS + MORE + wrong, encoding="utf-8")
    ran = run("rules", "mutate", "own.yaml")
    assert ran.code == 1
    assert ran.out == (
        "own.tests.yaml:5:12: Wrong: fails before anything is changed\n"
        "4 mutants, 4 caught, 0 survived (2 tests, 1 more fails): 100 %\n"
    )


@pytest.mark.usefixtures("own")
def test_one_rule_can_be_chosen(run: Run) -> None:
    """Also one of an extended pack; a rule that does not exist is bad usage."""
    assert run("rules", "mutate", "cooperation-plan", "--rule", "phase-late").out.startswith("13 mutants")
    ran = run("rules", "mutate", "own.yaml", "--rule", "lat")
    assert (ran.code, ran.err) == (2, 'there is no rule "lat"; did you mean "late"?\n')


def test_a_file_that_decides_nothing_has_no_mutants(run: Run, own: Path) -> None:
    """Setting a parameter of a pack decides something, an escalation does not."""
    head = "coopgov: rules/1\npack: p\nversion: 1.0.0\nextends: [cooperation-plan]\n"
    (own / "p.yaml").write_text(
        head
        + "rules: [{id: phase-late, override: true, escalate: {major: joint-lead within 1 working day}}]\n",
        encoding="utf-8",
    )
    assert run("rules", "mutate", "p.yaml").out == "no mutants: the file decides nothing by itself\n"
    (own / "p.yaml").write_text(head + "parameters: {delay_tolerance: 8 %}\n", encoding="utf-8")
    assert "p.yaml:5:31: phase-late: above 8 % → above 9 %\n" in run("rules", "mutate", "p.yaml").out


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("own.yaml", RULES.replace("tolerance}", "tolerence}"), "unknown-fact"),
        ("own.tests.yaml", TESTS.replace("delay:", "delai:"), "unknown-fact"),
    ],
)
def test_bad_input_is_2(run: Run, own: Path, file: str, text: str, code: str) -> None:
    """Faults of rules or tests are reported as everywhere."""
    (own / file).write_text(text, encoding="utf-8")
    ran = run("rules", "mutate", "own.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err
    assert run("rules", "mutate", "none.yaml").code == 2
    assert run("rules", "mutate", "own.yaml", "--tests", "none.tests.yaml").code == 2

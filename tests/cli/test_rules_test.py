"""`coopgov rules test`: find rule tests, run them, print expected beside actual results, measure coverage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Ran

    Run = Callable[..., Ran]

TESTS = """\
coopgov: rule-tests/1
tests:
  - name: A tenth is not late
    rule: late
    phase: {started: true, delay: 10 days, window: 100 days}
    expect: notice
  - name: More than a tenth is late
    rule: late
    phase: {name: Piles, started: true, delay: 11 days, window: 100 days}
    expect: {severity: minor, message: {en: Piles is late by 11 %., zh-Hans: Piles延误11 %。}}
"""
WRONG = """\
coopgov: rule-tests/1
rules: [own.yaml]
tests:
  - {name: On the <last> day, rule: late, agreement: pier.yaml, about: phase/piles, over_time: {2026-04-10: nothing, 2026-04-30: notice}}
"""  # noqa: E501  # a file as people write it
BAD = "coopgov: rule-tests/1\nrules: [own.yaml]\ntests:\n  - {name: Bad, rule: latte, phase: {}, expect: nothing}\n"


@pytest.fixture
def tested(pier: Path) -> Path:
    """The folder of `pier`, with tests beside the rules, failing ones below, and some that are hidden."""
    (pier / "own.tests.yaml").write_text(TESTS, encoding="utf-8")
    for folder in ("more", ".hidden"):
        (pier / folder).mkdir()
        (pier / folder / "bad.tests.yaml").write_text(
            BAD.replace("own.yaml", "../own.yaml"), encoding="utf-8"
        )
    (pier / "wrong.tests.yml").write_text(WRONG, encoding="utf-8")
    return pier


@pytest.mark.usefixtures("tested")
@pytest.mark.parametrize("path", ["own.tests.yaml", "own.yaml", "./own.yaml"])
def test_a_file_of_tests_or_of_rules_may_be_given(run: Run, path: str) -> None:
    """A rule file means the tests beside it; one line says that all passed."""
    ran = run("rules", "test", path)
    assert (ran.code, ran.out, ran.err) == (0, "2 tests in 1 file: 2 passed, 0 failed\n", "")


@pytest.mark.usefixtures("tested")
def test_a_file_is_run_once(run: Run) -> None:
    """However many paths lead to it."""
    assert run("rules", "test", "own.tests.yaml", "own.yaml").out == "2 tests in 1 file: 2 passed, 0 failed\n"


@pytest.mark.usefixtures("tested")
def test_failures_print_expected_beside_got(run: Run) -> None:
    """Under the rule's name and the date, after the place of the test."""
    ran = run("rules", "test", "wrong.tests.yml")
    assert (ran.code, ran.err) == (1, "")
    assert (
        ran.out
        == """\
wrong.tests.yml:4:12: On the <last> day
  late@phase/piles on 2026-04-30
    expected  notice
    got       minor, value 20.2 %

2 tests in 1 file: 1 passed, 1 failed
"""
    )


@pytest.mark.usefixtures("tested")
def test_a_folder_means_all_tests_below(run: Run) -> None:
    """All faults are reported at once, hidden folders are left out, and good files still run; the code is 2."""
    ran = run("rules", "test", ".")
    assert ran.code == 2
    assert ran.err.startswith('more/bad.tests.yaml:4:23: unknown-rule: found "latte"')
    assert ran.err.count("unknown-rule") == 1
    assert "4 tests in 2 files: " in ran.out
    assert ran.out.endswith("; 1 file with faults\n")


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("path", ["own.yaml", "."])
def test_finding_no_test_is_a_failure(run: Run, path: str) -> None:
    """The text says which path leads to none, and where tests should be."""
    ran = run("rules", "test", path)
    assert ran.code == 1
    assert ran.out.startswith(
        f"{path}: no test found; the tests of rules.yaml belong next to it, in rules.tests.yaml\n"
    )


def test_a_file_without_tests_is_a_failure_beside_others_that_pass(run: Run, tested: Path) -> None:
    """Each path must lead to a test."""
    (tested / "empty.tests.yaml").write_text("coopgov: rule-tests/1\nrules: [own.yaml]\n", encoding="utf-8")
    ran = run("rules", "test", "own.yaml", "empty.tests.yaml")
    assert ran.code == 1
    assert ran.out.startswith("empty.tests.yaml: no test found;")


@pytest.mark.usefixtures("pier")
def test_a_path_that_does_not_exist_is_bad_input(run: Run) -> None:
    """It is reported like any unreadable file."""
    ran = run("rules", "test", "nowhere.tests.yaml")
    assert ran.code == 2
    assert "nowhere.tests.yaml:1:1: unreadable-file" in ran.err


@pytest.mark.usefixtures("tested")
def test_coverage_is_printed_and_can_be_asked_for(run: Run) -> None:
    """The parts that no test reaches, by line; too little is a failure of its own."""
    ran = run("rules", "test", "own.yaml", "--coverage")
    assert ran.code == 0
    assert (
        ran.out.splitlines()[1:]
        == [
            "coverage of own.yaml: 47 %",
            "  rules     1 of 2",
            "  bands     2 of 4",
            "  silence   0 of 2",
            "  branches  3 of 7",
            "  languages 2 of 3",
            "  own.yaml:14:41: late: no test in which it gives major",
            "  own.yaml:7:9: late: no test in which it says nothing",
            "  own.yaml:12:12: late: no test in which `started` is false",
            "  own.yaml:14:21: late: no test in which the band notice (`above 0 %`) is false",
            "  own.yaml:17:9: loud: no test decides it",
        ]
        or ran.out
    )
    ran = run("rules", "test", "own.yaml", "--min-coverage", "90 %")
    assert ran.code == 1
    assert ran.err.startswith("covered ")
    assert ran.err.endswith(", expected at least 90 %\n")
    assert run("rules", "test", "own.yaml", "--min-coverage", "10").code == 0


@pytest.mark.usefixtures("tested")
@pytest.mark.parametrize(
    "arguments",
    [
        "own.yaml --min-coverage 90 %",
        "--min-coverage 90 % own.yaml",
        "--min-coverage 90% own.yaml",
        "--min-coverage=90% own.yaml",
    ],
)
def test_a_share_may_be_written_in_two_words(run: Run, arguments: str) -> None:
    """As people write it, without quotes, before the paths or after them."""
    ran = run("rules", "test", *arguments.split())
    assert (ran.code, ran.err) == (1, "covered 44.4 %, expected at least 90 %\n")
    assert ran.out.startswith("2 tests in 1 file: 2 passed")


def test_a_path_is_needed(run: Run) -> None:
    """Nothing is searched that nobody named."""
    ran = run("rules", "test")
    assert ran.code == 2
    assert "the following arguments are required: PATH" in ran.err


@pytest.mark.usefixtures("tested")
@pytest.mark.parametrize("share", ["many", "101 %", "-1 %", ""])
def test_a_share_that_is_none_is_wrong_usage(run: Run, share: str) -> None:
    """A share lies from 0 % to 100 %."""
    ran = run("rules", "test", "own.yaml", f"--min-coverage={share}")
    assert ran.code == 2
    assert f'found "{share}", expected a share from 0 % to 100 %' in ran.err


@pytest.mark.usefixtures("tested")
def test_json_says_the_same(run: Run) -> None:
    """All outcomes with both sides, and the coverage."""
    ran = run("rules", "test", "wrong.tests.yml", "more", "--format", "json", "--coverage")
    shown = json.loads(ran.out)
    assert ran.code == 2
    assert shown["passed"] is False
    assert shown["unusable"] == ["more/bad.tests.yaml"]
    assert [(each["name"], each["as_of"], each["line"]) for each in shown["tests"]] == [
        ("On the <last> day", "2026-04-10", 4),
        ("On the <last> day", "2026-04-30", 4),
    ]
    assert shown["coverage"]["files"][0]["file"] == "own.yaml"


@pytest.mark.usefixtures("tested")
def test_junit_has_a_case_for_each_test_and_date(run: Run, tmp_path: Path) -> None:
    """Failures hold the same text; faults of files are errors, paths without tests failures."""
    (tmp_path / "empty").mkdir()
    ran = run("rules", "test", "wrong.tests.yml", "own.yaml", "more", "empty", "--junit", "results.xml")
    assert ran.code == 2
    root = ET.fromstring((tmp_path / "results.xml").read_text(encoding="utf-8"))  # noqa: S314  # our own file
    cases = {(case.get("classname"), case.get("name")): case for case in root.iter("testcase")}
    assert list(cases) == [
        ("wrong.tests.yml", "On the <last> day (2026-04-10)"),
        ("wrong.tests.yml", "On the <last> day (2026-04-30)"),
        ("own.tests.yaml", "A tenth is not late"),
        ("own.tests.yaml", "More than a tenth is late"),
        ("empty", "any test"),
        ("more/bad.tests.yaml", "line 4: unknown-rule"),
    ]
    assert (root.get("tests"), root.get("errors")) == ("6", "1")
    assert [suite.get("tests") for suite in root] == ["2", "2", "1", "1"]
    assert cases["empty", "any test"].find("failure") is not None
    assert "latte" in str(cases["more/bad.tests.yaml", "line 4: unknown-rule"].findtext("error"))


@pytest.mark.usefixtures("tested")
def test_a_junit_file_that_cannot_be_written_is_reported(run: Run) -> None:
    """The results are still printed; the code is 2."""
    ran = run("rules", "test", "own.yaml", "--junit", "nowhere/results.xml")
    assert (ran.code, ran.out) == (2, "2 tests in 1 file: 2 passed, 0 failed\n")
    assert ran.err.startswith("nowhere/results.xml:1:1: unwritable-file: found ")


def test_the_tests_of_the_pilot_pass_and_cover_its_rules(run: Run, pytestconfig: pytest.Config) -> None:
    """As the documentation shows."""
    path = pytestconfig.rootpath / "examples" / "pilot" / "tolerances.yaml"
    assert run("rules", "test", path, "--min-coverage", "100 %").code == 0


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "tests: []\n"])
def test_a_named_file_of_tests_that_is_none_has_faults(run: Run, tmp_path: Path, text: str) -> None:
    """Named by itself or by its folder, it is bad input, and never just a path without tests."""
    path = tmp_path / "own.tests.yaml"
    path.write_text(text, encoding="utf-8")
    for given in (path, tmp_path):
        ran = run("rules", "test", str(given))
        assert ran.code == 2
        assert f"{path.name}:1:1: " in ran.err

"""Pytest collects rule tests in host projects."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: late, about: phase, kind: delay, measure: delay / window, bands: {minor: above 10 %}, message: "{measure}"}
"""
TESTS = """\
# Tests of own.yaml

coopgov: rule-tests/1
tests:
  - {name: At the tolerance, phase: {delay: 1 day, window: 10 days}, expect: nothing}
  - {name: Beyond, phase: {delay: 2 days, window: 10 days}, over_time: {2026-01-01: minor, 2026-01-02: nothing}}
"""
_LOADED = any(each.name == "coopgov" for each in entry_points(group="pytest11"))
ARGUMENTS = () if _LOADED else ("-p", "coopgov.testing.pytest_plugin")
"""The entry point is there where the project was installed since it has one."""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A project with a rule file and its tests."""
    (pytester.path / "own.yaml").write_text(RULES, encoding="utf-8")
    (pytester.path / "own.tests.yaml").write_text(TESTS, encoding="utf-8")
    return pytester.path


@pytest.mark.usefixtures("project")
def test_each_test_on_each_date_is_an_item(pytester: pytest.Pytester) -> None:
    """Items are called by the name of the test, with its date; failures show both sides and no traceback."""
    ran = pytester.runpytest_subprocess(*ARGUMENTS, "-v", "-rf")
    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(
        [
            "own.tests.yaml::At the tolerance PASSED*",
            "own.tests.yaml::Beyond (2026-01-01) PASSED*",
            "own.tests.yaml::Beyond (2026-01-02) FAILED*",
            "_* Beyond (2026-01-02) _*",
            "*own.tests.yaml:6:12: Beyond",
            "  late@phase on 2026-01-02",
            "    expected  nothing",
            "    got       minor, value 20 %",
        ]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")
    ran.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.usefixtures("project")
def test_items_can_be_chosen(pytester: pytest.Pytester) -> None:
    """By their names, like others."""
    pytester.runpytest_subprocess(*ARGUMENTS, "-k", "tolerance").assert_outcomes(passed=1, deselected=2)
    pytester.runpytest_subprocess(*ARGUMENTS, "own.tests.yaml").assert_outcomes(passed=2, failed=1)


def test_faults_of_a_file_are_an_error_of_its_collection(pytester: pytest.Pytester, project: Path) -> None:
    """All of them, with their places; other files are still collected."""
    (project / "bad.tests.yaml").write_text(
        TESTS.replace("tests:", "rules: [own.yaml]\ntests:").replace("delay:", "delya:"), encoding="utf-8"
    )
    ran = pytester.runpytest_subprocess(*ARGUMENTS, "--continue-on-collection-errors")
    ran.assert_outcomes(passed=2, failed=1, errors=1)
    ran.stdout.fnmatch_lines(
        [
            "_* ERROR collecting bad.tests.yaml _*",
            '*bad.tests.yaml:6:38: unknown-fact: found "delya", expected a fact about phase; did you mean "delay"?',
            '*bad.tests.yaml:7:28: unknown-fact: found "delya", expected a fact about phase; did you mean "delay"?',
        ]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_other_files_are_left_alone(pytester: pytest.Pytester, project: Path) -> None:
    """Files of other tools, and files with other names, are not collected."""
    (project / "own.tests.yaml").rename(project / "own.checks.yaml")
    (project / "other.tests.yaml").write_text("suite: other\ncoopgov: rule-tests/1\n", encoding="utf-8")
    (project / "bytes.tests.json").write_bytes(b"\xff\xfe\x00")
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes()


def test_json_files_are_collected_too(pytester: pytest.Pytester, project: Path) -> None:
    """The first key of a JSON file is in quotes."""
    text = (
        '{\n  "coopgov": "rule-tests/1",\n  "tests": [{"name": "One", "phase": {"delay": "2 days", '
        '"window": "9 days"}, "expect": "minor"}]\n}\n'
    )
    (project / "own.tests.yaml").unlink()
    (project / "own.tests.json").write_text(text, encoding="utf-8")
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=1)


def test_the_plugin_costs_next_to_nothing_where_there_are_no_rule_tests() -> None:
    """It loads neither pydantic nor PyYAML before a file is collected."""
    code = (
        "import sys, coopgov.testing.pytest_plugin; print(sorted({'pydantic', 'yaml', 'pint', "
        "'hypothesis'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "[]\n"


@pytest.mark.skipif(not _LOADED, reason="the project was installed before it had the entry point")
def test_the_entry_point_leads_to_the_plugin() -> None:
    """So that host projects need to do nothing."""
    (point,) = entry_points(group="pytest11", name="coopgov")
    assert hasattr(point.load(), "pytest_collect_file")

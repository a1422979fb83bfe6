"""The page on testing rules is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopgov.testing import coverage_of, load_tests
from coopgov.testing.rule_tests.report import results_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def blocks(pytestconfig: pytest.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The blocks of the page, and a folder with its rule file and its tests to work in."""
    page = (pytestconfig.rootpath / "docs" / "how-to" / "test-rules.md").read_text(encoding="utf-8")
    found: list[str] = re.findall(r"^```(?:yaml|yaml rules|text)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "own.yaml").write_text(found[0], encoding="utf-8")
    (tmp_path / "own.tests.yaml").write_text(found[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return found


@pytest.mark.usefixtures("blocks")
def test_the_tests_of_the_page_pass() -> None:
    """As they stand."""
    assert results_text(load_tests("own.tests.yaml").run()) == "3 tests in 1 file: 3 passed, 0 failed"


def test_the_failure_is_as_shown(blocks: list[str], tmp_path: Path) -> None:
    """With the slip that the page speaks of."""
    slip = blocks[0].replace("minor: below 60 %", "minor: at most 60 %")
    (tmp_path / "own.yaml").write_text(slip, encoding="utf-8")
    assert results_text(load_tests("own.tests.yaml").run()) + "\n" == blocks[2]


def test_the_test_of_the_message_passes(blocks: list[str], tmp_path: Path) -> None:
    """And with it both languages are reached."""
    (tmp_path / "own.tests.yaml").write_text(blocks[1] + blocks[3], encoding="utf-8")
    suite = load_tests("own.tests.yaml")
    assert suite.run().passed
    assert not coverage_of([suite]).of(kind="languages").missing

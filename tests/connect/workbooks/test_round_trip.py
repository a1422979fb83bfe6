"""An agreement that is written as a workbook is read back as it was, also after LibreOffice has saved it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import coopgov
from coopgov.connect.workbooks.grid import grids_of
from coopgov.connect.workbooks.write import workbook_of
from coopgov.languages import LANGUAGES
from coopgov.testing import agreements

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")
pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("pilot", "full", "compact")


def example(name: str) -> coopgov.Agreement:
    """The agreement of an example."""
    return coopgov.load_agreement(EXAMPLES / name / "agreement.yaml")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_examples_are_read_back(tmp_path: Path, name: str, language: str) -> None:
    """Nothing of an example is lost in a workbook of any language."""
    path = tmp_path / "a.xlsx"
    coopgov.write_workbook(example(name), path, language=language)
    assert coopgov.load_agreement(path) == example(name)


def test_fixed_values_are_in_the_language_of_the_workbook(tmp_path: Path) -> None:
    """Roles, weekdays and lengths of time are words that people know, not those of files."""
    path = tmp_path / "a.xlsx"
    coopgov.write_workbook(example("pilot"), path, language="zh-Hans")
    _, *sheets = grids_of(path, "a")
    shown = {str(value) for grid in sheets for value in grid.values.values()}
    assert shown >= {"项目经理", "技术联络人", "星期六; 星期日", "1 周", "3 个月", "2 小时", "未关闭"}
    assert not shown & {"technical-liaison", "saturday; sunday", "1 week", "3 months", "2 hours"}


@given(agreement=agreements())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_agreement_is_read_back(agreement: coopgov.Agreement, tmp_path: Path) -> None:
    """Whatever an agreement holds, a workbook holds it."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(agreement, "zh-Hans"))
    assert coopgov.load_agreement(path) == agreement


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize("name", ["pilot", "full"])
def test_a_workbook_that_libreoffice_saved_is_the_same(tmp_path: Path, name: str, ending: str) -> None:
    """LibreOffice writes other XML, and the same agreement."""
    source, out = tmp_path / "a.xlsx", tmp_path / "out"
    coopgov.write_workbook(example(name), source, language="zh-Hans")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert coopgov.load_agreement(out / f"a.{ending}") == example(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_is_assessed_as_its_file_is(tmp_path: Path, name: str) -> None:
    """All that differs are the places."""
    path = tmp_path / "a.xlsx"
    coopgov.write_workbook(example(name), path)
    day = date(2026, 6, 30)
    of_file, of_workbook = (
        coopgov.assess(each, as_of=day).to_dict() for each in (example(name), coopgov.load_agreement(path))
    )
    assert _without_places(of_workbook) == _without_places(of_file)
    assert "a.xlsx:" in str(of_workbook)


def _without_places(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_places(each) for key, each in value.items() if key != "at"}
    return [_without_places(each) for each in value] if isinstance(value, list) else value

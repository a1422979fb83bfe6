"""The operations form: written from an agreement, filled in, and read back as a part of it."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.connect.workbooks.grid import grids_of

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")
pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

if TYPE_CHECKING:
    from collections.abc import Mapping

PILOT = Path(__file__).parents[3] / "examples" / "pilot" / "agreement.yaml"
DAY = date(2026, 7, 1)


@pytest.fixture
def pilot() -> coopgov.Agreement:
    """The agreement of the pilot."""
    return coopgov.load_agreement(PILOT)


def form(agreement: coopgov.Agreement, path: Path, **options: Any) -> Path:
    """Write a form in Chinese."""
    coopgov.write_form(agreement, path, on=DAY, language="zh-Hans", **options)
    return path


def fill(path: Path, sheet: int, cells: Mapping[str, str]) -> None:
    """Fill in cells of a sheet, counted from the first one, as texts, which Excel calls inline strings."""
    part = f"xl/worksheets/sheet{sheet + 1}.xml"
    with zipfile.ZipFile(path) as book:
        files = {name: book.read(name) for name in book.namelist()}
    text = files[part].decode()
    for cell, value in cells.items():
        start = text.index(f'<c r="{cell}"')
        slash, close = text.find("/>", start), text.find("</c>", start)
        end = slash + 2 if close < 0 or 0 <= slash < close else close + 4
        text = f'{text[:start]}<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>{text[end:]}'
    files[part] = text.encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, data in files.items():
            book.writestr(name, data)


def test_a_form_that_nobody_filled_in_says_nothing_new(pilot: coopgov.Agreement, tmp_path: Path) -> None:
    """What the form has to begin with is what the agreement says."""
    part = coopgov.read_form(form(pilot, tmp_path / "form.xlsx"))
    assert (part.into, part.origin.format, part.origin.file, part.origin.on) == (
        "harbour-data",
        "form",
        "form.xlsx",
        DAY,
    )
    assert pilot.with_part(part) == pilot


def test_what_is_filled_in_is_observed(pilot: coopgov.Agreement, tmp_path: Path) -> None:
    """Days, statuses in Chinese, percentages, notes and own columns, readings, payments and meetings."""
    path = form(pilot, tmp_path / "form.xlsx", own_columns={"cost": "money"})
    at, first = next(
        (at, task.id)
        for at, task in enumerate(pilot.phases[1].tasks)
        if not (task.actual and task.actual.end)
    )
    row = next(number for number in range(3, 20) if grids_of(path, "f")[1].values.get((number, 2)) == first)
    fill(
        path,
        1,
        {
            f"G{row}": "2026/6/29",
            f"H{row}": "已完成",
            f"I{row}": "100%",
            f"J{row}": "按时",
            f"K{row}": "1,200元",
        },
    )
    fill(path, 2, {"B3": "2026年6月30日", "C3": "26"})
    fill(path, 3, {"A3": "core", "C3": "2026-06-30", "D3": "5000", "E3": "服务器", "F3": "V-9"})
    fill(path, 4, {"C3": "2026-07-06；2026-07-13"})
    part = coopgov.read_form(path, as_of=date(2026, 7, 14))
    whole = pilot.with_part(part)
    task = whole.phases[1].tasks[at]
    assert task.actual
    assert task.actual.end == date(2026, 6, 29)
    assert ("done", date(2026, 7, 14)) in [(each.value, each.on) for each in task.status]
    assert dict(task.custom) == {"notes": "按时", "cost": "1,200元"}
    assert [(str(each.value), each.on) for each in whole.kpis[0].readings][-1] == ("26", date(2026, 6, 30))
    assert [(str(each.amount), each.id) for each in whole.phases[1].spending][-1] == ("5000", "V-9")
    assert whole.meetings[0].held[-2:] == (date(2026, 7, 6), date(2026, 7, 13))
    again = coopgov.parse_part(coopgov.dump_part(part))
    assert pilot.with_part(again) == whole


def test_faults_are_at_the_cells_of_the_form(pilot: coopgov.Agreement, tmp_path: Path) -> None:
    """What cannot be read is reported where people see it."""
    path = form(pilot, tmp_path / "form.xlsx")
    fill(path, 1, {"H3": "差不多", "I3": "60"})
    with pytest.raises(coopgov.AgreementError) as caught:
        coopgov.read_form(path)
    assert [(str(each.place).removeprefix(f"{path}:"), each.code) for each in caught.value.faults] == [
        ("任务!H3", "wrong-choice"),
        ("任务!I3", "not-a-share"),
    ]


def test_a_form_has_the_sheets_that_were_asked_for(pilot: coopgov.Agreement, tmp_path: Path) -> None:
    """The sheets in their order, and the words; what coopgov has to know is hidden."""
    path = form(pilot, tmp_path / "form.xlsx", sheets=("readings", "tasks"))
    assert [each.sheet for each in grids_of(path, "f")] == ["coopgov", "指标读数", "任务", "词语说明"]


def test_what_is_no_form_is_refused(pilot: coopgov.Agreement, tmp_path: Path) -> None:
    """The workbook of an agreement is no form, and a form is no agreement."""
    coopgov.new_workbook(tmp_path / "a.xlsx")
    with pytest.raises(coopgov.AgreementError, match="no-form"):
        coopgov.read_form(tmp_path / "a.xlsx")
    with pytest.raises(coopgov.AgreementError, match="coopgov workbook read"):
        coopgov.load_agreement(form(pilot, tmp_path / "form.xlsx"))

"""Workbooks as people return them: moved columns, other spellings, formulas, errors; every fault at its cell."""

from __future__ import annotations

import sys
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.connect.workbooks.headers import column_title, sheet_title

xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")
pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Cells = dict[tuple[int, int], Any]

AGREEMENT = {
    "id": "t",
    "title": "T",
    "currency": "CNY",
    "term.start": date(2026, 1, 5),
    "term.end": date(2026, 12, 31),
}
TASKS = (
    "phase", "id", "name", "owner", "planned.start", "planned.end", "actual.start", "status", "progress", "load",
)  # fmt: skip
TASK = (
    "p",
    "a",
    "Dig",
    "project-manager",
    date(2026, 2, 2),
    date(2026, 3, 31),
    date(2026, 2, 3),
    "进行中",
    0.6,
    0.5,
)


class Sheet:
    """A sheet of cells, written as anybody could write it."""

    def __init__(
        self, name: str, keys: tuple[str, ...], *rows: tuple[Any, ...], language: str = "zh-Hans"
    ) -> None:
        self.name = sheet_title(name, language)
        self.cells: Cells = {}
        for at, key in enumerate(keys, 1):
            self.cells[1, at] = f"{name}/{key}"
            self.cells[2, at] = column_title(name, key, language)
        for number, row in enumerate(rows, 3):
            self.cells |= {(number, at): value for at, value in enumerate(row, 1)}
        self.merged: list[tuple[int, int, int, int, Any]] = []


def sheets(*tasks: tuple[Any, ...]) -> list[Sheet]:
    """An agreement with a phase and tasks."""
    whole = Sheet("agreement", ())
    for number, (key, value) in enumerate(AGREEMENT.items(), 4):
        whole.cells |= {(number, 1): f"agreement/{key}", (number, 2): key, (number, 3): value}
    phases = Sheet(
        "phases", ("id", "planned.start", "planned.end"), ("p", date(2026, 1, 5), date(2026, 6, 30))
    )
    return [whole, Sheet("parties", ("id",), ("port",)), phases, Sheet("tasks", TASKS, *(tasks or (TASK,)))]


def book(path: Path, found: list[Sheet], **options: Any) -> Path:
    """Write sheets to a file."""
    data = BytesIO()
    made = xlsxwriter.Workbook(data, {"strings_to_formulas": False, **options})
    for sheet in found:
        page = made.add_worksheet(sheet.name)
        for (row, column), value in sheet.cells.items():
            if isinstance(value, date):
                page.write_datetime(row - 1, column - 1, value, made.add_format({"num_format": "yyyy-mm-dd"}))
            elif isinstance(value, Formula):
                page.write_formula(row - 1, column - 1, value.text, None, value.value)
            elif value is not None:
                page.write(row - 1, column - 1, value)
        for first, left, last, right, value in sheet.merged:
            page.merge_range(first - 1, left - 1, last - 1, right - 1, value)
    made.close()
    path.write_bytes(data.getvalue())
    return path


class Formula:
    """A formula with its last value."""

    def __init__(self, text: str, value: Any) -> None:
        self.text, self.value = text, value


def expected(tmp_path: Path) -> coopgov.Agreement:
    """The agreement of the sheets as they are."""
    return coopgov.load_agreement(book(tmp_path / "plain.xlsx", sheets()))


def moved(sheet: Sheet, rows: int, columns: int) -> Cells:
    """The cells of a sheet, moved down and to the right."""
    return {(row + rows, column + columns): value for (row, column), value in sheet.cells.items()}


def _columns(found: list[Sheet]) -> None:
    tasks = found[3]
    width = len(TASKS)
    tasks.cells = {(row, width + 1 - column): value for (row, column), value in tasks.cells.items()}


def _area(found: list[Sheet]) -> None:
    for sheet in found[1:]:
        sheet.cells = moved(sheet, 4, 3)


def _no_keys(found: list[Sheet]) -> None:
    for sheet in found[1:]:
        sheet.cells = {at: value for at, value in sheet.cells.items() if at[0] != 1}


def _no_keys_english(found: list[Sheet]) -> None:
    found[3].cells = {(2, at): column_title("tasks", key, "en") for at, key in enumerate(TASKS, 1)} | {
        (3, at): value for at, value in enumerate(TASK, 1)
    }


def _renamed(found: list[Sheet]) -> None:
    found[3].name = "Our tasks"
    found[3].cells |= {(2, at): f"Column {at}" for at in range(1, len(TASKS) + 1)}


def _blank_rows(found: list[Sheet]) -> None:
    found[3].cells = {
        ((row + 3 if row > 2 else row), column): value for (row, column), value in found[3].cells.items()
    }


def _set(column: str, value: Any) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        found[3].cells[3, TASKS.index(column) + 1] = value

    return change


def _merged(found: list[Sheet]) -> None:
    del found[3].cells[3, 1]
    found[3].merged.append((3, 1, 4, 1, "p"))


SAME = {
    "columns in the other order": _columns,
    "everything further down and to the right": _area,
    "the row of keys deleted": _no_keys,
    "titles in another language, and no keys": _no_keys_english,
    "sheet and titles renamed": _renamed,
    "blank rows inserted": _blank_rows,
    "a merged cell": _merged,
    "a day as text with slashes": _set("planned.start", "2026/2/2"),
    "a day as Chinese text": _set("planned.start", "2026年2月2日"),
    "a day in full-width digits": _set("planned.start", "２０２６－０２－０２"),
    "a day with a time at midnight": _set("planned.start", datetime(2026, 2, 2)),  # noqa: DTZ001
    "a percentage as text": _set("progress", "60%"),
    "a percentage as text with a space": _set("progress", "60 %"),
    "a percentage in full-width digits": _set("progress", "６０％"),
    "a status in English": _set("status", "in progress"),
    "another word for a status": _set("status", "ongoing"),
    "a status in traditional characters": _set("status", "進行中"),
    "a role in Chinese": _set("owner", "项目经理"),
    "a formula with a value": _set("load", Formula("=1/2", 0.5)),
    "spaces around a text": _set("name", "  Dig "),
    "spaces around an id": _set("id", " a "),
}


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_read_as_the_same(tmp_path: Path, name: str) -> None:
    """However people return a workbook, what it says counts."""
    found = sheets()
    SAME[name](found)
    assert coopgov.load_agreement(book(tmp_path / "a.xlsx", found)) == expected(tmp_path)


def test_days_since_1904_are_the_same_days(tmp_path: Path) -> None:
    """Excel on old Macs counted days from 1904."""
    path = book(tmp_path / "a.xlsx", sheets(), date_1904=True)
    assert coopgov.load_agreement(path) == expected(tmp_path)


def _unknown_title(found: list[Sheet]) -> None:
    _no_keys(found)
    found[3].cells[2, 4] = "负责任人"


def _twice(found: list[Sheet]) -> None:
    found[3].cells |= {(1, 11): "tasks/owner", (2, 11): "负责人"}


FAULTS: dict[str, tuple[Callable[[list[Sheet]], None], str, str]] = {
    "a bare number in a column of percentages": (_set("progress", 60), "任务!I3", "not-a-share"),
    "a bare text in a column of percentages": (_set("progress", "60"), "任务!I3", "not-a-share"),
    "a day that could be two": (_set("planned.end", "03/04/2026"), "任务!F3", "not-a-date"),
    "a number for a day": (_set("planned.end", 46203), "任务!F3", "not-a-date"),
    "a day with a time": (_set("planned.end", datetime(2026, 3, 31, 12, 30)), "任务!F3", "not-a-date"),  # noqa: DTZ001
    "no planned finish": (_set("planned.end", None), "任务!F3", "missing-key"),
    "an end before the start": (_set("planned.end", date(2026, 1, 31)), "任务!F3", "wrong-order"),
    "a status that is none": (_set("status", "差不多"), "任务!H3", "wrong-choice"),
    "an unknown owner": (_set("owner", "nobody"), "任务!D3", "unknown-owner"),
    "an unknown phase": (_set("phase", "q"), "任务!A3", "unknown-parent"),
    "no phase": (_set("phase", None), "任务!A3", "unknown-parent"),
    "no id": (_set("id", None), "任务!B3", "missing-key"),
    "an error": (_set("planned.end", Formula("=NA()", "#N/A")), "任务!F3", "error-cell"),
    "a formula that was never calculated": (
        _set("load", Formula("=1/2", "")),
        "任务!J3",
        "formula-without-value",
    ),
    "a title that is nearly one": (_unknown_title, "任务!D2", "unknown-header"),
    "a column twice": (_twice, "任务!K2", "column-repeats"),
    "YAML in a cell that is none": (_set("name", "yaml: [a"), "任务!C3", "syntax"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_at_the_cell_as_people_see_it(tmp_path: Path, name: str) -> None:
    """The sheet, the letters of the column and the row; nothing is guessed."""
    change, cell, code = FAULTS[name]
    found = sheets()
    change(found)
    path = book(tmp_path / "a.xlsx", found)
    with pytest.raises(coopgov.AgreementError) as caught:
        coopgov.load_agreement(path)
    assert [(str(each.place), each.code) for each in caught.value.faults] == [(f"{path}:{cell}", code)]


def test_places_are_right_below_blank_rows(tmp_path: Path) -> None:
    """A library that leaves out leading blank rows and columns does not move places."""
    found = sheets((*TASK[:5], "03/04/2026"))
    _area(found)
    path = book(tmp_path / "a.xlsx", found)
    with pytest.raises(coopgov.AgreementError) as caught:
        coopgov.load_agreement(path)
    assert [str(each.place) for each in caught.value.faults] == [f"{path}:任务!I7"]


def test_all_faults_are_reported_at_once_in_the_language_of_the_reader(tmp_path: Path) -> None:
    """Faults of cells, of values and of the whole come together, sheet by sheet."""
    bad = ("p", "b", "B", "nobody", "soon", date(2026, 3, 31), Formula("=NA()", "#N/A"), "done", 60, 2)
    path = book(tmp_path / "a.xlsx", sheets(TASK, bad))
    with pytest.raises(coopgov.AgreementError) as caught:
        coopgov.load_agreement(path)
    lines = caught.value.in_language("zh-Hans").splitlines()
    assert [line.removeprefix(f"{path}:") for line in lines] == [
        "任务!E4: not-a-date: 实际为“soon”，应为日历中的日期，格式为 YYYY-MM-DD",
        "任务!G4: error-cell: 实际为“#N/A”，应为一个值",
        "任务!I4: not-a-share: 实际为“60”，应为百分比，如 50 %；请写成 60 %",
        "任务!J4: not-a-share: 实际为“2”，应为百分比，如 50 %；请写成 2 %",
    ]


def test_a_column_of_ones_own_is_kept(tmp_path: Path) -> None:
    """What people add beside coopgov's columns is an own value."""
    found = sheets()
    found[3].cells |= {(2, 12): "成本", (3, 12): 1200}
    task = coopgov.load_agreement(book(tmp_path / "a.xlsx", found)).phases[0].tasks[0]
    assert dict(task.custom) == {"成本": "1200"}


def test_formulas_are_never_written(tmp_path: Path) -> None:
    """A text that begins with an equals sign stays a text."""
    evil = coopgov.load_agreement(book(tmp_path / "a.xlsx", sheets((*TASK[:2], "x", *TASK[3:]))))
    named = coopgov.parse_agreement(coopgov.dump_agreement(evil).replace("name: x", "name: '=cmd|calc!A1'"))
    coopgov.write_workbook(named, tmp_path / "b.xlsx")
    again = coopgov.load_agreement(tmp_path / "b.xlsx")
    assert str(again.phases[0].tasks[0].name) == "=cmd|calc!A1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-workbook"),
        (b"PK\x03\x04", "not-a-workbook"),
        (b"id: x", "not-a-workbook"),
        (None, "unreadable-file"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes | None, code: str) -> None:
    """A file that cannot be read as a workbook is reported, whatever its ending."""
    for ending in ("xlsx", "ods", "xls"):
        path = tmp_path / f"a.{ending}"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(coopgov.AgreementError) as caught:
            coopgov.load_agreement(path)
        assert [each.code for each in caught.value.faults] == [code]


def test_a_workbook_without_an_agreement_is_refused(tmp_path: Path) -> None:
    """Somebody else's workbook is no agreement."""
    other = Sheet("parties", ())
    other.name, other.cells = "Budget", {(1, 1): "Item", (2, 1): "Rent"}
    with pytest.raises(coopgov.AgreementError, match="no-agreement-sheet"):
        coopgov.load_agreement(book(tmp_path / "a.xlsx", [other]))


@pytest.mark.parametrize("library", ["python_calamine", "xlsxwriter"])
def test_a_library_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str
) -> None:
    """The fault says how to install it."""
    path = book(tmp_path / "a.xlsx", sheets())
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(coopgov.InputError) as caught:
        coopgov.load_agreement(path) if library == "python_calamine" else coopgov.new_workbook(path)
    assert [each.code for each in caught.value.faults] == ["missing-library"]
    assert str(caught.value).endswith('run `pip install "coopgov[excel]"`')

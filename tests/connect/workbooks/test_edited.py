"""Workbooks as people return them: moved columns, other spellings, formulas, errors; every fault at its cell."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import coopgov
from coopgov.connect.workbooks.headers import column_title, sheet_title
from coopgov.model import plain_agreement

pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

from edited_books import TASK, TASKS, Formula, Sheet, book, sheets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Edit(NamedTuple):
    """What somebody did to a workbook, and what must follow from it: what is new in each task, or faults at cells."""

    change: Callable[[list[Sheet]], None]
    tasks: tuple[dict[str, Any], ...] = ({},)
    faults: tuple[str, ...] = ()
    language: str = "zh-Hans"


def fault(change: Callable[[list[Sheet]], None], *faults: str, language: str = "zh-Hans") -> Edit:
    """An edit that must be reported: each fault as its cell and its code."""
    return Edit(change, faults=faults, language=language)


def _set(column: str, value: Any, row: int = 3) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        found[3].cells[row, TASKS.index(column) + 1] = value

    return change


def _cells(cells: dict[str, Any], sheet: int = 3) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        found[sheet].cells |= {(int(cell[1:]), ord(cell[0]) - 64): value for cell, value in cells.items()}

    return change


def _moved(rows: int, columns: int) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        for sheet in found[1:]:
            sheet.move(rows, columns)

    return change


def _both(*changes: Callable[[list[Sheet]], None]) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        for each in changes:
            each(found)

    return change


def _backwards(found: list[Sheet]) -> None:
    found[3].cells = {(row, len(TASKS) + 1 - at): value for (row, at), value in found[3].cells.items()}


def _apart(found: list[Sheet]) -> None:
    found[3].cells = {(row, at * 2): value for (row, at), value in found[3].cells.items()}


def _no_keys(found: list[Sheet]) -> None:
    for sheet in found[1:]:
        sheet.cells = {(row - 1, at): value for (row, at), value in sheet.cells.items() if row > 1}


def _no_keys_at_all(found: list[Sheet]) -> None:
    _no_keys(found)
    found[0].cells = {(row, at): value for (row, at), value in found[0].cells.items() if at > 1}


def _titles(language: str) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        found[3].cells |= {(2, at): column_title("tasks", key, language) for at, key in enumerate(TASKS, 1)}

    return change


def _names(*names: str) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        for sheet, name in zip(found, names, strict=False):
            sheet.name = name

    return change


def _blank_rows(found: list[Sheet]) -> None:
    found[3].cells = {(row + 3 if row > 2 else row, at): value for (row, at), value in found[3].cells.items()}


def _hidden(found: list[Sheet]) -> None:
    found[3].hidden = True


def _hidden_lists(found: list[Sheet]) -> None:
    lists = Sheet("words", (), language="en")
    lists.name, lists.hidden, lists.cells = "Lists", True, {(1, 1): "Open", (2, 1): "Closed"}
    found.append(lists)


def _copied(found: list[Sheet]) -> None:
    copy = Sheet("tasks", TASKS, TASK, language="zh-Hans")
    copy.name = "任务 (2)"
    found.append(copy)


def _merged(*areas: tuple[int, int, int, int]) -> Callable[[list[Sheet]], None]:
    """Merge areas of the tasks: the first cell keeps its value."""

    def change(found: list[Sheet]) -> None:
        for first, left, last, right in areas:
            for row in range(first, last + 1):
                for at in range(left, right + 1):
                    if (row, at) != (first, left):
                        found[3].cells.pop((row, at), None)
            found[3].merged.append((first, left, last, right))

    return change


def _without(table: int) -> Callable[[list[Sheet]], None]:
    return lambda found: found.remove(found[table])


def _no_column(column: str) -> Callable[[list[Sheet]], None]:
    def change(found: list[Sheet]) -> None:
        gone = TASKS.index(column) + 1
        found[3].cells = {(row, at): value for (row, at), value in found[3].cells.items() if at != gone}

    return change


def _header_again(found: list[Sheet]) -> None:
    found[3].cells |= {(4, at): found[3].cells[2, at] for at in range(1, len(TASKS) + 1)}


B = {f"{letter}4": value for letter, value in zip("ABCDEFGHIJ", ("p", "b", *TASK[2:]), strict=True)}
"""The cells of a second task."""
SHEETS = ("agreement", "parties", "phases", "tasks")
JULY = ({"planned": {"start": "2026-02-02", "end": "2026-07-01"}},)
MIDNIGHT, NOON = datetime(2026, 2, 2), datetime(2026, 3, 31, 12)  # noqa: DTZ001  # cells have no time zone

EDITS = {
    # what means the same
    "columns in the other order": Edit(_backwards),
    "columns with blank ones between": Edit(_apart),
    "leading blank rows": Edit(_moved(4, 0)),
    "leading blank columns": Edit(_moved(0, 3)),
    "leading blank rows and columns": Edit(_moved(9, 2), language="en"),
    "a heading above the table": Edit(_both(_moved(2, 0), _cells({"A1": "2026 年任务一览"}))),
    "the row of keys deleted": Edit(_no_keys),
    "the row of keys deleted in English": Edit(_no_keys, language="en"),
    "all keys deleted": Edit(_no_keys_at_all, language="zh-Hant"),
    "titles in another language, and no keys": Edit(_both(_titles("en"), _no_keys)),
    "titles of one's own beside the keys": Edit(
        _cells({f"{letter}2": f"列{letter}" for letter in "ABCDEFGHIJ"})
    ),
    "sheets renamed": Edit(_names("基本情况", "单位", "时间安排", "要做的事")),
    "sheets renamed in another language": Edit(_names(*(sheet_title(each, "en") for each in SHEETS))),
    "sheets renamed in another language, and no keys": Edit(
        _both(_names(*(sheet_title(each, "zh-Hant") for each in SHEETS)), _no_keys), language="en"
    ),
    "sheets in another order": Edit(lambda found: found.reverse()),
    "the sheet hidden": Edit(_hidden),
    "a hidden sheet of one's own": Edit(_hidden_lists),
    "blank rows between": Edit(_blank_rows),
    "a merged phase": Edit(_both(_cells(B), _merged((3, 1, 4, 1))), ({}, {"id": "b"})),
    "a merged status": Edit(_both(_cells(B), _merged((3, 8, 4, 8))), ({}, {"id": "b"})),
    "a merged heading": Edit(_both(_moved(1, 0), _cells({"A1": "任务"}), _merged((1, 1, 1, 10)))),
    "a day as text with slashes": Edit(_set("planned.start", "2026/2/2")),
    "a day as Chinese text": Edit(_set("planned.start", "2026年2月2日")),
    "a day in full-width digits": Edit(_set("planned.start", "２０２６－０２－０２")),
    "a day with a time at midnight": Edit(_set("planned.start", MIDNIGHT)),
    "a later day as Chinese text": Edit(_set("planned.end", "2026年7月1日"), JULY),
    "a later day with slashes": Edit(_set("planned.end", "2026/7/1"), JULY, language="en"),
    "a percentage as text": Edit(_set("progress", "60%")),
    "a percentage in full-width digits": Edit(_set("progress", "６０ ％")),
    "a share as text": Edit(_set("progress", "0.6")),
    "a share in full-width digits": Edit(_set("progress", "０．６")),
    "a whole as a number": Edit(_set("progress", 1), ({"progress": "100 %"},)),
    "a status in English": Edit(_set("status", "in progress")),
    "a status in Chinese in an English workbook": Edit(
        _set("status", "已完成"), ({"status": "done"},), language="en"
    ),
    "another word for a status": Edit(_set("status", "ongoing")),
    "a status in traditional characters": Edit(_set("status", "進行中")),
    "a role in Chinese": Edit(_set("owner", "项目经理"), language="en"),
    "a formula with a value": Edit(_set("load", Formula("=1/4", 0.25)), ({"load": "25 %"},)),
    "spaces around texts": Edit(_cells({"B3": " a ", "C3": "  Dig "})),
    "an id as a number": Edit(_set("id", 7), ({"id": "7"},)),
    "a text with a leading equals sign": Edit(_set("name", "=cmd|calc!A1"), ({"name": "=cmd|calc!A1"},)),
    "a column of one's own": Edit(_cells({"L2": "成本", "L3": 1200}), ({"custom": {"成本": "1200"}},)),
    "an extra row": Edit(_cells(B), ({}, {"id": "b"})),
    # what must be reported
    "a bare number in a column of percentages": fault(_set("progress", 60), "任务!I3 not-a-share"),
    "a bare text in a column of percentages": fault(
        _set("progress", "60"), "Tasks!I3 not-a-share", language="en"
    ),
    "a day that could be two": fault(
        _set("planned.end", "03/04/2026"), "任務!F3 not-a-date", language="zh-Hant"
    ),
    "a day as a number": fault(_set("planned.end", 46203), "任务!F3 not-a-date"),
    "a day that the calendar lacks": fault(_set("planned.end", "2026年2月30日"), "任务!F3 not-a-date"),
    "a day with a time": fault(_set("planned.end", NOON), "任务!F3 not-a-date"),
    "no planned finish": fault(_set("planned.end", None), "任务!F3 missing-key"),
    "the column of finishes deleted": fault(_no_column("planned.end"), "任务!E3 missing-key"),
    "an end before the start": fault(_set("planned.end", date(2026, 1, 31)), "任务!F3 wrong-order"),
    "a status that is none": fault(_set("status", "差不多"), "Tasks!H3 wrong-choice", language="en"),
    "an unknown owner": fault(_set("owner", "nobody"), "任务!D3 unknown-owner"),
    "an unknown phase": fault(_set("phase", "q"), "任务!A3 unknown-parent"),
    "no phase": fault(_set("phase", None), "任务!A3 unknown-parent"),
    "an unknown phase in a merged cell": fault(
        _both(_cells({**B, "A3": "q"}), _merged((3, 1, 4, 1))),
        "任务!A3 unknown-parent",
        "任务!A4 unknown-parent",
    ),
    "no id": fault(_set("id", None), "任务!B3 missing-key"),
    "a row copied": fault(_cells({**B, "B4": "a"}), "任务!B4 duplicate-id"),
    "the sheet copied": fault(_copied, "任务 (2)!B3 duplicate-id"),
    "a row of sums": fault(_cells({"A5": "合计", "J5": 0.5}), "任务!A5 unknown-parent"),
    "an error": fault(_set("planned.end", Formula("=NA()", "#N/A")), "任务!F3 error-cell"),
    "an error far down and to the right": fault(
        _both(_set("actual.start", Formula("=1/0", "#DIV/0!")), _moved(14, 0)), "任务!G17 error-cell"
    ),
    "an error in the agreement": fault(_cells({"C6": Formula("=NA()", "#N/A")}, 0), "协议!C6 error-cell"),
    "a formula that was never calculated": fault(
        _set("load", Formula("=1/2", "")), "任务!J3 formula-without-value"
    ),
    "a title that is nearly one": fault(
        _both(_cells({"D2": "负责任人"}), _no_keys), "任务!D1 unknown-header"
    ),
    "a column twice": fault(_cells({"K1": "tasks/owner", "K2": "负责人"}), "任务!K2 column-repeats"),
    "a title twice": fault(_cells({"K2": "负责人"}), "任务!K2 column-repeats"),
    "YAML in a cell that is none": fault(_set("name", "yaml: [a"), "任务!C3 syntax"),
    "no title of the agreement": fault(_cells({"C5": None}, 0), "协议!C5 missing-key"),
    "the sheet of phases deleted": fault(_without(2), "任务!A3 unknown-parent"),
    "the titles again": fault(_header_again, "任务!A4 unknown-parent"),
    "several faults": fault(
        _both(_cells({**B, "E4": "soon", "I3": 60}), _moved(4, 3)),
        "任务!L7 not-a-share",
        "任务!H8 not-a-date",
    ),
}


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize("name", EDITS)
def test_an_edited_workbook_says_what_it_means_or_where_it_is_wrong(
    tmp_path: Path, name: str, ending: str
) -> None:
    """All changes are found, all faults are at the cells that people see, and nothing is guessed."""
    edit = EDITS[name]
    found = sheets(language=edit.language)
    edit.change(found)
    path = book(tmp_path / f"a.{ending}", found)
    if edit.faults:
        with pytest.raises(coopgov.AgreementError) as caught:
            coopgov.load_agreement(path)
        reported = [f"{each.place} {each.code}" for each in caught.value.faults]
        assert reported == [f"{path}:{each}" for each in edit.faults]
    else:
        wanted = plain_agreement(coopgov.load_agreement(book(tmp_path / f"plain.{ending}", sheets())))
        (phase,) = wanted["phases"]
        phase["tasks"] = [{**phase["tasks"][0], **each} for each in edit.tasks]
        assert plain_agreement(coopgov.load_agreement(path)) == wanted


def test_days_since_1904_are_the_same_days(tmp_path: Path) -> None:
    """Excel on old Macs counted days from 1904."""
    path = book(tmp_path / "a.xlsx", sheets(), date_1904=True)
    assert coopgov.load_agreement(path) == coopgov.load_agreement(book(tmp_path / "b.xlsx", sheets()))


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
    other = Sheet("parties", (), language="en")
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

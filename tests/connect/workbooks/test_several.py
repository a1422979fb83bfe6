"""Cells with several values: histories, links, periods and lines, as people write them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.connect.workbooks.several import entries_of, several
from coopgov.connect.workbooks.tables import ESCAPE, TABLES
from coopgov.connect.workbooks.values import cells_of
from coopgov.model import plain_agreement
from coopgov.source import Scalar, plain
from small import least

xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")
pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = {"start": "2026-02-02", "end": "2026-12-31"}
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
SHARES = st.integers(0, 100).map(lambda share: f"{share} %")
STATUSES = st.sampled_from(["not started", "in progress", "done", "cancelled"])


def cell(text: str) -> Scalar:
    """A cell with a text."""
    return Scalar(text, 1, 1, "'")


def read(text: str, bare: str = "is") -> Any:
    """What a dated cell means, as a file would have it."""
    return plain(entries_of(cell(text), bare))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("40 %", "40 %"),
        ("2026-06-30: 40 %; 2026-07-15: 60 %", [("2026-06-30", "40 %"), ("2026-07-15", "60 %")]),
        ("2026-06-30: 40 %\n2026-07-15: 60 %", [("2026-06-30", "40 %"), ("2026-07-15", "60 %")]),
        ("2026年6月30日：进行中；2026/7/15：已完成", [("2026年6月30日", "进行中"), ("2026/7/15", "已完成")]),
        ("10 %\n2026-06-30: 40 %\n", [(None, "10 %"), ("2026-06-30", "40 %")]),
    ],
)
def test_a_history_has_its_days_before_its_values(text: str, means: Any) -> None:
    """One in each line, or with semicolons between them; a cell without a day is one value."""
    wanted = means
    if isinstance(means, list):
        wanted = [{**({"on": on} if on else {}), "is": value} for on, value in means]
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("form", "text", "means"),
    [
        ("links", "a; p/b", ["a", "p/b"]),
        ("links", "a SS", [{"task": "a", "type": "SS"}]),
        ("links", "a FS + 2 working days；b", [{"task": "a", "type": "FS", "lag": "2 working days"}, "b"]),
        ("links", "a FF-3天", [{"task": "a", "type": "FF", "lag": "-3天"}]),
        ("lines", "One, two; three\nFour", ["One, two; three", "Four"]),
        ("periods", "2026-08-03 – 2026-08-14", [{"from": "2026-08-03", "to": "2026-08-14"}]),
        (
            "periods",
            "2026-08-03 –\n2026/9/1至2026/9/5",
            [{"from": "2026-08-03"}, {"from": "2026/9/1", "to": "2026/9/5"}],
        ),
        ("periods", "2026-08-03 - 2026-08-14", [{"from": "2026-08-03", "to": "2026-08-14"}]),
        ("periods", "2026-08-03 to 2026-08-14", [{"from": "2026-08-03", "to": "2026-08-14"}]),
    ],
)
def test_several_values_are_written_as_people_do(form: str, text: str, means: Any) -> None:
    """Without YAML."""
    assert plain(several(form, cell(text))) == means


def agreement(**task: Any) -> coopgov.Agreement:
    """An agreement with a task and one after it."""
    tasks = [{"id": "a", "planned": WINDOW}, {"id": "b", "planned": WINDOW, **task}]
    return coopgov.Agreement.model_validate(
        {**least("x"), "phases": [{"id": "p", "planned": WINDOW, "tasks": tasks}]}
    )


def entries(values: Any) -> Any:
    """Lists of entries with different days, of which at most one has none."""
    return st.lists(
        st.tuples(st.none() | DAYS, values), min_size=1, max_size=4, unique_by=lambda pair: pair[0]
    ).map(lambda pairs: [{"is": value, **({"on": day} if day else {})} for day, value in pairs])


@given(
    entries(SHARES),
    entries(STATUSES),
    st.sampled_from(["FS", "SS", "FF", "SF"]),
    st.none() | st.tuples(st.integers(-9, 9), st.sampled_from(["days", "working days"])),
    st.sampled_from(["en", "zh-Hans", "zh-Hant"]),
)
def test_histories_and_links_need_no_yaml_and_are_read_back(
    progress: Any, status: Any, kind: str, lag: Any, language: str
) -> None:
    """In every language, in their order."""
    link = {"task": "a", "type": kind, **({"lag": f"{lag[0]} {lag[1]}"} if lag else {})}
    made = agreement(progress=progress, status=status, after=[link])
    task = plain_task(made)
    cells = cells_of({"phase": "p", **task}, TABLES["tasks"], language)
    assert not [each for each in cells.values() if isinstance(each, str) and each.startswith(ESCAPE)]
    found: dict[str, Any] = {}
    for key, bare in (("progress", "is"), ("status", "is")):
        if isinstance(cells[key], str) and f"{key}.on" not in cells:
            found[key] = plain(entries_of(cell(str(cells[key])), bare))
        else:
            found[key] = task[key]
    again = agreement(**found, after=plain(several("links", cell(str(cells["after"])))))
    assert again == made


def plain_task(made: coopgov.Agreement) -> dict[str, Any]:
    """The second task as plain data."""
    found: dict[str, Any] = plain_agreement(made)["phases"][0]["tasks"][1]
    return found


def test_a_day_before_the_values_and_one_beside_them_is_a_fault(tmp_path: Path) -> None:
    """Nothing is left out without a word."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        whole = book.add_worksheet("Agreement")
        for row, (key, value) in enumerate(
            {
                "id": "t",
                "title": "T",
                "currency": "CNY",
                "term.start": "2026-01-05",
                "term.end": "2026-12-31",
            }.items()
        ):
            whole.write_row(row, 0, [f"agreement/{key}", key, value])
        phases = book.add_worksheet("Phases")
        keys = ("id", "planned.start", "planned.end", "progress", "progress.on")
        for row, values in enumerate(
            (
                [f"phases/{key}" for key in keys],
                keys,
                ["p", *WINDOW.values(), "2026-02-10: 20 %", "2026-02-28"],
            )
        ):
            phases.write_row(row, 0, values)
        book.add_worksheet("Parties").write_column(0, 0, ["parties/id", "id", "x"])
    with pytest.raises(coopgov.AgreementError, match=r"a\.xlsx:Phases!E3: text-twice"):
        coopgov.load_agreement(path)

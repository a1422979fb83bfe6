"""`coopgov workbook`: new, write, form and read; a workbook is an agreement wherever one is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov

pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")
pytest.importorskip("python_calamine", reason="needs python-calamine: pip install coopgov[excel]")

if TYPE_CHECKING:
    from command_line import Run

PILOT = Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml"


def test_a_workbook_is_checked_as_its_file_is(run: Run, tmp_path: Path) -> None:
    """`check`, `agreement check` and `backtest` take it, and say the same but for places."""
    book = tmp_path / "合作协议.xlsx"
    assert run("workbook", "write", PILOT, book, "--lang", "zh-Hans").out == f"{book}：已写出\n"
    for command in (["check"], ["backtest", "--from", "2026-03-01", "--to", "2026-04-01"]):
        options = [*command[1:], "--lang", "zh-Hans"] + (
            ["--as-of", "2026-06-30"] if command == ["check"] else []
        )
        of_file, of_book = (run(command[0], each, *options) for each in (PILOT, book))
        assert of_book.out == of_file.out
        assert of_book.code == of_file.code
    assert run("agreement", "check", book).code == run("agreement", "check", PILOT).code


def test_an_empty_workbook_says_what_is_missing(run: Run, tmp_path: Path) -> None:
    """Each required cell is named."""
    book = tmp_path / "new.xlsx"
    assert run("workbook", "new", book, "--lang", "zh-Hans").code == 0
    checked = run("check", book, "--lang", "zh-Hans")
    assert checked.code == 2
    assert f"{book}:协议!C4: missing-key: " in checked.err


def test_an_example_can_be_assessed(run: Run, tmp_path: Path) -> None:
    """The workbook of the starter is an agreement."""
    book = tmp_path / "new.xlsx"
    assert run("workbook", "new", book, "--example").code == 0
    assert run("check", book).code in (0, 1)


def test_a_form_becomes_a_part(run: Run, tmp_path: Path) -> None:
    """The form is read as of a day, and the part is merged where the agreement names it."""
    form, part = tmp_path / "form.xlsx", tmp_path / "2026-06.part.yaml"
    assert (
        run("workbook", "form", PILOT, form, "--for", "tasks,readings", "--own-column", "cost:money").code
        == 0
    )
    assert run("workbook", "read", form, "--out", part, "--as-of", "2026-06-30").code == 0
    whole = tmp_path / "agreement.yaml"
    whole.write_text(PILOT.read_text(encoding="utf-8") + "parts: ['*.part.yaml']\n", encoding="utf-8")
    assert coopgov.load_agreement(whole) == coopgov.load_agreement(PILOT)
    rows = json.loads(run("check", whole, "--format", "json", "--as-of", "2026-06-30").out)
    assert rows[0]["agreement"] == "harbour-data"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--for", "task"], 'did you mean "tasks"?'),
        (["--own-column", "cost:mony"], 'did you mean "money"?'),
        (["--own-column", ":money"], "cost:money"),
    ],
)
def test_wrong_options_are_reported(run: Run, tmp_path: Path, options: list[str], said: str) -> None:
    """What is accepted, and what was probably meant."""
    ran = run("workbook", "form", PILOT, tmp_path / "f.xlsx", *options)
    assert ran.code == 2
    assert said in ran.err

"""`coopgov chart`: which chart is drawn of what, and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drawn import root_of, texts, wrong

if TYPE_CHECKING:
    from command_line import Run

PILOT = str(Path(__file__).parents[2] / "examples/pilot/agreement.yaml")
DAY = ("--as-of", "2026-06-30")


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (("gantt", PILOT), "Harbour data cooperation"),
        (("gantt", PILOT, "phase/core"), "Core projects"),
        (("gantt", PILOT, "core"), "Core projects"),
        (("trend", PILOT, "satisfaction"), "Customer satisfaction"),
        (("matrix", PILOT), "Risk matrix"),
        (("status", PILOT), "Status of Harbour data cooperation"),
        (("dimensions", PILOT), "Evaluation: Harbour data cooperation"),
    ],
)
@pytest.mark.parametrize("width", ["358", "800"])
def test_a_chart_is_printed(run: Run, arguments: tuple[str, ...], title: str, width: str) -> None:
    """Without `--out`, it goes to stdout, for a pipe."""
    ran = run("chart", *arguments, *DAY, "--width", width)
    assert (ran.code, ran.err) == (0, "")
    assert texts(ran.out)[0].text == title
    assert root_of(ran.out).attrib["width"] == width
    assert wrong(ran.out) == []


def test_a_chart_is_written_in_the_language(run: Run, tmp_path: Path) -> None:
    """The command says which file it has written."""
    file = tmp_path / "plan.svg"
    ran = run("chart", "gantt", PILOT, *DAY, "--out", str(file), "--lang", "zh-Hans")
    assert (ran.code, ran.out) == (0, f"已写入 {file}\n")
    assert "预计延误 14 天" in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    """The exit code is that of bad input."""
    file = tmp_path / "missing" / "plan.svg"
    ran = run("chart", "gantt", PILOT, *DAY, "--out", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert str(file) in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("trend", PILOT), "trend needs a KPI: kpi/delivery-time, kpi/satisfaction, kpi/acceptance-rate"),
        (("trend", PILOT, "satisfactoin"), "kpi/satisfaction"),
        (("gantt", PILOT, "phase/cores"), "phase/core"),
        (("matrix", PILOT, "core"), "matrix shows the whole agreement: leave out SUBJECT"),
        (("gantt", PILOT, "--width", "100"), 'found "100", expected a width from 320 to 4000 pixels'),
        (("pie", PILOT), "gantt"),
    ],
)
def test_a_wrong_argument_is_explained(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """With what can be written instead."""
    ran = run("chart", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_the_same_chart_has_the_same_bytes(run: Run) -> None:
    """Nothing in it comes from the clock."""
    assert run("chart", "gantt", PILOT, *DAY).out == run("chart", "gantt", PILOT, *DAY).out

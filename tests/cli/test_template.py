"""`coopgov template`: what is written, where, in which language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from command_line import Run

PILOT = str(Path(__file__).parents[2] / "examples/pilot/agreement.yaml")


@pytest.mark.parametrize("name", ["agreement", "charter", "handbook", "agenda", "minutes"])
def test_a_template_is_printed(run: Run, name: str) -> None:
    """Filled with an agreement, or blank without one."""
    for arguments in ((name, PILOT), (name,)):
        ran = run("template", *arguments)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("# ")
        assert ("Harbour data cooperation" in ran.out) is (len(arguments) == 2)


def test_a_template_is_written_in_the_language(run: Run, tmp_path: Path) -> None:
    """The command says which file it has written."""
    file = tmp_path / "charter.md"
    ran = run("template", "charter", PILOT, "--lang", "zh-Hans", "--out", str(file))
    assert (ran.code, ran.out) == (0, f"已写入 {file}\n")
    assert "指定替补：目前无人" in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    """The exit code is that of bad input."""
    ran = run("template", "charter", "--out", str(tmp_path / "missing" / "charter.md"))
    assert (ran.code, ran.out) == (2, "")
    assert "charter.md" in ran.err


def test_an_unknown_template_is_refused(run: Run) -> None:
    """With the names of those that there are."""
    ran = run("template", "contract")
    assert ran.code == 2
    assert "handbook" in ran.err

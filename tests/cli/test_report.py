"""`coopgov report`: which files it writes, in which language, with which exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pilot import PILOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Ran

    Run = Callable[..., Ran]

AGREEMENT = str(PILOT / "agreement.yaml")
NOTES = str(PILOT.parent / "reports" / "notes.yaml")


def test_the_notes_choose_the_period_and_the_languages(run: Run, tmp_path: Path) -> None:
    """One file for each language and format."""
    ran = run("report", AGREEMENT, "--notes", NOTES, "--format", "html,json", "--out", str(tmp_path / "out"))
    assert (ran.code, ran.err) == (0, "")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "harbour-data-2026-Q2.en.html",
        "harbour-data-2026-Q2.en.json",
        "harbour-data-2026-Q2.zh-Hans.html",
        "harbour-data-2026-Q2.zh-Hans.json",
    ]


def test_an_option_wins_over_the_notes(run: Run, tmp_path: Path) -> None:
    """The period, the language and the form."""
    options = ("--period", "2026-05", "--lang", "en", "--brief", "--format", "md", "--out", str(tmp_path))
    assert run("report", AGREEMENT, "--notes", NOTES, *options).code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["harbour-data-2026-05.en.brief.md"]


def test_a_pack_is_made_and_verified(run: Run, tmp_path: Path) -> None:
    """A changed input is named, and the exit code is 1."""
    pack = tmp_path / "pack.zip"
    options = ("--period", "2026-Q2", "--format", "md", "--out", str(tmp_path), "--evidence", str(pack))
    assert run("report", AGREEMENT, *options).code == 0
    ran = run("report", "--verify", str(pack))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("the report was made again and is the same, byte for byte\n")
    pack.write_bytes(pack.read_bytes().replace(b"id: harbour-data", b"id: harbor-data1", 1))
    ran = run("report", "--verify", str(pack))
    assert (ran.code, ran.out) == (1, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--period", "2026-Q5"), "a period such as 2026-Q2"),
        (("--period", "2026-Q2", "--format", "xls"), "html, md, json, pdf or docx"),
        ((), "--period"),
    ],
)
def test_bad_usage_is_reported(run: Run, options: tuple[str, ...], said: str) -> None:
    """With what would be right."""
    ran = run("report", AGREEMENT, *options)
    assert ran.code == 2
    assert said in ran.err


def test_a_missing_library_is_named_with_its_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML needs none; PDF and Word do."""
    for name in ("typst", "docx", "docx.shared"):
        monkeypatch.setitem(sys.modules, name, None)
    options = ("--period", "2026-Q2", "--brief", "--out", str(tmp_path))
    assert run("report", AGREEMENT, *options).code == 0
    for name in ("pdf", "docx"):
        ran = run("report", AGREEMENT, *options, "--format", name)
        assert ran.code == 2
        assert f'pip install "coopgov[{name}]"' in ran.err

"""`coopgov import` and `coopgov export`: files in, parts and plans out, and an account of everything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopgov.model import load_agreement

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "imports"
PILOT = ROOT / "examples" / "pilot" / "agreement.yaml"


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    """The pilot, with a part that an import writes."""
    path = tmp_path / "agreement.yaml"
    text = PILOT.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return path


def imported(run: Run, agreement: Path, *more: str) -> Ran:
    """The run of an import of the example table."""
    where = (
        "--map",
        EXAMPLES / "tasks.import.yaml",
        "--into",
        agreement,
        "--out",
        agreement.parent / "x.part.yaml",
    )
    return run("import", EXAMPLES / "tasks.csv", *where, *more)


def test_a_part_is_written_and_the_account_printed(run: Run, agreement: Path) -> None:
    """A second import of the same file writes the same bytes, and changes nothing."""
    first = imported(run, agreement, "--as-of", "2026-06-30")
    assert (first.code, first.out.splitlines()[0]) == (
        0,
        "csv as of 2026-06-30: kept tasks 3, name 3, owner 2, planned 3, status 3, actual 1",
    )
    part = agreement.parent / "x.part.yaml"
    written = part.read_bytes()
    agreement.write_text(agreement.read_text(encoding="utf-8") + "\nparts: [x.part.yaml]\n", encoding="utf-8")
    before = load_agreement(agreement)
    assert imported(run, agreement, "--as-of", "2026-06-30").code == 0
    assert (part.read_bytes(), load_agreement(agreement) == before) == (written, True)


def test_a_dry_run_writes_nothing(run: Run, agreement: Path) -> None:
    """Its JSON is that of the import."""
    dry = imported(run, agreement, "--as-of", "2026-06-30", "--dry-run", "--format", "json")
    data = json.loads(dry.out)
    assert sorted(data) == ["from", "kept", "lost", "on", "rejected", "told"]
    assert data["lost"] == [{"what": "Remark", "count": 2, "places": ["tasks.csv:2", "tasks.csv:4"]}]
    assert not (agreement.parent / "x.part.yaml").exists()


def test_a_file_without_a_day_is_refused(run: Run, agreement: Path) -> None:
    """In the language of the user, with a hint that works."""
    refused = imported(run, agreement, "--lang", "zh-Hans")
    assert (refused.code, "no-day" in refused.err, "--as-of 2026-06-30" in refused.err) == (2, True, True)


def test_arguments_that_are_missing(run: Run) -> None:
    """Are named."""
    assert "--out" in run("import", EXAMPLES / "tasks.csv").err
    assert "--map, --into" in run("import", EXAMPLES / "tasks.csv", "--dry-run").err


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.import.yaml")))
def test_every_example_is_imported(run: Run, agreement: Path, name: str) -> None:
    """Each mapping of the examples fits its file."""
    (source,) = (
        path
        for path in EXAMPLES.iterdir()
        if path.name.startswith(name.removesuffix("import.yaml")) and path.suffix != ".yaml"
    )
    out = agreement.parent / "y.part.yaml"
    done = run(
        "import", source, "--map", EXAMPLES / name, "--into", agreement, "--out", out, "--as-of", "2026-06-30"
    )
    assert (done.code, done.err) == (0, "")
    assert out.exists()


def test_new_agreements_go_into_a_folder(run: Run, tmp_path: Path) -> None:
    """A single one can have a file of its own, several cannot."""
    whole = run("import", EXAMPLES / "contracts.json", "--new", "--out", tmp_path / "one.yaml")
    assert (whole.code, "several-agreements" in whole.err) == (2, True)
    assert run("import", EXAMPLES / "contracts.json", "--new", "--out", f"{tmp_path}/all/").code == 0
    assert len([load_agreement(path) for path in (tmp_path / "all").iterdir()]) == 2


@pytest.mark.parametrize("kind", ["mspdi", "csv"])
def test_a_plan_is_exported(run: Run, tmp_path: Path, kind: str) -> None:
    """The same data give the same bytes."""
    out = [tmp_path / name for name in ("a", "b")]
    for each in out:
        done = run("export", PILOT, "--to", kind, "--out", each, "--as-of", "2026-06-30")
        assert (done.code, done.err.splitlines()[0]) == (
            0,
            f"Left out, because {kind} has no place for it:",
        )
        assert "  kpis: 3 (kpis)" in done.err.splitlines()
    assert out[0].read_bytes() == out[1].read_bytes()
    shutil.rmtree(tmp_path)

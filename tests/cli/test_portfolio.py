"""`coopgov portfolio check`: the summary as text and JSON, exit codes, files, progress."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

for _library in ("narwhals", "polars", "pyarrow"):
    pytest.importorskip(_library, reason="needs coopgov[portfolio]")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Ran

    Run = Callable[..., Ran]

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: late, about: phase, kind: delay, where: ended, measure: delay, bands: {minor: above 0 days, major: above 10 days}, message: m}
  - {id: again, about: phase, kind: delay, when: count(warnings) above 1, severity: minor, message: m}
"""  # noqa: E501  # a file as people write it
MAPPING = """\
coopgov: mapping/1
about: phase
key: Id
label: Name
not_applicable: PNS
columns: {planned_end: Planned, actual_end: Ended}
"""
ROWS = (
    "Id,Name,Planned,Ended\na,Pier,2026-01-05,2026-01-31\nb,Deck,2026-02-01,2026-02-03\n"
    "c,Rail,PNS,2026-03-01\nd,Roof,,2026-03-01\n"
)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, its mapping file and rules; it is the working directory."""
    for name, text in (("rows.csv", ROWS), ("map.yaml", MAPPING), ("own.yaml", RULES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(run: Run, table: Path) -> Run:
    """The command over that table."""
    assert table.is_dir()

    def call(*more: str, **options: Any) -> Ran:
        return run(
            "portfolio",
            "check",
            "rows.csv",
            "--map",
            "map.yaml",
            "--rules",
            "own.yaml",
            "--as-of",
            "2026-06-30",
            *more,
            **options,
        )

    return call


def test_the_summary(check: Run) -> None:
    """Rows, rules with their population, what was left out, and the worst subjects."""
    ran = check()
    assert (
        ran.out
        == """\
rows.csv · phase · as of 2026-06-30 · own 1.0.0
status: major — 1 major, 1 minor, 1 undetermined, 1 clear
rows: 4 read = 4 checked + 0 rejected + 0 left out
undetermined: 33.3% of all decisions

rule  decided  hits          major  minor  undetermined  does not apply
late        2     2  100.0%      1      1             1               1
  undetermined: absent data (1)
  missing: planned_end (1)
  does not apply, not set: planned_end (1)

rules about warnings were left out: again

worst off
  Id a (Pier): late (major)
  Id b (Deck): late (minor)
"""
    )
    assert (ran.code, ran.err) == (1, "")


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "最差的对象"), ("zh-Hant", "最差的對象")])
def test_languages(check: Run, language: str, word: str) -> None:
    """The summary speaks the languages of the command line."""
    assert word in check("--lang", language).out


def test_json(check: Run) -> None:
    """The same for machines."""
    result = json.loads(check("--format", "json", "--limit", "1").out)
    assert result["rows"] == {"read": 4, "checked": 4, "rejected": 0, "left_out": 0}
    assert result["by_rule"] == [
        {
            "rule": "late",
            "about": "phase",
            "decided": 2,
            "hits": 2,
            "severities": {"major": 1, "minor": 1},
            "waived": 0,
            "past": 0,
            "inhibited": 0,
            "undetermined": 1,
            "because": {"absent data": 1},
            "missing": {"planned_end": 1},
            "does_not_apply": 1,
            "where_false": 0,
            "not_set": {"planned_end": 1},
        }
    ]
    assert result["worst"] == [
        {
            "key": {"Id": "a"},
            "label": {"Name": "Pier"},
            "severity": "major",
            "hits": [{"rule": "late", "severity": "major", "value": 26.0, "threshold": 10.0}],
        }
    ]
    assert result["rules_left_out"] == ["again"]
    assert (result["status"], result["undetermined_share"]) == ("major", pytest.approx(1 / 3))


@pytest.mark.parametrize(
    ("fail_on", "code"), [("undetermined", 1), ("major", 1), ("critical", 0), ("never", 0)]
)
def test_exit_codes(check: Run, fail_on: str, code: int) -> None:
    """1 at a status as bad as asked for."""
    assert check("--fail-on", fail_on).code == code


def test_faulty_rows_make_it_fail(check: Run, table: Path) -> None:
    """More faulty rows than a number or share fail the command; the first of each sort is shown."""
    with (table / "rows.csv").open("a", encoding="utf-8") as file:
        file.write("e,Road,soon,\nf\n")
    ran = check("--fail-on", "never", "--rejects", "rejects.csv")
    assert ran.code == 2
    assert ran.err == "rows.csv: 2 of 6 rows are faulty; --max-rejected sets how many are allowed\n"
    assert ran.out.endswith("""
faulty cells and rejected rows
  column "Planned": not-a-date × 1; first in row 5: found "soon", expected a date as YYYY-MM-DD
  ragged-row × 1; first in row 6: found "1 cells: f", expected 4 cells
  all of them, with their reasons: rejects.csv
""")
    for allowed, code in (("1", 2), ("2", 0), ("33 %", 2), ("33.4%", 0)):
        assert check("--fail-on", "never", "--max-rejected", allowed).code == code
    assert check("--max-rejected", "some").err.endswith(
        'argument --max-rejected: found "some", expected a number of rows, or a share such as 5 '
        "% (see coopgov portfolio check --help)\n"
    )


def test_bad_input(check: Run, run: Run, table: Path) -> None:
    """Faults of the mapping file, of the table and of the engine end with 2, and so does wrong usage."""
    (table / "map.yaml").write_text(MAPPING.replace("Planned", "Plan"), encoding="utf-8")
    ran = check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(
        'map.yaml:6:24: unknown-header: found the column "Plan", expected one column of '
        'rows.csv; did you mean "Planned"?'
    )
    (table / "map.yaml").write_text(MAPPING, encoding="utf-8")
    assert check("--engine", "flink").code == 2
    assert check("--limit", "-1").code == 2
    assert "required: --map" in run("portfolio", "check", "rows.csv").err
    for option in ("--map", "--query", "--engine"):
        assert "neither --map nor --query nor --engine" in run("portfolio", "check", ".", option, "x").err


def test_progress(check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line shows how much is read, then is cleared; --progress and --no-progress outweigh what the terminal says."""
    monkeypatch.setattr("coopgov.cli.progress._EVERY", 0.0)
    assert check("--no-progress", columns=80).err == ""
    ran = check("--progress")
    assert "\r\x1b[K4 (100%) · " in ran.err
    assert ran.err.endswith("\r\x1b[K")


def test_a_folder(run: Run, pier: Path) -> None:
    """Agreements need no mapping file; faulty ones are reported with their place."""
    (pier / "odd.yaml").write_text("coopgov: agreement/1\nid: odd\n", encoding="utf-8")
    ran = run("portfolio", "check", ".", "--rules", "own.yaml", "--as-of", "2026-06-30")
    assert ran.code == 2
    assert "files: 3 read = 1 checked + 1 rejected + 1 left out" in ran.out
    assert "agreement pier, subject phase/piles: late (major)" in ran.out
    assert "first in odd.yaml, line 1: found nothing" in ran.out

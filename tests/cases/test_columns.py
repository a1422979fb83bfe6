"""Values at the edge, in tables and frames: durations of any unit, and arithmetic that leaves the floats."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

for _library in ("narwhals", "polars", "pyarrow"):
    pytest.importorskip(_library, reason="needs coopgov[portfolio]")
import coopgov  # noqa: E402  # what is tested needs those
from backends.columnar.engines import ENGINE_NAMES, frame_of, rows_of  # noqa: E402
from coopgov import portfolio  # noqa: E402
from coopgov.cli import main  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
DURATIONS, ARITHMETIC = HERE / "05-parquet-durations", HERE / "07-arithmetic-out-of-range"
COMMANDS = ("polars", "duckdb", "pandas", "pyarrow", "dask")
AS_OF = date(2026, 6, 30)


def checked(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the summary of a table."""
    files = [str(folder / each) if (folder / each).exists() else each for each in arguments]
    code = main(["portfolio", "check", *files, "--format", "json"])
    shown = capsys.readouterr().out
    assert "Infinity" not in shown
    assert "NaN" not in shown
    return code, json.loads(shown)


# 05 durations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", COMMANDS)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_duration_is_days_whatever_its_unit(
    unit: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three days are three days: no warning above five."""
    pytest.importorskip(engine, reason=f"needs {engine}")
    arguments = (f"du_{unit}.parquet", "--map", "dum.yaml", "--rules", "du.yaml", "--as-of", "2026-01-01")
    code, summary = checked(capsys, DURATIONS, *arguments, "--engine", engine)
    assert (code, summary["status"], summary["subjects"]["clear"]) == (0, "clear", 1)
    assert (summary["by_rule"][0]["decided"], summary["faulty"]) == (1, 0)


def parquet(folder: Path, unit: str, seconds: Sequence[float | None]) -> str:
    """A file of durations."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    counts = [None if each is None else round(each * parts) for each in seconds]
    waits = pa.array(counts, pa.int64()).cast(pa.duration(unit))
    path = folder / f"{unit}.parquet"
    pq.write_table(pa.table({"id": [f"s{at}" for at in range(len(counts))], "wait": waits}), path)
    return str(path)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_fraction_of_a_day_is_an_unreadable_cell(
    unit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """36 hours are no number of days; 144 hours are six, and -1 day is one, too."""
    path = parquet(tmp_path, unit, [36 * 3600, 144 * 3600, -86400, None])
    options = ("--as-of", "2026-01-01", "--fail-on", "never", "--max-rejected", "100%")
    _, summary = checked(capsys, DURATIONS, path, "--map", "dum.yaml", "--rules", "du.yaml", *options)
    (rule,) = summary["by_rule"]
    assert (rule["decided"], rule["hits"], rule["because"]) == (
        2,
        1,
        {"unreadable cell": 1, "absent data": 1},
    )
    assert summary["worst"][0]["hits"][0]["value"] == 6.0
    assert (summary["faulty"], summary["rejects"][0]["found"].split()[-1]) == (1, unit)


@pytest.mark.parametrize("fact", ["number", "money", "working days", "months", "date"])
def test_a_duration_is_no_other_fact(fact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column of durations for anything but days and hours is reported by its name and type."""
    when = "wait above as_of" if fact == "date" else "wait is known"
    rules = tmp_path / "r.yaml"
    rules.write_text(
        f"coopgov: rules/1\npack: t\nversion: 1.0.0\nsubjects: {{supplier: {{wait: {fact}}}}}\nrules:\n"
        f"  - {{id: slow, about: supplier, kind: delay, when: '{when}', severity: minor, message: m}}\n",
        encoding="utf-8",
    )
    path = parquet(tmp_path, "us", [86400.0])
    arguments = ("--map", str(DURATIONS / "dum.yaml"), "--rules", str(rules), "--as-of", "2026-01-01")
    assert main(["portfolio", "check", path, *arguments]) == 2
    assert 'column "wait"' in (shown := capsys.readouterr().err)
    assert "duration[us]" in shown


# 07 arithmetic ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", COMMANDS)
def test_what_leaves_the_floats_in_a_table(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    """9e99 to the power of four is not a number: undetermined, out of range."""
    pytest.importorskip(engine, reason=f"needs {engine}")
    arguments = ("t.csv", "--map", "m.yaml", "--rules", "r.yaml", "--as-of", "2026-06-30", "--engine", engine)
    _, summary = checked(capsys, ARITHMETIC, *arguments)
    (rule,) = summary["by_rule"]
    assert (rule["hits"], rule["undetermined"], rule["because"]) == (1, 1, {"out of range": 1})
    assert summary["worst"][0]["hits"][0]["value"] == 16.0


RULES = """
coopgov: rules/1
pack: edges
version: 1.0.0
subjects: {supplier: {x: number, y: number, d: date, w: days, m: months, n: working days}}
rules:
"""
WHENS = {
    "power": "x * x * x * x above 1",
    "difference": "x * x * x * x - x * x * x * x at least 1",
    "nothing": "x * x * x * x * 0 at least 0",
    "most": "max(x * x * x * x, 1) above 1",
    "least": "min(x * x * x * x, 1) below 2",
    "size": "abs(x * x * x * x) above 1",
    "share": "x / y above 1",
    "instead": "((x * x * x * x) else 2) above 1",
    "known": "(x * x * x * x) is known",
    "later": "d + w above as_of",
    "earlier": "d - w below as_of",
    "months": "d + m above as_of",
    "worked": "d + n above as_of",
}
OUT = ("", "out of range")
ROWS: dict[str, tuple[dict[str, Any], set[str], dict[str, tuple[str, str]]]] = {
    "large": (
        {"x": 9e99, "y": 1.0, "d": date(2026, 6, 1), "w": 3e6, "m": 1e6, "n": 3e6},
        {"share", "instead"},
        dict.fromkeys(
            (
                "power",
                "difference",
                "nothing",
                "most",
                "least",
                "size",
                "later",
                "earlier",
                "months",
                "worked",
            ),
            OUT,
        ),
    ),
    "plain": (
        {"x": 2.0, "y": 1.0, "d": date(2026, 6, 1), "w": 40.0, "m": 1.0, "n": 30.0},
        {
            "power",
            "nothing",
            "most",
            "least",
            "size",
            "share",
            "instead",
            "known",
            "later",
            "earlier",
            "months",
            "worked",
        },
        {},
    ),
    "last": (
        {"x": 1.0, "y": 5e-324, "d": date(9999, 12, 31), "w": 1.0, "m": 1.0, "n": 1.0},
        {"nothing", "least", "known"},
        dict.fromkeys(("share", "later", "months", "worked"), OUT),
    ),
    "none": (
        {"x": 0.0, "y": 0.0, "d": date(1, 1, 1), "w": 1.0, "m": 0.0, "n": 0.0},
        {"nothing", "least", "known"},
        {"share": ("", "division by zero"), "earlier": OUT},
    ),
}


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_leaves_the_floats_or_the_calendar_in_a_frame(engine: str) -> None:
    """Infinity is not a value, wherever it comes up, and no day follows the last.

    What does not depend on it is decided.
    """
    written = (
        f"  - {{id: {name}, about: supplier, kind: delay, when: '{when}', severity: minor, message: m}}\n"
        for name, when in WHENS.items()
    )
    rules = coopgov.parse_rules(RULES + "".join(written))
    columns: dict[str, tuple[str, list[Any]]] = {"id": ("text", list(ROWS))}
    for name in "xydwmn":
        columns[name] = (
            "date" if name == "d" else "number",
            [record[name] for record, _, _ in ROWS.values()],
        )
    found = portfolio.check(frame_of(engine, columns), rules, "supplier", as_of=AS_OF)
    hits: dict[str, set[str]] = {key: set() for key in ROWS}
    for row in rows_of(found.hits):
        hits[row["id"]].add(row["rule"])
    unsure: dict[str, dict[str, tuple[str, str]]] = {key: {} for key in ROWS}
    for row in rows_of(found.undetermined):
        unsure[row["id"]][row["rule"]] = (row["missing"], row["because"])
    assert hits == {key: fired for key, (_, fired, _) in ROWS.items()}
    assert unsure == {key: open_ for key, (_, _, open_) in ROWS.items()}

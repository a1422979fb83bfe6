"""Tables as people really have them: one bad cell, odd names, odd zones, odd keys, and a summary that says why."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

for _library in ("narwhals", "polars", "pyarrow"):
    pytest.importorskip(_library, reason="needs coopgov[portfolio]")
from coopgov.cli import main  # noqa: E402  # what is tested needs narwhals
from coopgov.portfolio import engines  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., "Ran"]

HERE = Path(__file__).parent
ENGINES = ("polars", "duckdb", "pandas", "pyarrow", "dask")


@dataclass(frozen=True)
class Ran:
    """What a check came to."""

    code: int
    out: str
    err: str
    files: dict[str, list[dict[str, str]]]

    @property
    def summary(self) -> dict[str, Any]:
        """The summary as JSON."""
        shown: dict[str, Any] = json.loads(self.out)
        return shown

    def rule(self, name: str) -> dict[str, Any]:
        """What one rule came to."""
        return next(each for each in self.summary["by_rule"] if each["rule"] == name)


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Check a table of a case, in a folder of its own, with all files written."""

    def run(case: str, *arguments: str, text: bool = False) -> Ran:
        folder = tmp_path / case
        if not folder.exists():
            shutil.copytree(HERE / case, folder)
        monkeypatch.chdir(folder)
        names = ("out", "undetermined", "rejects")
        files = [part for name in names for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
        code = main(["portfolio", "check", *arguments, *files, *(() if text else ("--format", "json"))])
        caught = capsys.readouterr()
        written = {name: _rows(tmp_path / f"{name}.csv") for name in names}
        return Ran(code, caught.out, caught.err, written)

    return run


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# 06 declared ranges --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_number_that_its_fact_cannot_be(check: Check, engine: str) -> None:
    """With a progress of 4000 %, the fact is unknown, and the cell is faulty and reported as the column writes it."""
    pytest.importorskip(engine, reason=f"needs {engine}")
    arguments = ("t.csv", "--map", "m.yaml", "--rules", "r.yaml", "--as-of", "2026-04-10", "--engine", engine)
    ran = check("06-declared-ranges", *arguments)
    assert (ran.code, ran.summary["faulty"]) == (2, 2)
    assert ran.files["undetermined"] == [
        {"id": key, "rule": "unfinished", "missing": "progress", "because": "out of range"} for key in "ab"
    ]
    assert ran.files["rejects"][0] == {
        "row": "1",
        "column": "done",
        "code": "out-of-range",
        "found": "40",
        "expected": "a number from 0 to 1",
    }
    assert check("06-declared-ranges", *arguments, "--max-rejected", "2", "--fail-on", "never").code == 0


def test_ranges_are_reported_in_the_unit_of_the_column(check: Check, tmp_path: Path) -> None:
    """With `unit: "%"`, 40 is 40 % and 100 is done; 101 is out of range, and what is expected goes to 100."""
    shutil.copytree(HERE / "06-declared-ranges", folder := tmp_path / "06-declared-ranges")
    mapping = (folder / "m.yaml").read_text(encoding="utf-8").replace("done,", '{from: done, unit: "%"},')
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "t.csv").write_text(
        "id,done,end,status\na,40,2026-03-01,in progress\nb,100,2026-03-01,done\nc,101,2026-03-01,done\n",
        encoding="utf-8",
    )
    ran = check(
        "06-declared-ranges", "t.csv", "--map", "m.yaml", "--rules", "r.yaml", "--as-of", "2026-04-10"
    )
    assert [(row["id"], row["rule"]) for row in ran.files["out"]] == [("a", "unfinished")]
    assert [(row["found"], row["expected"]) for row in ran.files["rejects"]] == [
        ("101", "a number from 0 to 100")
    ]


def test_a_budget_below_nothing(check: Check) -> None:
    """It is out of range, and a budget of 0 is not."""
    ran = check("06-declared-ranges", "t2.csv", "--map", "m2.yaml", "--as-of", "2026-04-10")
    unsure = [row for row in ran.files["undetermined"] if row["id"] == "a"]
    assert {(row["missing"], row["because"]) for row in unsure} == {("budget", "out of range")}
    assert [(row["row"], row["column"], row["found"]) for row in ran.files["rejects"]] == [
        ("1", "budget", "-1000")
    ]


# 17 unreadable cells -------------------------------------------------------------------------------------------------

UNREADABLE = ("--map", "m.yaml", "--rules", "r.yaml", "--as-of", "2026-06-30")


@pytest.mark.parametrize(
    ("engine", "query"),
    [*((each, ()) for each in ENGINES), ("polars", ("--query", "select * from data"))],
)
def test_one_bad_cell_leaves_the_other_rules_decided(
    check: Check, engine: str, query: tuple[str, ...]
) -> None:
    """Only its fact is unknown; the cells are among the rejects; only the row without a key is rejected."""
    for library in (engine, *(["duckdb"] if query else [])):
        pytest.importorskip(library, reason=f"needs {library}")
    ran = check(
        "17-unreadable-cells", "t.csv", *UNREADABLE, "--engine", engine, *query, "--max-rejected", "3"
    )
    assert ran.code == 1
    assert ran.summary["rows"] == {"read": 4, "checked": 3, "rejected": 1, "left_out": 0}
    assert ran.summary["faulty"] == 2
    assert sorted((row["id"], row["rule"]) for row in ran.files["out"]) == [
        ("a", "late"),
        ("b", "over"),
        ("c", "late"),
        ("c", "over"),
    ]
    assert sorted(tuple(row.values()) for row in ran.files["undetermined"]) == [
        ("a", "over", "spent", "unreadable cell"),
        ("b", "late", "planned_end", "unreadable cell"),
    ]
    assert [(row["row"], row["column"], row["code"], row["found"]) for row in ran.files["rejects"]] == [
        ("1", "spent", "not-a-number", "n.n."),
        ("2", "end", "not-a-date", "2026-02-30"),
        ("4", "id", "missing-key", "nothing"),
    ]
    assert ran.rule("over")["because"] == {"unreadable cell": 1}


def test_faulty_rows_of_both_sorts_count(check: Check) -> None:
    """Three are allowed, or 75 % of four; two, or 74 %, are too few."""
    for allowed, code in (("3", 1), ("2", 2), ("75 %", 1), ("74 %", 2)):
        assert check("17-unreadable-cells", "t.csv", *UNREADABLE, "--max-rejected", allowed).code == code
    ran = check("17-unreadable-cells", "t.csv", *UNREADABLE, text=True)
    assert ran.err == "t.csv: 3 of 4 rows are faulty; --max-rejected sets how many are allowed\n"
    for language, line in (
        ("en", "faulty cells: in 2 of the checked rows"),
        ("zh-Hans", "单元格有误：已检查的行中有 2"),
        ("zh-Hant", "儲存格有誤：已檢查的列中有 2"),
    ):
        out = check("17-unreadable-cells", "t.csv", *UNREADABLE, "--lang", language, text=True).out
        assert line in out.splitlines()


# 23 zones ------------------------------------------------------------------------------------------------------------


IN_ZONES = """
import itertools, pathlib, sys
from coopgov.cli import main
folder, own = map(pathlib.Path, sys.argv[1:])
mapping = (folder / "tzm.yaml").read_text(encoding="utf-8")
queries = (None, "select * from data", "select * replace (planned_end::date as planned_end) from data")
for zone, query in itertools.product(("", "UTC", "Asia/Shanghai", "America/New_York"), queries):
    (own / "m.yaml").write_text(mapping + (f"time_zone: {zone}\\n" if zone else ""), encoding="utf-8")
    arguments = [str(folder / "tz.parquet"), "--map", str(own / "m.yaml"), "--as-of", "2026-04-10", "--out", str(own / "o.csv")]
    asked = ["--query", query] if query else []
    code = main(["portfolio", "check", *arguments, *asked, "--format", "json"])
    rows = (own / "o.csv").read_text(encoding="utf-8").splitlines()
    print(zone, code, *(row.split(",")[3] for row in rows if "late-days" in row), file=sys.stderr)
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_does_not_matter(tmp_path: Path, zone: str) -> None:
    """A moment is a day in the zone of the mapping file, UTC without one, also inside of a query."""
    pytest.importorskip("duckdb", reason="needs duckdb")
    ran = subprocess.run(
        [sys.executable, "-c", IN_ZONES, str(HERE / "23-zones"), str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": zone},
    )
    days = {"": 7, "UTC": 7, "Asia/Shanghai": 6, "America/New_York": 7}
    assert ran.stderr.splitlines() == [f"{own} 1 {late}" for own, late in days.items() for _ in range(3)]


# 24 queries ----------------------------------------------------------------------------------------------------------


def test_a_path_is_no_pattern(check: Check) -> None:
    """`x[1].csv` is that file, though `x1.csv` is there, too."""
    pytest.importorskip("duckdb", reason="needs duckdb")
    ran = check("24-queries", "x[1].csv", *UNREADABLE, "--query", "select * from data")
    assert [(row["id"], row["rule"], row["value"]) for row in ran.files["out"] if row["rule"] == "over"] == [
        ("a", "over", "2")
    ]


def test_the_encoding_of_the_mapping_holds_in_a_query(check: Check) -> None:
    """A file in Latin-1 can be asked for its names."""
    pytest.importorskip("duckdb", reason="needs duckdb")
    query = "select * from data where name = 'Größe'"
    ran = check("24-queries", "l.csv", "--map", "l.yaml", *UNREADABLE[2:], "--query", query)
    assert (ran.code, ran.summary["rows"]["checked"]) == (1, 1)


def test_what_the_engine_of_queries_says_is_bad_input(check: Check) -> None:
    """Exit code 2 with its text, at once or while rows come, and no traceback."""
    pytest.importorskip("duckdb", reason="needs duckdb")
    for query, text in (
        ('select cast(id as int) as id, spent, budget, "end" from data', "Conversion Error"),
        ("selct", "Parser Error: syntax error"),
        ("select nothing from data", "Binder Error"),
        ('select error(id) as id, spent, budget, "end" from data', "Invalid Input Error: a"),
    ):
        ran = check("24-queries", "l.csv", "--map", "l.yaml", *UNREADABLE[2:], "--query", query)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("--query:1:1: syntax: found ")
        assert text in ran.err
        assert "Traceback" not in ran.err


# 25 keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "code", "shown"),
    [
        ("{'p': 1}", 2, "wrong-type: found a column of struct"),
        ("[1, 2]", 2, "wrong-type: found a column of list"),
        ("interval 3 days", 2, "wrong-type: found a column of duration"),
        ("interval 1 month", 2, "wrong-type: found a column of month_day_nano_interval"),
        ("map {'a': 1}", 2, "wrong-type: found a column of map"),
        ("'\\xFF'::blob", 2, "1 of 1 rows are faulty"),
        ("170141183460469231731687303715884105727::hugeint", 0, "170141183460469231731687303715884105727"),
        ("-5::hugeint", 0, "-5"),
        ("'a'::blob", 0, "a"),
        ("date '2026-01-05'", 0, "2026-01-05"),
        ("timestamptz '2026-01-05 20:00:00+00'", 0, "2026-01-05 20:00:00.000000Z"),
        ("time '12:30'", 0, "12:30:00.000000"),
        ("1.50::decimal(9, 2)", 0, "1.50"),
        ("2.0::double", 0, "2"),
        ("true", 0, "true"),
        ("'é'::enum('é')", 0, "é"),
        ("'00000000-0000-0000-0000-000000000001'::uuid", 0, "00000000-0000-0000-0000-000000000001"),
        ("null", 2, "1 of 1 rows are faulty"),
        ("'nan'::double", 2, "1 of 1 rows are faulty"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_keys_of_any_type(check: Check, key: str, code: int, shown: str, engine: str) -> None:
    """The key as a text, or a clear fault; never a traceback."""
    for library in (engine, "duckdb"):
        pytest.importorskip(library, reason=f"needs {library}")
    query = f'select {key} as id, spent::int as spent, budget::int as budget, "end"::date as "end" from data'  # noqa: S608
    more = ("--fail-on", "never", "--query", query, "--engine", engine)
    ran = check("25-keys-of-any-type", "t.csv", *UNREADABLE, *more)
    assert "Traceback" not in ran.err
    assert ran.code == code
    if code:
        assert shown in ran.err
    else:
        assert {row["id"] for row in ran.files["out"]} == {shown}


class Panic(BaseException):
    """What engines written in Rust raise."""


@pytest.mark.parametrize(
    "error", [Panic("a\n  bug"), ValueError("odd"), OverflowError(), MemoryError(), OSError(5, "lost")]
)
def test_whatever_an_engine_raises_is_bad_input(
    check: Check, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Exit code 2 with its text, and no traceback."""

    def give_up(_: Any) -> Any:
        raise error

    broken = {**engines.ENGINES, "polars": replace(engines.ENGINES["polars"], table=give_up)}
    monkeypatch.setattr(engines, "ENGINES", broken)
    ran = check("25-keys-of-any-type", "t.csv", *UNREADABLE)
    assert (ran.code, ran.out, ran.files["out"]) == (2, "", [])
    shown = " ".join(str(error).split())
    assert (
        ran.err
        == f"the backend polars cannot be used: it gave up: {type(error).__name__}: {shown}".rstrip() + "\n"
    )


# 26 summaries --------------------------------------------------------------------------------------------------------

SUMMARY = ("t.csv", "--map", "m.yaml", "--rules", "r.yaml", "r2.yaml", "--as-of", "2026-06-30")


def test_why_rules_are_undetermined_and_why_they_do_not_apply(check: Check) -> None:
    """Absent data, a division by zero, an end in the future, and a budget that is not set."""
    ran = check("26-summaries", *SUMMARY)
    share, ended = (ran.rule(name) for name in ("share", "ended-late"))
    assert (share["decided"], share["hits"], share["undetermined"], share["does_not_apply"]) == (1, 0, 2, 1)
    assert share["because"] == {"absent data": 1, "division by zero": 1}
    assert (share["missing"], share["not_set"], share["where_false"]) == ({"spent": 1}, {"budget": 1}, 0)
    assert (ended["decided"], ended["undetermined"], ended["does_not_apply"]) == (3, 1, 0)
    assert (ended["because"], ended["missing"]) == ({"not visible on this date": 1}, {"actual_end": 1})
    assert ran.summary["packs"] == [{"pack": "t", "version": "1.0.0"}, {"pack": "second", "version": "1.0.0"}]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "t.csv · phase · as of 2026-06-30 · t 1.0.0, second 1.0.0",
                "  undetermined: absent data (1), division by zero (1)",
                "  missing: spent (1)",
                "  does not apply, not set: budget (1)",
                "  undetermined: not visible on this date (1)",
            ],
        ),
        ("zh-Hans", ["  无法判定：缺少数据（1），除数为零（1）", "  不适用，未设定：budget（1）"]),
        ("zh-Hant", ["  無法判定：缺少資料（1），除數為零（1）", "  不適用，未設定：budget（1）"]),
    ],
)
def test_the_reasons_in_each_language(check: Check, language: str, lines: list[str]) -> None:
    """They are below the line of their rule."""
    out = check("26-summaries", *SUMMARY, "--lang", language, text=True).out.splitlines()
    assert [line for line in out if line in lines] == lines


def test_a_table_of_tasks_works_with_the_default_pack(check: Check) -> None:
    """The rule about predecessors, which need a table of their own, is left out and named."""
    arguments = ("task.csv", "--map", "task.yaml", "--as-of", "2026-06-30")
    ran = check("26-summaries", *arguments)
    assert (ran.code, ran.summary["rules_left_out"]) == (1, ["predecessor-late"])
    assert ran.summary["inexpressible"] == {
        "predecessor-late": "it needs the frame of its `links`; pass it in `children`"
    }
    assert [(row["id"], row["rule"], row["severity"]) for row in ran.files["out"]] == [
        ("a", "task-overdue", "major")
    ]
    left_out = "rules that need more than this table has were left out: predecessor-late\n"
    assert left_out in check("26-summaries", *arguments, text=True).out


@pytest.mark.parametrize(
    ("about", "column"), [("goal", "due"), ("member", "load"), ("milestone", "due"), ("kpi", "value")]
)
def test_tables_of_each_type_work_with_the_default_pack(
    check: Check, tmp_path: Path, about: str, column: str
) -> None:
    """Goals, members, milestones and KPIs.

    Each rule is decided, undetermined, does not apply or is left out by name.
    """
    shutil.copytree(HERE / "26-summaries", folder := tmp_path / "26-summaries")
    (folder / "own.csv").write_text("id,c\na,\nb,\n", encoding="utf-8")
    mapping = f"coopgov: mapping/1\nabout: {about}\nkey: id\ncolumns: {{{column}: c}}\n"
    (folder / "own.yaml").write_text(mapping, encoding="utf-8")
    ran = check("26-summaries", "own.csv", "--map", "own.yaml", "--as-of", "2026-06-30", "--fail-on", "never")
    assert ran.code == 0
    assert ran.summary["by_rule"]
    for one in ran.summary["by_rule"]:
        assert one["decided"] + one["undetermined"] + one["does_not_apply"] == 2


def test_a_rule_of_your_own_that_columns_cannot_express_is_refused(check: Check, tmp_path: Path) -> None:
    """It is yours to change, or to give its table."""
    shutil.copytree(HERE / "26-summaries", folder := tmp_path / "26-summaries")
    rule = "{id: mine, about: task, kind: delay, when: any(predecessors where not done), severity: minor, message: m}"
    (folder / "own.yaml").write_text(
        f"coopgov: rules/1\npack: own\nversion: 1.0.0\nextends: [cooperation-plan]\nrules:\n  - {rule}\n",
        encoding="utf-8",
    )
    arguments = ("task.csv", "--map", "task.yaml", "--as-of", "2026-06-30", "--rules", "own.yaml")
    ran = check("26-summaries", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("own.yaml:6:10: the backend columnar cannot express mine (minor)")


def test_a_table_of_which_nothing_was_checked(check: Check) -> None:
    """That is said, and is bad input: a filter that fits no row is not to look like a portfolio that is well."""
    arguments = ("none.csv", "--map", "m.yaml", "--rules", "r.yaml", "--as-of", "2026-06-30")
    ran = check("26-summaries", *arguments, "--fail-on", "never", text=True)
    assert ran.code == 2
    assert (
        "\nstatus: undetermined\nrows: 1 read = 0 checked + 0 rejected + 1 left out\nnone of the rows was checked\n"
        in ran.out
    )
    assert ran.err == "none.csv: none of the 1 rows was checked\n"
    assert check("26-summaries", *arguments).summary["status"] == "undetermined"

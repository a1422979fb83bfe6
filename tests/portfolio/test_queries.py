"""The rows of a query: the path is literal, the mapping file says how to read cells, every error is coopgov's own."""

from __future__ import annotations

import gc
import json
import tempfile
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov import portfolio
from coopgov.portfolio import queries
from portfolio.tables import AS_OF, MAPPING, RULES, checked, problems, read, rules, shown, written

duckdb = pytest.importorskip("duckdb", reason="needs duckdb")

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GOOD = (
    "a,01.03.2026,05.03.2026,1'000,1'200.50",
    "b,01.03.2026,01.03.2026,100,100",
    "c,01.03.2026,20.03.2026,N/A,500",
    "d,01.03.2026,,100,-",
    "e,-,20.03.2026,100,100",
)
ALL = "select * from data"
NAMES = (
    "x[1]",
    "a*b",
    "q?x",
    "it's",
    'd"q',
    "b lank",
    "中é",
    "[!a-z]",
    "{a,b}",
    "]x[",
    "**",
    "a:b",
    "-",
    "%s",
    "#1",
    "$HOME",
    "~x",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "duckdb"])
def test_a_path_is_a_path(tmp_path: Path, name: str, ending: str) -> None:
    """Whatever symbols it has, a path is that file, never another one that it would match as a pattern."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for stem, key in (("x1", "other"), ("axb", "other"), ("b", "other"), (name, "mine")):
        path, row = tmp_path / f"{stem}.{ending}", {"Id": key, "Planned": "01.03.2026"}
        if ending == "csv":
            written(tmp_path, f"{key},01.03.2026", name=path.name, header="Id,Planned")
        elif ending == "json":
            path.write_text(json.dumps([row]), encoding="utf-8")
        elif ending == "parquet":
            with path.open("wb") as stream:
                pq.write_table(pa.Table.from_pylist([row]), stream)
        else:
            with duckdb.connect(str(path)) as connection:
                connection.execute("create table data as select ? as Id, ? as Planned", list(row.values()))
    mapping = "coopgov: mapping/1\nabout: phase\nkey: Id\ndate: DD.MM.YYYY\ncolumns: {planned_end: Planned}\n"
    text = RULES.replace("where: ended, ", "").partition("  - {id: dear")[0]
    summary = checked(path, mapping, text, query=ALL, outputs=portfolio.Outputs(tmp_path / f"{name} out.csv"))
    assert [each.key for each in summary.worst] == [{"Id": "mine"}]
    assert [row["Id"] for row in read(tmp_path / f"{name} out.csv")] == ["mine"]


@pytest.mark.parametrize(
    "form", ["", "separator: semicolon", "encoding: utf-16", "encoding: gb18030", "quotes: false"]
)
def test_csv_is_read_as_the_mapping_file_says(tmp_path: Path, form: str) -> None:
    """Separator, encoding and quotes hold in a query as they do without one: the summaries are the same."""
    lines = [*GOOD, "é中,01.03.2026,05.03.2026,100,300", '"f",01.03.2026,05.03.2026,100,soon', "g,01.03.2026"]
    text = "\n".join(["Id,Planned,Ended,Budget,Spent", *lines, ""])
    text = text.replace(",", ";") if "separator" in form else text
    path = tmp_path / "data.csv"
    path.write_text(text, encoding=form.removeprefix("encoding: ") if "encoding" in form else "utf-8")
    mapping = MAPPING + f"csv: {{{form}}}\n"
    plain, asked = checked(path, mapping).to_dict(), checked(path, mapping, query=ALL).to_dict()
    for each in asked["rejects"]:
        each["file"] = ""
    assert asked == plain
    assert asked["rows"] == {"read": 8, "checked": 7, "rejected": 1, "left_out": 0}


def test_a_query_can_read_its_table_twice(tmp_path: Path) -> None:
    """A join of the table with itself has all rows."""
    query = "select a.* from data a join data b using (Id) where b.Planned <> '-'"
    summary = checked(written(tmp_path, *GOOD), query=query)
    assert summary.read == 4


def test_headers_that_the_engine_would_not_distinguish(tmp_path: Path) -> None:
    """A second one has a number behind it, as DuckDB has it; one that is empty is called by its place.

    Spaces around are no part.
    """
    path = written(tmp_path, "a,b,c,d,01.03.2026", header="Id,ID,id,, Planned ")
    query = 'select Id || ID_1 || id_2 || column3 as Id, Planned, Planned as "Ended" from data'
    mapping = MAPPING.replace(", budget: Budget, spent: Spent", "")
    summary = checked(path, mapping, query=query, outputs=portfolio.Outputs(tmp_path / "u.csv"))
    assert (summary.read, summary.checked) == (1, 1)
    with pytest.raises(coopgov.MappingError, match='unknown-header: found the column "Id", 2 times'):
        checked(path, mapping, query="select Id, 1 as Id, Planned, Planned as Ended from data")


def test_queries_without_rows(tmp_path: Path) -> None:
    """They are an empty table, which is an error; so is a statement that gives no rows."""
    path = written(tmp_path, *GOOD)
    with pytest.raises(coopgov.MappingError, match="the query:1:1: empty-file"):
        checked(path, query=ALL + " where false")
    for query in ("", "   ", "-- nothing"):
        with pytest.raises(coopgov.MappingError, match="wrong-type: found a statement without rows"):
            checked(path, query=query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("selct", "Parser Error"),
        ("select nope from data", "Binder Error"),
        ("select * from nope", "Catalog Error"),
        ("select cast(Id as int) as Id, * exclude (Id) from data", "Conversion Error"),
        ("select * from read_csv('nope.csv')", "IO Error"),
        ("select * from data where error('so what')", "so what"),
        ("select \ud800", "surrogate"),
        (
            (
                "select case when i = 25000 then error('late') else i end as Id, * exclude (Id) from "
                "(select * from data limit 1), range(30000) t(i)"
            ),
            "late",
        ),
    ],
)
def test_every_error_of_the_engine_is_reported(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    message: str,
) -> None:
    """With its text, whether it comes at once or after ten batches; and nothing is left behind."""
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    monkeypatch.setattr(queries, "BATCH_ROWS", 2_048)
    outputs = portfolio.Outputs(tmp_path / "hits.csv", tmp_path / "unsure.csv", tmp_path / "rejects.csv")
    with pytest.raises(coopgov.MappingError) as error:
        checked(written(tmp_path, *GOOD), query=query, outputs=outputs)
    (fault,) = error.value.faults
    assert (fault.place.file, fault.code) == ("--query", "syntax")
    assert message in fault.found
    assert [each.name for each in tmp_path.iterdir()] == ["data.csv"]
    del error
    gc.collect()
    assert list(own.iterdir()) == []


TYPES: Sequence[tuple[str, str, Any]] = (
    ("Spent", "120::hugeint", (1, {})),
    ("Spent", "120::uhugeint", (1, {})),
    ("Spent", "120.5::decimal(20, 5)", (1, {})),
    ("Spent", "120::float", (1, {})),
    ("Spent", "'120'::blob", (1, {})),
    ("Spent", "'nan'::double", (0, {"absent data": 1})),
    ("Spent", "'inf'::double", (0, {"out of range": 1})),
    ("Spent", "1e300", (0, {"out of range": 1})),
    ("Spent", "true", (0, {"unreadable cell": 1})),
    ("Spent", "uuid()", (0, {"unreadable cell": 1})),
    ("Spent", "date '2026-01-01'", (0, {"unreadable cell": 1})),
    ("Spent", "'\\xFF'::blob", (0, {"unreadable cell": 1})),
    ("Spent", "null", (0, {"absent data": 1})),
    ("Spent", "interval 3 days", "wrong-type: found a column of duration"),
    ("Spent", "interval 3 months", "wrong-type: found a column of month_day_nano_interval"),
    ("Spent", "[1]", "wrong-type: found a column of list"),
    ("Spent", "{'a': 1}", "wrong-type: found a column of struct"),
    ("Spent", "map {'a': 1}", "wrong-type: found a column of map"),
    ("Spent", "union_value(a := 1)", "wrong-type: found a column of sparse_union"),
    ("Ended", "date '2026-03-05'", (1, {})),
    ("Ended", "timestamp '2026-03-05 23:59:59'", (1, {})),
    ("Ended", "timestamp_ns '2026-03-05 23:59:59'", (1, {})),
    ("Ended", "timestamptz '2026-03-05 23:59:59+00'", (1, {})),
    ("Ended", "'05.03.2026'::enum('05.03.2026')", (1, {})),
    ("Planned", "date '12000-01-01'", (0, {"out of range": 1})),
    ("Planned", "date '0044-03-15 (BC)'", (0, {"out of range": 1})),
    ("Planned", "'infinity'::date", (0, {"out of range": 1})),
    ("Planned", "'-infinity'::timestamp", (0, {"out of range": 1})),
    ("Planned", "'infinity'::timestamptz", (0, {"out of range": 1})),
    ("Planned", "time '12:00'", (0, {"unreadable cell": 1})),
    ("Planned", "20260301", (0, {"unreadable cell": 1})),
)


@pytest.mark.parametrize(("column", "value", "expected"), TYPES)
def test_columns_of_any_type(tmp_path: Path, column: str, value: str, expected: Any) -> None:
    """They are read if the fact can be that, else each cell is faulty, or the column is refused by name."""
    path = written(tmp_path, "a,01.03.2026,05.03.2026,100,150")
    query = f'select * replace ({value} as "{column}") from data'  # noqa: S608
    if isinstance(expected, str):
        with pytest.raises(coopgov.MappingError, match=expected):
            checked(path, query=query)
        return
    summary = checked(path, query=query)
    rule = "dear" if column == "Spent" else "late"
    assert [(each.hits, each.because) for each in summary.rules if each.rule == rule] == [expected]
    assert bool(summary.faulty) == (not {"absent data"} & expected[1].keys() and bool(expected[1]))


WAITING = """\
coopgov: rules/1
pack: own
version: 1.0.0
subjects: {supplier: {wait: days}}
rules:
  - {id: slow, about: supplier, kind: delay, measure: wait, bands: {minor: above 2 days}, message: m}
"""


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_are_days(tmp_path: Path, unit: str) -> None:
    """Those of a Parquet file, with a query and without; and the intervals that a query makes, but for months."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    waits = pa.array([timedelta(3), timedelta(0), None, timedelta(1, 3600)], pa.duration(unit))
    pq.write_table(pa.table({"Id": ["a", "b", "c", "d"], 'The "wait"': waits}), tmp_path / "data.parquet")
    mapping = "coopgov: mapping/1\nabout: supplier\nkey: Id\ncolumns: {wait: 'The \"wait\"'}\n"
    for query in (None, ALL, 'select Id, "The ""wait""" * 1 as "The ""wait""" from data'):
        summary = checked(tmp_path / "data.parquet", mapping, WAITING, query=query)
        assert shown(summary, "hits", "because") == [(1, {"absent data": 1, "unreadable cell": 1})]
        assert summary.worst[0].hits[0].value == 3
    query = "select Id, interval 1 month as 'The \"wait\"' from data"
    with pytest.raises(coopgov.MappingError, match="wrong-type: found a column of month_day_nano_interval"):
        checked(tmp_path / "data.parquet", mapping, WAITING, query=query)


def test_a_query_can_count_and_compare_by_casting(tmp_path: Path) -> None:
    """The cells of a CSV file are texts for it; null is what `try_cast` gives for those that are not numbers."""
    query = """
        select * from data
        where try_cast(replace(Spent, '''', '') as double) > 150
          and try_strptime(Ended, '%d.%m.%Y') >= date '2026-03-10'"""
    summary = checked(written(tmp_path, *GOOD), query=query, outputs=portfolio.Outputs(tmp_path / "h.csv"))
    assert [row["Id"] for row in read(tmp_path / "h.csv")] == ["c"]
    assert summary.read == 1


def test_items_from_a_query(tmp_path: Path) -> None:
    """The table of a collection can be one of a database; its errors are reported like those of the query."""
    with duckdb.connect(str(tmp_path / "plant.duckdb")) as connection:
        connection.execute(
            "create table own as select * from (values ('a', 'No', 0), ('a', 'No', 0), ('a', 'No', 1)) t(p, s, gone)"
        )
    mapping = (
        "coopgov: mapping/1\nabout: phase\nkey: Id\ncolumns: {name: Id}\nchildren:\n  tasks:\n    data: plant.duckdb\n"
        "    query: select p, s from own where gone = 0\n    key: p\n    columns: {status: "
        "{from: s, values: {No: in progress}}}\n"
    )
    text = (
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        "  - {id: open, about: phase, kind: delay, measure: count(tasks where not done), bands: "
        "{minor: at least 1}, message: m}\n"
    )
    own, path = rules(text), written(tmp_path, "a", "b", header="Id")
    bound = portfolio.parse_mapping(mapping, own, str(tmp_path / "map.yaml"))
    summary = portfolio.check_table(path, bound, own, as_of=AS_OF)
    assert shown(summary, "decided", "hits") == [(2, 1)]
    assert [hit.value for hit in summary.worst[0].hits] == [2.0]
    bound = portfolio.parse_mapping(mapping.replace("own", "nope"), own, str(tmp_path / "map.yaml"))
    with pytest.raises(coopgov.MappingError, match="syntax: found Catalog Error"):
        portfolio.check_table(path, bound, own, as_of=AS_OF)


def test_a_file_that_needs_a_query(tmp_path: Path) -> None:
    """A JSON file, or a database, is not read as if it were CSV."""
    for name in ("data.json", "data.ndjson", "data.db"):
        (tmp_path / name).write_text("[]", encoding="utf-8")
        with pytest.raises(coopgov.MappingError, match="missing-key: found no query"):
            checked(tmp_path / name)
    for name in ("data.json", "data.parquet", "data.db"):
        (tmp_path / name).write_text("{", encoding="utf-8")
        with pytest.raises(coopgov.MappingError, match=f"{name}:1:1: unreadable-file: found "):
            checked(tmp_path / name, query=ALL)


def test_lines_that_are_no_rows_are_rejected_before_the_query(tmp_path: Path) -> None:
    """With their number in the file, also where the query has a row of that number; the sum comes out."""
    lines = ("a,01.03.2026,05.03.2026,100,200", "b,01.03.2026", "c,01.03.2026,05.03.2026,100,200", ",,,,")
    summary = checked(written(tmp_path, *lines), query=ALL + " order by Id desc")
    assert (summary.read, summary.checked, summary.rejected) == (4, 2, 2)
    assert problems(summary) == [
        ("", "ragged-row", 1, 2, "2 cells: b,01.03.2026"),
        ("Id", "missing-key", 1, 3, "nothing"),
    ]


def test_a_broken_parquet_file_is_bad_input(tmp_path: Path) -> None:
    """Also where it breaks in the middle."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "data.parquet"
    days = [date(2026, 3, 1)] * 50_000
    numbers = list(range(50_000))
    columns = {"Id": numbers, "Planned": days, "Ended": days, "Budget": numbers, "Spent": numbers}
    pq.write_table(pa.table(columns), path, row_group_size=10_000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2_000] = b"\xff" * 2_000
    path.write_bytes(data)
    for query in (None, ALL):
        with pytest.raises(coopgov.MappingError):
            checked(path, query=query)

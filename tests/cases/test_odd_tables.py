"""Tables with odd quotes, marks, symbols, times and types: cells are read correctly, and no row is lost silently."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import coopgov
from coopgov import portfolio
from coopgov.portfolio.ranges import in_calendar
from coopgov.source import QuotedRows
from optional import needs
from portfolio.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.portfolio import Summary

pa = pytest.importorskip("pyarrow", reason="needs coopgov[portfolio]")
pq = pytest.importorskip("pyarrow.parquet", reason="needs coopgov[portfolio]")
RULES = coopgov.parse_rules("""\
coopgov: rules/1
pack: own
version: 1.0.0
subjects: {supplier: {x: number, d: date, w: days, note: text}}
rules:
  - {id: number, about: supplier, kind: delay, measure: x, bands: {minor: at least -1000000000000}, message: m}
  - {id: day, about: supplier, kind: delay, measure: d - 2026-01-01, bands: {minor: at least -1000000 days}, message: m}
  - {id: wait, about: supplier, kind: delay, measure: w, bands: {minor: at least 0 days}, message: m}
""")
HEAD = "coopgov: mapping/1\nabout: supplier\nkey: id\n"
X = "columns: {x: x}\n"
D = "columns: {d: d}\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def run(
    data: Path, mapping: str, query: str | None = None
) -> tuple[dict[str, Any], list[tuple[Any, ...]], Summary]:
    """The value that is found of each subject, what is rejected, and the summary."""
    bound = portfolio.parse_mapping(HEAD + mapping, RULES, str(data.with_name("map.yaml")))
    outputs = portfolio.Outputs(data.with_name("hits.parquet"), rejects=data.with_name("rejects.parquet"))
    summary = portfolio.check_table(data, bound, RULES, as_of=date(2026, 6, 30), query=query, outputs=outputs)
    hits = {row["id"]: row["value"] for row in read(data.with_name("hits.parquet"))}
    rejects = [
        (row["row"], row["column"], row["code"], row["found"])
        for row in read(data.with_name("rejects.parquet"))
    ]
    return hits, rejects, summary


def text(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    """A file of exactly this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table(folder: Path, **columns: Any) -> Path:
    """A Parquet file."""
    path = folder / "t.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("rows", "kept", "broken"),
    [
        ('a,1,yes\nb,"2,yes\nd,3",yes\nc,4,no\n', {"a": 1, "c": 4}, [2, 3]),
        ('a,1,"yes\nc,3,no"\nd,4,yes\n', {"d": 4}, [1, 2]),
        ('a,1,yes\n",2,yes\n",3,yes\nd,4,yes\n', {"a": 1, "d": 4}, [2, 3]),
        ('",2,yes\nb,3,"\nd,4,yes\n', {"d": 4}, [1, 2]),
        ('a,1,"one, two\nthree"\nb,2,no\n', {"a": 1, "b": 2}, []),
        ('a,1,"one\ntwo, three"\nb,2,no\n', {"a": 1, "b": 2}, []),
        ('"a\nb",1,"c\nd"\nb,2,no\n', {"a\nb": 1, "b": 2}, []),
    ],
)
def test_rows_that_quotes_would_join(
    tmp_path: Path, rows: str, kept: dict[str, float], broken: list[int]
) -> None:
    """Lines that are rows each are never joined to one by stray quotes; cells of several lines are."""
    hits, rejects, _ = run(text(tmp_path, "id,x,note\n" + rows), "columns: {x: x, note: note}\n")
    assert hits == kept
    assert [(row, code) for row, _, code, _ in rejects] == [(row, "broken-quotes") for row in broken]


@given(
    st.integers(3, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.text('ab"', max_size=3), min_size=columns, max_size=columns), min_size=1, max_size=5
        )
    )
)
@example([["a", '"b', "c"], ['d"', "e", "f"]])
def test_no_line_swallows_another(cells: list[list[str]]) -> None:
    """Where each line has as many separators as a row, whatever its quotes, each line is one row."""
    lines = [",".join(row) + "\n" for row in cells]
    pieces = list(QuotedRows(",", len(cells[0])).pieces("".join(lines), final=True))
    assert "".join(piece.text for piece in pieces) == "".join(lines)
    sound = [piece for piece in pieces if not piece.broken]
    rows = [row for piece in sound for row in csv.reader(io.StringIO(piece.text, newline=""))]
    assert len(rows) + sum(piece.broken for piece in pieces) == len(lines)


@given(st.lists(st.integers(0, 40), max_size=4))
@example([0, 0, 5, 9, 17])
def test_marks_of_joined_files(tmp_path_factory: pytest.TempPathFactory, places: list[int]) -> None:
    """Byte order marks anywhere in a CSV file change nothing: programs put them where they join files."""
    content = 'sep=;\nid;x\na;1\n"b";2\nc;n/a\n'
    for place in places:
        content = content[:place] + "\ufeff" + content[place:]
    path = text(tmp_path_factory.mktemp("marks"), content)
    hits, rejects, summary = run(path, X + "not_applicable: n/a\n")
    assert (hits, rejects, summary.checked) == ({"a": 1, "b": 2}, [], 3)


def test_two_columns_can_hold_an_address(tmp_path: Path) -> None:
    """In a table of two columns, a cell of several lines may have a separator in each."""
    hits, rejects, _ = run(text(tmp_path, 'id,x\n"Road 5\nTown, X",1\n"a, b\nc",2\n'), X)
    assert (hits, rejects) == ({"Road 5\nTown, X": 1, "a, b\nc": 2}, [])


def test_a_zero_byte_spoils_its_cell_alone(tmp_path: Path) -> None:
    """Such a cell is faulty; what is no text at all is one fault, without an encoding that it is not in."""
    hits, rejects, _ = run(text(tmp_path, "id,x\na,1\0\nb,2\n"), X)
    assert (hits, rejects) == ({"b": 2}, [(1, "x", "not-a-number", "1\0")])
    for content in (
        b"PAR1\x15\x04\x15\0\n" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    ):
        with pytest.raises(coopgov.MappingError, match=r"zero bytes.*export a spreadsheet as CSV"):
            run(text(tmp_path, content), X)
    for encoding in ("utf-16-le", "utf-16-be"):
        with pytest.raises(coopgov.MappingError, match=f"write `csv: {{encoding: {encoding}}}`"):
            run(text(tmp_path, "id,x\r\n甲,1\r\n".encode(encoding)), X)


@pytest.mark.parametrize(
    ("prefix", "cell"),
    [("¥", "￥1500"), ("￥", "¥1500"), ("￥", "￥１５００"), ("£", "￡1500"), ("₩", "￦1500")],
)
def test_full_width_currency_symbols(tmp_path: Path, prefix: str, cell: str) -> None:
    """They mean what the others do, in the mapping file as in the cell."""
    hits, rejects, _ = run(text(tmp_path, f"id,x\na,{cell}\n"), X + f"number: {{prefix: {prefix}}}\n")
    assert (hits, rejects) == ({"a": 1500}, [])


def test_labels_that_are_no_letters(tmp_path: Path) -> None:
    """A label with bytes that are in another encoding is a faulty cell, reported once; the row is checked."""
    data = text(tmp_path, "id,x,name\na,1,甲\nb,2,ok\n".encode("gb18030"))
    hits, rejects, summary = run(data, X + "label: name\n")
    assert (hits, rejects) == ({"a": 1, "b": 2}, [(1, "name", "encoding", "\ufffd\ufffd")])
    assert (summary.checked, summary.faulty) == (2, 1)
    _, rejects, _ = run(data, "columns: {x: x, note: name}\nlabel: name\n")
    assert [(row, column) for row, column, _, _ in rejects] == [(1, "name")]


@given(st.sampled_from(["s", "ms", "us", "ns"]), st.integers(-(2**63) + 1, 2**63 - 1))
@example("ms", (2**32 + 20_000) * 86_400_000)
@example("us", -62_135_596_800 * 10**6)
@example("us", -62_135_596_800 * 10**6 - 1)
@example("us", 253_402_300_800 * 10**6 - 1)
@example("us", 253_402_300_800 * 10**6)
def test_times_in_the_calendar(unit: str, count: int) -> None:
    """Those of the years 1 to 9999, and no others."""
    per = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    try:
        _EPOCH + timedelta(seconds=count // per)
        inside = True
    except OverflowError:
        inside = False
    assert in_calendar(pa.array([count], pa.timestamp(unit))).to_pylist() == [inside]


def test_times_beyond_the_calendar(tmp_path: Path) -> None:
    """They are out of range, and never taken for a day that comes round to the same number."""
    times = pa.array([(2**32 + 20_000) * 86_400_000, 1_772_726_400_000], pa.timestamp("ms"))
    hits, rejects, _ = run(table(tmp_path, id=["a", "b"], d=times), D)
    assert (hits, [each[:3] for each in rejects]) == ({"b": 63}, [(1, "d", "out-of-range")])
    for on in (
        pa.array([2**31 - 1, 20_000, -719_162, 2_932_896], pa.date32()),
        pa.array([2**62, 5, 1, 7], pa.timestamp("us", "UTC")),
    ):
        data = table(tmp_path, id=["a", "a", "b", "b"], x=[1, 2, 3, 4], on=on)
        hits, rejects, summary = run(data, X + "keep: {newest: on}\ntime_zone: Asia/Shanghai\n")
        assert (hits, [each[:3] for each in rejects]) == ({"a": 2, "b": 4}, [(1, "on", "not-a-date")])
        assert summary.left_out == 1


def test_json_of_several_types(tmp_path: Path) -> None:
    """A text in a column of JSON is that text, without its quotes, whatever else the column holds."""
    needs("duckdb")
    lines = ('{"id":"a","x":1}', '{"id":"b","x":"2"}', '{"id":"c","x":"n/a"}', '{"id":"d","x":null}')
    data = text(tmp_path, "\n".join((*lines, '{"id":"e","x":{"k":1}}')), "t.jsonl")
    hits, rejects, _ = run(data, X + "not_applicable: n/a\n", "select * from data")
    assert (hits, rejects) == ({"a": 1, "b": 2}, [(5, "x", "not-a-number", '{"k":1}')])


def test_an_interval_with_months_in_a_later_batch(tmp_path: Path) -> None:
    """It is a fault wherever it comes, since a month is no number of days."""
    needs("duckdb")
    query = (
        "select range::varchar as id, case when range = 150000 then interval 1 month else interval 1 "
        "day end as w from range(160000)"
    )
    with pytest.raises(
        coopgov.MappingError, match=r"wrong-type: found .* with months, expected intervals of days"
    ):
        run(text(tmp_path, "id\na\n"), "columns: {w: w}\n", query)


TASKS = {"id": ["a", "b"], "planned_end": [date(2026, 3, 1)] * 2, "status": ["in progress", "done"]}


@pytest.mark.parametrize("engine", ["polars", "lazy", "pandas", "pyarrow", "duckdb", "dask"])
def test_shipped_rules_that_columns_cannot_express(engine: str) -> None:
    """A frame of tasks without that of their predecessors: the rule about those is left out, with the reason."""
    frame: Any = pa.table(TASKS)
    if engine in ("polars", "lazy"):
        polars = pytest.importorskip("polars")
        frame = polars.from_arrow(frame).lazy() if engine == "lazy" else polars.from_arrow(frame)
    elif engine == "duckdb":
        frame = pytest.importorskip("duckdb", reason="needs duckdb").from_arrow(frame)
    elif engine != "pyarrow":
        frame = frame.to_pandas(date_as_object=False)
        dask = pytest.importorskip("dask.dataframe", reason="needs dask") if engine == "dask" else None
        frame = dask.from_pandas(frame, npartitions=2) if dask else frame
    found = portfolio.check(frame, coopgov.load_rules(), "task", as_of=date(2026, 6, 30))
    assert found.left_out == ("predecessor-late",)
    assert found.inexpressible == {
        "predecessor-late": "it needs the frame of its `links`; pass it in `children`"
    }


def test_batches_leave_shipped_rules_out() -> None:
    """Those that read a collection; a rule that somebody changed is his own, and is refused."""
    find = portfolio.batch_function(coopgov.load_rules(), "task", as_of=date(2026, 6, 30))
    assert find.left_out == ("predecessor-late",)
    rows = find(pa.RecordBatch.from_pydict(TASKS)).to_pylist()
    assert [(row["id"], row["rule"]) for row in rows if row["severity"]] == [("a", "task-overdue")]
    mine = coopgov.parse_rules(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        "  - {id: mine, about: task, kind: delay, when: any(predecessors where not done), "
        "severity: minor, message: m}\n"
    )
    for ask in (
        lambda: portfolio.batch_function(mine, "task", as_of=date(2026, 6, 30)),
        lambda: portfolio.check(pa.table(TASKS), mine, "task", as_of=date(2026, 6, 30)),
    ):
        with pytest.raises(coopgov.errors.BackendError, match="predecessors") as shown:
            ask()
        assert shown.value.place is not None


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow", "dask"])
def test_the_worst_of_equal_subjects(tmp_path: Path, engine: str) -> None:
    """Equally bad subjects are in the order of their rows, whatever the order of the engine."""
    needs(engine)
    data = text(tmp_path, "id,x\n" + "".join(f"k{at},1\n" for at in range(2000)))
    bound = portfolio.parse_mapping(HEAD + X, RULES, "map.yaml")
    summary = portfolio.check_table(data, bound, RULES, as_of=date(2026, 6, 30), engine=engine, worst=30)
    assert [each.key["id"] for each in summary.worst] == [f"k{at}" for at in range(30)]


@given(
    st.lists(st.sampled_from(["id", "x", " x", "y"]), min_size=1, max_size=5), st.integers(1, 4) | st.none()
)
@example(["id", "x"], 2)
def test_which_column_of_a_name(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], which: int | None
) -> None:
    """The column that is asked for, or a fault that says how many there are, in CSV as in Parquet."""
    mapping = f"columns: {{x: {{from: x, which: {which}}}}}\n" if which else X
    own = ["id", *(each for each in headers if each != "id")]
    folder = tmp_path_factory.mktemp("which")
    lines = ",".join(own) + "\n" + ",".join("a" if each == "id" else str(at) for at, each in enumerate(own))
    arrays = [pa.array(["a"]) if each == "id" else pa.array([at]) for at, each in enumerate(own)]
    pq.write_table(pa.Table.from_arrays(arrays, names=own), parquet := folder / "t.parquet")
    alike = [at for at, each in enumerate(own) if each.strip() == "x"]
    exact = [at for at, each in enumerate(own) if each == "x"]
    places = exact if exact and not which else alike
    for data in (text(folder, lines), parquet):
        if which and which <= len(places):
            assert run(data, mapping)[0] == {"a": places[which - 1]}
        elif not which and len(places) == 1:
            assert run(data, mapping)[0] == {"a": places[0]}
        else:
            with pytest.raises(coopgov.MappingError, match='unknown-header: found the column "x"'):
                run(data, mapping)


@pytest.mark.parametrize(
    ("file", "query", "message"),
    [
        (
            "k.csv",
            "query: select nope from data, ",
            "^children.tasks.query:1:1: syntax: found Binder Error",
        ),
        (
            "k.csv",
            "query: select error('boom') as p from data, ",
            "^children.tasks.query:1:1: syntax: found .*boom",
        ),
        ("k.json", "", "k.json:1:1: missing-key: .*children.tasks.query 'select …'"),
    ],
)
def test_a_query_of_children_is_distinct_from_that_of_the_table(
    tmp_path: Path, file: str, query: str, message: str
) -> None:
    """A fault says which of the queries is wrong."""
    needs("duckdb")
    text(tmp_path, "p\na\n", file)
    children = f"children: {{tasks: {{data: {file}, {query}key: p, columns: {{name: p}}}}}}\n"
    rules = coopgov.load_rules()
    mapping = "coopgov: mapping/1\nabout: phase\nkey: id\ncolumns: {planned_end: end}\n" + children
    bound = portfolio.parse_mapping(mapping, rules, str(tmp_path / "map.yaml"))
    with pytest.raises(coopgov.MappingError, match=message):
        portfolio.check_table(text(tmp_path, "id,end\na,2026-01-01\n"), bound, rules, as_of=date(2026, 6, 30))

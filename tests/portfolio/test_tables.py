"""Whole tables: every row is checked, rejected with its reason, or left out and counted."""

from __future__ import annotations

import gzip
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov import portfolio
from coopgov.portfolio import csv_source, engines, sources
from portfolio.tables import AS_OF, MAPPING, RULES, checked, problems, read, rules, shown, written

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (
    "a,01.03.2026,05.03.2026,1'000,1'200.50",
    "b,01.03.2026,01.03.2026,100,100",
    "c,01.03.2026,20.03.2026,N/A,500",
    "d,01.03.2026,,100,-",
    "e,-,20.03.2026,100,100",
)


def test_what_each_rule_says_of_a_table(tmp_path: Path) -> None:
    """For how many subjects a rule is decided, for how many it holds, and what is missing where it is undetermined.

    The phase with a code in place of its budget has no overspend; the one without spending is undetermined; one that
    runs is not for the rule about those that ended.
    """
    summary = checked(written(tmp_path, *GOOD))
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (5, 5, 0, 0)
    assert shown(summary, "rule", "decided", "severities", "undetermined", "missing") == [
        ("late", 3, {"major": 1, "minor": 1}, 1, {"planned_end": 1}),
        ("dear", 3, {"minor": 1}, 1, {"spent": 1}),
    ]
    assert summary.subjects == {
        "critical": 0,
        "major": 1,
        "minor": 1,
        "notice": 0,
        "undetermined": 2,
        "clear": 1,
    }
    assert summary.status == "major"
    assert summary.undetermined_share == pytest.approx(2 / 8)


def test_the_worst_subjects_come_first(tmp_path: Path) -> None:
    """By the number of hits of each severity, then by how far the threshold is passed; as many as are asked for."""
    lines = [f"x{n},01.03.2026,{n:02d}.03.2026,100,{100 + n}" for n in range(2, 31)]
    summary = checked(written(tmp_path, *lines), worst=3)
    assert [each.key for each in summary.worst] == [{"Id": "x30"}, {"Id": "x29"}, {"Id": "x28"}]
    assert [(hit.rule, hit.severity, hit.value) for hit in summary.worst[0].hits] == [
        ("late", "major", 29.0),
        ("dear", "minor", pytest.approx(0.3)),
    ]


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """The summary and the files are the same, however many rows are checked at once."""
    broken = (
        "f,soon,,1,1",
        "a,01.03.2026,,1,1",
        "g,01.03.2026",
        *(f"k{n},01.03.2026,09.03.2026,10,{n}" for n in range(9)),
    )
    path = written(tmp_path, *GOOD[:2], *broken, *GOOD[2:])
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    expected = checked(path, outputs=portfolio.Outputs(whole))
    monkeypatch.setattr(sources, "BATCH_ROWS", rows)
    monkeypatch.setattr(sources.regrouped, "__defaults__", (rows,))
    assert checked(path, outputs=portfolio.Outputs(parts)).to_dict() == expected.to_dict()
    assert _sorted(read(parts)) == _sorted(read(whole))


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["Id"], row["rule"]))


@pytest.mark.parametrize("engine", ["duckdb", "pandas", "pyarrow"])
def test_every_engine_gives_the_same(tmp_path: Path, engine: str) -> None:
    """What checks the rows makes no difference."""
    pytest.importorskip(engine, reason=f"needs {engine}")
    path = written(tmp_path, *GOOD, "z,yesterday,,1,1")
    assert checked(path, engine=engine).to_dict() == checked(path).to_dict()


def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    """The error names those that are."""
    with pytest.raises(coopgov.BackendError) as error:
        checked(written(tmp_path, *GOOD), engine="flink")
    assert str(error.value).startswith(
        "the backend flink cannot be used: a portfolio is not checked with it; use polars"
    )


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    """Unreadable cells and rejected rows are reported with number, column, text and reason; the rest is checked."""
    lines = [
        "a,01.03.2026,05.03.2026,1'000,1'200.50",
        "b,31.02.2026,01.03.2026,1'00,x",
        "c,01.03.2026",
        '"d",01.03.2026,01.03.2026,"1\'000",5',
        "a,01.03.2026,05.03.2026,1,1",
        ",01.03.2026,05.03.2026,1,1",
        "e,01.03.2026,05.03.2026,1,1,1",
        "skip me,soon,,,",
    ]
    outputs = portfolio.Outputs(tmp_path / "hits.parquet", tmp_path / "unsure.csv", tmp_path / "rejects.csv")
    summary = checked(written(tmp_path, *lines), MAPPING + "skip: {Id: skip me}\n", outputs=outputs)
    assert summary.read == len(lines)
    assert (summary.checked, summary.rejected, summary.left_out) == (3, 4, 1)
    assert (summary.faulty, summary.all_faulty) == (1, 5)
    rejects = [tuple(row.values()) for row in read(tmp_path / "rejects.csv")]
    assert rejects == [
        (2, "Planned", "not-a-date", "31.02.2026", "a date as DD.MM.YYYY"),
        (2, "Budget", "not-a-number", "1'00", "a number such as 1'234.5"),
        (2, "Spent", "not-a-number", "x", "a number such as 1'234.5"),
        (3, "", "ragged-row", "2 cells: c,01.03.2026", "5 cells"),
        (5, "Id", "duplicate-key", "a", "a key of its own; row 1 has the same"),
        (6, "Id", "missing-key", "nothing", "what names the subject"),
        (7, "", "ragged-row", "6 cells: e,01.03.2026,05.03.2026,1,1,1", "5 cells"),
    ]
    assert [(row["Id"], row["rule"], row["severity"]) for row in read(tmp_path / "hits.parquet")] == [
        ("a", "late", "minor"),
        ("a", "dear", "minor"),
    ]
    assert [tuple(row.values()) for row in read(tmp_path / "unsure.csv")] == [
        ("b", "late", "planned_end", "unreadable cell"),
        ("b", "dear", "budget, spent", "unreadable cell"),
    ]
    assert {each.name for each in tmp_path.iterdir()} == {
        "data.csv",
        "hits.parquet",
        "unsure.csv",
        "rejects.csv",
    }


def test_broken_letters_break_their_row_alone(tmp_path: Path) -> None:
    """A cell that is not in UTF-8 is reported; the other rows are checked."""
    path = tmp_path / "data.csv"
    path.write_bytes("Id,Planned,Ended,Budget,Spent\na,01.03.2026,,1,1\nb,M\u00e4rz,,1,1\n".encode("latin-1"))
    assert problems(checked(path)) == [("Planned", "encoding", 1, 2, "M\ufffdrz")]
    with_encoding = MAPPING + "csv: {encoding: latin-1}\n"
    assert problems(checked(path, with_encoding)) == [("Planned", "not-a-date", 1, 2, "M\u00e4rz")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """A byte-order mark is not part of the first header, and the mapping file can set an encoding."""
    path = tmp_path / "data.csv"
    path.write_text("Id,Planned,Ended,Budget,Spent\na,01.03.2026,02.03.2026,1,1\n", encoding=encoding)
    told_ = "" if encoding == "utf-8-sig" else f"csv: {{encoding: {encoding}}}\n"
    assert checked(path, MAPPING + told_).subjects["minor"] == 1


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    """By the columns of the mapping file; quoted cells can hold it, and line breaks."""
    header = separator.join(['"a, b; c"', "Id", "Planned", "Ended", "Budget ", "Spent"])
    line = separator.join([f'"x{separator}\ny"', "a", "01.03.2026", "20.03.2026", "1", "1"])
    summary = checked(written(tmp_path, line, header=header))
    assert (summary.read, summary.subjects["major"]) == (1, 1)


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    """By its ending."""
    path = tmp_path / "data.csv.gz"
    packed = gzip.compress(written(tmp_path, *GOOD).read_bytes())
    path.write_bytes(packed)
    assert checked(path).checked == len(GOOD)
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(coopgov.MappingError, match=r"unreadable-file: found .*, expected a whole file"):
        checked(path)


def test_rows_have_their_numbers_where_nothing_names_them(tmp_path: Path) -> None:
    """Without a key the number of the row is the key; rows that were rejected count, too."""
    path = written(tmp_path, "a,01.03.2026", *GOOD, *GOOD)
    outputs = portfolio.Outputs(tmp_path / "hits.csv")
    summary = checked(path, MAPPING.replace("key: Id\n", "label: Id\n"), outputs=outputs)
    assert (summary.checked, summary.rejected) == (10, 1)
    assert [(row["row"], row["rule"]) for row in read(tmp_path / "hits.csv") if row["rule"] == "dear"] == [
        (2, "dear"),
        (7, "dear"),
    ]
    assert [(each.key, each.label) for each in summary.worst[:1]] == [({"row": 4}, {"Id": "c"})]


def test_several_columns_can_be_the_key(tmp_path: Path) -> None:
    """They are in the results under their own names; a name that the result already has is made distinct."""
    path = written(tmp_path, "x,1,09.03.2026", "x,2,09.03.2026", "x,2,01.01.2026", header="rule,Part,Planned")
    mapping = "coopgov: mapping/1\nabout: phase\nkey: [rule, Part]\ndate: DD.MM.YYYY\ncolumns: {planned_end: Planned}\n"
    text = RULES.replace("where: ended, ", "").partition("  - {id: dear")[0]
    summary = checked(path, mapping, text, outputs=portfolio.Outputs(tmp_path / "hits.csv"))
    assert [tuple(row.values())[:3] for row in read(tmp_path / "hits.csv")] == [
        ("x", 1, "late"),
        ("x", 2, "late"),
    ]
    assert list(read(tmp_path / "hits.csv")[0])[:3] == ["key rule", "Part", "rule"]
    assert problems(summary) == [("rule, Part", "duplicate-key", 1, 3, "x, 2")]


def test_rows_can_be_chosen(tmp_path: Path) -> None:
    """`only` and `skip` name texts of columns, which need not be facts; what is left out is counted, and never read."""
    path = written(tmp_path, *GOOD, "f,garbage,,,")
    summary = checked(path, MAPPING + "only: {Id: [a, b, f]}\nskip: {Planned: garbage}\n")
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (6, 2, 0, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "data.csv:1:1: empty-file: found nothing, expected a header row, and rows below it"),
        (
            "Id,Planned,Ended,Budget,Spent\n",
            "data.csv:1:1: empty-file: found a header, and nothing below it, expected one row or more",
        ),
        ("\x00\x01", "data.csv:1:1: encoding: found zero bytes, expected a text in utf-8"),
        (
            '\nId,"Planned" day,Ended,Budget,Spent\na,01.03.2026,,1,1\n',
            (
                "data.csv:1:1: broken-quotes: found a quote in the wrong place in line 2, the "
                "header, expected quotes around whole cells"
            ),
        ),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, text: str, message: str) -> None:
    """They end with one clear error, and write nothing."""
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(coopgov.MappingError) as error:
        checked(path, outputs=portfolio.Outputs(tmp_path / "hits.parquet"))
    assert str(error.value).replace(f"{tmp_path}/", "").startswith(message)
    assert [each.name for each in tmp_path.iterdir()] == ["data.csv"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is reported by its name, whatever its extension."""
    for name in ("data.csv", "data.parquet"):
        with pytest.raises(coopgov.MappingError, match=f"{name}:1:1: unreadable-file: found "):
            checked(tmp_path / name)
    with pytest.raises(coopgov.MappingError, match="unreadable-file: found No such file"):
        checked(tmp_path / "data.duckdb", query="select 1")


def test_headers_that_are_not_there(tmp_path: Path) -> None:
    """All of them at once, at their places in the mapping file, with what comes near."""
    path = written(tmp_path, "1,2,3", header="Id ,Plannd, Id")
    with pytest.raises(coopgov.MappingError) as error:
        checked(path)
    codes = [(fault.place.line, fault.code, fault.found, fault.hint) for fault in error.value.faults]
    listed = "columns: Id, Plannd, Id"
    assert codes == [
        (
            4,
            "unknown-header",
            'the column "Id", 2 times',
            "write which one: {from: Id, which: 2} is the last",
        ),
        (9, "unknown-header", 'the column "Planned"', 'did you mean "Plannd"?'),
        (9, "unknown-header", 'the column "Ended"', listed),
        (9, "unknown-header", 'the column "Budget"', listed),
        (9, "unknown-header", 'the column "Spent"', listed),
    ]


def test_outputs_have_to_be_of_a_known_sort(tmp_path: Path) -> None:
    """The ending says which; nothing is read before that is clear."""
    with pytest.raises(coopgov.MappingError, match=r'found the ending ".xlsx", expected .parquet or .csv'):
        checked(written(tmp_path, *GOOD), outputs=portfolio.Outputs(tmp_path / "hits.xlsx"))
    with pytest.raises(coopgov.MappingError, match="unwritable-file: found No such file or directory"):
        checked(written(tmp_path, *GOOD), outputs=portfolio.Outputs(tmp_path / "no" / "hits.csv"))


def test_parquet_has_types_of_its_own(tmp_path: Path) -> None:
    """Dates and numbers are taken as they are; texts, codes and wrong types are read as in CSV.

    Whole numbers stay keys.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "Id": [1, 2, 3, 4],
            "Planned": pa.array(["2026-03-01"] * 4).cast(pa.date32()),
            "Ended": pa.array(["05.03.2026", None, "N/A", "never"]),
            "Budget": pa.array([100.0, float("nan"), -1.0, 100.0]),
            "Spent": pa.array(["200", None, "1", "1"]).cast(pa.decimal128(9, 2)),
        }
    )
    path = tmp_path / "data.parquet"
    pq.write_table(table, path, row_group_size=2)
    mapping = MAPPING.replace("budget: Budget", 'budget: {from: Budget, not_applicable: "-1"}')
    summary = checked(path, mapping, outputs=portfolio.Outputs(tmp_path / "hits.parquet"))
    assert problems(summary) == [("Ended", "not-a-date", 1, 4, "never")]
    assert shown(summary, "rule", "decided", "hits", "undetermined") == [("late", 1, 1, 0), ("dear", 2, 1, 0)]
    assert [row["Id"] for row in read(tmp_path / "hits.parquet")] == [1, 1]
    other = tmp_path / "other.parquet"
    other.write_bytes(b"no parquet at all")
    with pytest.raises(coopgov.MappingError, match="unreadable-file"):
        checked(other)


def test_a_query_gives_the_rows(tmp_path: Path) -> None:
    """Of a DuckDB file, or of a CSV or Parquet file, which is the table `data`."""
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    path = written(tmp_path, *GOOD)
    query = "select Id, Planned, Ended, Budget, Spent from data where Id <> 'a' order by Id"
    assert checked(path, query=query).subjects["major"] == 1
    with duckdb.connect(str(tmp_path / "own.duckdb")) as connection:
        connection.read_csv(str(path), all_varchar=True).create("own")
    assert checked(tmp_path / "own.duckdb", query="select * from own").to_dict()["rows"] == {
        "read": 5,
        "checked": 5,
        "rejected": 0,
        "left_out": 0,
    }
    for data, asked, message in (
        (tmp_path / "own.duckdb", None, "missing-key: found no query"),
        (tmp_path / "own.duckdb", "select nothing from own", "syntax: found Binder Error"),
        (path, "selct", "syntax: found Parser Error"),
    ):
        with pytest.raises(coopgov.MappingError, match=message):
            checked(data, query=asked)


TASKS = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: open, about: phase, kind: delay, measure: count(tasks where not done), bands: {minor: at least 2}, message: m}
"""
CHILDREN = """\
coopgov: mapping/1
about: phase
key: Id
columns: {name: Id}
children:
  tasks: {data: tasks.csv, key: Phase, columns: {status: {from: State, values: {Yes: done, No: in progress}}}}
"""


def test_rules_about_collections_need_their_table(tmp_path: Path) -> None:
    """The tables of collections are named in the mapping file; without them, the rule is refused by name."""
    path = written(tmp_path, "a", "b", "c", header="Id")
    written(tmp_path, "a,No", "a,No", "b,Yes", "b,No", "z,No", name="tasks.csv", header="Phase,State")
    own = rules(TASKS)
    (tmp_path / "map.yaml").write_text(CHILDREN, encoding="utf-8")
    bound = portfolio.load_mapping(tmp_path / "map.yaml", own)
    summary = portfolio.check_table(path, bound, own, as_of=AS_OF)
    assert shown(summary, "decided", "hits") == [(3, 1)]
    assert summary.unmatched == {"tasks": 1}
    assert summary.worst[0].key == {"Id": "a"}
    with pytest.raises(coopgov.BackendError, match=r"open.*tasks"):
        checked(path, CHILDREN.partition("children")[0], TASKS)


def test_items_that_cannot_be_read(tmp_path: Path) -> None:
    """The fact of such a cell is unknown for its item, and what is counted of the items has bounds.

    An item without a key is rejected.
    """
    path = written(tmp_path, "a", "b", "c", header="Id")
    items = ("a,No", "a,Perhaps", "b,No", "b,No", "b,Perhaps", "c,Yes", ",No")
    written(tmp_path, *items, name="tasks.csv", header="Phase,State")
    own = rules(TASKS.replace("not done", 'status is not "done"'))
    bound = portfolio.parse_mapping(CHILDREN, own, str(tmp_path / "map.yaml"))
    outputs = portfolio.Outputs(tmp_path / "hits.csv", tmp_path / "unsure.csv", tmp_path / "rejects.csv")
    summary = portfolio.check_table(path, bound, own, as_of=AS_OF, outputs=outputs)
    assert shown(summary, "decided", "hits", "because") == [(2, 1, {"unreadable cell": 1})]
    assert [tuple(row.values())[:3] for row in read(tmp_path / "unsure.csv")] == [
        ("a", "open", "tasks.status"),
    ]
    assert [tuple(row.values())[:4] for row in read(tmp_path / "rejects.csv")] == [
        (2, "tasks.State", "unknown-choice", "Perhaps"),
        (5, "tasks.State", "unknown-choice", "Perhaps"),
        (7, "tasks.Phase", "missing-key", "nothing"),
    ]
    assert summary.items["tasks"].to_dict() == {"read": 7, "rejected": 1, "faulty": 2, "unmatched": 0}
    assert (summary.faulty, summary.all_faulty, summary.all_read) == (0, 3, 10)


def test_rules_about_warnings_are_named(tmp_path: Path) -> None:
    """A table has no warnings: such rules are left out, and reported."""
    text = (
        RULES
        + "  - {id: again, about: phase, kind: delay, when: count(warnings) above 1, severity: minor, message: m}\n"
    )
    summary = checked(written(tmp_path, *GOOD), text=text)
    assert summary.rules_left_out == ("again",)
    assert [each.rule for each in summary.rules] == ["late", "dear"]


def test_progress_is_reported(tmp_path: Path) -> None:
    """After each batch: how many rows, and which share of all."""
    seen: list[tuple[int, float | None]] = []
    checked(written(tmp_path, *GOOD), progress=lambda rows, share: seen.append((rows, share)))
    assert seen == [(5, 1.0)]


def test_memory_does_not_grow_with_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Arrow holds at its highest is the same for a table and for one four times as long."""
    import pyarrow as pa

    monkeypatch.setattr(sources.regrouped, "__defaults__", (500,))
    monkeypatch.setattr(csv_source, "_BLOCK", 20_000)
    highest = []
    for rows in (4_000, 16_000):
        held: list[int] = []
        lines = [f"{n:05},01.03.2026,{1 + n % 30:02}.03.2026,100,{n % 200}" for n in range(rows)]
        path = written(tmp_path, *lines, name=f"{rows}.csv")
        outputs = portfolio.Outputs(tmp_path / "hits.csv")
        before = pa.total_allocated_bytes()
        checked(
            path,
            outputs=outputs,
            progress=lambda *_, held=held, before=before: held.append(pa.total_allocated_bytes() - before),
        )
        assert len(held) == rows / 500
        highest.append(max(held[1:]))
    assert highest[1] < 1.3 * highest[0]


def test_all_rows_can_be_rejected(tmp_path: Path) -> None:
    """Then nothing is checked, which must not look like success, and all of them are reported."""
    summary = checked(written(tmp_path, ",soon,,,", "b"), outputs=portfolio.Outputs(tmp_path / "hits.csv"))
    assert (summary.checked, summary.rejected, summary.status) == (0, 2, "undetermined")
    assert summary.undetermined_share is None
    assert read(tmp_path / "hits.csv") == []


def test_many_broken_rows_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written and released like whole batches, even if no good row is between them."""
    monkeypatch.setattr(sources.regrouped, "__defaults__", (100,))
    monkeypatch.setattr(csv_source, "_BLOCK", 500)
    seen: list[int] = []
    path = written(tmp_path, *GOOD, *("x" for _ in range(2_000)), "z,01.03.2026,05.03.2026,1,1")
    outputs = portfolio.Outputs(rejects=tmp_path / "rejects.parquet")
    summary = checked(path, outputs=outputs, progress=lambda rows, _: seen.append(rows))
    assert (summary.read, summary.checked, summary.rejected) == (2_006, 6, 2_000)
    assert len(seen) > 5
    assert [row["row"] for row in read(tmp_path / "rejects.parquet")] == list(range(6, 2_006))


def test_files_are_not_written_over(tmp_path: Path) -> None:
    """Neither the table, nor one result by another."""
    path = written(tmp_path, *GOOD)
    for outputs in (
        portfolio.Outputs(path),
        portfolio.Outputs(tmp_path / "x.csv", tmp_path / "no" / ".." / "x.csv"),
    ):
        with pytest.raises(
            coopgov.MappingError, match="unwritable-file: found a file that is already in use"
        ):
            checked(path, outputs=outputs)
    assert path.read_text(encoding="utf-8").startswith("Id,")


def test_rules_must_be_about_the_subjects(tmp_path: Path) -> None:
    """Without any, all would seem to be well."""
    mapping = MAPPING.partition("columns")[0].replace("phase", "goal") + "columns: {due: Planned}\n"
    with pytest.raises(
        coopgov.MappingError, match=r'map.yaml:2:8: no-rules: found "goal", which no rule is about'
    ):
        checked(written(tmp_path, *GOOD), mapping)


def test_what_is_not_installed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    path = written(tmp_path, *GOOD)
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "polars" else name)
    with pytest.raises(
        coopgov.BackendError,
        match="polars cannot be used: it is not installed; run `pip install polars`; use duckdb",
    ):
        checked(path)
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    with pytest.raises(coopgov.BackendError, match=r"run `pip install \"coopgov\[portfolio\]\"`"):
        checked(path)


def test_numbers_beyond_all_figures_are_out_of_range(tmp_path: Path) -> None:
    """Their facts are unknown; NaN, which programs write for nothing, is absent."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = ("a,01.03.2026,01.03.2026,1e400,1", "b,01.03.2026,01.03.2026,1e99,1")
    summary = checked(written(tmp_path, *lines))
    assert problems(summary) == [("Budget", "out-of-range", 1, 1, "1e400")]
    assert shown(summary, "because") == [({},), ({"out of range": 1},)]
    day = date(2026, 3, 1)
    columns = {"Id": ["a", "b", "c"], "Planned": [day] * 3, "Ended": [day] * 3, "Spent": [1, 2, 3]}
    table = pa.table({**columns, "Budget": [float("inf"), float("nan"), -1e101]})
    pq.write_table(table, tmp_path / "data.parquet")
    summary = checked(tmp_path / "data.parquet")
    assert problems(summary) == [("Budget", "out-of-range", 2, 1, "inf")]
    assert shown(summary, "because", "not_set") == [({}, {}), ({"out of range": 2}, {"budget": 1})]
    assert (summary.checked, summary.faulty) == (3, 2)


def test_columns_of_lists_are_refused(tmp_path: Path) -> None:
    """They have no text that a cell could be."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"Id": ["a"], "Planned": [[1]]}), tmp_path / "data.parquet")
    mapping = "coopgov: mapping/1\nabout: phase\nkey: Id\ncolumns: {planned_end: Planned}\n"
    with pytest.raises(
        coopgov.MappingError, match='column "Planned":1:1: wrong-type: found a column of list'
    ):
        checked(tmp_path / "data.parquet", mapping)


def test_keys_of_items_are_brought_to_those_of_their_subjects(tmp_path: Path) -> None:
    """A table of subjects with numbers for keys, and items in a CSV file.

    A file without items is an empty collection.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"Id": [1, 2]}), tmp_path / "data.parquet")
    own = rules(TASKS)
    bound = portfolio.parse_mapping(CHILDREN, own, str(tmp_path / "map.yaml"))
    for items, hits in ((["2,No", "2,No"], 1), ([], 0)):
        written(tmp_path, *items, name="tasks.csv", header="Phase,State")
        summary = portfolio.check_table(tmp_path / "data.parquet", bound, own, as_of=AS_OF)
        assert shown(summary, "decided", "hits") == [(2, hits)]


def test_what_is_past_is_counted_apart(tmp_path: Path) -> None:
    """It is a row of the hits with `past`, but makes no subject worse and is no hit of its rule."""
    shipped = coopgov.load_rules()
    mapping = portfolio.parse_mapping(
        "coopgov: mapping/1\nabout: phase\nkey: Id\ncolumns: {planned_end: Due, actual_end: Ended}\n", shipped
    )
    table = tmp_path / "phases.csv"
    table.write_text("Id,Due,Ended\na,2026-03-31,2026-04-20\nb,2026-03-31,\n", encoding="utf-8")
    outputs = portfolio.Outputs(hits=tmp_path / "hits.parquet")
    summary = portfolio.check_table(table, mapping, shipped, as_of=AS_OF, outputs=outputs)
    late = next(each for each in summary.rules if each.rule == "phase-late-days")
    assert (late.decided, late.hits, late.past, late.to_dict()["past"]) == (2, 1, 1, 1)
    rows = [row for row in read(tmp_path / "hits.parquet") if row["rule"] == late.rule]
    assert [(row["Id"], row["severity"], row["past"]) for row in rows] == [
        ("a", "notice", True),
        ("b", "notice", False),
    ]
    assert {each.key["Id"] for each in summary.worst} == {"b"}

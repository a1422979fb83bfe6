"""Unreadable cells of each sort in each sort of column: their fact is unknown, and nothing else is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov import portfolio
from portfolio.tables import AS_OF, MAPPING, RULES, read, rules, written

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Fact

CATALOGUE = coopgov.load_rules().catalogue
ABOUT = ("phase", "task", "kpi", "milestone", "deliverable", "goal", "member", "risk")
FACTS = [
    pytest.param(fact, id=f"{about}-{fact.name}")
    for about in ABOUT
    for fact in CATALOGUE.about(about)
    if fact.type is not None
    and not fact.of
    and fact.type.kind not in ("collection", "texts")
    and (fact.type.kind != "text" or fact.type.choices)
]
UNREADABLE = {
    "date": ("soon", "2026-02-30", "30.01.2026", "0000-01-01", "2026"),
    "truth": ("maybe", "1", "yes"),
    "text": ("somehow", "Done?"),
    "number": ("n.n.", "1,5", "1 000", "--1", "1.5.2", "NaN", "∞", "12%", "TRUE", "2026-01-01"),
}
GOOD = {"date": "2026-01-05", "truth": "true", "number": "1"}


def asked(fact: Fact) -> str:
    """A condition that has no value without the fact."""
    kind = fact.type
    assert kind is not None
    conditions = {
        "date": f"{fact.name} above as_of",
        "truth": fact.name,
        "text": f'{fact.name} is "{kind.choices[0] if kind.choices else ""}"',
    }
    return conditions.get(kind.kind, f"{fact.name} + {fact.name} above {fact.name}")


def outside(fact: Fact) -> list[str]:
    """Cells with numbers that the fact cannot be."""
    kind, limits = fact.type, fact.range
    assert kind is not None
    if not kind.numeric:
        return []
    found = ["1e400", "-1e101"]
    found += [] if limits.least is None else [str(limits.least - 1), f"{limits.least - 0.001:.3f}"]
    found += [] if limits.most is None else [str(limits.most + 1), f"{limits.most + 0.001:.3f}"]
    return [*found, "0.5"] if limits.whole else found


@pytest.mark.parametrize("fact", FACTS)
def test_each_sort_of_bad_cell_in_each_sort_of_column(tmp_path: Path, fact: Fact) -> None:
    """The rule that reads it is undetermined and says why, the other is always decided, and the cells are reported."""
    kind = fact.type
    assert kind is not None
    sort = "number" if kind.numeric else kind.kind
    good = kind.choices[0] if kind.choices else GOOD[sort]
    unreadable, out = list(UNREADABLE[sort]), outside(fact)
    cells = [good, *unreadable, *out]
    stream = io.StringIO()
    csv.writer(stream).writerows([["Id", "Cell", "Other"], *([n, cell, "a"] for n, cell in enumerate(cells))])
    path = tmp_path / "data.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    own = rules(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        f"  - {{id: reads, about: {fact.about}, kind: delay, when: '{asked(fact)}', severity: minor, message: m}}\n"
        f"  - {{id: other, about: {fact.about}, kind: delay, when: 'name is \"a\"', severity: minor, message: m}}\n"
    )
    text = f"coopgov: mapping/1\nabout: {fact.about}\nkey: Id\ncolumns: {{{fact.name}: Cell, name: Other}}\n"
    outputs = portfolio.Outputs(tmp_path / "hits.csv", tmp_path / "unsure.csv", tmp_path / "rejects.csv")
    mapping = portfolio.parse_mapping(text, own)
    summary = portfolio.check_table(path, mapping, own, as_of=AS_OF, outputs=outputs)
    assert (summary.read, summary.checked, summary.rejected) == (len(cells), len(cells), 0)
    assert summary.faulty == len(cells) - 1
    assert [each.hits for each in summary.rules if each.rule == "other"] == [len(cells)]
    assert sorted((row["Id"], row["missing"], row["because"]) for row in read(tmp_path / "unsure.csv")) == [
        *((n, fact.name, "unreadable cell") for n in range(1, 1 + len(unreadable))),
        *((n, fact.name, "out of range") for n in range(1 + len(unreadable), len(cells))),
    ]
    shown = [(str(row["found"]), row["column"]) for row in read(tmp_path / "rejects.csv")]
    assert shown == [(cell, "Cell") for cell in cells[1:]]


ROWS = (
    "a,01.03.2026,05.03.2026,100,200",
    "b,soon,05.03.2026,100,200",
    "c,01.03.2026,never,100,200",
    "d,01.03.2026,05.03.2026,much,200",
    "e,01.03.2026,05.03.2026,-1,200",
    "f,01.03.2026,05.03.2026,100,1e200",
    "g,01.03.2026,05.03.2026,N/A,x",
    ",soon,05.03.2026,100,200",
)


@pytest.mark.parametrize(
    ("engine", "form"),
    [
        *((each, "csv") for each in ("polars", "duckdb", "pandas", "pyarrow", "dask")),
        *(("polars", each) for each in ("parquet", "csv query", "json query", "parquet query")),
    ],
)
def test_every_engine_and_every_form_gives_the_same(tmp_path: Path, engine: str, form: str) -> None:
    """As a CSV or Parquet file, as JSON by a query, and from a query over any of them."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    for library in (engine, *(["duckdb"] if "query" in form else [])):
        pytest.importorskip(library, reason=f"needs {library}")
    path = written(tmp_path, *ROWS)
    if "csv" not in form:
        kept = arrow_csv.ConvertOptions(strings_can_be_null=True, null_values=[""])
        table = arrow_csv.read_csv(path, convert_options=kept)
        path = tmp_path / ("data.parquet" if "parquet" in form else "data.json")
        pq.write_table(table, tmp_path / "data.parquet")
        (tmp_path / "data.json").write_text(json.dumps(table.to_pylist()), encoding="utf-8")
    own = rules()
    outputs = portfolio.Outputs(tmp_path / "hits.csv", tmp_path / "unsure.csv", tmp_path / "rejects.csv")
    summary = portfolio.check_table(
        path,
        portfolio.parse_mapping(MAPPING, own),
        own,
        as_of=AS_OF,
        engine=engine,
        outputs=outputs,
        query="select * from data" if "query" in form else None,
    )
    assert (summary.read, summary.checked, summary.rejected, summary.faulty) == (8, 7, 1, 6)
    assert sorted((row["Id"], row["rule"]) for row in read(tmp_path / "hits.csv")) == sorted(
        [*((each, "late") for each in "adefg"), *((each, "dear") for each in "abc")]
    )
    assert sorted(tuple(row.values()) for row in read(tmp_path / "unsure.csv")) == [
        ("b", "late", "planned_end", "unreadable cell"),
        ("d", "dear", "budget", "unreadable cell"),
        ("e", "dear", "budget", "out of range"),
        ("f", "dear", "spent", "out of range"),
    ]
    cells = [(row["row"], row["column"], row["code"]) for row in read(tmp_path / "rejects.csv")]
    assert cells == [
        (2, "Planned", "not-a-date"),
        (3, "Ended", "not-a-date"),
        (4, "Budget", "not-a-number"),
        (5, "Budget", "out-of-range"),
        (6, "Spent", "out-of-range"),
        (7, "Spent", "not-a-number"),
        (8, "Id", "missing-key"),
        (8, "Planned", "not-a-date"),
    ]


CELLS = st.sampled_from(
    ["01.03.2026", "09.05.2026", "100", "1'200.5", "", "-", "N/A", "soon", "-5", "1e400", "ü"]
)
TABLES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "", "skip"]), CELLS, CELLS, CELLS, CELLS), max_size=12
)
ITEMS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "z", ""]), st.sampled_from(["Yes", "No", "?", ""])), max_size=8
)
OPEN = (
    "  - {id: open, about: phase, kind: delay, measure: count(tasks where not done), bands: {minor: at least 2},"
    " message: m}\n"
)
CHILDREN = """\
skip: {Id: skip}
children:
  tasks: {data: tasks.csv, key: Phase, columns: {status: {from: State, values: {Yes: done, No: in progress}}}}
"""


@settings(deadline=None, max_examples=60)
@given(TABLES, ITEMS)
def test_whatever_cells_hold_the_counts_come_out(
    rows: list[tuple[str, ...]], items: list[tuple[str, str]]
) -> None:
    """Rows are checked, rejected or left out; rules are decided, undetermined or not applicable; cells are reported."""
    own = rules(RULES + OPEN)
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines = [",".join(each) for each in rows]
        path = written(folder, "z,01.03.2026,01.03.2026,1,1", *lines)
        written(folder, *(",".join(each) for each in items), name="tasks.csv", header="Phase,State")
        outputs = portfolio.Outputs(folder / "h.csv", folder / "u.csv", folder / "r.csv")
        bound = portfolio.parse_mapping(MAPPING + CHILDREN, own, str(folder / "map.yaml"))
        summary = portfolio.check_table(path, bound, own, as_of=AS_OF, outputs=outputs)
        rejects = read(folder / "r.csv")
    keys = {each[0] for each in rows} - {"", "skip"} | {"z"}
    assert summary.checked == len(keys) == sum(summary.subjects.values())
    assert summary.left_out == sum(each[0] == "skip" for each in rows)
    assert summary.read == len(rows) + 1 == summary.checked + summary.rejected + summary.left_out
    for one in summary.rules:
        assert one.decided is not None
        assert one.does_not_apply is not None
        assert one.decided + one.undetermined + one.does_not_apply == summary.checked
        assert sum(one.because.values()) == one.undetermined
        assert one.does_not_apply == (one.where_false or 0) or one.not_set
    tasks = summary.items["tasks"]
    assert (tasks.read, tasks.rejected) == (len(items), sum(not each[0] for each in items))
    assert tasks.faulty == sum(bool(each[0]) and each[1] == "?" for each in items)
    shown = [row for row in rejects if not str(row["column"]).startswith("tasks.")]
    refused = {row["row"] for row in shown if row["code"] in ("missing-key", "duplicate-key")}
    assert len(refused) == summary.rejected
    assert len({row["row"] for row in shown} - refused) == summary.faulty
    assert len(rejects) == sum(each.rows for each in summary.rejects)

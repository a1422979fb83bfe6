"""Codes by pattern, which of several columns, which of several rows, and what a blank cell means."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

import coopgov
from cases.delimited import COLUMNS, HEAD, RULES, case, made, run
from coopgov import portfolio
from coopgov.portfolio.cells import read_cells
from optional import needs
from portfolio.tables import checked, read

if TYPE_CHECKING:
    from pathlib import Path


def test_codes_headers_newest_of_the_case(tmp_path: Path) -> None:
    """A code by how it begins; the newer row is checked, and no row rejected."""
    summary, over, rejects = run(tmp_path, *case("22-codes-headers-newest", "t.csv"))
    assert (over, rejects) == ({"a": 3}, [])
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (3, 2, 0, 1)


CODES = [
    ("not_applicable: {begins_with: Exempt}", ["Exempt", "Exempt, section 9"], ["exempt", "not Exempt"]),
    ("not_applicable: {ends_with: (n/a)}", ["5 (n/a)", "(n/a)"], ["(n/a) 5"]),
    ("not_applicable: {contains: see}", ["see", "please see 9"], ["sea"]),
    (
        "not_applicable: [PNS, {begins_with: Ex}, {begins_with: 'a.b'}]",
        ["PNS", "Exit", "a.bc"],
        ["PNS 2", "axbc"],
    ),
]


@pytest.mark.parametrize(("entry", "codes", "others"), CODES)
@pytest.mark.parametrize("whole", [True, False], ids=["file", "column"])
def test_codes_by_pattern(entry: str, codes: list[str], others: list[str], whole: bool) -> None:  # noqa: FBT001
    """Codes apply to the whole file or to a column; they are case-sensitive, and no character is special."""
    import pyarrow as pa

    mapping = (
        f"columns: {{budget: x}}\n{entry}\n" if whole else f"columns: {{budget: {{from: x, {entry}}}}}\n"
    )
    for text, flag in (("not_applicable", True), ("absent", False)):
        (reading,) = portfolio.parse_mapping(
            HEAD + mapping.replace("not_applicable", text), coopgov.parse_rules(RULES)
        ).readings
        cells = read_cells(
            pa.array([*codes, *others, "5"]), reading, pa.array(range(len(codes) + len(others) + 1))
        )
        assert [at for at, _ in cells.broken] == list(range(len(codes), len(codes) + len(others)))
        flags = (
            [False] * (len(codes) + len(others) + 1)
            if cells.not_applicable is None
            else cells.not_applicable.to_pylist()
        )
        assert flags == [flag] * len(codes) + [False] * (len(others) + 1)
        assert cells.values.to_pylist()[-1] == 5


def test_what_is_written_out_outweighs_a_pattern_and_a_column_the_file() -> None:
    """In that order: the column, the file; in each, texts that are written out, then patterns."""
    import pyarrow as pa

    mapping = """\
not_applicable: [Exempt, {begins_with: E}]
absent: Error
columns: {budget: {from: x, absent: {begins_with: Ex}, not_applicable: Exit}}
"""
    (reading,) = portfolio.parse_mapping(HEAD + mapping, coopgov.parse_rules(RULES)).readings
    texts = ["Exempt", "Exit", "Exotic", "Error", "Else"]
    cells = read_cells(pa.array(texts), reading, pa.array(range(5)))
    assert cells.not_applicable.to_pylist() == [False, True, False, False, True]
    assert cells.broken == ()


def test_rows_are_chosen_by_pattern(tmp_path: Path) -> None:
    """In `only` and `skip`."""
    path = made(tmp_path, "id,spent,budget,end\nN-1,2,1,\nN-2,2,1,\nS-1,2,1,\nN-test,2,1,\n")
    summary, over, _ = run(
        tmp_path, path, HEAD + COLUMNS + "only: {id: {begins_with: N-}}\nskip: {id: {ends_with: test}}\n"
    )
    assert (list(over), summary.left_out) == (["N-1", "N-2"], 2)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("not_applicable: {begin_with: x}", '6:18: unknown-key: found the key "begin_with"'),
        ("not_applicable: {begins_with: x, contains: y}", "6:17: wrong-type: found 2 keys"),
        ("not_applicable: [{}]", "6:18: wrong-type: found 0 keys"),
        ('absent: [a, {contains: " "}]', '6:13: empty-text: found " "'),
        ("pivot: 101", '6:8: out-of-range: found "101"'),
        ("date: DD/MM/YY", "6:7: missing-key: found years of two digits"),
        ("keep: oldest", '6:7: wrong-type: found "oldest", expected `newest by` a column'),
        ("date: []", "6:7: wrong-type: found an empty list"),
        ("absent: {contains: []}", "6:9: wrong-type: found a list"),
        ("keep: {newest: {from: on, which: 0}}", '6:34: out-of-range: found "0"'),
        ("keep: {newest: {from: on, date: DD/MM/YY}}", "6:33: missing-key: found years of two digits"),
        ("keep: {newest: {from: on, pivot: 5}}", "6:27: type-mismatch: found `pivot`"),
        ("time_zone: Mars", '6:12: unknown-time-zone: found "Mars"'),
        ("csv: {separator: ，}", "6:18: full-width: found the full-width ，"),
    ],
)
def test_wrong_entries_are_reported_at_their_place(more: str, fault: str) -> None:
    """Each with its line and column."""
    with pytest.raises(coopgov.MappingError) as error:
        portfolio.parse_mapping(HEAD + COLUMNS + more + "\n", coopgov.parse_rules(RULES), "m.yaml")
    assert str(error.value).removeprefix("m.yaml:").startswith(fault), str(error.value)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("{from: x, blank: not set}", "wrong-choice"),
        ("{from: x, pivot: 60}", "type-mismatch: found `pivot` for money"),
        ("{from: x, which: first}", 'out-of-range: found "first"'),
    ],
)
def test_wrong_keys_of_a_column(entry: str, fault: str) -> None:
    """As those of the file."""
    with pytest.raises(coopgov.MappingError, match=fault):
        portfolio.parse_mapping(f"{HEAD}columns: {{budget: {entry}}}\n", coopgov.parse_rules(RULES))


def test_keep_needs_a_key() -> None:
    """Without one no two rows are about the same."""
    with pytest.raises(coopgov.MappingError, match="missing-key: found `keep` without a `key`"):
        portfolio.parse_mapping(
            "coopgov: mapping/1\nabout: phase\ncolumns: {}\nkeep: newest by on\n", coopgov.parse_rules(RULES)
        )


def test_which_of_several_columns(tmp_path: Path) -> None:
    """Columns are counted from the left, without regard to spaces; in the key, too."""
    path = made(tmp_path, "id,spent,budget, spent,end,id\na,1,1,3,,x\nb,2,1,1,,y\n")
    mapping = HEAD + "columns: {spent: {from: spent, which: 2}, budget: budget}\n"
    assert run(tmp_path, path, mapping.replace("key: id", "key: {from: id, which: 1}"))[1] == {"a": 2}
    assert run(tmp_path, path, mapping.replace("key: id", "key: [{from: id, which: 2}]"))[1] == {"x": 2}
    assert run(
        tmp_path, path, mapping.replace("key: id", "key: {from: id, which: 1}").replace(", which: 2", "")
    )[1] == {"b": 1}
    with pytest.raises(coopgov.MappingError) as error:
        run(tmp_path, path, mapping.replace("which: 2", "which: 3"))
    assert [(each.code, each.found, each.expected, each.hint) for each in error.value.faults] == [
        (
            "unknown-header",
            'the column "id", 2 times',
            f"one column of {path}",
            "write which one: {from: id, which: 2} is the last",
        ),
        (
            "unknown-header",
            'the column "spent", 2 times',
            "column 3 of that name",
            "columns: id, spent, budget, spent, end, id",
        ),
    ]


KEPT = """\
id,spent,budget,end,on
a,50,10,,2026-02-01
a,13,10,,2026-03-01T09:00:00Z
a,14,10,,2026-03-01T08:00:00-02:00
a,15,10,,2026-03-01T17:00:00+08:00
b,12,10,,soon
c,11,10,,
c,12,10,,2026-03-01
d,12,10,,2026-03-01
d,13,10,,2026-03-01
e,99,10,,2026-03-02
e,,,,2026-03-03
,13,10,,2026-03-01
"""


@pytest.mark.parametrize("query", [None, "select * from data"])
@pytest.mark.parametrize("keep", ["newest by on", "{newest: on}", "{newest: {from: on, date: YYYY-MM-DD}}"])
def test_the_newest_row_of_a_key_is_checked(
    tmp_path: Path, keep: str, query: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older ones are left out; of equally new ones the first is checked; what has no date is rejected among several."""
    if query:
        needs("duckdb")
    monkeypatch.setattr("coopgov.portfolio.sources.regrouped.__defaults__", (2,))
    outputs = portfolio.Outputs(tmp_path / "hits.csv")
    summary = checked(
        made(tmp_path, KEPT), f"{HEAD}{COLUMNS}keep: {keep}\n", RULES, query=query, outputs=outputs
    )
    assert [(each.column, each.code, each.rows, each.first, each.found) for each in summary.rejects] == [
        ("on", "not-a-date", 1, 6, "nothing"),
        ("id", "duplicate-key", 1, 9, "d"),
        ("id", "missing-key", 1, 12, "nothing"),
    ]
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (12, 5, 3, 4)
    over = {row["id"]: row["value"] for row in read(tmp_path / "hits.csv")}
    assert over == {"a": 4, "b": 2, "c": 2, "d": 2}


def test_rows_that_are_left_out_are_no_newer_ones(tmp_path: Path) -> None:
    """`only` and `skip` come first."""
    path = made(tmp_path, "id,spent,budget,end,on,state\na,11,10,,2026-01-01,x\na,12,10,,2026-02-01,y\n")
    summary, over, _ = run(tmp_path, path, HEAD + COLUMNS + "keep: newest by on\nskip: {state: y}\n")
    assert (over, summary.left_out) == ({"a": 1}, 1)


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_the_newest_row_of_a_parquet_file(tmp_path: Path, zone: str | None) -> None:
    """By its own dates and moments."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    moments = [datetime(2026, 3, 1, 8), datetime(2026, 3, 1, 9), None]  # noqa: DTZ001  # the column has the zone
    columns = {
        "id": ["a", "a", "b"],
        "spent": [11, 12, 13],
        "budget": [10] * 3,
        "end": [date(2026, 1, 1)] * 3,
    }
    for kind in (pa.timestamp("ms", zone), pa.timestamp("ns", zone)):
        pq.write_table(pa.table({**columns, "on": pa.array(moments, kind)}), tmp_path / "t.parquet")
        assert run(tmp_path, tmp_path / "t.parquet", HEAD + COLUMNS + "keep: newest by on\n")[1] == {
            "a": 2,
            "b": 3,
        }


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_blank_is_unknown(tmp_path: Path, engine: str) -> None:
    """An empty cell of an optional setting makes its rules undetermined; a code still says that it does not apply."""
    needs(engine)
    path = made(tmp_path, "id,spent,budget,end\na,5,,\nb,5,x,\nc,5,1,\nd,5,-,\n")
    for more, counts in (("blank: unknown, ", (1, 2, 1)), ("", (1, 0, 3))):
        columns = (
            f"columns: {{spent: spent, budget: {{from: budget, {more}not_applicable: x, absent: '-'}}}}\n"
        )
        (over, _) = checked(path, HEAD + columns, RULES, engine=engine).rules
        assert (over.decided, over.undetermined, over.does_not_apply) == counts

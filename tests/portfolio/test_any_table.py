"""Whatever a table holds, every row of it is accounted for, or one error says why there are none."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov import portfolio
from portfolio.tables import AS_OF, MAPPING, rules

OWN = rules()
CELLS = st.sampled_from(
    ["a", "b", "", " ", "01.03.2026", "1'000", "N/A", "-", "x y", "ü", "1e5", "\u2028", "é́"]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=12)


def summary_of(data: bytes, mapping: str) -> portfolio.Summary:
    """The summary of a table of these bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(data)
        return portfolio.check_table(path, portfolio.parse_mapping(mapping, OWN), OWN, as_of=AS_OF)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.sampled_from(["\n", "\r\n"]))
def test_every_row_is_counted(rows: list[list[str]], end: str) -> None:
    """As many as Python's own reader finds; those with a cell for each column, and readable, are checked."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([["Id", "Planned", "Ended", "Budget", "Spent"], *rows])
    text = stream.getvalue()
    read: list[Any] = list(csv.reader(io.StringIO(text, newline="")))
    summary = summary_of(text.encode(), MAPPING)
    assert summary.read == len(read) - 1
    assert summary.read == summary.checked + summary.rejected + summary.left_out
    assert summary.checked == sum(summary.subjects.values())
    assert summary.checked <= sum(len(row) == 5 for row in read[1:])


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60).map(lambda data: data.replace(b"\r", b"").replace(b"\x00", b"")))
def test_any_bytes(data: bytes) -> None:
    """Below a header, with quotes as plain letters, every line that is not empty is a row."""
    lines = [line for line in data.split(b"\n") if line]
    table, mapping = b"Id,Planned,Ended,Budget,Spent\n" + data, MAPPING + "csv: {quotes: false}\n"
    if not lines:
        with pytest.raises(coopgov.MappingError, match="empty-file"):
            summary_of(table, mapping)
        return
    summary = summary_of(table, mapping)
    assert summary.read == len(lines)
    assert summary.read == summary.checked + summary.rejected


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet='a,;"\n\r ', max_size=60))
def test_quotes_that_nobody_closed(text: str) -> None:
    """Any mess of quotes and separators gives a summary whose sum comes out, or an error of ours."""
    try:
        summary = summary_of(b"Id,Planned,Ended,Budget,Spent\n" + text.encode(), MAPPING)
    except coopgov.MappingError:
        return
    assert summary.read == summary.checked + summary.rejected

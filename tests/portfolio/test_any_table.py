"""Every row of any table is accounted for, or one error says why there are none."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import coopgov
from coopgov import portfolio
from portfolio.tables import AS_OF, MAPPING, rules

pa = pytest.importorskip("pyarrow", reason="needs coopgov[portfolio]")
from coopgov.portfolio.csv_source import CsvSource  # noqa: E402  # what is tested needs PyArrow
from coopgov.portfolio.dates import Dates, parse_date_format  # noqa: E402
from coopgov.portfolio.mapping import CsvEntry, NumberEntry  # noqa: E402
from coopgov.portfolio.numbers import read_numbers  # noqa: E402

if TYPE_CHECKING:
    from decimal import Decimal

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
    """Any mess of quotes and separators gives a summary that adds up, or a coopgov error."""
    try:
        summary = summary_of(b"Id,Planned,Ended,Budget,Spent\n" + text.encode(), MAPPING)
    except coopgov.MappingError:
        return
    assert summary.read == summary.checked + summary.rejected


NAMES = ["编号", "Größe", "c"]
"""Headers that are in every encoding below, besides the ASCII ones."""
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.lists(st.text('ab,;\t|"\n\r 编ü1', max_size=6), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["found", "stated", "in the first line"]),
)
def test_what_is_written_is_read(
    table: list[list[str]], separator: str, end: str, quoting: Any, encoding: str, how: str
) -> None:
    """Whatever the cells, the separator, the quotes, the ends of lines and the encoding are."""
    table = [[_harmless(cell, separator) for cell in row] for row in table]
    if quoting == csv.QUOTE_MINIMAL:  # Python's writer leaves breaks of other sorts without quotes
        table = [[re.sub(r"\r\n|[\r\n]", end, cell) for cell in row] for row in table]
    table = [_of_one_row(row, separator) for row in table]
    stream = io.StringIO(newline="")
    if how == "in the first line":
        stream.write(f"sep={separator}{end}")
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([NAMES, *table])
    entry = CsvEntry(encoding=encoding, separator=separator if how == "stated" else None)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        source = CsvSource.of(path, entry, NAMES)
        batches = list(source.batches([0, 1, 2]))
    columns = [[cell for batch in batches for cell in batch.columns[at].to_pylist()] for at in range(3)]
    assert source.headers == tuple(NAMES)
    assert [batch.rejects for batch in batches if batch.rejects] == []
    assert [list(row) for row in zip(*columns, strict=True)] == table


def _harmless(cell: str, separator: str) -> str:
    """A cell whose lines are not rows themselves; all that it says."""
    lines = re.split(r"\r\n|[\r\n]", cell)
    if any(line.count(separator) > 1 for line in lines[1:-1]) or cell.endswith(separator):
        return cell.replace(separator, "x")
    return cell


def _of_one_row(row: list[str], separator: str) -> list[str]:
    """The cells of a row whose lines are not rows, each with as many separators as the header; all that they say."""
    lines = re.split(r"\r\n|[\r\n]", separator.join(row))
    if len(row) > 2 and len(lines) > 1 and all(line.count(separator) == len(row) - 1 for line in lines):
        return [cell.replace(separator, "x") for cell in row]
    return row


@settings(deadline=None, max_examples=150)
@given(
    st.binary(max_size=80) | st.text(max_size=40).map(str.encode),
    st.booleans(),
    st.sampled_from(
        [
            "",
            "csv: {encoding: utf-16}\n",
            "csv: {encoding: gb18030}\n",
            "csv: {quotes: false}\n",
            "keep: newest by Ended\n",
        ]
    ),
)
def test_any_bytes_are_counted_or_reported(data: bytes, header: bool, more: str) -> None:  # noqa: FBT001
    """In whatever encoding, with a header or without: every row has its place in the sum, or one error says why not."""
    table = (b"Id,Planned,Ended,Budget,Spent\n" if header else b"") + data
    try:
        summary = summary_of(table, MAPPING + more)
    except coopgov.MappingError:
        return
    assert summary.read == summary.checked + summary.rejected + summary.left_out


@settings(deadline=None)
@given(
    st.decimals(-10_000_000, 10_000_000, places=2),
    st.sampled_from(["", ",", ".", " ", "'"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["", "$", "US$", "-$", "$ "]),
    st.booleans(),
    st.booleans(),
)
def test_spellings_of_a_number_mean_it(
    number: Decimal,
    thousands: str,
    decimal: str,
    prefix: str,
    brackets: bool,  # noqa: FBT001
    wide: bool,  # noqa: FBT001
) -> None:
    """A number is read however its groups, its minus and its currency are written."""
    assume(thousands != decimal)
    figure = f"{abs(number):,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
    sign = "" if number >= 0 else "-"
    text = f"{prefix.strip('-')}{figure}"
    text = (
        f"({text})"
        if brackets and sign
        else f"{sign}{text}"
        if prefix == "-$"
        else f"{prefix.strip('-')}{sign}{figure}"
    )
    if wide:
        text = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in text)
    entry = NumberEntry(thousands=thousands or None, decimal=decimal, prefix=("$", "US$"))
    assert read_numbers(pa.array([text, "x"]), entry).to_pylist() == [float(number), None]


@settings(deadline=None)
@given(
    st.datetimes(datetime(1960, 1, 1), datetime(2059, 12, 31, 23, 59, 59)),  # noqa: DTZ001  # the zone is drawn below
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"]),
    st.integers(-12 * 4, 14 * 4),
)
def test_spellings_of_a_day_mean_it(moment: datetime, zone: str, quarters: int) -> None:
    """In every format; a moment with a zone is the day in that of the mapping, as Python says."""
    here, there = ZoneInfo(zone), timezone(timedelta(minutes=15 * quarters))
    aware = moment.replace(tzinfo=there)
    hour = f"{moment.hour % 12 or 12}:{moment:%M:%S} {'AM' if moment.hour < 12 else 'PM'}"
    spellings = {
        "YYYY-MM-DD": moment.isoformat(),
        "YYYYMMDD": f"{moment:%Y%m%d}",
        "M/D/YYYY hh:mm:ss AM": f"{moment.month}/{moment.day}/{moment.year} {hour}",
        "DD.MM.YY": f"{moment:%d.%m.%y}",
        "D-MMM-YYYY": f"{moment.day}-{moment:%b}-{moment.year}",
        "YYYY年M月D日": f"{moment.year}年{moment.month}月{moment.day}日",
    }
    for form, text in spellings.items():
        assert Dates((parse_date_format(form),), here, 60).read(text) == moment.date()
    for text in (aware.isoformat(), aware.isoformat(" ")):
        assert Dates(zone=here).read(text) == aware.astimezone(here).date()

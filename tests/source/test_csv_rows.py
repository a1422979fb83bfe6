"""Rows of CSV texts: written cells are read back unchanged, and no line is lost, whatever is broken."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopgov.source import LINE_BREAK, QuotedRows

if TYPE_CHECKING:
    import pytest

SEPARATORS = st.sampled_from([",", ";", "\t", "|"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def cut(
    text: str, separator: str, columns: int, sizes: list[int] | None = None
) -> list[tuple[str, int, bool]]:
    """The pieces of a text that comes in parts of some sizes; sound ones that follow each other are one."""
    rows = QuotedRows(separator, columns)
    found: list[tuple[str, int, bool]] = []
    at = 0
    for size in [*(sizes or []), len(text)]:
        final = at + size >= len(text)
        for each in rows.pieces(text[at : at + size], final=final):
            if found and not each.broken and not found[-1][2]:
                found[-1] = (found[-1][0] + each.text, found[-1][1], False)
            else:
                found.append((each.text, each.line, each.broken))
        at += size
        if final:
            break
    return found


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text('ab,;\t|"\n\r 1', max_size=8), min_size=3, max_size=3), min_size=1, max_size=6),
    SEPARATORS,
    ENDS,
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.lists(st.integers(1, 20), max_size=6),
)
def test_what_is_written_is_sound(
    table: list[list[str]], separator: str, end: str, quoting: int, sizes: list[int]
) -> None:
    """Cells with any symbols are sound, if no line of a cell looks like a row, or two quotes like ditto marks."""
    table = [[_harmless(cell, separator) for cell in row] for row in table]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    text = stream.getvalue()
    assert cut(text, separator, 3, sizes) == [(text, 1, False)]


def _harmless(cell: str, separator: str) -> str:
    """A cell of which only the first and the last line can be a row, and that is no pair of ditto marks."""
    lines = LINE_BREAK.split(cell)
    if any(line.count(separator) >= 2 for line in lines[1:-1]):
        cell = cell.replace(separator, "x")
    return cell + "x" if cell.endswith(separator) else cell


@settings(deadline=None)
@given(st.text('ab,"\n\r', max_size=60), st.integers(1, 4), st.lists(st.integers(1, 9), max_size=30))
@example('a,"\n"', 2, [3])
@example('"\r\n"x\r', 1, [2])
def test_no_line_is_lost(text: str, columns: int, sizes: list[int]) -> None:
    """The pieces are the text, each with the line it begins in, however it arrives; a broken piece is one line."""
    whole = cut(text, ",", columns)
    assert cut(text, ",", columns, sizes) == whole
    assert "".join(piece for piece, _, _ in whole) == text
    for piece, _, broken in whole:
        assert len(LINE_BREAK.findall(piece)) <= 1 or not broken
    before = 0
    for piece, line, _ in whole:
        assert line == 1 + len(LINE_BREAK.findall(text[:before]))
        before += len(piece)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text("ab", max_size=3), st.sampled_from(["", '"', '"x"', '"x"y', 'x"y', '""'])),
        max_size=20,
    )
)
def test_sound_lines_between_broken_ones_stay(rows: list[tuple[str, str]]) -> None:
    """Ditto marks and other stray quotes, row by row: a row without them is never broken and never swallowed."""
    lines = [f"{key},{note},1,2,3" for key, note in rows]
    found = cut("\n".join(lines), ",", 5)
    broken = {line for _, line, bad in found if bad}
    for number, line in enumerate(lines, 1):
        if '"' not in line:
            assert number not in broken
    sound = "".join(piece for piece, _, bad in found if not bad)
    assert [len(row) for row in csv.reader(io.StringIO(sound)) if row] == [5] * (len(lines) - len(broken))


def test_an_open_quote_is_not_followed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held is bounded, and so is the time."""
    monkeypatch.setattr("coopgov.source.csv_rows.LONGEST_ROW", 100)
    rows = QuotedRows(",", 3)
    pieces = [piece for _ in range(50) for piece in rows.pieces('"x\nyy\nzz\n', final=False)]
    pieces += rows.pieces("", final=True)
    assert sum(piece.broken for piece in pieces) == 50
    assert len(rows.waiting) < 120

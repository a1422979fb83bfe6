"""Reads a CSV file as a table of tasks: its encoding and separator are those with which the columns are found."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

from coopgov.imports.bytes_of import refused
from coopgov.imports.table import Row, Table
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Log

__all__ = ["csv_table"]

_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|[\r\n]|\Z)', re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = ("gb18030", "big5", "windows-1252")


def csv_table(source: Input, mapping: ImportMapping, wanted: list[str], log: Log) -> Table:
    """The table of a CSV file.

    Args:
        source: the file.
        mapping: its mapping.
        wanted: columns that its header should have, which decide its encoding and its separator.
        log: takes note of rows that are wider than the header.

    Raises:
        SourceError: it is in another encoding, or its quotes are broken.
    """
    text = _text(source, mapping, wanted)
    start = 0
    stated = mapping.csv.separator
    if found := _SEPARATOR_LINE.match(text):
        stated, start = stated or found[1], found.end()
    separator = stated or _separator(text[start:], wanted)
    rows = [
        (line, cells)
        for line, cells in _rows(source.name, text[start:], separator)
        if any(map(str.strip, cells))
    ]
    if not rows:
        expected = phrase("imports.source.header")
        raise refused(source.name, "empty-file", phrase("common.nothing"), expected)
    headers = tuple(" ".join(each.split()) for each in rows[0][1])
    shift = text[:start].count("\n")
    made = []
    for line, cells in rows[1:]:
        place = f"{source.name}:{line + shift}"
        beyond = sum(1 for each in cells[len(headers) :] if each.strip())
        if beyond:
            log.lose(phrase("imports.lost.beyond-header"), place, beyond)
            log.tell("wide-rows")
        made.append(Row(place, cells))
    return Table(source.name, headers, tuple(made))


def _text(source: Input, mapping: ImportMapping, wanted: list[str]) -> str:
    data = source.data
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    stated = mapping.csv.encoding
    tried = [marked] if marked else [stated] if stated else ["utf-8"]
    if mapping.format == "zentao" and not marked and not stated:
        tried = ["gb18030", "utf-8"]
    read = [text for name in tried if (text := _decoded(data, name)) is not None]
    if read:
        return max(read, key=lambda text: _columns_found(text, wanted)).removeprefix("\ufeff")
    likely = [name for name in _OTHERS if name not in tried and _decoded(data, name) is not None]
    hint = phrase("imports.source.write-encoding", name=likely[0]) if likely else verbatim("")
    raise refused(
        source.name,
        "encoding",
        phrase("imports.source.not-in", name=tried[0]),
        phrase("imports.source.encoding"),
        hint,
    )


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return str(codecs.decode(data, name))
    except (UnicodeError, LookupError, TypeError, ValueError):
        return None


def _columns_found(text: str, wanted: list[str]) -> int:
    head = text[: text.find("\n", 20_000) + 1 or None][:20_000].casefold()
    return sum(name.casefold() in head for name in wanted)


def _separator(text: str, wanted: list[str]) -> str:
    """The separator with which most of the wanted columns are found; of several, the one with most columns."""
    names = {" ".join(each.casefold().split()) for each in wanted}
    best, most = ",", (-1, -1)
    for separator in _SEPARATORS:
        try:
            header = next(
                (row for row in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)), []
            )
        except csv.Error:
            continue
        found = sum(" ".join(each.casefold().split()) in names for each in header)
        if (found, len(header)) > most:
            best, most = separator, (found, len(header))
    return best


def _rows(name: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the lines on which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for cells in reader:
            yield line + 1, cells
            line = reader.line_num
    except csv.Error as error:
        found, expected = (
            phrase("imports.source.broken-csv", why=str(error)),
            phrase("imports.source.whole-csv"),
        )
        raise refused(name, "broken-quotes", found, expected, line=line + 1) from None

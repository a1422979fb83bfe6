"""Writes a document as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import text
from coopgov.pages.markdown import code, prose
from coopgov.pages.markdown import table as table_lines
from coopgov.reports.document import (
    Badge,
    Code,
    Figure,
    Item,
    KeyNumbers,
    Listing,
    Paragraph,
    Strong,
    Table,
    id_shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.reports.document import Block, Document, Field, Inline, Line, Row, Section

__all__ = ["markdown"]

_MOST_LEVELS = 6


def markdown(document: Document, pictures: Mapping[str, str] | None = None) -> bytes:
    """Write a document as Markdown, in UTF-8.

    Args:
        document: the document.
        pictures: the address of the picture of each figure, by the figure's id. Without one, a figure is written as its
            alternative text.
    """
    writer = _Writer(document.language, pictures or {})
    lines = [*writer.head(document)]
    for section in document.sections:
        lines += writer.section(section, 2)
    if document.notice:
        lines += ["---", "", f"*{prose(document.notice)}*", ""]
    return "\n".join(lines).encode()


class _Writer:
    """Writes the parts of a document in its language."""

    def __init__(self, language: str, pictures: Mapping[str, str]) -> None:
        self.language = language
        self.pictures = pictures

    def head(self, document: Document) -> Iterator[str]:
        """The title and what is below it."""
        yield from (f"# {prose(document.title)}", "")
        if document.subtitle:
            yield from (f"**{prose(document.subtitle)}**", "")
        if document.fields:
            yield from (*self.fields(document.fields), "")

    def section(self, section: Section, level: int) -> Iterator[str]:
        """A section with its subsections."""
        yield from (f"{'#' * min(level, _MOST_LEVELS)} {prose(section.title)}", "")
        for block in section.blocks:
            yield from self.block(block, level + 1)
        for below in section.sections:
            yield from self.section(below, level + 1)

    def block(self, block: Block, level: int) -> Iterator[str]:
        """A block and the empty line after it."""
        match block:
            case Paragraph():
                written = self.line(block.parts)
                yield f"*{written}*" if block.style == "note" and _plain(block.parts) else written
            case Listing():
                for number, entry in enumerate(block.entries, 1):
                    yield f"{f'{number}.' if block.ordered else '-'} {self.line(entry)}"
            case Table():
                yield from self.table(block)
            case Figure():
                yield from self.figure(block)
            case KeyNumbers():
                for each in block.numbers:
                    change = f" ({prose(each.change)})" if each.change else ""
                    yield f"- {prose(each.name)}{self.colon}**{prose(each.text)}**{change}"
            case Item():
                yield from self.item(block, level)
                return
        yield ""

    @property
    def colon(self) -> str:
        """What is between a name and what belongs to it."""
        return text("reports.colon", self.language)

    def table(self, table: Table) -> Iterator[str]:
        """A table, or the text of an empty one."""
        if table.caption:
            yield from (f"**{prose(table.caption)}**", "")
        if not table.rows:
            yield prose(table.empty)
            return
        yield from table_lines(
            [prose(column.title) for column in table.columns],
            (self.cells(row) for row in table.rows),
        )

    def cells(self, row: Row) -> list[str]:
        """The cells of a row; the id of an item follows the text of its first one."""
        first, *others = (self.line(cell) for cell in row.cells)
        shown = id_shown(row.kind, row.id)
        return [f"{first} {code(shown)}" if shown else first, *others]

    def figure(self, figure: Figure) -> Iterator[str]:
        """A picture if there is an address, else its alternative text; then its caption."""
        address = self.pictures.get(figure.id)
        yield f"![{prose(figure.alt)}](<{address}>)" if address else f"> {prose(figure.alt)}"
        if figure.caption:
            yield from ("", f"*{prose(figure.caption)}*")

    def item(self, item: Item, level: int) -> Iterator[str]:
        """An item: a heading with its badge, its fields as a list, then its blocks."""
        badge = f" · {prose(item.badge.text)}" if item.badge else ""
        yield from (f"{'#' * min(level, _MOST_LEVELS)} {self.line(item.title)}{badge}", "")
        if shown := id_shown(item.kind, item.id):
            yield from (code(shown), "")
        if item.fields:
            yield from (*self.fields(item.fields), "")
        for block in item.blocks:
            yield from self.block(block, level + 1)

    def fields(self, fields: Iterable[Field]) -> Iterator[str]:
        """Names with what belongs to them, as a list."""
        for field in fields:
            yield f"- {prose(field.name)}{self.colon}{self.line(field.parts)}"

    def line(self, parts: Line) -> str:
        """A line with its parts; spaces at the edges of a part stay."""
        return "".join(self.inline(part) for part in parts).strip() or "—"

    @staticmethod
    def inline(part: Inline) -> str:
        """A part of a line."""
        match part:
            case Strong() | Badge():
                return _spaced(part.text, "**")
            case Code():
                return code(part.text)
            case str():
                return _spaced(part)
        return prose(part.text)


def _spaced(written: str, mark: str = "") -> str:
    """A text between marks, with one space at each edge that has any, outside the marks."""
    inner = prose(written)
    if not inner:
        return " " if written else ""
    before, after = (" " if edge.isspace() else "" for edge in (written[0], written[-1]))
    return f"{before}{mark}{inner}{mark}{after}"


def _plain(parts: Line) -> bool:
    return all(isinstance(part, str) for part in parts)

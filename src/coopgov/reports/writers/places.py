"""Where in a document a text is, for errors of writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.document import Figure, Item, KeyNumbers, Listing, Paragraph, Table, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.reports.document import Block, Document, Section

__all__ = ["place_of_text", "texts_of"]


def place_of_text(document: Document, wanted: str) -> tuple[str, str]:
    """The title of the section that has a text first, and the whole text there; both empty if nothing has it."""
    return next(((title, said) for title, said in texts_of(document) if wanted in said), ("", ""))


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of a document with the title of its section, in its order."""
    for said in (
        document.title,
        document.subtitle,
        *(t for each in document.fields for t in (each.name, plain(each.parts))),
    ):
        yield document.title, said
    for section in document.sections:
        yield from _section(section)
    yield document.title, document.notice


def _section(section: Section) -> Iterator[tuple[str, str]]:
    yield section.title, section.title
    for block in section.blocks:
        yield from ((section.title, said) for said in _block(block))
    for below in section.sections:
        yield from _section(below)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield plain(block.parts)
        case Listing():
            yield from map(plain, block.entries)
        case Table():
            yield from (block.caption, block.empty, *(each.title for each in block.columns))
            yield from (plain(cell) for row in block.rows for cell in row.cells)
        case Figure():
            yield from (block.alt, block.svg)
        case KeyNumbers():
            yield from (said for each in block.numbers for said in (each.name, each.text, each.change))
        case Item():
            yield from (plain(block.title), block.badge.text if block.badge else "")
            yield from (said for each in block.fields for said in (each.name, plain(each.parts)))
            for each in block.blocks:
                yield from _block(each)

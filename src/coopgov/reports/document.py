"""A document as a tree of frozen values: what reports and templates say, before any format.

Builders make a `Document`; writers turn it into bytes. No builder knows a format, and no writer knows an agreement.
All texts are final: in one language, with names instead of ids, figures with their units. Ids are for machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

__all__ = [
    "Badge",
    "Blank",
    "Block",
    "Brand",
    "Code",
    "Column",
    "Data",
    "Document",
    "Field",
    "Figure",
    "Inline",
    "Item",
    "ItemKind",
    "KeyNumber",
    "KeyNumbers",
    "Line",
    "Listing",
    "Paragraph",
    "Row",
    "Section",
    "Strong",
    "Table",
    "Tone",
    "blocks_of",
    "figures_of",
    "id_shown",
    "items_of",
    "line",
    "plain",
]

Tone = Literal[
    "critical", "major", "minor", "notice", "undetermined", "clear", "good", "bad", "open", "neutral"
]
"""What a badge or a change means: a severity or status, good or bad news, still open, or nothing of these."""

ItemKind = Literal[
    "warning",
    "undetermined",
    "kpi",
    "goal",
    "phase",
    "milestone",
    "deliverable",
    "task",
    "case",
    "action",
    "risk",
    "waiver",
    "meeting",
    "note",
]
"""What an item with an id is about."""


_ROOM = "\u3000" * 4
"""Four full-width spaces, between the brackets of a blank without a hint."""


# Parts of a line -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strong:
    """A text with emphasis."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """What a machine reads: a command, a digest, a place in a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A place that a person fills in, shown as `【hint】`; the hint says what belongs there."""

    hint: str

    @property
    def text(self) -> str:
        """The hint between the brackets; a hint of nothing leaves room."""
        return f"【{self.hint or _ROOM}】"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a colour, such as a severity; the word says all that the colour does."""

    text: str
    tone: Tone = "neutral"


Inline: TypeAlias = str | Strong | Code | Blank | Badge
"""A part of a line; a `str` is plain text."""
Line: TypeAlias = tuple[Inline, ...]
"""What a paragraph or a cell holds."""


def line(*parts: Inline) -> Line:
    """A line of its parts; empty texts are left out.

    >>> line("Signed on ", Blank("date"), "")
    ('Signed on ', Blank(hint='date'))
    """
    return tuple(part for part in parts if not isinstance(part, str) or part)


def plain(parts: Line) -> str:
    """The text of a line, without its looks.

    >>> plain(line("Signed on ", Blank("date"), "."))
    'Signed on 【date】.'
    """
    return "".join(part if isinstance(part, str) else part.text for part in parts)


Data: TypeAlias = tuple[tuple[str, float | str | bool | None], ...]
"""Names with the values that a text shows, for machines: numbers as numbers, dates as YYYY-MM-DD."""


# Blocks --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `note` is less important than the text around it, a `lead` more."""

    parts: Line
    style: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of lines, with numbers if it is `ordered`."""

    entries: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how it is aligned, and its share of the width compared with the others."""

    title: str
    align: Literal["start", "end"] = "start"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a cell for each column; one with an id and a kind is an item. `data` is for machines."""

    cells: tuple[Line, ...]
    id: str = ""
    kind: ItemKind | None = None
    data: Data = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; without rows, writers show its `empty` text instead."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: its SVG, the text that says the same in words, and a caption.

    `narrow` is the same picture for a narrow screen, for writers that know the width; empty if there is none.
    """

    id: str
    svg: str
    alt: str
    caption: str = ""
    narrow: str = ""


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A number to see first; `change` compares it with the last period, `tone` says if that is good or bad news."""

    id: str
    name: str
    text: str
    change: str = ""
    tone: Tone = "neutral"
    data: Data = ()


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """Key numbers, side by side where there is room."""

    numbers: tuple[KeyNumber, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A name and what belongs to it, such as `Owner: Ms Li`."""

    name: str
    parts: Line


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with an id, such as a warning: a title with a badge, fields below it, then blocks.

    `id` is that of the assessment, the agreement or the case, such as `phase-late@phase/core` or `kpi/satisfaction`.
    """

    kind: ItemKind
    id: str
    title: Line
    badge: Badge | None = None
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    data: Data = ()


Block: TypeAlias = Paragraph | Listing | Table | Figure | KeyNumbers | Item
"""What a section is made of."""


# The whole -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A section or, inside one, a subsection; its id is the same in all languages."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Brand:
    """How a document looks: the colour of its headings, and a logo, an SVG or PNG picture."""

    accent: str = ""
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language.

    `day` is the date of the document: writers use it wherever a format wants a time, never the clock. `fields` are the
    lines below the title, such as the period and the parties; `notice` is shown at the end. A `dense` document should
    fit on one page.
    """

    kind: str
    id: str
    language: str
    title: str
    day: date | None
    subtitle: str = ""
    fields: tuple[Field, ...] = ()
    sections: tuple[Section, ...] = ()
    notice: str = ""
    brand: Brand | None = None
    dense: bool = False


def _sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def _nested(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Item):
            yield from _nested(block.blocks)


def blocks_of(document: Document) -> Iterator[Block]:
    """Every block of a document, in its order; those inside an item follow it."""
    for section in _sections(document.sections):
        yield from _nested(section.blocks)


def items_of(document: Document) -> Iterator[tuple[ItemKind, str]]:
    """The kind and the id of every item: of each `Item`, and of each row of a table that is one."""
    for block in blocks_of(document):
        if isinstance(block, Item):
            yield block.kind, block.id
        elif isinstance(block, Table):
            yield from ((row.kind, row.id) for row in block.rows if row.kind is not None)


def figures_of(document: Document) -> Iterator[Figure]:
    """Every figure, in its order."""
    return (block for block in blocks_of(document) if isinstance(block, Figure))


def id_shown(kind: ItemKind | None, id_: str) -> str:
    """The id of an item that writers show, because readers and programs look for it; empty for all others."""
    return id_ if kind in ("warning", "undetermined", "kpi", "case") else ""

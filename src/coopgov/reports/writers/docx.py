"""Writes a document for Word with python-docx; charts become pictures by typst.

The file has equal bytes on every run: its members are stored, not deflated, with one fixed time.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from coopgov.languages import relative
from coopgov.locales import text
from coopgov.optional import docx as library
from coopgov.optional import docx_shared
from coopgov.reports.document import (
    Badge,
    Blank,
    Code,
    Figure,
    Item,
    KeyNumbers,
    Listing,
    Paragraph,
    Section,
    Strong,
    Table,
    figures_of,
    id_shown,
)
from coopgov.reports.writers.docx_looks import (
    FAINT,
    INK,
    TEXT_WIDTH,
    TONES,
    looks_of,
    set_edge,
    set_footer,
    set_language,
    set_picture_text,
    set_shade,
    set_table,
    without_ballast,
)
from coopgov.reports.writers.html import ACCENT, SHARE
from coopgov.reports.writers.pictures import png_of
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.reports.document import Block, Document, Field, Inline, Line

__all__ = ["docx"]

_TIME = (1980, 1, 1, 0, 0, 0)


def docx(document: Document, fonts: tuple[str, ...] = ()) -> bytes:
    """Write a document as a Word file.

    Args:
        document: the document.
        fonts: folders with further fonts, for its pictures.

    Raises:
        ModuleNotFoundError: python-docx is not installed, or typst where there are pictures.
    """
    pictures = png_of(list(figures_of(document)), fonts)
    file = library.Document()
    _Writer(file, document, pictures).write()
    written = io.BytesIO()
    file.save(written)
    return _stored(written.getvalue())


def _stored(data: bytes) -> bytes:
    """The same members without compression, with one time and in one order."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target,
    ):
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system = 0
            target.writestr(member, source.read(name))
    return made.getvalue()


class _Writer:
    """Writes the parts of a document into a Word file."""

    def __init__(self, file: Any, document: Document, pictures: dict[str, bytes]) -> None:
        self.file = file
        self.document = document
        self.pictures = pictures
        self.styles: dict[str, str] = {}
        self.accent = ((document.brand and document.brand.accent) or ACCENT).lstrip("#")

    def write(self) -> None:
        """Write the head, the sections and the notice."""
        document, file = self.document, self.file
        language = relative(document.language)
        without_ballast(file)
        looks_of(file, language, self.accent)
        self.styles = {each.name: each.style_id for each in file.styles}
        set_language(file, language)
        properties = file.core_properties
        day = document.day or date(1980, 1, 1)
        properties.title, properties.author, properties.comments = visible(document.title)[:250], "", ""
        properties.language = language
        properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self._logo()
        self.runs(self.paragraph("Title"), (document.title,))
        if document.subtitle:
            self.runs(self.paragraph("Subtitle"), (document.subtitle,))
        self.fields(document.fields)
        for section in document.sections:
            self.section(section, 1)
        if document.notice:
            self.runs(self.paragraph("Note"), (document.notice,))
        set_footer(
            file, visible(" · ".join(filter(None, (document.title, document.subtitle)))), self.styles["Note"]
        )

    def _logo(self) -> None:
        logo = self.document.brand.logo if self.document.brand else b""
        if logo:
            data = (
                logo if logo.startswith(b"\x89PNG") else png_of([Figure("logo", logo.decode(), "")])["logo"]
            )
            picture = self.file.add_picture(io.BytesIO(data), height=docx_shared.Cm(1.3))
            set_picture_text(picture, visible(self.document.title))

    def section(self, section: Section, level: int) -> None:
        """A section with its subsections."""
        self.heading((section.title,), level)
        for block, following in zip(
            section.blocks, (*section.blocks[1:], *section.sections[:1], None), strict=False
        ):
            self.block(block, level + 1, keep=isinstance(following, (Paragraph, Table, Section)))
        for below in section.sections:
            self.section(below, level + 1)

    def heading(self, parts: Line, level: int) -> None:
        """A heading."""
        self.runs(self.paragraph(f"Heading {min(level, 4)}"), parts)

    def block(self, block: Block, level: int, *, keep: bool = False) -> None:
        """A block; `keep` puts a paragraph on the page of what follows it."""
        match block:
            case Paragraph():
                style = {"lead": "Lead", "note": "Note", "body": "Normal"}[block.style]
                paragraph = self.paragraph(style)
                if keep:
                    paragraph.paragraph_format.keep_with_next = True
                self.runs(paragraph, block.parts)
            case Listing():
                for entry in block.entries:
                    self.runs(self.paragraph("List Number" if block.ordered else "List Bullet"), entry)
            case Table():
                self.table(block)
            case Figure():
                self.figure(block)
            case KeyNumbers():
                self.numbers(block)
            case Item():
                self.item(block, level)

    def numbers(self, numbers: KeyNumbers) -> None:
        """Key numbers, three in a row."""
        entries = numbers.numbers
        columns = 3
        rows = -(-len(entries) // columns)
        if not rows:
            return
        grid = self.file.add_table(rows=rows, cols=columns)
        set_table(grid, [TEXT_WIDTH / columns] * columns, head=False)
        for number, each in enumerate(entries):
            cell = grid.cell(number // columns, number % columns)
            set_edge(cell, self.accent)
            self.runs(cell.paragraphs[0], (each.name,), "Note")
            self.runs(self.styled(cell.add_paragraph(), "Number"), (each.text,))
            if each.change:
                paragraph = self.styled(cell.add_paragraph(), "Cell")
                run = paragraph.add_run(visible(each.change))
                run.bold = each.tone != "neutral"
                run.font.color.rgb = docx_shared.RGBColor.from_string(TONES[each.tone][0])
        self.paragraph("Gap")

    def table(self, table: Table) -> None:
        """A table whose heading row repeats on each page, or the text of an empty one."""
        if table.caption:
            self.runs(self.paragraph("Table caption"), (table.caption,))
        if not table.rows:
            if table.empty:
                self.runs(self.paragraph("Note"), (table.empty,))
            return
        columns = table.columns
        whole = sum(each.share for each in columns)
        grid = self.file.add_table(rows=1 + len(table.rows), cols=len(columns))
        set_table(grid, [TEXT_WIDTH * each.share / whole for each in columns])
        cells = list(grid._cells)  # noqa: SLF001  # one pass; asking for each cell takes quadratic time
        for number, column in enumerate(columns):
            self.runs(cells[number].paragraphs[0], (Strong(column.title),), "Cell")
            set_shade(cells[number], "F3F5F7")
        for position, row in enumerate(table.rows, 1):
            for number, parts in enumerate(row.cells):
                paragraph = cells[position * len(columns) + number].paragraphs[0]
                self.runs(paragraph, parts, "Cell", end=columns[number].align == "end")
                if not number and (shown := id_shown(row.kind, row.id)):
                    paragraph.add_run().add_break()
                    self.run(paragraph, Code(shown))
        self.paragraph("Gap")

    def figure(self, figure: Figure) -> None:
        """A picture with its alternative text, and its caption."""
        data = self.pictures.get(figure.id)
        if data is not None:
            width = min(TEXT_WIDTH, TEXT_WIDTH * int.from_bytes(data[16:20], "big") / 1800)
            paragraph = self.file.add_paragraph()
            picture = paragraph.add_run().add_picture(io.BytesIO(data), width=docx_shared.Cm(width))
            set_picture_text(picture, visible(figure.alt))
        if figure.caption:
            self.runs(self.paragraph("Note"), (figure.caption,))

    def item(self, item: Item, level: int) -> None:
        """An item with its badge, its id, its fields and its blocks."""
        parts: Line = (*item.title, "  ", item.badge) if item.badge else item.title
        self.heading(parts, level)
        if shown := id_shown(item.kind, item.id):
            self.runs(self.paragraph("Id"), (Code(shown),))
        self.fields(item.fields)
        for block in item.blocks:
            self.block(block, level + 1)

    def fields(self, fields: Iterable[Field]) -> None:
        """Names with what belongs to them, one in a paragraph."""
        colon = text("reports.colon", self.document.language)
        for each in fields:
            paragraph = self.paragraph("Field")
            run = paragraph.add_run(visible(f"{each.name}{colon}"))
            run.font.color.rgb = docx_shared.RGBColor.from_string(FAINT)
            self.runs(paragraph, each.parts)

    def paragraph(self, style: str) -> Any:
        """A new paragraph with a style."""
        return self.styled(self.file.add_paragraph(), style)

    def styled(self, paragraph: Any, style: str) -> Any:
        """Give a paragraph a style by its id; python-docx would search all styles for its name."""
        paragraph._p.get_or_add_pPr().style = self.styles[style]  # noqa: SLF001
        return paragraph

    def runs(self, paragraph: Any, parts: Line, style: str = "", *, end: bool = False) -> None:
        """The parts of a line as runs of a paragraph."""
        if style:
            self.styled(paragraph, style)
        if end:
            paragraph.alignment = 2
        for part in parts:
            self.run(paragraph, part)

    def run(self, paragraph: Any, part: Inline) -> None:
        """A part of a line as a run."""
        said = visible(part if isinstance(part, str) else part.text)
        run = paragraph.add_run(SHARE.sub(lambda found: found[0].replace(" ", "\u00a0"), said))
        match part:
            case Strong():
                run.bold = True
            case Code():
                run._r.get_or_add_rPr().style = self.styles["Code run"]  # noqa: SLF001
            case Blank():
                run.font.highlight_color = 7
            case Badge():
                run.bold = True
                run.font.color.rgb = docx_shared.RGBColor.from_string(TONES.get(part.tone, (INK,))[0])

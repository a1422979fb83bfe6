"""Writes a document as one HTML page: no script, nothing from outside, readable on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.languages import relative
from coopgov.locales import text
from coopgov.reports.document import (
    Badge,
    Blank,
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
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.reports.document import Block, Document, Field, Inline, Line, Section

__all__ = ["ACCENT", "SHARE", "html"]

ACCENT = "#2f6f9f"
"""The colour of headings without a house style."""


SHARE = re.compile(r"-?\d[\d.,]* %")
"""A number of percent, whose sign belongs to it."""
_WHOLE = re.compile(rf"\b\d{{4}}-\d\d-\d\d\b|{SHARE.pattern}")
"""What does not break over lines: a date, and a number of percent."""
_STEP = re.compile(r"(?<=[@/])")
"""Where an id may break."""


@cache
def _style() -> str:
    """The style sheet, read when a page is first written."""
    return (Path(__file__).parent / "styles.css").read_text(encoding="utf-8")


def html(document: Document) -> bytes:
    """Write a document as an HTML page, in UTF-8."""
    accent = (document.brand and document.brand.accent) or ACCENT
    writer = _Writer(document.language)
    page = "".join(writer.page(document))
    widths = "".join(f".w{share}{{width:{share}%}}" for share in sorted(writer.widths))
    style = f":root{{--accent:{accent}}}\n{_style()}{widths}"
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:; base-uri 'none'; form-action 'none'"
    title = " · ".join(filter(None, (document.title, document.subtitle)))
    return "".join(
        (
            f'<!DOCTYPE html>\n<html lang="{_attribute(relative(document.language))}">\n<head>\n',
            '<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_attribute(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{_text(title)}</title>\n",
            f"<style>{style}</style>\n</head>\n<body>\n",
            page,
            "</body>\n</html>\n",
        )
    ).encode()


def _text(value: str) -> str:
    """A text of people as it is."""
    return escape(visible(value), quote=False)


def _whole(value: str) -> str:
    """A text whose dates do not break at their hyphens, nor its shares at their spaces."""
    return _WHOLE.sub(r'<span class="d">\g<0></span>', _text(value))


def _id(shown: str) -> str:
    """An id, which breaks between its parts rather than inside one."""
    return f'<code class="id">{_STEP.sub("<wbr>", _text(shown))}</code>'


def _attribute(value: str) -> str:
    return escape(visible(value).replace("\n", " "))


class _Writer:
    """Writes the parts of a document."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.used: set[str] = set()
        self.widths: set[int] = set()

    def _say(self, name: str) -> str:
        return _text(text(f"reports.{name}", self.language))

    def page(self, document: Document) -> Iterator[str]:
        """The head, the contents, the sections and the notice."""
        names = [(self._anchor(each.id), each) for each in document.sections]
        yield f'<a class="skip" href="#{names[0][0]}">{self._say("head.skip")}</a>\n' if names else ""
        yield "<main>\n<header>\n"
        yield self._logo(document)
        yield f"<h1>{_text(document.title)}</h1>\n"
        if document.subtitle:
            yield f'<p class="subtitle">{_text(document.subtitle)}</p>\n'
        yield from self.fields(document.fields)
        yield "</header>\n"
        if len(names) > 1:
            entries = "".join(f'<li><a href="#{name}">{_text(each.title)}</a></li>' for name, each in names)
            yield f'<nav aria-label="{self._say("head.contents")}"><ol>{entries}</ol></nav>\n'
        for name, each in names:
            yield from self.section(each, name, 2)
        if document.notice:
            yield f"<footer><p>{_text(document.notice)}</p></footer>\n"
        yield "</main>\n"

    @staticmethod
    def _logo(document: Document) -> str:
        logo = document.brand.logo if document.brand else b""
        if not logo:
            return ""
        kind = "image/png" if logo.startswith(b"\x89PNG") else "image/svg+xml"
        return f'<img alt="" src="data:{kind};base64,{base64.b64encode(logo).decode()}">\n'

    def _anchor(self, id_: str) -> str:
        """A name in the page that is like an id, and that no other part has."""
        name = re.sub(r"[^a-z0-9]+", "-", id_.rpartition("appendix/")[2].lower()).strip("-") or "part"
        found = next(
            each for number in count() if (each := f"{name}-{number}" if number else name) not in self.used
        )
        self.used.add(found)
        return found

    def section(self, section: Section, anchor: str, level: int) -> Iterator[str]:
        """A section with its subsections."""
        head = min(level, 6)
        yield f'<section id="{anchor}" data-section="{_attribute(section.id)}">\n'
        yield f"<h{head}>{_text(section.title)}</h{head}>\n"
        for block in section.blocks:
            yield from self.block(block, level + 1)
        for below in section.sections:
            yield from self.section(below, self._anchor(below.id), level + 1)
        yield "</section>\n"

    def block(self, block: Block, level: int) -> Iterator[str]:
        """A block."""
        match block:
            case Paragraph():
                style = "" if block.style == "body" else f' class="{block.style}"'
                yield f"<p{style}>{self.line(block.parts)}</p>\n"
            case Listing():
                name = "ol" if block.ordered else "ul"
                yield f"<{name}>{''.join(f'<li>{self.line(each)}</li>' for each in block.entries)}</{name}>\n"
            case Table():
                yield from self.table(block)
            case Figure():
                caption = f"<figcaption>{_text(block.caption)}</figcaption>" if block.caption else ""
                yield f"<figure>{_picture(block)}{caption}</figure>\n"
            case KeyNumbers():
                yield from self.numbers(block)
            case Item():
                yield from self.item(block, level)

    def numbers(self, numbers: KeyNumbers) -> Iterator[str]:
        """Key numbers, side by side where there is room."""
        yield '<dl class="numbers">'
        for each in numbers.numbers:
            change = f'<div class="change {each.tone}">{_text(each.change)}</div>' if each.change else ""
            yield f'<div class="number" data-number="{_attribute(each.id)}"><dt>{_text(each.name)}</dt>'
            yield f'<dd><div class="value">{_text(each.text)}</div>{change}</dd></div>'
        yield "</dl>\n"

    def table(self, table: Table) -> Iterator[str]:
        """A table, or the text of an empty one; on a narrow screen, each cell has the title of its column."""
        if not table.rows:
            caption = f"<strong>{_text(table.caption)}</strong><br>" if table.caption else ""
            yield f'<p class="note">{caption}{_text(table.empty)}</p>\n' if caption or table.empty else ""
            return
        whole = sum(column.share for column in table.columns)
        yield '<table class="fine">' if table.fine else "<table>"
        yield f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
        yield "<colgroup>"
        for column in table.columns:
            share = round(100 * column.share / whole)
            self.widths.add(share)
            yield f'<col class="w{share}">'
        yield "</colgroup><thead><tr>"
        for column in table.columns:
            end = ' class="end"' if column.align == "end" else ""
            yield f'<th scope="col"{end}>{_text(column.title)}</th>'
        yield "</tr></thead><tbody>\n"
        for row in table.rows:
            yield (
                "<tr>"
                if row.kind is None
                else f'<tr data-kind="{row.kind}" data-item="{_attribute(row.id)}">'
            )
            shown = id_shown(row.kind, row.id)
            for number, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
                end = ' class="end"' if column.align == "end" else ""
                id_ = _id(shown) if shown and not number else ""
                yield f'<td{end} data-label="{_attribute(column.title)}"><div>{self.line(cell)}{id_}</div></td>'
            yield "</tr>\n"
        yield "</tbody></table>\n"

    def item(self, item: Item, level: int) -> Iterator[str]:
        """An item with its badge, its fields and its blocks."""
        tone = f" s-{item.badge.tone}" if item.badge else ""
        head = min(level, 6)
        badge = f" {self.inline(item.badge)}" if item.badge else ""
        known = f' data-kind="{item.kind}" data-item="{_attribute(item.id)}"' if item.kind else ""
        yield f'<article class="item{tone}"{known}>'
        yield f"<h{head}>{self.line(item.title)}{badge}</h{head}>"
        if shown := id_shown(item.kind, item.id):
            yield _id(shown)
        yield from self.fields(item.fields)
        for block in item.blocks:
            yield from self.block(block, level + 1)
        yield "</article>\n"

    def fields(self, fields: Iterable[Field]) -> Iterator[str]:
        """Names with what belongs to them."""
        entries = "".join(
            f"<div><dt>{_text(each.name)}</dt><dd>{self.line(each.parts)}</dd></div>" for each in fields
        )
        if entries:
            yield f"<dl>{entries}</dl>\n"

    def line(self, parts: Line) -> str:
        """A line with its parts."""
        return "".join(map(self.inline, parts))

    @staticmethod
    def inline(part: Inline) -> str:
        """A part of a line."""
        match part:
            case Strong():
                return f"<strong>{_whole(part.text)}</strong>"
            case Code():
                return f"<code>{_text(part.text)}</code>"
            case Blank():
                return f'<span class="blank">{_text(part.text)}</span>'
            case Badge():
                return f'<span class="badge {part.tone}">{_text(part.text)}</span>'
            case str():
                return _whole(part)


def _picture(figure: Figure) -> str:
    """The SVG itself, so that its text can be found and read aloud; on a phone, the narrow one."""
    if not figure.narrow:
        return figure.svg.strip()
    return f'<div class="wide">{figure.svg.strip()}</div><div class="narrow">{figure.narrow.strip()}</div>'

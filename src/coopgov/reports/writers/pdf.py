"""Writes a document as PDF with typst: tagged, PDF/A-2b and PDF/UA-1, without a system library.

Texts reach typst as JSON only, and its root is a folder of its own, so no text can name a file or a command. PDF/A
forbids characters without a glyph: typst then refuses, instead of leaving blanks.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from coopgov.errors import FontMissingError
from coopgov.languages import relative
from coopgov.optional import typst
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
    figures_of,
    id_shown,
)
from coopgov.reports.writers.html import ACCENT
from coopgov.reports.writers.places import place_of_text
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.reports.document import Block, Document, Line, Section

__all__ = ["families", "fonts_of", "packaged", "pdf"]

_SANS = ("Noto Sans", "Source Sans 3", "Open Sans", "Liberation Sans", "Arial", "Helvetica", "DejaVu Sans")
_HAN = {
    "zh-Hans": (
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "PingFang SC",
        "Microsoft YaHei",
        "SimHei",
        "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei",
    ),
    "zh-Hant": (
        "Noto Sans CJK TC",
        "Noto Sans TC",
        "Source Han Sans TC",
        "PingFang TC",
        "Microsoft JhengHei",
    ),
}
_PACKAGE = "manimgx_fonts_cjk"
"""Noto Sans CJK in all weights, for simplified and traditional Chinese; the package has nothing else in it."""
_MONO = ("Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono")
_STANDARDS = ("a-2b", "ua-1")
_GLYPH = re.compile(r"the text `?\"(.+?)\"`? could not be displayed", re.DOTALL)
_RUN = 36
_LONG = re.compile(rf"[^\s\u2e80-\uffef]{{{_RUN},}}")
_STEP = re.compile(r"(?<=[@/])")
_LONGEST = 8_000
_BREAKABLE = 1200
"""The characters of an entry from which it may go over two pages."""
_LAYOUT = Path(__file__).parent / "document.typ"


def pdf(document: Document, fonts: tuple[str, ...] = ()) -> bytes:
    """Write a document as PDF.

    Args:
        document: the document.
        fonts: folders with further fonts, which are preferred to those of the system.

    Raises:
        FontMissingError: there is no font for a character.
        ModuleNotFoundError: typst is not installed; the message has the command that installs it.
    """
    day = document.day or date(1970, 1, 1)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with TemporaryDirectory() as name:
        folder = Path(name)
        written = _Writer(document, families(fonts)).data(folder)
        (folder / "data.json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
        (folder / "main.typ").write_bytes(_LAYOUT.read_bytes())
        try:
            return bytes(
                typst.compile(
                    folder / "main.typ",
                    root=folder,
                    font_paths=fonts_of(fonts),
                    format="pdf",
                    pdf_standards=list(_STANDARDS),
                    timestamp=max(moment, datetime(1980, 1, 1, tzinfo=UTC)),
                )
            )
        except typst.TypstError as error:
            found = _GLYPH.search(error.message)
            if found is None:
                raise
            raise FontMissingError(found[1], *place_of_text(document, found[1])) from None


@lru_cache(maxsize=8)
def fonts_of(fonts: tuple[str, ...]) -> Any:
    """The fonts of the system, of folders and of the extra `fonts`, found once."""
    return typst.Fonts(True, True, [*fonts, *packaged()])


def packaged() -> list[str]:
    """The folder of the Chinese font that the extra `fonts` installs; empty without it."""
    found = find_spec(_PACKAGE)
    return [str(Path(found.origin).parent)] if found and found.origin else []


@lru_cache(maxsize=8)
def families(fonts: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the fonts that there are, those of the folders first."""
    own = {each.family for each in typst.Fonts(False, False, list(fonts)).fonts()} if fonts else set()
    return tuple(dict.fromkeys([*sorted(own), *fonts_of(fonts).families()]))


class _Writer:
    """Turns the parts of a document into values for the layout, and its pictures into files."""

    def __init__(self, document: Document, known: tuple[str, ...]) -> None:
        self.document = document
        self.known = known
        self.files = {figure.id: f"figure-{number}.svg" for number, figure in enumerate(figures_of(document))}

    def data(self, folder: Path) -> dict[str, Any]:
        """All values of the document; its pictures are written into a folder."""
        document = self.document
        for figure in figures_of(document):
            (folder / self.files[figure.id]).write_text(figure.svg, encoding="utf-8")
        day = document.day or date(1970, 1, 1)
        language = relative(document.language)
        return {
            "title": _said(document.title),
            "longest": _LONGEST,
            "name": _short(visible(document.title)),
            "subtitle": _said(document.subtitle),
            "footer": _said(" · ".join(filter(None, (document.title, document.subtitle)))),
            "day": [day.year, day.month, day.day],
            "lang": language.partition("-")[0],
            "region": {"zh-Hans": "cn", "zh-Hant": "tw"}.get(language),
            "accent": (document.brand and document.brand.accent) or ACCENT,
            "logo": self._logo(folder),
            "fonts": self._fonts(language),
            "mono": [each for each in _MONO if each in self.known][:1] + self._fonts(language),
            "fields": [[_said(each.name), _line(each.parts)] for each in document.fields],
            "sections": [self.section(each) for each in document.sections],
            "notice": _said(document.notice),
            "dense": document.dense,
        }

    def _logo(self, folder: Path) -> str:
        logo = self.document.brand.logo if self.document.brand else b""
        if not logo:
            return ""
        name = "logo.png" if logo.startswith(b"\x89PNG") else "logo.svg"
        (folder / name).write_bytes(logo)
        return name

    def _fonts(self, language: str) -> list[str]:
        """A Latin font, then one for Chinese; of the others, typst takes any that has the character."""
        han = _HAN.get(language, ()) + _HAN["zh-Hans"]
        found = [next((each for each in names if each in self.known), None) for names in (_SANS, han)]
        return [each for each in found if each] or ["Libertinus Serif"]

    def section(self, section: Section) -> dict[str, Any]:
        """A section with its subsections."""
        return {
            "title": _said(section.title),
            "blocks": list(self.blocks(section.blocks)),
            "sections": [self.section(each) for each in section.sections],
        }

    def blocks(self, blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
        """The blocks; a table without rows and without a text is left out."""
        for block in blocks:
            if isinstance(block, Table) and not block.rows and not block.empty:
                continue
            yield self.block(block)

    def block(self, block: Block) -> dict[str, Any]:
        """A block by its kind."""
        match block:
            case Paragraph():
                return {"k": "paragraph", "style": block.style, "parts": _line(block.parts)}
            case Listing():
                entries = [_line(each) for each in block.entries]
                return {"k": "listing", "ordered": block.ordered, "entries": entries}
            case Table():
                return _table(block)
            case Figure():
                alt = _short(visible(block.alt) or visible(block.id))
                return {"k": "figure", "file": self.files[block.id], "alt": alt, "width": _width(block.svg)}
            case KeyNumbers():
                names = ("name", "text", "change", "tone")
                numbers = [{name: _said(getattr(each, name)) for name in names} for each in block.numbers]
                return {"k": "numbers", "numbers": numbers}
            case Item():
                return self.item(block)

    def item(self, item: Item) -> dict[str, Any]:
        """An item with its badge, its fields and its blocks."""
        fields = [[_said(each.name), _line(each.parts)] for each in item.fields]
        return {
            "k": "item",
            "id": _id(id_shown(item.kind, item.id)),
            "title": _line(item.title),
            "badge": _said(item.badge.text) if item.badge else "",
            "tone": item.badge.tone if item.badge else "neutral",
            "fields": fields,
            "blocks": list(self.blocks(item.blocks)),
            "long": bool(item.blocks) or len(json.dumps(fields, ensure_ascii=False)) > 2 * _BREAKABLE,
        }


def _table(table: Table) -> dict[str, Any]:
    rows = []
    for row in table.rows:
        cells = [_line(cell) for cell in row.cells]
        long = sum(len(part["t"]) for cell in cells for part in cell) > _BREAKABLE
        rows.append({"id": _id(id_shown(row.kind, row.id)), "cells": cells, "long": long})
    columns = [
        {"title": _said(each.title), "end": each.align == "end", "share": each.share}
        for each in table.columns
    ]
    return {
        "k": "table",
        "caption": _said(table.caption),
        "empty": _said(table.empty),
        "columns": columns,
        "rows": rows,
        "fine": table.fine,
    }


def _line(parts: Line) -> list[dict[str, str]]:
    return [_part(part) for part in parts]


def _part(part: object) -> dict[str, str]:
    match part:
        case Strong():
            return {"k": "strong", "t": _said(part.text)}
        case Code():
            return {"k": "code", "t": _said(part.text)}
        case Blank():
            return {"k": "blank", "t": _said(part.text)}
        case Badge():
            return {"k": "badge", "t": _said(part.text), "tone": part.tone}
    return {"k": "text", "t": _said(str(part))}


def _said(text: str) -> str:
    """A text as it is seen; a run without a space may break anywhere."""
    return _LONG.sub(_breakable, visible(text)) if len(text) > _RUN else visible(text)


def _short(text: str) -> str:
    """A text that is no longer than PDF/A allows, for what is no content of a page: 32,767 bytes of UTF-16."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _id(shown: str) -> str:
    """An id, which breaks between its parts; a part that is too long breaks anywhere."""
    return "\u200b".join(map(_said, _STEP.split(shown)))


def _breakable(found: re.Match[str]) -> str:
    run = found[0]
    return "\u200b".join(run[at : at + 12] for at in range(0, len(run), 12))


def _width(svg: str) -> float:
    """The share of the width of a page that a picture takes, in percent."""
    found = re.search(r'viewBox="0 0 ([\d.]+)', svg)
    return min(100.0, round(float(found[1]) / 9, 1)) if found else 100.0

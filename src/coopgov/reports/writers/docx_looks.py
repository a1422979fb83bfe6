"""How Word files look: fonts, styles, tables with fixed widths, and texts for those who cannot see pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.optional import docx_ns, docx_oxml, docx_shared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "FAINT",
    "INK",
    "TEXT_WIDTH",
    "TONES",
    "looks_of",
    "set_edge",
    "set_footer",
    "set_language",
    "set_picture_text",
    "set_shade",
    "set_table",
    "without_ballast",
]

INK, FAINT, _RULE = "1F2933", "55606E", "D5D9DF"
TONES: Mapping[str, tuple[str, ...]] = {
    "critical": ("8D0D27",),
    "major": ("9A3B06",),
    "minor": ("6F5200",),
    "notice": ("2B5687",),
    "undetermined": ("4E555F",),
    "clear": ("225A3A",),
    "good": ("225A3A",),
    "bad": ("9A2F06",),
    "open": ("3D4855",),
    "neutral": ("3D4855",),
}
"""The ink of each tone, as on the page."""
TEXT_WIDTH = 18.0
"""The width of the text on a page, in centimetres."""
_LATIN = "Arial"
_HAN: Mapping[str, str] = {"zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}
_CELL_LINE = 12.0
"""The height of lines in tables, in points: one for all scripts, so that the cells of a row are level."""
_STYLES: Mapping[str, tuple[float, bool, str, float, float]] = {
    "Lead": (12.0, False, INK, 2, 6),
    "Note": (8.5, False, FAINT, 2, 4),
    "Cell": (8.5, False, INK, 1, 1),
    "Number": (15.0, True, INK, 0, 0),
    "Table caption": (9.5, True, INK, 8, 3),
    "Field": (9.5, False, INK, 0, 1),
    "Id": (8.0, False, FAINT, 0, 2),
    "Gap": (4.0, False, INK, 0, 0),
}
"""The styles of paragraphs: size in points, bold, colour, space before and after."""
_HEADINGS: Mapping[str, tuple[float, bool, bool, float, float]] = {
    "Title": (22.0, True, True, 0, 2),
    "Subtitle": (13.0, False, False, 0, 6),
    "Heading 1": (15.0, True, True, 16, 4),
    "Heading 2": (12.0, True, False, 12, 3),
    "Heading 3": (10.5, True, False, 9, 1),
    "Heading 4": (10.0, True, False, 8, 1),
}
"""The styles of headings: size, bold, in the accent, space before and after."""


_BALLAST = ("stylesWithEffects", "customXml", "thumbnail")
"""The parts of python-docx's template that no document needs: two thirds of its bytes are in the first."""


def without_ballast(file: Any) -> None:
    """Leave out what the template of python-docx has and no document uses."""
    for relations in (file.part.rels, file.part.package.rels):
        for name in [each for each, found in relations.items() if found.reltype.endswith(_BALLAST)]:
            del relations[name]
    for style in file.styles.element.xpath("./w:style[@w:type='table'][not(@w:default)]"):
        style.getparent().remove(style)


def looks_of(file: Any, language: str, accent: str) -> None:
    """Set the page, the fonts and the styles."""
    page = file.sections[0]
    page.page_width, page.page_height = docx_shared.Cm(21.0), docx_shared.Cm(29.7)
    page.left_margin = page.right_margin = docx_shared.Cm(1.5)
    page.top_margin, page.bottom_margin = docx_shared.Cm(1.6), docx_shared.Cm(1.8)
    han = _HAN.get(language, _HAN["zh-Hans"])
    _style(file.styles["Normal"], han, 10.0, INK, 2, 4)
    for name, (size, bold, coloured, before, after) in _HEADINGS.items():
        style = file.styles[name]
        _style(style, han, size, accent if coloured else INK, before, after)
        style.font.bold, style.font.italic = bold, False
        style.paragraph_format.keep_with_next = True
        for border in style.element.xpath("./w:pPr/w:pBdr"):
            border.getparent().remove(border)
    for name, (size, bold, colour, before, after) in _STYLES.items():
        style = file.styles.add_style(name, 1)
        style.base_style = file.styles["Normal"]
        _style(style, han, size, colour, before, after)
        style.font.bold = bold
    file.styles["Cell"].paragraph_format.line_spacing = docx_shared.Pt(_CELL_LINE)
    file.styles["Field"].paragraph_format.left_indent = docx_shared.Cm(0.4)
    file.styles["Id"].paragraph_format.keep_with_next = True
    file.styles["Table caption"].paragraph_format.keep_with_next = True
    code = file.styles.add_style("Code run", 2)
    _fonts(code, "Courier New", han)
    code.font.size = docx_shared.Pt(8)
    code.font.color.rgb = docx_shared.RGBColor.from_string("4A5563")


def _style(style: Any, han: str, size: float, colour: str, before: float, after: float) -> None:
    _fonts(style, _LATIN, han)
    style.font.size = docx_shared.Pt(size)
    style.font.color.rgb = docx_shared.RGBColor.from_string(colour.upper())
    layout = style.paragraph_format
    layout.space_before, layout.space_after = docx_shared.Pt(before), docx_shared.Pt(after)
    layout.line_spacing = 1.15


def _fonts(style: Any, latin: str, han: str) -> None:
    """Set both fonts: Word takes `w:eastAsia` for Chinese, whatever the name of the font is."""
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", han)):
        fonts.set(docx_ns.qn(f"w:{name}"), font)


def set_language(file: Any, language: str) -> None:
    """Set the language of the texts, for spelling and reading aloud."""
    properties = file.styles.element.xpath("./w:docDefaults/w:rPrDefault/w:rPr")[0]
    for old in properties.xpath("./w:lang"):
        properties.remove(old)
    tag = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(language, "en-GB")
    chinese = language != "en"
    properties.append(_marked("lang", val="en-GB" if chinese else tag, eastAsia=tag if chinese else "zh-CN"))


def set_footer(file: Any, said: str, style: str) -> None:
    """Say on each page what it belongs to, its number and how many there are."""
    paragraph = file.sections[0].footer.paragraphs[0]
    layout = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    layout.style = style
    tabs = docx_oxml.OxmlElement("w:tabs")
    tabs.append(_marked("tab", val="right", pos=str(docx_shared.Cm(TEXT_WIDTH).twips)))
    layout.append(tabs)
    for before, field in ((f"{said}\t", "PAGE"), (" / ", "NUMPAGES")):
        paragraph.add_run(before)
        paragraph._p.append(_marked("fldSimple", instr=field))  # noqa: SLF001


def set_table(table: Any, widths: Sequence[float], *, head: bool = True) -> None:
    """Fix the widths of the columns, in centimetres, set thin rules, and repeat the heading row on each page."""
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):  # noqa: SLF001
        column.w = docx_shared.Cm(width)
    for row in table._tbl.tr_lst:  # noqa: SLF001
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = docx_shared.Cm(width)
        row.get_or_add_trPr().append(_marked("cantSplit"))
    if head:
        table._tbl.tr_lst[0].get_or_add_trPr().append(_marked("tblHeader"))  # noqa: SLF001
    borders = docx_oxml.OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_border(side, _RULE, 4))
    table._tbl.tblPr.append(borders)  # noqa: SLF001


def _marked(name: str, **values: str) -> Any:
    """An element with its attributes."""
    made = docx_oxml.OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(docx_ns.qn(f"w:{key}"), value)
    return made


def _border(side: str, colour: str, size: int) -> Any:
    return _marked(side, val="single", sz=str(size), space="0", color=colour)


def set_edge(cell: Any, colour: str) -> None:
    """Draw the left edge of a cell."""
    borders = docx_oxml.OxmlElement("w:tcBorders")
    borders.append(_border("left", colour.upper(), 18))
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001


def set_shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    cell._tc.get_or_add_tcPr().append(_marked("shd", val="clear", color="auto", fill=colour))  # noqa: SLF001


def set_picture_text(picture: Any, text: str) -> None:
    """Say in words what a picture shows."""
    picture._inline.docPr.set("descr", text[:2000])  # noqa: SLF001

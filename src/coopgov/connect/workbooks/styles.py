"""How workbooks look: fonts, colours, formats of numbers, widths of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.faults import display_width

if TYPE_CHECKING:
    from coopgov.connect.workbooks.tables import Column

__all__ = ["EMPTY_ROWS", "Styles", "set_up_print", "width_of"]

EMPTY_ROWS = 50
"""Rows below the data that are ready to be filled in."""
_A4 = 9
"""The number of this size of paper."""
_INK, _PAPER, _LINE, _SHADE = "#1F3A4D", "#FFFFFF", "#D5DEE6", "#F3F7FA"
_ACCENT, _LATE = "#2F6F8F", "#C0392B"
_FONTS = {"zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}
_NUMBERS = {"day": "yyyy-mm-dd", "share": "0.0#%", "money": "#,##0.00", "number": "General"}
_WIDTHS = {
    "text": 26,
    "day": 12,
    "number": 11,
    "money": 16,
    "share": 11,
    "choice": 12,
    "owner": 18,
    "word": 15,
    "words": 20,
    "days": 20,
    "links": 20,
    "lines": 26,
    "periods": 24,
}


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        self._font = {"font_name": _FONTS.get(self.language, "Calibri"), "font_size": 10, "valign": "vcenter"}
        self._made: dict[tuple[Any, ...], Any] = {}

    def _format(self, **options: Any) -> Any:
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format({**self._font, **options})
        return self._made[key]

    def title(self, *, required: bool = False) -> Any:
        """The format of titles of columns; those of required ones stand out."""
        return self._format(
            bold=True,
            font_color=_PAPER,
            bg_color=_ACCENT if required else _INK,
            text_wrap=True,
            align="left",
            indent=1,
            border=1,
            border_color=_PAPER,
        )

    def cell(self, column: Column | None, *, locked: bool = False, left: bool = False) -> Any:
        """The format of the cells of a column; `left` aligns them all."""
        form = column.form if column else "text"
        options: dict[str, Any] = {"bottom": 1, "bottom_color": _LINE, "locked": locked}
        if form in _NUMBERS:
            options["num_format"] = _NUMBERS[form]
        elif form != "other":
            options["num_format"] = "@"
        if left or form not in _NUMBERS:
            options |= {"align": "left", "indent": 1}
        if form in ("day", "share", "number", "money") and not left:
            options["align"] = "right" if form != "day" else "center"
        if form in ("text", "words", "days", "links", "lines", "periods", "other"):
            options["text_wrap"] = True
        if locked:
            options |= {"bg_color": _SHADE, "font_color": _INK}
        return self._format(**options)

    def heading(self) -> Any:
        """The format of the large title of a sheet."""
        return self._format(bold=True, font_size=15, font_color=_INK)

    def hint(self) -> Any:
        """The format of a remark."""
        return self._format(italic=True, font_color="#66788A")

    def body(self) -> Any:
        """The format of a text that is only read."""
        return self._format(text_wrap=True, bottom=1, bottom_color=_LINE, valign="top")

    def late(self) -> Any:
        """The format of what is overdue."""
        return self.book.add_format({"font_color": _LATE, "bold": True, "bg_color": "#FBE9E7"})


def set_up_print(page: Any, *, landscape: bool) -> None:
    """Print a sheet as wide as a page of A4, with its name above and the number of the page below."""
    if landscape:
        page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.set_header("&L&A", {"margin": 0.35})
    page.set_footer("&R&P / &N", {"margin": 0.3})
    page.fit_to_pages(1, 0)


def width_of(column: Column | None, title: str, cells: list[Any]) -> float:
    """Return a width that shows most cells of a column."""
    least = _WIDTHS.get(column.form if column else "word", 16)
    lines = (line for each in cells[:200] if isinstance(each, str) for line in each.split("\n"))
    longest = max(map(display_width, lines), default=0)
    return float(min(max(least, display_width(title) + 3, min(longest + 2, 44)), 48))

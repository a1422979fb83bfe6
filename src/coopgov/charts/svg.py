"""Write SVG as text, with people's texts escaped.

Pictures are self-contained: no script, no style sheet, no fonts except those that the reader has.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Self
from xml.sax.saxutils import escape, quoteattr

from coopgov.charts.glyphs import shortened, width_of
from coopgov.languages import relative
from coopgov.safe_text import visible

__all__ = [
    "COLOURS",
    "FAINT",
    "HATCHED",
    "HEIGHTS",
    "INK",
    "RULE",
    "Chart",
    "box",
    "coordinate",
    "element",
    "label",
    "picture",
    "shortened",
    "title",
    "width_of",
]

COLOURS = {
    "notice": "#5b8fc7",
    "minor": "#e3a008",
    "major": "#dd5f1b",
    "critical": "#a50f2d",
    "undetermined": "#8a8f98",
    "clear": "#e4e7eb",
}
HEIGHTS = {"notice": 0.4, "minor": 0.6, "major": 0.8, "critical": 1.0}
"""The height of a bar as a share of its line: severity can be read without colour."""
INK, FAINT, RULE = "#1f2933", "#667080", "#d5d9df"

_FONTS = {
    "zh-Hans": "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei'",
    "zh-Hant": "'Noto Sans CJK TC', 'Noto Sans TC', 'PingFang TC', 'Microsoft JhengHei'",
}


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element with its children; `stroke_width` becomes the attribute `stroke-width`, numbers have two decimals."""
    written = "".join(
        f" {key.strip('_').replace('_', '-')}={_quoted(value)}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _quoted(value: object) -> str:
    return f'"{coordinate(value)}"' if isinstance(value, float) else quoteattr(visible(str(value)))


def coordinate(value: float) -> str:
    """A number with at most two decimals.

    >>> coordinate(12.0), coordinate(0.126), coordinate(-0.001)
    ('12', '0.13', '0')
    """
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle that has the looks of the group around it."""
    places = zip(("x", "y", "width", "height"), (x, y, width, height), strict=True)
    return f"<rect{''.join(f' {name}={_quoted(float(value))}' for name, value in places)}/>"


def label(text: str, x: float, y: float, **attributes: object) -> str:
    """A line of text."""
    return element("text", escape(visible(text)), x=x, y=y, **attributes)


def title(text: str) -> str:
    """The text that a screen reader speaks, and that appears when pointing at an element."""
    return element("title", escape(visible(text)))


class Chart(str):
    """A picture: the text of its SVG, which knows its title and says in words what it shows.

    It is a `str`, so whatever writes or embeds SVG needs to know nothing else. Notebooks show it.
    """

    __slots__ = ("alt", "title_text")

    title_text: str
    """What it shows, in a few words."""
    alt: str
    """What a reader who cannot see it must know."""

    def __new__(cls, svg: str, title_text: str, alt: str) -> Self:
        """Make a chart of its SVG, its title and its description."""
        made = super().__new__(cls, svg)
        made.title_text = title_text
        made.alt = alt
        return made

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]  # made by __new__
        return str(self), self.title_text, self.alt

    def _repr_svg_(self) -> str:
        return str(self)


def picture(name: str, description: str, language: str, width: float, height: float, *inside: str) -> Chart:
    """A complete picture, with a title and a description for readers who cannot see it."""
    fonts = ", ".join(
        filter(None, ("'Noto Sans'", _FONTS.get(relative(language)), _FONTS["zh-Hans"], "sans-serif"))
    )
    drawn = "".join(inside)
    if HATCHED in drawn:  # several pictures in one page must not share an id, unless they are the same
        id_ = f"hatch-{sha256(drawn.encode()).hexdigest()[:12]}"
        drawn = _HATCH.replace(_HATCH_ID, id_) + drawn.replace(_HATCH_ID, id_)
    whole = element(
        "svg",
        title(name),
        element("desc", escape(visible(description))),
        element("rect", width="100%", height="100%", fill="#ffffff"),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(float(width))} {coordinate(float(height))}",
        width=width,
        height=height,
        role="img",
        aria_label=name,
        lang=language,
        font_family=fonts,
        font_size=12,
        fill=INK,
    )
    return Chart(f"{whole}\n", name, description)


_HATCH_ID = "coopgov-hatch"
HATCHED = f"url(#{_HATCH_ID})"
"""The fill of undetermined stretches, and of buffers."""
_HATCH = element(
    "defs",
    element(
        "pattern",
        element("rect", width=6, height=6, fill="#eef0f3"),
        element("path", d="M0 0V6", stroke=COLOURS["undetermined"], stroke_width=2.5),
        id=_HATCH_ID,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    ),
)

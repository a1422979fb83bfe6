"""Write SVG as text, with people's texts escaped.

Pictures are self-contained: no script, no style sheet, no fonts except those that the reader has.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from coopgov.errors import display_width
from coopgov.languages import relative
from coopgov.safe_text import visible

__all__ = [
    "COLOURS",
    "FAINT",
    "HATCHED",
    "HEIGHTS",
    "INK",
    "RULE",
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
        f" {key.strip('_').replace('_', '-')}={quoteattr(visible(_written(value)))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _written(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def label(text: str, x: float, y: float, **attributes: object) -> str:
    """A line of text."""
    return element("text", escape(visible(text)), x=x, y=y, **attributes)


def title(text: str) -> str:
    """The text that a screen reader speaks, and that appears when pointing at an element."""
    return element("title", escape(visible(text)))


def width_of(text: str, size: float) -> float:
    """The approximate width of a text in a font size: half the size for a Latin letter, the size for a Chinese one."""
    return display_width(text) * size * 0.55


def shortened(text: str, room: float, size: float) -> str:
    """A text cut to about a given width."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def picture(name: str, description: str, language: str, width: float, height: float, *inside: str) -> str:
    """A complete picture, with a title and a description for readers who cannot see it."""
    fonts = ", ".join(
        filter(None, ("'Noto Sans'", _FONTS.get(relative(language)), _FONTS["zh-Hans"], "sans-serif"))
    )
    return (
        element(
            "svg",
            title(name),
            element("desc", escape(visible(description))),
            _HATCH,
            element("rect", width="100%", height="100%", fill="#ffffff"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_written(float(width))} {_written(float(height))}",
            width=width,
            height=height,
            role="img",
            aria_label=name,
            lang=language,
            font_family=fonts,
            font_size=12,
            fill=INK,
        )
        + "\n"
    )


HATCHED = "url(#coopgov-hatch)"
"""The fill of undetermined stretches."""
_HATCH = element(
    "defs",
    element(
        "pattern",
        element("rect", width=6, height=6, fill="#eef0f3"),
        element("path", d="M0 0V6", stroke=COLOURS["undetermined"], stroke_width=2.5),
        id="coopgov-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    ),
)

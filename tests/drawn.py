"""Reads charts as people see them: the boxes of their texts and bars, with the looks that they inherit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from coopgov.charts.glyphs import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+\.\d{3,}")


@dataclass(frozen=True)
class Box:
    """A text or a bar: where it is, and what is written."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""
    fill: str = ""

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes have more than an edge in common."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.01
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.01
        )


def root_of(svg: str) -> ET.Element:
    """The tree of a chart."""
    return ET.fromstring(svg)  # noqa: S314  # our own picture


def _inherited(node: ET.Element, looks: dict[str, str]) -> Iterator[tuple[ET.Element, dict[str, str]]]:
    if node.tag == f"{SVG}defs":
        return
    own = {**looks, **node.attrib}
    yield node, own
    passed: dict[str, str] = {
        name: own[name] for name in ("fill", "font-size", "font-weight", "text-anchor") if name in own
    }
    for below in node:
        yield from _inherited(below, passed)


def texts(svg: str) -> list[Box]:
    """The boxes of all texts, as wide as the table of glyphs says."""
    found = []
    for node, looks in _inherited(root_of(svg), {}):
        if node.tag == f"{SVG}text" and node.text:
            size = float(looks["font-size"])
            width = width_of(node.text, size, bold=looks.get("font-weight") == "bold")
            x, y = float(looks["x"]), float(looks["y"])
            left = {"end": x - width, "middle": x - width / 2}.get(looks.get("text-anchor", ""), x)
            found.append(Box(left, y - size * 0.8, left + width, y + size * 0.2, node.text, looks["fill"]))
    return found


def rects(svg: str) -> list[Box]:
    """The boxes of all rectangles except the background."""
    found = []
    for node, looks in _inherited(root_of(svg), {}):
        if node.tag == f"{SVG}rect" and looks["width"] != "100%":
            x, y = float(looks["x"]), float(looks["y"])
            right, bottom = x + float(looks["width"]), y + float(looks["height"])
            found.append(Box(x, y, right, bottom, "", looks["fill"]))
    return found


def frame(svg: str) -> Box:
    """The whole picture."""
    left, top, width, height = map(float, root_of(svg).attrib["viewBox"].split())
    return Box(left, top, left + width, top + height)


def wrong(svg: str) -> list[str]:
    """What is outside the frame, and which texts overlap; numbers with more than two decimals."""
    whole, written = frame(svg), texts(svg)
    found = [
        f"outside: {each}"
        for each in (*written, *rects(svg))
        if each.left < -0.01 or each.right > whole.right + 0.01 or each.top < 0 or each.bottom > whole.bottom
    ]
    found += [
        f"{one.text!r} overlaps {other.text!r}"
        for one, other in combinations(written, 2)
        if one.overlaps(other)
    ]
    return [*found, *NUMBER.findall(re.sub(r"<(text|title|desc).*?</\1>|aria-label=\"[^\"]*\"", "", svg))]

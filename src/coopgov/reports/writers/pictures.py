"""Turns charts into PNG pictures with typst, for formats that have no SVG."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from coopgov.optional import typst
from coopgov.reports.writers.pdf import fonts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.reports.document import Figure

__all__ = ["png_of"]

_PPI = 144.0
"""Twice the points of a chart: sharp on paper, and still small."""
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def png_of(figures: Sequence[Figure], fonts: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The pictures by the ids of their figures, all drawn in one run.

    Raises:
        ModuleNotFoundError: typst is not installed; the message has the command that installs it.
    """
    if not figures:
        return {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        pages = []
        for number, figure in enumerate(figures):
            (folder / f"{number}.svg").write_text(figure.svg, encoding="utf-8")
            found = _SIZE.search(figure.svg)
            width, height = (found[1], found[2]) if found else ("200", "100")
            pages.append(
                f'#page(width: {width}pt, height: {height}pt, margin: 0pt, image("{number}.svg", width: 100%))'
            )
        (folder / "main.typ").write_text("\n".join(pages), encoding="utf-8")
        made = typst.compile(
            folder / "main.typ", root=folder, font_paths=fonts_of(fonts), format="png", ppi=_PPI, timestamp=0
        )
    drawn = made if isinstance(made, list) else [made]
    return {figure.id: bytes(data) for figure, data in zip(figures, drawn, strict=True)}

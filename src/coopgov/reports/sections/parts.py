"""What several sections are made of: badges, charts, tables by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from coopgov.reports.document import Badge, Column, Field, Figure, Paragraph, Row, Table, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coopgov.charts import Chart
    from coopgov.reports.context import Context
    from coopgov.reports.document import Inline, Line, Tone

__all__ = ["badge", "cells", "drawn", "field", "note", "sentence", "table"]

_NARROW = 362.0
"""The width of charts on a phone that is 390 pixels wide."""


def badge(context: Context, status: str) -> Badge:
    """A severity or status in words, with its colour."""
    return Badge(context.form.term(status), cast("Tone", status))


def field(context: Context, key: str, *parts: Inline) -> Field:
    """A field by the key of its name."""
    return Field(context.phrased(f"fields.{key}"), line(*parts))


def table(context: Context, key: str, heads: Sequence[tuple[str, float]], rows: Iterable[Row]) -> Table:
    """A table: the keys of its headings with their shares of the width; a share below 0 aligns numbers to the end."""
    columns = tuple(
        Column(context.phrased(f"heads.{name}"), "end" if share < 0 else "start", abs(share))
        for name, share in heads
    )
    return Table(
        columns, tuple(rows), context.phrased(f"tables.{key}.caption"), context.phrased(f"tables.{key}.empty")
    )


def note(said: str) -> Paragraph:
    """A remark, less important than what is around it."""
    return Paragraph(line(said), "note")


def sentence(*parts: Inline) -> Paragraph:
    """A paragraph."""
    return Paragraph(line(*parts))


def drawn(id_: str, draw: Callable[..., Chart], width: float) -> Figure:
    """A chart in a width, and the same one for phones."""
    chart = draw(width=width)
    return Figure(id_, chart, chart.alt, narrow=draw(width=_NARROW))


def cells(*parts: str | Line) -> tuple[Line, ...]:
    """The cells of a row, of texts and lines."""
    return tuple(line(each) if isinstance(each, str) else each for each in parts)

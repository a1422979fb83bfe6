"""The widths of charts: those of a page, and those of a narrow screen."""

from __future__ import annotations

from typing import Any

from coopgov.errors import ArgumentError
from coopgov.locales import phrase

__all__ = ["A_WIDTH", "EDGE", "LEAST", "MOST", "NARROW", "WIDE", "is_narrow"]

WIDE = 960.0
"""The width of a chart on a page or a wide screen, in pixels."""
NARROW = 358.0
"""The width of a chart on a phone of 390 pixels."""
LEAST, MOST = 320.0, 4000.0
"""The widths between which a chart can be drawn."""
EDGE = 16.0
"""The empty room around a chart."""
_BREAK = 560.0


def is_narrow(width: float) -> bool:
    """Whether a width asks for the layout of a narrow screen."""
    return width < _BREAK


def A_WIDTH(argument: str, value: Any) -> float:  # noqa: N802  # a taker of arguments, like AN_AGREEMENT
    """Accept the width of a chart."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and LEAST <= value <= MOST:
        return float(value)
    raise ArgumentError(argument, value, phrase("errors.expected.width", least=int(LEAST), most=int(MOST)))

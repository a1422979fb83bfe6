"""Shows values in notebooks: as HTML or SVG, which `coopgov.pages` and `coopgov.charts` make.

Pages import the values that they show, so a value cannot import pages. It loads them by name, when a notebook asks.
"""

from __future__ import annotations

from importlib import import_module

__all__ = ["html", "svg"]


def html(value: object) -> str:
    """Return a value as HTML, for the method `_repr_html_` that notebooks call."""
    shown: str = import_module("coopgov.pages").to_html(value)
    return shown


def svg(value: object) -> str:
    """Return a history or a comparison as a picture, for the method `_repr_svg_` that notebooks call."""
    drawn: str = import_module("coopgov.charts").history_svg((value,))
    return drawn

"""Shows values in notebooks: as HTML, which `coopgov.pages` makes.

Pages import the values that they show, so a value cannot import pages. It loads them by name, when a notebook asks.
"""

from __future__ import annotations

from importlib import import_module

__all__ = ["html"]


def html(value: object) -> str:
    """Return a value as HTML, for the method `_repr_html_` that notebooks call."""
    shown: str = import_module("coopgov.pages").to_html(value)
    return shown

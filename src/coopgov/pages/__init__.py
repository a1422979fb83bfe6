"""Output for outside the terminal: pictures in SVG and pages in Markdown."""

from coopgov.pages.history import history_svg
from coopgov.pages.site import rule_pages

__all__ = ["history_svg", "rule_pages"]

"""Output for outside the terminal: pictures in SVG, pages in Markdown and tables in HTML."""

from coopgov.pages.history import history_svg
from coopgov.pages.html import to_html
from coopgov.pages.site import rule_pages

__all__ = ["history_svg", "rule_pages", "to_html"]

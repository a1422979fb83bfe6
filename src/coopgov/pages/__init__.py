"""Output for outside the terminal: pages in Markdown, with pictures, and tables in HTML."""

from coopgov.pages.html import to_html
from coopgov.pages.site import rule_pages

__all__ = ["rule_pages", "to_html"]

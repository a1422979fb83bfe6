"""The writers of documents, by format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.reports.document import Document

__all__ = ["WRITERS"]

WRITERS: Mapping[str, Callable[[Document], bytes]] = {"md": markdown}
"""What turns a document into the bytes of a format."""

"""Writes a report or another document in a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import an_instance, checked, one_of
from coopgov.reports.document import Document
from coopgov.reports.markdown import markdown
from coopgov.reports.writers.html import html
from coopgov.reports.writers.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["FORMATS", "write_report"]

WRITERS: Mapping[str, Callable[[Document], bytes]] = {"html": html, "md": markdown, "json": json_text}
FORMATS: tuple[str, ...] = ("html", "md", "json", "pdf", "docx")
"""The formats of reports."""


@checked(
    report=an_instance(Document, "errors.expected.document", "errors.hints.document"), format=one_of(FORMATS)
)
def write_report(
    report: Document,
    format: str = "html",  # noqa: A002  # the usual name
    *,
    fonts: Iterable[str] = (),
) -> bytes:
    """Write a report, or another document, as the bytes of a file; the same report gives the same bytes.

    Args:
        report: from `coopgov.report`.
        format: `html`, `md`, `json`, `pdf` or `docx`. PDF needs the extra `coopgov[pdf]`, Word `coopgov[docx]`.
        fonts: folders with further fonts, for PDF and for the charts of Word files.

    Raises:
        FontMissingError: a PDF has characters for which there is no font.
        ModuleNotFoundError: the extra is not installed; the message has the command that installs it.

    >>> from coopgov import load_agreement, report, write_report
    >>> made = report(load_agreement("examples/pilot/agreement.yaml"), period="2026-Q2", language="zh-Hans")
    >>> write_report(made, "md").decode().splitlines()[0]
    '# 港口数据合作'
    """
    if format == "pdf":
        from coopgov.reports.writers.pdf import pdf

        return pdf(report, tuple(map(str, fonts)))
    if format == "docx":
        from coopgov.reports.writers.docx import docx

        return docx(report, tuple(map(str, fonts)))
    return WRITERS[format](report)

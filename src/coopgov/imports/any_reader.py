"""Reads a file by the reader that its mapping names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.imports.project import read_mspdi
from coopgov.imports.public_data import read_iati, read_ocds
from coopgov.imports.readers import read_csv_tasks, read_jira, read_trello, read_zentao

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Import
    from coopgov.model import Agreement

__all__ = ["read_import"]

_READERS: Mapping[str, Callable[..., Import]] = {
    "csv": read_csv_tasks,
    "iati": read_iati,
    "jira-csv": read_jira,
    "jira-json": read_jira,
    "mspdi": read_mspdi,
    "ocds": read_ocds,
    "trello": read_trello,
    "zentao": read_zentao,
}


def read_import(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read a file of another system by its mapping.

    Args:
        path: the file.
        mapping: its mapping, whose `from` chooses the reader.
        agreement: the agreement that the part belongs to.
        as_of: the day on which the file was observed; needed where the file does not say it.

    Raises:
        MappingError: the mapping does not fit the file or the agreement.
        SourceError: the file cannot be read.
    """
    return _READERS[mapping.format](path, mapping, agreement, as_of=as_of)

"""Writes new agreements: one to a file, several into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.imports.bytes_of import refused
from coopgov.locales import phrase
from coopgov.model import dump_agreement
from coopgov.source.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.result import Import

__all__ = ["written_files"]


def written_files(found: Import, out: str) -> Iterator[str]:
    """Write the agreements of an import, and yield the paths; a path that ends in `/` or is a folder takes several.

    Raises:
        SourceError: there are several agreements, and the path is that of a file.
        InputError: a file cannot be written.
    """
    folder = out.endswith("/") or Path(out).is_dir()
    if not folder and len(found.agreements) != 1:
        expected = phrase("imports.source.a-folder")
        raise refused(
            out, "several-agreements", phrase("imports.source.several", count=len(found.agreements)), expected
        )
    if folder:
        Path(out).mkdir(parents=True, exist_ok=True)
    for agreement in found.agreements:
        path = Path(out) / f"{agreement.id}.yaml" if folder else Path(out)
        replace_file(path, dump_agreement(agreement).encode())
        yield str(path)

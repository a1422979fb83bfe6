"""Finds the files of parts that an agreement names: in its own folder and below, never elsewhere, never by a link."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.schema.locate import fault_of
from coopgov.schema.problems import Defect, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.source import Document

__all__ = ["MOST_FILES", "matching_files"]

MOST_FILES = 1_000
"""The most files that one agreement can name."""


def matching_files(
    document: Document, folder: Path, patterns: Sequence[str]
) -> tuple[list[Path], list[Fault]]:
    """Return the files that match patterns such as `observed/*.part.yaml`, by path, and the faults of the patterns."""
    found: dict[str, Path] = {}
    defects: list[Defect] = []
    for at, pattern in enumerate(patterns):
        steps = pattern.split("/")
        if _leaves_the_folder(pattern, steps):
            expected = phrase("model.part-outside.expected")
            defects.append(Defect(("parts", at), "part-outside", quoted(pattern), expected))
            continue
        links: list[Path] = []
        matches = list(_below(folder, steps, links))
        found |= {str(each): each for each in matches}
        for each in links:
            link = phrase("model.part-outside.link", path=each)
            defects.append(Defect(("parts", at), "part-outside", link, phrase("model.part-outside.no-link")))
        if not matches and not links:
            expected = phrase("model.part-missing.expected", folder=folder)
            defects.append(Defect(("parts", at), "part-missing", _no_file(pattern), expected))
    if len(found) > MOST_FILES:
        number = phrase("model.too-many-parts.found", number=len(found))
        expected = phrase("model.too-many-parts.expected", most=MOST_FILES)
        defects.append(Defect(("parts",), "too-many-parts", number, expected))
        found = {}
    return [found[each] for each in sorted(found)], [fault_of(document, each) for each in defects]


def _leaves_the_folder(pattern: str, steps: Sequence[str]) -> bool:
    odd = (
        "\\" in pattern
        or "\0" in pattern
        or any(path(pattern).anchor for path in (PurePosixPath, PureWindowsPath))
    )
    return odd or any(step in ("", ".", "..", "**") for step in steps)


def _no_file(pattern: str) -> Phrase:
    return phrase("model.part-missing.found", pattern=quoted(pattern))


def _below(folder: Path, steps: Sequence[str], links: list[Path]) -> Iterator[Path]:
    """Yield the files whose path matches the steps; what is a link is only noted."""
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        if not fnmatchcase(entry.name, steps[0]):
            continue
        path = folder / entry.name
        if entry.is_symlink():
            links.append(path)
        elif len(steps) > 1 and entry.is_dir():
            yield from _below(path, steps[1:], links)
        elif len(steps) == 1 and entry.is_file():
            yield path

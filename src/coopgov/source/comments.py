"""Finds the comments of a YAML file, which the node tree does not keep."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.source.nodes import Document

__all__ = ["Comment", "comments"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`, where it begins, and whether it has its line to itself."""

    text: str
    line: int
    column: int
    alone: bool


def comments(document: Document) -> Iterator[Comment]:
    """Yield the comments of a file, in order; a `#` inside a value is not a comment."""
    text = "\n".join(document.lines)
    starts = [0, *accumulate(len(line) + 1 for line in document.lines)]
    for start, end in _gaps(text):
        for match in _COMMENT.finditer(text, start, end):
            line = bisect_right(starts, match.start())
            column = match.start() - starts[line - 1]
            alone = not document.lines[line - 1][:column].strip()
            yield Comment(match[0].rstrip(), line, column + 1, alone)


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield the gaps between tokens: spaces and comments only. The header line of a block text is a gap, too."""
    end = 0
    for token in yaml.scan(text, Loader=_LOADER):
        start = token.start_mark.index
        if text.find("#", end, start) >= 0:
            yield end, start
        end = max(end, token.end_mark.index)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            yield start, text.find("\n", start)

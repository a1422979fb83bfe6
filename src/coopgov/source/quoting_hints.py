"""Hints for unquoted texts that YAML misreads: the line with the text in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.locales import phrase

if TYPE_CHECKING:
    from coopgov.locales import Phrase

__all__ = ["INLINE", "SPECIAL", "braced_line", "quoted_line", "requoted"]

SPECIAL = re.compile(r"^(?P<head>\s*(?:- +)*(?:[^\s:#][^:#]*:\s+)?)(?P<rest>[>!%@`|&*?].*)$")
"""A line whose text begins with a character that YAML reserves."""
INLINE = re.compile(r"(?P<head>[{,]\s*[\w-]+:\s+)(?P<rest>[>!%@`|&*][^,}\]]*)")
"""The same inside `{…}`."""


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(line: str) -> Phrase:
    return phrase("source.write-line", line=line.strip())


def quoted_line(line: str) -> Phrase:
    """Return the hint `write: …` with the first text that needs quotes in quotes."""
    inline = INLINE.search(line)
    if inline:
        rest = inline["rest"].rstrip()
        start = inline.start("rest")
        return _write(line[:start] + _quote(rest) + line[start + len(rest) :])
    match = SPECIAL.match(line)
    if not match:
        return phrase("source.unquoted-symbol.hint")
    rest, _, comment = match["rest"].partition(" #")
    tail = f"  #{comment}" if comment else ""
    return _write(match["head"] + _quote(rest.rstrip()) + tail)


def braced_line(line: str, column: int) -> Phrase:
    """Return the hint `write: …` with the text that begins with a brace at `column` in quotes."""
    head, rest = line[:column], line[column:]
    if "{" in head or "[" in head:
        return phrase("source.unquoted-symbol.hint")
    text, _, comment = rest.partition(" #")
    tail = f"  #{comment}" if comment else ""
    return _write(head + _quote(text.rstrip()) + tail)


def requoted(line: str, column: int) -> Phrase:
    """Return the hint `write: …` with the text that a comma splits at `column` in quotes."""
    start = line.rfind(":", 0, column)
    end = column
    while end < len(line) and line[end] not in "}:":
        end += 1
    if end < len(line) and line[end] == ":":
        end = line.rfind(",", column, end) if "," in line[column:end] else end
    if start < 0:
        return phrase("source.unquoted-symbol.hint")
    text = line[start + 1 : end].strip()
    return _write(line[: start + 1] + " " + _quote(text) + line[end:])

"""Hints for unquoted texts that YAML misreads: the line with the text in quotes."""

from __future__ import annotations

import re

__all__ = ["INLINE", "SPECIAL", "braced_line", "quoted_line", "requoted"]

SPECIAL = re.compile(r"^(?P<head>\s*(?:- +)*(?:[^\s:#][^:#]*:\s+)?)(?P<rest>[>!%@`|&*?].*)$")
"""A line whose text begins with a character that YAML reserves."""
INLINE = re.compile(r"(?P<head>[{,]\s*[\w-]+:\s+)(?P<rest>[>!%@`|&*][^,}\]]*)")
"""The same inside `{…}`."""


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quoted_line(line: str) -> str:
    """Return the hint `write: …` with the first text that needs quotes in quotes."""
    inline = INLINE.search(line)
    if inline:
        rest = inline["rest"].rstrip()
        return (
            "write: "
            + (line[: inline.start("rest")] + _quote(rest) + line[inline.start("rest") + len(rest) :]).strip()
        )
    match = SPECIAL.match(line)
    if not match:
        return "put the text in quotes"
    rest, _, comment = match["rest"].partition(" #")
    tail = f"  #{comment}" if comment else ""
    return "write: " + (match["head"] + _quote(rest.rstrip()) + tail).strip()


def braced_line(line: str, column: int) -> str:
    """Return the hint `write: …` with the text that begins with a brace at `column` in quotes."""
    head, rest = line[:column], line[column:]
    if "{" in head or "[" in head:
        return "put the text in quotes"
    text, _, comment = rest.partition(" #")
    tail = f"  #{comment}" if comment else ""
    return "write: " + (head + _quote(text.rstrip()) + tail).strip()


def requoted(line: str, column: int) -> str:
    """Return the hint `write: …` with the text that a comma splits at `column` in quotes."""
    start = line.rfind(":", 0, column)
    end = column
    while end < len(line) and line[end] not in "}:":
        end += 1
    if end < len(line) and line[end] == ":":
        end = line.rfind(",", column, end) if "," in line[column:end] else end
    if start < 0:
        return "put the text in quotes"
    text = line[start + 1 : end].strip()
    return "write: " + (line[: start + 1] + " " + _quote(text) + line[end:]).strip()

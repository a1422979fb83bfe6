"""Writes a text as a YAML scalar: plain where that means the same, else quoted, or as the block it was read from."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

from yaml.emitter import Emitter
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

if TYPE_CHECKING:
    from coopgov.formatting.layout import Leaf

__all__ = ["block_head", "block_lines", "scalar_text", "wrapped"]

_TOKEN = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\S)+")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TEXT = "tag:yaml.org,2002:str"
_ABSENT = ("", "~", "null")


def scalar_text(leaf: Leaf, *, flow: bool = False) -> str:
    """Write a scalar on one line: plain if possible, else in double quotes (single ones if it contains double ones)."""
    if leaf.alias:
        return f"*{leaf.alias}"
    anchor = f"&{leaf.anchor} " if leaf.anchor else ""
    text = leaf.text
    if not leaf.style and text in _ABSENT:
        return (anchor + (text or ("~" if flow or anchor else ""))).rstrip(" ")
    return anchor + (text if _plain(leaf, flow=flow) else _quoted(text))


def _plain(leaf: Leaf, *, flow: bool) -> bool:
    text = leaf.text
    if text == "-" and (not leaf.style or leaf.expression):
        return flow
    if not leaf.style and not leaf.changed:
        return True
    analysis = _EMITTER.analyze_scalar(text)
    allowed = analysis.allow_flow_plain if flow else analysis.allow_block_plain
    return bool(allowed) and not analysis.multiline and not (leaf.style and _typed(text))


def _typed(text: str) -> bool:
    """Whether other YAML readers would read the plain text as a number, a date, a truth value, and so on."""
    return bool(_RESOLVER.resolve(ScalarNode, text, (True, False)) != _TEXT)  # type: ignore[no-untyped-call]


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def block_head(leaf: Leaf) -> str:
    """The block indicator that follows the key, such as `|-`; empty for a text that is not in a block."""
    text = leaf.text
    if leaf.style not in ("|", ">") or not text.strip() or leaf.expression:
        return ""
    if text[:1].isspace() or _UNPRINTABLE.search(text):
        return ""
    keeps = "+" if text.endswith("\n\n") else "" if text.endswith("\n") else "-"
    return leaf.style + keeps


def block_lines(leaf: Leaf) -> list[str]:
    """The lines of a block text, without their indentation."""
    if leaf.style == "|":
        return leaf.text.removesuffix("\n").split("\n")
    first = next(line for line in leaf.raw if line.strip(" "))
    indent = len(first) - len(first.lstrip(" "))
    return [line[indent:] if line.strip(" ") else "" for line in leaf.raw]


def wrapped(text: str, width: int) -> list[str]:
    """Wrap an expression into lines; joining them with single spaces gives the expression again."""
    lines: list[str] = []
    for token in _TOKEN.findall(text):
        if lines and len(lines[-1]) + 1 + len(token) <= width:
            lines[-1] += f" {token}"
        else:
            lines.append(token)
    return lines if " ".join(lines) == text else [text]


class _Stream(io.StringIO):
    """The output that the emitter requires; it is used only to analyse, and writes nothing."""


_EMITTER = Emitter(_Stream(), allow_unicode=True)
_RESOLVER = Resolver()

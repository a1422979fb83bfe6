"""How a text is written in YAML: plain where that says the same, else in quotes, or as the block that it was."""

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
    """A scalar in one line: plain if it can be, else in double quotes, or in single ones around double ones."""
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
    """Whether other readers of YAML would take the plain text for a number, a date, a truth value, ..."""
    return bool(_RESOLVER.resolve(ScalarNode, text, (True, False)) != _TEXT)  # type: ignore[no-untyped-call]


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def block_head(leaf: Leaf) -> str:
    """What stands behind the key of a text in a block, such as `|-`; nothing for a text that is in no block."""
    text = leaf.text
    if leaf.style not in ("|", ">") or not text.strip() or leaf.expression:
        return ""
    if text[:1].isspace() or _UNPRINTABLE.search(text):
        return ""
    keeps = "+" if text.endswith("\n\n") else "" if text.endswith("\n") else "-"
    return leaf.style + keeps


def block_lines(leaf: Leaf) -> list[str]:
    """The lines of a text in a block, without their indentation."""
    if leaf.style == "|":
        return leaf.text.removesuffix("\n").split("\n")
    first = next(line for line in leaf.raw if line.strip(" "))
    indent = len(first) - len(first.lstrip(" "))
    return [line[indent:] if line.strip(" ") else "" for line in leaf.raw]


def wrapped(text: str, width: int) -> list[str]:
    """An expression in lines that are joined by single blanks."""
    lines: list[str] = []
    for token in _TOKEN.findall(text):
        if lines and len(lines[-1]) + 1 + len(token) <= width:
            lines[-1] += f" {token}"
        else:
            lines.append(token)
    return lines if " ".join(lines) == text else [text]


class _Stream(io.StringIO):
    """What the emitter writes to; nothing is written, it only analyses."""


_EMITTER = Emitter(_Stream(), allow_unicode=True)
_RESOLVER = Resolver()

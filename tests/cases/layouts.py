"""YAML texts as people lay them out.

Block and flow style, comments everywhere, long lines, line ends of three systems.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["laid_out"]

_PLAIN = st.one_of(
    st.sampled_from(
        ["a", "x y", "10", "true", "期限", "港口 数据", "12:30", "a-b", "~", "x" * 40, "字" * 30]
    ),
    st.integers(60, 130).map(lambda width: "W" * width),
)
_QUOTED = st.sampled_from(
    ["a: b", "# none", "- x", "it's", 'say "x"', "a\nb", " x ", "", "{", "é\u3000", "💡"]
)
_KEYS = st.sampled_from(["id", "name", "title", "on", "zh-Hans", "键", "k1", "k2", "k3", "long key"])
_COMMENTS = st.sampled_from(["# one", "# zwei", "#三", "#", "# a: b", "# - x", "# " + "c" * 70])


def _scalar(draw: Any) -> str:
    if draw(st.integers(0, 3)):
        return str(draw(_PLAIN))
    text = str(draw(_QUOTED))
    if "\n" in text or draw(st.booleans()):
        return '"' + text.replace('"', '\\"').replace("\n", "\\n") + '"'
    return "'" + text.replace("'", "''") + "'"


def _flow(draw: Any, depth: int) -> str:
    """A list or mapping in flow style, in one line or several."""
    mapping = draw(st.booleans())
    parts = []
    for key in draw(st.lists(_KEYS, max_size=3, unique=True)):
        inner = _flow(draw, depth - 1) if depth and not draw(st.integers(0, 3)) else _scalar(draw)
        parts.append(f"{key}: {inner}" if mapping else inner)
    between = ", "
    if parts and not draw(st.integers(0, 4)):
        between = f",  {draw(_COMMENTS)}\n          "
    open_, close = "{}" if mapping else "[]"
    return open_ + between.join(parts) + close


def _above(draw: Any, indent: str) -> list[str]:
    return [
        indent + draw(_COMMENTS) if draw(st.integers(0, 2)) else ""
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2])))
    ]


def _behind(draw: Any) -> str:
    blanks = " " * draw(st.sampled_from([1, 2, 5, 30]))
    return "" if draw(st.integers(0, 2)) else blanks + draw(_COMMENTS)


def _entry(draw: Any, head: str, indent: str, depth: int) -> list[str]:
    """A value after a key or a dash, with what is below it."""
    kind = draw(st.sampled_from(["scalar", "scalar", "flow", "block", "mapping", "list"]))
    if kind in ("mapping", "list") and depth:
        below = _block(draw, indent + "  ", depth - 1, mapping=kind == "mapping")
        return [head.rstrip() + _behind(draw), *below]
    if kind == "flow":
        return [f"{head}{_flow(draw, 2)}{_behind(draw)}"]
    if kind == "block":
        sign = draw(st.sampled_from(["|", ">", "|-", ">-", "|+"]))
        return [f"{head}{sign}{_behind(draw)}", f"{indent}  a text", f"{indent}  # no comment"]
    return [f"{head}{_scalar(draw)}{_behind(draw)}"]


def _block(draw: Any, indent: str, depth: int, *, mapping: bool) -> list[str]:
    lines: list[str] = []
    for key in draw(st.lists(_KEYS, min_size=1, max_size=3, unique=True)):
        lines += _above(draw, indent)
        lines += _entry(draw, f"{indent}{key}: " if mapping else f"{indent}- ", indent, depth)
    if depth and not mapping and not draw(st.integers(0, 3)):
        inner = _block(draw, indent + "  ", depth - 1, mapping=draw(st.booleans()))
        first = next((at for at, line in enumerate(inner) if line.strip() and line.lstrip()[:1] != "#"), 0)
        if first == 0:
            lines += [f"{indent}- {inner[0].lstrip()}", *inner[1:]]
    return lines


@st.composite
def laid_out(draw: Any) -> str:
    """A text of the format of agreements, of which only the layout is sound."""
    lines = [*_above(draw, ""), f"coopgov: agreement/1{_behind(draw)}"]
    for number in range(draw(st.integers(1, 3))):
        lines += _above(draw, "")
        lines += _entry(draw, f"section{number}: ", "", 3)
    lines += _above(draw, "")
    mark, end = draw(st.sampled_from(["", "", "\ufeff"])), draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return str(mark) + str(end).join([*lines, ""])

"""Quick ways to read a file that is fine: whatever is unusual in it is left to the careful composer, which reports it.

YAML without anchors, tags and faults becomes nodes in one loop over the parser's events. JSON is read by the standard
library, and its nodes, which only places need, are made when the first place is asked for.
"""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from coopgov.source.compose import LOADER, MAX_DEPTH, Composer
from coopgov.source.nodes import Document, Listing, Mapping, Node, Scalar, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["JsonDocument", "collecting_later", "quick_json", "quick_nodes"]


@contextmanager
def collecting_later() -> Iterator[None]:
    """Pause garbage collection: making many lasting objects triggers it again and again, and it finds nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def quick_nodes(text: str) -> Node | None:
    """The root of a YAML text; None if anything about it is unusual."""
    try:
        return _nodes(text)
    except yaml.YAMLError:
        return None


def _nodes(text: str) -> Node | None:
    building = _Building()
    for event in yaml.parse(text, Loader=LOADER):
        if not building.takes(event):
            return None
    return building.root


class _Building:
    """The nodes of a file as far as it has been read."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[Mapping | Listing] = []
        self.keys: list[Scalar | None] = []
        self.flows: list[bool] = []
        self.documents = 0

    def takes(self, event: Any) -> bool:
        """Take the next event; False if it is unusual."""
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.tag is not None or event.anchor is not None or len(self.stack) == MAX_DEPTH:
                return False
            mark = event.start_mark
            opened = Mapping if kind is yaml.MappingStartEvent else Listing
            self.stack.append(opened(mark.line + 1, mark.column + 1))
            self.keys.append(None)
            self.flows.append(event.flow_style)
            return True
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.keys.pop()
            self.flows.pop()
            return self._add(self.stack.pop())
        self.documents += kind is yaml.DocumentStartEvent
        return kind is not yaml.AliasEvent and self.documents < 2

    def _scalar(self, event: Any) -> bool:
        style = event.style or ""
        if event.tag is not None or event.anchor is not None or style == ">":
            return False
        mark = event.start_mark
        written = "" if event.implicit[0] else style
        return self._add(Scalar(event.value, mark.line + 1, mark.column + 1, written))

    def _add(self, node: Node) -> bool:
        if not self.stack:
            self.root = node
            return True
        parent = self.stack[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
            return True
        key = self.keys[-1]
        if key is None:
            if not isinstance(node, Scalar) or node.text in parent.entries:
                return False
            self.keys[-1] = node
            return True
        if self.flows[-1] and isinstance(node, Scalar) and not node.text and not node.style:
            return False
        parent.entries[key.text] = (key, node)
        self.keys[-1] = None
        return True


class JsonDocument(Document):
    """A JSON file whose content is known; its nodes are made when they are needed, which is for places only."""

    __slots__ = ("_nodes", "_plain", "_text")

    _nodes: Document | None
    _plain: object
    _text: str

    def __init__(self, file: str, text: str, data: object) -> None:
        values: dict[str, object] = {"file": file, "_text": text, "_plain": data, "_nodes": None}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Document], tuple[str, Sequence[str], Node]]:
        return Document, (self.file, self.lines, self.root)

    @property
    def _composed(self) -> Document:
        if self._nodes is None:
            with collecting_later():
                object.__setattr__(self, "_nodes", Composer(self.file, self._text).document())
        assert self._nodes is not None
        return self._nodes

    @property
    def lines(self) -> Sequence[str]:
        """Its lines."""
        return self._composed.lines

    @property
    def root(self) -> Node:
        """Its root node."""
        return self._composed.root

    @property
    def data(self) -> object:
        """Its content, as `plain` gives it; kept until it is first asked for."""
        data = self._plain
        object.__setattr__(self, "_plain", None)
        return plain(self.root) if data is None else data


class _UnusualError(Exception):
    """Something that YAML takes otherwise than JSON, or refuses."""


_UNLIKE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML takes as line breaks, or refuses; JSON itself has no other control characters."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FAR_COLON = re.compile(r'"(?:[ ]*[\r\n]\s*|[ ]{99,}):')
_TRUTH = re.compile(r"[:\[,]\s*(?:true|false)\b")
_LONGEST_KEY = 99


def quick_json(text: str, name: str) -> JsonDocument | None:
    """The document of a JSON text; None if it is not JSON, or not as simple as JSON usually is."""
    if _unlike_yaml(text):
        return None
    truths = ("true" in text or "false" in text) and _TRUTH.search(text) is not None
    try:
        with collecting_later():
            data = json.loads(
                text,
                object_pairs_hook=_Mappings(truths=truths).made,
                parse_float=str,
                parse_int=str,
                parse_constant=_refused,
            )
    except (ValueError, RecursionError, _UnusualError):
        return None
    data = _written(data) if truths else data
    return None if _deeper(data, MAX_DEPTH) else JsonDocument(name, text, data)


def _unlike_yaml(text: str) -> bool:
    """Whether a text has something that YAML takes otherwise than JSON: white space, escapes, keys far from colons."""
    if "\t" in text or "\\/" in text or "\x7f" in text:
        return True
    if "\\u" in text and _SURROGATE.search(text):
        return True
    if not text.isascii() and _UNLIKE.search(text):
        return True
    return ('"\n' in text or '"\r' in text or '" ' in text) and _FAR_COLON.search(text) is not None


class _Mappings:
    """Makes mappings of pairs, and gives up if a key occurs twice or is too long for YAML."""

    def __init__(self, *, truths: bool) -> None:
        self.truths = truths
        self.keys: set[str] = set()

    def made(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """One mapping."""
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _UnusualError
        if not self.keys.issuperset(found):
            if any(len(key) > _LONGEST_KEY for key in found):
                raise _UnusualError
            self.keys.update(found)
        return {key: _written(value) for key, value in pairs} if self.truths else found


def _written(value: Any) -> Any:
    """A value as written: truth values are texts; those of mappings have been replaced already."""
    if value is True or value is False:
        return "true" if value else "false"
    return [_written(item) for item in value] if value.__class__ is list else value


def _refused(_constant: str) -> NoReturn:
    raise _UnusualError


def _deeper(data: Any, most: int) -> bool:
    """Whether something is nested deeper than so many levels."""
    level = [data]
    for _ in range(most):
        level = [
            item
            for each in level
            for item in (each.values() if each.__class__ is dict else each)
            if item.__class__ is not str and item is not None
        ]
        if not level:
            return False
    return True

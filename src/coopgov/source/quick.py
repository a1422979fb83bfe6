"""Quick ways to read a file that is fine: whatever is unusual in it is left to the careful composer, which reports it.

The content of YAML without anchors, tags and faults is built in one loop over the parser's events; JSON is read by the
standard library. Nodes, which only places need, are made when the first place is asked for.
"""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from coopgov.source.compose import LOADER, MAX_DEPTH, Composer, line_texts
from coopgov.source.nodes import Document, Listing, Mapping, Node, Scalar, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["QuickDocument", "collecting_later", "quick_json", "quick_yaml"]


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


class QuickDocument(Document):
    """A file whose content is known; its nodes are made when they are needed, which is for places only."""

    __slots__ = ("_lines", "_make", "_plain", "_root", "_text")

    _lines: Sequence[str] | None
    _make: Callable[[], Node] | None
    _plain: object
    _root: Node
    _text: str

    def __init__(self, file: str, text: str, data: object, make: Callable[[], Node]) -> None:
        self._keep(file=file, _text=text, _plain=data, _make=make, _lines=None)

    def _keep(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Document], tuple[str, Sequence[str], Node]]:
        return Document, (self.file, self.lines, self.root)

    @property
    def lines(self) -> Sequence[str]:
        """Its lines."""
        lines = self._lines
        if lines is None:
            lines = line_texts(self._text)
            self._keep(_lines=lines)
        return lines

    @property
    def root(self) -> Node:
        """Its root node."""
        make = self._make
        if make is not None:
            with collecting_later():
                self._keep(_root=make())
            self._keep(_make=None)  # after the node: another thread may be here, too
        return self._root

    @property
    def data(self) -> object:
        """Its content, as `plain` gives it; kept until it is first asked for."""
        data = self._plain
        self._keep(_plain=None)
        return plain(self.root) if data is None else data


class _UnusualError(Exception):
    """Something that YAML takes otherwise than JSON, or refuses."""


def quick_yaml(text: str, name: str) -> QuickDocument | None:
    """The document of a YAML text; None if anything about it is unusual."""
    contents = _Contents()
    try:
        with collecting_later():
            for event in iter(LOADER(text).get_event, None):
                contents.take(event)
            (data,) = contents.documents
    except (yaml.YAMLError, ValueError, _UnusualError):
        return None
    return QuickDocument(name, text, data, partial(_nodes, data, contents.marks, contents.odd))


_OPENED = {yaml.MappingStartEvent: dict, yaml.SequenceStartEvent: list}
_ENDS = {yaml.MappingEndEvent, yaml.SequenceEndEvent}
_ABSENT = {"", "~", "null"}


class _Contents:
    """The content of a text as far as it has been read, and what its nodes need beside it."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.within: Any = self.documents
        self.key: str | None = None
        self.flow = False
        self.around: list[tuple[Any, bool]] = []
        self.marks: list[Any] = []
        """Where each scalar, mapping and list begins, keys included, in file order."""
        self.odd: dict[int, tuple[str, str]] = {}
        """The texts and styles of scalars that are absent or not plain, by their positions among the marks."""

    def take(self, event: Any) -> None:
        """Take the next event."""
        kind = event.__class__
        if kind in _ENDS:
            self.within, self.flow = self.around.pop()
        elif kind is yaml.ScalarEvent:
            self._begin(event)
            text = event.value
            self._put(self._odd(event) if event.style or text in _ABSENT else text, text)
        elif kind in _OPENED:
            self._begin(event)
            value = _OPENED[kind]()
            self._put(value, None)
            self.around.append((self.within, self.flow))
            self.within, self.flow = value, event.flow_style
            if len(self.around) > MAX_DEPTH:
                raise _UnusualError
        elif kind is yaml.AliasEvent:
            raise _UnusualError

    def _begin(self, event: Any) -> None:
        if event.tag is not None or event.anchor is not None:
            raise _UnusualError
        self.marks.append(event.start_mark)

    def _odd(self, event: Any) -> str | None:
        """The text of a scalar that is not plain; None for an absent one."""
        if event.style == ">":
            raise _UnusualError
        style = "" if event.implicit[0] else event.style
        self.odd[len(self.marks) - 1] = event.value, style
        return event.value if style else None

    def _put(self, value: Any, text: str | None) -> None:
        """Put a value where it belongs; the text of a scalar may be a key."""
        if self.within.__class__ is list:
            self.within.append(value)
        elif self.key is not None:
            if self.flow and value is None and not text:
                raise _UnusualError
            self.within[self.key], self.key = value, None
        elif text is None or text in self.within:
            raise _UnusualError
        else:
            self.key = text


def _nodes(data: Any, marks: Sequence[Any], odd: dict[int, tuple[str, str]]) -> Node:
    """The nodes of a content, given where each begins."""
    positions = enumerate(marks)

    def scalar(value: str | None) -> Scalar:
        at, mark = next(positions)
        text, style = odd.get(at) or (value or "", "")
        return Scalar(text, mark.line + 1, mark.column + 1, style)

    def node(value: Any) -> Node:
        if value.__class__ is dict:
            _, mark = next(positions)
            entries = {key: (scalar(key), node(each)) for key, each in value.items()}
            return Mapping(mark.line + 1, mark.column + 1, entries)
        if value.__class__ is list:
            _, mark = next(positions)
            return Listing(mark.line + 1, mark.column + 1, [node(each) for each in value])
        return scalar(value)

    return node(data)


_UNLIKE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML takes as line breaks, or refuses; JSON itself has no other control characters."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FAR_COLON = re.compile(r'"(?:[ ]*[\r\n]\s*|[ ]{99,}):')
_TRUTH = re.compile(r"[:\[,]\s*(?:true|false)\b")
_LONGEST_KEY = 99


def quick_json(text: str, name: str) -> QuickDocument | None:
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
    return (
        None if _deeper(data, MAX_DEPTH) else QuickDocument(name, text, data, partial(_composed, text, name))
    )


def _composed(text: str, name: str) -> Node:
    quick = quick_yaml(text, name)
    return Composer(name, text).document().root if quick is None else quick.root


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

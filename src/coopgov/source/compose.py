"""Builds nodes from YAML parser events, and stops deep nesting, alias bombs and duplicate keys before they do harm."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from coopgov.errors import InputError
from coopgov.faults import MOST_ALIKE, NO_HINT, Fault, Place
from coopgov.locales import phrase, verbatim
from coopgov.source.nodes import Document, Listing, Mapping, Node, Scalar
from coopgov.source.quoting_hints import INLINE, SPECIAL, braced_line, quoted_line, requoted
from coopgov.source.yaml_problems import problem_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.locales import Phrase

__all__ = ["LOADER", "MAX_DEPTH", "MAX_NODES", "Composer", "line_texts", "scalar_extents"]

MAX_DEPTH = 50
MAX_NODES = 1_000_000
"""The most nodes a file may have once its aliases are expanded; a file of 5 MB without aliases has fewer."""

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_LONGEST = 400
"""The longest key or line, in characters, that a fault quotes in full."""
_COLON = re.compile(r"\s*:")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def line_texts(text: str) -> list[str]:
    """Split a text into lines, as YAML counts them."""
    return _BREAK.split(text)


def scalar_extents(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where each scalar of a text begins and where its last character is, as far as the text can be parsed."""
    found = []
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.ScalarEvent):
                start: Any = event.start_mark
                end: Any = event.end_mark
                found.append(((start.line, start.column), (end.line, end.column - 1)))
    return found


class Composer:
    """Builds nodes from parser events and collects faults on the way.

    An explicit stack replaces recursion: a hostile file cannot exhaust Python's stack before the depth limit applies.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines = line_texts(text)
        self.faults: list[Fault] = []
        self.seen: Counter[str] = Counter()
        self.anchors: dict[str, Node] = {}
        self.open_anchors: set[str] = set()
        self.sizes: dict[int, int] = {}
        self.count = 0

    def document(self) -> Document:
        """Compose the whole text.

        Raises:
            InputError: with every fault found.
        """
        root: Node | None = None
        try:
            root = self._compose(self._events())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            if mark is None or all(abs(fault.place.line - mark.line - 1) > 1 for fault in self.faults):
                self._syntax(error)
        except yaml.reader.ReaderError as error:
            self._character(error)
        if root is None and not self.faults:
            self._fault(1, 1, "empty-file", phrase("common.nothing"), phrase("schema.kind.keys-and-values"))
        document = None if root is None else Document(self.name, self.lines, root)
        if self.faults or document is None:
            raise InputError(self._counted(), document)
        return document

    def _note(self, fault: Fault) -> None:
        """Keep a fault, or only count it once there are many of its kind: a large file can consist of nothing else."""
        self.seen[fault.code] += 1
        if self.seen[fault.code] <= MOST_ALIKE:
            self.faults.append(fault)

    def _counted(self) -> list[Fault]:
        last = {fault.code: at for at, fault in enumerate(self.faults)}
        for code, at in last.items():
            self.faults[at] = replace(self.faults[at], more=max(0, self.seen[code] - MOST_ALIKE))
        return self.faults

    def _events(self) -> Iterator[Any]:
        documents = depth = 0
        for event in yaml.parse(self.text, Loader=LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    found, expected = (
                        phrase("source.several-documents.found"),
                        phrase("source.several-documents.expected"),
                    )
                    self._at(event, "several-documents", found, expected)
                    return
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    self._at(event, "too-deep", *_too_deep())
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
                yield event

    def _compose(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        stack: list[_Open] = []
        for event in events:
            if isinstance(event, yaml.CollectionEndEvent):
                node: Node | None = self._close(stack.pop())
            elif isinstance(event, yaml.CollectionStartEvent):
                self._check_tag(event)
                stack.append(_Open(event))
                if event.anchor:
                    self.open_anchors.add(event.anchor)
                continue
            else:
                node = self._leaf(event)
            if node is None:
                return None
            if not stack:
                root = node
            elif not stack[-1].add(node, self):
                return None
        return root if not stack else None

    def _leaf(self, event: Any) -> Node | None:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._check_tag(event)
        style = event.style or ""
        node = Scalar(
            event.value,
            event.start_mark.line + 1,
            event.start_mark.column + 1,
            "" if event.implicit[0] else style,
        )
        if style == ">" and not event.value.strip():
            self._unquoted(event, ">")
        if event.anchor:
            self.anchors[event.anchor] = node
        self._measure(node, 1)
        return node

    def _alias(self, event: Any) -> Node | None:
        if event.anchor in self.open_anchors:
            found = phrase("source.alias-loop.found", name=event.anchor)
            self._at(event, "alias-loop", found, phrase("source.alias-loop.expected"))
            return None
        node = self.anchors.get(event.anchor)
        if node is None:
            expected = phrase("source.unknown-alias.expected")
            self._at(event, "unknown-alias", verbatim(f"*{event.anchor}"), expected)
            return None
        self.count += self.sizes[id(node)]
        if self.count > MAX_NODES:
            expected = phrase("source.alias-explosion.expected", most=f"{MAX_NODES:,}")
            self._at(event, "alias-explosion", phrase("source.alias-explosion.found"), expected)
            return None
        return node

    def _close(self, opened: _Open) -> Node:
        event, node = opened.event, opened.node
        if event.anchor:
            self.open_anchors.discard(event.anchor)
            self.anchors[event.anchor] = node
        self._measure(node, opened.size)
        return node

    def _measure(self, node: Node, size: int) -> None:
        self.count += 1
        self.sizes[id(node)] = size

    def size_of(self, node: Node) -> int:
        """How many nodes a node amounts to, with its aliases expanded."""
        return self.sizes[id(node)]

    def _check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag is None or (tag == "!" and getattr(event, "style", None)):
            return
        self._unquoted(event, tag if tag.startswith("!") else f"!!{tag.rpartition(':')[2]}")

    def _unquoted(self, event: Any, symbol: str) -> None:
        line = event.start_mark.line
        hint = quoted_line(self.lines[line])
        self._at(event, "unquoted-symbol", *_unquoted(symbol), hint)

    def split_text(self, key: Scalar) -> None:
        """Report a key without a value: the second half of a text with a comma, or a text that begins with a brace."""
        if self.seen["split-text"] >= MOST_ALIKE:
            self.seen["split-text"] += 1
            return
        line = self.lines[key.line - 1]
        before = line[: key.column - 1].rstrip()
        if before.endswith("{"):
            hint = braced_line(line, len(before) - 1)
            self._fault(key.line, len(before), "unquoted-symbol", *_unquoted("{"), hint)
            return
        self._note(
            Fault(
                Place(self.name, key.line, key.column),
                "split-text",
                phrase("source.split-text.found", key=key.text[:_LONGEST]),
                phrase("source.split-text.expected"),
                requoted(line, key.column - 1) if len(line) <= _LONGEST else NO_HINT,
                line,
                max(1, len(key.text)),
            )
        )

    def _at(self, event: Any, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        mark = event.start_mark
        self._fault(mark.line + 1, mark.column + 1, code, found, expected, hint)

    def _fault(
        self, line: int, column: int, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT
    ) -> None:
        source = self.lines[line - 1] if line <= len(self.lines) else ""
        self._note(Fault(Place(self.name, line, column), code, found, expected, hint, source))

    def double_key(self, key: Scalar, first: Scalar) -> None:
        """Report a key that occurs a second time."""
        if self.seen["duplicate-key"] >= MOST_ALIKE:
            self.seen["duplicate-key"] += 1
            return
        line = self.lines[key.line - 1]
        self._note(
            Fault(
                Place(self.name, key.line, key.column),
                "duplicate-key",
                phrase("source.duplicate-key.found", key=key.text[:_LONGEST]),
                phrase("source.duplicate-key.expected", line=first.line),
                NO_HINT,
                line,
                max(1, len(key.text)),
            )
        )

    def complex_key(self, node: Node) -> None:
        """Report a list or mapping where a key is expected."""
        found, expected = phrase("source.complex-key.found"), phrase("source.complex-key.expected")
        self._fault(node.line, node.column, "complex-key", found, expected)

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        line = min(line, len(self.lines) - 1)
        if "nesting depth" in (
            error.problem or ""
        ):  # libyaml has a limit of its own, reached before any event
            self._fault(line + 1, column + 1, "too-deep", *_too_deep())
            return
        for number in (line, line - 1):
            source = self.lines[number] if number >= 0 else ""
            special = INLINE.search(source) or SPECIAL.match(source)
            if special:
                at = special.start("rest") + 1
                said = (*_unquoted(special["rest"][0]), quoted_line(source))
                self._fault(number + 1, at, "unquoted-symbol", *said)
                return
        if self.lines[line].lstrip(" ").startswith("\t"):
            found, expected = phrase("source.tab.found"), phrase("source.tab.expected")
            self._fault(line + 1, column + 1, "tab", found, expected)
            return
        hint = phrase("source.syntax.hint") if "mapping values" in (error.problem or "") else NO_HINT
        found, expected = problem_text(error.problem), phrase("source.syntax.expected")
        self._fault(line + 1, column + 1, "syntax", found, expected, hint)

    def _character(self, error: yaml.reader.ReaderError) -> None:
        position = error.position if isinstance(error.position, int) else 0
        before = self.text[:position]
        line = before.count("\n") + 1
        column = position - (before.rfind("\n") + 1) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        found, expected = (
            phrase("source.character.control", code=f"{code:04X}"),
            phrase("source.character.expected"),
        )
        self._fault(line, column, "character", found, expected)


def _too_deep() -> tuple[Phrase, Phrase]:
    return phrase("source.too-deep.found", most=MAX_DEPTH), phrase("source.too-deep.expected")


def _unquoted(symbol: str) -> tuple[Phrase, Phrase]:
    return phrase("source.unquoted-symbol.found", symbol=symbol), phrase("source.unquoted-symbol.expected")


class _Open:
    """A mapping or sequence whose end has not been read yet."""

    __slots__ = ("event", "key", "node", "size")

    def __init__(self, event: Any) -> None:
        kind = Mapping if isinstance(event, yaml.MappingStartEvent) else Listing
        self.node: Mapping | Listing = kind(event.start_mark.line + 1, event.start_mark.column + 1)
        self.event = event
        self.key: Scalar | None = None
        self.size = 1

    def add(self, node: Node, composer: Composer) -> bool:
        """Add a child; False when the rest of the file cannot be read."""
        self.size += composer.size_of(node)
        if isinstance(self.node, Listing):
            self.node.items.append(node)
        elif self.key is None:
            if not isinstance(node, Scalar):
                composer.complex_key(node)
                return False
            self.key = node
        else:
            self._entry(self.node, self.key, node, composer)
            self.key = None
        return True

    def _entry(self, mapping: Mapping, key: Scalar, node: Node, composer: Composer) -> None:
        if key.text in mapping.entries:
            composer.double_key(key, mapping.entries[key.text][0])
            return
        if self.event.flow_style and isinstance(node, Scalar) and not node.style and not node.text:
            end = key.column - 1 + len(key.text)
            if not key.style and not _COLON.match(composer.lines[key.line - 1], end):
                composer.split_text(key)
                return
        mapping.entries[key.text] = (key, node)

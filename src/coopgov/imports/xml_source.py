"""Reads XML of other systems by expat: no DOCTYPE, hence no entities; limits of its own; names without namespaces.

Elements note what is asked of them, so that `lose_unread` can list everything that no reader asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from coopgov.imports.bytes_of import refused
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coopgov.errors import SourceError
    from coopgov.imports.bytes_of import Input
    from coopgov.imports.result import Log
    from coopgov.locales import Phrase

__all__ = ["Element", "lose_unread", "xml_of"]

_Meaning = TypeVar("_Meaning")
Leaf = tuple[str, int, str]
"""An element without attributes and children: its name, its line and its text. Most of a large file are leaves."""

_MOST_DEEP = 64
_NO_VALUES = {"", "NA"}
"""Texts that say that there is no value."""


class Element:
    """An element: its name without its namespace, its attributes, its children and its text."""

    __slots__ = (
        "_asked",
        "_children",
        "_first",
        "_heard",
        "_names",
        "_text",
        "attributes",
        "line",
        "name",
        "seen",
    )

    def __init__(self, name: str, line: int, attributes: Mapping[str, str], text: str = "") -> None:
        self.name, self.line, self.attributes = name, line, attributes
        self._text, self._heard = text, False
        self._children: list[Element | Leaf] = []
        self._names: set[str] = set()
        self._asked: set[str] = set()
        self._first: dict[str, Element | Leaf] | None = None
        self.seen = False
        """Whether anything was asked of it; an element of which nothing was asked is lost as a whole."""

    def add(self, child: Element | Leaf) -> None:
        """Add a child."""
        self._children.append(child)

    def add_text(self, text: str) -> None:
        """Add a piece of text between its children."""
        self._text += text

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name."""
        self.seen = True
        for at, each in enumerate(self._children):
            if isinstance(each, Element):
                if each.name == name:
                    yield each
            elif each[0] == name:
                made = Element(name, each[1], {}, each[2])
                self._children[at] = made
                if self._first and self._first[name] is each:
                    self._first[name] = made
                yield made

    def first(self, name: str) -> Element | None:
        """The first child of a name."""
        return next(self.all(name), None)

    @property
    def text(self) -> str:
        """Its text, without spaces around it."""
        self.seen = self._heard = True
        return self._text.strip()

    def attribute(self, name: str) -> str:
        """An attribute, without spaces around it; empty if there is none."""
        self.seen = True
        self._asked.add(name)
        return self.attributes.get(name, "").strip()

    def peek_attribute(self, name: str) -> str:
        """The same, but it is lost unless somebody asks for the attribute."""
        return self.attributes.get(name, "").strip()

    def value(self, name: str) -> str:
        """The text of the first child of a name; empty if there is none."""
        self._hear(name)
        return self.peek(name)

    def peek(self, name: str) -> str:
        """The same, but it is lost unless somebody asks for its value."""
        found = self._child(name)
        if found is None:
            return ""
        return (found._text if isinstance(found, Element) else found[2]).strip()  # noqa: SLF001  # of its own class

    def parsed(self, name: str, parse: Callable[[str], _Meaning | None]) -> _Meaning | None:
        """What the text of the first child of a name means; None, and lost, if it means nothing."""
        text = self.peek(name)
        found = None if text in _NO_VALUES else parse(text)
        if found is not None or text in _NO_VALUES:
            self._hear(name)
        self.seen = True
        return found

    def _hear(self, name: str) -> None:
        self.seen = True
        self._names.add(name)
        found = self._child(name)
        if isinstance(found, Element):
            found.seen = found._heard = True  # noqa: SLF001  # of its own class

    def _child(self, name: str) -> Element | Leaf | None:
        if self._first is None:
            self._first = {
                each.name if isinstance(each, Element) else each[0]: each for each in reversed(self._children)
            }
        return self._first.get(name)

    def settle(self) -> None:
        """Forget its content: it is accounted for as a whole."""
        self.seen = True
        self._children, self._text, self.attributes = [], "", {}

    def unread(self) -> Iterator[tuple[str, int]]:
        """The names and lines of what was not asked for, its own text as an empty name."""
        if self._text and not self._heard and not self._text.isspace():
            yield "", self.line
        for name in self.attributes:
            if name not in self._asked:
                yield name, self.line
        passed: set[str] = set()
        for each in self._children:
            if isinstance(each, Element):
                name, line, lost = each.name, each.line, not each.seen
            else:
                name, line, _ = each
                lost = name in passed or name not in self._names
            if lost:
                yield name, line
            passed.add(name)

    def inside(self) -> list[Element]:
        """Its children of which something was asked."""
        return [each for each in self._children if isinstance(each, Element) and each.seen]


def lose_unread(root: Element, file: str, log: Log) -> None:
    """List every element, attribute and text that no reader asked for, by the name of what it belongs to."""
    waiting = [("", root)]
    while waiting:
        above, element = waiting.pop()
        for name, line in element.unread():
            if name:
                log.lose_key(element.name, name, f"{file}:{line}")
            else:
                log.lose_key(above, element.name, f"{file}:{line}")
        waiting += [(element.name, each) for each in reversed(element.inside())]


def xml_of(source: Input, *roots: str) -> Element:
    """The root element of a file, which must have one of some names.

    Raises:
        SourceError: it is no XML, has a DOCTYPE or is nested too deep, or its root has another name.
    """
    reader = _Reader(source.name)
    try:
        reader.parser.Parse(source.data, True)  # the last piece
    except ExpatError as error:
        found = phrase("imports.source.broken-xml", why=ErrorString(error.code))
        raise refused(
            source.name,
            "syntax",
            found,
            phrase("imports.source.whole-xml"),
            line=error.lineno,
            column=error.offset + 1,
        ) from None
    except (LookupError, ValueError, UnicodeError):
        found = phrase("imports.source.broken-xml", why="encoding")
        raise refused(source.name, "syntax", found, phrase("imports.source.whole-xml")) from None
    root = reader.root
    if root is None or root.name not in roots:
        found = phrase("imports.source.root", name=root.name if root else "")
        raise refused(source.name, "wrong-type", found, phrase("imports.source.a-root", name=roots[0]))
    root.seen = True
    return root


class _Reader:
    """Builds the tree: an element waits until it is known whether it has anything but text."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self.open: list[Element] = []
        self.names: dict[str, str] = {}
        self.waiting: tuple[str, int, dict[str, str]] | None = None
        self.text = ""
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.waiting:
            self.enter()
        if len(self.open) >= _MOST_DEEP:
            found = phrase("imports.source.too-deep", most=_MOST_DEEP)
            raise self._refused("too-deep", found, phrase("imports.source.flatter"))
        self.waiting, self.text = (self.local(name), self.parser.CurrentLineNumber, attributes), ""

    def local(self, name: str) -> str:
        found = self.names.get(name)
        if found is None:
            found = self.names[name] = name.rpartition(" ")[2]
        return found

    def enter(self) -> None:
        """Make an element of the one that waits, and go inside."""
        assert self.waiting
        name, line, attributes = self.waiting
        plain = {self.local(key): value for key, value in attributes.items()}
        made = Element(name, line, plain, self.text)
        if self.open:
            self.open[-1].add(made)
        else:
            self.root = made
        self.open.append(made)
        self.waiting = None

    def end(self, _name: str) -> None:
        if self.waiting and self.open and not self.waiting[2]:
            self.open[-1].add((self.waiting[0], self.waiting[1], self.text))
            self.waiting = None
            return
        if self.waiting:
            self.enter()
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.waiting:
            self.text += text
        elif not text.isspace():
            self.open[-1].add_text(text)

    def doctype(self, *_: object) -> None:
        raise self._refused("doctype", phrase("imports.source.doctype"), phrase("imports.source.no-doctype"))

    def _refused(self, code: str, found: Phrase, expected: Phrase) -> SourceError:
        return refused(
            self.file,
            code,
            found,
            expected,
            line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )

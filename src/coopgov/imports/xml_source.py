"""Reads XML of other systems by expat: no DOCTYPE, hence no entities; limits of its own; names without namespaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from coopgov.imports.bytes_of import refused
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.errors import SourceError
    from coopgov.imports.bytes_of import Input
    from coopgov.locales import Phrase

__all__ = ["Element", "xml_of"]

_MOST_DEEP = 64
_SKIPPED = {
    "TimephasedData",
    "OutlineCodes",
    "WBSMasks",
    "ExtendedAttributes",
    "Views",
    "Filters",
    "Groups",
    "Tables",
}
"""Elements whose content nobody reads; they are most of a large plan."""


@dataclass(slots=True)
class Element:
    """An element: its name without its namespace, its attributes, its children and its text."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name."""
        return (each for each in self.children if each.name == name)

    def first(self, name: str) -> Element | None:
        """The first child of a name."""
        for each in self.children:
            if each.name == name:
                return each
        return None

    @property
    def text(self) -> str:
        """Its text, without spaces around it."""
        return "".join(self.pieces).strip()

    def value(self, name: str) -> str:
        """The text of the first child of a name; empty if there is none."""
        for each in self.children:
            if each.name == name:
                return "".join(each.pieces).strip()
        return ""


def xml_of(source: Input, *roots: str) -> Element:
    """The root element of a file, which must have one of some names.

    Raises:
        SourceError: it is no XML, has a DOCTYPE or is nested too deep, or its root has another name.
    """
    reader = _Reader(source.name)
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.doctype
    reader.parser = parser
    try:
        parser.Parse(source.data, True)  # the last piece
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
    return root


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self.open: list[Element] = []
        self.depth = 0
        self.skipping = 0
        self.parser = ParserCreate()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MOST_DEEP:
            found = phrase("imports.source.too-deep", most=_MOST_DEEP)
            raise self._refused("too-deep", found, phrase("imports.source.flatter"))
        local = name.rpartition(" ")[2]
        if self.skipping or local in _SKIPPED:
            self.skipping += 1
            return
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()} if attributes else {}
        made = Element(local, self.parser.CurrentLineNumber, plain)
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.skipping:
            self.skipping -= 1
        else:
            self.open.pop()

    def characters(self, text: str) -> None:
        if not self.skipping and self.open:
            self.open[-1].pieces.append(text)

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

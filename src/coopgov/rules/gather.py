"""Gathers rule files: the given ones, and the packs and files that they extend, each once, extended ones first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.errors import InputError
from coopgov.faults import NO_HINT, Fault, did_you_mean
from coopgov.locales import listed, phrase
from coopgov.rules.expanded import ExpandedSource
from coopgov.rules.pack_names import BUILT_IN, PACKS, pack_names
from coopgov.rules.partial import usable
from coopgov.rules.schema import RulesFile
from coopgov.rules.source import Source, Text
from coopgov.rules.table_rows import with_named_cells
from coopgov.rules.tables import row_id, written_tables
from coopgov.schema import quoted
from coopgov.source import Document, in_full_width, is_file, own_text, read_document, resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.locales import Phrase

__all__ = ["gather", "parse_source"]

_SECTIONS = ("rules", "facts", "actions", "parameters", "subjects", "tables", "inhibit", "cases")


def parse_source(document: Document) -> tuple[Source | None, list[Fault]]:
    """Check a document against the format of rule files; entries with faults are left out, and the rest is checked."""
    document, ragged = with_named_cells(document)
    file, faults, left_out = usable(RulesFile, document, _entry)
    places = {fault.place for fault in ragged}
    faults = [*ragged, *(fault for fault in faults if fault.place not in places)]
    if file is None:
        return None, faults
    data: Any = document.data
    return Source(file, document, {path: _name(data, path) for path in left_out}), faults


def _entry(path: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """The rule, fact, action, parameter, table or table row that contains a fault."""
    if len(path) < 2 or path[0] not in _SECTIONS:
        return None
    return path[:4] if path[0] == "tables" and path[2:3] == ("rows",) and len(path) > 3 else path[:2]


def _name(data: Any, path: tuple[str | int, ...]) -> str:
    """The name of an entry, as far as it is known."""
    section, key, *below = path
    entry = data[section][key]
    named = entry.get("id") or entry.get("name") if isinstance(entry, dict) and isinstance(key, int) else key
    for row in below[1:]:
        own = entry["rows"][row]
        named = row_id(str(named), int(row), own.get("id") if isinstance(own, dict) else None)
    return str(named or "")


def _parsed(text: Text) -> tuple[Source | None, list[Fault]]:
    """Return the usable part of a text, and its faults: structural ones, and others that do not follow from these."""
    try:
        document: object = read_document(*text)
        early: Sequence[Fault] = ()
    except InputError as error:
        document, early = error.document, error.faults
    source, faults = parse_source(document) if isinstance(document, Document) else (None, [])
    corrected = in_full_width(*text, [*early, *faults], _faults) if early or faults else None
    if corrected is not None:
        early = corrected.faults
        source, faults = (
            parse_source(corrected.document) if isinstance(corrected.document, Document) else (None, [])
        )
    lines = {fault.place.line for fault in early}
    return source, [*early, *(fault for fault in faults if fault.place.line not in lines)]


def _faults(document: Document) -> list[Fault]:
    return parse_source(document)[1]


def gather(given: Iterable[str | Path | Text]) -> tuple[list[ExpandedSource], list[Fault]]:
    """Read files, packs and texts with everything that they extend, and report all faults at once."""
    gatherer = _Gatherer()
    gatherer.pack(BUILT_IN)
    gatherer.finish()
    for one in given:
        if isinstance(one, Text):
            gatherer.text(one, Path(one.name).parent)
        else:
            gatherer.path_or_pack(one)
        gatherer.finish()
    return gatherer.sources, gatherer.faults


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A file whose extended files have not all been read; `key` is its resolved path, if it has one."""

    source: Source
    folder: Path | None
    key: str
    extends: Iterator[tuple[int, str]]


class _Gatherer:
    """Reads files depth first, without recursion: a chain of files may have any length."""

    def __init__(self) -> None:
        self.sources: list[ExpandedSource] = []
        self.faults: list[Fault] = []
        self.seen: set[str] = set()
        self.open: dict[str, None] = {}
        self.waiting: list[_Open] = []

    def path_or_pack(self, given: str | Path) -> None:
        """Resolve a name: a shipped pack takes precedence over a file of the same name; `./name` is the file."""
        if given in pack_names() or given == BUILT_IN:
            self.pack(str(given))
        else:
            self.path(Path(given))

    def pack(self, name: str) -> None:
        if name not in self.seen:
            self.seen.add(name)
            data = PACKS.joinpath(f"{name}.yaml").read_bytes()
            self.text(Text(data, f"{name}.yaml"), None)

    def path(self, path: Path) -> None:
        key = resolved(path)
        if key in self.seen:
            return
        self.seen.add(key)
        try:
            text = Text(own_text(path, str(path), "rules"), str(path))
        except InputError as error:
            bare = re.fullmatch(r"[\w-]+", str(path)) is not None
            hint = did_you_mean(str(path), pack_names()) or (_shipped() if bare else NO_HINT)
            self.faults += (replace(fault, hint=hint) if hint else fault for fault in error.faults)
            return
        self.text(text, path.parent, key)

    def text(self, text: Text, folder: Path | None, key: str = "") -> None:
        source, faults = _parsed(text)
        self.faults += faults
        if source is not None:
            self.waiting.append(_Open(source, folder, key, enumerate(source.file.extends)))
            self.open[key] = None

    def finish(self) -> None:
        """Read everything that the open files extend; an extended file comes before the file that extends it."""
        while self.waiting:
            one = self.waiting[-1]
            following = next(one.extends, None)
            if following is not None:
                self._extended(one, *following)
                continue
            self.waiting.pop()
            self.open.pop(one.key, None)
            tables, faults = written_tables(one.source, one.folder)
            self.faults += faults
            source = one.source
            self.sources.append(ExpandedSource(source.file, source.document, source.left_out, tables))

    def _extended(self, one: _Open, position: int, name: str) -> None:
        source, folder = one.source, one.folder
        path = folder / name if folder is not None else None
        if name in pack_names():
            self.pack(name)
        elif path is not None and is_file(path):
            if resolved(path) in self.open:
                found = phrase("rules.extends-circle.found", file=name)
                expected = phrase("rules.extends-circle.expected")
                self.faults.append(source.fault(("extends", position), "extends-circle", found, expected))
            self.path(path)
        else:
            hint = did_you_mean(name, pack_names()) or _shipped()
            expected = phrase("rules.unknown-pack.expected")
            self.faults.append(
                source.fault(("extends", position), "unknown-pack", quoted(name), expected, hint)
            )


def _shipped() -> Phrase:
    return phrase("rules.unknown-pack.hint", packs=listed(pack_names()))

"""Which rule files belong together: the file given, the packs and files it extends, each once, extended ones first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.errors import Fault, InputError, did_you_mean
from coopgov.model import Defect, fault_of, faults_of
from coopgov.rules.file import RulesFile
from coopgov.source import Document, plain, read_document, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["BUILT_IN", "DEFAULT_PACK", "Source", "gather", "pack_names", "parse_source"]

DEFAULT_PACK = "cooperation-plan"
BUILT_IN = "built-in"
"""The pack that every rule set has."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One rule file: its content and the document that knows the places.

    `left_out` are the entries that were not of the format, with their names; they are faults already and missing from
    `file`.
    """

    file: RulesFile
    document: Document
    left_out: Mapping[tuple[str, str | int], str] = field(default_factory=dict)

    def entries(self, section: str) -> Iterator[tuple[int, Any]]:
        """The entries of a list of the file, with their positions in it."""
        kept = getattr(self.file, section)
        positions = (number for number in count() if (section, number) not in self.left_out)
        return zip(positions, kept, strict=False)

    def fault(
        self,
        path: Sequence[str | int],
        code: str,
        found: str,
        expected: str,
        hint: str = "",
        *,
        key: bool = False,
    ) -> Fault:
        """A fault at a path of the file; with `key`, at the key itself."""
        return fault_of(self.document, Defect(tuple(path), code, found, expected, hint, key))


def pack_names() -> list[str]:
    """The names of the shipped packs; beside each stand its tests."""
    names = (entry.name for entry in files("coopgov.rules").joinpath("packs").iterdir())
    packs = (name for name in names if name.endswith(".yaml") and not name.endswith(".tests.yaml"))
    return sorted(name.removesuffix(".yaml") for name in packs if name != f"{BUILT_IN}.yaml")


def parse_source(document: Document) -> tuple[Source | None, list[Fault]]:
    """Check a document against the format of rule files; entries with faults are left out, so that the rest is checked too."""
    data = plain(document.root)
    try:
        return Source(RulesFile.model_validate(data), document), []
    except ValidationError as error:
        faults = faults_of(document, error, RulesFile)
        entries = {path for path in (_entry(detail["loc"]) for detail in error.errors()) if path}
    try:
        rest = RulesFile.model_validate(_without(data, entries))
    except ValidationError:
        return None, faults
    return Source(
        rest, document, {(section, key): _name(data, section, key) for section, key in entries}
    ), faults


def _entry(path: tuple[str | int, ...]) -> tuple[str, str | int] | None:
    """The rule, fact, action or parameter that a fault is in."""
    inside = len(path) > 1 and path[0] in ("rules", "facts", "actions", "parameters", "subjects")
    return (str(path[0]), path[1]) if inside else None


def _name(data: Any, section: str, key: str | int) -> str:
    """What an entry is called, as far as that can be told."""
    entry = data[section][key]
    named = entry.get("id") or entry.get("name") if isinstance(entry, dict) and isinstance(key, int) else key
    return str(named or "")


def _without(data: Any, entries: set[tuple[str, str | int]]) -> Any:
    """The content of a file without some of its entries."""
    if not entries:
        return data
    kept = dict(data)
    for section in {section for section, _ in entries}:
        if isinstance(data[section], dict):
            kept[section] = {
                key: each for key, each in data[section].items() if (section, key) not in entries
            }
        else:
            kept[section] = [each for key, each in enumerate(data[section]) if (section, key) not in entries]
    return kept


def gather(given: Iterable[str | Path | Document]) -> tuple[list[Source], list[Fault]]:
    """Read files, packs and documents with all they extend; faults of all of them at once."""
    gatherer = _Gatherer()
    gatherer.pack(BUILT_IN)
    for one in given:
        if isinstance(one, Document):
            gatherer.document(one, Path(one.file).parent)
        else:
            gatherer.path_or_pack(one)
    return gatherer.sources, gatherer.faults


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that may not be read
        return False


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except RuntimeError:  # a link to itself, up to Python 3.12
        return str(path.absolute())


class _Gatherer:
    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.faults: list[Fault] = []
        self.seen: set[str] = set()
        self.open: list[str] = []

    def path_or_pack(self, given: str | Path) -> None:
        """A shipped pack goes before a file of the same name; `./name` is the file."""
        if given in pack_names() or given == BUILT_IN:
            self.pack(str(given))
        else:
            self.path(Path(given))

    def pack(self, name: str) -> None:
        if name not in self.seen:
            self.seen.add(name)
            data = files("coopgov.rules").joinpath("packs", f"{name}.yaml").read_bytes()
            self.document(read_document(data, f"{name}.yaml"), None)

    def path(self, path: Path) -> None:
        key = _resolved(path)
        if key in self.seen:
            return
        self.seen.add(key)
        try:
            document = read_file(path)
        except InputError as error:
            near = did_you_mean(str(path), pack_names())
            self.faults += (replace(fault, hint=near) if near else fault for fault in error.faults)
            if not isinstance(error.document, Document):
                return
            document = error.document
        self.open.append(key)
        self.document(document, path.parent)
        self.open.pop()

    def document(self, document: Document, folder: Path | None) -> None:
        source, faults = parse_source(document)
        self.faults += faults
        if source is None:
            return
        for position, name in enumerate(source.file.extends):
            self._extended(source, position, name, folder)
        self.sources.append(source)

    def _extended(self, source: Source, position: int, name: str, folder: Path | None) -> None:
        path = folder / name if folder is not None else None
        if name in pack_names():
            self.pack(name)
        elif path is not None and _is_file(path):
            if _resolved(path) in self.open:
                found = f'"{name}", which extends this file'
                self.faults.append(
                    source.fault(("extends", position), "extends-circle", found, "files without a circle")
                )
            self.path(path)
        else:
            hint = did_you_mean(name, pack_names()) or f"shipped packs: {', '.join(pack_names())}"
            expected = "a shipped pack or a path relative to this file"
            self.faults.append(
                source.fault(("extends", position), "unknown-pack", f'"{name}"', expected, hint)
            )

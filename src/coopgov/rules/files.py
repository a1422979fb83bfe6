"""Which rule files belong together: the file given, the packs and files it extends, each once, extended ones first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from coopgov.errors import Fault, InputError, did_you_mean
from coopgov.model import Finding, fault_of, faults_of
from coopgov.rules.file import RulesFile
from coopgov.source import Document, plain, read_document, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["DEFAULT_PACK", "Source", "gather", "pack_names", "parse_source"]

DEFAULT_PACK = "cooperation-plan"
_BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One rule file: its content and the document that knows the places."""

    file: RulesFile
    document: Document

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
        return fault_of(self.document, Finding(tuple(path), code, found, expected, hint, key))


def pack_names() -> list[str]:
    """The names of the shipped packs."""
    names = (entry.name for entry in files("coopgov.rules").joinpath("packs").iterdir())
    return sorted(
        name.removesuffix(".yaml") for name in names if name.endswith(".yaml") and name != f"{_BUILT_IN}.yaml"
    )


def parse_source(document: Document) -> Source:
    """Check a document against the format of rule files.

    Raises:
        InputError: with all faults of the file.
    """
    try:
        return Source(RulesFile.model_validate(plain(document.root)), document)
    except ValidationError as error:
        raise InputError(faults_of(document, error, RulesFile)) from None


def gather(given: Iterable[str | Path | Document]) -> tuple[list[Source], list[Fault]]:
    """Read files, packs and documents with all they extend; faults of all of them at once."""
    gatherer = _Gatherer()
    gatherer.pack(_BUILT_IN)
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
        if given in pack_names():
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
            return
        self.open.append(key)
        self.document(document, path.parent)
        self.open.pop()

    def document(self, document: Document, folder: Path | None) -> None:
        try:
            source = parse_source(document)
        except InputError as error:
            self.faults += error.faults
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

"""The document of an agreement that was put together from several files: it knows the file of each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.source.nodes import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Graft", "MergedDocument"]


@dataclass(frozen=True, slots=True)
class Graft:
    """Where a value and what is below it come from: a document, or an object of Python that `name` names."""

    document: Document | None
    path: tuple[int | str, ...]
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class MergedDocument(Document):
    """The main file of an agreement; `grafts` says for paths of the whole where their values come from."""

    grafts: Mapping[tuple[int | str, ...], Graft] = field(default_factory=dict)

    def origin(self, path: Sequence[int | str]) -> tuple[Document | None, tuple[int | str, ...]]:
        """Return the document that has the value at a path, and the value's path there."""
        steps = tuple(path)
        for length in range(len(steps), -1, -1):
            graft = self.grafts.get(steps[:length])
            if graft is not None:
                below = (*graft.path, *steps[length:])
                return graft.document, below if graft.document else (graft.name, *below)
        return self, steps

    @property
    def documents(self) -> Iterator[Document]:
        """The documents of all files, each once."""
        found: dict[str, Document] = {self.file: self} if self.file else {}
        for graft in self.grafts.values():
            if graft.document is not None:
                found.setdefault(graft.document.file, graft.document)
        yield from found.values()

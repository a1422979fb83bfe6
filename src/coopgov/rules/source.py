"""Rule files, and the values in them, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgov.faults import NO_HINT
from coopgov.schema import Defect, fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.rules.schema import RulesFile
    from coopgov.schema import Part
    from coopgov.source import Document

__all__ = ["Field", "Source", "Text", "given_keys"]


class Text(NamedTuple):
    """The text of a rule file; faults call it `name`, and relative paths start from there."""

    data: bytes | str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One rule file: its content, and the document with the places.

    `left_out` has the names of malformed entries, which have been reported already and are not in `file`.
    """

    file: RulesFile
    document: Document
    left_out: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)

    def entries(self, section: str) -> Iterator[tuple[int, Any]]:
        """The entries of a list, with their positions in the file."""
        return self.kept(getattr(self.file, section), section)

    def kept(self, items: Iterable[Any], *path: str | int) -> Iterator[tuple[int, Any]]:
        """The items of a list at a path, with their positions in the file."""
        positions = (number for number in count() if (*path, number) not in self.left_out)
        return zip(positions, items, strict=False)

    def fault(
        self,
        path: Sequence[str | int],
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        key: bool = False,
    ) -> Fault:
        """Build a fault at a path of the file; with `key`, at the key itself."""
        return fault_of(self.document, Defect(tuple(path), code, found, expected, hint, key))


@dataclass(frozen=True, slots=True)
class Field:
    """A value, and the file and path where it was written."""

    value: Any
    source: Source
    path: tuple[str | int, ...]


def given_keys(entry: Part) -> dict[str, str]:
    """Return the keys that an entry of a file has, each with the name of its field, which differs for `for`."""
    known = type(entry).model_fields
    return {known[name].alias or name: name for name in known if name in entry.model_fields_set}

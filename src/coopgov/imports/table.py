"""Tables of tasks, whatever they come from: named columns, which may repeat, and rows that know their places."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.errors import MappingError
from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.schema import Defect, fault_of, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coopgov.imports.mapping import ImportColumn, ImportMapping
    from coopgov.locales import Phrase
    from coopgov.schema.problems import Path

__all__ = ["Row", "Table", "mapping_fault", "table_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its place, its cells, and what its format says in a form of its own.

    `given` are keys of a task as they are, `status` is a status that needs no mapping, and `groups` has the values by
    which a task can find its phase: for `epic`, say, one tuple for each epic, with its key, its id and its name.
    """

    place: str
    cells: Sequence[str]
    given: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    decided: bool = False
    """Whether its status holds whatever the mapping says about its column."""
    groups: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    sprint: tuple[str, str] | None = None
    """The first and last moment of the newest sprint."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header whose names may repeat: position is what distinguishes columns."""

    file: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of columns, such as `customfield_10015`, with the name in the header."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """What a source itself says about its statuses: whether they are not started, in progress or done."""

    known: frozenset[str] = frozenset()
    """Columns that the format can have, although no row of this file does."""
    used: frozenset[str] = frozenset()
    """Columns whose values the reader has already used."""

    def knows(self, name: str) -> bool:
        """Whether there is, or could be, a column of a name."""
        try:
            return bool(self.positions(name)) or self.aliases.get(name, name) in self.known
        except KeyError:
            return True

    def positions(self, name: str) -> list[int]:
        """The positions of a column; the case of letters does not matter where one spelling matches.

        Raises:
            KeyError: several spellings match; they are its argument.
        """
        wanted = " ".join(self.aliases.get(name, name).split())
        exact = [at for at, each in enumerate(self.headers) if each == wanted]
        if exact:
            return exact
        folded = wanted.casefold()
        alike = [at for at, each in enumerate(self.headers) if each.casefold() == folded]
        if len({self.headers[at] for at in alike}) > 1:
            raise KeyError(sorted({self.headers[at] for at in alike}))
        return alike

    def values(self, row: Row, name: str) -> list[str]:
        """The filled cells of a row in all columns of a name; none for one that several spellings match."""
        try:
            positions = self.positions(name)
        except KeyError:
            return []
        cells = (row.cells[at].strip() for at in positions if at < len(row.cells))
        return [each for each in cells if each]

    def columns_of(self, entry: ImportColumn, mapping: ImportMapping, path: Path) -> list[int]:
        """The positions that an entry of a mapping means.

        Raises:
            MappingError: the entry has two meanings, or its column does not repeat as often.
        """
        try:
            positions = self.positions(entry.source)
        except KeyError as error:
            expected = phrase("imports.table.one-of", names=", ".join(error.args[0]))
            raise mapping_fault(mapping, path, "ambiguous-column", quoted(entry.source), expected) from None
        if entry.which is None or not positions:
            return positions
        if not 1 <= entry.which <= len(positions):
            found = phrase("imports.table.which", name=entry.source, count=len(positions))
            raise mapping_fault(
                mapping, path, "unknown-header", found, phrase("imports.table.a-column", file=self.file)
            )
        return [positions[entry.which - 1]]

    def unknown(self, names: Iterable[str], mapping: ImportMapping, path: Path) -> MappingError:
        """The error of columns that the table lacks, with the nearest name."""
        wanted = list(names)
        hint = did_you_mean(wanted[0], list(dict.fromkeys(self.headers)))
        expected = phrase("imports.table.a-column", file=self.file)
        return mapping_fault(
            mapping,
            path,
            "unknown-header",
            phrase("imports.table.no-column", names=", ".join(wanted)),
            expected,
            hint,
        )


def mapping_fault(
    mapping: ImportMapping, path: Path, code: str, found: Phrase, expected: Phrase, hint: Phrase | None = None
) -> MappingError:
    """The error of an import mapping that does not fit its file, at its place in the mapping."""
    defect = (
        Defect(path, code, found, expected) if hint is None else Defect(path, code, found, expected, hint)
    )
    return MappingError([fault_of(mapping.document, defect)])


def table_of(file: str, things: Sequence[tuple[Row, Sequence[tuple[str, str]]]], **more: Any) -> Table:
    """A table of things with named values; a name that repeats in a thing has several columns."""
    width: dict[str, int] = {}
    for _, values in things:
        seen: dict[str, int] = {}
        for name, _ in values:
            seen[name] = seen.get(name, 0) + 1
        for name, count in seen.items():
            width[name] = max(width.get(name, 0), count)
    first: dict[str, int] = {}
    headers: list[str] = []
    for name, count in width.items():
        first[name] = len(headers)
        headers += [name] * count
    rows = []
    for row, values in things:
        cells = [""] * len(headers)
        taken: dict[str, int] = {}
        for name, value in values:
            cells[first[name] + taken.get(name, 0)] = value
            taken[name] = taken.get(name, 0) + 1
        rows.append(replace(row, cells=cells))
    return Table(file, tuple(headers), tuple(rows), **more)

"""Batches of somebody's table → tables of facts: rows that are left out, rows that are broken, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.portfolio.cells import as_text, read_cells, trimmed
from coopgov.portfolio.headers import found_at
from coopgov.portfolio.seen import Seen
from coopgov.portfolio.sources import Batch, Reject, regrouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.portfolio.binding import Header, Reading, TableMapping
    from coopgov.portfolio.sources import Source
    from coopgov.portfolio.texts import Texts

__all__ = ["NOT_APPLICABLE", "ROW", "Intake", "Rows", "joined_key"]

ROW = "row"
"""The column that holds the number of a row, where nothing else names it."""
NOT_APPLICABLE = " does not apply"
"""Behind the name of a fact: the column that says where it does not apply. Facts have no blanks in their names."""
_BETWEEN = "\x1f"
_TAKEN = ("rule", "severity", "value", "threshold", "missing", "because")
"""What the other columns of the result are called."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch that was read: a table of facts, what was rejected, and how many rows were left out."""

    table: Any
    rejects: tuple[Reject, ...]
    left_out: int
    labels: Any = None
    """What tells people which subject each row of the table is; None where nothing does."""

    @property
    def rejected(self) -> int:
        """How many rows were rejected: a row with two broken cells is one."""
        return len({reject.row for reject in self.rejects})

    @property
    def read(self) -> int:
        """How many rows were read, whatever became of them."""
        return int(self.table.num_rows) + self.rejected + self.left_out


class Intake:
    """Reads the rows of one table by its part of a mapping file."""

    def __init__(
        self,
        source: Source,
        positions: Mapping[Header, int],
        key: Sequence[Header],
        readings: Sequence[Reading],
        only: Mapping[Header, Texts] | None = None,
        skip: Mapping[Header, Texts] | None = None,
        label: Sequence[Header] = (),
    ) -> None:
        self.source = source
        self.positions = positions
        self.key = tuple(key)
        self.readings = tuple(readings)
        self.only = dict(only or {})
        self.skip = dict(skip or {})
        self.label = tuple(label)
        self.columns = sorted(set(positions.values()))

    @classmethod
    def of(cls, source: Source, mapping: TableMapping) -> Intake:
        """That of the subjects of a mapping file.

        Raises:
            MappingError: the table lacks columns.
        """
        positions = found_at(mapping.document, mapping.headers, source.headers, source.name)
        return cls(
            source, positions, mapping.key, mapping.readings, mapping.only, mapping.skip, mapping.label
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a subject in the tables of facts; with a blank, so that none is taken for a fact."""
        return tuple(f"key {number}" for number in range(1, 1 + max(1, len(self.key))))

    @property
    def key_names(self) -> tuple[str, ...]:
        """What those columns are called for people: as in the header."""
        names = [" ".join(self.source.headers[self.positions[each]].split()) for each in self.key]
        return tuple(f"key {name}" if name in _TAKEN else name for name in names) or (ROW,)

    def batches(self, *, unique: bool) -> Iterator[Rows]:
        """All rows; with `unique`, a second row of a key is rejected."""
        seen = Seen() if unique and self.key else None
        try:
            for batch in regrouped(self.source.batches(self.columns)):
                yield self._rows(batch, seen)
        finally:
            if seen is not None:
                seen.close()

    def nothing(self) -> Rows:
        """A table of no rows."""
        import pyarrow as pa

        empty = pa.array([], pa.string())
        return self._rows(Batch(tuple(empty for _ in self.columns), pa.array([], pa.int64())), None)

    def _column(self, batch: Batch, header: Header) -> Any:
        return batch.columns[self.columns.index(self.positions[header])]

    def _rows(self, batch: Batch, seen: Seen | None) -> Rows:
        """One batch: `where` first, so that rows that are left out need not be readable."""
        import pyarrow as pa

        wanted = self._wanted(batch)
        left_out = 0 if wanted is None else batch.rows - (wanted.true_count or 0)
        if left_out:
            columns = tuple(each.filter(wanted) for each in batch.columns)
            batch = type(batch)(columns, batch.numbers.filter(wanted), batch.rejects)
        broken: dict[int, list[Reject]] = {}
        table = self._table(batch, broken)
        if self.key:
            self._check_keys(batch, table, broken, seen)
        labels = pa.table({name: self._text(batch, header) for name, header in self._labels()})
        if broken:
            keep = pa.array([at not in broken for at in range(batch.rows)], pa.bool_())
            table, labels = table.filter(keep), labels.filter(keep) if self.label else labels
        rejects = (*batch.rejects, *(reject for at in sorted(broken) for reject in broken[at]))
        return Rows(table, tuple(sorted(rejects, key=lambda each: each.row)), left_out, labels)

    def _labels(self) -> Iterator[tuple[str, Header]]:
        for header in self.label:
            yield " ".join(self.source.headers[self.positions[header]].split()), header

    def _text(self, batch: Batch, header: Header) -> Any:
        """A column as texts, for people."""
        return trimmed(as_text(self._column(batch, header), header.name))[0]

    def _wanted(self, batch: Batch) -> Any:
        """The rows that the mapping file is about; None for all."""
        import pyarrow.compute as pc

        conditions = [
            (each, texts, keep)
            for kept, keep in ((self.only, True), (self.skip, False))
            for each, texts in kept.items()
        ]
        wanted: Any = None
        for header, texts, keep in conditions:
            cells = pc.fill_null(self._text(batch, header), "")
            found = texts.found(cells)
            mine = found if keep else pc.invert(found)
            wanted = mine if wanted is None else pc.and_(wanted, mine)
        return wanted

    def _table(self, batch: Batch, broken: dict[int, list[Reject]]) -> Any:
        """Keys and facts as columns."""
        import pyarrow as pa

        names: list[str] = []
        columns: list[Any] = []
        for name, header in zip(self.keys, self.key or (None,), strict=True):
            names.append(name)
            columns.append(batch.numbers if header is None else self._key(batch, header, broken))
        for reading in self.readings:
            cells = read_cells(self._column(batch, reading.header), reading, batch.numbers)
            for at, reject in cells.broken:
                broken.setdefault(at, []).append(reject)
            names.append(reading.fact)
            columns.append(cells.values)
            if cells.not_applicable is not None:
                names.append(reading.fact + NOT_APPLICABLE)
                columns.append(cells.not_applicable)
        return pa.table(columns, names=names)

    def _key(self, batch: Batch, header: Header, broken: dict[int, list[Reject]]) -> Any:
        import pyarrow as pa

        column = self._column(batch, header)
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        if not pa.types.is_string(column.type):
            return column.cast(pa.string()) if pa.types.is_large_string(column.type) else column
        texts, undecoded = trimmed(column)
        for at, found in undecoded.items():
            row = batch.numbers[at].as_py()
            reject = Reject(row, header.name, "encoding", found, "letters of its encoding")
            broken.setdefault(at, []).append(reject)
        return texts

    def _check_keys(
        self, batch: Batch, table: Any, broken: dict[int, list[Reject]], seen: Seen | None
    ) -> None:
        """Reject rows without a key, and the second row of one; a broken row takes no key from a later one."""
        name = ", ".join(each.name for each in self.key)
        keys = joined_key(table, self.keys).to_pylist()
        rows = batch.numbers.to_pylist()
        for at, key in enumerate(keys):
            if not key.strip(_BETWEEN) and at not in broken:
                broken[at] = [Reject(rows[at], name, "missing-key", "nothing", "what names the subject")]
        if seen is None:
            return
        sound = [at for at in range(len(keys)) if at not in broken]
        doubled = seen.repeated([keys[at] for at in sound], [rows[at] for at in sound])
        for position, first in doubled.items():
            at = sound[position]
            found = keys[at].replace(_BETWEEN, ", ")
            expected = f"a key of its own; row {first} has the same"
            broken[at] = [Reject(rows[at], name, "duplicate-key", found, expected)]


def joined_key(table: Any, names: Sequence[str]) -> Any:
    """The key columns as one text for each row; an absent part is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [pc.fill_null(table[name].cast(pa.string()), "") for name in names]
    joined = pc.binary_join_element_wise(*parts, _BETWEEN) if len(parts) > 1 else parts[0]
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined

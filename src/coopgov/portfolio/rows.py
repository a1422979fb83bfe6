"""Turn batches of a host's table into tables of facts, with the rows that are left out or rejected."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase, verbatim
from coopgov.optional import pa, pc
from coopgov.portfolio.cells import LONGEST, as_text, read_cells, trimmed
from coopgov.portfolio.csv_source import CsvSource
from coopgov.portfolio.duplicate_keys import Seen
from coopgov.portfolio.frames import Column
from coopgov.portfolio.headers import found_at
from coopgov.portfolio.newest import History, moments
from coopgov.portfolio.ranges import expectation, out_of_range, range_of
from coopgov.portfolio.sources import Batch, Reject, regrouped
from coopgov.portfolio.subject_keys import BETWEEN, joined_key, key_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.facts.catalogue import Catalogue, Range
    from coopgov.locales import Phrase
    from coopgov.portfolio.bind_mapping import Header, Items, Newest, Reading, TableMapping
    from coopgov.portfolio.patterns import Texts
    from coopgov.portfolio.sources import Source

__all__ = ["AT", "NOT_APPLICABLE", "UNREADABLE", "Intake", "Rows", "columns_of"]

AT = "its row"
"""The column with a subject's row in its batch; like those below, it has a space, which no fact's name has."""
NOT_APPLICABLE = " does not apply"
UNREADABLE = " cannot be read"
"""Suffixes to the name of a fact: the columns that say where it does not apply, and where its cell is unreadable."""
_NUMBER = "row"
"""The name of the row number, if nothing else names a row."""
_TAKEN = ("rule", "severity", "value", "threshold", "past", "missing", "because")
"""The names of the other columns of the results."""


def columns_of(table: Any, readings: Iterable[Reading]) -> dict[str, Column]:
    """The columns of facts in a table of facts, with the columns that say where facts are missing, and why."""
    there = set(table.column_names)

    def flag(name: str) -> str | None:
        return name if name in there else None

    return {
        each.fact: Column(
            each.fact,
            not_applicable=flag(each.fact + NOT_APPLICABLE),
            unreadable=flag(each.fact + UNREADABLE),
        )
        for each in readings
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch that was read: a table of facts, its rows numbered from 0 in the column `AT`, and the other rows."""

    table: Any
    keys: Any
    """The columns that name the subject of each row, under their names in the header."""
    labels: Any
    """The columns by which people recognise the subject of each row; none if there are none."""
    rejects: tuple[Reject, ...]
    """The faults of rejected rows, and of cells in the other rows."""
    rejected: int
    """How many rows were rejected."""
    faulty: int
    """How many of the rows in the table have a faulty cell."""
    left_out: int

    @property
    def read(self) -> int:
        """How many rows were read, rejected and left-out rows included."""
        return int(self.table.num_rows) + self.rejected + self.left_out


class Intake:
    """Reads the rows of one table according to its part of a mapping file."""

    def __init__(  # noqa: PLR0913  # the keys of a mapping file about a table
        self,
        source: Source,
        positions: Mapping[Header, int],
        *,
        key: Sequence[Header],
        readings: Sequence[Reading],
        ranges: Mapping[str, Range],
        zone: str,
        only: Mapping[Header, Texts] | None = None,
        skip: Mapping[Header, Texts] | None = None,
        label: Sequence[Header] = (),
        newest: Newest | None = None,
    ) -> None:
        self.source = source
        self.positions = positions
        self.key = tuple(key)
        self.readings = tuple(readings)
        self.ranges = ranges
        self.zone = zone
        self.only = dict(only or {})
        self.skip = dict(skip or {})
        self.label = tuple(label)
        self.newest = newest
        self.columns = sorted(set(positions.values()))

    @classmethod
    def of(cls, source: Source, mapping: TableMapping, catalogue: Catalogue) -> Intake:
        """The intake of the subjects of a mapping file.

        Raises:
            MappingError: the table lacks columns.
        """
        return cls(
            source,
            found_at(mapping.document, mapping.headers, source.headers, source.name),
            key=mapping.key,
            readings=mapping.readings,
            ranges=_ranges(catalogue, mapping.about, mapping.readings),
            zone=mapping.time_zone,
            only=mapping.only,
            skip=mapping.skip,
            label=mapping.label,
            newest=mapping.newest,
        )

    @classmethod
    def of_items(cls, source: Source, items: Items, mapping: TableMapping, catalogue: Catalogue) -> Intake:
        """The intake of a collection of a mapping file.

        Raises:
            MappingError: the table lacks columns.
        """
        about = catalogue.declared(mapping.about, items.name).item
        ranges = _ranges(catalogue, about, items.readings)
        headers = (*items.key, *(each.header for each in items.readings))
        positions = found_at(mapping.document, headers, source.headers, source.name)
        return cls(
            source,
            positions,
            key=items.key,
            readings=items.readings,
            ranges=ranges,
            zone=mapping.time_zone,
        )

    def batches(self, *, unique: bool) -> Iterator[Rows]:
        """All rows; with `unique`, a second row of a key is rejected, or left out if another one is newer."""
        with ExitStack() as stack:
            seen = stack.enter_context(closing(Seen())) if unique and self.key else None
            history = stack.enter_context(closing(History())) if self.newest else None
            if history is not None:
                self._remember(history)
            for batch in regrouped(self.source.batches(self.columns)):
                yield self._rows(batch, seen, history)

    def _remember(self, history: History) -> None:
        """A first pass over all rows, to find the newest of each key."""
        for batch in self.source.batches(self.columns):
            wanted = self._wanted(batch)
            rows = batch if wanted is None else batch.where(wanted)
            refused: dict[int, list[Reject]] = {}
            keys, days = self._dated(rows, refused)
            sound = [at for at in range(rows.rows) if at not in refused]
            history.add([keys[at] for at in sound], [days[at] for at in sound])

    def _dated(self, batch: Batch, refused: dict[int, list[Reject]]) -> tuple[list[str], list[int | None]]:
        """The key of each row, and its moment."""
        assert self.newest is not None
        keys: list[str] = joined_key(self._keys(batch, None, refused)).to_pylist()
        return keys, moments(self._column(batch, self.newest.header), self.newest)

    def nothing(self) -> Rows:
        """A table without rows."""
        empty = pa.array([], pa.string())
        return self._rows(Batch(tuple(empty for _ in self.columns), pa.array([], pa.int64())), None, None)

    def _column(self, batch: Batch, header: Header) -> Any:
        return batch.columns[self.columns.index(self.positions[header])]

    def _rows(self, batch: Batch, seen: Seen | None, history: History | None) -> Rows:
        """Read one batch; rows are left out first, so that they need not be readable."""
        rejected = len({(each.file, each.row) for each in batch.rejects})
        all_rows = batch.rows
        wanted = self._wanted(batch)
        batch = batch if wanted is None else batch.where(wanted)
        refused: dict[int, list[Reject]] = {}
        if history is not None:
            batch, refused = self._newest(batch, history)
        left_out = all_rows - batch.rows
        keys = self._keys(batch, seen, refused)
        table, faulty = self._facts(batch)
        labels = pa.table({name: self._label(batch, header, faulty) for name, header in self._labels()})
        rejects = [
            *batch.rejects,
            *(each for found in (refused, faulty) for mine in found.values() for each in mine),
        ]
        if refused:
            keep = pa.array([at not in refused for at in range(batch.rows)], pa.bool_())
            table, keys = table.filter(keep), keys.filter(keep)
            # the engine returns positions in this table, so they must have no gaps
            table = table.set_column(table.num_columns - 1, AT, _counted(table.num_rows))
            labels = labels.filter(keep) if self.label else labels
        return Rows(
            table,
            keys,
            labels,
            tuple(sorted(map(self._with_letters, rejects), key=lambda each: each.row)),
            rejected + len(refused),
            len(faulty.keys() - refused.keys()),
            left_out,
        )

    def _newest(self, batch: Batch, history: History) -> tuple[Batch, dict[int, list[Reject]]]:
        """The rows that are the newest of their key; rows without a moment, for which that is unknown, are rejected."""
        assert self.newest is not None
        header = self.newest.header
        older = list(history.older(*self._dated(batch, {})))
        batch = batch.where(pa.array([each is not True for each in older], pa.bool_()))
        incomparable = [
            at for at, each in enumerate(each for each in older if each is not True) if each is None
        ]
        texts = self._text(batch, header)
        expected = phrase("portfolio.cell.newest-date", formats=self.newest.date.text)
        nothing = phrase("common.nothing")
        return batch, {
            at: [
                Reject(
                    batch.numbers[at].as_py(),
                    header.name,
                    "not-a-date",
                    verbatim(texts[at].as_py() or "") or nothing,
                    expected,
                )
            ]
            for at in incomparable
        }

    def _with_letters(self, reject: Reject) -> Reject:
        """A reject that names the expected encoding, and possibly the one to write."""
        if reject.code != "encoding" or not isinstance(self.source, CsvSource):
            return reject
        return replace(reject, expected=self.source.letters)

    def _labels(self) -> Iterator[tuple[str, Header]]:
        for header in self.label:
            yield " ".join(self.source.headers[self.positions[header]].split()), header

    def _label(self, batch: Batch, header: Header, faulty: dict[int, list[Reject]]) -> Any:
        """A label as texts; cells that cannot be read are faulty, and reported once if the column is a fact, too."""
        texts, undecoded = trimmed(as_text(self._column(batch, header), header.name))
        for at, found in undecoded.items():
            mine = faulty.setdefault(at, [])
            if all(each.column != header.name for each in mine):
                number = batch.numbers[at].as_py()
                mine.append(_broken(number, header, verbatim(found)))
        return texts

    def _text(self, batch: Batch, header: Header) -> Any:
        """A column as texts, for messages."""
        return trimmed(as_text(self._column(batch, header), header.name))[0]

    def _wanted(self, batch: Batch) -> Any:
        """The rows that the mapping file is about; None for all."""
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

    def _facts(self, batch: Batch) -> tuple[Any, dict[int, list[Reject]]]:
        """The facts as columns, and the faults of cells by the position of the row."""
        columns: dict[str, Any] = {}
        faulty: dict[int, list[Reject]] = {}
        for reading in self.readings:
            cells = read_cells(self._column(batch, reading.header), reading, batch.numbers)
            for at, reject in (*cells.broken, *self._outside(batch, reading, cells.values)):
                faulty.setdefault(at, []).append(reject)
            columns[reading.fact] = cells.values
            if cells.not_applicable is not None:
                columns[reading.fact + NOT_APPLICABLE] = cells.not_applicable
            if cells.broken:
                columns[reading.fact + UNREADABLE] = _marked(cells.broken, batch.rows)
        return pa.table({**columns, AT: _counted(batch.rows)}), faulty

    def _outside(self, batch: Batch, reading: Reading, values: Any) -> Iterator[tuple[int, Reject]]:
        """The faults of readable cells with a value that the fact cannot have; the engine reports the reason."""
        if not (reading.kind.numeric or reading.kind.kind == "date"):
            return
        limits = self.ranges[reading.fact]
        wrong = pc.fill_null(out_of_range(values, limits), fill_value=False)
        if not wrong.true_count:
            return
        texts = as_text(self._column(batch, reading.header), reading.header.name)
        expected = expectation(reading, limits)
        for at in pc.indices_nonzero(wrong).to_pylist():
            found = verbatim(texts[at].as_py()[:LONGEST])
            yield at, Reject(batch.numbers[at].as_py(), reading.header.name, "out-of-range", found, expected)

    def _keys(self, batch: Batch, seen: Seen | None, refused: dict[int, list[Reject]]) -> Any:
        """The columns that name subjects; rows without a key, or with an earlier row's, are refused by position."""
        if not self.key:
            return pa.table([batch.numbers], names=[_NUMBER])
        columns = []
        rows = batch.numbers.to_pylist()
        for header in self.key:
            column, undecoded = key_column(self._column(batch, header), header.name, self.zone)
            columns.append(column)
            for at, found in undecoded.items():
                refused.setdefault(at, []).append(_broken(rows[at], header, verbatim(found)))
        keys = pa.table(columns, names=self._key_names())
        self._check_keys(joined_key(keys).to_pylist(), rows, refused, seen)
        return keys

    def _key_names(self) -> list[str]:
        """The names of the key columns for people: as in the header."""
        names = [" ".join(self.source.headers[self.positions[each]].split()) for each in self.key]
        return [f"key {name}" if name in _TAKEN else name for name in names]

    def _check_keys(
        self, keys: list[str], rows: list[int], refused: dict[int, list[Reject]], seen: Seen | None
    ) -> None:
        """Reject rows without a key, and second rows of a key; a rejected row takes no key from a later one."""
        name = ", ".join(each.name for each in self.key)
        for at, key in enumerate(keys):
            if not key.strip(BETWEEN) and at not in refused:
                found, expected = phrase("common.nothing"), phrase("portfolio.cell.names-subject")
                refused[at] = [Reject(rows[at], name, "missing-key", found, expected)]
        if seen is None:
            return
        sound = [at for at in range(len(keys)) if at not in refused]
        doubled = seen.repeated([keys[at] for at in sound], [rows[at] for at in sound])
        for position, first in doubled.items():
            at = sound[position]
            found = verbatim(keys[at].replace(BETWEEN, ", "))
            own = "own-key" if self.newest is None else "own-or-newer"
            expected = phrase(f"portfolio.cell.{own}", row=first)
            refused[at] = [Reject(rows[at], name, "duplicate-key", found, expected)]


def _broken(row: int, header: Header, found: Phrase) -> Reject:
    """The fault of a cell with bytes that are invalid in its encoding."""
    return Reject(row, header.name, "encoding", verbatim(found), phrase("portfolio.cell.letters"))


def _ranges(catalogue: Catalogue, about: str, readings: Sequence[Reading]) -> dict[str, Range]:
    return {each.fact: range_of(catalogue, about, each.fact) for each in readings}


def _marked(broken: Sequence[tuple[int, Reject]], rows: int) -> Any:
    """An array that is true at the positions of broken cells."""
    places = {at for at, _ in broken}
    return pa.array([at in places for at in range(rows)], pa.bool_())


def _counted(rows: int) -> Any:
    return pa.array(range(rows), pa.int64())

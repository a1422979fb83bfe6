"""A whole table through the rules: read, checked and written batch by batch, so that memory does not grow with its rows."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.errors import MappingError
from coopgov.portfolio.csv_source import CsvSource
from coopgov.portfolio.engines import engine_named, make_sure_of_arrow
from coopgov.portfolio.frames import Children, Column, check
from coopgov.portfolio.headers import found_at
from coopgov.portfolio.population import DECIDED, with_population
from coopgov.portfolio.rows import NOT_APPLICABLE, Intake, joined_key
from coopgov.portfolio.sinks import Sink
from coopgov.portfolio.sources import DuckdbSource, ParquetSource, table_fault
from coopgov.portfolio.tally import Found, Tally
from coopgov.source.files import not_unicode, resolved, why_unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from coopgov.portfolio.binding import Header, Items, Reading, TableMapping
    from coopgov.portfolio.engines import Engine
    from coopgov.portfolio.mapping import CsvEntry
    from coopgov.portfolio.rows import Rows
    from coopgov.portfolio.sources import Reject, Source
    from coopgov.portfolio.summary import Summary
    from coopgov.rules import RuleSet

__all__ = ["Outputs", "check_table"]

WORST = 10
"""How many of the worst subjects are told, unless somebody asks for more."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files that are written besides the summary, Parquet or CSV by their ending; None for those that are not."""

    hits: str | Path | None = None
    undetermined: str | Path | None = None
    rejects: str | Path | None = None

    def apart_from(self, data: str | Path) -> tuple[str | Path | None, ...]:
        """All of them, in that order.

        Raises:
            MappingError: two of them are one file, or one is what is to be read.
        """
        files = (self.hits, self.undetermined, self.rejects)
        seen = {resolved(Path(data))}
        for each in [file for file in files if file is not None]:
            if resolved(Path(each)) in seen:
                raise table_fault(
                    str(each), "unwritable-file", "a file that is used already", "one of its own"
                )
            seen.add(resolved(Path(each)))
        return files


def check_table(  # noqa: PLR0913  # what a person can say of a table
    data: str | Path,
    mapping: TableMapping,
    rules: RuleSet,
    *,
    as_of: date,
    query: str | None = None,
    engine: str = "polars",
    outputs: Outputs | None = None,
    worst: int = WORST,
    progress: Callable[[int, float | None], None] | None = None,
) -> Summary:
    """Check every row of a CSV or Parquet file, or of what a query of DuckDB gives.

    Args:
        data: the file; with a query, a DuckDB file, or a CSV or Parquet file that the query calls `data`.
        mapping: the mapping file, as `load_mapping` gives it.
        rules: the rules; those about the type of subject of the mapping file are checked.
        as_of: the date; observations after it are not seen.
        query: a query of DuckDB that gives the rows.
        engine: what checks them: `polars`, `duckdb`, `pandas`, `pyarrow`, `dask` or `spark`.
        outputs: files for hits, for what is undetermined, and for rows that were rejected.
        worst: how many of the worst subjects the summary has.
        progress: is told after each batch how many rows have been read, and which share of all (None where nobody knows).

    Raises:
        MappingError: the table cannot be read, has no rows, or lacks columns; or a file cannot be written.
        BackendError: the engine is not there, or a rule has no meaning in columns.
    """
    make_sure_of_arrow()
    chosen = engine_named(engine)
    _make_sure_of_rules(mapping, rules)
    files = (outputs or Outputs()).apart_from(data)
    source = _source(Path(data), mapping.csv, query, [each.name for each in mapping.headers])
    run = _Run(mapping, rules, chosen, as_of, Intake.of(source, mapping), worst)
    with ExitStack() as stack:
        run.all([stack.enter_context(Sink(each)) for each in files], progress)
    unmatched = {name: each.unmatched for name, each in run.children.items()}
    summary = run.tally.summary(str(data), as_of, mapping.about, rules, left_out=run.left_out)
    return replace(summary, unmatched=unmatched)


def _make_sure_of_rules(mapping: TableMapping, rules: RuleSet) -> None:
    """Without any rule, all would seem to be well."""
    if not any(rule.about == mapping.about for rule in rules.rules):
        document = mapping.document
        found, expected = (
            f'"{mapping.about}", which no rule is about',
            "a type of subject that rules are about",
        )
        raise MappingError([document.fault(document.find(("about",)), "no-rules", found, expected)])


class _Run:
    """The checking of batches."""

    def __init__(
        self,
        mapping: TableMapping,
        rules: RuleSet,
        engine: Engine,
        as_of: date,
        intake: Intake,
        worst: int,
    ) -> None:
        self.mapping = mapping
        self.rules = with_population(rules, mapping.about)
        self.engine = engine
        self.as_of = as_of
        self.intake = intake
        self.tally = Tally(worst)
        self.left_out: tuple[str, ...] = ()
        self.children = {each.name: _Children(each, mapping) for each in mapping.children}

    def all(self, sinks: Sequence[Sink], progress: Callable[[int, float | None], None] | None) -> None:
        """Check every batch."""
        source = self.intake.source
        for rows in self.intake.batches(unique=True):
            self.tally.rows(rows)
            self.check(rows, sinks)
            sinks[2].write(_reject_table(rows.rejects))
            if progress is not None:
                progress(self.tally.read, source.progress())
        if not self.tally.read:
            raise table_fault(source.name, "empty-file", "a header, and nothing below it", "one row or more")

    def check(self, rows: Rows, sinks: Sequence[Sink]) -> None:
        """Check a batch, write what was found, and count it."""
        keys, names, table = self.intake.keys, self.intake.key_names, rows.table
        found = check(
            self.engine.frame(table),
            self.rules,
            self.mapping.about,
            as_of=self.as_of,
            key=keys,
            calendar=self.mapping.calendar,
            currency=self.mapping.currency,
            columns=_columns(table, self.mapping.readings),
            children={name: each.of(table, keys, self.engine) for name, each in self.children.items()},
        )
        self.left_out = found.left_out
        types = [table.schema.field(key).type for key in keys]
        hits = _plain(self.engine.table(found.hits), keys, types, ("rule", "severity", "value", "threshold"))
        unsure = _plain(self.engine.table(found.undetermined), keys, types, ("rule", "missing", "because"))
        hits, decided = _split(hits)
        unsure, _ = _split(unsure)
        self.tally.results(Found(rows, hits, unsure, decided, keys, names))
        for sink, result in zip(sinks, (hits, unsure), strict=False):
            sink.write(result.rename_columns([*names, *result.column_names[len(keys) :]]))


def _source(path: Path, csv: CsvEntry, query: str | None, wanted: Sequence[str]) -> Source:
    found = why_unreadable(path) or not_unicode(path)
    if found:
        raise table_fault(str(path), "unreadable-file", found, "a file to read")
    if query is not None:
        return DuckdbSource.of(query, path, csv.encoding)
    if path.suffix in (".duckdb", ".ddb", ".db"):
        raise table_fault(
            str(path), "missing-key", "no query", "a query of the rows, such as --query 'select …'"
        )
    if path.suffix in (".parquet", ".pq"):
        return ParquetSource.of(path)
    return CsvSource.of(path, csv, wanted)


def _columns(table: Any, readings: Iterable[Reading]) -> Mapping[str, Column]:
    """Where facts stand, with the columns that say where they do not apply."""
    there = set(table.column_names)
    flags = {each.fact: each.fact + NOT_APPLICABLE for each in readings}
    return {
        fact: Column(fact, not_applicable=flag if flag in there else None) for fact, flag in flags.items()
    }


def _plain(table: Any, keys: Sequence[str], types: Sequence[Any], others: Sequence[str]) -> Any:
    """A result with columns of the types that are written, whatever the engine calls them."""
    import pyarrow as pa

    numbers = ("value", "threshold")
    fields = [pa.field(key, kind) for key, kind in zip(keys, types, strict=True)]
    fields += [pa.field(name, pa.float64() if name in numbers else pa.string()) for name in others]
    return table.select([*keys, *others]).cast(pa.schema(fields))


def _split(table: Any) -> tuple[Any, Any]:
    """What rules found, and what the counting ones did."""
    import pyarrow.compute as pc

    counting = pc.ends_with(table["rule"], DECIDED)
    return table.filter(pc.invert(counting)), table.filter(counting)


def _reject_table(rejects: Sequence[Reject]) -> Any:
    import pyarrow as pa

    names = ("row", "column", "code", "found", "expected")
    kinds = [pa.int64(), *(pa.string() for _ in names[1:])]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    return pa.table({name: [getattr(each, name) for each in rejects] for name in names}, schema=schema)


class _Children:
    """The table of a collection, read as a whole; each batch gets the items of its own subjects."""

    def __init__(self, items: Items, mapping: TableMapping) -> None:
        import pyarrow as pa

        headers: list[Header] = [*items.key, *(each.header for each in items.readings)]
        source = _source(items.data, items.csv, None, [each.name for each in headers])
        positions = found_at(mapping.document, headers, source.headers, source.name)
        self.items = items
        self.intake = Intake(source, positions, items.key, items.readings)
        self.table: Any = None
        rows = list(self.intake.batches(unique=False)) or [self.intake.nothing()]
        rejects = [reject for each in rows for reject in each.rejects]
        if rejects:
            raise _broken(source.name, rejects)
        self.table = pa.concat_tables([each.table for each in rows], promote_options="default")
        self.key = joined_key(self.table, self.intake.keys)
        self.unmatched: int = self.table.num_rows
        """Items whose subject has not come by yet; each comes by once."""

    def of(self, subjects: Any, keys: Sequence[str], engine: Engine) -> Children:
        """The items of a batch of subjects."""
        import pyarrow.compute as pc

        mine = self.table.filter(pc.is_in(self.key, value_set=joined_key(subjects, keys)))
        self.unmatched -= mine.num_rows
        for at, key in enumerate(keys):
            mine = mine.set_column(at, key, mine[key].cast(subjects.schema.field(key).type))
        return Children(engine.frame(mine), self.intake.keys, _columns(mine, self.items.readings))


def _broken(name: str, rejects: Sequence[Reject]) -> Exception:
    """Items cannot be left out: a count without them would be wrong."""
    first = rejects[0]
    found = (
        f'"{first.found}" in row {first.row}, column "{first.column}" ({len(rejects)} broken cells in all)'
    )
    return table_fault(name, first.code, found, first.expected, "every item of a collection must be readable")

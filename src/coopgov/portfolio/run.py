"""A whole table through the rules: read, checked and written batch by batch, so that memory does not grow with its rows."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.portfolio.csv_source import CsvSource
from coopgov.portfolio.engines import engine_named
from coopgov.portfolio.frames import Children, Column, check
from coopgov.portfolio.headers import found_at
from coopgov.portfolio.population import DECIDED, with_population
from coopgov.portfolio.rows import NOT_APPLICABLE, Intake, joined_key
from coopgov.portfolio.sinks import Sink
from coopgov.portfolio.sources import DuckdbSource, ParquetSource, table_fault
from coopgov.portfolio.tally import Found, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from coopgov.model import WorkingCalendar
    from coopgov.portfolio.engines import Engine
    from coopgov.portfolio.mapping import CsvEntry
    from coopgov.portfolio.plan import Header, Items, Plan, Reading
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

    @property
    def files(self) -> tuple[str | Path | None, ...]:
        """All of them, in that order."""
        return self.hits, self.undetermined, self.rejects


def check_table(  # noqa: PLR0913  # what a person can say of a table
    data: str | Path,
    plan: Plan,
    rules: RuleSet,
    *,
    as_of: date,
    query: str | None = None,
    engine: str = "polars",
    outputs: Outputs | None = None,
    worst: int = WORST,
    calendar: WorkingCalendar | None = None,
    progress: Callable[[int, float | None], None] | None = None,
) -> Summary:
    """Check every row of a CSV or Parquet file, or of what a query of DuckDB gives.

    Args:
        data: the file; with a query, a DuckDB file, or a CSV or Parquet file that the query calls `data`.
        plan: the mapping file, as `load_mapping` gives it.
        rules: the rules; those about the subjects of the plan are checked.
        as_of: the date; observations after it are not seen.
        query: a query of DuckDB that gives the rows.
        engine: what checks them: `polars`, `duckdb`, `pandas` or `pyarrow`.
        outputs: files for hits, for what is undetermined, and for rows that were rejected.
        worst: how many of the worst subjects the summary has.
        calendar: for formulas with working days; Saturday and Sunday off by default.
        progress: is told after each batch how many rows have been read, and which share of all (None where nobody knows).

    Raises:
        MappingError: the table cannot be read, has no rows, or lacks columns; or a file cannot be written.
        BackendError: the engine is not there, or a rule has no meaning in columns.
    """
    chosen = engine_named(engine)
    source = _source(Path(data), plan.csv, query, [each.name for each in plan.headers])
    positions = found_at(plan.document, plan.headers, source.headers, source.name)
    intake = Intake(source, positions, plan.key, plan.readings, plan.only, plan.skip, plan.label)
    run = _Run(plan, rules, chosen, as_of, calendar, intake, worst)
    with ExitStack() as stack:
        sinks = [stack.enter_context(Sink(each)) for each in (outputs or Outputs()).files]
        for rows in intake.batches(unique=True):
            run.tally.rows(rows)
            run.check(rows, sinks)
            sinks[2].write(_reject_table(rows.rejects))
            if progress is not None:
                progress(run.tally.read, source.progress())
        if not run.tally.read:
            raise table_fault(source.name, "empty-file", "a header, and nothing below it", "one row or more")
    return run.tally.summary(str(data), as_of, plan.about, rules, left_out=run.left_out)


class _Run:
    """The checking of batches."""

    def __init__(
        self,
        plan: Plan,
        rules: RuleSet,
        engine: Engine,
        as_of: date,
        calendar: WorkingCalendar | None,
        intake: Intake,
        worst: int,
    ) -> None:
        self.plan = plan
        self.rules = with_population(rules, plan.about)
        self.engine = engine
        self.as_of = as_of
        self.calendar = calendar
        self.intake = intake
        self.tally = Tally(worst)
        self.left_out: tuple[str, ...] = ()
        self.children = {each.name: _Children(each, plan) for each in plan.children}

    def check(self, rows: Rows, sinks: Sequence[Sink]) -> None:
        """Check a batch, write what was found, and count it."""
        keys, names, table = self.intake.keys, self.intake.key_names, rows.table
        found = check(
            self.engine.frame(table),
            self.rules,
            self.plan.about,
            as_of=self.as_of,
            key=keys,
            calendar=self.calendar,
            currency=self.plan.currency,
            columns=_columns(table, self.plan.readings),
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

    def __init__(self, items: Items, plan: Plan) -> None:
        import pyarrow as pa

        headers: list[Header] = [*items.key, *(each.header for each in items.readings)]
        source = _source(items.data, items.csv, None, [each.name for each in headers])
        positions = found_at(plan.document, headers, source.headers, source.name)
        self.items = items
        self.intake = Intake(source, positions, items.key, items.readings)
        self.table: Any = None
        rows = list(self.intake.batches(unique=False))
        rejects = [reject for each in rows for reject in each.rejects]
        if rejects:
            raise _broken(source.name, rejects)
        self.table = pa.concat_tables([each.table for each in rows], promote_options="default")
        self.key = joined_key(self.table, self.intake.keys)

    def of(self, subjects: Any, keys: Sequence[str], engine: Engine) -> Children:
        """The items of a batch of subjects."""
        import pyarrow.compute as pc

        mine = self.table.filter(pc.is_in(self.key, value_set=joined_key(subjects, keys)))
        return Children(engine.frame(mine), self.intake.keys, _columns(mine, self.items.readings))


def _broken(name: str, rejects: Sequence[Reject]) -> Exception:
    """Items cannot be left out: a count without them would be wrong."""
    first = rejects[0]
    found = (
        f'"{first.found}" in row {first.row}, column "{first.column}" ({len(rejects)} broken cells in all)'
    )
    return table_fault(name, first.code, found, first.expected, "every item of a collection must be readable")

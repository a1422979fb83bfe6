"""Check a whole table by rules: read, check and write batch by batch, so that memory does not grow with the rows."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.arguments import A_PATH, a_day, checked
from coopgov.backends.columnar.engine_errors import foreign_errors
from coopgov.errors import MappingError
from coopgov.locales import phrase
from coopgov.optional import pa, pc
from coopgov.portfolio.aggregate import Found, Tally
from coopgov.portfolio.applicability import facts_read
from coopgov.portfolio.blank_cells import with_unknown_blanks
from coopgov.portfolio.child_table import Collection
from coopgov.portfolio.decided_counts import DECIDED, ELSEWHERE, counted_rule, with_population
from coopgov.portfolio.engines import engine_named, make_sure_of_arrow
from coopgov.portfolio.expressible import without
from coopgov.portfolio.frames import Children, check
from coopgov.portfolio.open_table import opened
from coopgov.portfolio.rows import AT, Intake, columns_of
from coopgov.portfolio.sinks import Sink
from coopgov.portfolio.sources import table_fault
from coopgov.rules.ruleset import A_RULE_SET
from coopgov.source.files import resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.language.syntax import Name
    from coopgov.portfolio.bind_mapping import TableMapping
    from coopgov.portfolio.engines import Engine
    from coopgov.portfolio.frames import Violations
    from coopgov.portfolio.rows import Rows
    from coopgov.portfolio.sources import Reject
    from coopgov.portfolio.summary import Summary
    from coopgov.rules import Rule, RuleSet

__all__ = ["Outputs", "check_table"]

WORST = 10
"""How many of the worst subjects the summary has by default."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files to write besides the summary, Parquet or CSV by extension; None for those that are not wanted."""

    hits: str | Path | None = None
    undetermined: str | Path | None = None
    rejects: str | Path | None = None

    def apart_from(self, data: str | Path) -> tuple[str | Path | None, ...]:
        """All of them, in that order.

        Raises:
            MappingError: two of them are the same file, or one is the input.
        """
        files = (self.hits, self.undetermined, self.rejects)
        seen = {resolved(Path(data))}
        for each in [file for file in files if file is not None]:
            if resolved(Path(each)) in seen:
                found, expected = phrase("portfolio.file.used"), phrase("portfolio.file.own")
                raise table_fault(str(each), "unwritable-file", found, expected)
            seen.add(resolved(Path(each)))
        return files


@checked(data=A_PATH, rules=A_RULE_SET, as_of=a_day)
def check_table(  # noqa: PLR0913  # the options of a table
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
    """Check every row of a CSV or Parquet file, or of a DuckDB query.

    An unreadable cell makes its fact unknown for its row. A row is rejected only if it has no key of its own.

    Args:
        data: the file; with a query, a DuckDB file, or a CSV, Parquet or JSON file that the query calls `data`.
        mapping: the mapping file, as `load_mapping` returns it.
        rules: the rules; those about the type of subject of the mapping file are checked.
        as_of: the date; observations after it are ignored.
        query: a DuckDB query for the rows.
        engine: what checks them: `polars`, `duckdb`, `pandas`, `pyarrow`, `dask` or `spark`.
        outputs: files for hits, for undetermined entries, and for cells and rows that could not be read.
        worst: how many of the worst subjects the summary has.
        progress: called after each batch with the number of rows read and the share of all rows (None if unknown).

    Raises:
        MappingError: the table cannot be read, has no rows, or lacks columns; or a file cannot be written.
        BackendError: the engine is not installed or failed, or a rule of your own cannot be expressed in columns.
    """
    make_sure_of_arrow()
    chosen = engine_named(engine)
    _make_sure_of_rules(mapping, rules)
    files = (outputs or Outputs()).apart_from(data)
    wanted = [each.name for each in mapping.headers]
    source = opened(Path(data), mapping.csv, query, wanted, mapping.time_zone)
    run = _Run(mapping, rules, chosen, as_of, Intake.of(source, mapping, rules.catalogue), worst)
    with ExitStack() as stack:
        run.all([stack.enter_context(Sink(each)) for each in files], progress)
    items = {name: each.tally for name, each in run.children.items()}
    summary = run.tally.summary(str(data), as_of, mapping.about, rules, left_out=run.left_out)
    return replace(summary, items=items, inexpressible=run.inexpressible)


def _make_sure_of_rules(mapping: TableMapping, rules: RuleSet) -> None:
    """Refuse to run without any rule, because everything would seem fine."""
    if not any(rule.about == mapping.about for rule in rules.rules):
        document = mapping.document
        found = phrase("portfolio.table.no-rule", about=mapping.about)
        expected = phrase("portfolio.table.type-of-rules")
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
        self.given = rules
        self.rules = with_population(with_unknown_blanks(rules, mapping), mapping.about)
        self.engine = engine
        self.as_of = as_of
        self.intake = intake
        self.tally = Tally(limit=worst)
        self.inexpressible: dict[str, str] = {}
        self._read: dict[str, tuple[Name, ...]] = {}
        self.children = {each.name: Collection(each, mapping, rules.catalogue) for each in mapping.children}

    @property
    def left_out(self) -> tuple[str, ...]:
        """The rules that are left out: those about warnings, and shipped ones that columns cannot express."""
        about = (rule for rule in self.given.rules if rule.about == self.mapping.about)
        return tuple(rule.id for rule in about if rule.layer or rule.id in self.inexpressible)

    def all(self, sinks: Sequence[Sink], progress: Callable[[int, float | None], None] | None) -> None:
        """Check every batch."""
        source = self.intake.source
        for each in self.children.values():
            self.tally.reject(each.rejects)
            sinks[2].write(_reject_table(each.rejects))
        for rows in self.intake.batches(unique=True):
            self.tally.rows(rows)
            self.check(rows, sinks)
            sinks[2].write(_reject_table(rows.rejects))
            if progress is not None:
                progress(self.tally.read, source.progress())
        if not self.tally.read:
            found, expected = phrase("portfolio.table.header-alone"), phrase("portfolio.table.one-row")
            raise table_fault(source.name, "empty-file", found, expected)

    def check(self, rows: Rows, sinks: Sequence[Sink]) -> None:
        """Check a batch, write the results, and count them."""
        children = {name: each.of(rows) for name, each in self.children.items()}
        hits, unsure = self._decided(rows, children)
        hits, counting = _split(_plain(hits, ("rule", "severity", "value", "threshold", "past")))
        unsure = _plain(unsure, ("rule", "missing", "because"))
        reads = {rule.id: self._reads(rule) for rule in self._rules()}
        self.tally.results(Found(rows, hits, unsure, counting), reads, self.rules.catalogue)
        for sink, result in zip(sinks, (hits, unsure), strict=False):
            sink.write(_with_keys(result, rows.keys))

    def _decided(self, rows: Rows, children: Mapping[str, Any]) -> tuple[Any, Any]:
        """What the engine says of a batch; shipped rules that it cannot express are left out from then on."""
        with foreign_errors(self.engine.library):
            found = self._asked(rows, children)
            self.inexpressible |= found.inexpressible
            self.rules = without(self.rules, self.inexpressible)
            return self.engine.table(found.hits), self.engine.table(found.undetermined)

    def _asked(self, rows: Rows, children: Mapping[str, Any]) -> Violations:
        engine = self.engine
        return check(
            engine.frame(rows.table),
            self.rules,
            self.mapping.about,
            as_of=self.as_of,
            key=AT,
            calendar=self.mapping.calendar,
            currency=self.mapping.currency,
            columns=columns_of(rows.table, self.mapping.readings),
            children={
                name: Children(engine.frame(items), AT, columns_of(items, self.children[name].readings))
                for name, items in children.items()
            },
        )

    def _rules(self) -> Iterator[Rule]:
        """The rules that are checked, without the counting ones."""
        return (
            rule
            for rule in self.rules.rules
            if rule.about == self.mapping.about and not rule.layer and counted_rule(rule.id) == rule.id
        )

    def _reads(self, rule: Rule) -> tuple[Name, ...]:
        if rule.id not in self._read:
            self._read[rule.id] = facts_read(rule.check, self.rules.catalogue)
        return self._read[rule.id]


def _plain(table: Any, names: Sequence[str]) -> Any:
    """A result with columns of the output types, whatever types the engine returns."""
    kinds = {"value": pa.float64(), "threshold": pa.float64(), "past": pa.bool_()}
    fields = [pa.field(name, kinds.get(name, pa.string())) for name in names]
    return table.select([AT, *names]).cast(pa.schema([pa.field(AT, pa.int64()), *fields]))


def _split(table: Any) -> tuple[Any, Any]:
    """The results of the rules, and those of the counting ones."""
    counting = pc.or_(*(pc.ends_with(table["rule"], each) for each in (DECIDED, ELSEWHERE)))
    return table.filter(pc.invert(counting)), table.filter(counting)


def _with_keys(result: Any, keys: Any) -> Any:
    """A result with the keys of its rows, of any number of columns, in place of the row positions."""
    mine, rest = keys.take(result[AT]), result.drop_columns(AT)
    names = [*mine.column_names, *rest.column_names]
    return pa.table([*mine.columns, *rest.columns], names=names)


def _reject_table(rejects: Sequence[Reject]) -> Any:
    names = ("row", "column", "code", "found", "expected")
    kinds = [pa.int64(), *(pa.string() for _ in names[1:])]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    return pa.table({name: [getattr(each, name) for each in rejects] for name in names}, schema=schema)

"""Rules over whole tables: a portfolio of phases, KPIs or tasks as a frame of Polars, pandas, PyArrow, DuckDB, Dask or Spark.

Needs `coopgov[columnar]` and the engine of the frame. What the results mean, and what columns cannot say, is told in
docs/explanation/columns.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.errors import BackendError, UnknownNameError
from coopgov.language.interpreter import Setting
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.backends.program import Program
    from coopgov.rules import RuleSet

__all__ = ["BatchFunction", "Children", "Column", "Violations", "batch_function", "check"]


@dataclass(frozen=True, slots=True)
class Children:
    """The frame of a collection, of the same engine: its items, one row each.

    `keys` are the columns that name the subject which an item belongs to, in the order of the keys of the subjects.
    `columns` says where its facts stand, as for the subjects.
    """

    frame: Any
    keys: str | Sequence[str]
    columns: Mapping[str, str | Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """Where a fact stands in a host's frame, and how many of the fact's unit one there is: `Column("Hours", 1 / 24)` for days.

    `not_applicable` is the name of a column of truth values: where it is true the fact does not apply to the subject. Then it is
    *not set*, as an optional setting that was not made: a rule that reads it does not apply, whatever stands in the column of the fact.
    Null there is false.
    """

    name: str
    factor: float = 1.0
    not_applicable: str | None = None


@dataclass(frozen=True, slots=True)
class Violations:
    """What rules say of a frame, in long form, as frames of the same engine (lazy where the input is).

    `hits` has the key columns, `rule`, `severity`, `value` and `threshold`; `undetermined` has the key columns, `rule`,
    `missing` (names joined by `, `) and `because`. The order of rows is that of the engine. `left_out` are the rules
    that were not decided at all: those about warnings, which a frame does not have.
    """

    hits: Any
    undetermined: Any
    left_out: tuple[str, ...] = ()


def check(  # noqa: PLR0913  # what a host can say of its frame
    frame: Any,
    rules: RuleSet,
    about: str,
    *,
    as_of: date,
    key: str | Sequence[str] = "id",
    calendar: WorkingCalendar | None = None,
    currency: str = "",
    children: Mapping[str, Children] | None = None,
    columns: Mapping[str, str | Column] | None = None,
) -> Violations:
    """Check the subjects of a frame: one row each, one column for each base fact.

    Facts of a subject above stand in columns such as `phase.planned_end`. Null and NaN are absent; a column that is not
    there is absent everywhere. Numbers are in the unit of their fact: days, whole units of money, 92 for 92 %.

    Args:
        frame: a frame of any engine that narwhals knows.
        rules: the rules; those about `about` are checked, except rules about warnings, which a frame does not have.
        about: the type of subject, such as `phase`.
        as_of: the date; observations after it are not seen.
        key: the column, or columns, that name a subject.
        calendar: for formulas with working days; Saturday and Sunday off by default.
        currency: what money is in, for rules that name a currency.
        children: the frames of collections, by their names (`tasks`).
        columns: where facts stand under another name or in another unit, by the name of the fact.

    Raises:
        UnknownNameError: there is no such type of subject, collection, column or fact.
        BackendError: narwhals is not installed, a key can be none, or a rule has no meaning in columns.
        FactError: a column cannot hold the values of its fact.

    >>> import polars, coopgov
    >>> from datetime import date
    >>> phases = polars.DataFrame({
    ...     "id": ["setup", "core"],
    ...     "planned_start": [date(2026, 1, 5), date(2026, 4, 1)],
    ...     "planned_end": [date(2026, 3, 31), date(2026, 9, 30)],
    ...     "actual_end": [date(2026, 4, 20), None],
    ...     "spent": [90_000.0, None],
    ...     "budget": [100_000.0, 80_000.0],
    ... })
    >>> found = check(phases, coopgov.load_rules(), "phase", as_of=date(2026, 6, 30), currency="CNY")
    >>> found.hits.filter(polars.col("rule") == "phase-late").rows()
    [('setup', 'phase-late', 'major', 0.23529411764705882, 0.2)]
    >>> found.undetermined.filter(polars.col("rule") == "phase-overspent").rows()
    [('core', 'phase-overspent', 'spent', 'absent data')]
    """
    _known(rules, about)
    program, keys = rules.program(about, 0), _names(key)
    working = calendar or WorkingCalendar()
    frames = _columnar()
    subjects = frames.taken(frame, keys, _places(columns), _facts(program, about))
    items = _items(subjects, program, keys, children or {})
    setting = Setting(as_of, working, currency)
    try:
        hits, undetermined = frames.decided(subjects, program, keys, setting, working, items)
    except BackendError as error:
        raise error.at(next((rule.place for rule in rules.rules if rule.id == error.rule), None)) from None
    return Violations(hits, undetermined, _left_out(rules, about))


@dataclass(frozen=True, slots=True)
class BatchFunction:
    """A function from Arrow record batches to Arrow record batches, for whatever hands batches to workers.

    Rules must be row-local: none about collections. It can be pickled. The batch that it returns has the key columns,
    `rule`, `severity`, `value`, `threshold`, `missing` and `because`, in that order; `severity` is null in rows that tell what is
    undetermined, `missing` and `because` are null in those that tell hits. `left_out` are the rules about warnings.
    """

    program: Program
    setting: Setting
    calendar: WorkingCalendar
    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    left_out: tuple[str, ...]

    def __call__(self, batch: Any) -> Any:
        """Check the subjects of one batch.

        Raises:
            UnknownNameError: a key or a column that was named is not there.
            FactError: a column cannot hold the values of its fact.
        """
        import pyarrow as pa

        frames = _columnar()
        facts = _facts(self.program, self.program.about)
        subjects = frames.taken(pa.Table.from_batches([batch]), self.keys, self.columns, facts)
        told = frames.decided(subjects, self.program, self.keys, self.setting, self.calendar, {})
        schema = self.schema(batch.schema)
        whole = pa.concat_tables([_filled(each, schema) for each in told]).combine_chunks()
        return (whole.to_batches() or [pa.RecordBatch.from_pylist([], schema)])[0]

    def each(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Check batch after batch, as Spark's `mapInArrow` wants it."""
        return map(self, batches)

    def schema(self, of: Any) -> Any:
        """The Arrow schema of what is returned, where `of` is that of the batches: engines ask for it beforehand."""
        import pyarrow as pa

        texts, numbers = ("rule", "severity", "missing", "because"), ("value", "threshold")
        order = ("rule", "severity", *numbers, "missing", "because")
        kinds = dict.fromkeys(texts, pa.string()) | dict.fromkeys(numbers, pa.float64())
        keys = [pa.field(key, of.field(key).type) for key in self.keys]
        return pa.schema([*keys, *(pa.field(name, kinds[name]) for name in order)])


def batch_function(  # what a host can say of its batches
    rules: RuleSet,
    about: str,
    *,
    as_of: date,
    key: str | Sequence[str] = "id",
    calendar: WorkingCalendar | None = None,
    currency: str = "",
    columns: Mapping[str, str | Column] | None = None,
) -> BatchFunction:
    """Make a function from Arrow record batches to Arrow record batches, for `mapInArrow` of Spark, Ray Data and Beam.

    The arguments are those of `check`. Needs `pyarrow` where it is called.

    Raises:
        UnknownNameError: there is no such type of subject.
        BackendError: narwhals is not installed, or a rule has no meaning in the columns of one batch.

    >>> import pyarrow, coopgov
    >>> from datetime import date
    >>> rules = coopgov.parse_rules('''
    ... coopgov: rules/1
    ... pack: open-claims
    ... version: 1.0.0
    ... subjects: {supplier: {open_claims: count}}
    ... rules:
    ...   - {id: many-claims, about: supplier, kind: quality, when: open_claims above 3, severity: minor, message: Many claims.}
    ... ''')
    >>> find = batch_function(rules, "supplier", as_of=date(2026, 6, 30))
    >>> batch = pyarrow.RecordBatch.from_pydict({"id": ["a", "b", "c"], "open_claims": [5, 1, None]})
    >>> found = find(batch).to_pylist()
    >>> [(row["id"], row["severity"], row["missing"]) for row in found]
    [('a', 'minor', None), ('c', None, 'open_claims')]
    """
    _known(rules, about)
    _columnar()
    working = calendar or WorkingCalendar()
    program, setting = rules.program(about, 0), Setting(as_of, working, currency)
    return BatchFunction(program, setting, working, _names(key), _places(columns), _left_out(rules, about))


def _known(rules: RuleSet, about: str) -> None:
    if about not in rules.catalogue.subject_types:
        raise UnknownNameError("type of subject", about, rules.catalogue.subject_types)


def _names(key: str | Sequence[str]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else tuple(key)


def _places(columns: Mapping[str, str | Column] | None) -> dict[str, Column]:
    """Where facts stand, by which factor their numbers are taken, and where they do not apply."""
    return {
        fact: Column(place) if isinstance(place, str) else place for fact, place in (columns or {}).items()
    }


def _facts(program: Program, about: str) -> list[str]:
    """The names of columns that can hold facts: those of the subject, and of the subjects above behind their type."""
    catalogue = program.catalogue
    facts = {name: None for fact in catalogue.about(about) for name in (fact.name, fact.seen_on) if name}
    above = (f"{parent}.{name}" for parent in catalogue.parents(about) for name in catalogue.names(parent))
    return [*facts, *above]


def _left_out(rules: RuleSet, about: str) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules.rules if rule.about == about and rule.layer > 0)


def _items(
    subjects: Any, program: Program, keys: tuple[str, ...], children: Mapping[str, Children]
) -> dict[str, Any]:
    """The frames of collections, ready to be joined to that of their subjects."""
    frames = _columnar()
    types = {
        fact.name: fact.type.item
        for fact in program.catalogue.about(program.about)
        if fact.type is not None and fact.type.kind == "collection"
    }
    items = {}
    for name, given in children.items():
        if name not in types:
            raise UnknownNameError("collection", name, types)
        facts, own = _facts(program, types[name]), _names(given.keys)
        frame = frames.taken(given.frame, own, _places(given.columns), facts)
        frames.same_engine(subjects, name, frame)
        frames.same_number(name, keys, own)
        items[name] = frames.Items(frame, own)
    if items:
        frames.unique(subjects, keys)
    return items


def _filled(table: Any, schema: Any) -> Any:
    """A table with all columns of a schema, in that order; those it lacks are null."""
    import pyarrow as pa

    absent = pa.nulls(table.num_rows)
    columns = [table[name] if name in table.column_names else absent for name in schema.names]
    cast = [column.cast(field_.type) for column, field_ in zip(columns, schema, strict=True)]
    return pa.table(cast, schema=schema)


def _columnar() -> Any:
    """The columnar backend, on first use: it needs narwhals."""
    try:
        from coopgov.backends.columnar import frames
    except ImportError:
        why = "narwhals is not installed; run `pip install coopgov[columnar]`"
        raise BackendError("columnar", "", "", why, ("direct",)) from None
    return frames

"""Check a portfolio of phases, KPIs or tasks as a frame of Polars, pandas, PyArrow, DuckDB, Dask or Spark.

Needs `coopgov[columnar]` and the engine of the frame. docs/explanation/columns.md explains what the results mean, and
what columns cannot express.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_text, checked
from coopgov.backends.columnar.batches import row_local
from coopgov.errors import BackendError, UnknownNameError
from coopgov.language.interpreter import Setting
from coopgov.locales import phrase
from coopgov.model import WorkingCalendar
from coopgov.optional import pa
from coopgov.portfolio.expressible import with_expressible
from coopgov.rules.ruleset import A_RULE_SET, engine_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.backends.ir import Program
    from coopgov.rules import RuleSet

__all__ = ["BatchFunction", "Children", "Column", "Violations", "batch_function", "check"]


@dataclass(frozen=True, slots=True)
class Children:
    """The frame of a collection, of the same engine: its items, one row each.

    `keys` are the columns that name the subject of an item, in the order of the keys of the subjects. `columns` says
    where its facts are, as for the subjects.
    """

    frame: Any
    keys: str | Sequence[str]
    columns: Mapping[str, str | Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """The column of a fact in a host's frame, and the factor to the fact's unit: `Column("Hours", 1 / 24)` for days.

    `not_applicable` is the name of a column of truth values: where it is true, the fact does not apply to the subject.
    Then it is *not set*, like an absent optional setting: a rule that reads it does not apply, whatever the column of
    the fact holds. Null is false.

    `unreadable` is the name of such a column, too: where it is true, the host found something that it could not read as
    the fact. Then the fact is unknown, even if it is an optional setting, and a rule that needs it is undetermined
    because of an `unreadable cell`.
    """

    name: str
    factor: float = 1.0
    not_applicable: str | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Violations:
    """The results of a frame in long form, as frames of the same engine (lazy if the input is).

    `hits` has the key columns, `rule`, `severity`, `value`, `threshold` and `past`; `undetermined` has the key columns,
    `rule`, `missing` (names joined by `, `) and `because`. The order of rows is that of the engine. In Polars `rule`,
    `severity` and `because` are enumerations, the mildest severity first; elsewhere they are texts. `past` says that
    nothing about a hit can change any more. `left_out` are the rules that were not decided at all: those about
    warnings, which a frame does not have, and the shipped ones of `inexpressible`, which says for each why columns
    cannot express it.
    """

    hits: Any
    undetermined: Any
    left_out: tuple[str, ...] = ()
    inexpressible: Mapping[str, str] = field(default_factory=dict)


@checked(rules=A_RULE_SET, about=a_text, as_of=a_day, currency=a_text)
def check(  # noqa: PLR0913  # the options of a frame
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
    time_zone: str = "UTC",
) -> Violations:
    """Check the subjects of a frame: one row each, one column for each base fact.

    Facts of a subject above are in columns such as `phase.planned_end`. Null and NaN are absent; a missing column is
    absent everywhere. Numbers outside the range of their fact, and days outside the years 1 to 9999, are unknown. A
    duration is a number of whole days. Numbers are in the unit of their fact: days, whole units of money. A share of
    the built-in catalogue is the number itself (0.4 is 40 %); a fact that a rule file declares as `%`, and a KPI in %,
    hold 92 for 92 %.

    Args:
        frame: a frame of any engine that narwhals knows, or of Dask.
        rules: the rules; those about `about` are checked, except rules about warnings, which a frame does not have.
        about: the type of subject, such as `phase`.
        as_of: the date; observations after it are ignored.
        key: the column, or columns, that name a subject.
        calendar: for formulas with working days; Saturday and Sunday off by default.
        currency: the currency of money, for rules that name one.
        children: the frames of collections, by their names (`tasks`).
        columns: columns with another name or in another unit, by the name of the fact.
        time_zone: the zone in which a moment (a timestamp with a time zone) becomes a day.

    Raises:
        UnknownNameError: there is no such type of subject, collection, column, fact or time zone.
        BackendError: narwhals is not installed, a key can be none, a rule of your own has no meaning in columns, or
            frames do
            not go together.
        FactError: a column cannot hold the values of its fact, or a key those of the subjects.

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
    [('setup', 'phase-late', 'major', 0.23529411764705882, 0.2, True)]
    >>> found.undetermined.filter(polars.col("rule") == "phase-overspent").rows()
    [('core', 'phase-overspent', 'spent', 'absent data')]
    """
    _known(rules, about)
    frames, given, working = _columnar(), children or {}, calendar or WorkingCalendar()
    keys = _names(key)
    places = {name: (_names(each.keys), _places(each.columns)) for name, each in given.items()}
    items = {name: each.frame for name, each in given.items()}
    setting = Setting(as_of, working, currency)

    def ask(rules: RuleSet) -> tuple[Any, Any]:
        program = engine_of(rules).program(about, 0)
        question = _Question(program, keys, _places(columns), places, setting, working, time_zone)
        with frames.foreign_errors():
            if not frames.is_dask(frame):
                return _decided(question, frame, items)
            own = {name: (items[name], places[name][0]) for name in items}
            results: tuple[Any, Any] = frames.by_partition(frame, keys, own, partial(_decided, question))
            return results

    (hits, undetermined), inexpressible = with_expressible(rules, ask)
    return Violations(hits, undetermined, _left_out(rules, about, inexpressible), inexpressible)


@dataclass(frozen=True, slots=True)
class BatchFunction:
    """A function from Arrow record batches to Arrow record batches, for engines that pass batches to workers.

    Rules must be row-local: none about collections. It can be pickled. The batch that it returns has the key columns,
    `rule`, `severity`, `value`, `threshold`, `past`, `missing` and `because`, in that order; `severity` and `past` are
    null in rows that show what is undetermined, `missing` and `because` are null in those that show hits. `left_out`
    are the rules about warnings, and shipped ones that need more than a batch has.
    """

    program: Program
    setting: Setting
    calendar: WorkingCalendar
    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    left_out: tuple[str, ...]
    time_zone: str = "UTC"

    def __call__(self, batch: Any) -> Any:
        """Check the subjects of one batch.

        Raises:
            UnknownNameError: a named key or column does not exist.
            FactError: a column cannot hold the values of its fact.
            BackendError: a rule cannot be expressed in columns.
        """
        frames = _columnar()
        facts = _facts(self.program, self.program.about)
        table = pa.Table.from_batches([batch])
        subjects = frames.taken(table, self.keys, self.columns, facts, self.time_zone)
        with frames.foreign_errors():
            results = frames.decided(subjects, self.program, self.keys, self.setting, self.calendar, {})
        schema = self.schema(batch.schema)
        whole = pa.concat_tables([_filled(each, schema) for each in results]).combine_chunks()
        return (whole.to_batches() or [pa.RecordBatch.from_pylist([], schema)])[0]

    def each(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Check batch after batch, as Spark's `mapInArrow` requires."""
        return map(self, batches)

    def schema(self, of: Any) -> Any:
        """The Arrow schema of the returned batches, given that of the input (`of`): engines need it beforehand."""
        texts, numbers = ("rule", "severity", "missing", "because"), ("value", "threshold")
        order = ("rule", "severity", *numbers, "past", "missing", "because")
        kinds = dict.fromkeys(texts, pa.string()) | dict.fromkeys(numbers, pa.float64())
        kinds["past"] = pa.bool_()
        keys = [pa.field(key, of.field(key).type) for key in self.keys]
        return pa.schema([*keys, *(pa.field(name, kinds[name]) for name in order)])


@checked(rules=A_RULE_SET, about=a_text, as_of=a_day, currency=a_text)
def batch_function(  # noqa: PLR0913  # the options of batches
    rules: RuleSet,
    about: str,
    *,
    as_of: date,
    key: str | Sequence[str] = "id",
    calendar: WorkingCalendar | None = None,
    currency: str = "",
    columns: Mapping[str, str | Column] | None = None,
    time_zone: str = "UTC",
) -> BatchFunction:
    """Make a function from Arrow record batches to Arrow record batches, for `mapInArrow` of Spark, Ray Data and Beam.

    The arguments are those of `check`. The function needs `pyarrow` when it is called.

    Raises:
        UnknownNameError: there is no such type of subject.
        BackendError: narwhals is not installed, or a rule of your own reads a collection, which a batch does not have.

    >>> import pyarrow, coopgov
    >>> from datetime import date
    >>> rules = coopgov.parse_rules('''
    ... coopgov: rules/1
    ... pack: open-claims
    ... version: 1.0.0
    ... subjects: {supplier: {open_claims: count}}
    ... rules:
    ...   - {id: many-claims, about: supplier, kind: quality, when: open_claims above 3, severity: minor,
    ...      message: Many claims.}
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
    program, inexpressible = with_expressible(rules, lambda given: row_local(given.program(about, 0)))
    left_out = _left_out(rules, about, inexpressible)
    setting = Setting(as_of, working, currency)
    return BatchFunction(program, setting, working, _names(key), _places(columns), left_out, time_zone)


def _known(rules: RuleSet, about: str) -> None:
    if about not in rules.catalogue.subject_types:
        raise UnknownNameError("type of subject", about, rules.catalogue.subject_types)


def _names(key: str | Sequence[str]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else tuple(key)


def _places(columns: Mapping[str, str | Column] | None) -> dict[str, Column]:
    """The columns of facts, with the factors of their numbers, and where they do not apply."""
    return {
        fact: Column(place) if isinstance(place, str) else place for fact, place in (columns or {}).items()
    }


def _facts(program: Program, about: str) -> list[str]:
    """The names of columns that can hold facts: of the subject and, prefixed with their type, of the subjects above."""
    catalogue = program.catalogue
    facts = {name: None for fact in catalogue.about(about) for name in (fact.name, fact.seen_on) if name}
    above = (f"{parent}.{name}" for parent in catalogue.parents(about) for name in catalogue.names(parent))
    return [*facts, *above]


def _left_out(rules: RuleSet, about: str, inexpressible: Container[str]) -> tuple[str, ...]:
    about_it = (rule for rule in rules.rules if rule.about == about)
    return tuple(rule.id for rule in about_it if rule.layer > 0 or rule.id in inexpressible)


@dataclass(frozen=True, slots=True)
class _Question:
    """The rules to check on frames, and the columns of facts; `children` has the keys and columns of collections."""

    program: Program
    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    children: Mapping[str, tuple[tuple[str, ...], Mapping[str, Column]]]
    setting: Setting
    calendar: WorkingCalendar
    time_zone: str


def _decided(question: _Question, frame: Any, items: Mapping[str, Any]) -> tuple[Any, Any]:
    """The frames of hits and of undetermined entries, for a frame of subjects and those of their collections."""
    frames, program, keys = _columnar(), question.program, question.keys
    facts, zone = _facts(program, program.about), question.time_zone
    subjects = frames.taken(frame, keys, question.columns, facts, zone)
    joined = _items(question, subjects, items)
    results: tuple[Any, Any] = frames.decided(
        subjects, program, keys, question.setting, question.calendar, joined
    )
    return results


def _items(question: _Question, subjects: Any, items: Mapping[str, Any]) -> dict[str, Any]:
    """The frames of collections, ready to join to the frame of their subjects."""
    frames, program = _columnar(), question.program
    types = {
        fact.name: fact.type.item
        for fact in program.catalogue.about(program.about)
        if fact.type is not None and fact.type.kind == "collection"
    }
    joined = {}
    for name, given in items.items():
        if name not in types:
            raise UnknownNameError("collection", name, types)
        keys, columns = question.children[name]
        frame = frames.taken(given, keys, columns, _facts(program, types[name]), question.time_zone)
        frames.same_engine(subjects, name, frame)
        frames.same_keys(subjects, question.keys, name, frame, keys)
        joined[name] = frames.Items(frame, keys)
    if joined:
        frames.unique(subjects, question.keys)
    return joined


def _filled(table: Any, schema: Any) -> Any:
    """A table with all columns of a schema, in that order; missing ones are null."""
    absent = pa.nulls(table.num_rows)
    columns = [table[name] if name in table.column_names else absent for name in schema.names]
    cast = [column.cast(field_.type) for column, field_ in zip(columns, schema, strict=True)]
    return pa.table(cast, schema=schema)


def _columnar() -> Any:
    """The columnar backend, imported on first use because it needs narwhals."""
    try:
        from coopgov.backends.columnar import frames
    except ImportError:
        why = phrase("backends.no-narwhals")
        raise BackendError("columnar", "", "", why, ("direct",)) from None
    return frames

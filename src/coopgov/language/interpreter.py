"""Evaluates checked expressions over records: the reference semantics that every backend must reproduce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.errors import FactError
from coopgov.language import syntax as s
from coopgov.language.dependencies import Reads, reads_of
from coopgov.language.equivalent import alternatives, both_ends
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.host_values import NOT_SET_GAPS, Gap, day_number, hidden, read, refuse_unless_mapping
from coopgov.language.operations import OPERATIONS, certain_number
from coopgov.language.supposed import Shared, Supposed
from coopgov.language.types import TEXT
from coopgov.language.units import unit_name
from coopgov.language.values import (
    NOT_SET,
    UNKNOWN,
    Calendar,
    aggregate,
    missing,
)
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from coopgov.language.types import Range, Type

    Record = Mapping[str, Any]
    Records = tuple[Record, ...]

__all__ = [
    "VISITORS",
    "Definitions",
    "Interpreter",
    "Setting",
    "same_unit",
    "unit_is",
]


_TODAY = (0, "", "as_of")
"""The key of the day among the values that are remembered."""
_UNOBSERVED = (Gap.ABSENT, Gap.HIDDEN)
"""The gaps that make an optional fact *not set*; after any other gap it is unknown."""


class Definitions(Protocol):
    """What evaluation needs to know about facts."""

    def definition(self, about: str, name: str) -> s.Expr | None:
        """Return the checked expression of a derived fact, or None for a base fact."""

    def optional(self, about: str, name: str) -> bool:
        """Whether a base fact is an optional setting, whose absence makes a rule not applicable."""

    def seen_on(self, about: str, name: str) -> str:
        """The date fact before whose day a base fact is not visible; empty if it is always visible."""

    def declared(self, about: str, name: str) -> Type:
        """The declared type of a base fact."""

    def within(self, about: str, name: str) -> Range:
        """The range of a base fact."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all subjects of an assessment share: the date, the calendar, the currency."""

    as_of: date | None
    calendar: Calendar
    currency: str = ""
    minor_units: int = 1
    """The factor from a unit of currency to the unit of the records: 100 if they count cents, 1 if they do not."""

    def __post_init__(self) -> None:
        if self.as_of is not None:
            day_number(self.as_of)


@lru_cache(maxsize=4096)
def same_unit(written: str, name: str) -> bool:
    """Whether a unit as an author spelt it has that canonical name."""
    return unit_name(written or "count") == name


def unit_is(record: Record, name: str) -> bool:
    """Whether a record's KPI is in the unit of that canonical name."""
    unit = read(record.get("unit"), TEXT, "unit")
    return same_unit("" if unit.__class__ is Gap else unit, name)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Evaluates checked expressions over the record of a subject.

    A record maps names of base facts to values, names of collections to lists of records, and names of subject types to
    the records above. The value of a fact is remembered by the identity of its record, so a formula that several rules
    use is computed once, and so is an aggregate; records must not change while an interpreter is in use.
    """

    definitions: Definitions
    setting: Setting
    _memo: dict[tuple[int, str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    _supposed: Supposed | None = field(default=None, compare=False, repr=False)
    _supposing: dict[frozenset[tuple[int, str, str]], Supposed] = field(
        default_factory=dict, compare=False, repr=False
    )
    shared: Shared = field(default_factory=Shared, compare=False, repr=False)
    _facts: dict[tuple[str, str], tuple[Type, Range, str]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """What the definitions say of each base fact: its type, its range, and the day from which it is visible."""
    _reads: dict[int, Reads] = field(default_factory=dict, compare=False, repr=False)
    """What each expression can read."""
    _aggregates: dict[tuple[int, ...], tuple[s.Aggregate, Any]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """The value of each aggregate of some subjects; it is kept with the node, whose id is then not used again."""

    def supposing(self, *facts: tuple[Record, str, str, Any], as_of: date | None = None) -> Interpreter:
        """Return a new interpreter with other values for some facts, or another date; records are not modified.

        A fact is given by its record, type of subject, name and value (dates as day numbers). Results that cannot
        depend on the change are those of this interpreter.
        """
        memo = {(id(record), about, name): value for record, about, name, value in facts}
        if as_of is not None:
            setting = replace(self.setting, as_of=as_of)
            return Interpreter(self.definitions, setting, memo, _facts=self._facts, _reads=self._reads)
        changed = frozenset(memo)
        if changed not in self._supposing:
            self._supposing[changed] = Supposed(self, changed, self.shared)
        return Interpreter(
            self.definitions,
            self.setting,
            memo,
            self._supposing[changed],
            _facts=self._facts,
            _reads=self._reads,
        )

    def forgetting(self, forgotten: Callable[[str, str], bool]) -> Interpreter:
        """Return a new interpreter that knows the values of this one, except of facts that may have changed since.

        `forgotten` says, of a type of subject and a name, whether they may.
        """
        memo = {key: value for key, value in self._memo.items() if not forgotten(key[1], key[2])}
        return Interpreter(self.definitions, self.setting, memo, _facts=self._facts, _reads=self._reads)

    def of_class(self, kind: type[Interpreter]) -> Interpreter:
        """Return an interpreter of another class that remembers values together with this one."""
        return kind(
            self.definitions,
            self.setting,
            self._memo,
            _facts=self._facts,
            _reads=self._reads,
            _aggregates=self._aggregates,
        )

    @property
    def supposes(self) -> bool:
        """Whether some facts have other values than those of their records."""
        return self._supposed is not None

    def reads(self, node: s.Expr) -> Reads:
        """What an expression can read, whatever the data."""
        found = self._reads.get(id(node))
        if found is None:
            found = self._reads[id(node)] = reads_of(node, self.definitions)
        return found

    def of_item_alone(self, node: s.Aggregate) -> bool:
        """Whether what an aggregate finds of an item depends on facts of that item alone, and on the day."""
        return all(self.reads(part).of_one_record for part in node.of_items)

    def value(self, node: s.Expr, *records: Record) -> Any:
        """Evaluate an expression; `records` are the subjects in scope, nearest last."""
        return VISITORS[type(node)](self, node, records)

    def remembered(self, node: s.Expr, records: Records, key: tuple[int, ...] = ()) -> Any:
        """Evaluate an expression that will be asked for again; `key` has the identities of node and records."""
        key = key or (id(node), *map(id, records))
        known = self.shared.values.get(key)
        if known is None:
            known = self.shared.values[key] = node, self.value(node, *records)
        return known[1]

    def read(self, nodes: Iterable[s.Expr], record: Record) -> None:
        """Read everything that expressions ask of a record, so that an invalid value raises even where nothing uses it.

        Raises:
            ArgumentError: the record is none.
            FactError: a value is not of its fact's type.
        """
        refuse_unless_mapping(record)
        for node in nodes:
            self.value(node, record)

    def literal(self, node: s.Literal, records: Records) -> Any:
        if node.type.kind == "own" and not unit_is(records[-1], node.type.unit):
            return UNKNOWN
        if node.type.kind == "money":
            known = node.type.unit in ("", self.setting.currency)
            return minor_units_of(node, self.setting.minor_units) if known else UNKNOWN
        return value_of(node)

    def name(self, node: s.Name, records: Records) -> Any:
        if not node.about:
            if _TODAY not in self._memo:
                self._memo[_TODAY] = day_number(self.setting.as_of)
            return self._memo[_TODAY]
        record: Any = records[-1 - node.level]
        if node.parents:
            record = self.above(node, record)
            if record is None:
                return UNKNOWN
        key = (id(record), node.about, node.name)
        if key not in self._memo:
            supposed = self._supposed
            if supposed is not None and not supposed.reach_fact(key, node, record):
                return supposed.base.name(node, records)
            self._memo[key] = self._fact(node, record)
        return self._memo[key]

    def above(self, node: s.Name, record: Any) -> Record | None:
        """The record above another one that has a fact, or None if there is none."""
        for parent in node.parents:
            record = record.get(parent)
            if record is None:
                return None
            if not isinstance(record, (dict, Mapping)):
                raise FactError(parent, record, phrase("errors.expected.mapping-of-facts"))
        return record  # type: ignore[no-any-return]

    def _fact(self, node: s.Name, record: Record) -> Any:
        definition = self.definitions.definition(node.about, node.name)
        if definition is not None:
            return self.value(definition, record)
        value = self.found(node, record)
        if value.__class__ is not Gap:
            return value
        not_set = value in _UNOBSERVED and self.definitions.optional(node.about, node.name)
        return NOT_SET if not_set or value in NOT_SET_GAPS else UNKNOWN

    def found(self, node: s.Name, record: Record) -> Any:
        """Return a base fact of a record: its value, or why there is none."""
        about, name = node.about, node.name
        known = self._facts.get((about, name))
        if known is None:
            facts = self.definitions
            known = facts.declared(about, name), facts.within(about, name), facts.seen_on(about, name)
            self._facts[about, name] = known
        kind, within, seen_on = known
        value = read(record.get(name), kind, name, within)
        later = bool(seen_on) and hidden(record.get(seen_on), seen_on, self.setting.as_of)
        return Gap.HIDDEN if later and value not in (Gap.ABSENT, *NOT_SET_GAPS) else value

    def operation(self, node: s.Expr, records: Records) -> Any:
        """The value of a node that only its operands' values decide."""
        values = [self.value(part, *records) for part in s.children(node)]
        return OPERATIONS[type(node)](node, values, self.setting.calendar)

    def other_spelling(self, node: s.Else, records: Records) -> Any:
        left = certain_number(self.value(node.left, *records))
        if not missing(left):
            return left
        right = self.value(node.right, *records)
        # Unknown wins over not set: somebody may still supply the left value, so the outcome is open.
        return UNKNOWN if right is NOT_SET and left is UNKNOWN else right

    def between(self, node: s.Between, records: Records) -> Any:
        # Rewritten, not computed: missing values and tolerances are defined once, for `and` and comparisons.
        return self.value(both_ends(node), *records)

    def membership(self, node: s.In, records: Records) -> Any:
        if isinstance(node.right, s.Choices):
            return self.value(alternatives(node.left, node.right), *records)
        return self.operation(node, records)

    def aggregate(self, node: s.Aggregate, records: Records) -> Any:
        key = (id(node), *map(id, records))
        found = self._aggregates.get(key)
        if found is None:
            items = self.value(node.collection, *records)
            value = items if missing(items) else aggregate(node.function, self.items(node, items, records))
            found = self._aggregates[key] = node, value
        return found[1]

    def items(self, node: s.Aggregate, items: Iterable[Record], records: Records) -> list[tuple[Any, Any]]:
        """Return, for each item of a collection, whether it meets the condition of an aggregate, and its value."""
        supposed = self._supposed
        if supposed is None or supposed.reach(node.collection, records):
            return [self.item(node, (*records, item)) for item in items]
        listed = list(items)
        known, reached = supposed.items(node, listed, records)
        found = list(known)
        for place in reached:
            found[place] = self.item(node, (*records, listed[place]))
        return found

    def item(self, node: s.Aggregate, records: Records) -> tuple[Any, Any]:
        where = True if node.where is None else self.value(node.where, *records)
        if node.value is None and node.function in ("share", "any", "all"):
            return True, where
        value = True if node.value is None else certain_number(self.value(node.value, *records))
        return where, value


VISITORS: Mapping[type[s.Expr], Callable[..., Any]] = s.by_class(
    literal=Interpreter.literal,
    choices=Interpreter.operation,
    name=Interpreter.name,
    negative=Interpreter.operation,
    not_=Interpreter.operation,
    known=Interpreter.operation,
    and_=Interpreter.operation,
    or_=Interpreter.operation,
    add=Interpreter.operation,
    subtract=Interpreter.operation,
    multiply=Interpreter.operation,
    divide=Interpreter.operation,
    else_=Interpreter.other_spelling,
    above=Interpreter.operation,
    below=Interpreter.operation,
    at_least=Interpreter.operation,
    at_most=Interpreter.operation,
    equal=Interpreter.operation,
    not_equal=Interpreter.operation,
    between=Interpreter.between,
    in_=Interpreter.membership,
    call=Interpreter.operation,
    aggregate=Interpreter.aggregate,
)

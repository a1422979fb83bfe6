"""Evaluates checked expressions over records: the reference semantics that every backend must reproduce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from coopgov.errors import FactError
from coopgov.language import syntax as s
from coopgov.language.equivalent import alternatives, both_ends
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.host_values import NOT_SET_GAPS, Gap, day_number, hidden, read, refuse_unless_mapping
from coopgov.language.supposed import Supposed
from coopgov.language.tolerance import above, below
from coopgov.language.types import TEXT
from coopgov.language.units import unit_name
from coopgov.language.values import (
    NOT_SET,
    UNKNOWN,
    Bounds,
    Calendar,
    aggregate,
    held,
    held_day,
    missing,
    step_months,
)
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.language.types import Range, Type

    Record = Mapping[str, Any]
    Records = tuple[Record, ...]

__all__ = ["Definitions", "Interpreter", "Setting", "compare_uncertain", "same_unit", "unit_is"]


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
    use is computed once; records must not change while an interpreter is in use.
    """

    definitions: Definitions
    setting: Setting
    _memo: dict[tuple[int, str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    _supposed: Supposed | None = field(default=None, compare=False, repr=False)
    _supposing: dict[frozenset[tuple[int, str, str]], Supposed] = field(
        default_factory=dict, compare=False, repr=False
    )

    def supposing(self, *facts: tuple[Record, str, str, Any], as_of: date | None = None) -> Interpreter:
        """Return a new interpreter with other values for some facts, or another date; records are not modified.

        A fact is given by its record, type of subject, name and value (dates as day numbers). Results that cannot
        depend on the change are those of this interpreter.
        """
        memo = {(id(record), about, name): value for record, about, name, value in facts}
        if as_of is not None:
            return Interpreter(self.definitions, replace(self.setting, as_of=as_of), memo)
        changed = frozenset(memo)
        if changed not in self._supposing:
            self._supposing[changed] = Supposed(self, changed)
        return Interpreter(self.definitions, self.setting, memo, self._supposing[changed])

    def value(self, node: s.Expr, *records: Record) -> Any:
        """Evaluate an expression; `records` are the subjects in scope, nearest last."""
        return _VISITORS[type(node)](self, node, records)

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
            return day_number(self.setting.as_of)
        record: Any = records[-1 - node.level]
        for parent in node.parents:
            record = record.get(parent)
            if record is None:
                return UNKNOWN
            if not isinstance(record, (dict, Mapping)):
                raise FactError(parent, record, phrase("errors.expected.mapping-of-facts"))
        key = (id(record), node.about, node.name)
        if key not in self._memo:
            supposed = self._supposed
            if supposed is not None and not supposed.reach_fact(key, node, record):
                return supposed.base.name(node, records)
            self._memo[key] = self._fact(node, record)
        return self._memo[key]

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
        facts, about, name = self.definitions, node.about, node.name
        value = read(record.get(name), facts.declared(about, name), name, facts.within(about, name))
        seen_on = facts.seen_on(about, name)
        later = bool(seen_on) and hidden(record.get(seen_on), seen_on, self.setting.as_of)
        return Gap.HIDDEN if later and value not in (Gap.ABSENT, *NOT_SET_GAPS) else value

    def negative(self, node: s.Negative, records: Records) -> Any:
        value = _number(self.value(node.operand, *records))
        return value if missing(value) else -value

    def arithmetic(self, node: s.Arithmetic, records: Records) -> Any:
        left = _number(self.value(node.left, *records))
        right = _number(self.value(node.right, *records))
        if missing(left) or missing(right):
            return _neither(left, right)
        try:
            return self._computed(node, left, right)
        except (OverflowError, ValueError):
            return UNKNOWN

    def _computed(self, node: s.Arithmetic, left: Any, right: Any) -> Any:
        if node.type.kind == "date":
            return held_day(self._step(node, left, right))
        if isinstance(node, s.Add):
            return held(left + right)
        if isinstance(node, s.Subtract):
            return held(left - right)
        if isinstance(node, s.Multiply):
            return held(left * right)
        if isinstance(node, s.Divide):
            return held(left / right) if right else UNKNOWN
        assert_never(node)

    def _step(self, node: s.Arithmetic, left: Any, right: Any) -> Any:
        day, steps, unit = left, right, node.right.type.unit
        steps = -steps if isinstance(node, s.Subtract) else steps
        if unit == "month":
            return step_months(day, steps)
        if unit == "working day":
            return self.setting.calendar.add(date.fromordinal(int(day)), int(steps)).toordinal()
        return day + steps

    def other_spelling(self, node: s.Else, records: Records) -> Any:
        left = _number(self.value(node.left, *records))
        if not missing(left):
            return left
        right = self.value(node.right, *records)
        # Unknown wins over not set: somebody may still supply the left value, so the outcome is open.
        return UNKNOWN if right is NOT_SET and left is UNKNOWN else right

    def comparison(self, node: s.Comparison, records: Records) -> Any:
        left, right = self.value(node.left, *records), self.value(node.right, *records)
        if missing(left) or missing(right):
            return _neither(left, right)
        return _compared(type(node), left, right, node.left.type, node.right.type)

    def between(self, node: s.Between, records: Records) -> Any:
        # Rewritten, not computed: missing values and tolerances are defined once, for `and` and comparisons.
        return self.value(both_ends(node), *records)

    def membership(self, node: s.In, records: Records) -> Any:
        if isinstance(node.right, s.Choices):
            return self.value(alternatives(node.left, node.right), *records)
        left, right = self.value(node.left, *records), self.value(node.right, *records)
        return _neither(left, right) if missing(left) or missing(right) else left in right

    def choices(self, node: s.Choices, records: Records) -> Any:
        return tuple(self.value(item, *records) for item in node.items)

    def negation(self, node: s.Not, records: Records) -> Any:
        value = self.value(node.operand, *records)
        return value if missing(value) else not value

    def conjunction(self, node: s.Logic, records: Records) -> Any:
        return _joined([self.value(part, *records) for part in node.operands], decisive=False)

    def disjunction(self, node: s.Logic, records: Records) -> Any:
        return _joined([self.value(part, *records) for part in node.operands], decisive=True)

    def known(self, node: s.Known, records: Records) -> Any:
        return not missing(_number(self.value(node.operand, *records)))

    def call(self, node: s.Call, records: Records) -> Any:
        values = [_number(self.value(part, *records)) for part in node.arguments]
        if any(map(missing, values)):
            return _neither(*values)
        if node.function == "known_if":
            return values[0] if values[1] else UNKNOWN
        if node.function == "working_days":
            return self._working_days(*values)
        return abs(values[0]) if node.function == "abs" else {"min": min, "max": max}[node.function](values)

    def _working_days(self, first: float, last: float) -> Any:
        try:
            return self.setting.calendar.count(date.fromordinal(int(first)), date.fromordinal(int(last)))
        except (OverflowError, ValueError):
            return UNKNOWN

    def aggregate(self, node: s.Aggregate, records: Records) -> Any:
        items = self.value(node.collection, *records)
        if missing(items):
            return items
        return aggregate(node.function, self.items(node, items, records))

    def items(self, node: s.Aggregate, items: Iterable[Record], records: Records) -> list[tuple[Any, Any]]:
        """Return, for each item of a collection, whether it meets the condition of an aggregate, and its value."""
        return [self.item(node, (*records, item)) for item in items]

    def item(self, node: s.Aggregate, records: Records) -> tuple[Any, Any]:
        supposed = self._supposed
        if supposed is not None and not any(supposed.reach(part, records) for part in node.of_items):
            found: tuple[Any, Any] = supposed.item(node, records)
            return found
        where = True if node.where is None else self.value(node.where, *records)
        if node.value is None and node.function in ("share", "any", "all"):
            return True, where
        value = True if node.value is None else _number(self.value(node.value, *records))
        return where, value


def _number(value: Any) -> Any:
    """A count or share must be certain, except in a comparison, which can decide between bounds."""
    return UNKNOWN if isinstance(value, Bounds) else value


def _neither(*values: Any) -> Any:
    """The outcome where an operand is missing: not set as soon as one is not set."""
    return NOT_SET if any(value is NOT_SET for value in values) else UNKNOWN


def _joined(values: list[Any], *, decisive: bool) -> Any:
    # Kleene logic: one false decides `and`, one true decides `or`, whatever is missing beside it.
    if decisive in values:
        return decisive
    absent = [value for value in values if missing(value)]
    return _neither(*absent) if absent else not decisive


def _compared(kind: type[s.Comparison], left: Any, right: Any, a: Type, b: Type) -> Any:
    if a.kind in ("truth", "text"):
        return (left == right) is (kind is s.Equal)
    if not isinstance(left, Bounds) and not isinstance(right, Bounds):
        return _ORDER[kind](left, right, exact=_exact(a, b))
    return compare_uncertain(kind, left, right)


def compare_uncertain(kind: type[s.Comparison], left: Any, right: Any) -> Any:
    """Compare numbers of which only bounds may be known; UNKNOWN where the bounds disagree."""
    (low, high), (least, most) = _ends(left), _ends(right)
    # The ends suffice for the ordered comparisons, which are monotonic; not for `is`, which can hold only in between.
    outcomes = {_ORDER[kind](x, y, exact=False) for x in (low, high) for y in (least, most)}
    apart = high < least or most < low
    if kind in (s.Equal, s.NotEqual) and not apart and (low < high or least < most):
        return UNKNOWN
    return outcomes.pop() if len(outcomes) == 1 else UNKNOWN


def _ends(value: Any) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Bounds) else (value, value)


def _exact(a: Type, b: Type) -> bool:
    return a.kind == "date" or (a.kind == "money" and a.exact and b.exact)


_ORDER: Mapping[type[s.Comparison], Callable[..., bool]] = s.by_comparison(
    above=above,
    below=below,
    at_least=lambda a, b, *, exact: not below(a, b, exact=exact),
    at_most=lambda a, b, *, exact: not above(a, b, exact=exact),
    equal=lambda a, b, *, exact: not above(a, b, exact=exact) and not below(a, b, exact=exact),
    not_equal=lambda a, b, *, exact: above(a, b, exact=exact) or below(a, b, exact=exact),
)

_VISITORS: Mapping[type[s.Expr], Callable[..., Any]] = s.by_class(
    literal=Interpreter.literal,
    choices=Interpreter.choices,
    name=Interpreter.name,
    negative=Interpreter.negative,
    not_=Interpreter.negation,
    known=Interpreter.known,
    and_=Interpreter.conjunction,
    or_=Interpreter.disjunction,
    add=Interpreter.arithmetic,
    subtract=Interpreter.arithmetic,
    multiply=Interpreter.arithmetic,
    divide=Interpreter.arithmetic,
    else_=Interpreter.other_spelling,
    above=Interpreter.comparison,
    below=Interpreter.comparison,
    at_least=Interpreter.comparison,
    at_most=Interpreter.comparison,
    equal=Interpreter.comparison,
    not_equal=Interpreter.comparison,
    between=Interpreter.between,
    in_=Interpreter.membership,
    call=Interpreter.call,
    aggregate=Interpreter.aggregate,
)

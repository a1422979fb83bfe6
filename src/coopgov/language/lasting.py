"""Evaluates expressions on a date, and finds out until which day the results stay the same.

Facts change on days that are known in advance, and `as_of` moves by one day a day. So it is known as well, of every
comparison, how long it certainly holds: the distance between its sides, divided by the speed at which they can approach
each other. A result lasts as long as all that it was found from. Whoever evaluates on one day after another evaluates
again only what does not last any longer, such as the delay of a phase on the day on which it reaches a tolerance.

Values are computed by the interpreter; only the speeds are added here. What cannot be bounded lasts for a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

from coopgov.language import syntax as s
from coopgov.language.host_values import Gap, read
from coopgov.language.interpreter import VISITORS, Interpreter
from coopgov.language.moving import (
    ALWAYS,
    Moving,
    days_apart,
    difference,
    extreme,
    moving,
    plain,
    product,
    total,
)
from coopgov.language.operations import OPERATIONS
from coopgov.language.types import DATE
from coopgov.language.values import LAST_DAY, UNKNOWN, Bounds, aggregate, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Record = Mapping[str, Any]
    Records = tuple[Record, ...]

__all__ = ["Lasting"]

_Entry = tuple[Any, int, int]
"""A value, the day until which it lasts, and the day until which it need not be computed again."""
_Kept = dict[tuple[Any, ...], _Entry]


@dataclass(slots=True)
class _Clock:
    """The first day on which something is different that has been found since the clock was set."""

    until: int = ALWAYS


@dataclass(frozen=True)
class Lasting(Interpreter):
    """An interpreter for one date after another; between two dates, records may change.

    `changes` returns the number of the next day on which a record changes, except for facts that are the date itself,
    of which `is_today` knows the record and the name. Facts whose names are `unsteady` are not remembered at all.
    Numbers that depend on the date are `Moving`.
    """

    changes: Callable[[Record], int] = field(default=lambda _: ALWAYS, repr=False)
    is_today: Callable[[Record, str], bool] = field(default=lambda *_: False, repr=False)
    unsteady: frozenset[str] = frozenset()
    _clock: _Clock = field(default_factory=_Clock, repr=False)
    _kept: _Kept = field(default_factory=dict, repr=False)
    _items: dict[tuple[int, ...], tuple[s.Aggregate, dict[int, _Entry]]] = field(
        default_factory=dict, repr=False
    )
    """What was found of items, by the identity of the aggregate and the records around it, and then of the item."""

    @property
    def today(self) -> int:
        """The number of the date."""
        assert self.setting.as_of is not None
        return self.setting.as_of.toordinal()

    def lasts(self, find: Callable[[], Any]) -> tuple[Any, int]:
        """Return what a function finds by this interpreter, and the first day on which it may find something else."""
        before, self._clock.until = self._clock.until, ALWAYS
        found = find()
        until, self._clock.until = self._clock.until, before
        return found, until

    def value(self, node: s.Expr, *records: Record) -> Any:
        """Evaluate an expression, and note until when its value lasts."""
        return _VISITORS[type(node)](self, node, records)

    def _note(self, until: int) -> None:
        self._clock.until = min(self._clock.until, until)

    def _note_days(self, days: int) -> None:
        self._note(min(self.today + days, ALWAYS))

    def _remembered(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        entry = self._kept.get(key)
        if entry is None or entry[2] <= self.today:
            entry = self._kept[key] = self._entry(find)
        self._note(entry[1])
        return entry[0]

    def _entry(self, find: Callable[[], Any]) -> _Entry:
        found, until = self.lasts(find)
        return found, until, min(until, self.today + 1) if _moves(found) else until

    # what lasts as long as a record -------------------------------------------------------------------------

    def literal(self, node: s.Literal, records: Records) -> Any:
        if node.type.kind == "own":
            self._note(self.changes(records[-1]))
        return super().literal(node, records)

    def name(self, node: s.Name, records: Records) -> Any:
        if not node.about:
            return self._today()
        record = self.above(node, records[-1 - node.level])
        if record is None:
            return UNKNOWN
        key = (id(record), node.about, node.name)
        return self._remembered(key, lambda: self._fact(node, record))

    def _today(self) -> Moving:
        return Moving(self.today, 1.0, 1.0, float(self.today))

    def found(self, node: s.Name, record: Record) -> Any:
        """Return a base fact of a record: its value, or why there is none."""
        self._note(self.today if node.name in self.unsteady else self.changes(record))
        if self.is_today(record, node.name):
            return self._today()
        value = super().found(node, record)
        if value is Gap.HIDDEN:
            seen_on = self.definitions.seen_on(node.about, node.name)
            self._note(read(record.get(seen_on), DATE, seen_on))
        return value

    def items(self, node: s.Aggregate, items: Iterable[Record], records: Records) -> list[tuple[Any, Any]]:
        """Return, for each item of a collection, whether it meets the condition of an aggregate, and its value."""
        key = (id(node), *map(id, records))
        if key not in self._items:
            self._items[key] = node, {}
        known, today, until = self._items[key][1], self.today, ALWAYS
        found = []
        for item in items:
            entry = known.get(id(item))
            if entry is None or entry[2] <= today:
                entry = known[id(item)] = self._entry(partial(self.item, node, (*records, item)))
            found.append(entry[0])
            until = min(until, entry[1])
        self._note(until)
        return found

    # what moves with the date -------------------------------------------------------------------------------

    def operation(self, node: s.Expr, records: Records) -> Any:
        values = [self.value(part, *records) for part in s.children(node)]
        operation, calendar = OPERATIONS[type(node)], self.setting.calendar
        if not any(value.__class__ is Moving for value in values):
            return operation(node, values, calendar)
        now = operation(node, list(map(plain, values)), calendar)
        if isinstance(node, s.Comparison):
            self._note_days(_days_of_comparison(*values))
        elif isinstance(node, s.Call) and not missing(now):
            return self._called(node, now, values)
        elif isinstance(node, s.Negative):
            return _negated(values[0])
        elif isinstance(node, s.Arithmetic) and not any(map(_unusable, values)):
            found = None if missing(now) else _result(node, now, *values)
            if found is not None and node.type.kind == "date" and found.speed:  # the calendar has ends
                self._note_days(max(1, int(min(now - 1, LAST_DAY - now) / found.speed)))
            return self._bounded(now, found)
        return now

    def _bounded(self, now: Any, found: Moving | None) -> Any:
        """A number that moves; where its speed has no known bound, what it is now, for a day."""
        if found is None:
            self._note_days(1)
            return now
        return found if found.speed else now

    def _called(self, node: s.Call, now: Any, values: Sequence[Any]) -> Any:
        """The result of a function of numbers that move, which is `now`."""
        if node.function == "known_if":
            return values[0]
        if node.function == "working_days":
            return self._bounded(now, _counted(now, moving(values[0]), moving(values[1])))
        if node.function == "abs":
            return self._extreme(max, [values[0], _negated(values[0])])
        return self._extreme({"min": min, "max": max}[node.function], values)

    def _extreme(self, function: Callable[..., Any], values: Sequence[Any]) -> Any:
        if not any(value.__class__ is Moving for value in values):
            return function(values)
        found, days = extreme(function, values)
        self._note_days(days)
        return found

    def aggregate(self, node: s.Aggregate, records: Records) -> Any:
        items = self.value(node.collection, *records)
        if missing(items):
            return items
        found = self.items(node, items, records)
        if not any(value.__class__ is Moving for _, value in found):
            return aggregate(node.function, found)
        now = aggregate(node.function, [(where, plain(value)) for where, value in found])
        kept = [value for where, value in found if where is True]
        if missing(now) or not any(value.__class__ is Moving for value in kept):
            if not any(map(missing, kept)):
                self._note_days(1)
            return now
        if node.function in ("min", "max"):
            return self._extreme({"min": min, "max": max}[node.function], kept)
        sums = total(now, kept)
        if sums is None or node.function == "sum":
            return self._bounded(now, sums)
        return self._bounded(now, product(now, sums, 1 / len(kept)))


def _moves(found: Any) -> bool:
    """Whether a value, or that of an item, depends on the date."""
    return found.__class__ is Moving or (
        found.__class__ is tuple and any(part.__class__ is Moving for part in found)
    )


def _unusable(value: Any) -> bool:
    return missing(value) or value.__class__ is Bounds


def _days_of_comparison(left: Any, right: Any) -> int:
    """For how many days a comparison holds of which one side moves."""
    if missing(left) or missing(right):
        return ALWAYS
    uncertain = left.__class__ is Bounds or right.__class__ is Bounds
    return 1 if uncertain else days_apart(moving(left), moving(right))


def _negated(value: Moving) -> Moving:
    return Moving(-value.now, -value.high, -value.low, value.size)


def _counted(now: Any, first: Moving, last: Moving) -> Moving | None:
    """A count of working days: as many more as days pass at most, if its ends move forward by a day at most."""
    if not all(end.low >= 0 and end.high <= 1 for end in (first, last)):
        return None
    return Moving(now, -float(first.speed > 0), float(last.speed > 0), max(first.size, last.size))


def _result(node: s.Arithmetic, now: Any, left: Any, right: Any) -> Moving | None:
    """The result of arithmetic, which is `now`; None if its speed has no known bound."""
    if node.type.kind == "date" and node.right.type.unit in ("month", "working day") and right != 0:
        return None  # a step of zero leaves the date as it is
    if isinstance(node, s.Add):
        return total(now, (left, right))
    if isinstance(node, s.Subtract):
        return difference(now, left, right)
    if isinstance(node, s.Multiply):
        number, factor = (left, right) if left.__class__ is Moving else (right, left)
        return None if factor.__class__ is Moving else product(now, number, factor)
    if isinstance(node, s.Divide):
        return None if right.__class__ is Moving else product(now, left, 1 / right)
    assert_never(node)


_VISITORS: Mapping[type[s.Expr], Callable[..., Any]] = {
    kind: getattr(Lasting, visit.__name__) for kind, visit in VISITORS.items()
}

"""Evaluates expressions again and again while few facts change: all else is computed once.

What is left to compute is a list of steps, each after those whose results it needs. So another value of a fact costs
only what depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.equivalent import alternatives, both_ends
from coopgov.language.extents import ANY, EXTENTS, extent_of, extent_of_items
from coopgov.language.operations import OPERATIONS, certain_number
from coopgov.language.values import NOT_SET, aggregate, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgov.language.extents import Extent
    from coopgov.language.interpreter import Interpreter, Records
    from coopgov.language.values import Calendar

__all__ = ["AS_OF", "Fact", "Residual"]

Fact = tuple[Any, str, str]
"""A fact by its record, the type of subject and its name."""

Step = tuple[int, "Callable[..., Any]", "s.Expr | None", tuple[int, ...], "Callable[[Any], Any]"]
"""The place of a result, the operation with its node, the places of its operands, and what takes them from all."""
AS_OF: Fact = (None, "", "as_of")
"""The date of the assessment, which has no record."""


class Residual:
    """What some expressions still depend on if the values of some facts are open."""

    def __init__(self, facts: Sequence[Fact], interpreter: Interpreter) -> None:
        self._interpreter, self._shared, self.facts = interpreter, interpreter.shared, facts
        self._open = {(id(record), about, name): place for place, (record, about, name) in enumerate(facts)}
        self._records = {id(record) for record, _, _ in facts}
        self._day = AS_OF in facts
        self._names = tuple(fact[1:] for fact in facts)
        self._can_read = self._shared.readers.setdefault(self._names, {})
        self._values: list[Any] = [None] * len(facts)
        self._live = [True] * len(facts)
        self._steps: dict[int, Step] = {}
        self._places: dict[tuple[int, ...], int] = {}

    def place(self, node: s.Expr, records: Records) -> int:
        """Where the value of an expression will be."""
        key = (id(node), *map(id, records))
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self._placed(node, records, key)
        return place

    def live(self, place: int) -> bool:
        """Whether a value depends on the facts."""
        return self._live[place]

    def steps(self, places: Iterable[int]) -> list[Step]:
        """What must be computed for the values of some places, in order."""
        needed: dict[int, Step] = {}
        todo = list(places)
        while todo:
            place = todo.pop()
            if place in self._steps and place not in needed:
                needed[place] = self._steps[place]
                todo += needed[place][3]
        return [needed[place] for place in sorted(needed)]

    def evaluate(self, values: Sequence[Any], steps: Iterable[Step]) -> list[Any]:
        """The values of places after these steps, where the facts have these values."""
        found, calendar = self._values, self._interpreter.setting.calendar
        found[: len(values)] = values
        for place, operation, node, _, operands in steps:
            found[place] = operation(node, operands(found), calendar)
        return found

    def extents(self, facts: Sequence[Extent], steps: Iterable[Step]) -> Callable[[int], Extent]:
        """Between what the values of places can be, where those of the facts can be between these.

        The first fact has a value; others may be missing.
        """
        found = dict(enumerate(facts))

        def extent(place: int) -> Extent:
            known = found.get(place)
            if known is None:
                known = found[place] = extent_of(self._values[place])
            return known

        for place, operation, node, parts, _ in steps:
            operands = [extent(part) for part in parts]
            if operation.__class__ is _Items:
                found[place] = operation.extent(operands)
            elif node is None:
                found[place] = ANY
            elif isinstance(node, s.Known) and parts == (0,):
                found[place] = 1, 1
            else:
                found[place] = EXTENTS[type(node)](node, operands)
        return extent

    def _fixed(self, value: Any) -> int:
        self._values.append(value)
        self._live.append(False)
        return len(self._values) - 1

    def _step(self, operation: Callable[..., Any], node: s.Expr | None, parts: tuple[int, ...]) -> int:
        place = len(self._values)
        self._values.append(None)
        self._live.append(True)
        operands = itemgetter(*parts) if len(parts) > 1 else itemgetter(slice(parts[0], parts[0] + 1))
        self._steps[place] = place, operation, node, parts, operands
        return place

    def _reads(self, node: s.Expr, records: Records) -> bool:
        """Whether an expression can read one of the facts: a quick test, which may say so although it cannot."""
        known = self._can_read.get(id(node))
        if known is None:
            reads = self._interpreter.reads(node)
            named = not reads.facts.isdisjoint(self._names)
            can = named or (self._day and any(map(self._seen_later, reads.facts)))
            known = self._can_read[id(node)] = can, can and reads.of_one_record and not self._day
        can, of_one_record = known
        return can and (not of_one_record or id(records[-1]) in self._records)

    def _seen_later(self, fact: tuple[str, str]) -> bool:
        """Whether a fact is seen from a day on."""
        return bool(fact[0] and self._interpreter.definitions.seen_on(*fact))

    def _placed(self, node: s.Expr, records: Records, key: tuple[int, ...]) -> int:
        if not self._reads(node, records):
            return self._fixed(self._interpreter.remembered(node, records, key))
        if isinstance(node, s.Name):
            return self._name(node, records, key)
        if isinstance(node, s.Aggregate):
            return self._aggregate(node, records, key)
        if isinstance(node, s.Between) or (isinstance(node, s.In) and isinstance(node.right, s.Choices)):
            return self.place(self._rewritten(node), records)
        return self._operation(node, records)

    def _rewritten(self, node: s.Between | s.In) -> s.Expr:
        """`between`, or `in` a list, in other words; the same nodes each time, as they are known by identity."""
        rewritten = self._shared.rewritten
        if id(node) not in rewritten:
            if isinstance(node, s.Between):
                rewritten[id(node)] = node, both_ends(node)
            else:
                assert isinstance(node.right, s.Choices)
                rewritten[id(node)] = node, alternatives(node.left, node.right)
        return rewritten[id(node)][1]

    def _operation(self, node: s.Expr, records: Records) -> int:
        if isinstance(node, s.Else):
            first = self.place(node.left, records)
            left = certain_number(self._values[first])
            if not self._live[first] and not missing(left):
                return self._fixed(left)
        if isinstance(node, (s.And, s.Or)):
            return self._joined(node, records)
        parts = tuple(self.place(part, records) for part in s.children(node))
        if any(self._live[part] for part in parts):
            return self._step(OPERATIONS[type(node)], node, parts)
        return self._fixed(self._computed(node, parts))

    def _joined(self, node: s.Logic, records: Records) -> int:
        """`and` or `or`: what never changes may decide it, so that comes first, and then nothing else matters."""
        decisive = isinstance(node, s.Or)
        parts = []
        for part in sorted(node.operands, key=lambda part: self._reads(part, records)):
            place = self.place(part, records)
            if not self._live[place] and self._values[place] is decisive:
                return place
            parts.append(place)
        live = tuple(place for place in parts if self._live[place] or missing(self._values[place]))
        if any(self._live[place] for place in live):
            return self._step(OPERATIONS[type(node)], node, live)
        return self._fixed(self._computed(node, parts))

    def _computed(self, node: s.Expr, parts: Sequence[int]) -> Any:
        values = [self._values[part] for part in parts]
        return OPERATIONS[type(node)](node, values, self._interpreter.setting.calendar)

    def _name(self, node: s.Name, records: Records, key: tuple[int, ...]) -> int:
        if not node.about:
            return self._open[id(None), "", "as_of"]
        record: Any = records[-1 - node.level]
        for parent in node.parents:
            record = None if record is None else record.get(parent)
        place = self._open.get((id(record), node.about, node.name))
        if place is not None:
            return place
        definitions = self._interpreter.definitions
        definition = None if record is None else definitions.definition(node.about, node.name)
        if definition is not None:
            return self.place(definition, (record,))
        if (
            self._day
            and record is not None
            and record.get(definitions.seen_on(node.about, node.name)) is not None
        ):
            return self._interpreted(node, records)
        return self._fixed(self._interpreter.remembered(node, records, key))

    def _aggregate(self, node: s.Aggregate, records: Records, key: tuple[int, ...]) -> int:
        collection = self.place(node.collection, records)
        if self._live[collection]:
            return self._interpreted(node, records)
        items = self._values[collection]
        if missing(items):
            return self._fixed(items)
        known = self._shared.items
        if key not in known:
            known[key] = self._interpreter.items(node, items, records)
        moving = {number: both for number, *both in self._moving(node, items, records)}
        if not moving:
            return self._fixed(aggregate(node.function, known[key]))
        kept: list[tuple[Any, Any]] = []
        places = []
        for number, item in enumerate(known[key]):
            if number in moving:
                places.append(len(kept))
            elif item[0] is False or item[0] is NOT_SET:  # it never counts
                continue
            kept.append(item)
        parts = tuple(part for both in moving.values() for part in both)
        return self._step(_Items(node.function, kept, places), None, parts)

    def _moving(
        self, node: s.Aggregate, items: Sequence[Any], records: Records
    ) -> Iterator[tuple[int, int, int]]:
        """The items that depend on the facts: their places in the collection, and those of what is found of them."""
        alone = not self._day and self._interpreter.of_item_alone(node)
        for number, item in enumerate(items):
            if not alone or id(item) in self._records:
                where, value = self._item(node, (*records, item))
                counts = self._live[where] or self._values[where] not in (False, NOT_SET)
                if counts and (self._live[where] or self._live[value]):
                    yield number, where, value

    def _item(self, node: s.Aggregate, records: Records) -> tuple[int, int]:
        """Where it is whether an item meets the condition of an aggregate, and its value."""
        where = self._fixed(value=True) if node.where is None else self.place(node.where, records)
        if node.value is None and node.function in ("share", "any", "all"):
            return self._fixed(value=True), where
        return where, self._fixed(value=True) if node.value is None else self.place(node.value, records)

    def _interpreted(self, node: s.Expr, records: Records) -> int:
        """A step that has no other way: where the day decides what is seen, or a fact which items there are."""

        def value(_node: None, values: Sequence[Any], _calendar: Calendar) -> Any:
            if self._day:
                interpreter = self._interpreter.supposing(as_of=date.fromordinal(values[0]))
            else:
                changed = zip(self.facts, values, strict=True)
                interpreter = self._interpreter.supposing(*((*fact, value) for fact, value in changed))
            return interpreter.value(node, *records)

        return self._step(value, node, tuple(range(len(self.facts))))


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """An aggregate of which few items move: `places`, among what is known of those that count."""

    function: str
    known: list[tuple[Any, Any]]
    places: list[int]

    def __call__(self, _node: None, values: Sequence[Any], _calendar: Calendar) -> Any:
        items = list(self.known)
        for number, place in enumerate(self.places):
            items[place] = values[2 * number], certain_number(values[2 * number + 1])
        return aggregate(self.function, items)

    def extent(self, parts: Sequence[Extent]) -> Extent:
        """Between what its value can be, where those of the moving items can be between these."""
        fixed = [item for number, item in enumerate(self.known) if number not in self.places]
        return extent_of_items(self.function, fixed, list(zip(parts[::2], parts[1::2], strict=True)))

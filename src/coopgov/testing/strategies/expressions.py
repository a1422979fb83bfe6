"""Strategy for typed expressions over any catalogue: what an author could write about a type of subject."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.language import syntax as s
from coopgov.language.units import unit_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.types import Type

__all__ = ["FIGURES", "Author", "dates", "figures", "kind_of"]

FIGURES = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "10",
    "100",
    "0.1",
    "0.15",
    "0.3",
    "0.345",
    "0.7",
    "2.5",
    "580.51",
    "829.30",
    "1000000",
)
"""Figures without an exact binary fraction, round figures, and typical thresholds."""
_USUAL = ("number", "money", "day", "working day", "month")
_DAY = date(2026, 1, 31)
_UNITS = ("%", "points", "days", "件", "")
_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "number": ("", "", "%"),
    "money": ("CNY", "EUR", "money"),
    "day": ("days", "weeks"),
    "working day": ("working days",),
    "month": ("months",),
    "hour": ("hours",),
    "point": ("points",),
}
dates = st.integers(-40, 400).map(lambda days: _DAY + timedelta(days)) | st.sampled_from(
    [_DAY, date(2026, 2, 28)]
)
figures = st.sampled_from(FIGURES).map(Decimal) | st.decimals(0, 1000, places=2)


def kind_of(of: Type) -> str:
    """The kind of a type: expressions of one kind combine with each other. A quantity's kind is what it measures."""
    return unit_named(of.unit).dimension or "number" if of.kind == "quantity" else of.kind


@lru_cache(maxsize=64)
def _facts(catalogue: Catalogue, about: str) -> Mapping[str, tuple[str, ...]]:
    """The names of the facts about a type of subject, by kind."""
    found: dict[str, list[str]] = {}
    for fact in catalogue.about(about):
        kind = catalogue.type_of(about, fact.name)
        if kind is not None and fact.name != "unit":
            found.setdefault(kind_of(kind), []).append(fact.name)
    return {kind: tuple(names) for kind, names in found.items()}


def _collections(catalogue: Catalogue, about: str) -> Iterator[tuple[str, str]]:
    """The collections of a type of subject and the types in them; without warnings, which need higher layers."""
    for name in _facts(catalogue, about).get("collection", ()):
        kind = catalogue.type_of(about, name)
        if kind is not None and kind.item != "warning":
            yield name, kind.item


@lru_cache(maxsize=64)
def _declared(catalogue: Catalogue, kind: str) -> tuple[str, ...]:
    """The units in which facts of a kind are declared."""
    units = {
        fact.type.unit
        for fact in catalogue.facts.values()
        if fact.type is not None and kind_of(fact.type) == kind
    }
    return tuple(sorted(units))


@dataclass
class Author:
    """An author, who draws expressions about the subjects in scope, the nearest last.

    `more` are derived facts of the outermost subject beside those of the catalogue, with their kinds; `units` are the
    units of quantities of further kinds, `texts` are compared with texts that have no list of choices.
    """

    draw: DrawFn
    catalogue: Catalogue
    scope: tuple[str, ...]
    more: list[tuple[str, str]] = field(default_factory=list)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ("open", "done", "late")

    @property
    def here(self) -> str:
        """The type of the current subject."""
        return self.scope[-1]

    @property
    def numeric(self) -> tuple[str, ...]:
        """The kinds of number that an expression about it can have: all kinds of literals, and those of its facts."""
        own = [
            kind
            for kind in _facts(self.catalogue, self.here)
            if kind not in (*_WRITTEN, "date", "text", "texts", "truth", "collection")
        ]
        return (*_USUAL, *own)

    def pick(self, items: Sequence[Any]) -> Any:
        """One of some items."""
        return self.draw(st.sampled_from(items))

    def value(self, kind: str, depth: int) -> s.Expr:
        """An expression of a kind."""
        if depth <= 0 or self.pick((True, False, False)):
            return self.leaf(kind)
        makers = [self._else]
        if kind in (*self.numeric, "date"):
            makers.append(self._known_if)
        if kind in self.numeric:
            makers += [self._sum, self._scaled, self._sign, self._extreme, self._aggregate]
        makers += {
            "number": [self._ratio, self._count],
            "date": [self._step, self._extreme, self._aggregate],
        }.get(kind, [])
        makers += {"day": [self._between_dates], "working day": [self._between_dates]}.get(kind, [])
        made: s.Expr = self.condition(depth) if kind == "truth" else self.pick(makers)(kind, depth - 1)
        return made

    def leaf(self, kind: str, *, named: bool = False) -> s.Expr:
        """A fact or a literal of a kind."""
        found = list(self._named(kind))
        if not found or (not named and self.pick((True, False, False))):
            return self.literal(kind)
        return s.Name(*self.pick(found))

    def _named(self, kind: str) -> list[tuple[str, str]]:
        """Names of the facts of a kind in reach: of the current subject, of outer subjects and of parents."""
        here = self.here
        found = [(name, owner) for owner in ("", here) for name in self._facts(kind, here)]
        if len(self.scope) == 1:
            found += [(name, "") for of, name in self.more if of == kind]
        outer = {above for about in self.scope for above in (about, *self.catalogue.parents(about))} - {here}
        found += [(name, about) for about in sorted(outer) for name in self._facts(kind, about)]
        return [*found, ("as_of", "")] if kind == "date" else found

    def _facts(self, kind: str, about: str) -> tuple[str, ...]:
        return _facts(self.catalogue, about).get(kind, ())

    def literal(self, kind: str) -> s.Expr:
        """A literal of a kind; for a kind without literals, a name."""
        if kind == "date":
            return s.Literal(self.draw(dates))
        if kind == "text":
            return s.Literal(self.pick(self.texts))
        if kind == "truth":
            return s.Literal(self.pick((True, False)))
        if kind == "own":
            return s.Name(self.pick(self._facts(kind, self.here)))
        return s.Literal(self.draw(figures), self.pick(self._units(kind)))

    def _units(self, kind: str) -> tuple[str, ...]:
        return self.units.get(kind) or _WRITTEN.get(kind) or _declared(self.catalogue, kind)

    def own_literal(self) -> s.Literal:
        """A literal to combine with a value in the KPI's own unit."""
        return s.Literal(self.draw(figures), self.pick(_UNITS))

    def own_or_literal(self, kind: str, depth: int) -> s.Expr:
        """A value to combine with another one; beside a value in its own unit, a literal is possible."""
        if kind == "own" and self.pick((True, False)):
            return self.own_literal()
        return self.value(kind, depth)

    def _sum(self, kind: str, depth: int) -> s.Expr:
        made: s.Expr = self.pick((s.Add, s.Subtract))(
            self.value(kind, depth), self.own_or_literal(kind, depth)
        )
        return made

    def _scaled(self, kind: str, depth: int) -> s.Expr:
        value, number = self.value(kind, depth), self.value("number", depth)
        return self.pick((s.Multiply(value, number), s.Multiply(number, value), s.Divide(value, number)))  # type: ignore[no-any-return]

    def _sign(self, kind: str, depth: int) -> s.Expr:
        value = self.value(kind, depth)
        return self.pick((s.Negative(value), s.Call("abs", (value,))))  # type: ignore[no-any-return]

    def _extreme(self, kind: str, depth: int) -> s.Expr:
        parts = [self.value(kind, depth), self.own_or_literal(kind, depth)]
        if self.pick((True, False)):
            parts.insert(self.pick((0, 1, 2)), self.own_or_literal(kind, depth))
        return s.Call(self.pick(("min", "max")), tuple(parts))

    def _else(self, kind: str, depth: int) -> s.Expr:
        return s.Else(
            self.leaf(kind, named=True) if depth < 1 else self.value(kind, depth),
            self.own_or_literal(kind, depth),
        )

    def _known_if(self, kind: str, depth: int) -> s.Expr:
        return s.Call("known_if", (self.value(kind, depth), self.condition(depth)))

    def _ratio(self, kind: str, depth: int) -> s.Expr:  # noqa: ARG002  # one shape for all makers
        of = self.pick(self.numeric)
        return s.Divide(self.value(of, depth), self.own_or_literal(of, depth))

    def _step(self, kind: str, depth: int) -> s.Expr:
        steps = self.value(self.pick(("day", "working day", "month")), min(depth, 1))
        made: s.Expr = self.pick((s.Add, s.Subtract))(self.value(kind, depth), steps)
        return made

    def _between_dates(self, kind: str, depth: int) -> s.Expr:
        a, b = self.value("date", depth), self.value("date", depth)
        return s.Subtract(a, b) if kind == "day" else s.Call("working_days", (a, b))

    def _inside(self) -> tuple[s.Name, Author] | None:
        """A collection in reach, and an author for its items."""
        found = [(s.Name(name), item) for name, item in _collections(self.catalogue, self.here)]
        for parent in self.catalogue.parents(self.here):
            found += [(s.Name(name, parent), item) for name, item in _collections(self.catalogue, parent)]
        if not found or len(self.scope) > 2:
            return None
        name, item = self.pick(found)
        return name, replace(self, scope=(*self.scope, item))

    def _aggregate(self, kind: str, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None or kind == "own" or kind not in (*inside[1].numeric, "date"):
            return self.leaf(kind)
        collection, author = inside
        function = self.pick(("min", "max") if kind == "date" else ("sum", "mean", "min", "max"))
        where = author.condition(min(depth, 1)) if self.pick((True, False)) else None
        return s.Aggregate(function, collection, author.value(kind, depth), where)

    def _count(self, kind: str, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None:
            return self.leaf(kind)
        collection, author = inside
        where = author.condition(min(depth, 1))
        if self.pick((True, False)):
            return s.Aggregate("count", collection, None, where)
        return s.Aggregate("share", collection, *self.pick(((None, where), (where, author.condition(0)))))

    def condition(self, depth: int) -> s.Expr:
        """An expression that holds or not."""
        if depth <= 0 and self.pick((True, False)):
            return self.leaf("truth")
        makers: list[Callable[[int], s.Expr]] = [
            self.compared,
            self.compared,
            self._known,
            self._texts,
            self._among,
        ]
        if depth > 0:
            makers += [self._logic, self._logic, self._truths, self._any]
        return self.pick(makers)(depth - 1)  # type: ignore[no-any-return]

    def compared(self, depth: int, measure: s.Expr | None = None, kind: str = "") -> s.Expr:
        """A comparison of numbers or dates; with a ladder, of its measure."""
        kind = kind or self.pick((*self.numeric, "date"))
        left = self.value(kind, depth) if measure is None else measure
        comparison = self.pick((s.Above, s.Below, s.AtLeast, s.AtMost, s.Equal, s.NotEqual, s.Between))
        right = self.own_or_literal(kind, depth - 1)
        if comparison is s.Between:
            return s.Between(left, right, self.own_or_literal(kind, depth - 1))
        if measure is None and self.pick((True, False, False, False)):
            left, right = self.own_or_literal(kind, 0), left
        made: s.Expr = comparison(left, right)
        return made

    def _known(self, depth: int) -> s.Expr:
        return s.Known(self.value(self.pick((*self.numeric, "date", "text", "truth")), depth))

    def _texts(self, depth: int) -> s.Expr:
        left = self.value("text", depth)
        several = self._facts("texts", self.here)
        if several and self.pick((True, False)):
            return s.In(left, s.Name(self.pick(several)))
        choices = self._choices(left)
        right = s.Literal(self.pick(choices)) if choices else self.value("text", depth)
        made: s.Expr = self.pick((s.Equal, s.NotEqual))(left, right)
        return made

    def _choices(self, node: s.Expr) -> tuple[str, ...]:
        """The texts that a fact can have."""
        if not isinstance(node, s.Name):
            return ()
        kind = self.catalogue.type_of(node.owner or self.here, node.name)
        return kind.choices if kind is not None else ()

    def _among(self, depth: int) -> s.Expr:
        own = ("own",) if "own" in self.numeric else ()
        kind = self.pick(("text", "text", "number", "day", "date", "money", *own))
        left = self.value(kind, depth)
        items = [self.literal(kind) for _ in range(self.pick((1, 2, 3)))]
        if kind == "own":
            items = [s.Literal(self.draw(figures), self.pick(_UNITS))]
        if kind == "text" and self._choices(left):
            items = [s.Literal(self.pick(self._choices(left)))]
        return s.In(left, s.Choices(tuple(item for item in items if isinstance(item, s.Literal))))

    def _logic(self, depth: int) -> s.Expr:
        if self.pick((True, False, False)):
            return s.Not(self.condition(depth))
        parts = tuple(self.condition(depth) for _ in range(self.pick((2, 2, 3))))
        made: s.Expr = self.pick((s.And, s.Or))(parts)
        return made

    def _truths(self, depth: int) -> s.Expr:
        made: s.Expr = self.pick((s.Equal, s.NotEqual, s.Else))(self.condition(depth), self.condition(depth))
        return made

    def _any(self, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None:
            return self.leaf("truth")
        collection, author = inside
        where = author.condition(min(depth, 1)) if self.pick((True, False)) else None
        return s.Aggregate(self.pick(("any", "all")), collection, author.condition(depth), where)

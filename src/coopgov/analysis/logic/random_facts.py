"""Sample facts at random, for conditions whose facts depend on each other in ways that inversion cannot solve.

The random values are seeded, so they are the same in each run. As always, the engine confirms what they show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.formulas import Texts, literals
from coopgov.analysis.logic.intervals import Numbers
from coopgov.analysis.logic.linear_terms import Terms, constant_of
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.analysis.logic.formulas import Formula, Values
    from coopgov.analysis.logic.linear_terms import Reach

__all__ = ["samples"]

_TRIALS = 200
_DAYS = tuple(Fraction(date(2026, month, 15).toordinal()) for month in range(1, 13))
_NUMBERS = tuple(map(Fraction, (0, 1, 2, 5, 10, 50, 100, 120, 150, 200)))
_TENTHS = tuple(Fraction(number, 10) for number in range(1, 10))
Key = tuple[tuple[str, ...], str]


def samples(formula: Formula, terms: Terms) -> Iterator[dict[Key, Any]]:
    """Sample values for the facts that a formula reads."""
    nodes = [node for literal in literals(formula) for node in _nodes(literal.variable)]
    texts = {
        str(text)
        for literal in literals(formula)
        if isinstance(literal.values, Texts)
        for text in literal.values.named
        if isinstance(text, str)
    }
    limits = {value for node in nodes for part in s.walk(node) if (value := constant_of(part)) is not None}
    limits |= {end for literal in literals(formula) for end in _ends(literal.values)}
    options = _Options(sorted(texts), sorted(limits))
    for trial in range(_TRIALS):
        random = Random(trial)  # noqa: S311  # sample values, not secrets
        yield _Chooser(random, options, near=trial % 2 == 1).record(nodes, terms)


def _nodes(variable: Any) -> Iterator[s.Expr]:
    if variable.total is not None:
        yield from (node for node, _ in variable.total.parts)
    elif variable.node is not None:
        yield variable.node


def _ends(values: Values) -> Iterator[Fraction]:
    """The ends of a set of numbers."""
    for span in values.spans if isinstance(values, Numbers) else ():
        yield from (end for end in (span.low, span.high) if end is not None)


class _Options:
    """The texts to choose from and, for each fact, fitting numbers; some make shares just above or below limits."""

    def __init__(self, texts: list[str], limits: list[Fraction]) -> None:
        near = [limit for limit in limits if abs(limit) < 100_000]
        small = [limit for limit in near if 0 < limit < 5]
        self.texts = texts
        self._shares = [100 * share + 1 for limit in small for share in (limit, 1 + limit, 1 - limit)]
        self._numbers = [*_NUMBERS, *near, *(limit + 1 for limit in near), *_TENTHS]
        self._fitting: dict[tuple[str, str, bool], list[Fraction]] = {}

    def fitting(self, node: s.Name, terms: Terms, *, near: bool) -> list[Fraction]:
        """The numbers that a fact can have; `near` are those that make shares, if it need not be whole."""
        key = (node.about, node.name, near)
        if key not in self._fitting:
            self._fitting[key] = self._fit(terms.reach(node), near=near)
        return self._fitting[key]

    def _fit(self, reach: Reach, *, near: bool) -> list[Fraction]:
        shares = [value for value in (Fraction(100), *self._shares) if value in reach.span] if near else []
        if shares and not reach.whole:
            return shares
        return [value for value in self._numbers if reach.holds(value)] or [reach.span.low or Fraction(0)]


class _Chooser:
    """Chooses values at random; `near` are those that make shares just above or below limits."""

    def __init__(self, random: Random, options: _Options, *, near: bool) -> None:
        self.random = random
        self.options = options
        self.near = near

    def record(self, nodes: Iterable[s.Expr], terms: Terms) -> dict[Key, Any]:
        """Values for all facts that expressions read; those inside collections become items."""
        found: dict[Key, Any] = {}
        inside: dict[Key, list[s.Aggregate]] = {}
        for node in nodes:
            for part in _outside(node, terms):
                if isinstance(part, s.Aggregate):
                    if not part.collection.level:
                        inside.setdefault((part.collection.parents, part.collection.name), []).append(part)
                elif isinstance(part, s.Name) and part.type.kind != "collection":
                    key = (part.parents, part.name)
                    if key not in found and self.random.random() < 0.9:
                        found[key] = self._value(part, terms)
        for key, aggregates in inside.items():
            items = Terms(terms.catalogue, aggregates[0].collection.type.item)
            within = [
                items.written_out(part)
                for each in aggregates
                for part in (each.where, each.value)
                if part is not None
            ]
            days = {name: value for name, value in found.items() if name[1] == "as_of"}
            found[key] = tuple(
                {
                    name: value
                    for name, value in self.record(within, items).items()
                    if name not in days and name[1] != "as_of"
                }
                for _ in range(self.random.randrange(4))
            )
        return found

    def _value(self, node: s.Name, terms: Terms) -> Any:
        kind = node.type
        if kind.kind == "date":
            return self.random.choice(_DAYS)
        if kind.kind == "truth":
            return self.random.random() < 0.5
        if kind.kind == "text":
            return self.random.choice(kind.choices or (*self.options.texts, "something else"))
        if kind.kind == "texts":
            return tuple(text for text in self.options.texts if self.random.random() < 0.5)
        return self.random.choice(self.options.fitting(node, terms, near=self.near))


def _outside(node: s.Expr, terms: Terms, depth: int = 0) -> Iterator[s.Expr]:
    """A node and all below it; inside functions of collections, only the facts of the outer subject."""
    if isinstance(node, s.Name) and depth:
        if node.level == depth and node.type.kind != "collection":
            yield from _outside(terms.written_out(replace(node, level=0)), terms)
        return
    if not depth and not (isinstance(node, s.Name) and node.level):
        yield node
    if isinstance(node, s.Aggregate):
        for part in node.of_items:
            yield from _outside(part, terms, depth + 1)
        return
    for child in s.children(node):
        yield from _outside(child, terms, depth)

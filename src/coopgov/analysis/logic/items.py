"""Make up collections for which a function has a given value, from items that meet its condition or do not."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.assignment import AS_OF, key_of, looks_out
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.search import Search

__all__ = ["collection"]

_MOST_ITEMS = 40
Items = tuple["Given", tuple["Given", ...]]
"""A date, if one is needed, and items."""


def collection(search: Search, node: s.Aggregate, target: Any, given: Given) -> Iterator[Given]:
    """Facts with a collection for which a function has a given value; none for collections of other subjects."""
    key = key_of(node.collection)
    if key in given or key[0] or looks_out(node):
        return
    day: Given = {AS_OF: given[AS_OF]} if AS_OF in given else {}
    inside = search.inside(node.collection.type.item)
    for found, items in _items(inside, node, target, day):
        yield {**given, **found, key: items}


def _items(inside: Search, node: s.Aggregate, target: Any, day: Given) -> Iterator[Items]:
    kind = node.function
    if kind == "count":
        if target.denominator == 1 and 0 <= target <= _MOST_ITEMS:
            yield from _repeated(inside, node.where, int(target), day)
    elif kind == "share":
        yield from _parted(inside, node, target, day)
    elif kind in ("any", "all"):
        if target is (kind == "all"):
            yield day, ()
        else:
            yield from _repeated(inside, _asked(node, wanted=kind == "any"), 1, day)
    else:
        yield from _valued(inside, node, target, day)


def _repeated(inside: Search, condition: s.Expr | None, times: int, day: Given) -> Iterator[Items]:
    """A wanted number of items that meet a condition."""
    if times == 0 or condition is None:
        yield day, ({},) * times
        return
    for found in islice(inside.holding(condition, day), 1):
        yield _without_day(found, times)


def _parted(inside: Search, node: s.Aggregate, target: Fraction, day: Given) -> Iterator[Items]:
    """Items of which a given share meets the condition, and the rest does not."""
    yes, no = target.numerator, target.denominator - target.numerator
    if not 0 <= yes <= target.denominator <= _MOST_ITEMS:
        return
    for found, items in _repeated(inside, _asked(node, wanted=True), yes, day):
        for again, others in _repeated(inside, _asked(node, wanted=False), no, found):
            yield again, (*items, *others)


def _valued(inside: Search, node: s.Aggregate, target: Fraction, day: Given) -> Iterator[Items]:
    """One item with a given value; none for a sum of 0."""
    assert node.value is not None
    if node.function == "sum" and target == 0:
        yield day, ()
    value = inside.terms.written_out(node.value)
    starts = iter([day]) if node.where is None else islice(inside.holding(node.where, day), 2)
    for start in starts:
        for found in islice(inside.reach(value, target, start), 2):
            yield _without_day(found, 1)


def _asked(node: s.Aggregate, *, wanted: bool) -> s.Expr:
    """The condition under which share, any and all count an item as met, or as not met."""
    asked = node.value if node.value is not None else node.where
    assert asked is not None
    where = () if node.value is None or node.where is None else (node.where,)
    return s.And((*where, asked if wanted else s.Not(asked, type=TRUTH)), type=TRUTH)


def _without_day(found: Given, times: int) -> Items:
    """Items, and the one date that all of them need."""
    day = {key: value for key, value in found.items() if key == AS_OF}
    item = {key: value for key, value in found.items() if key != AS_OF}
    return day, (item,) * times

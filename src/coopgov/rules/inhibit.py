"""Checks which warnings hide which others: the rules exist, and none hides itself, directly or through others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase, verbatim
from coopgov.rules.rule import Inhibition
from coopgov.schema import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.rules.merge import Merged
    from coopgov.rules.rule import Rule

__all__ = ["inhibitions"]


def inhibitions(merged: Merged, rules: Iterable[Rule]) -> tuple[Inhibition, ...]:
    """Return the entries between rules that are switched on; faults are added to those of the merged files."""
    _unknown(merged)
    _circle(merged)
    on = {rule.id for rule in rules}
    found = (
        Inhibition(
            by, tuple(name for name in dict.fromkeys(field.value.hides) if name in on), field.value.about
        )
        for by, field in merged.inhibit.items()
        if by in on
    )
    return tuple(each for each in found if each.hides)


def _unknown(merged: Merged) -> None:
    hints = merged.hints()
    expected = phrase("rules.unknown-rule.expected")
    for by, field in merged.inhibit.items():
        places = {"by": by} | {("hides", number): name for number, name in enumerate(field.value.hides)}
        for place, name in places.items():
            if name not in merged.rules:
                path = (*field.path, *((place,) if isinstance(place, str) else place))
                fault = field.source.fault(path, "unknown-rule", quoted(name), expected, hints.near(name))
                merged.faults.append(fault)


def _circle(merged: Merged) -> None:
    """Report one circle, at the entry that closes it in the last file: the entry to change."""
    circle = next(_circles({by: field.value.hides for by, field in merged.inhibit.items()}), None)
    if circle is None:
        return
    last = max(circle[:-1], key=list(merged.inhibit).index)
    start = circle.index(last)
    path = [*circle[start:-1], *circle[:start], last]
    field = merged.inhibit[last]
    found, expected = verbatim(" → ".join(path)), phrase("rules.inhibit-circle.expected")
    place = (*field.path, "hides", field.value.hides.index(path[1]))
    merged.faults.append(field.source.fault(place, "inhibit-circle", found, expected))


def _circles(hides: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield circles as paths that end where they begin; without recursion, since a chain can have any length."""
    done: set[str] = set()
    for first in hides:
        path, waiting = [first], [iter(hides[first])]
        while path and first not in done:
            name = next(waiting[-1], None)
            if name is None:
                done.add(path.pop())
                waiting.pop()
            elif name in path:
                yield [*path[path.index(name) :], name]
            elif name in hides and name not in done:
                path.append(name)
                waiting.append(iter(hides[name]))

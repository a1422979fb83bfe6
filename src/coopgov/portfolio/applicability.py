"""Find out why a rule does not apply to a subject: `where` is false, or a fact that it reads is not set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import total
from coopgov.backends.ir import conditions
from coopgov.language import syntax as s
from coopgov.optional import pa, pc
from coopgov.portfolio.rows import AT, NOT_APPLICABLE, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.backends.ir import Check
    from coopgov.facts.catalogue import Catalogue

__all__ = ["facts_read", "name_of", "not_set"]


def facts_read(check: Check, catalogue: Catalogue) -> tuple[s.Name, ...]:
    """The base facts of a subject and its parents without which a check may have no value, each with its path."""
    found: dict[str, s.Name] = {}
    for condition in conditions(check):
        for each in _read(condition, catalogue, ()):
            found.setdefault(name_of(each), each)
    return tuple(found.values())


def _read(node: s.Expr, catalogue: Catalogue, path: tuple[str, ...]) -> Iterator[s.Name]:
    if isinstance(node, (s.Known, s.Aggregate)) or (isinstance(node, s.Else) and total(node, catalogue)):
        return
    if not isinstance(node, s.Name):
        for child in s.children(node):
            yield from _read(child, catalogue, path)
    elif node.about:
        whole = (*path, *node.parents)
        definition = catalogue.definition(node.about, node.name)
        if definition is None:
            yield replace(node, parents=whole)
        else:
            yield from _read(definition, catalogue, whole)


def name_of(node: s.Name) -> str:
    """The name of a fact in a mapping file."""
    return ".".join((*node.parents, node.name))


def not_set(
    table: Any, facts: Iterable[s.Name], catalogue: Catalogue, settled: Any = None
) -> Mapping[str, int]:
    """In how many rows of a table of facts each fact is not set, except in rows that are settled."""
    open_ = (
        None if settled is None else pc.invert(pc.is_in(table[AT], value_set=pa.array(settled, pa.int64())))
    )
    counts: dict[str, int] = {}
    for node in facts:
        unset = _unset(table, name_of(node), optional=catalogue.optional(node.about, node.name))
        if unset is not None:
            counts[name_of(node)] = pc.sum(unset if open_ is None else pc.and_(unset, open_)).as_py() or 0
    return {name: number for name, number in counts.items() if number}


def _unset(table: Any, name: str, *, optional: bool) -> Any:
    """The rows in which a fact is not set; None if it is set or unknown in every row."""
    there = set(table.column_names)
    found = table[name + NOT_APPLICABLE] if name + NOT_APPLICABLE in there else None
    if not optional:
        return found
    if name not in there:
        return pa.repeat(pa.scalar(value=True), table.num_rows)
    nothing = pc.is_null(table[name])
    if name + UNREADABLE in there:
        nothing = pc.and_not(nothing, table[name + UNREADABLE])
    return nothing if found is None else pc.or_(nothing, found)

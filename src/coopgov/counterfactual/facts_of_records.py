"""Finds the base facts that conditions read for a subject: through formulas, in collections, of subjects above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.values import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.language.interpreter import Interpreter, Record, Records

__all__ = ["base_facts", "record_of"]

_MOST_ITEMS = 20

Read = tuple["Record", str, str]


def record_of(node: s.Name, records: Records) -> Any:
    """The record that a name refers to; None if there is none."""
    record: Any = records[-1 - node.level]
    for parent in node.parents:
        record = None if record is None else record.get(parent)
    return record


def base_facts(conditions: Iterable[s.Expr], records: Records, interpreter: Interpreter) -> tuple[Read, ...]:
    """Return the record, type of subject and name of every base fact read, in the order of reading, each once.

    Of each collection, only the first 20 items are visited.
    """
    found: dict[tuple[int, str, str], Read] = {}
    for condition in conditions:
        for record, about, name in _reads(condition, records, interpreter, set()):
            found.setdefault((id(record), about, name), (record, about, name))
    return tuple(found.values())


def _reads(
    node: s.Expr, records: Records, interpreter: Interpreter, seen: set[tuple[int, str, str]]
) -> Iterator[Read]:
    if isinstance(node, s.Name):
        yield from _name(node, records, interpreter, seen)
    elif isinstance(node, s.Aggregate):
        items = interpreter.value(node.collection, *records)
        for item in () if missing(items) else items[:_MOST_ITEMS]:
            for part in node.of_items:
                yield from _reads(part, (*records, item), interpreter, seen)
    else:
        for child in s.children(node):
            yield from _reads(child, records, interpreter, seen)


def _name(
    node: s.Name, records: Records, interpreter: Interpreter, seen: set[tuple[int, str, str]]
) -> Iterator[Read]:
    record = record_of(node, records) if node.about else None
    key = (id(record), node.about, node.name)
    if record is None or key in seen:
        return
    seen.add(key)
    definition = interpreter.definitions.definition(node.about, node.name)
    if definition is None:
        yield record, node.about, node.name
    else:
        yield from _reads(definition, (record,), interpreter, seen)

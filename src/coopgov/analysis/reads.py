"""Which base facts conditions read: through formulas, into collections, of subjects above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.forms import record_of
from coopgov.language import syntax as s
from coopgov.language.values import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.language.interpreter import Definitions, Interpreter, Record, Records

__all__ = ["base_facts", "named_facts"]

_MOST_ITEMS = 50

Read = tuple["Record", str, str]


def base_facts(conditions: Iterable[s.Expr], records: Records, interpreter: Interpreter) -> tuple[Read, ...]:
    """The record, type of subject and name of every base fact read, in the order of reading, each once.

    Of a collection, the first 50 items are looked into.
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
            for part in filter(None, (node.where, node.value)):
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


def named_facts(conditions: Iterable[s.Expr], definitions: Definitions) -> frozenset[tuple[str, str]]:
    """The type of subject and name of every base fact that conditions can read, whatever the data."""
    found: dict[tuple[str, str], bool] = {}
    todo = list(conditions)
    while todo:
        for node in s.walk(todo.pop()):
            if isinstance(node, s.Name) and node.about and (node.about, node.name) not in found:
                definition = definitions.definition(node.about, node.name)
                found[node.about, node.name] = definition is None
                todo += [] if definition is None else [definition]
    return frozenset(name for name, base in found.items() if base)

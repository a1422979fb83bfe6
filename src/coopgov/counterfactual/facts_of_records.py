"""Finds the base facts that conditions read for a subject: through formulas, in collections, of subjects above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.values import missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.language.interpreter import Interpreter, Record, Records

__all__ = ["base_facts", "record_of"]

_MOST_ITEMS = 20

Read = tuple["Record", str, str]
_Found = dict[tuple[int, str, str], "Read | None"]
"""The facts read so far; None for a formula."""


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
    found: _Found = {}
    for condition in conditions:
        _read(condition, records, interpreter, found)
    return tuple(read for read in found.values() if read is not None)


def _read(node: s.Expr, records: Records, interpreter: Interpreter, found: _Found) -> None:
    if isinstance(node, s.Name):
        _name(node, records, interpreter, found)
    elif isinstance(node, s.Aggregate):
        items = interpreter.value(node.collection, *records)
        for item in () if missing(items) else items[:_MOST_ITEMS]:
            for part in node.of_items:
                _read(part, (*records, item), interpreter, found)
    else:
        for child in s.children(node):
            _read(child, records, interpreter, found)


def _name(node: s.Name, records: Records, interpreter: Interpreter, found: _Found) -> None:
    record = record_of(node, records) if node.about else None
    key = (id(record), node.about, node.name)
    if record is None or key in found:
        return
    definition = interpreter.definitions.definition(node.about, node.name)
    found[key] = (record, node.about, node.name) if definition is None else None
    if definition is not None:
        _read(definition, (record,), interpreter, found)

"""What expressions read, whatever the data: directly, through formulas, in collections, and of subjects above.

What they read of given records is found by `counterfactual.facts_of_records`; which rules to check again when a fact
changes, by `rules.incremental`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["fact_paths", "named_facts", "read_of_record", "steps", "with_formulas"]

_DOT = re.compile(r"\.(?![^(]*\))")


class _Formulas(Protocol):
    def definition(self, about: str, name: str) -> s.Expr | None:
        """Return the checked expression of a derived fact, or None for a base fact."""


def named_facts(nodes: Iterable[s.Expr], formulas: _Formulas) -> frozenset[tuple[str, str]]:
    """Return every base fact that expressions can read, by type of subject and name; `as_of` has no type."""
    names = {(node.about, node.name) for node in with_formulas(nodes, formulas) if isinstance(node, s.Name)}
    return frozenset(name for name in names if not name[0] or formulas.definition(*name) is None)


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression can read: base facts by type of subject and name, `as_of` without a type.

    `of_one_record` says that they are all facts of the nearest record, apart from `as_of`.
    """

    node: s.Expr
    facts: frozenset[tuple[str, str]]
    of_one_record: bool


def reads_of(node: s.Expr, formulas: _Formulas) -> Reads:
    """Return what an expression can read, through formulas, whatever the data."""
    alone = not any(
        isinstance(each, s.Aggregate) or (isinstance(each, s.Name) and (each.level or each.parents))
        for each in with_formulas([node], formulas)
    )
    return Reads(node, named_facts([node], formulas), alone)


def fact_paths(node: s.Expr, formulas: _Formulas, prefix: str = "") -> Iterator[str]:
    """Yield the base facts that an expression can read, each by its path from the subject, such as `tasks.late`."""
    if isinstance(node, s.Aggregate):
        for part in node.of_items:
            yield from fact_paths(part, formulas, f"{prefix}{node.collection.name}.")
    elif isinstance(node, s.Name) and node.about:
        path = "".join((prefix if node.level == 0 else "", *(f"{parent}." for parent in node.parents)))
        definition = formulas.definition(node.about, node.name)
        yield from [path + node.name] if definition is None else fact_paths(definition, formulas, path)
    else:
        for child in s.children(node):
            yield from fact_paths(child, formulas, prefix)


def steps(path: str) -> list[str]:
    """Return the steps of a path of facts, such as `tasks` and `late` of `tasks.late`; names in brackets have dots.

    >>> steps('phase.baseline_end("v1.2")')
    ['phase', 'baseline_end("v1.2")']
    """
    return _DOT.split(path)


def read_of_record(nodes: Iterable[s.Expr], formulas: _Formulas) -> tuple[s.Expr, ...]:
    """Return what expressions ask of a record, whatever the data: base facts, collections, facts of subjects above.

    A backend reads all of this before it decides anything, so that every backend refuses the same invalid values,
    whichever branches it would skip.
    """
    found: dict[s.Expr, None] = {}
    seen: set[s.Expr] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, s.Name) and not node.about:
            continue
        if isinstance(node, s.Name) and not node.parents:
            definition = formulas.definition(node.about, node.name)
            if definition is None:
                found[node] = None
            elif node not in seen:
                seen.add(node)
                todo.append(definition)
        elif isinstance(node, (s.Name, s.Aggregate)) or (
            isinstance(node, s.Literal) and node.type.kind == "own"
        ):
            found[node] = None
        else:
            todo += s.children(node)
    return tuple(found)


def with_formulas(nodes: Iterable[s.Expr], formulas: _Formulas) -> Iterator[s.Expr]:
    """Yield all nodes of expressions and of the formulas that they name, each formula once."""
    seen: set[tuple[str, str]] = set()
    todo = list(nodes)
    while todo:
        for node in s.walk(todo.pop()):
            yield node
            if isinstance(node, s.Name) and node.about and (node.about, node.name) not in seen:
                seen.add((node.about, node.name))
                definition = formulas.definition(node.about, node.name)
                todo += [] if definition is None else [definition]

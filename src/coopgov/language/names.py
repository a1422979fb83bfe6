"""Which facts expressions name, through formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["named_facts", "with_formulas"]


class _Formulas(Protocol):
    def definition(self, about: str, name: str) -> s.Expr | None:
        """The checked expression of a derived fact, None for a base fact."""


def named_facts(nodes: Iterable[s.Expr], formulas: _Formulas) -> frozenset[tuple[str, str]]:
    """The type of subject and name of every base fact that expressions can read, whatever the data; `as_of` has no type."""
    names = {(node.about, node.name) for node in with_formulas(nodes, formulas) if isinstance(node, s.Name)}
    return frozenset(name for name in names if not name[0] or formulas.definition(*name) is None)


def with_formulas(nodes: Iterable[s.Expr], formulas: _Formulas) -> Iterator[s.Expr]:
    """All nodes of expressions and of the formulas that they name, each formula once."""
    seen: set[tuple[str, str]] = set()
    todo = list(nodes)
    while todo:
        for node in s.walk(todo.pop()):
            yield node
            if isinstance(node, s.Name) and node.about and (node.about, node.name) not in seen:
                seen.add((node.about, node.name))
                definition = formulas.definition(node.about, node.name)
                todo += [] if definition is None else [definition]

"""Which facts expressions name, through formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["named_facts"]


class _Formulas(Protocol):
    def definition(self, about: str, name: str) -> s.Expr | None:
        """The checked expression of a derived fact, None for a base fact."""


def named_facts(nodes: Iterable[s.Expr], formulas: _Formulas) -> frozenset[tuple[str, str]]:
    """The type of subject and name of every base fact that expressions can read, whatever the data; `as_of` has no type."""
    found: dict[tuple[str, str], bool] = {}
    todo = list(nodes)
    while todo:
        for node in s.walk(todo.pop()):
            if isinstance(node, s.Name) and (node.about, node.name) not in found:
                definition = formulas.definition(node.about, node.name) if node.about else None
                found[node.about, node.name] = definition is None
                todo += [] if definition is None else [definition]
    return frozenset(name for name, base in found.items() if base)

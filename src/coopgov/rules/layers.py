"""Assigns rules that read warnings to layers, which decide which warnings their filters see.

A rule that reads no warnings is in layer 0. A filter that names rules (`rule is "…"`) sees all lower layers, and puts
its rule above the named ones; any other filter sees layer 0 only. So evaluation never loops, and rules that name each
other in a circle are an error.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALL_LOWER", "layers", "named_rules", "narrowed", "reads_warnings"]

ALL_LOWER = "warnings of lower layers"
"""The collection that filters read if they name rules; its name has spaces, so no expression can contain it."""


def named_rules(node: s.Expr) -> dict[str, s.Expr]:
    """Return the rules that the filters of an expression name, each with the place of its name."""
    found: dict[str, s.Expr] = {}
    for part in s.walk(node):
        if _of_warnings(part):
            found |= _names_in(part)
    return found


def reads_warnings(node: s.Expr) -> bool:
    """Whether an expression reads warnings."""
    return any(isinstance(part, s.Name) and part.name in ("warnings", ALL_LOWER) for part in s.walk(node))


def narrowed(node: s.Expr) -> s.Expr:
    """Return the expression with filters that name rules reading the warnings of all lower layers."""
    parts = s.rebuilt(node, narrowed)
    if isinstance(parts, s.Aggregate) and _of_warnings(node) and _names_in(node):
        return replace(parts, collection=replace(parts.collection, name=ALL_LOWER))
    return parts


def layers(names: Mapping[str, set[str]], readers: set[str]) -> tuple[dict[str, int], list[str]]:
    """Return the layer of each rule or, if rules name each other in a circle, the path of that circle."""
    found: dict[str, int] = {}
    path: list[str] = []
    circle: list[str] = []

    def visit(rule: str) -> int:
        if rule in found:
            return found[rule]
        if rule in path:
            if not circle:
                circle.extend([*path[path.index(rule) :], rule])
            return 0
        path.append(rule)
        below = [visit(name) for name in sorted(names.get(rule, ())) if name in names]
        path.pop()
        found[rule] = 1 + max(below, default=0) if rule in readers else 0
        return found[rule]

    for rule in names:
        visit(rule)
    return found, circle


def _of_warnings(node: s.Expr) -> bool:
    return isinstance(node, s.Aggregate) and node.collection.name == "warnings"


def _names_in(node: s.Expr) -> dict[str, s.Expr]:
    found: dict[str, s.Expr] = {}
    for part in s.walk(node):
        if isinstance(part, (s.Equal, s.In)) and _is_rule(part.left):
            items = part.right.items if isinstance(part.right, s.Choices) else (part.right,)
            found |= {str(item.value): item for item in items if isinstance(item, s.Literal)}
    return found


def _is_rule(node: s.Expr) -> bool:
    return isinstance(node, s.Name) and node.about == "warning" and node.name == "rule"

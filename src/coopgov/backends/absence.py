"""Which expressions can be without a value, whatever the data, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard, assert_never

from coopgov.language import syntax as s

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue

__all__ = ["Causes", "conditional", "is_known_if", "lacks_value", "total", "uncertain"]


class Causes:
    """Collects everything that can leave an expression about one type of subject without a value."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.found: set[tuple[str, Any]] = set()
        self.seen: set[str] = set()

    def visit(self, node: s.Expr) -> None:
        """Walk an expression and the formulas that it names."""
        if isinstance(node, s.Known) or (isinstance(node, s.Else) and total(node, self.catalogue)):
            return
        if isinstance(node, s.Aggregate) or (isinstance(node, s.Name) and (node.parents or node.level)):
            self.found.add(("interpreted", node))
        elif conditional(node):
            self.found.add(("conditional", node))
        elif isinstance(node, s.Name):
            self._name(node)
        else:
            self._node(node)
            for child in s.children(node):
                self.visit(child)

    def _name(self, node: s.Name) -> None:
        if not node.about:
            return
        definition = self.catalogue.definition(node.about, node.name)
        if definition is None:
            self.found |= {("fact", node.name), ("hidden", node.name)}
        elif node.name not in self.seen:
            self.seen.add(node.name)
            self.visit(definition)

    def _node(self, node: s.Expr) -> None:
        match lacks_value(node):
            case "division":
                self.found.add(("division", node))
            case "unit" | "currency" as lack if node.type.unit:
                self.found.add((lack, node.type.unit))


def lacks_value(node: s.Expr) -> str:
    """Why an expression can have no value although its parts have one.

    The reasons are `division`, `unit`, `currency`, `items` and `condition`.

    Empty if it has one then. Facts are left out: they have no parts.
    """
    if isinstance(node, s.Literal):
        return {"own": "unit", "money": "currency" if node.type.unit else ""}.get(node.type.kind, "")
    if isinstance(node, s.Divide):
        return "division"
    if isinstance(node, s.Aggregate):
        return "items"
    if isinstance(node, s.Call):
        return "condition" if is_known_if(node) else ""
    if isinstance(node, (s.Choices, s.Name, s.Negative, s.Add, s.Subtract, s.Multiply, s.Else, s.Condition)):
        return ""
    assert_never(node)


def uncertain(node: s.Expr, catalogue: Catalogue) -> bool:
    """Whether a value can be a count or share with two bounds."""
    if isinstance(node, s.Aggregate):
        return node.function in ("count", "share")
    if isinstance(node, s.Name):
        definition = catalogue.definition(node.about, node.name) if node.about else None
        return definition is not None and uncertain(definition, catalogue)
    if isinstance(node, s.Else):
        return uncertain(node.right, catalogue)
    if isinstance(node, (s.Literal, s.Choices, s.Negative, s.Arithmetic, s.Condition, s.Call)):
        return False
    assert_never(node)


def is_known_if(node: s.Expr) -> TypeGuard[s.Call]:
    """Whether an expression is a value that is known only where a condition holds."""
    return isinstance(node, s.Call) and node.function == "known_if"


def conditional(node: s.Expr) -> bool:
    """Whether a condition decides at last if an expression has a value: what it reads counts only where it has none."""
    return conditional(node.right) if isinstance(node, s.Else) else is_known_if(node)


def total(node: s.Expr, catalogue: Catalogue) -> bool:
    """Whether an expression has a value whatever data are absent."""
    return _total(node, catalogue, {})


def _total(node: s.Expr, catalogue: Catalogue, known: dict[tuple[str, str], bool]) -> bool:
    if isinstance(node, s.Name):
        if not node.about:
            return True
        key = (node.about, node.name)
        if key not in known:
            definition = catalogue.definition(*key)
            known[key] = definition is not None and _total(definition, catalogue, known)
        return known[key] and not node.parents
    if isinstance(node, s.Known):
        return True
    if isinstance(node, s.Else):
        return _total(node.left, catalogue, known) or _total(node.right, catalogue, known)
    return not lacks_value(node) and all(_total(child, catalogue, known) for child in s.children(node))

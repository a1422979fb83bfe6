"""The expression tree: one small frozen class for each construct of the rule language.

Nodes compare by meaning; `start` and `end` (offsets in the text) and `type` (set by the checker) are left out of
equality. The checker returns nodes of the same classes, with names resolved and literals in their final unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from coopgov.language.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from decimal import Decimal

__all__ = [
    "Above",
    "Add",
    "Aggregate",
    "And",
    "AtLeast",
    "AtMost",
    "Below",
    "Between",
    "Binary",
    "Call",
    "Choices",
    "Comparison",
    "Divide",
    "Else",
    "Equal",
    "Expr",
    "In",
    "Known",
    "Literal",
    "Logic",
    "Multiply",
    "Name",
    "Negative",
    "Not",
    "NotEqual",
    "Or",
    "Subtract",
    "children",
    "moved",
    "rebuilt",
    "walk",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr:
    """The base class of all nodes."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)
    type: Type = field(default=Type(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A number with its unit, a text, a date, `true` or `false`."""

    value: Decimal | str | date | bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choices(Expr):
    """A list of literals, as in `kind in ["delay", "quality"]`."""

    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A fact, a parameter, a collection or `as_of`; `owner` is the subject type before the dot.

    The checker sets `level`, how many collections further out the subject is (0: the innermost), and `parents`, the
    chain of subjects to go up from there.
    """

    name: str
    owner: str = ""
    level: int = field(default=0, compare=False, kw_only=True)
    parents: tuple[str, ...] = field(default=(), compare=False, kw_only=True)
    about: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Negative(Expr):
    """`-x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """`not x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Known(Expr):
    """`x is known`: true where x has a value."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """An operator between two operands."""

    left: Expr
    right: Expr


class Add(Binary):
    """`a + b`."""

    __slots__ = ()


class Subtract(Binary):
    """`a - b`."""

    __slots__ = ()


class Multiply(Binary):
    """`a * b`."""

    __slots__ = ()


class Divide(Binary):
    """`a / b`; unknown where b is zero."""

    __slots__ = ()


class Else(Binary):
    """`a else b`: b where a is unknown or not set."""

    __slots__ = ()


class Comparison(Binary):
    """Two operands of one unit, compared as decimal figures."""

    __slots__ = ()


class Above(Comparison):
    """`a above b`."""

    __slots__ = ()


class Below(Comparison):
    """`a below b`."""

    __slots__ = ()


class AtLeast(Comparison):
    """`a at least b`."""

    __slots__ = ()


class AtMost(Comparison):
    """`a at most b`."""

    __slots__ = ()


class Equal(Comparison):
    """`a is b`."""

    __slots__ = ()


class NotEqual(Comparison):
    """`a is not b`."""

    __slots__ = ()


class In(Binary):
    """`a in [b, c]`, or a text among the texts of a fact."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Between(Expr):
    """`a between b and c`, both ends included."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Logic(Expr):
    """Conditions joined by one word."""

    operands: tuple[Expr, ...]


class And(Logic):
    """`a and b and c`."""

    __slots__ = ()


class Or(Logic):
    """`a or b or c`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function of values: `max(a, b)`."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """A function of a collection: `count(tasks where late)`, `sum(budget of phases)`."""

    function: str
    collection: Name
    value: Expr | None = None
    where: Expr | None = None


def children(node: Expr) -> list[Expr]:
    """Yield the direct children of a node, in source order."""
    found: list[Expr] = []
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            found += value
        elif value is not None:
            found.append(value)
    return found


def walk(node: Expr) -> Iterator[Expr]:
    """Yield a node and all its descendants, in source order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


def rebuilt(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return the node with each child replaced by `change(child)`; the node itself if no child changes."""
    changes = _changes(node, change)
    return replace(node, **changes) if changes else node


def moved(node: Expr, by: int) -> Expr:
    """Return the tree with all offsets moved by `by` characters, as part of a longer text."""
    if not by:
        return node
    changes = _changes(node, lambda part: moved(part, by))
    return replace(node, start=node.start + by, end=node.end + by, **changes)


def _changes(node: Expr, change: Callable[[Expr], Expr]) -> dict[str, Any]:
    """The fields of a node whose children change, with the changed ones."""
    changes: dict[str, Any] = {}
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            parts = tuple(map(change, value))
            if any(part is not before for part, before in zip(parts, value, strict=True)):
                changes[name] = parts
        elif value is not None and (part := change(value)) is not value:
            changes[name] = part
    return changes


def _kinds(kind: type[Expr]) -> Iterator[type[Expr]]:
    yield kind
    for heir in kind.__subclasses__():
        yield from _kinds(heir)


_NODES = {kind.__name__ for kind in _kinds(Expr)}
_PARTS = {
    kind: tuple(item.name for item in fields(kind) if _NODES.intersection(re.findall(r"\w+", str(item.type))))
    for kind in _kinds(Expr)
}
"""The fields of each node class that can contain nodes."""

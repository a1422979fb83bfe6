"""The expression tree: one small frozen class for each construct of the rule language.

Nodes compare by meaning; `start` and `end` (offsets in the text) and `type` (set by the checker) are left out of
equality. The checker returns nodes of the same classes, with names resolved and literals in their final unit.

`Expr` is a closed union. Whatever reads nodes has a table made by `by_class`, `by_comparison` or `by_arithmetic`, or
ends with `assert_never`, so that mypy lists every reader that does not know a new class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from coopgov.language.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

T = TypeVar("T")

__all__ = [
    "Above",
    "Add",
    "Aggregate",
    "And",
    "Arithmetic",
    "AtLeast",
    "AtMost",
    "Below",
    "Between",
    "Binary",
    "Call",
    "Choices",
    "Comparison",
    "Condition",
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
    "Node",
    "Not",
    "NotEqual",
    "Or",
    "Subtract",
    "by_arithmetic",
    "by_class",
    "by_comparison",
    "children",
    "moved",
    "rebuilt",
    "walk",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes have: where they are in the text, and their type."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)
    type: Type = field(default=Type(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number with its unit, a text, a date, `true` or `false`."""

    value: Decimal | str | date | bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choices(Node):
    """A list of literals, as in `kind in ["delay", "quality"]`."""

    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Name(Node):
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
class Negative(Node):
    """`-x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Known(Node):
    """`x is known`: true where x has a value."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class _Binary(Node):
    """The base class of operators between two operands."""

    left: Expr
    right: Expr


class Add(_Binary):
    """`a + b`."""

    __slots__ = ()


class Subtract(_Binary):
    """`a - b`."""

    __slots__ = ()


class Multiply(_Binary):
    """`a * b`."""

    __slots__ = ()


class Divide(_Binary):
    """`a / b`; unknown where b is zero."""

    __slots__ = ()


class Else(_Binary):
    """`a else b`: b where a is unknown or not set."""

    __slots__ = ()


class Above(_Binary):
    """`a above b`."""

    __slots__ = ()


class Below(_Binary):
    """`a below b`."""

    __slots__ = ()


class AtLeast(_Binary):
    """`a at least b`."""

    __slots__ = ()


class AtMost(_Binary):
    """`a at most b`."""

    __slots__ = ()


class Equal(_Binary):
    """`a is b`."""

    __slots__ = ()


class NotEqual(_Binary):
    """`a is not b`."""

    __slots__ = ()


class In(_Binary):
    """`a in [b, c]`, or a text among the texts of a fact."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`a between b and c`, both ends included."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class _Logic(Node):
    """The base class of conditions joined by one word."""

    operands: tuple[Expr, ...]


class And(_Logic):
    """`a and b and c`."""

    __slots__ = ()


class Or(_Logic):
    """`a or b or c`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of values: `max(a, b)`."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """A function of a collection: `count(tasks where late)`, `sum(budget of phases)`."""

    function: str
    collection: Name
    value: Expr | None = None
    where: Expr | None = None

    @property
    def of_items(self) -> tuple[Expr, ...]:
        """The filter and the value, as far as it has them: the expressions about an item."""
        return tuple(part for part in (self.where, self.value) if part is not None)


Arithmetic = Add | Subtract | Multiply | Divide
"""Two operands that are calculated with."""
Comparison = Above | Below | AtLeast | AtMost | Equal | NotEqual
"""Two operands of one unit, compared as decimal figures."""
Binary = Arithmetic | Else | Comparison | In
"""An operator between two operands."""
Logic = And | Or
"""Conditions joined by one word."""
Condition = Not | Known | Comparison | In | Between | Logic
"""What is a condition by itself; names, literals, `else` and calls can be one, too."""
Expr = Literal | Choices | Name | Negative | Arithmetic | Else | Condition | Call | Aggregate
"""All nodes."""


def by_class(  # noqa: PLR0913  # one for each class, so that mypy reports a table without a new one
    *,
    literal: T,
    choices: T,
    name: T,
    negative: T,
    not_: T,
    known: T,
    add: T,
    subtract: T,
    multiply: T,
    divide: T,
    else_: T,
    above: T,
    below: T,
    at_least: T,
    at_most: T,
    equal: T,
    not_equal: T,
    in_: T,
    between: T,
    and_: T,
    or_: T,
    call: T,
    aggregate: T,
) -> Mapping[type[Expr], T]:
    """Return a table with an entry for each class of nodes."""
    return {
        Literal: literal,
        Choices: choices,
        Name: name,
        Negative: negative,
        Not: not_,
        Known: known,
        Add: add,
        Subtract: subtract,
        Multiply: multiply,
        Divide: divide,
        Else: else_,
        Above: above,
        Below: below,
        AtLeast: at_least,
        AtMost: at_most,
        Equal: equal,
        NotEqual: not_equal,
        In: in_,
        Between: between,
        And: and_,
        Or: or_,
        Call: call,
        Aggregate: aggregate,
    }


def by_comparison(
    *, above: T, below: T, at_least: T, at_most: T, equal: T, not_equal: T
) -> Mapping[type[Comparison], T]:
    """Return a table with an entry for each comparison."""
    return {Above: above, Below: below, AtLeast: at_least, AtMost: at_most, Equal: equal, NotEqual: not_equal}


def by_arithmetic(*, add: T, subtract: T, multiply: T, divide: T) -> Mapping[type[Arithmetic], T]:
    """Return a table with an entry for each operation with numbers."""
    return {Add: add, Subtract: subtract, Multiply: multiply, Divide: divide}


def children(node: Expr) -> tuple[Expr, ...]:
    """Return the direct children of a node, in source order."""
    return _CHILDREN[type(node)](node)


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


_NODES = {"Expr", *(kind.__name__ for kind in get_args(Expr))}
_PARTS: Mapping[type[Expr], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind) if _NODES.intersection(re.findall(r"\w+", str(item.type))))
    for kind in get_args(Expr)
}
"""The fields of each node class that can contain nodes."""


def _reader(kind: type[Expr], names: tuple[str, ...]) -> Callable[[Any], tuple[Expr, ...]]:
    """The function that returns the children of nodes of a class."""
    get: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()
    types = " ".join(str(item.type) for item in fields(kind) if item.name in names)
    if "None" in types:
        return lambda node: tuple(part for part in get(node) if part is not None)
    return get if len(names) != 1 or "tuple" in types else lambda node: (get(node),)


_CHILDREN = {kind: _reader(kind, names) for kind, names in _PARTS.items()}

"""Lowers conditions to tests of single properties, for engines without units, unknown values or arithmetic.

A condition becomes two formulas, one for *certainly true* and one for *certainly false*; where neither holds, it is
unknown or not set. Both consist of `and`, `or` and tests of one property against a constant, so they do not depend on
how an engine treats absent values, `not` or rounding: an absent property fails every test.

A property is a quantity that a condition compares (`delay / window`), computed by the interpreter. A value within the
tolerance of a constant is replaced by that constant, so that the engine's plain comparison has the meaning of the rule
language. Any other comparison becomes a property that holds how far the left side is beyond the right one, or whether a
condition holds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import uncertain
from coopgov.language import syntax as s
from coopgov.language.equivalent import alternatives, both_ends
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.printer import to_text
from coopgov.language.tolerance import MONEY_TOLERANCE, above, below, tolerance
from coopgov.language.types import TRUTH
from coopgov.language.values import Bounds, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coopgov.backends.ir import Program
    from coopgov.language.interpreter import Interpreter, Setting

__all__ = [
    "ALWAYS",
    "NEVER",
    "Every",
    "Formula",
    "Lowering",
    "Property",
    "Some",
    "Test",
    "tests_of",
]

_SAFE = re.compile(r"[A-Za-z0-9 _.-]+")
_OTHER = "?"
"""Replaces a text that the engine may not read correctly; no safe constant equals it."""
_LARGE = 1e300


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a property is present and compares with a constant: `>`, `>=`, `<`, `<=`, `==`, `!=`."""

    property: str
    symbol: str
    constant: float | str


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without any parts, it always holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; without any parts, it never holds."""

    parts: tuple[Formula, ...]


Formula = Test | Every | Some
_MOST_PARTS = 1000
"""A formula with more parts, once expanded, is computed by the interpreter and tested as a single property."""
ALWAYS, NEVER = Every(()), Some(())


def every(parts: Iterable[Formula]) -> Formula:
    """Join parts by `and`, without those that always hold; NEVER if one of them never holds."""
    kept = tuple(part for part in parts if part != ALWAYS)
    return NEVER if NEVER in kept else kept[0] if len(kept) == 1 else Every(kept)


def some(parts: Iterable[Formula]) -> Formula:
    """Join parts by `or`, without those that never hold; ALWAYS if one of them always holds."""
    kept = tuple(part for part in parts if part != NEVER)
    return ALWAYS if ALWAYS in kept else kept[0] if len(kept) == 1 else Some(kept)


@dataclass(frozen=True, slots=True)
class Property:
    """A quantity: its name, its expression in the rule language, and the function that computes it for a record."""

    name: str
    text: str
    read: Callable[[Interpreter, Any], float | str | None] = field(compare=False, repr=False)


def tests_of(formula: Formula) -> Iterator[Test]:
    """Yield the tests in a formula."""
    if isinstance(formula, Test):
        yield formula
    else:
        for part in formula.parts:
            yield from tests_of(part)


@dataclass(frozen=True, slots=True)
class Zone:
    """A constant, and the interval of values that are the same decimal figure."""

    constant: float
    low: float
    high: float

    def overlaps(self, other: Zone) -> bool:
        """Whether a value can be within the tolerance of two different constants."""
        return self.constant != other.constant and self.low <= other.high and other.low <= self.high


class Lowering:
    """Lowers the conditions of one program; `properties` collects the properties that its formulas test."""

    def __init__(self, program: Program, setting: Setting) -> None:
        self.catalogue = program.catalogue
        self.setting = setting
        self.properties: dict[str, Property] = {}
        self._names: dict[Any, str] = {}
        self._sizes: dict[int, int] = {}
        self._zones: dict[Any, list[Zone]] = {}

    def record(self, names: Iterable[str], interpreter: Interpreter, facts: Any) -> dict[str, float | str]:
        """Compute properties of a record; absent ones are left out."""
        values = ((name, self.properties[name].read(interpreter, facts)) for name in names)
        return {name: value for name, value in values if value is not None}

    def both(self, node: s.Expr) -> tuple[Formula, Formula]:
        """Lower a condition to two formulas: when it is certainly true, and when it is certainly false."""
        if isinstance(node, (s.And, s.Or)):
            pairs = [self.both(part) for part in node.operands]
            true, false = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            return (every(true), some(false)) if isinstance(node, s.And) else (some(true), every(false))
        if isinstance(node, s.Not):
            true_, false_ = self.both(node.operand)
            return false_, true_
        if isinstance(node, s.Literal):
            return (ALWAYS, NEVER) if node.value is True else (NEVER, ALWAYS)
        if isinstance(node, s.Between):
            return self.both(both_ends(node))
        if isinstance(node, s.In) and isinstance(node.right, s.Choices):
            return self.both(alternatives(node.left, node.right))
        if isinstance(node, s.Comparison):
            return self._comparison(node)
        if isinstance(node, s.Name) and (definition := self._definition(node)) is not None:
            return self.both(definition)
        # Any other condition is a property that the interpreter computes, which is right for every class of nodes.
        return self.whether(node)

    def _definition(self, node: s.Name) -> s.Expr | None:
        """The formula of a condition that is a derived fact of the subject itself, unless it is too large."""
        if not node.about or node.parents or node.level:
            return None
        formula = self.catalogue.definition(node.about, node.name)
        return None if formula is None or self._size(formula) > _MOST_PARTS else formula

    def _size(self, formula: s.Expr) -> int:
        """The number of parts of a formula, with all formulas that it names expanded."""
        if id(formula) not in self._sizes:
            parts = list(s.walk(formula))
            named = [part for part in parts if isinstance(part, s.Name) and part.about]
            below = (self.catalogue.definition(part.about, part.name) for part in named)
            size = len(parts) + sum(self._size(each) for each in below if each is not None)
            self._sizes[id(formula)] = size  # safe by identity: the catalogue keeps the formula alive
        return self._sizes[id(formula)]

    def whether(self, node: s.Expr) -> tuple[Formula, Formula]:
        """Lower a condition to a single property that the interpreter computes: 1 if it is true, 0 if it is false."""

        def read(interpreter: Interpreter, facts: Any) -> float | None:
            value = interpreter.value(node, facts)
            return None if missing(value) else int(value)

        name = self._property(("whether", _key(node)), node, read)
        return Test(name, "==", 1), Test(name, "==", 0)

    def _comparison(self, node: s.Comparison) -> tuple[Formula, Formula]:
        kind = node.left.type.kind
        if kind == "text":
            return self._text(node)
        fixed = _fixed(node.right)
        bounded = uncertain(node.left, self.catalogue) or uncertain(node.right, self.catalogue)
        if kind == "truth" or (bounded and not (fixed and type(node) in _OPPOSITE)):
            return self.whether(node)
        if isinstance(node, (s.Equal, s.NotEqual)):
            ends = (s.AtLeast(node.left, node.right, type=TRUTH), s.AtMost(node.left, node.right, type=TRUTH))
            # Two ordered tests, since an engine's own `==` and `!=` know no tolerance.
            same = self.both(s.And(ends, type=TRUTH))
            return same if isinstance(node, s.Equal) else same[::-1]
        return self._ordered(node, *(self._with_constant(node) if fixed else self._beyond(node)))

    def _ordered(self, node: s.Comparison, low: str, high: str, constant: float) -> tuple[Formula, Formula]:
        """Test an uncertain quantity by its bounds: the less favourable one must hold for true, the other for false."""
        symbol, opposite = _OPPOSITE[type(node)]
        worst, best = (low, high) if symbol in (">", ">=") else (high, low)
        return Test(worst, symbol, constant), Test(best, opposite, constant)

    def _text(self, node: s.Comparison) -> tuple[Formula, Formula]:
        right = node.right.value if isinstance(node.right, s.Literal) else None
        if not (isinstance(right, str) and _SAFE.fullmatch(right)):
            return self.whether(node)

        def read(interpreter: Interpreter, facts: Any) -> str | None:
            value = interpreter.value(node.left, facts)
            return None if missing(value) else value if _SAFE.fullmatch(value) else _OTHER

        name = self._property(("text", _key(node.left)), node.left, read)
        same, other = Test(name, "==", right), Test(name, "!=", right)
        return (same, other) if isinstance(node, s.Equal) else (other, same)

    def _with_constant(self, node: s.Comparison) -> tuple[str, str, float]:
        right = node.right
        assert isinstance(right, s.Literal)
        money = right.type.kind == "money"
        constant: Any = minor_units_of(right, self.setting.minor_units) if money else value_of(right)
        reach = MONEY_TOLERANCE if _exact(node) else tolerance(constant)
        zone = Zone(constant, constant - reach, constant + reach)
        return self._quantity(node.left, "low", zone), self._quantity(node.left, "high", zone), constant

    def _quantity(self, node: s.Expr, end: str, zone: Zone) -> str:
        """The property of a number, or of a bound; constants with overlapping tolerances need separate properties."""
        key: Any = ("number", _key(node), end if uncertain(node, self.catalogue) else "")
        known = self._zones.setdefault(key, [])
        if any(zone.overlaps(other) for other in known):
            key = (*key, zone)
            known = self._zones.setdefault(key, [])
        if zone not in known:
            known.append(zone)

        def read(interpreter: Interpreter, facts: Any) -> float | None:
            value = interpreter.value(node, facts)
            if missing(value):
                return None
            number = _finite(getattr(value, end) if isinstance(value, Bounds) else value)
            return next((each.constant for each in known if each.low <= number <= each.high), number)

        return self._property(key, node, read)

    def _beyond(self, node: s.Comparison) -> tuple[str, str, float]:
        """The property of a difference: how far the left side is beyond the right one; 0 within the tolerance."""
        exact = _exact(node)

        def read(interpreter: Interpreter, facts: Any) -> float | None:
            left, right = interpreter.value(node.left, facts), interpreter.value(node.right, facts)
            if missing(left) or missing(right):
                return None
            if above(left, right, exact=exact) or below(left, right, exact=exact):
                return _finite(left - right)
            return 0.0

        apart = s.Subtract(node.left, node.right)
        name = self._property(("beyond", _key(node.left), _key(node.right), exact), apart, read)
        return name, name, 0

    def _property(
        self, key: Any, node: s.Expr, read: Callable[[Interpreter, Any], float | str | None]
    ) -> str:
        if key not in self._names:
            name = _spoken(node) if key[-1] != "high" else ""
            if not name or name in self.properties:
                name = f"v{len(self._names) + 1}"
            self._names[key] = name
            self.properties[name] = Property(name, to_text(node), read)
        return self._names[key]


_OPPOSITE: Mapping[type[s.Expr], tuple[str, str]] = {
    s.Above: (">", "<="),
    s.AtMost: ("<=", ">"),
    s.Below: ("<", ">="),
    s.AtLeast: (">=", "<"),
}


def _fixed(node: s.Expr) -> bool:
    """Whether a side is constant for all records: not in a KPI's own unit, nor in a named currency."""
    if not isinstance(node, s.Literal):
        return False
    return node.type.kind != "own" and not (node.type.kind == "money" and node.type.unit)


def _spoken(node: s.Expr) -> str:
    """The name of a fact as a property name, empty if an engine cannot read it."""
    if isinstance(node, s.Known):
        known = _spoken(node.operand)
        return known and f"{known}_known"
    return node.name if isinstance(node, s.Name) and not node.parents and node.name.isascii() else ""


def _exact(node: s.Comparison) -> bool:
    kind = node.left.type
    return kind.kind == "date" or (kind.kind == "money" and kind.exact and node.right.type.exact)


def _finite(value: float) -> float:
    """Limit a number to what can be written out; one beyond the limit stays beyond all constants."""
    return value if -_LARGE < value < _LARGE else math.copysign(_LARGE, value)


def _key(node: s.Expr) -> Any:
    """A key that distinguishes expressions that print alike: literals may differ in type, names in their subject."""
    parts = (part for part in s.walk(node) if isinstance(part, (s.Literal, s.Name)))
    quantities = tuple(
        (part.level, part.parents) if isinstance(part, s.Name) else (part.type, type(part.value))
        for part in parts
    )
    return node, quantities

"""Turn expressions into linear terms: formulas written out down to base facts, as sums of quantities with their ranges.

Anything that is not a sum (a quotient, a function, a sum over a collection) is one quantity, identified by its
canonical text. So two conditions on `delay / window` are about one quantity, whichever names they use for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.analysis.logic.intervals import EVERYTHING, Span, at
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.fold import number

if TYPE_CHECKING:
    from coopgov.facts import Catalogue

__all__ = ["Reach", "Sum", "Terms", "constant_of", "steps"]

# without a bound, formulas that use each other twice would double in size at each level
_MOST_NODES = 500
"""A derived fact with a longer written-out formula stays one quantity, so that terms keep a bounded size."""
_DAYS = Span(Fraction(1), Fraction(date.max.toordinal()))


@dataclass(frozen=True, slots=True)
class Reach:
    """The numbers that an expression can have: an interval, and whether they are whole."""

    span: Span = EVERYTHING
    whole: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the expression can have a given number."""
        return value in self.span and not (self.whole and value.denominator != 1)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of quantities, each with a factor, and a constant; `parts` are sorted by the text of the quantities."""

    parts: tuple[tuple[s.Expr, Fraction], ...]
    constant: Fraction = Fraction(0)

    @property
    def single(self) -> bool:
        """Whether it is exactly one quantity with the factor 1."""
        return len(self.parts) == 1 and self.parts[0][1] == 1 and not self.constant

    def __add__(self, other: Sum) -> Sum:
        if not other.parts:
            return Sum(self.parts, self.constant + other.constant)
        factors: dict[str, Fraction] = {}
        nodes: dict[str, s.Expr] = {}
        for node, factor in (*self.parts, *other.parts):
            text = to_text(node)
            nodes[text] = node
            factors[text] = factors.get(text, Fraction(0)) + factor
        parts = tuple((nodes[text], factors[text]) for text in sorted(factors) if factors[text])
        return Sum(parts, self.constant + other.constant)

    def scaled(self, factor: Fraction) -> Sum:
        """The sum multiplied by a number."""
        if not factor:
            return Sum(())
        return Sum(tuple((node, each * factor) for node, each in self.parts), self.constant * factor)


def constant_of(node: s.Expr) -> Fraction | None:
    """The number of a literal, a date as its day number; None for anything else."""
    if not isinstance(node, s.Literal) or isinstance(node.value, (bool, str)):
        return None
    return Fraction(node.value.toordinal()) if isinstance(node.value, date) else number(node)


@dataclass(frozen=True, eq=False)
class Terms:
    """The linear terms of expressions about one type of subject."""

    catalogue: Catalogue
    about: str
    _formulas: dict[tuple[str, str, tuple[str, ...]], s.Expr] = field(default_factory=dict, repr=False)
    _reaches: dict[str, Reach] = field(default_factory=dict, repr=False)
    _sums: dict[int, tuple[s.Expr, Sum]] = field(default_factory=dict, repr=False)
    _replaceable: dict[int, tuple[s.Expr, tuple[s.Name, ...]]] = field(default_factory=dict, repr=False)
    _items: dict[str, Terms] = field(default_factory=dict, repr=False)

    def written_out(self, node: s.Expr, path: tuple[str, ...] = ()) -> s.Expr:
        """An expression with the formulas of derived facts in place of their names; `path` leads to its subject."""
        if isinstance(node, s.Name):
            return self._name(node, path)
        if isinstance(node, s.Aggregate):
            # the inner expression is about the items, so it stays as it is: the aggregate is one quantity
            collection = node.collection
            where = (*path, *collection.parents)
            return replace(node, collection=replace(collection, parents=where, owner=".".join(where)))
        return s.rebuilt(node, lambda part: self.written_out(part, path))

    def _name(self, node: s.Name, path: tuple[str, ...]) -> s.Expr:
        if not node.about or node.level:
            return node  # inside a collection, a fact of the outer subject is one quantity
        where = (*path, *node.parents)
        key = (node.about, node.name, where)
        if key not in self._formulas:
            plain = replace(node, parents=where, owner=".".join(where), level=0)
            formula = self.catalogue.definition(node.about, node.name)
            if formula is not None:
                formula = self.written_out(formula, where)
                formula = formula if _size(formula) <= _MOST_NODES else None
            self._formulas[key] = plain if formula is None else formula
        return self._formulas[key]

    def sum_of(self, node: s.Expr) -> Sum:
        """A written-out expression as a sum of quantities."""
        if id(node) not in self._sums:
            # keep the node, so that no other node gets its id while it is a key
            self._sums[id(node)] = (node, self._sum(node))
        return self._sums[id(node)][1]

    def _sum(self, node: s.Expr) -> Sum:
        constant = constant_of(node)
        if constant is not None:
            return Sum((), constant)
        if isinstance(node, s.Negative):
            return self.sum_of(node.operand).scaled(Fraction(-1))
        if isinstance(node, (s.Add, s.Subtract)) and not steps(node):
            sign = Fraction(-1 if isinstance(node, s.Subtract) else 1)
            return self.sum_of(node.left) + self.sum_of(node.right).scaled(sign)
        if isinstance(node, (s.Multiply, s.Divide)):
            left, right = self.sum_of(node.left), self.sum_of(node.right)
            if isinstance(node, s.Divide):
                divisor = self._divisor(node)
                if divisor.low is not None and divisor.low == divisor.high:
                    return left.scaled(1 / divisor.low)
                if any(part == node.right for part, _ in left.parts):
                    return self._cancelled(left, node)
            elif not left.parts or not right.parts:
                return right.scaled(left.constant) if not left.parts else left.scaled(right.constant)
        return Sum(((node, Fraction(1)),))

    def _cancelled(self, left: Sum, node: s.Divide) -> Sum:
        """A quotient whose divisor is a part of the dividend: `(spent - budget) / budget` is `spent / budget - 1`."""
        total = Sum((), sum((factor for part, factor in left.parts if part == node.right), Fraction(0)))
        for part, factor in left.parts:
            if part != node.right:
                total += Sum(((replace(node, left=part), factor),))
        if left.constant:
            one = s.Literal(Decimal(1), type=node.left.type)
            total += Sum(((replace(node, left=one), left.constant),))
        return total

    def replaceable(self, node: s.Expr) -> tuple[s.Name, ...]:
        """The facts before an `else` in a written-out expression, which another value can replace."""
        if id(node) not in self._replaceable:
            before = [each.left for each in s.walk(node) if isinstance(each, s.Else)]
            names = (part for each in before for part in s.walk(each) if isinstance(part, s.Name))
            self._replaceable[id(node)] = (node, tuple(name for name in names if name.about))
        return self._replaceable[id(node)][1]

    def reach(self, node: s.Expr) -> Reach:
        """The numbers that a written-out expression can have."""
        text = to_text(node)
        if text not in self._reaches:
            self._reaches[text] = self._reach(node)
        return self._reaches[text]

    def reach_of(self, total: Sum) -> Reach:
        """The numbers that a sum can have."""
        span, whole = at(total.constant), total.constant.denominator == 1
        for node, factor in total.parts:
            each = self.reach(node)
            span += each.span.scaled(factor)
            whole = whole and each.whole and factor.denominator == 1
        return Reach(span, whole)

    def _reach(self, node: s.Expr) -> Reach:  # noqa: PLR0911  # one line for each class of node
        constant = constant_of(node)
        if constant is not None:
            return Reach(at(constant), constant.denominator == 1)
        if isinstance(node, s.Name):
            return self._base(node)
        if isinstance(node, s.Aggregate):
            return self._aggregate(node)
        if isinstance(node, s.Else):
            left, right = self.reach(node.left), self.reach(node.right)
            return Reach(_hull(left.span, right.span), left.whole and right.whole)
        if isinstance(node, s.Call):
            return self._call(node)
        if isinstance(node, (s.Add, s.Subtract)) and steps(node):
            return Reach(_DAYS, whole=True)
        if isinstance(node, (s.Multiply, s.Divide)):
            left, right = self.reach(node.left), self.reach(node.right)
            if isinstance(node, s.Multiply):
                return Reach(_product(left.span, right.span), left.whole and right.whole)
            divisor = self._divisor(node)
            return Reach(
                _quotient(left.span, divisor), left.whole and divisor in (at(Fraction(1)), at(Fraction(-1)))
            )
        if isinstance(node, s.Negative):
            reach = self.reach(node.operand)
            return Reach(-reach.span, reach.whole)
        return self._added(node) if isinstance(node, (s.Add, s.Subtract)) else Reach()

    def _divisor(self, node: s.Divide) -> Span:
        """What a divisor can be where the quotient has a value: not 0, so a whole number from 0 to 1 is 1."""
        reach = self.reach(node.right)
        low, high = reach.span.low, reach.span.high
        if not reach.whole:
            return reach.span
        return Span(Fraction(1) if low == 0 else low, Fraction(-1) if high == 0 else high)

    def _added(self, node: s.Add | s.Subtract) -> Reach:
        """The range of a sum; what cancels on paper need not cancel in binary, so each side counts by itself."""
        left, right = self.reach(node.left), self.reach(node.right)
        sign = Fraction(-1 if isinstance(node, s.Subtract) else 1)
        return Reach(left.span + right.span.scaled(sign), left.whole and right.whole)

    def _base(self, node: s.Name) -> Reach:
        if node.type.kind == "date":
            return Reach(_DAYS, whole=True)
        fact = self.catalogue.facts.get((node.about, node.name))
        if fact is None or fact.type is None:
            return Reach()
        least, most = (None if end is None else Fraction(end) for end in (fact.range.least, fact.range.most))
        return Reach(Span(least, most), fact.range.whole)

    def _aggregate(self, node: s.Aggregate) -> Reach:
        function = node.function.split()[0]
        if function == "count":
            return Reach(Span(Fraction(0)), whole=True)
        if function == "share":
            return Reach(Span(Fraction(0), Fraction(1)))
        if node.value is None or not node.value.type.ordered:
            return Reach()
        item = self._inside(node).reach(self.written_out(node.value))
        if function in ("min", "max"):
            return item
        if function == "mean":
            return Reach(item.span)
        low, high = item.span.low, item.span.high
        return Reach(
            Span(
                Fraction(0) if low is not None and low >= 0 else None,
                Fraction(0) if high is not None and high <= 0 else None,
            ),
            item.whole,
        )

    def _inside(self, node: s.Aggregate) -> Terms:
        about = node.collection.type.item
        return self._items.setdefault(about, Terms(self.catalogue, about))

    def _call(self, node: s.Call) -> Reach:
        if node.function == "working_days":
            return Reach(whole=True)
        if node.function == "known_if":
            return self.reach(node.arguments[0])
        parts = [self.reach(part) for part in node.arguments]
        whole = all(part.whole for part in parts)
        if node.function == "abs":
            return Reach(_size_of(parts[0].span), whole)
        span = parts[0].span
        for part in parts[1:]:
            span = _greater(span, part.span) if node.function == "max" else -_greater(-span, -part.span)
        return Reach(span, whole)


def _size(node: s.Expr) -> int:
    return sum(1 for _ in s.walk(node))


def steps(node: s.Expr) -> bool:
    """Whether a date moves by months or working days, whose length is not fixed."""
    if not isinstance(node, s.Binary) or node.type.kind != "date":
        return False
    return bool({"month", "working day"} & {node.left.type.unit, node.right.type.unit})


def _hull(a: Span, b: Span) -> Span:
    low = _greater(-a, -b)
    high = _greater(a, b)
    return Span(None if low.high is None else -low.high, high.high, low.high_open, high.high_open)


def _greater(a: Span, b: Span) -> Span:
    """The range of the greater of two numbers."""
    low, low_open = a.low, a.low_open
    if b.low is not None and (low is None or b.low > low or (b.low == low and b.low_open)):
        low, low_open = b.low, b.low_open
    high, high_open = a.high, a.high_open
    if high is not None and (
        b.high is None or b.high > high or (b.high == high and high_open and not b.high_open)
    ):
        high, high_open = b.high, b.high_open
    return Span(low, high, low_open, high_open)


def _size_of(span: Span) -> Span:
    """The range of a number's absolute value."""
    if span.low is not None and span.low >= 0:
        return span
    if span.high is not None and span.high <= 0:
        return -span
    far = _greater(span, -span)
    return Span(Fraction(0), far.high, high_open=far.high_open)


def _product(a: Span, b: Span) -> Span:
    """The range of a product, with closed ends."""
    corners = [_times(x, y) for x in _ends(a) for y in _ends(b)]
    low, high = min(corners), max(corners)
    return Span(_finite(low), _finite(high))


def _quotient(a: Span, b: Span) -> Span:
    """The range of a quotient; division by 0 gives no number."""
    if b.low is not None and (b.low > 0 or (b.low == 0)):
        least = (
            Span(Fraction(0), None) if b.high is None else Span(1 / b.high if b.high else Fraction(0), None)
        )
        inverse = least if b.low == 0 else Span(least.low, 1 / b.low)
        return _product(a, inverse)
    if b.high is not None and b.high <= 0:
        return _quotient(-a, -b)
    return EVERYTHING


def _ends(span: Span) -> tuple[Fraction | float, Fraction | float]:
    return (
        float("-inf") if span.low is None else span.low,
        float("inf") if span.high is None else span.high,
    )


def _times(a: Fraction | float, b: Fraction | float) -> Fraction | float:
    return Fraction(0) if not a or not b else a * b


def _finite(value: Fraction | float) -> Fraction | None:
    return value if isinstance(value, Fraction) else None

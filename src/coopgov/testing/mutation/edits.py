"""Edit an expression in small ways, each a mistake that its author could have made.

A compared figure moves by one unit of its last written digit, and for whole numbers by one: 10 % becomes 11 % and 9 %,
2.5 becomes 2.6 and 2.4, a date becomes the day after and before. `above` becomes `at least`, and vice versa. A branch
of `and` or `or`, an end of `between`, a text of a list, a `not` and the `where` of a collection are left out. If a
figure is compared directly, an edit must be observable for some value of the other side, because no test could catch it
otherwise; of edits that the same values show, only one is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Literal

from coopgov.language import syntax as s
from coopgov.language.fold import number
from coopgov.language.printer import to_text
from coopgov.language.units import BUILT_IN, as_decimal
from coopgov.locales import all_of, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.locales import Phrase
    from coopgov.testing.mutation.scope import Scope

__all__ = ["Edit", "Hint", "Kind", "edits", "substituted"]

Kind = Literal[
    "threshold",
    "comparison",
    "branch",
    "negation",
    "where",
    "band",
    "ends",
    "span",
    "clear",
    "step",
    "acknowledge",
]
"""The kinds of edits: a figure moves, a comparison includes or excludes its figure, a part is left out."""

Put = Callable[[s.Expr], s.Expr]
_Change = tuple[Kind, str, s.Expr, s.Expr]

_SWAPPED: Mapping[type[s.Expr], type[s.Comparison]] = {
    s.Above: s.AtLeast,
    s.AtLeast: s.Above,
    s.Below: s.AtMost,
    s.AtMost: s.Below,
}
_HOLDS: Mapping[type[s.Comparison], Callable[[Fraction, Fraction], bool]] = s.by_comparison(
    above=gt, at_least=ge, below=lt, at_most=le, equal=eq, not_equal=ne
)
_TRUE = s.Literal(True)


@dataclass(frozen=True, slots=True)
class Hint:
    """Which facts show an edit: the key of a text, and the parts of expressions that it names."""

    key: str
    parts: Mapping[str, str | tuple[str, ...]]

    def said(self, shown: Callable[[str], str] = str) -> Phrase:
        """The hint as a text, which in English is the rest of a sentence that begins with "a test".

        `shown` says how people read a part.
        """
        parts = {
            name: shown(part) if isinstance(part, str) else all_of(f"`{shown(each)}`" for each in part)
            for name, part in self.parts.items()
        }
        return phrase(f"testing.catches.{self.key}", **parts)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: `at` is the edited node, `result` the new whole expression; `after` is empty if a part is left out.

    `way` distinguishes edits of one kind at one place. `hint` says which facts show the edit.
    """

    kind: Kind
    way: str
    at: s.Expr
    before: str
    after: str
    result: s.Expr
    hint: Hint


def substituted(node: s.Expr, values: Mapping[str, s.Expr]) -> s.Expr:
    """The expression with names replaced by other expressions, which take over the places of the names."""
    if isinstance(node, s.Name) and not node.owner and node.name in values:
        return replace(values[node.name], start=node.start, end=node.end)
    return s.rebuilt(node, lambda part: substituted(part, values))


def edits(node: s.Expr, scope: Scope) -> Iterator[Edit]:
    """All edits of a parsed expression, from left to right; `scope` gives the values that a part of it can have."""
    yield from _edits(node, lambda new: new, scope)


def _edits(node: s.Expr, put: Put, scope: Scope) -> Iterator[Edit]:
    for edit in _EDITS[type(node)](node, scope):
        yield replace(edit, result=put(edit.result))
    inside = scope.inside(node.collection) if isinstance(node, s.Aggregate) else scope
    for part, place in _parts(node):
        yield from _edits(part, lambda new, place=place: put(place(new)), inside)  # type: ignore[misc]


def _parts(node: s.Expr) -> Iterator[tuple[s.Expr, Put]]:
    """The direct children of a node, each with a function that replaces it."""
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, s.Expr):
            yield value, lambda new, name=name: replace(node, **{name: new})  # type: ignore[misc]
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, s.Expr):
                    yield item, _put_into(node, name, index)


def _put_into(node: s.Expr, name: str, index: int) -> Put:
    items: tuple[s.Expr, ...] = getattr(node, name)
    changes: Callable[[s.Expr], Any] = lambda new: {name: (*items[:index], new, *items[index + 1 :])}  # noqa: E731
    return lambda new: replace(node, **changes(new))


def _none(node: s.Expr, scope: Scope) -> Iterator[Edit]:  # noqa: ARG001  # the shape of the table below
    return iter(())


def _comparison(node: s.Comparison, scope: Scope) -> Iterator[Edit]:
    changed: list[_Change] = []
    if type(node) in _SWAPPED:
        swapped = _SWAPPED[type(node)](node.left, node.right, start=node.start, end=node.end)
        changed.append(("comparison", "", node, swapped))
    changed += _moves(node, "right", node.left, scope)
    changed += _moves(node, "left", node.right, scope)
    yield from _shown(node, (node.left, node.right), changed, scope)


def _between(node: s.Between, scope: Scope) -> Iterator[Edit]:
    operand, low, high = node.operand, node.low, node.high
    at_least, at_most = s.AtLeast(operand, low), s.AtMost(operand, high)
    changed: list[_Change] = [
        ("comparison", "low", node, s.And((s.Above(operand, low), at_most))),
        ("comparison", "high", node, s.And((at_least, s.Below(operand, high)))),
        ("branch", "high", node, at_least),
        ("branch", "low", node, at_most),
    ]
    changed += _moves(node, "low", operand, scope)
    changed += _moves(node, "high", operand, scope)
    yield from _shown(node, (operand, low, high), changed, scope)


def _moves(node: s.Expr, side: str, other: s.Expr, scope: Scope) -> Iterator[_Change]:
    """The comparison with each figure on one side moved up and down."""
    whole = scope.reach(other).whole
    for figure, put in _figures(getattr(node, side), constant=not _names(other)):
        for step, way in ((1, "up"), (-1, "down")):
            for moved in _by(figure, step, whole=whole):
                yield "threshold", way, figure, replace(node, **{side: put(moved)})  # type: ignore[arg-type]


def _shown(node: s.Expr, sides: Sequence[s.Expr], changed: Sequence[_Change], scope: Scope) -> Iterator[Edit]:
    """The edits that some facts show: for each, its kind and way, the edited node, and the comparison after it."""
    operand, *figures = sorted(sides, key=_is_figure)
    direct = all(map(_is_figure, figures)) and not (isinstance(node, s.Between) and operand is not sides[0])
    values = scope.reach(operand)
    # only figures that the operand can have: an edit that shows elsewhere alone would be a mutant nobody can catch
    points = (
        [point for point in _points(figures, whole=values.whole) if values.holds(_number(point))]
        if direct
        else []
    )
    seen = [_outcomes(node, operand, points)]
    for kind, way, at, new in changed:
        hint = Hint("exactly", {"left": to_text(sides[0]), "right": to_text(sides[-1])})
        if direct and any(part is operand for part in s.walk(new)):
            outcomes = _outcomes(new, operand, points)
            if outcomes in seen:  # the same test would catch an earlier edit
                continue
            point = next(p for p, a, b in zip(points, seen[0], outcomes, strict=True) if a is not b)
            hint = Hint("is", {"left": to_text(operand), "right": to_text(point)})
            seen.append(outcomes)
        elif kind == "threshold":
            hint = Hint("just", {"condition": to_text(node)})
        yield Edit(kind, way, at, to_text(node), to_text(new), new, hint)


def _outcomes(node: s.Expr, operand: s.Expr, points: Sequence[s.Literal]) -> tuple[bool, ...]:
    return tuple(_holds(node, operand, _number(point)) for point in points)


def _holds(node: s.Expr, operand: s.Expr, value: Fraction) -> bool:
    """Whether a comparison with figures holds for a value of its operand."""
    if isinstance(node, s.And):
        return all(_holds(part, operand, value) for part in node.operands)
    if isinstance(node, s.Between):
        return _figure(node.low) <= value <= _figure(node.high)
    assert isinstance(node, s.Comparison)
    left, right = (value if side is operand else _figure(side) for side in (node.left, node.right))
    return _HOLDS[type(node)](left, right)


def _points(figures: Sequence[s.Expr], *, whole: bool) -> list[s.Literal]:
    """Figures at, next to and half a step from the compared ones, where outcomes can differ; the nearest come first."""
    found: list[s.Literal] = []
    for steps in ((0,), (1, -1), (Decimal("0.5"), Decimal("-0.5")), (2, -2)):
        for figure in figures:
            assert isinstance(figure, s.Literal)
            for step in steps:
                if not (isinstance(figure.value, date) and isinstance(step, Decimal)):
                    found += _by(figure, step, whole=whole)
    return found


def _by(figure: s.Literal, steps: int | Decimal, *, whole: bool) -> list[s.Literal]:
    """The figure moved by a number of steps, in a list; empty beyond the calendar."""
    if isinstance(figure.value, date):
        try:
            return [replace(figure, value=figure.value + timedelta(int(steps)))]
        except OverflowError:
            return []
    assert isinstance(figure.value, Decimal)
    exponent = figure.value.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Fraction(1) if whole else Fraction(10) ** min(exponent, 0)
    value = as_decimal(Fraction(figure.value) + Fraction(steps) * step)
    return [replace(figure, value=value, unit=_unit(figure.unit, value))]


def _unit(name: str, value: Decimal) -> str:
    """The unit in the form that follows a number: 1 day, 2 days."""
    unit = BUILT_IN.get(name)
    if unit is None or f"{unit.name}s" not in BUILT_IN:
        return name
    singular = name.removesuffix("s")
    return singular if value == 1 else f"{singular}s"


def _figures(node: s.Expr, *, constant: bool) -> Iterator[tuple[s.Literal, Put]]:
    """The figures that decide one side of a comparison.

    Figures inside `min` and `max` count only if the other side is not constant: one that never wins changes no outcome.
    """
    if isinstance(node, s.Literal) and _is_figure(node):
        yield node, lambda new: new
    elif isinstance(node, (s.Arithmetic, s.Negative)) or (isinstance(node, s.Call) and not constant):
        for part, put in _parts(node):
            for figure, below in _figures(part, constant=constant):
                yield figure, lambda new, put=put, below=below: put(below(new))  # type: ignore[misc]


def _is_figure(node: s.Expr) -> bool:
    return isinstance(node, s.Literal) and not isinstance(node.value, (bool, str))


def _figure(node: s.Expr) -> Fraction:
    assert isinstance(node, s.Literal)
    return _number(node)


def _number(node: s.Literal) -> Fraction:
    return Fraction(node.value.toordinal()) if isinstance(node.value, date) else number(node)


def _names(node: s.Expr) -> bool:
    return any(isinstance(part, s.Name) for part in s.walk(node))


def _logic(node: s.Logic, scope: Scope) -> Iterator[Edit]:  # noqa: ARG001
    for index, left_out in enumerate(node.operands):
        rest = (*node.operands[:index], *node.operands[index + 1 :])
        result = rest[0] if len(rest) == 1 else replace(node, operands=rest)
        how = "fails-alone" if isinstance(node, s.And) else "holds-alone"
        others = tuple(map(to_text, rest))
        hint = Hint(how if len(rest) == 1 else f"{how}-all", {"part": to_text(left_out), "others": others})
        yield Edit("branch", "", left_out, to_text(left_out), "", result, hint)


def _among(node: s.In, scope: Scope) -> Iterator[Edit]:  # noqa: ARG001
    if not isinstance(node.right, s.Choices) or len(node.right.items) == 1:
        return
    for index, item in enumerate(node.right.items):
        items = (*node.right.items[:index], *node.right.items[index + 1 :])
        new = replace(node, right=replace(node.right, items=items))
        hint = Hint("is", {"left": to_text(node.left), "right": to_text(item)})
        yield Edit("branch", "", item, to_text(node), to_text(new), new, hint)


def _negation(node: s.Not, scope: Scope) -> Iterator[Edit]:  # noqa: ARG001
    hint = Hint("decides", {"condition": to_text(node.operand)})
    yield Edit("negation", "", node, to_text(node), to_text(node.operand), node.operand, hint)


def _filter(node: s.Aggregate, scope: Scope) -> Iterator[Edit]:  # noqa: ARG001
    if node.where is None:
        return
    needed = node.value is None and node.function in ("share", "any", "all")
    new = replace(node, where=_TRUE if needed else None)
    hint = Hint("item", {"collection": node.collection.name, "condition": to_text(node.where)})
    yield Edit("where", "", node.where, to_text(node), to_text(new), new, hint)


_EDITS: Mapping[type[s.Expr], Callable[[Any, Scope], Iterator[Edit]]] = s.by_class(
    literal=_none,
    choices=_none,
    name=_none,
    negative=_none,
    not_=_negation,
    known=_none,
    and_=_logic,
    or_=_logic,
    add=_none,
    subtract=_none,
    multiply=_none,
    divide=_none,
    else_=_none,
    above=_comparison,
    below=_comparison,
    at_least=_comparison,
    at_most=_comparison,
    equal=_comparison,
    not_equal=_comparison,
    between=_between,
    in_=_among,
    call=_none,
    aggregate=_filter,
)

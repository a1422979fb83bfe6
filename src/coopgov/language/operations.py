"""What an operator makes of the values of its operands: the semantics of everything but names and collections."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from coopgov.language import syntax as s
from coopgov.language.comparing import compared
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds, Nothing, held, held_day, missing, step_months

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coopgov.language.values import Calendar

    Values = Sequence[Any]

__all__ = ["OPERATIONS", "certain_number"]


def certain_number(value: Any) -> Any:
    """A count or share must be certain, except in a comparison, which can decide between bounds."""
    return UNKNOWN if value.__class__ is Bounds else value


def _neither(values: Values) -> Any:
    """The outcome where an operand is missing: not set as soon as one is not set."""
    return NOT_SET if NOT_SET in values else UNKNOWN


def _negative(_: s.Negative, values: Values, _calendar: Calendar) -> Any:
    value = certain_number(values[0])
    return value if value.__class__ is Nothing else -value


def _arithmetic(node: s.Arithmetic, values: Values, calendar: Calendar) -> Any:
    left, right = (UNKNOWN if value.__class__ is Bounds else value for value in values)
    if left.__class__ is Nothing or right.__class__ is Nothing:
        return _neither((left, right))
    try:
        return _computed(node, left, right, calendar)
    except (OverflowError, ValueError):
        return UNKNOWN


def _computed(node: s.Arithmetic, left: Any, right: Any, calendar: Calendar) -> Any:
    if node.type.kind == "date":
        return held_day(_step(node, left, right, calendar))
    if isinstance(node, s.Add):
        return held(left + right)
    if isinstance(node, s.Subtract):
        return held(left - right)
    if isinstance(node, s.Multiply):
        return held(left * right)
    if isinstance(node, s.Divide):
        return held(left / right) if right else UNKNOWN
    assert_never(node)


def _step(node: s.Arithmetic, day: Any, steps: Any, calendar: Calendar) -> Any:
    unit = node.right.type.unit
    steps = -steps if isinstance(node, s.Subtract) else steps
    if unit == "month":
        return step_months(day, steps)
    if unit == "working day":
        return calendar.add(date.fromordinal(int(day)), int(steps)).toordinal()
    return day + steps


def _otherwise(_: s.Else, values: Values, _calendar: Calendar) -> Any:
    left, right = certain_number(values[0]), values[1]
    if left.__class__ is not Nothing:
        return left
    # Unknown wins over not set: somebody may still supply the left value, so the outcome is open.
    return UNKNOWN if right is NOT_SET and left is UNKNOWN else right


def _comparison(node: s.Comparison, values: Values, _calendar: Calendar) -> Any:
    left, right = values
    if left.__class__ is Nothing or right.__class__ is Nothing:
        return _neither(values)
    return compared(type(node), left, right, node.left.type, node.right.type)


def _membership(_: s.In, values: Values, _calendar: Calendar) -> Any:
    left, right = values
    return _neither(values) if missing(left) or missing(right) else left in right


def _negation(_: s.Not, values: Values, _calendar: Calendar) -> Any:
    return values[0] if values[0].__class__ is Nothing else not values[0]


def _conjunction(_: s.And, values: Values, _calendar: Calendar) -> Any:
    return _joined(values, decisive=False)


def _disjunction(_: s.Or, values: Values, _calendar: Calendar) -> Any:
    return _joined(values, decisive=True)


def _joined(values: Values, *, decisive: bool) -> Any:
    # Kleene logic: one false decides `and`, one true decides `or`, whatever is missing beside it.
    if decisive in values:
        return decisive
    absent = [value for value in values if value.__class__ is Nothing]
    return _neither(absent) if absent else not decisive


def _known(_: s.Known, values: Values, _calendar: Calendar) -> Any:
    return not missing(certain_number(values[0]))


def _call(node: s.Call, values: Values, calendar: Calendar) -> Any:
    values = [UNKNOWN if value.__class__ is Bounds else value for value in values]
    if UNKNOWN in values or NOT_SET in values:
        return _neither(values)
    if node.function == "known_if":
        return values[0] if values[1] else UNKNOWN
    if node.function == "working_days":
        return _working_days(values[0], values[1], calendar)
    return abs(values[0]) if node.function == "abs" else {"min": min, "max": max}[node.function](values)


def _working_days(first: float, last: float, calendar: Calendar) -> Any:
    try:
        return calendar.count(date.fromordinal(int(first)), date.fromordinal(int(last)))
    except (OverflowError, ValueError):
        return UNKNOWN


def _listed(_: s.Choices, values: Values, _calendar: Calendar) -> Any:
    return tuple(values)


def _none(node: s.Expr, _values: Values, _calendar: Calendar) -> Any:
    raise AssertionError(f"{type(node).__name__} has no operands")


OPERATIONS: Mapping[type[s.Expr], Callable[..., Any]] = s.by_class(
    literal=_none,
    choices=_listed,
    name=_none,
    negative=_negative,
    not_=_negation,
    known=_known,
    and_=_conjunction,
    or_=_disjunction,
    add=_arithmetic,
    subtract=_arithmetic,
    multiply=_arithmetic,
    divide=_arithmetic,
    else_=_otherwise,
    above=_comparison,
    below=_comparison,
    at_least=_comparison,
    at_most=_comparison,
    equal=_comparison,
    not_equal=_comparison,
    between=_none,
    in_=_membership,
    call=_call,
    aggregate=_none,
)
"""By class of node, the function of a node, the values of its children and the calendar.

`between` and `in` a list are first rewritten by `equivalent`, so that missing values and tolerances are defined once,
for `and`, `or` and comparisons.
"""

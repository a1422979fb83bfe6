"""Search for values of the variables of a formula, each variable by itself.

A box gives each variable a set of values. Where no box fits, nothing can make the formula true. Where one fits, that says
so much of the variables taken apart; whether base facts give them those values together shows when facts are tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.logic.formulas import All, Lit, Variable
from coopgov.analysis.logic.intervals import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.logic.formulas import Formula, Values

__all__ = ["Box", "OutOfSteps", "boxes"]

Box = dict[Variable, "Values"]
_MOST_STEPS = 2000


class OutOfSteps(Exception):  # noqa: N818  # an answer, not an error
    """The search took too many steps."""


def boxes(formula: Formula) -> Iterator[Box]:
    """Boxes inside which a formula can be true, one after the other.

    Raises:
        OutOfSteps: the search took too long.
    """
    yield from _search([formula], {}, [_MOST_STEPS])


def _search(todo: list[Formula], box: Box, steps: list[int]) -> Iterator[Box]:
    """Take in all that must hold, then try each part of the shortest choice."""
    box, choices = dict(box), []
    todo = list(todo)
    while todo:
        part = todo.pop()
        if isinstance(part, Lit):
            if not _narrow(box, part):
                return
        elif isinstance(part, All):
            todo += part.parts
        else:
            choices.append(part)
    open_choices = []
    for choice in choices:
        parts = [part for part in choice.parts if _fits(box, part)]
        if not parts:
            return
        open_choices.append(parts)
    if not open_choices:
        yield box
        return
    first = min(open_choices, key=len)
    rest = [type(choices[0])(tuple(parts)) for parts in open_choices if parts is not first]
    for part in first:
        steps[0] -= 1
        if steps[0] < 0:
            raise OutOfSteps
        yield from _search([*rest, part], box, steps)


def _narrow(box: Box, literal: Lit) -> bool:
    """Take a literal in; False where nothing is left."""
    variable = literal.variable
    values = box.get(variable, variable.domain) & literal.values  # type: ignore[operator]
    if isinstance(values, Numbers) and variable.whole:
        values = values.whole()
    box[variable] = values
    return not _nothing(values)


def _fits(box: Box, part: Formula) -> bool:
    if not isinstance(part, Lit):
        return True
    variable = part.variable
    values = box.get(variable, variable.domain) & part.values  # type: ignore[operator]
    if isinstance(values, Numbers):
        values = values.whole() if variable.whole else values
    return not _nothing(values)


def _nothing(values: Values) -> bool:
    return not values.spans if isinstance(values, Numbers) else values.empty

"""Search for boxes: a set of values for each variable of a formula, taken by itself.

A box gives each variable a set of values. If no box fits, nothing can make the formula true. If one fits, that is a
claim about each variable alone; only trying facts shows whether base facts give the variables those values together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.logic.formulas import All, Lit, Variable
from coopgov.analysis.logic.intervals import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.deadline import Deadline
    from coopgov.analysis.logic.formulas import Formula, Values

__all__ = ["Box", "OutOfSteps", "boxes"]

Box = dict[Variable, "Values"]
_MOST_STEPS = 2000
_SETTLED = 2


class OutOfSteps(Exception):  # noqa: N818  # an answer, not an error
    """The search took too many steps."""


def boxes(formula: Formula, deadline: Deadline) -> Iterator[Box]:
    """Boxes in which a formula can be true, one after the other.

    Raises:
        OutOfSteps: the search took too many steps.
        OutOfTime: the deadline has passed.
    """
    yield from _search([formula], {}, [_MOST_STEPS], deadline)


def _search(todo: list[Formula], box: Box, steps: list[int], deadline: Deadline) -> Iterator[Box]:
    """Narrow the box by everything that must hold, then try each part of the shortest choice."""
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
    open_choices = [parts for parts in (_open(box, choice) for choice in choices) if parts is not None]
    if not all(open_choices):
        return
    if not open_choices:
        yield box
        return
    first = min(open_choices, key=len)  # the fewest parts fail soonest
    rest = [type(choices[0])(tuple(parts)) for parts in open_choices if parts is not first]
    for part in first:
        deadline.check()
        steps[0] -= 1
        if steps[0] < 0:
            raise OutOfSteps
        yield from _search([*rest, part], box, steps, deadline)


def _open(box: Box, choice: Formula) -> list[Formula] | None:
    """The parts of a choice that can still hold; None if one of them holds anyway."""
    assert not isinstance(choice, Lit)
    fits = [_fits(box, part) for part in choice.parts]
    if _SETTLED in fits:
        return None
    return [part for part, fit in zip(choice.parts, fits, strict=True) if fit]


def _narrow(box: Box, literal: Lit) -> bool:
    """Narrow a variable by a literal; False if nothing is left."""
    _, box[literal.variable] = _met(box, literal)
    return not _nothing(box[literal.variable])


def _fits(box: Box, part: Formula) -> int:
    """Whether a part can still hold: 0 if it cannot, 2 if it holds anyway, else 1."""
    if not isinstance(part, Lit):
        return 1
    before, after = _met(box, part)
    return 0 if _nothing(after) else _SETTLED if before == after else 1


def _met(box: Box, literal: Lit) -> tuple[Values, Values]:
    """The values of a variable before and after narrowing by a literal."""
    variable = literal.variable
    before = box.get(variable, variable.domain)
    after = before & literal.values  # type: ignore[operator]
    if isinstance(after, Numbers) and variable.whole:  # nothing whole is between 1 and 2
        before, after = before.whole(), after.whole()  # type: ignore[union-attr]
    return before, after


def _nothing(values: Values) -> bool:
    return not values.spans if isinstance(values, Numbers) else values.empty

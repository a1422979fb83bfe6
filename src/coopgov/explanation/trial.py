"""Try a rule for a subject while a fact that people can change has other values, and all else stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import conditions
from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.crossings import crossings
from coopgov.counterfactual.variable import around
from coopgov.language.residual import Residual
from coopgov.language.values import UNKNOWN

if TYPE_CHECKING:
    from coopgov.backends.ir import Check
    from coopgov.counterfactual.variable import Point
    from coopgov.explanation.editable_facts import Lever
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.severities import Status

__all__ = ["Trial"]


class Trial:
    """The conditions of a check about a subject, as far as they depend on a lever."""

    def __init__(self, lever: Lever, check: Check, subject: Subject, interpreter: Interpreter) -> None:
        self._lever, self._check, self._interpreter = lever, check, interpreter
        self._records = (subject.record,)
        self._residual = Residual(lever.facts, interpreter)
        self._conditions = conditions(check)
        self._places = [self._residual.place(each, self._records) for each in self._conditions]
        self._where = None if check.where is None else self._residual.place(check.where, self._records)
        self._found: dict[Point, list[Any]] = {}

    @property
    def moves(self) -> bool:
        """Whether the lever makes a difference to any condition."""
        return any(map(self._residual.live, self._places))

    def points(self) -> list[Point]:
        """The values at which the outcome of the conditions can change, and the nearest ones beside."""
        lever, variable = self._lever, self._lever.variable
        found = list(crossings(self._conditions, self._records, variable, self._interpreter))
        for number, place in enumerate(self._places) if lever.searched else ():
            if self._residual.live(place):
                found += changes(variable, lambda point, number=number: self._values(point)[number])  # type: ignore[misc]
        if lever.absent:
            found.append(variable.near)
        return [point for point in around(found, variable.step) if lever.allows(point)]

    def outcome(self, point: Point) -> Status:
        """The outcome for a value: a severity, `undetermined` or `clear` (also if the rule does not apply)."""
        values = self._values(point)
        for step, value in zip(self._check.steps, values, strict=False):
            if value is True:
                return step.severity
        return "undetermined" if UNKNOWN in values[: len(self._places)] else "clear"

    def left_out(self, point: Point) -> bool:
        """Whether the subject is not one that the rule is for."""
        return self._where is not None and self._values(point)[-1] is False

    def _values(self, point: Point) -> list[Any]:
        """The values of the conditions, and of `where`, for a value of the fact."""
        found = self._found.get(point)
        if found is None:
            values = self._residual.evaluate(self._lever.values(point))
            places = self._places if self._where is None else [*self._places, self._where]
            found = self._found[point] = [values[place] for place in places]
        return found

"""Try a rule for a subject while a fact that people can change has other values, and all else stays the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import conditions
from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.crossings import solved
from coopgov.counterfactual.variable import around, as_value
from coopgov.language.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.backends.ir import Check
    from coopgov.counterfactual.rational_forms import Former
    from coopgov.counterfactual.variable import Point
    from coopgov.explanation.editable_facts import Lever
    from coopgov.facts.subject import Subject
    from coopgov.language.extents import Extent
    from coopgov.language.residual import Residual
    from coopgov.severities import Status

__all__ = ["LeverTrial", "Trial"]


class Trial:
    """The conditions of a check about a subject, as far as they depend on some facts."""

    def __init__(self, check: Check, subject: Subject, residual: Residual) -> None:
        self._check, self._residual, self._records = check, residual, (subject.record,)
        self._conditions = conditions(check)
        self._places = [self._residual.place(each, self._records) for each in self._conditions]
        where = () if check.where is None else (residual.place(check.where, self._records),)
        self._outcomes = (*self._places, *where)
        self._steps = residual.steps(self._outcomes)

    @property
    def moves(self) -> bool:
        """Whether the facts make a difference to any condition."""
        return any(map(self._residual.live, self._places))

    def crossings(self, former: Former) -> tuple[Point, ...]:
        """The values of one of the facts at which the outcome of the conditions can change."""
        return solved(self._conditions, self._records, former)

    def moving(self) -> Iterator[int]:
        """The numbers of the conditions to which the facts make a difference."""
        return (number for number, place in enumerate(self._places) if self._residual.live(place))

    def could_hold(self, facts: Sequence[Extent], conditions: int) -> bool:
        """Whether one of the first conditions could hold, if the values of the facts are between these."""
        extent = self._residual.extents(facts, self._steps)
        return any(extent(place)[1] >= 1 for place in self._places[:conditions])

    def values(self, facts: Sequence[Any]) -> list[Any]:
        """The values of the conditions, and of `where`, if the facts have these values."""
        values = self._residual.evaluate(facts, self._steps)
        return [values[place] for place in self._outcomes]

    def outcome(self, values: Sequence[Any]) -> Status:
        """The outcome for these values: a severity, `undetermined` or `clear` (also if the rule does not apply)."""
        for step, value in zip(self._check.steps, values, strict=False):
            if value is True:
                return step.severity
        return "undetermined" if UNKNOWN in values[: len(self._places)] else "clear"

    def leaves_out(self, values: Sequence[Any]) -> bool:
        """Whether the subject is not one that the rule is for."""
        return self._check.where is not None and values[-1] is False


@dataclass(frozen=True, slots=True, eq=False)
class LeverTrial:
    """A trial of the values of a lever."""

    lever: Lever
    trial: Trial
    found: dict[Any, list[Any]] = field(default_factory=dict)

    def points(self) -> list[Point]:
        """The values at which the outcome of the conditions can change, and the nearest ones beside."""
        lever, variable = self.lever, self.lever.variable
        found = list(self.trial.crossings(lever.former))
        for number in self.trial.moving() if lever.searched else ():
            found += changes(variable, lambda point, number=number: self.values(point)[number])  # type: ignore[misc]
        if lever.absent:
            found.append(variable.near)
        return [point for point in around(found, variable.step) if lever.allows(point)]

    def values(self, point: Point) -> list[Any]:
        """The values of the conditions, and of `where`, for a value of the lever."""
        value = as_value(point)
        found = self.found.get(value)
        if found is None:
            found = self.found[value] = self.trial.values(self.lever.values(value))
        return found

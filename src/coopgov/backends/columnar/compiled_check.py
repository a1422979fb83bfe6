"""A check compiled to columns: its measure, thresholds and conditions, and why it can be undetermined."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from coopgov.backends.columnar.reasons import Reasons
from coopgov.backends.columnar.values import (
    Column,
    Condition,
    NotExpressible,
    Part,
    Range,
    Value,
    any_of,
    unknown_of,
)
from coopgov.backends.interpreter import REASONS, upper_end
from coopgov.backends.ir import conditions
from coopgov.errors import BackendError
from coopgov.language import syntax as s
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.backends.columnar.compiler import Writer
    from coopgov.backends.ir import Check, Step

__all__ = ["OTHERS", "Rung", "Written", "choices_of"]

OTHERS = ("direct", "interpreter")
"""The backends that support what columns do not."""


class Rung:
    """One step of a check: where it holds, and the value and threshold compared there."""

    def __init__(
        self, step: Step, condition: Condition, measure: Part | None, threshold: Part | None
    ) -> None:
        upper = upper_end(step.condition)
        self.severity = step.severity
        self.condition = condition
        self.value = _end(measure, upper=upper)
        self.threshold = _end(threshold, upper=not upper)


class Written:
    """A check compiled to columns."""

    def __init__(self, check: Check, writer: Writer) -> None:
        self.check = check
        self.writer = writer
        measure = self._part("measure", check.measure)
        if measure is not None and check.measure is not None and not isinstance(check.measure, s.Name):
            writer.written[check.measure] = measure
        self._part("where", check.where)
        self.rungs = [
            self._rung(step, whole, measure)
            for step, whole in zip(check.steps, conditions(check), strict=True)
        ]
        self.past = None if check.ends is None else self._condition("ends", check.ends).true
        """Where nothing about a hit can change any more; None if nowhere."""

    def _condition(self, name: str, node: s.Expr) -> Condition:
        with self._naming(name):
            key = ("step", self.check.id, name)
            condition = self.writer.sheet.keep(key, lambda: self.writer.condition(node))
        assert isinstance(condition, Condition)
        return condition

    def _rung(self, step: Step, whole: s.Expr, measure: Part | None) -> Rung:
        threshold = self._part(step.severity, step.threshold)
        return Rung(step, self._condition(step.severity, whole), measure, threshold)

    def _part(self, name: str, node: s.Expr | None) -> Part | None:
        if node is None:
            return None
        with self._naming(name):
            part = self.writer.write(node)
            constant = isinstance(part, Value) and part.constant is not None
            if constant or isinstance(node, s.Name):
                return part
            return self.writer.sheet.keep((name, self.check.id), lambda: part)

    @contextmanager
    def _naming(self, part: str) -> Iterator[None]:
        try:
            yield
        except NotExpressible as error:
            raise BackendError("columnar", self.check.id, part, error.why, OTHERS) from None

    @cached_property
    def reasons(self) -> Reasons:
        """The reasons that can leave it undetermined."""
        reasons = Reasons(self.writer)
        for condition in conditions(self.check):
            reasons.visit(condition)
        reasons.settle()
        return reasons

    def undecided(self) -> Column | None:
        """Where a step worse than any that holds is unknown; None if nowhere."""
        if all(rung.condition.decided for rung in self.rungs):
            return None
        undecided: list[Column] = []
        open_: Column | None = None
        for rung in self.rungs:
            unknown = unknown_of(rung.condition, self.writer.sheet.always)
            if unknown is not None:
                undecided.append(unknown if open_ is None else open_ & unknown)
            true = rung.condition.true
            if true is not None:
                open_ = ~true if open_ is None else open_ & ~true
        return any_of(undecided)


def choices_of(checks: Sequence[Written]) -> dict[str, tuple[str, ...]]:
    """Return the texts that columns of a result can have, whatever the data; the mildest severity first."""
    return {"rule": tuple(one.check.id for one in checks), "severity": SEVERITIES, "because": REASONS}


def _end(part: Part | None, *, upper: bool) -> Column | None:
    """Return a value, which is a plain number if it is constant, or one bound of an uncertain count or share."""
    if isinstance(part, Range):
        return part.high if upper else part.low
    if not isinstance(part, Value) or part.absent:
        return None
    return part.value if part.constant is None else part.constant

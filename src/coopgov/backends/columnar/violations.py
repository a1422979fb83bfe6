"""Checks over a frame → the long form: one row for each check that holds, one for each that cannot be decided."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.parts import Condition, Part, Range, Value, any_of
from coopgov.backends.columnar.reasons import Reasons
from coopgov.backends.columnar.sheet import Children, Sheet
from coopgov.backends.columnar.writer import NotExpressible, Surroundings, Writer
from coopgov.backends.program import conditions
from coopgov.backends.reference import REASONS, upper_end
from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.program import Check, Program, Step
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

__all__ = ["HITS", "UNDETERMINED", "violations"]

HITS = ("rule", "severity", "value", "threshold")
UNDETERMINED = ("rule", "missing", "because")
"""The columns of the two frames, after the keys of the subject."""


def violations(
    frame: Any,
    program: Program,
    keys: Sequence[str],
    setting: Setting,
    calendar: WorkingCalendar,
    children: Mapping[str, Children] | None = None,
) -> tuple[Any, Any]:
    """The frames of hits and of what is undetermined; lazy where the frame is.

    Raises:
        BackendError: a rule has no meaning in columns, or needs a frame that was not given.
    """
    sheet = Sheet(frame, keys, children)
    writer = Writer(sheet, program.about, Surroundings(program.catalogue, setting, calendar))
    written = [_Written.of(check, writer) for check in program.checks]
    prepared = sheet.run()
    hits = [part for each in written for part in each.hits(prepared, keys)]
    unsure = [part for each in written for part in each.undetermined(prepared, keys)]
    return _stacked(hits, prepared, keys, HITS), _stacked(unsure, prepared, keys, UNDETERMINED)


def _stacked(parts: list[Any], frame: Any, keys: Sequence[str], columns: tuple[str, ...]) -> Any:
    if parts:
        return nw.concat(parts, how="vertical")
    numbers = ("value", "threshold")
    empty = (nw.lit(0.0 if each in numbers else "").alias(each) for each in columns)
    never = nw.col(keys[0]).is_null() & ~nw.col(keys[0]).is_null()
    return frame.filter(never).select(*keys, *empty)


class _Written:
    """A check in columns."""

    def __init__(self, check: Check, writer: Writer) -> None:
        self.check = check
        self.always = writer.sheet.always
        self.values: list[nw.Expr] = []
        self.thresholds: list[nw.Expr] = []
        measure = None if check.measure is None else _kept(writer, ("measure", check.id), check.measure)
        self.conditions = [self._step(writer, step, measure) for step in check.steps]
        self.reasons = Reasons(writer)
        for condition in conditions(check):
            self.reasons.visit(condition)

    @classmethod
    def of(cls, check: Check, writer: Writer) -> _Written:
        """Write a check, or say why it cannot be."""
        try:
            return cls(check, writer)
        except NotExpressible as error:
            why = str(error)
            raise BackendError("columnar", check.id, "condition", why, ("direct", "interpreter")) from None

    def _step(self, writer: Writer, step: Step, measure: Part | None) -> Condition:
        whole = conditions(self.check)[self.check.steps.index(step)]
        upper = upper_end(step.condition)
        self.values.append(_end(measure, upper=upper))
        threshold = None if step.threshold is None else writer.write(step.threshold)
        self.thresholds.append(_end(threshold, upper=not upper))
        condition = writer.sheet.keep(("step", self.check.id, step.severity), lambda: writer.condition(whole))
        assert isinstance(condition, Condition)
        return condition

    def hits(self, frame: Any, keys: Sequence[str]) -> Iterator[Any]:
        """The rows where a step holds, with the worst of them."""
        ladder = [
            (condition.true, step.severity, value, threshold)
            for condition, step, value, threshold in zip(
                self.conditions, self.check.steps, self.values, self.thresholds, strict=True
            )
            if condition.true is not None
        ]
        fires = any_of(true for true, *_ in ladder)
        if fires is not None:
            severity = _chain([(true, nw.lit(word)) for true, word, _, _ in ladder])
            value = _chain([(true, each) for true, _, each, _ in ladder])
            threshold = _chain([(true, each) for true, _, _, each in ladder])
            columns = (nw.lit(self.check.id), severity, value, threshold)
            named = (column.alias(name) for column, name in zip(columns, HITS, strict=True))
            yield frame.filter(fires).select(*keys, *named)

    def undetermined(self, frame: Any, keys: Sequence[str]) -> Iterator[Any]:
        """The rows where a step worse than any that holds is unknown."""
        undecided: list[nw.Expr] = []
        open_: nw.Expr | None = None
        for condition in self.conditions:
            told = any_of([condition.true, condition.false, condition.unset])
            unknown = self.always if told is None else ~told
            undecided.append(unknown if open_ is None else open_ & unknown)
            if condition.true is not None:
                open_ = ~condition.true if open_ is None else open_ & ~condition.true
        missing, because = self.reasons.missing(), self.reasons.because(REASONS)
        columns = (nw.lit(self.check.id), missing, because)
        named = (column.alias(name) for column, name in zip(columns, UNDETERMINED, strict=True))
        yield frame.filter(reduce(_or, undecided)).select(*keys, *named)


def _or(left: nw.Expr, right: nw.Expr) -> nw.Expr:
    return left | right


def _kept(writer: Writer, key: Any, node: Any) -> Part:
    return writer.sheet.keep(key, lambda: writer.write(node))


def _end(part: Part | None, *, upper: bool) -> nw.Expr:
    """A value; of an uncertain count or share one end."""
    if isinstance(part, Range):
        return part.high if upper else part.low
    if isinstance(part, Value):
        return part.value
    return nw.lit(None, nw.Float64)


def _chain(rows: list[tuple[nw.Expr, nw.Expr]]) -> nw.Expr:
    """The first value whose condition holds; one of them does."""
    result = rows[-1][1]
    for condition, value in reversed(rows[:-1]):
        result = nw.when(condition).then(value).otherwise(result)
    return result

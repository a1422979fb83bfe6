"""Checks over a frame → the long form: one row for each check that holds, one for each that cannot be decided."""

from __future__ import annotations

from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.parts import Condition, Part, Range, Value, any_of
from coopgov.backends.columnar.reasons import Reasons
from coopgov.backends.columnar.sheet import Items, Sheet
from coopgov.backends.columnar.spark import exploded
from coopgov.backends.columnar.writer import NotExpressible, Surroundings, Writer
from coopgov.backends.program import conditions
from coopgov.backends.reference import REASONS, upper_end
from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.program import Check, Program, Step
    from coopgov.language import syntax as s
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

    Rows = tuple[nw.Expr, tuple[nw.Expr, ...]]

__all__ = ["HITS", "UNDETERMINED", "violations"]

HITS = ("rule", "severity", "value", "threshold")
UNDETERMINED = ("rule", "missing", "because")
"""The columns of the two frames, after the keys of the subject."""
_OTHERS = ("direct", "interpreter")


def violations(
    frame: Any,
    program: Program,
    keys: Sequence[str],
    setting: Setting,
    calendar: WorkingCalendar,
    children: Mapping[str, Items] | None = None,
) -> tuple[Any, Any]:
    """The frames of hits and of what is undetermined; lazy where the frame is.

    Raises:
        BackendError: a rule has no meaning in columns, or needs a frame that was not given.
        FactError: a column cannot hold the values of its fact.
    """
    sheet = Sheet(frame, keys, children)
    writer = Writer(sheet, program.about, Surroundings(program.catalogue, setting, calendar))
    written = [_Written(check, writer) for check in program.checks]
    prepared = sheet.run()
    hits = [rows for each in written for rows in each.hits()]
    unsure = [rows for each in written for rows in each.undetermined()]
    return _stacked(hits, prepared, keys, HITS), _stacked(unsure, prepared, keys, UNDETERMINED)


def _stacked(parts: list[Rows], frame: Any, keys: Sequence[str], columns: tuple[str, ...]) -> Any:
    if parts and frame.implementation.is_pyspark():
        return exploded(frame, parts, keys, columns)
    if parts:
        return nw.concat(
            [frame.filter(where).select(*keys, *named) for where, named in parts], how="vertical"
        )
    numbers = ("value", "threshold")
    empty = (nw.lit(0.0 if each in numbers else "").alias(each) for each in columns)
    never = nw.col(keys[0]).is_null() & ~nw.col(keys[0]).is_null()
    return frame.filter(never).select(*keys, *empty)


class _Written:
    """A check in columns."""

    def __init__(self, check: Check, writer: Writer) -> None:
        self.check = check
        self.writer = writer
        self.measure = self._part("measure", check.measure)
        self._part("where", check.where)
        self.thresholds = [self._part(step.severity, step.threshold) for step in check.steps]
        self.conditions = [
            self._condition(step, whole) for step, whole in zip(check.steps, conditions(check), strict=True)
        ]
        self.reasons = Reasons(writer)
        for condition in conditions(check):
            self.reasons.visit(condition)

    def _part(self, name: str, node: s.Expr | None) -> Part | None:
        if node is None:
            return None
        with self._told(name):
            part = self.writer.write(node)
            constant = isinstance(part, Value) and part.constant is not None
            return part if constant else self.writer.sheet.keep((name, self.check.id), lambda: part)

    def _condition(self, step: Step, whole: s.Expr) -> Condition:
        with self._told(step.severity):
            key = ("step", self.check.id, step.severity)
            condition = self.writer.sheet.keep(key, lambda: self.writer.condition(whole))
        assert isinstance(condition, Condition)
        return condition

    @contextmanager
    def _told(self, part: str) -> Iterator[None]:
        try:
            yield
        except NotExpressible as error:
            raise BackendError("columnar", self.check.id, part, str(error), _OTHERS) from None

    def hits(self) -> Iterator[Rows]:
        """The rows where a step holds, with the worst of them."""
        ladder = [
            (condition.true, step, threshold)
            for condition, step, threshold in zip(
                self.conditions, self.check.steps, self.thresholds, strict=True
            )
            if condition.true is not None
        ]
        fires = any_of(true for true, *_ in ladder)
        if fires is not None:
            severity = _chain([(true, nw.lit(step.severity)) for true, step, _ in ladder])
            ends = [(true, upper_end(step.condition), threshold) for true, step, threshold in ladder]
            value = _chain([(true, _end(self.measure, upper=upper)) for true, upper, _ in ends])
            threshold = _chain([(true, _end(each, upper=not upper)) for true, upper, each in ends])
            columns = (nw.lit(self.check.id), severity, value, threshold)
            yield fires, tuple(column.alias(name) for column, name in zip(columns, HITS, strict=True))

    def undetermined(self) -> Iterator[Rows]:
        """The rows where a step worse than any that holds is unknown."""
        undecided: list[nw.Expr] = []
        open_: nw.Expr | None = None
        for condition in self.conditions:
            told = any_of([condition.true, condition.false, condition.unset])
            unknown = self.writer.sheet.always if told is None else ~told
            undecided.append(unknown if open_ is None else open_ & unknown)
            if condition.true is not None:
                open_ = ~condition.true if open_ is None else open_ & ~condition.true
        missing, because = self.reasons.missing(), self.reasons.because(REASONS)
        columns = (nw.lit(self.check.id), missing, because)
        named = tuple(column.alias(name) for column, name in zip(columns, UNDETERMINED, strict=True))
        yield reduce(or_, undecided), named


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

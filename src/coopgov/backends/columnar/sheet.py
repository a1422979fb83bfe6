"""A frame of subjects, and the columns that are prepared in it, step by step, before conditions are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.intake import as_values, outsiders
from coopgov.backends.columnar.parts import Condition, Part, Range, Value
from coopgov.errors import FactError
from coopgov.language.interpreter import same_unit
from coopgov.language.types import DATE, TEXT, TRUTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.facts.catalogue import Fact
    from coopgov.language.types import Type

    Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["Items", "Sheet", "columns_of", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Items:
    """The frame of a collection: its items, and which of its columns name the subject that each belongs to."""

    frame: Any
    keys: tuple[str, ...]


@dataclass(slots=True)
class _Step:
    columns: list[nw.Expr] = field(default_factory=list)
    joins: list[Callable[[Any], Any]] = field(default_factory=list)


class Sheet:
    """Columns of facts and formulas, each prepared once; `run` adds them all to the frame."""

    def __init__(
        self,
        frame: Frame,
        keys: Sequence[str],
        children: Mapping[str, Items] | None = None,
        prefix: str = "",
    ) -> None:
        self.frame = frame
        self.keys = tuple(keys)
        self.children = dict(children or {})
        self.schema = frame.collect_schema()
        self.always = nw.col(self.keys[0]).is_null() | ~nw.col(self.keys[0]).is_null()
        self.nothing = nw.when(~self.always).then(nw.lit(0.0))
        self.no_text = nw.when(~self.always).then(nw.lit(""))
        self.steps: list[_Step] = []
        self.last: list[nw.Expr] = []
        self.outer_stage = 0
        self.outer_columns: dict[str, nw.Expr] = {}
        self._prefix = prefix
        self._names = 0
        self._kept: dict[Any, Any] = {}
        self._units: dict[str, list[str]] = {}

    def run(self, outer: Any = None, keys: Sequence[str] = ()) -> Any:
        """The frame with all prepared columns; `outer` are columns of the subjects around, joined on their keys."""
        frame = self.frame
        if outer is not None:
            frame = frame.join(outer, left_on=list(self.keys), right_on=list(keys), how="left")
        for step in self.steps:
            if step.columns:
                frame = frame.with_columns(*step.columns)
            for join in step.joins:
                frame = join(frame)
        return frame.with_columns(*self.last) if self.last else frame

    def keep(self, key: Any, make: Callable[[], Part]) -> Part:
        """Prepare a part as columns, once, and return it as those."""
        if key not in self._kept:
            self._kept[key] = self.stored(make())
        part: Part = self._kept[key]
        return part

    def stored(self, part: Part) -> Part:
        """A part as prepared columns."""
        if isinstance(part, Value):
            if part.constant is not None:
                return part
            return Value(
                self._column(part.value, part.stage), self._flag(part.unset, part.stage), part.stage + 1
            )
        unset, stage = self._flag(part.unset, part.stage), part.stage
        if isinstance(part, Range):
            return Range(self._column(part.low, stage), self._column(part.high, stage), unset, stage + 1)
        return Condition(self._flag(part.true, stage), self._flag(part.false, stage), unset, stage + 1)

    def _flag(self, column: nw.Expr | None, stage: int) -> nw.Expr | None:
        return None if column is None else self._column(column, stage)

    def _column(self, column: nw.Expr, stage: int) -> nw.Expr:
        name = self.fresh()
        self.step(stage).columns.append(column.alias(name))
        return nw.col(name)

    def fresh(self) -> str:
        """A new name of a column."""
        self._names += 1
        return f"_{self._prefix}{self._names}"

    def step(self, stage: int) -> _Step:
        """The step of a number."""
        while len(self.steps) <= stage:
            self.steps.append(_Step())
        return self.steps[stage]

    def fact(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        """A base fact: null where it is absent, or was observed after the date."""
        return self.keep(("base", column, fact.about), lambda: self._read(column, fact, hidden_by, as_of))

    def _read(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        kind = fact.type
        assert kind is not None
        if column not in self.schema:
            unset = self.always if fact.optional else None
            if kind.kind == "truth":
                return Condition(None, None, unset)
            return Value(self.no_text if kind.kind == "text" else self.nothing, unset)
        visible, value = self._visible(hidden_by, as_of), self.values(column, kind)
        elsewhere = self._not_applicable(column)
        if elsewhere is not None:
            visible = ~elsewhere if visible is None else visible & ~elsewhere
        if kind.kind == "truth":
            true, false = (_certain(each, visible) for each in (value, ~value))
            return Condition(true, false, ~true & ~false if fact.optional else elsewhere)
        value = value if visible is None else nw.when(visible).then(value)
        unset = value.is_null() if fact.optional else elsewhere
        return self._chosen(Value(value, unset), kind) if kind.choices else Value(value, unset)

    def _not_applicable(self, column: str) -> nw.Expr | None:
        """Where the host says that a fact does not apply; never null. None where it says nothing."""
        flag = not_applicable(column)
        return _certain(self.values(flag, TRUTH), None) if flag in self.schema else None

    def _chosen(self, part: Value, kind: Type) -> Part:
        """A text of an enumeration; one that it does not know is no value, and not one that was not set."""
        among = nw.when(part.value.is_in(kind.choices)).then(part.value)
        return Value(among, part.unset, part.stage)

    def values(self, column: str, kind: Type) -> nw.Expr:
        """A column of the frame as values of a type, null where there is none.

        Raises:
            FactError: the column cannot hold such values, or holds a text that an enumeration does not know.
        """
        if (column, kind.kind) not in self._kept:
            self.frame, value = as_values(self.frame, column, kind, self.schema[column])
            others = outsiders(self.frame, column, kind)
            if others:
                raise FactError(column, others[0], f"one of {', '.join(kind.choices)}")
            self._kept[column, kind.kind] = value
        kept: nw.Expr = self._kept[column, kind.kind]
        return kept

    def _visible(self, hidden_by: str, as_of: date | None) -> nw.Expr | None:
        if not hidden_by or as_of is None or hidden_by not in self.schema:
            return None
        day = self.values(hidden_by, DATE)
        return day.is_null() | (day <= float(as_of.toordinal()))

    def in_unit(self, prefix: str, unit: str) -> nw.Expr:
        """Where the KPI at hand has a unit; of a lazy frame, the units that there are are looked up at once."""
        column = f"{prefix}unit"
        if column not in self.schema:
            return self.always if unit == "count" else ~self.always
        value = self.values(column, TEXT)
        if column not in self._units:
            found = self.frame.select(value.alias(column)).unique().lazy().collect()
            self._units[column] = [each for each in found[column].to_list() if isinstance(each, str)]
        names = [name for name in self._units[column] if same_unit(name, unit)]
        mine = _certain(value.is_in(names), None) if names else ~self.always
        return mine | value.is_null() if unit == "count" else mine

    def holds(self, path: str) -> bool:
        """Whether there are columns of a subject above, such as `phase.`."""
        return any(column.startswith(path) for column in self.schema)

    def brought(self, part: Part) -> Part:
        """A part of the subjects around, prepared there, whose columns come with them when the frame is run."""
        if isinstance(part, Value) and part.constant is not None:
            return part
        self.outer_stage = max(self.outer_stage, part.stage)
        self.outer_columns |= {str(column): column for column in columns_of(part) if column is not None}
        return replace(part, stage=0)

    def child(self, name: str) -> Sheet:
        """The sheet of the items of a collection."""
        children = self.children[name]
        prefix = f"{self._prefix}{len(self._kept)}{name}_"
        frame = children.frame
        return Sheet(frame, children.keys, prefix=prefix)


def not_applicable(column: str) -> str:
    """The column that says where the fact of another one does not apply; with blanks, so that it is no fact itself."""
    return f"{column} does not apply"


def _certain(condition: nw.Expr, visible: nw.Expr | None) -> nw.Expr:
    """A condition that is false where it is null."""
    told = condition if visible is None else condition & visible
    return nw.when(told).then(nw.lit(value=True)).otherwise(nw.lit(value=False))


def columns_of(part: Part) -> tuple[nw.Expr | None, ...]:
    """The columns that a part consists of; None for those that are false everywhere."""
    if isinstance(part, Value):
        return part.value, part.unset
    if isinstance(part, Range):
        return part.low, part.high, part.unset
    return part.true, part.false, part.unset

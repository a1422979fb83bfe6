"""Adapt a columnar backend to single records, so that the conformance tests of other backends apply to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.backends.ir import Checker, Program
    from coopgov.language.interpreter import Interpreter, Setting

__all__ = ["FrameBackend"]

_LARGEST_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class FrameBackend:
    """Checks a record as a frame of one row.

    `frame` makes a frame from a mapping of column names to lists of values, as `polars.DataFrame` does. Facts of a
    subject above are columns with its name and a dot as prefix. Items of a collection are the rows of a separate frame;
    a collection that a record lacks has no frame, and a program that reads it is refused.
    """

    frame: Callable[[dict[str, list[Any]]], Any]

    def compile(
        self,
        program: Program,
        setting: Setting,
        interpreter: Interpreter | None = None,  # noqa: ARG002  # columns are not interpreted
    ) -> Checker:
        """Return a checker that makes a frame of each record."""

        def check(facts: Mapping[str, Any], *, as_of: date | None = None) -> Any:
            now = replace(setting, as_of=as_of) if as_of else setting
            return self._check(program, now, facts)

        return check

    def _check(self, program: Program, setting: Setting, facts: Mapping[str, Any]) -> Any:
        import narwhals.stable.v2 as nw

        from coopgov.backends.columnar.context import Items
        from coopgov.backends.columnar.results import violations

        made = nw.from_native(self.frame({"id": ["1"], **_columns(facts, "")}))
        children = {
            name: Items(nw.from_native(self.frame(_items(value))), ("of",))
            for name, value in facts.items()
            if isinstance(value, (list, tuple)) and all(isinstance(item, dict) for item in value)
        }
        calendar: Any = setting.calendar
        hits, undetermined = violations(made, program, ("id",), setting, calendar, children)
        order = {one.id: number for number, one in enumerate(program.checks)}
        fired = [
            tuple(row[name] for name in ("rule", "severity", "value", "threshold")) for row in _rows(hits)
        ]
        unsure = [
            (row["rule"], tuple(filter(None, row["missing"].split(", "))), row["because"])
            for row in _rows(undetermined)
        ]
        return sorted(fired, key=lambda row: order[row[0]]), sorted(unsure, key=lambda row: order[row[0]])


def _rows(frame: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.lazy().collect().rows(named=True)
    return rows


def _columns(facts: Mapping[str, Any], prefix: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            found |= _columns(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            if all(isinstance(item, str) for item in value):
                found[prefix + name] = [list(value)]
        elif value is not None:
            found[prefix + name] = [_plain(value)]
    return found


def _items(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of items, all of which belong to the one subject."""
    rows = [{name: column[0] for name, column in _columns(item, "").items()} for item in items]
    names = dict.fromkeys(name for row in rows for name in row)
    return {"of": ["1"] * len(rows), **{name: _alike([row.get(name) for row in rows]) for name in names}}


def _alike(values: list[Any]) -> list[Any]:
    """Values of a single type, as a column needs them: numbers of several types become fractions."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2 or not kinds <= {int, float, Decimal}:
        return values
    return [None if value is None else float(value) for value in values]


def _plain(value: Any) -> Any:
    """A value that a column can hold: whole numbers beyond 64 bits become fractions, no decimal is NaN or infinite."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else float("nan")
    large = isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST_EXACT
    return float(value) if large else value

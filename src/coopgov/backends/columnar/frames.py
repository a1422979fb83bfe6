"""Frames of hosts, made ready: of one engine, with a column for each fact under its own name and in its own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.dask import by_partition, is_dask
from coopgov.backends.columnar.intake import as_number
from coopgov.backends.columnar.sheet import HITS, UNDETERMINED, Items, not_applicable, unreadable
from coopgov.backends.columnar.spark import quoted
from coopgov.backends.columnar.violations import violations
from coopgov.errors import BackendError, FactError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.sheet import Frame
    from coopgov.backends.program import Program
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

__all__ = ["Items", "by_partition", "decided", "is_dask", "same_engine", "same_keys", "taken", "unique"]


class Place(Protocol):
    """Where a fact stands in the frame of a host; see `coopgov.portfolio.Column`."""

    @property
    def name(self) -> str:
        """The column of its values."""

    @property
    def factor(self) -> float:
        """How many of its unit a number there is."""

    @property
    def not_applicable(self) -> str | None:
        """The column that says where it does not apply."""

    @property
    def unreadable(self) -> str | None:
        """The column that says where its cell cannot be read."""


def taken(native: Any, keys: Sequence[str], columns: Mapping[str, Place], facts: Sequence[str]) -> Frame:
    """A native frame with its facts under their names; `columns` says where they stand, and times what they count.

    Raises:
        BackendError: it is no frame, or its key can be none.
        UnknownNameError: there is no such column, or no such fact.
    """
    try:
        frame: Frame = nw.from_native(native)
    except TypeError:
        why = f"found {type(native).__name__}, expected a frame of Polars, pandas, PyArrow, DuckDB, Dask or Spark"
        raise BackendError("columnar", "", "", why) from None
    there = frame.collect_schema().names()
    places = columns.values()
    named_ = (name for each in places for name in (each.name, each.not_applicable, each.unreadable))
    for name in (*keys, *named_):
        if name is not None and name not in there:
            raise UnknownNameError("column", name, there)
    for fact in columns:
        if fact not in facts:
            raise UnknownNameError("fact", fact, facts)
    why = _unfit(frame, keys)
    if why:
        raise BackendError("columnar", "", "", why)
    named = [each for fact, place in columns.items() for each in _named(frame, fact, place)]
    return frame.with_columns(*named) if named else frame


def _unfit(frame: Frame, keys: Sequence[str]) -> str:
    """Why columns cannot be a key; empty where they can."""
    if not keys:
        return "no key was named, expected the name of one column or more"
    for place, name in enumerate(keys):
        if name in keys[:place]:
            return f'the key column "{name}" is named twice'
        if name in {*HITS, *UNDETERMINED}:
            return f'the key column "{name}" has the name of a column of the result; give it another name'
        if quoted(frame, name) != name:
            return f'Spark would read the dot in the key column "{name}" as a way into a structure; give it another name'
    return ""


def _named(frame: Frame, fact: str, place: Place) -> Iterator[nw.Expr]:
    found: Any = nw.col(quoted(frame, place.name))
    if place.factor != 1:
        numbers = frame.get_column(place.name) if isinstance(frame, nw.DataFrame) else found
        found = as_number(numbers) * place.factor
    yield found.alias(fact)
    for flag, called in ((place.not_applicable, not_applicable), (place.unreadable, unreadable)):
        if flag is not None:
            yield nw.col(quoted(frame, flag)).alias(called(fact))


def same_engine(frame: Frame, name: str, other: Frame) -> None:
    """Make sure that the frame of a collection can be joined to that of its subjects.

    Raises:
        BackendError: it is one of another engine, or only one of them is lazy.
    """
    if type(frame) is not type(other) or frame.implementation is not other.implementation:
        found, expected = (type(each.to_native()) for each in (other, frame))
        why = (
            f"the frame of `{name}` is a {_told(found)}, expected a {_told(expected)} as that of the subjects"
        )
        raise BackendError("columnar", "", "", why)


def same_keys(frame: Frame, keys: Sequence[str], name: str, other: Frame, own: Sequence[str]) -> None:
    """Make sure that the keys of a collection can be those of its subjects.

    Raises:
        BackendError: there are more or fewer of them.
        FactError: one is a text, a number, a date or a truth value where the other is none.
    """
    if len(keys) != len(own):
        found, expected = (", ".join(each) for each in (own, keys))
        why = f"the keys of `{name}` are {found}; expected one for each of those of the subjects: {expected}"
        raise BackendError("columnar", "", "", why)
    for key, mine in zip(keys, own, strict=True):
        wanted, there = frame.collect_schema()[key], other.collect_schema()[mine]
        if {_family(wanted), _family(there)} in _APART:
            raise FactError(mine, there, f"a column that can be compared with {key}, {wanted}")


def _family(dtype: Any) -> str:
    """What sort of key a column holds; empty where that does not show."""
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "date"
    return "text" if any(dtype == each for each in (nw.String, nw.Categorical, nw.Enum)) else ""


_APART = ({"number", "text"}, {"number", "date"}, {"text", "date"})


def _told(kind: type) -> str:
    return f"{kind.__name__} of {kind.__module__.partition('.')[0].lstrip('_')}"


def unique(frame: Frame, keys: Sequence[str]) -> None:
    """Make sure that no two rows are of one subject; of a lazy frame that is taken for granted.

    Raises:
        FactError: two are.
    """
    if isinstance(frame, nw.LazyFrame):
        return
    rows = frame.select(*keys).rows()
    seen: set[Any] = set()
    for row in rows:
        if row in seen:
            found = row[0] if len(row) == 1 else row
            raise FactError(", ".join(keys), found, "one row for each subject that has collections")
        seen.add(row)


def decided(
    frame: Frame,
    program: Program,
    keys: Sequence[str],
    setting: Setting,
    calendar: WorkingCalendar,
    children: Mapping[str, Items],
) -> tuple[Any, Any]:
    """The native frames of hits and of what is undetermined.

    Raises:
        BackendError: a rule has no meaning in columns, or the engine lacks what it needs.
        FactError: a column cannot hold the values of its fact.
    """
    try:
        hits, undetermined = violations(frame, program, keys, setting, calendar, children)
    except NotImplementedError as error:
        why = f"the engine {frame.implementation.value} lacks what a rule needs: {error}"
        raise BackendError("columnar", "", "", why, ("direct", "interpreter")) from None
    if (
        frame.implementation.is_pandas()
    ):  # the labels of the rows would be those of the subjects, many times over
        hits, undetermined = nw.maybe_reset_index(hits), nw.maybe_reset_index(undetermined)
    return hits.to_native(), undetermined.to_native()

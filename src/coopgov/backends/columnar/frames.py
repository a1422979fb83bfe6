"""Prepares a host's frames for checking: validates them, renames columns to facts and converts units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.coerce import scaled
from coopgov.backends.columnar.context import Items, not_applicable, unreadable
from coopgov.backends.columnar.dask import by_partition, is_dask
from coopgov.backends.columnar.engine_errors import foreign_errors
from coopgov.backends.columnar.keys import same_keys, unfit, unique
from coopgov.backends.columnar.results import violations
from coopgov.backends.columnar.spark import quoted
from coopgov.backends.columnar.zones import in_zone
from coopgov.errors import BackendError, UnknownNameError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.context import Frame
    from coopgov.backends.ir import Program
    from coopgov.language.interpreter import Setting
    from coopgov.locales import Phrase
    from coopgov.model import WorkingCalendar

__all__ = [
    "Items",
    "by_partition",
    "decided",
    "foreign_errors",
    "is_dask",
    "same_engine",
    "same_keys",
    "taken",
    "unique",
]


class Place(Protocol):
    """Where a fact is in a host's frame; see `coopgov.portfolio.Column`."""

    @property
    def name(self) -> str:
        """The column with its values."""

    @property
    def factor(self) -> float:
        """The factor from the column's unit to the fact's unit."""

    @property
    def not_applicable(self) -> str | None:
        """The column that flags where the fact does not apply."""

    @property
    def unreadable(self) -> str | None:
        """The column that flags cells that cannot be read."""


def taken(
    native: Any, keys: Sequence[str], columns: Mapping[str, Place], facts: Sequence[str], zone: str
) -> Frame:
    """Return a native frame with its facts under their names and in their units; `columns` says where they are.

    A time with a time zone becomes the local time in `zone`.

    Raises:
        BackendError: it is not a frame, has two columns of the same name, or its key is unsuitable.
        FactError: a column in another unit is not numeric.
        UnknownNameError: the column or the fact does not exist.
    """
    frame = _frame(native)
    there = frame.collect_schema().names()
    places = columns.values()
    named_ = (name for each in places for name in (each.name, each.not_applicable, each.unreadable))
    for name in (*keys, *named_):
        if name is not None and name not in there:
            raise UnknownNameError("column", name, there)
    for fact in columns:
        if fact not in facts:
            raise UnknownNameError("fact", fact, facts)
    why = unfit(frame, keys)
    if why:
        raise BackendError("columnar", "", "", why)
    read = [name for name in {*facts, *(each.name for each in places)} - {*keys} if name in there]
    frame = in_zone(frame, read, zone)
    named = [each for fact, place in columns.items() for each in _named(frame, fact, place)]
    return frame.with_columns(*named) if named else frame


def _frame(native: Any) -> Frame:
    try:
        frame: Frame = nw.from_native(native)
    except TypeError:
        why = phrase("backends.columnar.not-a-frame", found=type(native).__name__)
        raise BackendError("columnar", "", "", why) from None
    except nw.exceptions.DuplicateError:
        names = native.columns.tolist() if hasattr(native.columns, "tolist") else native.column_names
        doubled = next(name for place, name in enumerate(names) if name in names[:place])
        why = phrase("backends.columnar.same-columns", name=doubled)
        raise BackendError("columnar", "", "", why) from None
    return frame


def _named(frame: Frame, fact: str, place: Place) -> Iterator[Any]:
    plain = place.factor == 1
    found = nw.col(quoted(frame, place.name)) if plain else scaled(frame, place.name, place.factor)
    yield found.alias(fact)
    for flag, called in ((place.not_applicable, not_applicable), (place.unreadable, unreadable)):
        if flag is not None:
            yield nw.col(quoted(frame, flag)).alias(called(fact))


def same_engine(frame: Frame, name: str, other: Frame) -> None:
    """Refuse a collection whose frame cannot be joined to that of its subjects.

    Raises:
        BackendError: the frames are of different engines, or only one of them is lazy.
    """
    if type(frame) is not type(other) or frame.implementation is not other.implementation:
        found, expected = (_frame_kind(type(each.to_native())) for each in (other, frame))
        why = phrase("backends.columnar.other-frame", name=name, found=found, expected=expected)
        raise BackendError("columnar", "", "", why)


def _frame_kind(kind: type) -> Phrase:
    library = kind.__module__.partition(".")[0].lstrip("_")
    return phrase("backends.columnar.frame", kind=kind.__name__, library=library)


def decided(
    frame: Frame,
    program: Program,
    keys: Sequence[str],
    setting: Setting,
    calendar: WorkingCalendar,
    children: Mapping[str, Items],
) -> tuple[Any, Any]:
    """Return the native frames of hits and of undetermined entries.

    Raises:
        BackendError: a rule cannot be expressed in columns, or the engine lacks a feature.
        FactError: a column cannot hold the values of its fact.
    """
    try:
        hits, undetermined = violations(frame, program, keys, setting, calendar, children)
    except NotImplementedError as error:
        why = phrase("backends.columnar.lacks", engine=frame.implementation.value, error=error)
        raise BackendError("columnar", "", "", why, ("direct", "interpreter")) from None
    if (
        frame.implementation.is_pandas()
    ):  # otherwise the row labels would be those of the subjects, many times over
        hits, undetermined = nw.maybe_reset_index(hits), nw.maybe_reset_index(undetermined)
    return hits.to_native(), undetermined.to_native()

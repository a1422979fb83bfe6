"""Checks key columns: whether they can identify subjects, and whether a collection's keys match its subjects'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.columnar.spark import quoted
from coopgov.errors import BackendError, FactError
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.context import Frame
    from coopgov.locales import Phrase

__all__ = ["same_keys", "unfit", "unique"]


def unfit(frame: Frame, keys: Sequence[str]) -> Phrase | None:
    """Why columns are unsuitable as a key; None if they are suitable."""
    if not keys:
        return phrase("backends.columnar.no-key")
    for place, name in enumerate(keys):
        kind = frame.collect_schema()[name]
        if kind.is_nested() or (kind == nw.Object and not _hashable(frame, name)):
            return phrase("backends.columnar.key-type", name=name, kind=kind)
        if name in keys[:place]:
            return phrase("backends.columnar.key-twice", name=name)
        if name in {*HITS, *UNDETERMINED}:
            return phrase("backends.columnar.key-of-result", name=name)
        if quoted(frame, name) != name:
            return phrase("backends.columnar.key-with-dot", name=name)
    return None


def _hashable(frame: Frame, name: str) -> bool:
    """Whether pandas objects can be compared as keys: lists and mappings cannot."""
    try:
        set(frame.to_native()[name])
    except TypeError:
        return False
    return True


def same_keys(frame: Frame, keys: Sequence[str], name: str, other: Frame, own: Sequence[str]) -> None:
    """Refuse keys of a collection that do not match those of its subjects.

    Raises:
        BackendError: the numbers of key columns differ.
        FactError: the types of two keys differ, such as a text and a number.
    """
    if len(keys) != len(own):
        found, expected = listed(own), listed(keys)
        why = phrase("backends.columnar.key-numbers", name=name, found=found, expected=expected)
        raise BackendError("columnar", "", "", why)
    for key, mine in zip(keys, own, strict=True):
        wanted, there = frame.collect_schema()[key], other.collect_schema()[mine]
        if {_family(wanted), _family(there)} in _APART:
            raise FactError(mine, there, phrase("backends.columnar.comparable", key=key, kind=wanted))


def _family(dtype: Any) -> str:
    """The kind of key that a column holds; empty if its type does not show that."""
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "date"
    return "text" if any(dtype == each for each in (nw.String, nw.Categorical, nw.Enum)) else ""


_APART = ({"number", "text"}, {"number", "date"}, {"text", "date"})


def unique(frame: Frame, keys: Sequence[str]) -> None:
    """Refuse two rows of the same subject; in a lazy frame, unique keys are assumed.

    Raises:
        FactError: two rows have the same key.
    """
    if isinstance(frame, nw.LazyFrame):
        return
    rows = frame.select(*keys).rows()
    seen: set[Any] = set()
    for row in rows:
        if row in seen:
            found = row[0] if len(row) == 1 else row
            raise FactError(", ".join(keys), found, phrase("backends.columnar.one-row"))
        seen.add(row)

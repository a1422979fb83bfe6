"""Checks key columns: whether they can identify subjects, and whether a collection's keys match its subjects'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.columnar.spark import quoted
from coopgov.errors import BackendError, FactError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.backends.columnar.context import Frame

__all__ = ["same_keys", "unfit", "unique"]


def unfit(frame: Frame, keys: Sequence[str]) -> str:
    """Why columns are unsuitable as a key; empty if they are suitable."""
    if not keys:
        return "no key was named, expected the name of one column or more"
    for place, name in enumerate(keys):
        kind = frame.collect_schema()[name]
        if kind.is_nested() or (kind == nw.Object and not _hashable(frame, name)):
            return f'the key column "{name}" is a {kind}, expected texts, numbers, dates or truth values; make a text of it'
        if name in keys[:place]:
            return f'the key column "{name}" is named twice'
        if name in {*HITS, *UNDETERMINED}:
            return f'the key column "{name}" has the name of a column of the result; give it another name'
        if quoted(frame, name) != name:
            return f'Spark would read the dot in the key column "{name}" as a way into a structure; give it another name'
    return ""


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
        found, expected = (", ".join(each) for each in (own, keys))
        why = f"the keys of `{name}` are {found}; expected one for each of those of the subjects: {expected}"
        raise BackendError("columnar", "", "", why)
    for key, mine in zip(keys, own, strict=True):
        wanted, there = frame.collect_schema()[key], other.collect_schema()[mine]
        if {_family(wanted), _family(there)} in _APART:
            raise FactError(mine, there, f"a column that can be compared with {key}, {wanted}")


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
            raise FactError(", ".join(keys), found, "one row for each subject that has collections")
        seen.add(row)

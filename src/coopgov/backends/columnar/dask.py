"""Frames of Dask: Dask hands each of its partitions, a frame of pandas, to the same check as any frame of pandas.

So the plan is one step, however many rules there are. Where rules count items, Dask's own shuffle first brings the items of
a subject to where the subject is. Nothing is distributed by us.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Told = Callable[[Any, Mapping[str, Any]], tuple[Any, Any]]
    """From a frame of pandas of subjects, and those of their items, to the frames of hits and of what is undetermined."""

__all__ = ["by_partition", "is_dask"]


def is_dask(frame: Any) -> bool:
    """Whether something is a frame of Dask, which need not be installed."""
    dask = sys.modules.get("dask.dataframe")
    return dask is not None and isinstance(frame, dask.DataFrame)


def by_partition(
    frame: Any, keys: Sequence[str], items: Mapping[str, tuple[Any, Sequence[str]]], told: Told
) -> tuple[Any, Any]:
    """The frames of hits and of what is undetermined; nothing is computed yet.

    `items` are the frames of collections and their keys. `told` is called once without rows, so that what is wrong with names,
    with the types of columns or with a rule is told at once.

    Raises:
        BackendError: the frame of a collection is none of Dask, or its key has another type than that of the subjects.
    """
    for name, (each, own) in items.items():
        if not is_dask(each):
            why = f"the frame of `{name}` is a {type(each).__name__}, expected one of Dask as that of the subjects"
            raise BackendError("columnar", "", "", why)
        _same_types(frame, keys, name, each, own)
    check = _Partition(tuple(keys), tuple(items), told)
    check = replace(check, token=pickle.dumps(check))
    frames = [frame, *(each for each, _ in items.values())]
    meta = check(*(each._meta for each in frames))  # noqa: SLF001  # Dask's name for the types of a frame
    if items:
        frames = _brought_together([(frame, keys), *items.values()])
    options = {"clear_divisions": True, "align_dataframes": False}
    rows = frames[0].map_partitions(check, *frames[1:], meta=meta, **options)
    hits, undetermined = (
        rows.map_partitions(_part, [*keys, *columns], hits=columns is HITS, meta=meta[[*keys, *columns]])
        for columns in (HITS, UNDETERMINED)
    )
    return hits, undetermined


def _same_types(frame: Any, keys: Sequence[str], name: str, items: Any, own: Sequence[str]) -> None:
    """Make sure that equal keys meet: Dask tells the partition of a row by the bytes of its keys."""
    for key, other in zip(keys, own, strict=False):
        found, expected = items.dtypes.get(other), frame.dtypes.get(key)
        if found is not None and expected is not None and found != expected:
            why = f"the key `{other}` of `{name}` is {found}, expected {expected} as `{key}` of the subjects"
            raise BackendError("columnar", "", "", why)


def _brought_together(frames: Sequence[tuple[Any, Sequence[str]]]) -> list[Any]:
    """The frames with equal keys in partitions of the same number."""
    number = max(each.npartitions for each, _ in frames)
    return [each.shuffle(on=list(own), npartitions=number, force=True) for each, own in frames]


def _part(rows: Any, columns: list[str], *, hits: bool) -> Any:
    """The rows of hits, or of what is undetermined, which have no severity."""
    return rows.loc[rows["severity"].notna() == hits, columns].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Partition:
    """What is done with a partition of subjects and those of the collections, each a frame of pandas."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    told: Told
    token: bytes = b""

    def __dask_tokenize__(self) -> bytes:
        """What tells this check from any other, for Dask's names of tasks: made once, as rules keep caches."""
        return self.token

    def __call__(self, subjects: Any, *items: Any) -> Any:
        """Hits and what is undetermined, one below the other; the latter have no severity."""
        import pandas as pd

        found = self.told(subjects, dict(zip(self.names, items, strict=True)))
        return pd.concat([self._whole(each) for each in found], ignore_index=True)

    def _whole(self, rows: Any) -> Any:
        """Rows with all columns, of the same types in every partition."""
        import pandas as pd

        names = dict.fromkeys((*HITS, *UNDETERMINED))
        columns = {name: rows[name] if name in rows.columns else pd.NA for name in names}
        types = {name: "Float64" if name in ("value", "threshold") else "string" for name in names}
        return rows[list(self.keys)].assign(**columns).astype(types)

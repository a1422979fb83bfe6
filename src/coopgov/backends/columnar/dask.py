"""Runs checks on Dask: each partition, a pandas frame, goes through the same check as any other pandas frame.

The plan therefore has one step, however many rules there are. Where rules count items, Dask's own shuffle first brings
the items of a subject to the partition of the subject; coopgov distributes nothing itself.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.errors import BackendError
from coopgov.locales import phrase
from coopgov.optional import pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Evaluate = Callable[[Any, Mapping[str, Any]], tuple[Any, Any]]
    """From a pandas frame of subjects, and those of their items, to the frames of hits and of undetermined entries."""

__all__ = ["by_partition", "is_dask"]


def is_dask(frame: Any) -> bool:
    """Whether something is a Dask frame; Dask need not be installed."""
    dask = sys.modules.get("dask.dataframe")
    return dask is not None and isinstance(frame, dask.DataFrame)


def by_partition(
    frame: Any, keys: Sequence[str], items: Mapping[str, tuple[Any, Sequence[str]]], evaluate: Evaluate
) -> tuple[Any, Any]:
    """Return the lazy frames of hits and of undetermined entries.

    `items` are the frames of collections and their keys. `evaluate` is called once without rows, so that faults in
    names, in the types of columns or in a rule are raised at once.

    Raises:
        BackendError: the frame of a collection is not a Dask frame, or its key differs in type from the subjects' key.
    """
    for name, (each, own) in items.items():
        if not is_dask(each):
            why = phrase("backends.columnar.not-dask", name=name, found=type(each).__name__)
            raise BackendError("columnar", "", "", why)
        _same_types(frame, keys, name, each, own)
    check = _Partition(tuple(keys), tuple(items), evaluate)
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
    """Refuse keys of different types: Dask assigns rows to partitions by the bytes of their keys."""
    for key, other in zip(keys, own, strict=False):
        found, expected = items.dtypes.get(other), frame.dtypes.get(key)
        if found is not None and expected is not None and found != expected:
            types = {"found": found, "expected": expected}
            why = phrase("backends.columnar.other-key-type", name=name, other=other, key=key, **types)
            raise BackendError("columnar", "", "", why)


def _brought_together(frames: Sequence[tuple[Any, Sequence[str]]]) -> list[Any]:
    """Shuffle the frames so that equal keys are in partitions of the same number."""
    number = max(each.npartitions for each, _ in frames)
    return [each.shuffle(on=list(own), npartitions=number, force=True) for each, own in frames]


def _part(rows: Any, columns: list[str], *, hits: bool) -> Any:
    """Select the rows of hits, or of undetermined entries, which have no severity."""
    return rows.loc[rows["severity"].notna() == hits, columns].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Partition:
    """Checks a partition of subjects and the partitions of their collections, each a pandas frame."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    evaluate: Evaluate
    token: bytes = b""

    def __dask_tokenize__(self) -> bytes:
        """Identifies this check in Dask's task names: created once, because caches in rules would change a hash."""
        return self.token

    def __call__(self, subjects: Any, *items: Any) -> Any:
        """Return hits and undetermined entries in one frame; the latter have no severity."""
        found = self.evaluate(subjects, dict(zip(self.names, items, strict=True)))
        return pandas.concat([self._whole(each) for each in found], ignore_index=True)

    def _whole(self, rows: Any) -> Any:
        """Return rows with all columns, of the same types in every partition."""
        names = dict.fromkeys((*HITS, *UNDETERMINED))
        columns = {name: rows[name] if name in rows.columns else pandas.NA for name in names}
        types = dict.fromkeys(names, "string")
        types |= {"value": "Float64", "threshold": "Float64", "past": "boolean"}
        return rows[list(self.keys)].assign(**columns).astype(types)

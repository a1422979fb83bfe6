"""Frames of Dask: Dask hands each of its partitions, a frame of pandas, to the same check as any frame of pandas.

So the plan is one step, however many rules there are. Where rules count items, Dask's own shuffle first brings the items of
a subject to where the subject is. Nothing is distributed by us.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.sheet import HITS, UNDETERMINED, Items
from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Told = Callable[[Any, Mapping[str, Items]], tuple[Any, Any]]
    """From a frame of subjects and those of their items to the native frames of hits and of what is undetermined."""

__all__ = ["by_partition"]


def by_partition(
    frame: Any, keys: Sequence[str], children: Mapping[str, Items], told: Told
) -> tuple[Any, Any]:
    """The native frames of hits and of what is undetermined; nothing is computed yet.

    `told` is called once without rows, so that what is wrong with the types of columns or with a rule is told at once.

    Raises:
        BackendError: the key of a collection has another type than that of the subjects.
    """
    native, items = frame.to_native(), {name: each.frame.to_native() for name, each in children.items()}
    if items:
        number = max(each.npartitions for each in (native, *items.values()))
        for name, each in children.items():
            _same_types(name, native, keys, items[name], each.keys)
            items[name] = items[name].shuffle(on=list(each.keys), npartitions=number, force=True)
        native = native.shuffle(on=list(keys), npartitions=number, force=True)
    check = _Partition(tuple(keys), {name: each.keys for name, each in children.items()}, told)
    check = replace(check, token=pickle.dumps(check))
    meta = check(native._meta, *(each._meta for each in items.values()))  # noqa: SLF001  # Dask's name for a frame's types
    rows = native.map_partitions(
        check, *items.values(), meta=meta, clear_divisions=True, align_dataframes=False
    )
    hits, undetermined = (
        rows.map_partitions(_part, [*keys, *columns], hits=columns is HITS, meta=meta[[*keys, *columns]])
        for columns in (HITS, UNDETERMINED)
    )
    return hits, undetermined


def _part(rows: Any, columns: list[str], *, hits: bool) -> Any:
    """The rows of hits, or of what is undetermined, which have no severity."""
    return rows.loc[rows["severity"].notna() == hits, columns].reset_index(drop=True)


def _same_types(name: str, subjects: Any, keys: Sequence[str], items: Any, own: Sequence[str]) -> None:
    """Make sure that equal keys are told to the same partition: Dask does that by their bytes."""
    for key, other in zip(keys, own, strict=True):
        found, expected = items.dtypes[other], subjects.dtypes[key]
        if found != expected:
            why = f"the key `{other}` of `{name}` is {found}, expected {expected} as `{key}` of the subjects"
            raise BackendError("columnar", "", "", why)


@dataclass(frozen=True, slots=True)
class _Partition:
    """What is done with a partition of subjects and those of the collections, each a frame of pandas."""

    keys: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]
    told: Told
    token: bytes = b""

    def __dask_tokenize__(self) -> bytes:
        """What tells this check from any other, for Dask's names of tasks: made once, as rules keep caches."""
        return self.token

    def __call__(self, subjects: Any, *items: Any) -> Any:
        """Hits and what is undetermined, one below the other; the latter have no severity."""
        import pandas as pd

        frames = {
            name: Items(nw.from_native(each), keys)
            for (name, keys), each in zip(self.children.items(), items, strict=True)
        }
        found = self.told(nw.from_native(subjects), frames)
        return pd.concat([self._whole(each) for each in found], ignore_index=True)

    def _whole(self, rows: Any) -> Any:
        """Rows with all columns, of the same types in every partition."""
        import pandas as pd

        numbers = ("value", "threshold")
        columns = {
            name: rows[name] if name in rows.columns else pd.NA
            for name in dict.fromkeys((*HITS, *UNDETERMINED))
        }
        types = {name: "Float64" if name in numbers else "string" for name in columns}
        return rows[list(self.keys)].assign(**columns).astype(types)

"""Records of the made-up subjects as frames: one of works, with columns of the whole, one of parts and one of tickets."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from language.expressions import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Columns", "columns_of", "plain"]

Columns = dict[str, tuple[str, list[Any]]]
_KINDS = {"date": "date", "text": "text", "truth": "truth", "texts": "texts"}


def _rows(about: str, records: Sequence[dict[str, Any]], prefix: str = "") -> Columns:
    return {
        prefix + fact.name: (
            _KINDS.get(fact.type.kind, "number"),
            [None if record is None else record.get(fact.name) for record in records],
        )
        for fact in CATALOGUE.about(about)
        if fact.type is not None and fact.type.kind != "collection"
    }


def columns_of(works: Sequence[dict[str, Any]]) -> tuple[Columns, Columns, Columns]:
    """The columns of works, of their parts and of their tickets; each work has an `id`, which the others name as `of`."""
    keys = [f"w{number}" for number in range(len(works))]
    own = {
        "id": ("text", keys),
        **_rows("work", works),
        **_rows("whole", [work["whole"] for work in works], "whole."),
    }
    others = []
    for name, about in (("parts", "part"), ("tickets", "ticket")):
        items = [(key, item) for key, work in zip(keys, works, strict=True) for item in work[name]]
        others.append(
            {"of": ("text", [key for key, _ in items]), **_rows(about, [item for _, item in items])}
        )
    return own, *others  # type: ignore[return-value]


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """A record as frames can hold it: numbers as floats, every collection there, every item with its work and its whole."""
    work = _plain(record, "work")
    work["whole"] = _plain(record.get("whole") or {}, "whole")
    for name, about in (("parts", "part"), ("tickets", "ticket")):
        work[name] = [_plain(item, about) for item in record.get(name) or ()]
    for part in work["parts"]:
        part |= {"work": work, "whole": work["whole"]}
    return work


def _plain(record: dict[str, Any], about: str) -> dict[str, Any]:
    names = {
        fact.name
        for fact in CATALOGUE.about(about)
        if fact.type is not None and fact.type.kind != "collection"
    }
    return {
        name: float(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
        for name, value in record.items()
        if name in names
    }

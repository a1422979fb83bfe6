"""Special handling of DuckDB: results in one query, which computes the columns of all checks once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.backends.columnar.values import Column

    Rows = tuple[nw.Expr, Mapping[str, Column]]

__all__ = ["united"]


def united(frame: Any, rows: Sequence[Rows], keys: Sequence[str], mark: str) -> Any:
    """Return the results of a DuckDB frame; each of `rows` says where there is a row, and the values of its columns.

    Intermediate columns begin with `mark`. Filtering rule by rule and stacking the results would make DuckDB plan, and
    compute, everything once for each rule. Values are computed only for the rows of their rule.
    """
    wide, parts = [], []
    for number, (where, columns) in enumerate(rows):
        wide.append(where.alias(f"{mark}{number}"))
        named = [_name(key) for key in keys]
        for name, value in columns.items():
            if isinstance(value, nw.Expr):
                wide.append(nw.when(where).then(value).alias(f"{mark}{number}_{name}"))
            read = f"{mark}{number}_{name}"
            named.append(f"{_name(read) if isinstance(value, nw.Expr) else _literal(value)} as {_name(name)}")
        parts.append(f"select {', '.join(named)} from {_name(mark)} where {_name(f'{mark}{number}')}")  # noqa: S608  # all names are quoted
    given = f"{mark}given"
    query = f"with {_name(mark)} as materialized (from {_name(given)}) {' union all '.join(parts)}"
    native: Any = frame.select(*keys, *wide).to_native()
    return nw.from_native(native.query(given, query))


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    """A value in SQL: a text, a truth value, a number, or a number that is missing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"cast({'null' if value is None else repr(repr(value))} as double)"

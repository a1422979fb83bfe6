"""What a store needs of a database: transactions, and rows for a text of SQL."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from coopgov.cases.store.chain import LogRow

__all__ = ["Database", "Durability", "Rows", "canonical", "scripts_of"]

Durability = Literal["full", "normal"]
"""How durable a transaction is.

`full`: what a call returned survives a power cut. `normal`: it survives a crash of the program, but a power cut can
take the last transactions; what remains is consistent.
"""
_HALF = re.compile("[\ud800-\udfff]")


class Rows(Protocol):
    """A transaction in progress."""

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement, whose values are question marks, and return its rows."""
        ...


class Database(Protocol):
    """A database that holds a store; `name` is what errors name, without a password."""

    @property
    def name(self) -> str:
        """The path or address, without a password."""
        ...

    @property
    def folder(self) -> Path | None:
        """The folder of the file; None for a server."""
        ...

    def reading(self) -> AbstractContextManager[Rows]:
        """Begin a transaction that sees one state."""
        ...

    def writing(self) -> AbstractContextManager[Rows]:
        """Begin a transaction that writes, after all others that write have ended."""
        ...

    def log_rows(self, rows: Rows, after: int, most: int) -> Sequence[LogRow]:
        """Return rows of the log exactly as they are stored; a row that cannot be read is a `BrokenLogError`."""
        ...

    def check(self, rows: Rows) -> None:
        """Raise a `StoreUnusableError` where the storage itself is damaged."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


def canonical(value: object) -> str:
    """Return a value as JSON in canonical form: keys sorted, no spaces, letters as they are.

    Half a surrogate pair, which UTF-8 cannot hold, stays the escape that it is in JSON.

    >>> canonical({"b": [1, None], "a": "延期"})
    '{"a":"延期","b":[1,null]}'
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def scripts_of(folder: Traversable) -> list[str]:
    """Return the numbered scripts of a folder, in order: the first makes the tables, each later one changes them."""
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda e: e.name)
    return [each.read_text(encoding="utf-8") for each in found]

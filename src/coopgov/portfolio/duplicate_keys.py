"""Find duplicate keys without holding all keys in memory: in a table on disk that is deleted when it is closed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Seen", "on_disk"]

_CACHE_KILOBYTES = 32_768


def on_disk() -> sqlite3.Connection:
    """An empty database in a temporary file, of which only a limited part is held in memory."""
    connection = sqlite3.connect("")
    for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KILOBYTES}"):
        connection.execute(f"PRAGMA {setting}")
    return connection


class Seen:
    """The keys seen so far, and the row of each; only a limited part is held in memory."""

    def __init__(self) -> None:
        self.connection = on_disk()
        self.connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def repeated(self, keys: Sequence[str], rows: Sequence[int]) -> dict[int, int]:
        """The positions of keys that an earlier row has, in this or an earlier call, with the number of that row.

        >>> seen = Seen()
        >>> seen.repeated(["a", "b", "a"], [1, 2, 3])
        {2: 1}
        >>> seen.close()
        """
        before = self.connection.total_changes
        pairs = list(zip(keys, rows, strict=True))
        self.connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", pairs)
        if self.connection.total_changes - before == len(pairs):
            return {}
        find = self.connection.execute
        first = [find("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()[0] for key in keys]
        return {at: there for at, (there, row) in enumerate(zip(first, rows, strict=True)) if there != row}

    def close(self) -> None:
        """Close and delete the table."""
        self.connection.close()

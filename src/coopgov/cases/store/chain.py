"""The chain of the log: each row carries a hash of itself and of the row before it.

The hash is SHA-256 over the previous hash and the fields of the row, each as a netstring: the number of its UTF-8
bytes in decimal, a colon, the bytes, a comma. No two different rows give the same bytes, and any language that has
SHA-256 can check a log.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["BEFORE_THE_FIRST", "Head", "LogRow", "link", "netstrings", "sha256_of"]

BEFORE_THE_FIRST = "0" * 64
"""The previous hash of the first row."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: the number of its last row, and that row's hash; 0 and 64 zeros for an empty log.

    Whoever writes it down elsewhere can later prove that no row was removed from the end.
    """

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the log.

    `seq` counts from 1 without a gap. `at` is what the caller recorded as the time, an ISO date or time. `kind` says
    what `data` is: `begin`, `change`, `notice`, `step` or `redact`. `case` is the case's id, or empty. `data` is JSON
    in canonical form: keys sorted, no spaces, UTF-8. Free texts in it are replaced by salted hashes.
    """

    seq: int
    at: str
    kind: str
    case: str
    data: str
    previous: str
    hash: str

    def computed(self) -> str:
        """Return the hash that the row should have."""
        return link(self.previous, str(self.seq), self.at, self.kind, self.case, self.data)


def netstrings(*fields: str) -> bytes:
    """Return fields as netstrings, one after the other.

    >>> netstrings("7", "C-1", "")
    b'1:7,3:C-1,0:,'
    """
    encoded = [field.encode() for field in fields]
    return b"".join(b"%d:%s," % (len(field), field) for field in encoded)


def sha256_of(*fields: str) -> str:
    """Return the SHA-256 of fields as netstrings, in hexadecimal."""
    return hashlib.sha256(netstrings(*fields)).hexdigest()


def link(previous: str, *fields: str) -> str:
    """Return the hash of a row: over the previous hash and the fields of the row."""
    return sha256_of(previous, *fields)

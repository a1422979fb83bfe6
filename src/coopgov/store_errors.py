"""The exceptions of a store of cases; each names the store, without a password.

::

    CoopgovError
    └── StoreError               a store refuses; nothing was written
        ├── StaleRevisionError   somebody else wrote in the meantime
        ├── BrokenLogError       a row of the log is not as it was written
        ├── StoreNewerError      a newer coopgov wrote the store
        ├── NoFreeTextError      a row of the log has no free text to black out
        ├── OtherAgreementError  the store holds the cases of another agreement
        └── StoreUnusableError   the file or server cannot be used: no database, read-only, full, locked
"""

from __future__ import annotations

from typing import ClassVar

from coopgov.errors import CoopgovError
from coopgov.faults import NO_HINT, Fault, Place
from coopgov.locales import Phrase, phrase, verbatim

__all__ = [
    "BrokenLogError",
    "NoFreeTextError",
    "OtherAgreementError",
    "StaleRevisionError",
    "StoreError",
    "StoreNewerError",
    "StoreUnusableError",
]

_SHOWN = 10
"""How many rows an error names: the newest."""


class StoreError(CoopgovError):
    """A store refuses, and nothing was written; `store` is its path or address, and `fault` says what is wrong."""

    code: ClassVar[str]

    def __init__(self, store: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        super().__init__(store, found, expected, hint)
        self.store = store
        self.fault: Fault = Fault(Place(store, 0, 0), self.code, found, expected, hint)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the store, the code, what was found and expected, and the hint, as text in a language."""
        return self.fault.in_language(language)


class StaleRevisionError(StoreError):
    """Somebody else wrote since the cases were read: `what` is a case's id, or `day` for the last day seen.

    Read the cases again, and repeat what was to be done with them.
    """

    code = "stale-revision"

    def __init__(self, store: str, what: str, found: object, expected: object) -> None:
        self.what = what
        self.found = found
        self.expected = expected
        said = {"what": what, "found": str(found), "expected": str(expected)}
        super().__init__(
            store,
            phrase("store.stale.found", **said),
            phrase("store.stale.expected", **said),
            phrase("store.stale.hint"),
        )


class BrokenLogError(StoreError):
    """A row of the log is not as it was written, or missing: `seq` is its number.

    `found` and `expected` are hashes, numbers of rows, or texts of the row.
    """

    code = "broken-log"

    def __init__(self, store: str, seq: int, what: str, found: str, expected: str) -> None:
        self.seq = seq
        self.what = what
        self.found = found
        self.expected = expected
        part = phrase(f"store.broken.{what}")
        super().__init__(
            store,
            phrase("store.broken.found", seq=str(seq), part=part, found=found),
            verbatim(expected),
            phrase("store.broken.hint"),
        )


class StoreNewerError(StoreError):
    """A newer coopgov wrote the store: `found` is the version of its tables, `known` the newest that this one knows."""

    code = "store-newer"

    def __init__(self, store: str, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            store,
            phrase("store.newer.found", version=str(found)),
            phrase("store.newer.expected", version=str(known)),
            phrase("store.newer.hint"),
        )


class NoFreeTextError(StoreError):
    """The row `row` of the log has no free text that could be blacked out; `rows` are those that have one."""

    code = "no-free-text"

    def __init__(self, store: str, row: int, rows: tuple[int, ...]) -> None:
        self.row = row
        self.rows = rows
        shown = [str(each) for each in rows[-_SHOWN:]]
        if len(rows) > len(shown):
            shown.insert(0, "…")
        super().__init__(
            store,
            phrase("store.no-text.found", seq=str(row)),
            phrase("store.no-text.expected"),
            phrase("store.no-text.hint", rows=", ".join(shown)) if rows else NO_HINT,
        )


class OtherAgreementError(StoreError):
    """The store holds the cases of the agreement `found`, not of `expected`."""

    code = "store-other-agreement"

    def __init__(self, store: str, found: str, expected: str) -> None:
        self.found = found
        self.expected = expected
        super().__init__(
            store,
            phrase("store.other.agreement", agreement=found),
            phrase("store.other.agreement", agreement=expected),
            phrase("store.other.hint"),
        )


class StoreUnusableError(StoreError):
    """The file or server cannot be used as a store: it is no database, read-only, full, locked or not reachable."""

    code = "store-unusable"

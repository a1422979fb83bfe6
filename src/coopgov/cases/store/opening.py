"""Opens a store by its path or address."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.cases.store.sql_store import SqlStore
from coopgov.faults import NO_HINT
from coopgov.locales import phrase
from coopgov.store_errors import OtherAgreementError, StoreUnusableError

if TYPE_CHECKING:
    from coopgov.cases.store.database import Durability

__all__ = ["open_store"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""An address; a drive of Windows has one letter."""
_POSTGRESQL = ("postgresql://", "postgres://")


def open_store(
    path_or_url: str | os.PathLike[str],
    *,
    agreement: str | None = None,
    create: bool = True,
    durability: Durability = "full",
) -> SqlStore:
    """Open the store of an agreement's cases: a file, or a schema of a PostgreSQL server.

    A store that does not exist is made. Close it, or use it as a context manager.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/cases.db") as store:
    ...     store.read()

    Args:
        path_or_url: The path of an SQLite file, or `postgresql://USER@HOST/DATABASE`; `?schema=NAME` names the schema,
            which is `coopgov` by default. PostgreSQL needs `pip install "coopgov[postgres]"`.
        agreement: The id of the agreement that the store must be about, if it holds cases.
        create: Whether to make a store that does not exist.
        durability: `full`: what a call returned survives a power cut. `normal`: it survives a crash of the program,
            and several times as many steps a second fit in; a power cut can take the last ones.

    Raises:
        StoreUnusableError: It is no store, damaged, locked, read-only, full or not reachable.
        StoreNewerError: A newer coopgov wrote it.
        OtherAgreementError: It holds the cases of another agreement.
    """
    address = os.fsdecode(path_or_url)
    store = SqlStore(_database(address, create=create, durability=durability))
    try:
        store.open()
        if agreement is not None:
            _refuse_other(store, agreement)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_other(store: SqlStore, agreement: str) -> None:
    found = store.read()
    if found is not None and found.agreement != agreement:
        raise OtherAgreementError(store.name, found.agreement, agreement)


def _database(address: str, *, create: bool, durability: Durability) -> Any:
    scheme = _SCHEME.match(address)
    if scheme is None:
        if address in ("", ":memory:"):
            raise _refused(address)
        module = importlib.import_module("coopgov.cases.store.sqlite")
        return module.SqliteDatabase(Path(address), create=create, durability=durability)
    if scheme[0].lower() not in _POSTGRESQL:
        found = phrase("store.unusable.scheme", scheme=scheme[0])
        raise StoreUnusableError(
            scheme[0], found, phrase("store.expected.path-or-address"), NO_HINT
        )  # the rest may be secret
    module = importlib.import_module("coopgov.cases.store.postgresql")
    return module.PostgresqlDatabase(address, create=create, durability=durability)


def _refused(address: str) -> StoreUnusableError:
    found = phrase("store.unusable.memory" if address else "store.unusable.empty-name")
    hint = phrase("store.hints.memory") if address else NO_HINT
    return StoreUnusableError(address or '""', found, phrase("store.expected.path-or-address"), hint)

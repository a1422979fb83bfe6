"""Stores for tests: each in SQLite and in PostgreSQL."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import pytest

import coopgov
from optional import needs
from postgres_server import programs, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coopgov.cases.store import SqlStore

_NUMBERS = itertools.count()


@pytest.fixture(name="postgres", scope="session")
def _postgres() -> Iterator[str]:
    """The address of a server that runs as long as the tests."""
    needs("psycopg")
    if programs() is None:
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    with server() as address:
        yield address


@pytest.fixture(name="address", params=["sqlite", "postgresql"])
def _address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """What opens the store of a name: a path, or an address with a schema."""
    if request.param == "sqlite":
        return lambda name: str(tmp_path / f"{name}.db")
    address, number = request.getfixturevalue("postgres"), next(_NUMBERS)
    return lambda name: f"{address}?schema=s{number}_{name}"


@pytest.fixture(name="opened")
def _opened(address: Callable[[str], str]) -> Iterator[Callable[[str], SqlStore]]:
    """Open the store of a name; all are closed in the end."""
    stores: list[SqlStore] = []

    def opened(name: str, durability: Literal["full", "normal"] = "normal") -> SqlStore:
        stores.append(coopgov.open_store(address(name), durability=durability))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()

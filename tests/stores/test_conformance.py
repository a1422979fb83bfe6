"""Both stores pass every check that a store of a host must pass, and the checks find what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.testing import ConformanceError, check_store, store_checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopgov.cases.store import SqlStore


@pytest.mark.parametrize("check", store_checks())
def test_a_store_does_what_it_must(check: str, opened: Callable[[str], SqlStore]) -> None:
    """The store does what the docstring of the check says."""
    store_checks()[check](opened)


class _Broken:
    """A store with a method that does something else."""

    def __init__(self, store: SqlStore, method: str, does: Callable[[SqlStore], Any]) -> None:
        self._store = store
        self._method = method
        self._does = does

    def __getattr__(self, name: str) -> Any:
        return self._does(self._store) if name == self._method else getattr(self._store, name)


def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


def _unlocked(store: SqlStore) -> Any:
    """Compute the step first, and record it later."""

    def update(step: Any, **options: Any) -> Any:
        made = step(store.read())
        return store.update(lambda _: made, **options)

    return update


BROKEN: dict[str, Callable[[SqlStore], Any]] = {
    "read": lambda _: _nothing,
    "log": lambda store: lambda **_: iter(tuple(store.log())[1:]),
    "verify": lambda store: lambda _=None: store.verify(),
    "redact": lambda _: _nothing,
    "update": _unlocked,
}


@pytest.mark.parametrize("method", BROKEN)
def test_the_checks_find_what_is_wrong(method: str, tmp_path: Path) -> None:
    """A store that forgets, hides, does not verify, does not redact, or lets others in between."""

    def opened(name: str) -> Any:
        store = coopgov.open_store(tmp_path / f"{name}.db", durability="normal")
        return _Broken(store, method, BROKEN[method])

    with pytest.raises(ConformanceError) as caught:
        check_store(opened)
    assert caught.value.deviations

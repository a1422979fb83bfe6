"""Run every check on a store, and report all deviations at once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from coopgov.locales import verbatim
from coopgov.testing.conformance.result import ConformanceError, Deviation
from coopgov.testing.stores.cases_checks import CASES_CHECKS
from coopgov.testing.stores.expecting import DeviatedError
from coopgov.testing.stores.outbox_checks import OUTBOX_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from coopgov.cases.store.protocol import Store

__all__ = ["check_store", "store_checks"]


def store_checks() -> dict[str, Callable[[Callable[[str], Store]], None]]:
    """Return the checks by name, for a test of each: `check(opened)` raises where the store deviates.

    `check_store` says what `opened` is.
    """
    return {check.__name__: check for check in (*CASES_CHECKS, *OUTBOX_CHECKS)}


def check_store(opened: Callable[[str], Store], *, skip: Collection[str] = ()) -> tuple[str, ...]:
    """Check that a store does what `Store` and `Outbox` promise.

    >>> import tempfile
    >>> import coopgov
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(check_store(lambda name: coopgov.open_store(f"{folder}/{name}.db", durability="normal")))
    21

    Args:
        opened: Opens the store of a name, which is empty when that name is opened for the first time. Each check has
            names of its own, opens some several times at once, also in other threads, and closes what it opened.
        skip: Names of checks that are not run.

    Returns:
        The names of the checks that were run.

    Raises:
        ConformanceError: The store deviates; every check that failed, with what was found and expected.
    """
    checks = {name: check for name, check in store_checks().items() if name not in skip}
    deviations = []
    for name, check in checks.items():
        left: list[Store] = []
        try:
            check(partial(_noting, opened, left))
        except DeviatedError as error:
            found, expected = verbatim(error.found), verbatim(error.expected)
            deviations.append(Deviation(name, "Store", found, expected))
        except Exception as error:  # noqa: BLE001  # whatever the store raises is a deviation
            found = verbatim(f"{type(error).__name__}: {error}")
            deviations.append(Deviation(name, "Store", found, verbatim((check.__doc__ or "").strip())))
        else:
            continue
        _close(left)
    if deviations:
        raise ConformanceError("Store", tuple(deviations))
    return tuple(checks)


def _noting(opened: Callable[[str], Store], left: list[Store], name: str) -> Store:
    """Open a store, and note it."""
    left.append(opened(name))
    return left[-1]


def _close(stores: Iterable[Store]) -> None:
    """Close what a check that failed has left open, and perhaps closed itself."""
    for store in stores:
        with suppress(Exception):
            store.close()

"""What a store says when what is in it cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.store_errors import StoreUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UNREADABLE", "readable"]

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a value raises that is not of its form."""


@contextmanager
def readable(store: str) -> Iterator[None]:
    """Report values that cannot be read as a damaged store."""
    try:
        yield
    except UNREADABLE as error:
        found, hint = phrase("store.unusable.damaged"), phrase("store.hints.restore")
        raise StoreUnusableError(store, found, phrase("store.expected.store"), hint) from error

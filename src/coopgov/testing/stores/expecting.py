"""How a check of a store says what deviates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DeviatedError", "raises", "same"]

E = TypeVar("E", bound=Exception)


class DeviatedError(Exception):
    """A store did something else than it must; `found` and `expected` say what, as Python writes it."""

    def __init__(self, found: object, expected: object) -> None:
        super().__init__(found, expected)
        self.found = _shown(found)
        self.expected = _shown(expected)


def same(found: object, expected: object) -> None:
    """Deviate unless two values are equal."""
    if found != expected:
        raise DeviatedError(found, expected)


def raises(kind: type[E], call: Callable[[], Any]) -> E:
    """Return the error that a call raises; deviate if it raises none."""
    try:
        found = call()
    except kind as error:
        return error
    raise DeviatedError(found, kind)


def _shown(value: object) -> str:
    text = value.__name__ if isinstance(value, type) else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"

"""Check the arguments of strategies as Hypothesis checks its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from coopgov.faults import NO_HINT, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["known_name", "of_class", "strategy"]


def strategy(value: Any, name: str) -> SearchStrategy[Any]:
    """The argument, which must be a strategy.

    Raises:
        InvalidArgument: it is something else.
    """
    if isinstance(value, SearchStrategy):
        return value
    raise InvalidArgument(f"{name}={value!r} must be a strategy; for one value write {name}=just({value!r})")


def of_class(value: Any, kind: type, name: str) -> Any:
    """The argument, which must be of a class; a datetime is not a date.

    Raises:
        InvalidArgument: it is something else.
    """
    if isinstance(value, kind) and not (hasattr(value, "hour") and kind.__name__ == "date"):
        return value
    raise InvalidArgument(f"{name}={value!r} must be of type {kind.__name__}")


def known_name(value: Any, known: Iterable[str], name: str) -> str:
    """The argument, which must be one of some names.

    Raises:
        InvalidArgument: it is something else; the nearest name is proposed.
    """
    names = sorted(known)
    if value in names:
        return str(value)
    hint = did_you_mean(value, names) if isinstance(value, str) else NO_HINT
    raise InvalidArgument(
        f"{name}={value!r} must be one of {', '.join(names)}" + (f"; {hint}" if hint else "")
    )

"""Validates arguments of public functions: an error names the wrong argument and says what fits."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from coopgov.errors import ArgumentError
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.hints import days
from coopgov.languages import LANGUAGES, canonical_tag, intended, is_known
from coopgov.locales import listed, phrase
from coopgov.locales import one_of as alternatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Taker = Callable[[str, Any], Any]

__all__ = [
    "A_PATH",
    "TEXT_OF_FILE",
    "a_day",
    "a_mapping",
    "a_tag",
    "a_text",
    "an_instance",
    "checked",
    "each",
    "one_of",
    "or_none",
]

P = ParamSpec("P")
R = TypeVar("R")


def checked(**takers: Taker) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Validate a function's arguments first; each taker returns the value that the function receives."""

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            for name, taker in takers.items():
                if (
                    name in bound.arguments
                    and bound.arguments[name] is not signature.parameters[name].default
                ):
                    bound.arguments[name] = taker(name, bound.arguments[name])
            return function(*bound.args, **bound.kwargs)

        return called

    return decorated


def an_instance(kind: type | tuple[type, ...], expected: str, hint: str = "") -> Taker:
    """Accept instances of a class; the error says how to create one.

    `expected` and `hint` are keys of texts: takers are made on import, which reads no texts.
    """

    def take(argument: str, value: Any) -> Any:
        if isinstance(value, kind):
            return value
        raise ArgumentError(argument, value, phrase(expected), phrase(hint) if hint else NO_HINT)

    return take


def or_none(taker: Taker) -> Taker:
    """Accept None, too."""
    return lambda argument, value: None if value is None else taker(argument, value)


def each(taker: Taker, expected: str) -> Taker:
    """Accept several values, each of which another taker accepts; `expected` is the key of a text."""

    def take(argument: str, value: Any) -> Any:
        try:
            values = None if isinstance(value, (str, bytes)) else tuple(value)
        except TypeError:
            values = None
        if values is None:
            raise ArgumentError(argument, value, phrase(expected))
        return tuple(taker(argument, one) for one in values)

    return take


def a_day(argument: str, value: Any) -> date:
    """Accept a date, or a date and time, of which the day counts."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    near = [repr(date.fromisoformat(day)).removeprefix("datetime.") for day in days(value)]
    hint = phrase("errors.write", spelling=alternatives(near)) if near else NO_HINT
    raise ArgumentError(argument, value, phrase("errors.expected.day"), hint)


def a_text(argument: str, value: Any) -> str:
    """Accept a text."""
    if isinstance(value, str):
        return value
    raise ArgumentError(argument, value, phrase("errors.expected.text"))


def a_mapping(argument: str, value: Any) -> Any:
    """Accept a mapping."""
    return an_instance(Mapping, "errors.expected.mapping")(argument, value)


def one_of(choices: Sequence[str]) -> Taker:
    """Accept one of several texts."""

    def take(argument: str, value: Any) -> Any:
        if isinstance(value, str) and value in choices:
            return value
        hint = did_you_mean(value, choices) if isinstance(value, str) else NO_HINT
        expected = phrase("errors.one-of", choices=listed(choices))
        raise ArgumentError(argument, value, expected, hint)

    return take


def a_tag(argument: str, value: Any) -> str:
    """Accept a language tag of any region, and return it in its canonical spelling."""
    if isinstance(value, str) and is_known(value):
        return canonical_tag(value)
    near = intended(value) if isinstance(value, str) else ""
    hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
    expected = phrase("errors.expected.language", languages=listed(LANGUAGES))
    raise ArgumentError(argument, value, expected, hint)


A_PATH = an_instance((str, Path), "errors.expected.path")
TEXT_OF_FILE = an_instance((str, bytes), "errors.expected.text-of-file")

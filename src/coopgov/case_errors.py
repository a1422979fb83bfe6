"""The exceptions of cases: each says what cannot be done, and what can be done instead.

::

    CoopgovError
    └── CaseError                what cannot be done with cases
        ├── RefusedEventError    an event that the state of its case does not allow
        ├── UnknownCaseError     a case that does not exist
        ├── GapError             a day that does not follow the last day seen
        └── DayBeforeLastError   a day before the last day seen
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Self

from coopgov.errors import CoopgovError
from coopgov.faults import NO_HINT, Place, did_you_mean, sentence
from coopgov.locales import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = [
    "CaseError",
    "DayBeforeLastError",
    "GapError",
    "RefusedEventError",
    "UnknownCaseError",
]


class CaseError(CoopgovError):
    """Something that cannot be done with cases: its code, what was found, what was expected, and a hint.

    `place` is where it was asked for, if that is in a file.
    """

    code = "case"

    def __init__(
        self, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT, place: Place | None = None
    ) -> None:
        super().__init__(found, expected, hint)
        self.found = found
        self.expected = expected
        self.hint = hint
        self.place = place

    def at(self, place: Place | None) -> Self:
        """Return the same error with its place."""
        found = copy(self)
        found.place = place or self.place
        return found

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return place, code, what was found, what was expected, and the hint, as text in a language."""
        at = f"{self.place.in_language(language)}: " if self.place else ""
        return f"{at}{self.code}: {sentence(self.found, self.expected, self.hint).in_language(language)}"


class RefusedEventError(CaseError):
    """An event that the state of its case does not allow.

    `case` is the id of the case, `state` the word that is shown for it, `event` the event, and `possible` the events
    that are possible for it now.
    """

    code = "refused-event"

    def __init__(
        self,
        case: str,
        state: str,
        event: str,
        possible: Iterable[str],
        why: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
    ) -> None:
        self.case = case
        self.state = state
        self.event = event
        self.possible: tuple[str, ...] = tuple(possible)
        found = phrase("cases.refused.found", event=event, case=case, state=state, why=why)
        super().__init__(found, expected, hint)


class UnknownCaseError(CaseError):
    """A case that does not exist; `name` is its id or `rule@subject`, and `known` are those that exist."""

    code = "unknown-case"

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        self.known: tuple[str, ...] = tuple(known)
        found = phrase("cases.unknown-case.found", name=name)
        super().__init__(found, phrase("cases.unknown-case.expected"), did_you_mean(name, self.known))


class GapError(CaseError):
    """A day that does not follow the last day seen; `day` is that day, and `next` the one that follows."""

    code = "gap"

    def __init__(self, day: date, next_day: date) -> None:
        self.day = day
        self.next = next_day
        expected, hint = phrase("cases.gap.expected", next=next_day), phrase("cases.gap.hint")
        super().__init__(phrase("cases.gap.found", day=day), expected, hint)


class DayBeforeLastError(CaseError):
    """A day before the last day seen, or before the first; `day` is that day, and `last` the one seen or the first."""

    code = "day-before-last"

    def __init__(self, day: date, last: date) -> None:
        self.day = day
        self.last = last
        expected = phrase("cases.day-before-last.expected", last=last)
        super().__init__(phrase("cases.day-before-last.found", day=day), expected)

"""All exceptions of the library, and the structure and display of faults in files.

::

    CoopgovError
    ├── ArgumentError       an argument that a function does not accept
    ├── InputError          files or objects that violate their format; carries every fault
    │   ├── AgreementError  … in an agreement
    │   ├── CaseTestsError  … in a file of case tests
    │   ├── ChangeError     … in changes to try out on an agreement
    │   ├── ChannelsError   … in a channels file
    │   ├── EventsError     … in a file of events, or of events that cannot be recorded
    │   ├── MappingError    … in a mapping file, or in the table that it describes
    │   ├── ReportNotesError  … in the notes of a report
    │   ├── RulesError      … in a rule file
    │   ├── RuleTestsError  … in a file of rule tests
    │   └── SourceError     … in a file of another system that is imported
    ├── ExpressionError     a text of the rule language that is malformed or has wrong names, types or units
    │   └── FollowingError  … only because a formula that it names is wrong, which has a fault of its own
    ├── CaseError           what cannot be done with cases
    │   ├── RefusedEventError    an event that the state of its case does not allow
    │   ├── UnknownCaseError     a case that does not exist
    │   ├── GapError             a day that does not follow the last day seen
    │   └── DayBeforeLastError   a day before the last day seen
    ├── FactError           a record for a checker has a value of the wrong type
    ├── BackendError        a backend that is unavailable, or cannot express a rule
    ├── FontMissingError    a character for which no font is there
    ├── PeriodError         an invalid period, or histories of different periods
    └── UnknownNameError    a rule, subject, pack or language that does not exist
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from coopgov.locales import Phrase, one_of, phrase, texts, verbatim
from coopgov.nearest import nearest
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

__all__ = [
    "AgreementError",
    "ArgumentError",
    "BackendError",
    "CaseError",
    "CaseTestsError",
    "ChangeError",
    "ChannelsError",
    "CoopgovError",
    "DayBeforeLastError",
    "EventsError",
    "ExpressionError",
    "FactError",
    "Fault",
    "FollowingError",
    "FontMissingError",
    "GapError",
    "InputError",
    "MappingError",
    "PeriodError",
    "Place",
    "RefusedEventError",
    "ReportNotesError",
    "RuleTestsError",
    "RulesError",
    "SourceError",
    "UnknownCaseError",
    "UnknownNameError",
]


_FOUND = 60
"""The most characters of a found text that a fault quotes."""
_LONGEST, _BEFORE = 200, 80
"""The most characters of a long line that are shown, and how many of them before the caret."""
MOST_ALIKE = 200
"""How many faults of one code are reported for a file; the last of them says how many more there are."""
NO_HINT = verbatim("")
"""The hint of a fault that has none."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1, columns in characters.

    In a workbook, `sheet` is the name of the sheet, and line and column are those of a cell: `form.xlsx:Tasks!G17`.
    """

    file: str
    line: int
    column: int
    sheet: str = ""

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the position; a place that is no file, such as a column of a frame, is named in the language."""
        file = verbatim(self.file).in_language(language)
        if self.sheet:
            return f"{file}:{self.sheet}!{column_letters(self.column)}{self.line}"
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: its place, its code, what was found, what was expected, and a hint.

    `source` is the line of the file, and `width` the number of characters that the caret marks. A fault in a
    Python object has no file: its place is the path of the value, with line and column 0. `more` is the number of
    further faults of the same code in the file that are not reported one by one.
    """

    place: Place
    code: str
    found: Phrase
    expected: Phrase
    hint: Phrase = NO_HINT
    source: str = ""
    width: int = 1
    more: int = 0

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the fault as text in a language: place, code and sentence, and the line of the file with a caret."""
        at = (
            self.place.in_language(language)
            if self.place.line
            else verbatim(self.place.file).in_language(language)
        )
        said = _sentence(self.found, self.expected, self.hint).in_language(language)
        more = phrase("common.more", more=f"{self.more:,}").in_language(language) if self.more else ""
        return visible(f"{at}: {self.code}: {said}") + self._quoted() + (f"\n    {more}" if more else "")

    def _quoted(self) -> str:
        """The line of the file with a caret below the marked characters."""
        if not self.source.strip():
            return ""
        start = max(0, self.place.column - 1 - _BEFORE) if len(self.source) > _LONGEST else 0
        shown = self.source[start : start + _LONGEST]
        caret = self._caret(shown, start)
        return f"\n    {'…' * bool(start)}{visible(shown)}\n    {' ' * bool(start)}{caret}"

    def _caret(self, shown: str, start: int) -> str:
        at = self.place.column - 1 - start
        before = visible(shown[:at])
        marked = visible(shown[at : at + self.width])
        indent = "".join("\t" if letter == "\t" else " " * display_width(letter) for letter in before)
        return indent + "^" * max(1, display_width(marked))


def column_letters(number: int) -> str:
    """Return the letters of a column of a sheet, counted from 1: 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sentence(found: Phrase, expected: Phrase, hint: Phrase) -> Phrase:
    """What was found and expected, and the hint if there is one."""
    if hint:
        return phrase("common.fault", found=found, expected=expected, hint=hint)
    return phrase("common.found", found=found, expected=expected)


def display_width(text: str) -> int:
    """Return the number of terminal columns of a text: two for each wide East Asian character."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def counted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the first faults of each code in each file, in order; the rest are only counted."""
    kept: list[Fault] = []
    last: dict[tuple[str, str], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for fault in sorted(faults, key=lambda each: (each.place.file, each.place.sheet, each.place, each.code)):
        sort = (fault.place.file, fault.code) if fault.place.line else ("", fault.code)
        seen[sort] += 1
        if seen[sort] > MOST_ALIKE:
            left[sort] += 1 + fault.more
        else:
            last[sort] = len(kept)
            kept.append(fault)
    for sort, more in left.items():
        fault = kept[last[sort]]
        kept[last[sort]] = replace(fault, more=fault.more + more)
    return tuple(kept)


def did_you_mean(name: str, known: Iterable[str], called: Mapping[str, str] | None = None) -> Phrase:
    """Return `did you mean "…"?` with the closest known name; empty if none is close.

    `called` has display names, each with the known name that it means.

    >>> did_you_mean("bugdet", ["budget", "buffer"])
    'did you mean "budget"?'
    """
    near = nearest(name, known) or (called or {}).get(nearest(name, called or ()), "")
    return phrase("common.did-you-mean", near=near) if near else NO_HINT


def _again(kind: type[CoopgovError], arguments: tuple[object, ...]) -> CoopgovError:
    """An error as it was, for copies and pickles, without its `__init__`."""
    return kind.__new__(kind, *arguments)


class CoopgovError(Exception):
    """The base class of all exceptions that the library raises intentionally."""

    def __reduce__(self) -> tuple[object, ...]:
        # an exception would be made again from its arguments, which not every signature here takes by position
        return _again, (type(self), self.args), self.__dict__

    def in_language(self, language: str) -> str:  # noqa: ARG002  # overridden by errors that have several languages
        """Return the error as text in a language, or in English where it has no other."""
        return str(self)


class ArgumentError(CoopgovError):
    """An argument that a function does not accept; `argument` is its name."""

    def __init__(self, argument: str, found: object, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        super().__init__(argument, found, expected, hint)
        self.argument = argument
        self.found = found
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the name of the argument, what was found and what was expected, as text in a language."""
        found = phrase("errors.value-of-type", kind=type(self.found).__name__)
        if isinstance(self.found, str):
            found = verbatim(f'"{self.found[:_FOUND]}"')
        return f"{self.argument}: {_sentence(found, self.expected, self.hint).in_language(language)}"


class InputError(CoopgovError):
    """A file or object violates its format; `faults` holds all faults, in file order.

    It holds at most 200 faults of one code for a file; `more` of the last one counts the rest.

    `document` is the part of the file that could be read, for finding further faults.
    """

    def __init__(self, faults: Iterable[Fault], document: object = None) -> None:
        self.faults: tuple[Fault, ...] = counted(faults)
        self.document = document
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return all faults as text in a language."""
        return "\n".join(fault.in_language(language) for fault in self.faults)


class AgreementError(InputError):
    """An agreement that cannot be used."""


class CaseTestsError(InputError):
    """A file of case tests that cannot be used."""


class ChangeError(InputError):
    """Changes of facts that cannot be tried out on an agreement."""


class ChannelsError(InputError):
    """A channels file that cannot be used; its faults quote nothing that may be a secret."""


class EventsError(InputError):
    """A file of events that cannot be used, or whose events cannot be recorded."""


class MappingError(InputError):
    """A mapping file that cannot be used, or that does not fit its table."""


class ReportNotesError(InputError):
    """The notes of a report that cannot be used."""


class RulesError(InputError):
    """A rule file that cannot be used."""


class RuleTestsError(InputError):
    """A file of rule tests that cannot be used."""


class SourceError(InputError):
    """A file of another system, such as Jira, that cannot be imported."""


class ExpressionError(CoopgovError):
    """A text of the rule language that is malformed, or whose names, types or units are wrong.

    `start` and `end` are offsets in the text, in characters.
    """

    def __init__(
        self, code: str, found: Phrase, expected: Phrase, *, start: int, end: int, hint: Phrase = NO_HINT
    ) -> None:
        super().__init__(code, found, expected, start, end, hint)
        self.code = code
        self.found = found
        self.expected = expected
        self.start = start
        self.end: int = max(end, start + 1)
        self.hint: Phrase = hint or NO_HINT

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the column, the code and the sentence as text in a language."""
        column = phrase("errors.column", column=self.start + 1).in_language(language)
        return (
            f"{column}: {self.code}: {_sentence(self.found, self.expected, self.hint).in_language(language)}"
        )


class FollowingError(ExpressionError):
    """A text that names a fact whose formula is wrong; the formula's own error is the one to report."""


class FactError(CoopgovError):
    """A record for a checker has a value of the wrong type for its fact: a text for a number, 36 hours for days.

    `fact` names the fact, `found` is the value, and `expected` says what fits. A number or date of the right type but
    out of the fact's range, such as a negative budget, is not an error: it is unknown, and the rule is undetermined.
    """

    def __init__(self, fact: str, found: object, expected: Phrase) -> None:
        super().__init__(fact, found, expected)
        self.fact = fact
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the name of the fact, what was found and what was expected, as text in a language."""
        fact = phrase("errors.fact", fact=self.fact).in_language(language)
        return (
            f"{fact}: {_sentence(verbatim(repr(self.found)), self.expected, NO_HINT).in_language(language)}"
        )


class BackendError(CoopgovError):
    """A backend that cannot be used here, or a rule that it cannot express; `others` are backends that can.

    `rule` and `part` (a severity, `measure` or `where`) are empty if the backend itself is unusable; `place` is the
    place of the rule in its file, once that is known.
    """

    def __init__(
        self,
        backend: str,
        rule: str,
        part: str,
        why: str,
        others: Iterable[str] = (),
        place: Place | None = None,
    ) -> None:
        self.backend = backend
        self.rule = rule
        self.part = part
        self.why = why
        self.others: tuple[str, ...] = tuple(others)
        self.place = place
        super().__init__(backend, rule, part, why)

    def at(self, place: Place | None) -> BackendError:
        """Return the same error with the place of the rule."""
        return BackendError(self.backend, self.rule, self.part, self.why, self.others, place or self.place)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the place, the backend, what it cannot do and why, as text in a language."""
        said = phrase("errors.unusable-backend", backend=self.backend, why=self.why)
        if self.rule:
            part = {"rule": self.rule, "part": self.part, "why": self.why}
            said = phrase("errors.not-expressible", backend=self.backend, **part)
        if self.others:
            said = phrase("errors.other-backends", said=said, others=one_of(self.others))
        at = f"{self.place}: " if self.place else ""
        return at + said.in_language(language)


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
        return f"{at}{self.code}: {_sentence(self.found, self.expected, self.hint).in_language(language)}"


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


class FontMissingError(CoopgovError):
    """No font has a character of a document, so a PDF or a picture would show a blank instead.

    `text` is the character, `section` the title of the section that has it first, `said` the whole text there.
    """

    code = "font-missing"

    def __init__(self, text: str, section: str = "", said: str = "") -> None:
        self.text = text
        self.section = section
        self.said = said
        super().__init__(text, section, said)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the character, its place and the remedies, as text in a language."""
        names = {
            "text": self.text,
            "section": self.section,
            "said": f"{self.said[:_FOUND]}…" if len(self.said) > _FOUND else self.said,
        }
        key = "errors.font-missing.found" if self.section else "errors.font-missing.somewhere"
        found, expected = phrase(key, **names), phrase("errors.font-missing.expected")
        sentence = _sentence(found, expected, phrase("errors.font-missing.hint"))
        return f"{self.code}: {sentence.in_language(language)}"


class PeriodError(CoopgovError):
    """An invalid period to look back over, or two histories that do not cover the same period."""

    def __init__(self, found: Phrase, expected: Phrase) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return what was found and what was expected, as text in a language."""
        return _sentence(self.found, self.expected, NO_HINT).in_language(language)


class UnknownNameError(CoopgovError):
    """A rule, subject, pack or language of the requested name does not exist.

    `sort` is a word such as `rule`, or a phrase; `known` are the names that exist; `called` has those of display names.
    """

    def __init__(
        self, sort: str, name: str, known: Iterable[str] = (), called: Mapping[str, str] | None = None
    ) -> None:
        self.sort = sort
        self.name = name
        self.known: tuple[str, ...] = tuple(known)
        self.called: dict[str, str] = dict(called or {})
        super().__init__(sort, name)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return what does not exist, and the closest known name, as text in a language."""
        sort = self.sort if isinstance(self.sort, Phrase) else _sort_named(self.sort)
        hint = did_you_mean(self.name, self.known, self.called)
        said = phrase("errors.unknown-name", sort=sort, name=self.name)
        if hint:
            said = phrase("errors.unknown-name-near", sort=sort, name=self.name, hint=hint)
        return said.in_language(language)


def _sort_named(sort: str) -> Phrase:
    """The phrase for a sort of names; the sorts of other packages stay as they are."""
    key = f"errors.sorts.{sort.replace(' ', '-')}"
    return phrase(key) if key in texts("en") else verbatim(sort)

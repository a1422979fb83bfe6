"""The exceptions of the library: one base class, and a class for each thing that callers handle differently.

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
    ├── CaseError           what cannot be done with cases (`case_errors`)
    ├── FactError           a record for a checker has a value of the wrong type
    ├── BackendError        a backend that is unavailable, or cannot express a rule
    ├── FontMissingError    a character for which no font is there
    ├── PeriodError         an invalid period, or histories of different periods
    ├── StoreError          a store of cases that refuses (`store_errors`)
    └── UnknownNameError    a rule, subject, pack or language that does not exist
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT, Fault, Place, counted, did_you_mean, sentence
from coopgov.locales import Phrase, one_of, phrase, texts, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "AgreementError",
    "ArgumentError",
    "BackendError",
    "CaseTestsError",
    "ChangeError",
    "ChannelsError",
    "CoopgovError",
    "EventsError",
    "ExpressionError",
    "FactError",
    "FollowingError",
    "FontMissingError",
    "InputError",
    "MappingError",
    "PeriodError",
    "ReportNotesError",
    "RuleTestsError",
    "RulesError",
    "SourceError",
    "UnknownNameError",
]


_FOUND = 60
"""The most characters of a found text that a fault quotes."""


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
        return f"{self.argument}: {sentence(found, self.expected, self.hint).in_language(language)}"


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
            f"{column}: {self.code}: {sentence(self.found, self.expected, self.hint).in_language(language)}"
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
        return f"{fact}: {sentence(verbatim(repr(self.found)), self.expected, NO_HINT).in_language(language)}"


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
        message = sentence(found, expected, phrase("errors.font-missing.hint"))
        return f"{self.code}: {message.in_language(language)}"


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
        return sentence(self.found, self.expected, NO_HINT).in_language(language)


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

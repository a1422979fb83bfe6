"""Every exception of the library, and the wording of faults in files.

::

    CoopgovError
    ├── ArgumentError       an argument of a function that is not what the function takes
    ├── InputError          files or objects that break the rules of their format; carries every fault
    │   ├── AgreementError  … in an agreement
    │   ├── ChangeError     … in what is to be tried out on an agreement
    │   ├── MappingError    … in a mapping file, or in the table that it is about
    │   ├── RulesError      … in a rule file
    │   └── RuleTestsError  … in a file of rule tests
    ├── ExpressionError     one text of the rule language that cannot be read or makes no sense
    │   └── FollowingError  … only because a formula that it names is wrong, which is a fault of its own
    ├── FactError           a record handed to a checker holds a value of the wrong type
    ├── BackendError        a backend that is not there, or cannot express a rule
    ├── PeriodError         days that make no period to look back over
    └── UnknownNameError    a rule, subject, pack or language that does not exist was asked for
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AgreementError",
    "ArgumentError",
    "BackendError",
    "ChangeError",
    "CoopgovError",
    "ExpressionError",
    "FactError",
    "Fault",
    "FollowingError",
    "InputError",
    "MappingError",
    "PeriodError",
    "Place",
    "RuleTestsError",
    "RulesError",
    "UnknownNameError",
]


_FOUND = 60
"""How much of a text that was found is shown."""
_LONGEST, _BEFORE = 200, 80
"""How much of a long line is shown, and how much of that before the caret."""
MOST_ALIKE = 200
"""How many faults of one code are reported for a file; the last of them says how many more there are."""
_MOST_KNOWN = 1000
"""Among how many names the nearest one is looked for; among more of them it would take long, and mean little."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, which code, what was found, what was expected, a hint.

    `source` is the line of the file and `width` the number of its characters that the caret marks. A fault
    of a Python object has no file: its place is then the path of the value, line and column 0. `more` is how many
    more faults of the same code the file has that are not reported one by one.
    """

    place: Place
    code: str
    found: str
    expected: str
    hint: str = ""
    source: str = ""
    width: int = 1
    more: int = 0

    def __str__(self) -> str:
        at = str(self.place) if self.place.line else self.place.file
        text = f"{at}: {self.code}: found {self.found}, expected {self.expected}"
        if self.hint:
            text += f"; {self.hint}"
        more = f"\n    … and {self.more:,} more of this sort" if self.more else ""
        return visible(text) + self._quoted() + more

    def _quoted(self) -> str:
        """The line of the file with a caret below what is meant."""
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


def display_width(text: str) -> int:
    """How many terminal columns a text takes: two for each East Asian wide letter."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def counted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first faults of each code in each file, in the order of the files; the rest of them is counted."""
    kept: list[Fault] = []
    last: dict[tuple[str, str], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for fault in sorted(faults, key=lambda each: (each.place, each.code)):
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


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` with the nearest known name, or nothing when none is near.

    >>> did_you_mean("bugdet", ["budget", "buffer"])
    'did you mean "budget"?'
    """
    near = nearest(name, known)
    return f'did you mean "{near}"?' if near else ""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The nearest known name, whatever the case and width of its letters; nothing when none is near.

    >>> nearest("ＳＴＡＲＴ", ["start", "end"])
    'start'
    """
    names = list(islice(known, _MOST_KNOWN + 1))
    plain = {_plain(each): each for each in names if len(names) <= _MOST_KNOWN}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=cutoff)
    return plain[near[0]] if near else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


class Hints:
    """Hints at the nearest of known names, for as many wrong names as are reported: looking for each would take long."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)
        self._left = MOST_ALIKE

    def near(self, name: str) -> str:
        """`did you mean "…"?` with the nearest known name, or nothing."""
        self._left -= 1
        return did_you_mean(name, self._known) if self._left >= 0 else ""


def _again(kind: type[CoopgovError], arguments: tuple[object, ...]) -> CoopgovError:
    """An error as it was, for copies and pickles, without its `__init__`."""
    return kind.__new__(kind, *arguments)


class CoopgovError(Exception):
    """The base of all exceptions that the library raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        # an exception would be made again from its arguments, which not every signature here takes by position
        return _again, (type(self), self.args), self.__dict__


class ArgumentError(CoopgovError):
    """An argument of a function that is not what the function takes; `argument` is its name."""

    def __init__(self, argument: str, found: object, expected: str, hint: str = "") -> None:
        super().__init__(argument, found, expected, hint)
        self.argument = argument
        self.found = found
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        kind = type(self.found).__name__
        shown = f'"{self.found[:_FOUND]}"' if isinstance(self.found, str) else f"a value of type {kind}"
        text = f"{self.argument}: found {shown}, expected {self.expected}"
        return f"{text}; {self.hint}" if self.hint else text


class InputError(CoopgovError):
    """A file or object is not what its format demands; `faults` holds all of them, in file order.

    Of one code, a file has at most 200 there; `more` of the last one counts the rest.

    `document` is what could be read of the file all the same, for finding the faults behind these.
    """

    def __init__(self, faults: Iterable[Fault], document: object = None) -> None:
        self.faults: tuple[Fault, ...] = counted(faults)
        self.document = document
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class AgreementError(InputError):
    """An agreement that cannot be used."""


class ChangeError(InputError):
    """Changes of facts that an agreement cannot be tried out with."""


class MappingError(InputError):
    """A mapping file that cannot be used, or a table that it cannot be used for."""


class RulesError(InputError):
    """A rule file that cannot be used."""


class RuleTestsError(InputError):
    """A file of rule tests that cannot be used."""


class ExpressionError(CoopgovError):
    """A text of the rule language that cannot be read, or whose names, types or units make no sense.

    `start` and `end` are offsets in the text, in characters.
    """

    def __init__(self, code: str, found: str, expected: str, *, start: int, end: int, hint: str = "") -> None:
        super().__init__(code, found, expected, start, end, hint)
        self.code = code
        self.found = found
        self.expected = expected
        self.start = start
        self.end = max(end, start + 1)
        self.hint = hint

    def __str__(self) -> str:
        text = f"column {self.start + 1}: {self.code}: found {self.found}, expected {self.expected}"
        return f"{text}; {self.hint}" if self.hint else text


class FollowingError(ExpressionError):
    """A text that names a fact whose formula is wrong; the formula's own error is the one to report."""


class FactError(CoopgovError):
    """A record handed to a checker holds a value of the wrong type for its fact: True or a text for a number, 36 hours for days.

    `fact` names the fact, `found` is the value, `expected` says what fits. A number or date of the right type that the fact
    cannot be, such as a negative budget, is no error: it is unknown, and comes out as undetermined.
    """

    def __init__(self, fact: str, found: object, expected: str) -> None:
        super().__init__(fact, found, expected)
        self.fact = fact
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return f"fact {self.fact}: found {self.found!r}, expected {self.expected}"


class BackendError(CoopgovError):
    """A backend that cannot be used here, or a rule that it cannot express; `others` are backends that can.

    `rule` and `part` (a severity, `measure` or `where`) are empty where the backend itself is meant; `place` is where the rule
    stands in its file, once that is known.
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
        self.others = tuple(others)
        self.place = place
        super().__init__(backend, rule, part, why)

    def at(self, place: Place | None) -> BackendError:
        """The same error, with the place of the rule."""
        return BackendError(self.backend, self.rule, self.part, self.why, self.others, place or self.place)

    def __str__(self) -> str:
        at = f"{self.place}: " if self.place else ""
        what = f"cannot express {self.rule} ({self.part})" if self.rule else "cannot be used"
        hint = f"; use {' or '.join(self.others)}" if self.others else ""
        return f"{at}the backend {self.backend} {what}: {self.why}{hint}"


class PeriodError(CoopgovError):
    """Days that make no period to look back over, or two histories that do not cover the same one."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return f"found {self.found}, expected {self.expected}"


class UnknownNameError(CoopgovError):
    """A rule, subject, pack or language was asked for by a name that does not exist."""

    def __init__(self, sort: str, name: str, known: Iterable[str] = ()) -> None:
        self.sort = sort
        self.name = name
        self.known = tuple(known)
        super().__init__(sort, name)

    def __str__(self) -> str:
        hint = did_you_mean(self.name, self.known)
        return f'there is no {self.sort} "{self.name}"' + (f"; {hint}" if hint else "")

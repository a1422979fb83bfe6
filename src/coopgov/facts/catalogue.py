"""The catalogue of facts: every fact that a rule can name, with its subject, type, unit, meaning and formula."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from threading import RLock
from typing import TYPE_CHECKING, Any

from coopgov.errors import ExpressionError, FollowingError
from coopgov.language.parser import parse
from coopgov.language.syntax import Name, walk
from coopgov.language.type_check import check
from coopgov.language.types import ANY, Range
from coopgov.languages import LANGUAGES
from coopgov.locales import phrase, text, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.language.syntax import Expr
    from coopgov.language.types import Type
    from coopgov.locales import Phrase

__all__ = ["BUILT_IN", "MAX_FORMULAS", "Catalogue", "Fact", "Range", "SubjectType"]

MAX_FORMULAS = 64
"""The most formulas that may build on each other."""


BUILT_IN = None
"""The `meaning` of the library's own facts and types of subject, whose names and meanings are in the locales."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One named, typed value about one type of subject.

    `meaning` is a sentence; it is empty where a rule file declares the fact without one.
    A base fact has a type and is read from the model or a host's record. `optional` marks a setting that an agreement
    may leave out, and `custom` a fact among a subject's custom values. `seen_on` names the date fact of an observation,
    which is not visible before that day (the fact itself, if it is that date); `range` is the range of its numbers. A
    `holder` names a member, body, party or role. A fact of one of several things has in `of` the name that is
    in the brackets of its own, such as `approved` in `baseline_end("approved")`. A derived fact has `text`, its formula
    in the rule language, from which its type follows.
    """

    name: str
    about: str
    meaning: str | None
    type: Type | None = None
    text: str = ""
    optional: bool = False
    custom: bool = False
    seen_on: str = ""
    range: Range = ANY
    holder: bool = False
    of: str = ""

    def name_in(self, language: str) -> str:
        """Return the display name in a language; a fact that a rule file declares has no other name.

        >>> from coopgov.facts import default_catalogue
        >>> default_catalogue().facts["phase", "planned_end"].name_in("zh-Hans")
        '计划结束日'
        """
        return (
            self.name if self.meaning is not BUILT_IN else text(f"{self._key}.name", language, name=self.of)
        )

    @property
    def means(self) -> Phrase:
        """The meaning as a phrase; what a rule file says is in its own language."""
        return _meaning(self.meaning, f"{self._key}.means", name=self.of)

    @property
    def _key(self) -> str:
        """Where the locales have its texts, if it is built in."""
        return f"facts.{self.about}.{self.name.partition('(')[0]}"

    def means_in(self, language: str) -> str:
        """Return the meaning in a language."""
        return self.means.in_language(language)


@dataclass(frozen=True, slots=True)
class SubjectType:
    """A type of subject that rules can be about, and the types that it belongs to, nearest first."""

    name: str
    parents: tuple[str, ...] = ()
    meaning: str | None = ""

    def name_in(self, language: str) -> str:
        """Return the display name in a language; a type that a rule file declares has no other name."""
        return (
            self.name if self.meaning is not BUILT_IN else text(f"facts.subjects.{self.name}.name", language)
        )

    @property
    def means(self) -> Phrase:
        """The meaning as a phrase."""
        return _meaning(self.meaning, f"facts.subjects.{self.name}.means")

    def means_in(self, language: str) -> str:
        """Return the meaning in a language."""
        return self.means.in_language(language)


def _meaning(meaning: str | None, key: str, **values: object) -> Phrase:
    """A built-in meaning, that of a rule file, or what is said of a declaration without one."""
    if meaning is BUILT_IN:
        return phrase(key, **values)
    return verbatim(meaning) if meaning else phrase("facts.declared")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All facts about all types of subject; formulas are checked on first use.

    In `named` are the facts of one of several things, by their names without brackets: the patterns of all.
    """

    subject_types: Mapping[str, SubjectType]
    facts: Mapping[tuple[str, str], Fact]
    parameters: Mapping[str, Expr] = field(default_factory=dict)
    named: Mapping[tuple[str, str], Fact] = field(default_factory=dict)
    _checked: dict[tuple[str, str], Expr | None] = field(default_factory=dict, repr=False)
    _open: list[tuple[str, str]] = field(default_factory=list, repr=False)
    _depths: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Catalogue):
            return NotImplemented
        return self is other or self._identity == other._identity

    def __hash__(self) -> int:
        return hash((len(self.subject_types), len(self.facts), *self.parameters))

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.subject_types, self.facts, self.parameters, self.named

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_lock": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=RLock())

    def fact(self, about: str, name: str) -> Fact | None:
        """Return a fact, or None if there is none of that name; that of one of several things is made when asked for.

        >>> from coopgov.facts import default_catalogue
        >>> default_catalogue().fact("phase", 'baseline_end("approved")').name_in("en")
        'end by the baseline approved'
        """
        found = self.facts.get((about, name))
        if found is not None or not name.endswith('")'):
            return found
        plain, _, of = name[:-2].partition('("')
        every = self.named.get((about, plain))
        return every and replace(every, name=name, of=of)

    def existing(self, about: str, name: str) -> Fact:
        """Return a fact that exists."""
        fact = self.fact(about, name)
        assert fact is not None
        return fact

    def type_of(self, about: str, name: str) -> Type | None:
        """Return the type of a fact, or None if there is no fact of that name."""
        fact = self.fact(about, name)
        if fact is None:
            return None
        try:
            definition = self.definition(about, name)
        except ExpressionError as error:
            if self._open and error.code == "fact-circle" and self._open[-1][1] in error.found.split(" → "):
                raise
            texts = error.found, error.expected
            raise FollowingError(error.code, *texts, start=0, end=1) from None
        return fact.type if definition is None else definition.type

    def definition(self, about: str, name: str) -> Expr | None:
        """Return the checked expression of a derived fact, or None for a base fact.

        Raises:
            ExpressionError: the formula is invalid, or refers to itself.
        """
        key = (about, name)
        if key not in self._checked:
            with self._lock:
                self._checked[key] = self._check(self.existing(about, name))
        return self._checked[key]

    def _check(self, fact: Fact) -> Expr | None:
        if fact.type is not None:
            return None
        key = (fact.about, fact.name)
        if key in self._open:
            circle = " → ".join(name for _, name in [*self._open[self._open.index(key) :], key])
            expected = phrase("facts.faults.circle.expected")
            raise ExpressionError("fact-circle", verbatim(circle), expected, start=0, end=len(fact.text))
        self._open.append(key)
        try:
            node = check(parse(fact.text), fact.about, self, dict(self.parameters))
        finally:
            self._open.pop()
        names = (part for part in walk(node) if isinstance(part, Name))
        depth = 1 + max((self._depths.get((name.about, name.name), 0) for name in names), default=0)
        if depth > MAX_FORMULAS:
            found = phrase("facts.faults.too-deep.found", depth=depth)
            expected = phrase("facts.faults.too-deep.expected", most=MAX_FORMULAS)
            raise ExpressionError("fact-too-deep", found, expected, start=0, end=len(fact.text))
        self._depths[key] = depth
        return node

    def knowing(self, formulas: Mapping[tuple[str, str], Expr]) -> Catalogue:
        """Return a catalogue that has these formulas checked already."""
        return replace(self, _checked=dict(formulas), _open=[], _depths={}, _lock=RLock())

    def optional(self, about: str, name: str) -> bool:
        """Whether a base fact is an optional setting."""
        return self.existing(about, name).optional

    def seen_on(self, about: str, name: str) -> str:
        """The date fact before whose day a base fact is not visible; empty if it is always visible."""
        return self.existing(about, name).seen_on

    def declared(self, about: str, name: str) -> Type:
        """The declared type of a base fact."""
        kind = self.existing(about, name).type
        assert kind is not None
        return kind

    def within(self, about: str, name: str) -> Range:
        """The range of a base fact."""
        return self.existing(about, name).range

    def names(self, about: str) -> Iterator[str]:
        """The names of all facts about a type of subject."""
        return (fact.name for fact in self.about(about))

    def called(self, about: str) -> dict[str, str]:
        """The names of the facts about a type of subject, by their display names in all languages."""
        return {fact.name_in(language): fact.name for fact in self.about(about) for language in LANGUAGES}

    def about(self, about: str) -> Iterator[Fact]:
        """The facts about a type of subject that rules can name; names with spaces are for internal use."""
        known = chain(self.facts.values(), self.named.values())
        return (fact for fact in known if fact.about == about and " " not in fact.name)

    def parents(self, about: str) -> tuple[str, ...]:
        """The types of subject that a subject of this type belongs to, nearest first."""
        return self.subject_types[about].parents

    def subjects(self) -> Iterator[str]:
        """All types of subject."""
        return iter(self.subject_types)

    def extended(
        self,
        subject_types: Iterable[SubjectType],
        facts: Iterable[Fact],
        parameters: Mapping[str, Expr] | None = None,
    ) -> Catalogue:
        """Return a catalogue with additional types of subject, facts and parameters; its formulas are checked again."""
        return replace(
            self,
            parameters=parameters or {},
            subject_types={**self.subject_types, **{subject.name: subject for subject in subject_types}},
            facts={**self.facts, **{(fact.about, fact.name): fact for fact in facts}},
            _checked={},
            _open=[],
            _depths={},
            _lock=RLock(),
        )

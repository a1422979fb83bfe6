"""The store behind the commands about cases: opening it, and the agreement and rules that an answer is judged by."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

from coopgov.cases.store.inputs import Inputs
from coopgov.cli.output import say
from coopgov.errors import InputError, UnknownNameError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase
from coopgov.source.files import is_file
from coopgov.store_errors import OtherAgreementError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.assessment.people import People
    from coopgov.cases.cases import Cases
    from coopgov.cases.change import CaseChange
    from coopgov.cases.store.sql_store import SqlStore
    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = [
    "Names",
    "add_inputs",
    "add_store",
    "cases_of",
    "cases_on",
    "inputs_for",
    "names_of",
    "now",
    "opened",
    "remembered",
]


def add_store(command: Parser) -> None:
    """Add `--store`; its default can be configured."""
    command.add_argument("--store", metavar="STORE", help="shared.store")
    command.set_defaults(wrong_usage=command.error, agreement=None, rules=None)


def add_inputs(command: Parser) -> None:
    """Add `--agreement` and `--rules`; without them, those of the last `cases advance`."""
    command.add_argument("--agreement", metavar="FILE", help="cases.agreement")
    command.add_argument("--rules", nargs="+", action="extend", metavar="FILE", help="cases.rules")


def now() -> datetime:
    """The time at which something is recorded; the log keeps it, and nothing depends on it."""
    return datetime.now(UTC).replace(microsecond=0)


@overload
def opened(options: Namespace, *, agreement: str | None = ..., create: bool = ...) -> SqlStore: ...


@overload
def opened(
    options: Namespace, *, agreement: str | None = ..., create: bool = ..., missing: bool
) -> SqlStore | None: ...


def opened(
    options: Namespace, *, agreement: str | None = None, create: bool = False, missing: bool = False
) -> SqlStore | None:
    """The store of `--store`, or of the configuration; with `missing`, None for a file that does not exist."""
    from coopgov.cases.store.opening import open_store

    if options.store is None:
        options.wrong_usage(phrase("cli.argparse.required", names="--store"))
    if missing and "://" not in options.store and not is_file(Path(options.store)):
        return None
    return open_store(options.store, agreement=agreement, create=create)


def cases_of(store: SqlStore) -> Cases:
    """The cases of a store; one without a first day has none, and that is bad input."""
    cases = store.read()
    if cases is None:
        found, expected = phrase("cli.messages.no-cases.found"), phrase("cli.messages.no-cases.expected")
        raise InputError([Fault(Place(store.name, 0, 0), "no-cases", found, expected)])
    return cases


def changes_of(store: SqlStore) -> Iterator[CaseChange]:
    """The changes in the log of a store, in order."""
    from coopgov.cases.change import CaseChange

    return (entry.what for entry in store.log() if isinstance(entry.what, CaseChange))


def cases_on(options: Namespace, agreement: str, day: date) -> tuple[Cases, Cases]:
    """The cases before a day and at its end, by the log of a store of an agreement."""
    from coopgov.cases.cases import Cases
    from coopgov.cases.replay import replay

    with opened(options, agreement=agreement) as store:
        changes = [*changes_of(store)]
    if not changes or changes[0].on > day:
        none = Cases.begin(agreement, day)
        return none, none
    before = day - timedelta(1)
    first = changes[0].on > before
    return Cases.begin(agreement, day) if first else replay(changes, to=before), replay(changes, to=day)


def remembered(options: Namespace, store: SqlStore) -> Inputs:
    """What the store remembers of the files of this run: paths from the folder of the store."""
    from coopgov.rules.pack_names import pack_names

    packs = pack_names()
    rules = (name if name in packs else _from_store(store, name) for name in options.rules or ())
    return Inputs(_from_store(store, options.agreement), tuple(rules))


def _from_store(store: SqlStore, name: str) -> str:
    path = Path(name).resolve()
    if store.folder is None:
        return str(path)
    try:
        return os.path.relpath(path, store.folder)
    except ValueError:  # on another drive
        return str(path)


def inputs_for(options: Namespace, store: SqlStore, cases: Cases) -> tuple[Agreement, RuleSet]:
    """The agreement and the rules that answers about the cases of a store are judged by.

    Raises:
        OtherAgreementError: the agreement is not that of the cases.
    """
    agreement, rules = inputs_of(options, store)
    if agreement.id != cases.agreement:
        raise OtherAgreementError(store.name, cases.agreement, agreement.id)
    return agreement, rules


def inputs_of(options: Namespace, store: SqlStore) -> tuple[Agreement, RuleSet]:
    """The agreement and the rules of the options, or else those that the store remembers."""
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules
    from coopgov.rules.pack_names import pack_names

    known, packs = store.inputs, pack_names()
    folder = store.folder or Path()
    if options.agreement is None and known is None:
        options.wrong_usage(phrase("cli.argparse.required", names="--agreement"))
    rules = options.rules
    if rules is None and known is not None:
        rules = [name if name in packs else os.path.relpath(folder / name) for name in known.rules]
    path = options.agreement or (os.path.relpath(folder / known.agreement) if known else "")
    return load_agreement(path), load_rules(*(rules or ()))


class Names:
    """What people call rules, subjects, actions and each other; ids where the agreement cannot be read."""

    def __init__(
        self,
        language: str,
        people: People | None = None,
        subjects: Mapping[str, str] = MappingProxyType({}),
        rules: Mapping[str, str] = MappingProxyType({}),
        actions: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.language = language
        self._people = people
        self._subjects = subjects
        self._rules = rules
        self._actions = actions

    def action(self, name: str, title: str | None = None) -> str:
        """The title of an action; `title` is the one that was recorded."""
        return self._actions.get(name, title or name)

    def rule(self, name: str) -> str:
        """The title of a rule."""
        return self._rules.get(name, name)

    def subject(self, name: str) -> str:
        """The display name of a subject."""
        return self._subjects.get(name, name)

    def case(self, rule: str, about: str) -> str:
        """The title of a rule and the name of its subject; the agreement itself needs no name."""
        title = self.rule(rule)
        if about == "agreement":
            return title
        return say("cases.named", self.language, title=title, name=self.subject(about))

    def person(self, name: str) -> str:
        """The display name of a member, role, body or party, without who holds it."""
        return self._people.named(name) if self._people else name

    def holder(self, name: str) -> str:
        """The display name of a member, role, body or party, with who holds it."""
        return self._people.called(name) if self._people else name

    def meant(self, name: str) -> frozenset[str]:
        """The ids that somebody's name means: their own, their role, their bodies.

        Raises:
            UnknownNameError: nobody in the agreement has that name.
        """
        return self._people.meant(name) if self._people else frozenset([name])


def names_of(options: Namespace, store: SqlStore, day: date) -> Names:
    """The names by the agreement of the store on a day; where its files are gone, ids have to do."""
    from coopgov.assessment.people import People
    from coopgov.facts.derive import derive

    language = options.lang
    if store.inputs is None and options.agreement is None:
        return Names(language)
    try:
        agreement, rules = inputs_of(options, store)
    except (InputError, UnknownNameError):
        if options.agreement is not None:
            raise
        return Names(language)
    facts = derive(agreement, day, rules.catalogue)
    subjects = {subject.id: subject.label.in_language(language) for subject in facts}
    titles = {rule.id: rule.title.in_language(language) for rule in rules.rules}
    actions = {each.id: each.title.in_language(language) for each in rules.actions}
    actions |= {each.id: each.title.in_language(language) for each in agreement.plans}
    return Names(language, People(facts, language), subjects, titles, actions)

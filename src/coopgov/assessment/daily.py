"""Searches an agreement on one day after another, and decides again only what may have changed.

Every decision comes with the first day on which it may be another one: a fact that it reads changes on that day, or a
number that moves with the date may reach what it is compared with. Until then it holds. Rules that read warnings are
decided every day, after those whose warnings they see.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from coopgov.assessment.assess import Assessor, Found
from coopgov.assessment.result import Undecided
from coopgov.backends.interpreter import decide
from coopgov.facts.derive import facts_of, reader_of
from coopgov.language.lasting import Lasting
from coopgov.language.moving import ALWAYS
from coopgov.rules.layers import ALL_LOWER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.backends.ir import Check
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine

    Record = Mapping[str, Any]

__all__ = ["Daily"]

_Value = TypeVar("_Value")

_Key = tuple[str, str]
"""A rule and a subject, by their ids."""
_Due = tuple[int, int, "Check", "Subject"]
"""A day, a number that breaks ties, and what to decide on that day."""


class Daily:
    """The searches of an agreement on one day after another, from a first day on.

    They find what holds and how severe it is, but no values: these can be other ones every day.
    """

    def __init__(self, agreement: Agreement, engine: Engine, language: str, first: date) -> None:
        self.agreement = agreement
        self.engine = engine
        self.language = language
        self.reader = reader_of(agreement, engine.rules.catalogue, first)
        facts = facts_of(self.reader)
        self.lasting = Lasting(
            facts.catalogue,
            facts.setting,
            changes=lambda record: self.reader.until.get(id(record), ALWAYS),
            is_today=self._is_today,
            unsteady=frozenset(("warnings", ALL_LOWER)),
        )
        self.found: dict[_Key, Found] = {}
        self.undecided: dict[_Key, Undecided] = {}
        self.due: list[list[_Due]] = [
            [] for _ in range(1 + max((rule.layer for rule in engine.rules.rules), default=0))
        ]
        """What to decide again, layer by layer, in the order of the days."""
        self.names: dict[int, str] = {}
        """The ids of the subjects that rules are decided about, by the identity of their records."""
        self.counts: dict[str, int] = {}
        """How many of these there are, by their type."""
        self.warnings: dict[tuple[Any, ...], dict[str, Any]] = {}
        """The records of warnings; an equal one is the same object, of which values are remembered."""
        self.shown: dict[int, tuple[dict[str, Any], dict[_Key, tuple[int, dict[str, Any]]]]] = {}
        """The records that show warnings to rules: with these, and with the layers of their rules."""
        self._number = count()

    def search(self, day: date) -> Assessor:
        """Search on a day that is not earlier than the one before; return the assessor that knows what was found."""
        self.reader.advance(day)
        facts = facts_of(self.reader)
        self.lasting = replace(self.lasting, setting=facts.setting)
        assessor = _DayAssessor(self, facts)
        assessor.search()
        return assessor

    def _is_today(self, record: Record, name: str) -> bool:
        todays = self.reader.todays.get(id(record))
        return todays is not None and name in todays[1]

    def again(self, day: int, layer: int, check: Check, subject: Subject) -> None:
        """Note on which day to decide a check again."""
        heappush(self.due[layer], (day, next(self._number), check, subject))


class _DayAssessor(Assessor):
    """The search of one day, which begins with what was found on the days before."""

    def __init__(self, daily: Daily, facts: Facts) -> None:
        super().__init__(daily.agreement, daily.engine, facts.as_of, daily.language, facts=facts)
        self.daily = daily

    def _with_waived_rules(self, facts: Facts) -> Facts:
        for each in self.waivers.values():
            each.record["rule_known"] = each.part.rule in self.by_id
        return facts

    def decide(self) -> None:
        """Decide what may have changed, layer by layer."""
        self._take_up()
        today = self.daily.lasting.today
        for layer, due in enumerate(self.daily.due):
            if layer:
                self.publish(layer)
            while due and due[0][0] <= today:
                _, _, check, subject = heappop(due)
                self.daily.again(self._decide(check, subject), layer, check, subject)
        self.found = list(self.daily.found.values())
        self.undecided = list(self.daily.undecided.values())

    def _take_up(self) -> None:
        """Decide all rules about subjects that were not there on the day before."""
        for about, subjects in self.facts.subjects.items():
            if len(subjects) == self.daily.counts.get(about, 0):
                continue
            self.daily.counts[about] = len(subjects)
            for subject in subjects:
                if id(subject.record) not in self.daily.names:
                    self.daily.names[id(subject.record)] = subject.id
                    subject.record["warnings"], subject.record[ALL_LOWER] = [], []
                    for layer in range(len(self.daily.due)):
                        for check in self.engine.program(about, layer).checks:
                            self.daily.again(0, layer, check, subject)

    def _decide(self, check: Check, subject: Subject) -> int:
        """Decide a check, and return the first day on which it may be decided otherwise."""
        lasting = self.daily.lasting
        (hit, unsure, past), until = lasting.lasts(partial(_decided, check, subject.record, lasting))
        key, rule = (check.id, subject.id), self.by_id[check.id]
        waived = self._waived(rule, subject) if hit else None
        if waived is not None:
            until = min(until, waived.until.toordinal() + 1)
        found = hit and Found(rule, subject, hit.severity, None, None, waived, past)
        if len(self.daily.due) > 1:
            self._show(key, self.daily.found.get(key), found)
        _put(self.daily.found, key, found)
        entry = unsure and Undecided(rule.id, subject.id, unsure.missing, unsure.because)
        _put(self.daily.undecided, key, entry)
        return max(until, lasting.today + 1)

    def _show(self, key: _Key, before: Found | None, found: Found | None) -> None:
        """Let the records of a subject and of all that it is a part of show its warning to rules, or no longer."""
        one = found or before
        old, new = (each.record() if each else None for each in (before, found))
        if one is None or old == new:
            return
        shown = None
        if new is not None:
            shown = one.rule.layer, self.daily.warnings.setdefault(tuple(new.values()), new)
        for record in self._wholes(one.subject):
            _put(self.daily.shown.setdefault(id(record), (record, {}))[1], key, shown)

    def wholes_of(self, subject: Subject) -> list[str]:
        """The ids of a subject and of all that it is a part of."""
        if subject.about == "role":
            return [subject.id, "agreement"]
        return [self.daily.names[id(record)] for record in self._wholes(subject)]

    def publish(self, layer: int) -> None:
        """Let rules of a layer see the warnings of the layers below."""
        for record, shown in self.daily.shown.values():
            record["warnings"] = [warning for of, warning in shown.values() if of == 0]
            record[ALL_LOWER] = [warning for of, warning in shown.values() if of < layer]


def _decided(check: Check, record: Record, lasting: Lasting) -> tuple[Any, Any, bool]:
    """What a check finds of a record: a hit, an undetermined entry, and whether the warning is past."""
    hit, unsure = decide(check, record, lasting)
    ended = hit is not None and check.ends is not None and lasting.value(check.ends, record) is True
    return hit, unsure, ended


def _put(kept: dict[_Key, _Value], key: _Key, value: _Value | None) -> None:
    """Keep a value, or no longer keep one."""
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value

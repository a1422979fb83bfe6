"""Run all rules on many sampled facts, which quickly shows that most pairs of rules are independent.

The facts are those for which some rule holds, and each of them again, completed by others where it leaves facts open.
The rules are compiled, so this costs little, and only what it does not settle needs a proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from coopgov.analysis.logic.assignment import latest_day, record_of, setting_of
from coopgov.backends.python.backend import DirectBackend
from coopgov.errors import ArgumentError, FactError
from coopgov.facts.catalogue import Range
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.analysis.deadline import Deadline
    from coopgov.analysis.logic.assignment import Given, Key
    from coopgov.backends.python.backend import Holds
    from coopgov.facts import Catalogue
    from coopgov.rules import RuleSet

__all__ = ["Pool", "rank"]

_MOST = 5000
_LAST_DAY = date.max.toordinal()
_FACTORS = tuple(Fraction(text) for text in ("-1", "1/1000", "1/2", "4/5", "5/4", "2", "10", "1000"))


def rank(severity: str) -> int:
    """The rank of a severity: 0 for the mildest."""
    return SEVERITIES.index(severity)


@dataclass(frozen=True, slots=True)
class Pool:
    """For each rule, the rules that warned at least as severely for all facts for which it warned."""

    beside: dict[str, frozenset[str]]
    run: _Run

    @classmethod
    def of(cls, shown: Sequence[Given], about: str, rules: RuleSet, deadline: Deadline) -> Pool:
        """The pool of the rules about a type of subject, over facts and mixtures of them.

        Raises:
            OutOfTime: the deadline has passed.
        """
        everyone = frozenset(check.id for check in rules.program(about).checks)
        beside, run = dict.fromkeys(everyone, everyone), _Run(about, rules)
        accompanied = set(everyone)
        for held in map(run.held, _mixed(shown, about, rules.catalogue)):
            deadline.check()
            warned: set[str] = set()
            for alike in _by_severity(held):
                warned.update(alike)
                for rule in accompanied.intersection(alike):
                    beside[rule] &= warned
                    if len(beside[rule]) == 1:
                        accompanied.discard(rule)
        return cls(beside, run)

    def narrow(self, rule: str, given: Given) -> None:
        """See which rules warn at least as severely as a rule for further facts for which it warns."""
        warned: set[str] = set()
        for alike in _by_severity(self.run.held(given)):
            warned.update(alike)
            if rule in alike:
                self.beside[rule] &= warned


def _by_severity(held: Iterable[tuple[str, str]]) -> Iterable[list[str]]:
    """The rules that warn, grouped by severity, the most severe first."""
    found: dict[str, list[str]] = {severity: [] for severity in reversed(SEVERITIES)}
    for rule, severity in held:
        found[severity].append(rule)
    return found.values()


@dataclass(frozen=True, slots=True)
class _Run:
    """Runs all rules about a type of subject, which are compiled once for each currency."""

    about: str
    rules: RuleSet
    holding: dict[str, Holds] = field(default_factory=dict)

    def held(self, given: Given) -> Sequence[tuple[str, str]]:
        """The rules that warn for facts, with severities; none for facts that cannot be read."""
        setting = setting_of(given)
        if setting.currency not in self.holding:
            program = self.rules.program(self.about)
            self.holding[setting.currency] = DirectBackend().holding(program, replace(setting, as_of=None))
        record = record_of(given, self.rules.catalogue, self.about)
        try:
            return self.holding[setting.currency](record, setting.as_of or latest_day(given))
        except (ArgumentError, FactError):
            return ()


def _mixed(shown: Sequence[Given], about: str, catalogue: Catalogue) -> list[Given]:
    """Facts, each also completed by others where it leaves facts open, and with some of its numbers changed."""
    found = list(shown)
    for step in (1, 7, 31):
        found += [{**shown[(position + step) % len(shown)], **given} for position, given in enumerate(shown)]
    random = Random(0)  # noqa: S311  # sample values, not secrets
    for given in found[: _MOST // 3]:
        changed = [_changed(given, about, catalogue, random) for _ in range(2)]
        found += [each for each in changed if each != given]
    return found[:_MOST]


def _changed(given: Given, about: str, catalogue: Catalogue, random: Random) -> Given:
    return {
        key: _other(key, value, about, catalogue, random) if isinstance(value, Fraction) else value
        for key, value in given.items()
    }


def _other(key: Key, value: Fraction, about: str, catalogue: Catalogue, random: Random) -> Fraction:
    """Another value of a number, if its range allows one."""
    path, name = key
    fact = catalogue.fact(path[-1] if path else about, name)
    if random.random() < 0.5 or fact is None or fact.type is None or fact.range != Range():
        return value
    if fact.type.kind == "date":
        moved = value + random.randrange(-60, 60)
        return moved if 1 <= moved <= _LAST_DAY else value
    return value * random.choice(_FACTORS)

"""The interface of backends: the program that they compile, and the hits and undetermined entries that they return."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from coopgov.language import syntax as s
from coopgov.language.dependencies import read_of_record
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.types import TRUTH
from coopgov.language.values import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.facts.catalogue import Catalogue
    from coopgov.severities import Severity

__all__ = [
    "Answer",
    "Backend",
    "Calendar",
    "Check",
    "Checker",
    "Hit",
    "Interpreter",
    "Program",
    "Rechecker",
    "Setting",
    "Step",
    "Undetermined",
    "conditions",
    "expressions",
]


class Hit(NamedTuple):
    """A check whose condition holds, as checkers return it.

    `value` is the measure, and `threshold` what it is compared with; both are None for a check without a measure.
    """

    rule: str
    severity: Severity
    value: float | None
    threshold: float | None


class Undetermined(NamedTuple):
    """A check that cannot be decided, as checkers return it: the absent data that it reads, and why."""

    rule: str
    missing: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: the severity where the condition holds, and what the measure is compared with."""

    severity: Severity
    condition: s.Expr
    threshold: s.Expr | None = None


@dataclass(frozen=True)
class Check:
    """One thing to decide about every subject: its steps, worst first; `where` selects the subjects.

    Where `ends` is true, nothing about a hit can change any more. A checker does not read it.
    """

    id: str
    steps: tuple[Step, ...]
    measure: s.Expr | None = None
    where: s.Expr | None = None
    ends: s.Expr | None = None

    @cached_property
    def joint(self) -> tuple[s.Expr, ...]:
        """The conditions that `conditions` returns; what is remembered of a node by its identity is found again."""
        if self.where is None:
            return tuple(step.condition for step in self.steps)
        return tuple(s.And((self.where, step.condition), type=TRUTH) for step in self.steps)


@dataclass(frozen=True)
class Program:
    """All checks about one type of subject, and the catalogue that their names refer to."""

    about: str
    checks: tuple[Check, ...]
    catalogue: Catalogue

    @cached_property
    def asked(self) -> tuple[s.Expr, ...]:
        """What the checks read from a record; a backend reads all of it before it decides anything."""
        return read_of_record([node for one in self.checks for node in expressions(one)], self.catalogue)


Answer = tuple[list[Hit], list[Undetermined]]
"""The result of a checker for one record: hits and undetermined entries, each in the order of the checks."""


class Checker(Protocol):
    """A function that decides all checks for one record of facts."""

    def __call__(self, facts: Mapping[str, Any], *, as_of: date | None = None) -> Answer:
        """Return hits and undetermined entries, each in the order of the checks."""


class Rechecker(Protocol):
    """A function that decides a record again after some of its facts have changed."""

    def __call__(self, facts: Mapping[str, Any], before: Answer, *, as_of: date | None = None) -> Answer:
        """Return what a checker returns for the record as it is now; `before` is its result before the change."""


class Backend(Protocol):
    """Compiles programs to checkers."""

    def compile(self, program: Program, setting: Setting, interpreter: Interpreter | None = None) -> Checker:
        """Compile for a calendar and currency; a checker uses the date it is given, else that of the setting.

        Checkers whose records do not change between them, as in one assessment, can share an `interpreter`.
        """


def expressions(check: Check) -> Iterator[s.Expr]:
    """Yield all expressions of a check that a checker decides."""
    if check.measure is not None:
        yield check.measure
    if check.where is not None:
        yield check.where
    for step in check.steps:
        yield step.condition
        if step.threshold is not None:
            yield step.threshold


def conditions(check: Check) -> tuple[s.Expr, ...]:
    """Return the condition of every step, joined with `where`."""
    return check.joint

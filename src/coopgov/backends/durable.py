"""The durable backend: conditions as rulesets of durable-rules 2.0.28, a C engine (`coopgov[durable]`).

The engine is used for what it does right, and only so: conditions on single facts, with `$all` and `$or` over numbers in plain
decimal notation. Quantities are worked out before ([lowering](lowering.py)), since the engine has neither units nor a value
for unknown. Each condition is two rules, one for certainly true and one for certainly false; where neither fires, the reference
says whether that is unknown or not set. A record is asserted, its matches are gathered as a set (an `$or` can fire twice), and
it is retracted, always under one `sid`, behind a lock. There is no `Host`, which would start threads. A program is compiled
once, because deleting a ruleset leaks memory.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

from coopgov.backends.lowering import ALWAYS, NEVER, Every, Lowering, Odd, Test, tests_of
from coopgov.backends.program import conditions
from coopgov.backends.reference import ReferenceBackend, certain, diagnose, upper_end
from coopgov.errors import BackendError
from coopgov.language.interpreter import Interpreter
from coopgov.language.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.backends.lowering import Formula
    from coopgov.backends.program import Check, Checker, Program
    from coopgov.language.interpreter import Setting

__all__ = ["MOST_PROPERTIES", "DurableBackend", "Ruleset", "definition", "fact_text", "rulesets"]

MOST_PROPERTIES = 28
"""More than 31 properties in a fact end in error 303; three are the engine's own (`id`, `sid`, `always`)."""
_MOST_RULES = 100
"""Larger rulesets fail on part of the facts (error 303 again)."""
_FIRST_NEWER_PYTHON = (3, 13)
_SIGNS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte", "!=": "$neq"}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A condition of a check: rule `true` fires where it certainly holds, rule `false` where it certainly does not."""

    check: str
    severity: str
    true: Formula
    false: Formula

    @property
    def properties(self) -> set[str]:
        """The properties that it tests."""
        return {test.property for formula in (self.true, self.false) for test in tests_of(formula)}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Outcomes that the engine can hold together, and the properties of a fact that they test."""

    outcomes: tuple[Outcome, ...]
    properties: tuple[str, ...]

    def definition(self) -> dict[str, Any]:
        """The ruleset as durable-rules reads it."""
        return {
            f"{outcome.check}/{outcome.severity}/{word}": {"all": [{"m": _condition(formula)}]}
            for outcome in self.outcomes
            for word, formula in (("true", outcome.true), ("false", outcome.false))
            if formula != NEVER
        }


def rulesets(program: Program, lowering: Lowering) -> list[Ruleset]:
    """The conditions of a program, as few rulesets as hold them.

    Raises:
        BackendError: one condition compares more quantities than a fact of the engine can have.
    """
    found: list[Ruleset] = []
    for outcome in _outcomes(program.checks, lowering):
        needed = outcome.properties
        if len(needed) > MOST_PROPERTIES:
            why = f"it compares {len(needed)} quantities, and a fact can have {MOST_PROPERTIES}"
            raise BackendError("durable", outcome.check, outcome.severity, why, ("direct", "interpreter"))
        last = found[-1] if found else Ruleset((), ())
        joined = dict.fromkeys((*last.properties, *sorted(needed)))
        if found and len(joined) <= MOST_PROPERTIES and 2 * len(last.outcomes) < _MOST_RULES:
            found[-1] = Ruleset((*last.outcomes, outcome), tuple(joined))
        else:
            found.append(Ruleset((outcome,), tuple(sorted(needed))))
    return found


def _outcomes(checks: Sequence[Check], lowering: Lowering) -> Iterator[Outcome]:
    for check in checks:
        for step, condition in zip(check.steps, conditions(check), strict=True):
            yield Outcome(check.id, step.severity, *lowering.both(condition))


def _condition(formula: Formula) -> dict[str, Any]:
    if isinstance(formula, Test):
        value = {formula.property: formula.constant}
        return value if formula.sign == "==" else {_SIGNS[formula.sign]: value}
    if formula == ALWAYS:
        return {"always": 1}
    parts = [_condition(part) for part in formula.parts]
    return {"$and" if isinstance(formula, Every) else "$or": parts}


def definition(ruleset: Ruleset) -> str:
    """The text of a ruleset, with numbers in plain decimal notation: the engine reads no exponents."""
    return _plain(ruleset.definition())


def fact_text(properties: Mapping[str, float | str]) -> str:
    """The text of a fact, under the one `sid` that is ever used."""
    return _plain({"id": "1", "sid": "0", "always": 1, **properties})


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_plain(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) < 2**63:
        return str(value)
    text = format(Decimal(value), "f")
    return text if "." in text else f"{text}.0"  # whole numbers beyond 64 bits are read as decimals only


class DurableBackend:
    """Compiles to rulesets of durable-rules; keeps them, since a program is only ever compiled once.

    Raises:
        BackendError: durable-rules is not installed, or does not run on this Python.
    """

    def __init__(self) -> None:
        self._engine = _engine()
        self._compiled: dict[Any, tuple[Program, _Engine]] = {}

    def compile(self, program: Program, setting: Setting, interpreter: Interpreter | None = None) -> Checker:
        """Return the checker of a program, bound to a calendar and currency."""
        key = (id(program), setting.currency, setting.minor_units)
        if key not in self._compiled:
            self._compiled[key] = program, _Engine(self._engine, program, setting)
        _, engine = self._compiled[key]
        reference = ReferenceBackend().compile(program, setting, interpreter)

        def check(facts: Any, *, as_of: date | None = None) -> Any:
            now = replace(setting, as_of=as_of) if as_of else setting
            used = interpreter or Interpreter(program.catalogue, now)
            try:
                matched = engine.matches(used, facts)
            except Odd:
                return reference(facts, as_of=as_of)
            hits: list[Any] = []
            undetermined: list[Any] = []
            for one in program.checks:
                _decide(one, facts, used, matched, hits, undetermined)
            return hits, undetermined

        return check


def _decide(
    check: Check,
    facts: Any,
    interpreter: Interpreter,
    matched: set[str],
    hits: list[Any],
    undetermined: list[Any],
) -> None:
    """The worst step that holds is the hit; a worse one that is unknown is undetermined."""
    undecided = False
    for step, condition in zip(check.steps, conditions(check), strict=True):
        name = f"{check.id}/{step.severity}"
        if f"{name}/true" in matched:
            value = None if check.measure is None else interpreter.value(check.measure, facts)
            threshold = None if step.threshold is None else interpreter.value(step.threshold, facts)
            upper = upper_end(step.condition)
            hits.append(
                (check.id, step.severity, certain(value, upper=upper), certain(threshold, upper=not upper))
            )
            break
        if f"{name}/false" not in matched:
            undecided |= interpreter.value(condition, facts) is UNKNOWN
    if undecided:
        undetermined.append((check.id, *diagnose(check, facts, interpreter)))


class _Engine:
    """The rulesets of one program in the engine."""

    def __init__(self, engine: Any, program: Program, setting: Setting) -> None:
        self.engine = engine
        self.lowering = Lowering(program, setting)
        self.lock = Lock()
        self.handles = [
            (engine.create_ruleset(f"coopgov{next(_NUMBERS)}", definition(each)), each.properties)
            for each in rulesets(program, self.lowering)
        ]

    def matches(self, interpreter: Interpreter, facts: Any) -> set[str]:
        """The names of the rules that fire for a record."""
        found: set[str] = set()
        for handle, names in self.handles:
            text = fact_text(self.lowering.record(names, interpreter, facts))
            with self.lock:
                self._assert(handle, text, found)
        return found

    def _assert(self, handle: int, text: str, found: set[str]) -> None:
        code, state = self.engine.assert_fact(handle, text)
        if code:  # nothing matches, and so nothing is kept
            return
        try:
            started = self.engine.start_action_for_state(handle, state)
            action = started and started[1]
            while action:
                found.update(json.loads(action))
                action = self.engine.complete_and_start_action(handle, state)
        finally:
            self.engine.retract_fact(handle, text)


def _engine() -> Any:
    """The C extension; the one place where it is imported."""
    if sys.version_info >= _FIRST_NEWER_PYTHON:
        why = "durable-rules does not run on Python 3.13 and later"
        raise BackendError("durable", "", "", why, ("direct", "interpreter"))
    try:
        import durable_rules_engine
    except ImportError:
        why = "durable-rules is not installed; run `pip install coopgov[durable]`, which needs a C compiler"
        raise BackendError("durable", "", "", why, ("direct", "interpreter")) from None
    return durable_rules_engine

"""The durable backend: runs conditions as rulesets of durable-rules 2.0.28, a C engine (`coopgov[durable]`).

Only features of the engine that work reliably are used: conditions on single facts, with `$and` and `$or` over numbers
in plain decimal notation. Quantities are computed beforehand (see `lowering`), since the engine has neither units nor a
value for unknown. Each condition becomes two rules, one for certainly true and one for certainly false; where neither
fires, the interpreter decides between unknown and not set. The rules for false run only where something is absent or
uncertain: elsewhere, what is not true is false. A record is asserted, its matches are collected as a set (an `$or` can
fire twice), and it is retracted, always under one `sid` and behind a lock. There is no `Host`, which would start
threads. A program is compiled once, because deleting a ruleset leaks memory.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import count
from math import prod
from threading import Lock
from typing import TYPE_CHECKING, Any

from coopgov.backends.durable_rules.lowering import ALWAYS, NEVER, Every, Lowering, Test, tests_of
from coopgov.backends.interpreter import certain, diagnose, upper_end
from coopgov.backends.ir import Hit, Undetermined, conditions
from coopgov.errors import BackendError
from coopgov.language.interpreter import Interpreter
from coopgov.language.values import UNKNOWN
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.backends.durable_rules.lowering import Formula
    from coopgov.backends.ir import Check, Checker, Program, Step
    from coopgov.language.interpreter import Setting
    from coopgov.language.syntax import Expr
    from coopgov.severities import Severity

__all__ = ["MOST_PROPERTIES", "DurableBackend", "Ruleset", "definition", "fact_text", "rulesets"]

MOST_PROPERTIES = 28
"""A fact with more than 31 properties is error 303; three of them are reserved (`id`, `sid`, `always`)."""
_MOST_WAYS = 64
"""The engine puts all tests that hold for a fact on a stack of this size; one more is error 303."""
_MOST_RULES = 100
_FIRST_NEWER_PYTHON = (3, 13)
_SYMBOLS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte", "!=": "$neq"}
_OPPOSITE_SYMBOLS = {">": "<=", "<=": ">", ">=": "<", "<": ">=", "==": "!=", "!=": "=="}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A condition of a check: its rule `true` fires where it certainly holds, its rule `false` where it does not."""

    check: str
    severity: Severity
    true: Formula
    false: Formula

    @property
    def properties(self) -> set[str]:
        """The properties that it tests."""
        return {test.property for formula in (self.true, self.false) for test in tests_of(formula)}

    @property
    def decided(self) -> bool:
        """Whether it is false wherever it is not true, provided that all its properties are present."""
        return _opposite(self.true, self.false)

    @property
    def ways(self) -> int:
        """The most paths of tests that can hold for a fact at once.

        A test and its opposite never hold together, so tests joined by a single `and` or `or` count once each.
        """
        parts = [formula.parts for formula in (self.true, self.false) if not isinstance(formula, Test)]
        if all(isinstance(part, Test) for several in parts for part in several):
            return max((len(several) for several in parts), default=1) or 1
        return _ways(self.true) + _ways(self.false)


def _opposite(true: Formula, false: Formula) -> bool:
    """Whether one of two formulas holds for every fact that has their properties; counts with two bounds may not."""
    if isinstance(true, Test) or isinstance(false, Test):
        same = isinstance(true, Test) and isinstance(false, Test) and true.property == false.property
        return same and _tests_opposite(true, false)  # type: ignore[arg-type]  # as `same` says
    pairs = zip(true.parts, false.parts, strict=False)
    return (
        type(true) is not type(false)
        and len(true.parts) == len(false.parts)
        and all(_opposite(one, other) for one, other in pairs)
    )


def _tests_opposite(one: Test, other: Test) -> bool:
    if one.symbol == other.symbol == "==":
        return {one.constant, other.constant} == {0, 1}  # a property that says whether a condition holds
    return one.constant == other.constant and _OPPOSITE_SYMBOLS[one.symbol] == other.symbol


def _ways(formula: Formula) -> int:
    """The number of paths through a formula: a sum over `or`, a product over `and`; a text equals only one constant."""
    if isinstance(formula, Test):
        return 1
    if isinstance(formula, Every):
        return prod(map(_ways, formula.parts))
    same = {part.property for part in formula.parts if isinstance(part, Test) and part.symbol == "=="}
    return len(same) + sum(
        _ways(part) for part in formula.parts if not (isinstance(part, Test) and part.symbol == "==")
    )


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Outcomes that fit into one ruleset of the engine, and the properties that they test."""

    outcomes: tuple[Outcome, ...]
    properties: tuple[str, ...]

    def definition(self, *words: str) -> dict[str, Any]:
        """Return the ruleset in the format of durable-rules; with the words `true` or `false`, only those rules."""
        return {
            f"{outcome.check}/{outcome.severity}/{word}": {"all": [{"m": _condition(formula)}]}
            for outcome in self.outcomes
            for word, formula in (("true", outcome.true), ("false", outcome.false))
            if formula != NEVER and (not words or word in words)
        }


def rulesets(program: Program, lowering: Lowering) -> list[Ruleset]:
    """Distribute the conditions of a program over as few rulesets as possible.

    Raises:
        BackendError: a condition compares more quantities than a fact of the engine can have.
    """
    found: list[Ruleset] = []
    for outcome in _outcomes(program.checks, lowering):
        needed = outcome.properties
        if len(needed) > MOST_PROPERTIES:
            why = phrase("backends.durable.quantities", number=len(needed), most=MOST_PROPERTIES)
            raise BackendError("durable", outcome.check, outcome.severity, why, ("direct", "interpreter"))
        last = found[-1] if found else Ruleset((), ())
        joined = dict.fromkeys((*last.properties, *sorted(needed)))
        ways = outcome.ways + sum(one.ways for one in last.outcomes)
        fits = len(joined) <= MOST_PROPERTIES and ways <= _MOST_WAYS and 2 * len(last.outcomes) < _MOST_RULES
        if found and fits:
            found[-1] = Ruleset((*last.outcomes, outcome), tuple(joined))
        else:
            found.append(Ruleset((outcome,), tuple(sorted(needed))))
    return found


def _outcomes(checks: Sequence[Check], lowering: Lowering) -> Iterator[Outcome]:
    for check in checks:
        for step, condition in zip(check.steps, conditions(check), strict=True):
            outcome = Outcome(check.id, step.severity, *lowering.both(condition))
            if outcome.ways > _MOST_WAYS:
                outcome = Outcome(check.id, step.severity, *lowering.whether(condition))
            yield outcome


def _condition(formula: Formula) -> dict[str, Any]:
    if isinstance(formula, Test):
        value = {formula.property: formula.constant}
        return value if formula.symbol == "==" else {_SYMBOLS[formula.symbol]: value}
    if formula == ALWAYS:
        return {"always": 1}
    parts = [_condition(part) for part in formula.parts]
    return {"$and" if isinstance(formula, Every) else "$or": parts}


def definition(ruleset: Ruleset, *words: str) -> str:
    """Return the text of a ruleset, with numbers in plain decimal notation: the engine does not read exponents."""
    return _plain(ruleset.definition(*words))


def fact_text(properties: Mapping[str, float | str]) -> str:
    """Return the text of a fact; all facts share one `sid`, and with it one state of the engine."""
    return _plain({"id": "1", "sid": "0", "always": 1, **properties})


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_quoted(key)}: {_plain(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) < 2**63:
        return str(int(value))
    text = repr(value) if type(value) is float else "e"
    if "e" in text:
        text = format(Decimal(value), "f")
    return text if "." in text else f"{text}.0"  # the engine reads integers beyond 64 bits only with a point


@lru_cache(maxsize=4096)
def _quoted(key: str) -> str:
    """Quote the name of a property or rule; cached, since the same names recur in every record."""
    return json.dumps(key)


class DurableBackend:
    """Compiles programs to rulesets of durable-rules, each only once.

    Raises:
        BackendError: durable-rules is not installed, or does not run on this Python.
    """

    def __init__(self) -> None:
        self._engine = _engine()
        self._compiled: dict[Any, tuple[Program, _Engine]] = {}

    def compile(self, program: Program, setting: Setting, interpreter: Interpreter | None = None) -> Checker:
        """Return the checker of a program for a calendar and currency."""
        key = (id(program), setting.currency, setting.minor_units)
        if key not in self._compiled:
            self._compiled[key] = program, _Engine(self._engine, program, setting)
        _, engine = self._compiled[key]
        steps = [(one, [*zip(one.steps, conditions(one), strict=True)]) for one in program.checks]

        def check(facts: Any, *, as_of: date | None = None) -> Any:
            now = replace(setting, as_of=as_of) if as_of else setting
            used = interpreter or Interpreter(program.catalogue, now)
            used.read(program.asked, facts)
            matched = engine.matches(used, facts)
            hits: list[Any] = []
            undetermined: list[Any] = []
            for one, of_one in steps:
                _decide(one, of_one, facts, used, matched, hits, undetermined)
            return hits, undetermined

        return check


def _decide(
    check: Check,
    steps: Sequence[tuple[Step, Expr]],
    facts: Any,
    interpreter: Interpreter,
    matched: set[str],
    hits: list[Any],
    undetermined: list[Any],
) -> None:
    """Decide a check: the worst step that holds is the hit; it is undetermined if a worse one is unknown."""
    undecided = False
    for step, condition in steps:
        name = f"{check.id}/{step.severity}"
        if f"{name}/true" in matched:
            value = None if check.measure is None else interpreter.value(check.measure, facts)
            threshold = None if step.threshold is None else interpreter.value(step.threshold, facts)
            upper = upper_end(step.condition)
            hits.append(
                Hit(check.id, step.severity, certain(value, upper=upper), certain(threshold, upper=not upper))
            )
            break
        if f"{name}/false" not in matched:
            undecided |= interpreter.value(condition, facts) is UNKNOWN
    if undecided:
        undetermined.append(Undetermined(check.id, *diagnose(check, facts, interpreter)))


class _Part:
    """One ruleset, registered twice: its rules for true and, separately, its rules for false, which run less often."""

    def __init__(self, engine: Any, ruleset: Ruleset) -> None:
        self.properties = ruleset.properties
        self.true, self.false = (_registered(engine, ruleset, word) for word in ("true", "false"))
        self.decided = all(outcome.decided for outcome in ruleset.outcomes)
        names = [f"{outcome.check}/{outcome.severity}" for outcome in ruleset.outcomes]
        self.names = [(f"{name}/true", f"{name}/false") for name in names]


def _registered(engine: Any, ruleset: Ruleset, word: str) -> int | None:
    """The engine's handle for the rules of a word; None if there are none."""
    if not ruleset.definition(word):
        return None
    handle: int = engine.create_ruleset(f"coopgov{next(_NUMBERS)}", definition(ruleset, word))
    return handle


class _Engine:
    """The rulesets of one program, registered with the engine."""

    def __init__(self, engine: Any, program: Program, setting: Setting) -> None:
        self.engine = engine
        self.lowering = Lowering(program, setting)
        self.lock = Lock()
        self.parts = [_Part(engine, each) for each in rulesets(program, self.lowering)]

    def matches(self, interpreter: Interpreter, facts: Any) -> set[str]:
        """Return the names of the rules that hold for a record."""
        found: set[str] = set()
        for part in self.parts:
            record = self.lowering.record(part.properties, interpreter, facts)
            text = fact_text(record)
            with self.lock:
                self._assert(part.true, text, found)
                if not part.decided or len(record) < len(part.properties):
                    self._assert(part.false, text, found)
                    continue
            found.update([false for true, false in part.names if true not in found])
        return found

    def _assert(self, handle: int | None, text: str, found: set[str]) -> None:
        if handle is None:
            return
        code, state = self.engine.assert_fact(handle, text)
        if code:  # nothing matches, so there is nothing to retract
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
    """Import the C extension."""
    if sys.version_info >= _FIRST_NEWER_PYTHON:
        why = phrase("backends.durable.newer-python")
        raise BackendError("durable", "", "", why, ("direct", "interpreter"))
    try:
        import durable_rules_engine
    except ImportError:
        why = phrase("backends.durable.not-installed")
        raise BackendError("durable", "", "", why, ("direct", "interpreter")) from None
    return durable_rules_engine

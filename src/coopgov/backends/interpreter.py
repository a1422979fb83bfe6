"""The reference backend: decides every check with the interpreter, and diagnoses why a check is undetermined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import conditional, is_known_if, lacks_value, total
from coopgov.backends.ir import Check, Hit, Program, Undetermined, conditions
from coopgov.language import syntax as s
from coopgov.language.dependencies import fact_paths
from coopgov.language.host_values import Gap
from coopgov.language.interpreter import Interpreter, Setting, unit_is
from coopgov.language.values import UNKNOWN, Bounds, missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from coopgov.backends.ir import Checker
    from coopgov.facts.catalogue import Catalogue

    Record = Mapping[str, Any]

__all__ = [
    "ABSENT",
    "HIDDEN",
    "OUT_OF_RANGE",
    "REASONS",
    "UNREADABLE",
    "ReferenceBackend",
    "certain",
    "decide",
    "diagnose",
    "missing_facts",
    "upper_end",
]

ABSENT, HIDDEN, UNREADABLE, OUT_OF_RANGE = dict.fromkeys(gap.reason for gap in Gap)
REASONS = (ABSENT, HIDDEN, UNREADABLE, OUT_OF_RANGE, "unit", "division by zero", "empty collection")
"""Why a check can be undetermined; where several apply, the first is named."""


class ReferenceBackend:
    """The backend that interprets: slow, and the reference that every other backend must agree with."""

    def compile(self, program: Program, setting: Setting, interpreter: Interpreter | None = None) -> Checker:
        """Return a checker that interprets the program."""
        shared = interpreter

        def check(facts: Record, *, as_of: date | None = None) -> Any:
            now = replace(setting, as_of=as_of) if as_of else setting
            interpreter = shared or Interpreter(program.catalogue, now)
            interpreter.read(program.asked, facts)
            found = [decide(one, facts, interpreter) for one in program.checks]
            return [hit for hit, _ in found if hit], [entry for _, entry in found if entry]

        return check


def decide(check: Check, facts: Record, interpreter: Interpreter) -> tuple[Hit | None, Undetermined | None]:
    """Decide one check: its hit, from the worst step that holds, and its entry, if a worse one is undetermined."""
    hit = None
    undecided = False
    for step, condition in zip(check.steps, conditions(check), strict=True):
        outcome = interpreter.value(condition, facts)
        if outcome is True:
            value = None if check.measure is None else interpreter.value(check.measure, facts)
            threshold = None if step.threshold is None else interpreter.value(step.threshold, facts)
            upper = upper_end(step.condition)
            hit = Hit(
                check.id, step.severity, certain(value, upper=upper), certain(threshold, upper=not upper)
            )
            break
        undecided |= outcome is UNKNOWN
    return hit, Undetermined(check.id, *diagnose(check, facts, interpreter)) if undecided else None


def upper_end(condition: s.Expr) -> bool:
    """Whether the upper bound of an uncertain measure decides a condition: it does for `below` and `at most`."""
    return isinstance(condition, (s.Below, s.AtMost))


def certain(value: Any, *, upper: bool) -> Any:
    """Return a value, or one bound of an uncertain count or share."""
    if not isinstance(value, Bounds):
        return None if missing(value) else value
    return value.high if upper else value.low


def diagnose(check: Check, facts: Record, interpreter: Interpreter) -> tuple[tuple[str, ...], str]:
    """Return the absent data that an undecided check reads, and why it is undecided."""
    finder = _Finder(interpreter)
    for condition in conditions(check):
        finder.visit(condition, (facts,), "")
    finder.settle()
    return tuple(sorted(finder.missing)), next(reason for reason in REASONS if reason in finder.reasons)


def missing_facts(node: s.Expr, facts: Record, interpreter: Interpreter) -> tuple[str, ...]:
    """Return the facts without a value because of which an expression cannot be computed.

    The tuple is empty if it cannot be computed for another reason, such as a division by zero.
    """
    finder = _Finder(interpreter)
    finder.visit(node, (facts,), "")
    finder.settle()
    return tuple(sorted(finder.missing))


class _Finder:
    """Walks an expression, through formulas and collections, and collects what has no value and why."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.catalogue: Catalogue = interpreter.definitions  # type: ignore[assignment]
        self.missing: set[str] = set()
        self.open_conditions: list[Iterable[str]] = []
        """What each condition reads by which a value is not known."""
        self.reasons: set[str] = set()
        self.seen: set[tuple[int, str, str, str]] = set()

    def settle(self) -> None:
        """List what conditions read by which values are not known, where nothing else is missing."""
        if self.open_conditions and not self.missing:
            self.missing = {name for names in self.open_conditions for name in names}
            self.reasons.add(ABSENT)

    def visit(self, node: s.Expr, records: tuple[Record, ...], prefix: str) -> None:
        if isinstance(node, s.Known) or (isinstance(node, s.Else) and total(node, self.catalogue)):
            return
        if isinstance(node, s.Name):
            self._name(node, records, prefix)
        elif isinstance(node, s.Aggregate):
            self._aggregate(node, records, prefix)
        elif conditional(node) and not missing(self.interpreter.value(node, *records)):
            return
        elif is_known_if(node):
            self._known_if(node, records, prefix)
        else:
            self._reason(node, records)
            for child in s.children(node):
                self.visit(child, records, prefix)

    def _known_if(self, node: s.Call, records: tuple[Record, ...], prefix: str) -> None:
        value, condition = node.arguments
        self.visit(value, records, prefix)
        outcome = self.interpreter.value(condition, *records)
        if missing(outcome):
            self.visit(condition, records, prefix)
        elif not outcome:
            self.open_conditions.append(fact_paths(condition, self.catalogue, prefix))

    def _reason(self, node: s.Expr, records: tuple[Record, ...]) -> None:
        if isinstance(node, s.Arithmetic):
            self._arithmetic(node, records)
        lack, unit = lacks_value(node), node.type.unit
        if (lack == "unit" and not unit_is(records[-1], unit)) or (
            lack == "currency" and unit != self.interpreter.setting.currency
        ):
            self.reasons.add("unit")

    def _name(self, node: s.Name, records: tuple[Record, ...], prefix: str) -> None:
        if not node.about:
            return
        record: Any = records[-1 - node.level]
        path = prefix if node.level == 0 else ""
        for parent in node.parents:
            path += f"{parent}."
            record = record.get(parent)
            if record is None:
                self._lacks(path.removesuffix("."), Gap.ABSENT)
                return
        definition = self.catalogue.definition(node.about, node.name)
        if definition is not None:
            key = (id(record), path, node.about, node.name)
            if key not in self.seen:
                self.seen.add(key)
                self.visit(definition, (record,), path)
        elif self.interpreter.value(node, *records) is UNKNOWN:
            gap = self.interpreter.found(node, record)
            self._lacks(path + node.name, gap if gap.__class__ is Gap else Gap.ABSENT)

    def _lacks(self, name: str, gap: Gap) -> None:
        self.missing.add(name)
        self.reasons.add(gap.reason)

    def _arithmetic(self, node: s.Arithmetic, records: tuple[Record, ...]) -> None:
        left, right, whole = (
            self.interpreter.value(part, *records) for part in (node.left, node.right, node)
        )
        if isinstance(node, s.Divide) and right == 0:
            self.reasons.add("division by zero")
        elif not _without_value(left, right) and missing(whole):
            self.reasons.add(OUT_OF_RANGE)

    def _aggregate(self, node: s.Aggregate, records: tuple[Record, ...], prefix: str) -> None:
        items = self.interpreter.value(node.collection, *records)
        if missing(items):
            self.visit(node.collection, records, prefix)
            return
        if self.interpreter.value(node, *records) is UNKNOWN:
            self._undecided(node, self.interpreter.items(node, items, records))
        for item in items:
            for part in node.of_items:
                self.visit(part, (*records, item), f"{prefix}{node.collection.name}.")

    def _undecided(self, node: s.Aggregate, items: list[tuple[Any, Any]]) -> None:
        kept = [value for where, value in items if where is True]
        if node.function in ("mean", "min", "max", "share"):
            self.reasons.add("empty collection")
        if (
            node.function in ("sum", "mean")
            and kept
            and not _without_value(*kept, *(where for where, _ in items))
        ):
            self.reasons.add(OUT_OF_RANGE)


def _without_value(*values: Any) -> bool:
    """Whether a value is missing, or uncertain where a certain one is needed."""
    return any(missing(value) or isinstance(value, Bounds) for value in values)

"""The rules in durable-rules as its documentation shows: rulesets of a host, which asserts facts and retracts them."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any

from peer_rows import leaf_of, rows_of
from workload import Joint, compiled_metrics, metrics_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Condition, Hits, Record, Rule

__all__ = ["DurableRules", "durable_rules"]

_IN_A_RULESET = 100
"""Larger rulesets fail on part of the facts."""
_NUMBERS = count(1)


class DurableRules:
    """The host. The metrics are worked out by hand-written Python, since rules cannot."""

    def __init__(self, rules: list[Rule]) -> None:
        engine = import_module("durable.engine")
        self.host, self.unheard = engine.Host(), engine.MessageNotHandledException
        for timer in (self.host._d_timer, self.host._t_timer):  # noqa: SLF001  # threads that would go on
            timer.cancel()
        used = metrics_of(rules)  # not all metrics: computing what no rule reads is not the engine's doing
        self.values = {name: value for name, value in compiled_metrics().items() if name in used}
        known, rows = {rule.id: rule for rule in rules}, [*rows_of(rules)]
        self.rows = [(*row[:2], leaf_of(row, known[row[0]])) for row in rows]
        self.found: set[int] = set()
        self.names = [self._register(rows, start) for start in range(0, len(rows), _IN_A_RULESET)]

    def _register(self, rows: list[Any], start: int) -> str:
        name = f"rules{next(_NUMBERS)}"
        some = enumerate(rows[start : start + _IN_A_RULESET], start)
        self.host.register_rulesets(
            {name: {f"r{number}": self._rule(row[2], number) for number, row in some}}
        )
        return name

    def _rule(self, condition: Condition, number: int) -> dict[str, Any]:
        return {"all": [{"m": _condition(condition)}], "run": lambda _: self.found.add(number)}

    def fact(self, record: Record) -> dict[str, Any]:
        """A new fact of a record."""
        return {"id": next(_NUMBERS), **{name: value(record) for name, value in self.values.items()}}

    def put(self, fact: dict[str, Any]) -> Hits:
        """Assert a fact; the hits are its own."""
        self.found.clear()
        for name in self.names:
            with suppress(self.unheard):
                self.host.assert_fact(name, fact)
        hits: Hits = []
        for number in sorted(self.found):
            rule, severity, leaf = self.rows[number]
            hits.append(
                (rule, severity, *((None, None) if leaf is None else (fact[leaf.metric], leaf.limit)))
            )
        return hits

    def drop(self, fact: dict[str, Any]) -> None:
        """Retract a fact."""
        for name in self.names:
            with suppress(self.unheard):
                self.host.retract_fact(name, fact)


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Joint):
        return {f"${condition.word}": [_condition(part) for part in condition.parts]}
    return {"$gt" if condition.word == "above" else "$lt": {condition.metric: condition.limit}}


def durable_rules(rules: list[Rule]) -> Callable[[Record], Hits]:
    """One record at a time: asserted, and retracted again."""
    engine = DurableRules(rules)

    def check(record: Record) -> Hits:
        fact = engine.fact(record)
        hits = engine.put(fact)
        engine.drop(fact)
        return hits

    return check

"""The same rules in other engines.

Each entry of `PEERS` makes a function from a record to hits, as its documentation shows.

An engine that only says whether a condition holds gets the value from hand-written Python, on hits only. A ladder is a
condition for each band, the worse ones excluded.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from peer_durable import durable_rules
from peer_rows import leaf_of, rows_of
from workload import FACTS, FORMULAS, METRICS, Joint, compiled_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workload import Condition, Hits, Record, Rule

    Check = Callable[[Record], Hits]

__all__ = ["PEERS"]


def _text(condition: Condition, joined: Mapping[str, str]) -> str:
    if isinstance(condition, Joint):
        return "(" + f" {joined[condition.word]} ".join(_text(part, joined) for part in condition.parts) + ")"
    symbol = ">" if condition.word == "above" else "<"
    return f"({_formula(condition.metric)} {symbol} {condition.limit!r})"


def _formula(metric: str) -> str:
    return f"({FORMULAS[metric]})" if metric in FORMULAS else metric


_WORDS = {"and": "and", "or": "or"}
_SIGNS = {"and": "&&", "or": "||"}


def _by_conditions(rules: list[Rule], holds: Callable[[str], Callable[[Any], Any]], words: Any) -> Any:
    """One condition after the other, over what the engine takes as a record."""
    known = {rule.id: rule for rule in rules}
    values = compiled_metrics()
    tests: list[Any] = []
    for row in rows_of(rules):
        leaf = leaf_of(row, known[row[0]])
        value = None if leaf is None else values[leaf.metric]
        tests.append(
            (holds(_text(row[2], words)), row[0], row[1], value, None if leaf is None else leaf.limit)
        )

    def check(record: Record, given: Any) -> Hits:
        return [
            (rule, severity, None if value is None else value(record), limit)
            for test, rule, severity, value, limit in tests
            if test(given)
        ]

    return check


def _zen_table(rules: list[Rule]) -> Check:
    """One decision table that collects all rows that hold; values are worked out by the engine."""
    zen = import_module("zen")
    known = {rule.id: rule for rule in rules}
    rows = []
    for number, row in enumerate(rows_of(rules)):
        leaf = leaf_of(row, known[row[0]])
        rows.append(
            {
                "_id": str(number),
                "when": _text(row[2], _WORDS),
                "rule": json.dumps(row[0]),
                "severity": json.dumps(row[1]),
                "value": "null" if leaf is None else _formula(leaf.metric),
                "limit": "null" if leaf is None else repr(leaf.limit),
            }
        )
    outputs = [{"id": name, "name": name, "field": name} for name in ("rule", "severity", "value", "limit")]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": outputs,
        "rules": rows,
    }
    decision = zen.ZenEngine().create_decision(_graph(table))

    def check(record: Record) -> Hits:
        found = decision.evaluate(record)["result"] or ()
        return [(one["rule"], one["severity"], one.get("value"), one.get("limit")) for one in found]

    return check


def _graph(table: dict[str, Any]) -> str:
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "table", "type": "decisionTableNode", "name": "rules", "position": place, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "table"), ("table", "out"))
    ]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def _zen_expressions(rules: list[Rule]) -> Check:
    zen = import_module("zen")
    check = _by_conditions(rules, lambda text: zen.compile_expression(text).evaluate, _WORDS)
    return lambda record: check(record, record)


def _rule_engine(rules: list[Rule]) -> Check:
    engine = import_module("rule_engine")
    types = engine.type_resolver_from_dict(dict.fromkeys(FACTS, engine.DataType.FLOAT))
    context = engine.Context(type_resolver=types)
    check = _by_conditions(rules, lambda text: engine.Rule(text, context=context).matches, _WORDS)
    return lambda record: check(record, record)


def _cel_python(rules: list[Rule]) -> Check:
    celpy = import_module("celpy")
    double = celpy.celtypes.DoubleType
    environment = celpy.Environment(annotations=dict.fromkeys(FACTS, double))
    check = _by_conditions(
        rules, lambda text: environment.program(environment.compile(text)).evaluate, _SIGNS
    )
    return lambda record: check(record, {name: double(record[name]) for name in FACTS})


def _cel(rules: list[Rule]) -> Check:
    cel = import_module("cel")
    check = _by_conditions(rules, lambda text: cel.compile(text).execute, _SIGNS)
    return lambda record: check(record, cel.Context(variables=record))


def _json_logic(rules: list[Rule]) -> Check:
    logic = import_module("json_logic").jsonLogic
    trees = {_text(row[2], _WORDS): _tree(row[2]) for row in rows_of(rules)}

    def holds(text: str) -> Callable[[Any], Any]:
        return lambda record: logic(trees[text], record)

    check = _by_conditions(rules, holds, _WORDS)
    return lambda record: check(record, record)


def _tree(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Joint):
        return {condition.word: [_tree(part) for part in condition.parts]}
    symbol = ">" if condition.word == "above" else "<"
    return {symbol: [_TREES[condition.metric], condition.limit]}


def _tree_of_formula(metric: str) -> Any:
    import ast

    signs = {ast.Sub: "-", ast.Div: "/", ast.Mult: "*"}

    def tree(node: ast.expr) -> Any:
        if isinstance(node, ast.BinOp):
            return {signs[type(node.op)]: [tree(node.left), tree(node.right)]}
        assert isinstance(node, ast.Name)
        return {"var": node.id}

    return tree(ast.parse(FORMULAS.get(metric, metric), mode="eval").body)


_TREES = {metric: _tree_of_formula(metric) for metric in METRICS}


PEERS: dict[str, tuple[str, Callable[[list[Rule]], Check]]] = {
    "a decision table of zen-engine": ("zen-engine", _zen_table),
    "expressions of zen-engine": ("zen-engine", _zen_expressions),
    "rule-engine": ("rule-engine", _rule_engine),
    "cel-python": ("cel-python", _cel_python),
    "common-expression-language": ("common-expression-language", _cel),
    "panzi-json-logic": ("panzi-json-logic", _json_logic),
    "durable-rules itself": ("durable-rules", durable_rules),
}
"""What is measured, the distribution it needs, and how it is made."""

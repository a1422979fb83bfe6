"""Finds the layers of rules that read warnings; reports circles, unknown rules, and rules about roles among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError
from coopgov.locales import listed, phrase, verbatim
from coopgov.rules.declared import expression_fault
from coopgov.rules.layers import layers, named_rules, reads_warnings
from coopgov.schema import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.hints import Hints
    from coopgov.language import syntax as s
    from coopgov.rules.merge import Merged
    from coopgov.rules.source import Field

__all__ = ["layers_of"]


def layers_of(merged: Merged, checked: Mapping[str, Sequence[tuple[Field, s.Expr]]]) -> dict[str, int]:
    """Return the layer of each rule, from its checked expressions; faults are added to those of the merged files."""
    names: dict[str, set[str]] = {}
    readers: set[str] = set()
    hints = merged.hints()
    for rule, expressions in checked.items():
        mine = names.setdefault(rule, set())
        for field, node in expressions:
            readers |= {rule} if reads_warnings(node) else set()
            for name, place in named_rules(node).items():
                mine.add(name)
                if name not in merged.rules:
                    error = _unknown_rule(name, place, hints)
                    merged.faults.append(expression_fault(field, error))
    _roles_run_last(merged, names, readers)
    number, circle = layers(names, readers)
    if circle:
        first = merged.rules[circle[0]]
        found, expected = verbatim(" → ".join(circle)), phrase("rules.rule-circle.expected")
        merged.faults.append(first.source.fault((*first.path, "id"), "rule-circle", found, expected))
    return number


def _unknown_rule(name: str, place: s.Expr, hints: Hints) -> ExpressionError:
    expected, hint = phrase("rules.unknown-rule.expected"), hints.near(name)
    return ExpressionError(
        "unknown-rule", quoted(name), expected, start=place.start, end=place.end, hint=hint
    )


def _roles_run_last(merged: Merged, names: dict[str, set[str]], readers: set[str]) -> None:
    """Refuse rules about roles that read warnings or are read: vacant roles are known only after all other warnings."""
    roles = {id_ for id_, rule in merged.rules.items() if rule.get("about") == "role"}
    for id_ in sorted(merged.rules):
        named = roles & names.get(id_, set())
        if named or (id_ in roles and id_ in readers):
            rule = merged.rules[id_]
            found = phrase("rules.role-rules-run-last.found", rule=id_)
            if named:
                found = phrase("rules.role-rules-run-last.of", rule=id_, rules=listed(sorted(named)))
            expected = phrase("rules.role-rules-run-last.expected")
            merged.faults.append(
                rule.source.fault((*rule.path, "id"), "role-rules-run-last", found, expected)
            )

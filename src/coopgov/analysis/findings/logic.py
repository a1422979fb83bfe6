"""Run the findings of logic: about the conditions of single rules, pairs of rules and decision tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coopgov.analysis.deadline import OutOfTime
from coopgov.analysis.findings.conditions import conditions
from coopgov.analysis.findings.pairs import pairs
from coopgov.analysis.findings.tables import tables
from coopgov.analysis.logic.decide import out_of_time
from coopgov.analysis.logic.study import Study
from coopgov.analysis.scope import NotDecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.analysis.scope import Scope
    from coopgov.finding import Finding

__all__ = ["logic"]


def logic(scope: Scope) -> Iterator[Finding | NotDecided]:
    """All findings of logic about the rules of a file."""
    study = Study(scope)
    for rule in study.own:
        code = "band-never-reached" if rule.check.measure is not None else "condition-never-true"
        yield from _in_time(conditions(study, rule), [(code, rule.id)])
    beside = Counter((rule.about, rule.kind) for rule in scope.rules.rules)
    left = {rule.id: None for rule in study.own if beside[rule.about, rule.kind] > 1}
    yield from _in_time(pairs(study, left), _open_pairs(left))
    mine = [table.id for table in scope.rules.tables if scope.owns(table.field) and table.hit != "collect"]
    yield from _in_time(tables(study), (("table-gap", table) for table in mine))


def _open_pairs(left: Mapping[str, None]) -> Iterator[tuple[str, str]]:
    # a generator expression would take the iterator of `left` before `pairs` removes anything from it
    yield from (("implied-rule", rule) for rule in left)


def _in_time(
    found: Iterator[Finding | NotDecided], asked: Iterable[tuple[str, str]]
) -> Iterator[Finding | NotDecided]:
    """What a family finds; if the time runs out, the questions that are still open."""
    try:
        yield from found
    except OutOfTime:
        yield from (NotDecided(code, name, out_of_time()) for code, name in asked)

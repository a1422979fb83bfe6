"""Findings of logic: what the conditions of rules can and cannot mean, each by itself and against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.findings.conditions import conditions
from coopgov.analysis.findings.pairs import pairs
from coopgov.analysis.findings.tables import tables
from coopgov.analysis.logic.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.scope import NotDecided, Scope
    from coopgov.finding import Finding

__all__ = ["logic"]


def logic(scope: Scope) -> Iterator[Finding | NotDecided]:
    """All findings of logic about the rules of a file."""
    study = Study(scope)
    for rule in study.own:
        yield from conditions(study, rule)
    yield from pairs(study)
    yield from tables(study)

"""Recognise changes of `ends` that no facts can show, because no warning is past before or after them.

A rule can end only where it no longer warns: `where: not done` and `ends: done`. Then `ends` says how a warning was
settled, and no assessment has a warning that is past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.logic.decide import Logic
from coopgov.analysis.logic.formulas import FALSE, all_of, any_of, negated
from coopgov.backends.ir import conditions

if TYPE_CHECKING:
    from coopgov.analysis.logic.formulas import Formula
    from coopgov.analysis.logic.semantics import Meaning
    from coopgov.backends.ir import Check
    from coopgov.language.syntax import Expr
    from coopgov.testing.mutation.scope import Scope

__all__ = ["shows"]


def shows(changed: Check, before: Check, scope: Scope) -> bool:
    """Whether a warning can be past with one of two checks alone, which differ in `ends`, unless that is disproved."""
    logic = Logic(scope.catalogue)
    meaning = logic.meaning(scope.about)
    fires = any_of(meaning.holds(each) for each in conditions(before))
    ends, other = (_holds(meaning, each.ends) for each in (before, changed))
    differ = any_of((all_of((ends, negated(other))), all_of((negated(ends), other))))
    return not logic.impossible(all_of((fires, differ)))


def _holds(meaning: Meaning, node: Expr | None) -> Formula:
    return FALSE if node is None else meaning.holds(node)

"""Counterfactual analysis: finds the values of one fact at which the outcome of a condition changes.

No agreement is needed: the functions work on checked conditions and the record of one subject. The values that
`crossings` returns are candidates. `variable.supposed(interpreter, point)` returns an interpreter in which the fact has
such a value; evaluate the conditions with it.
"""

from coopgov.counterfactual.crossings import crossings
from coopgov.counterfactual.variable import Point, Variable, around

__all__ = ["Point", "Variable", "around", "crossings"]

"""Counterfactual analysis: finds the values of one fact at which the outcome of a condition changes."""

from coopgov.counterfactual.crossings import crossings
from coopgov.counterfactual.variable import Point, Variable, around

__all__ = ["Point", "Variable", "around", "crossings"]

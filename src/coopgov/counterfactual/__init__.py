"""Where an outcome changes when one fact does."""

from coopgov.counterfactual.crossings import crossings
from coopgov.counterfactual.variable import Point, Variable, around

__all__ = ["Point", "Variable", "around", "crossings"]

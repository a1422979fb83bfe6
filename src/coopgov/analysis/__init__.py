"""What rules mean, found without any agreement: where an outcome changes, and what is wrong with a rule set that loads."""

from coopgov.analysis.crossings import crossings
from coopgov.analysis.variable import Point, Variable, around
from coopgov.finding import LEVELS, Example, Finding, Level

__all__ = ["LEVELS", "Example", "Finding", "Level", "Point", "Variable", "around", "crossings"]

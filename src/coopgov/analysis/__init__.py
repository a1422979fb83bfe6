"""What rules mean, found without any agreement: where an outcome changes, and what is wrong with a rule set that loads."""

from coopgov.analysis.finding import LEVELS, Example, Finding, Level

__all__ = ["LEVELS", "Example", "Finding", "Level"]

"""What rules mean, found without an agreement: what is wrong with a rule set that loads."""

from coopgov.finding import LEVELS, Example, Finding, Level

__all__ = ["LEVELS", "Example", "Finding", "Level"]

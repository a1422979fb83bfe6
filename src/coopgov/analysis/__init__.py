"""Static analysis of rules, without an agreement: find what is probably a mistake in a rule set that loads."""

from coopgov.finding import LEVELS, Example, Finding, Level

__all__ = ["LEVELS", "Example", "Finding", "Level"]

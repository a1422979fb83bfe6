"""Assess an agreement on every day of a period, compare rule sets, and try out other facts."""

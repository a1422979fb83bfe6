"""Hypothesis strategies for agreements, rule files and records of facts.

They follow Hypothesis's own style: plural names, strategies rather than values as arguments, a default for every
argument, `InvalidArgument` for an invalid one, and nothing is checked or built before a value is drawn.
"""

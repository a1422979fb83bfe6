"""Hypothesis strategies for agreements, rule files and records of facts.

They follow Hypothesis's own style: a plural for the values it gives, strategies rather than values as arguments, a default
for every argument, `InvalidArgument` for one that cannot be, and nothing is checked or built before a value is drawn.
"""

"""Backends: each compiles checked expressions for one target; none knows about rules."""

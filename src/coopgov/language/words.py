"""The words and symbols that mean something in the rule language: keywords, functions, comparisons."""

from __future__ import annotations

from coopgov.language import syntax as s

__all__ = ["AGGREGATES", "COMPARISONS", "FUNCTIONS", "KEYWORDS", "NAMED"]

KEYWORDS = frozenset(
    [
        "above",
        "below",
        "at",
        "least",
        "most",
        "between",
        "and",
        "or",
        "not",
        "is",
        "in",
        "known",
        "else",
        "where",
        "of",
        "true",
        "false",
    ]
)

AGGREGATES = frozenset({"count", "share", "sum", "mean", "min", "max", "any", "all"})
FUNCTIONS = frozenset({"min", "max", "abs", "working_days", "known_if"})
NAMED = frozenset({"baseline_end"})
"""Facts that take a name in brackets, as in `baseline_end("approved")`: the name is part of the fact's name."""
COMPARISONS: dict[str, type[s.Comparison]] = {
    ">": s.Above,
    "<": s.Below,
    ">=": s.AtLeast,
    "<=": s.AtMost,
    "==": s.Equal,
    "!=": s.NotEqual,
}

"""The severities of warnings."""

from typing import Literal, get_args

__all__ = ["SEVERITIES", "Severity"]

Severity = Literal["notice", "minor", "major", "critical"]
SEVERITIES: tuple[str, ...] = get_args(Severity)
"""The severities of warnings, mildest first."""

"""The severities of warnings, and the status of an agreement that follows from them."""

from typing import Literal, get_args

__all__ = ["SEVERITIES", "STATUSES", "Severity", "Status"]

Severity = Literal["notice", "minor", "major", "critical"]
"""How severe a warning is."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The severities of warnings, mildest first."""
Status = Literal["clear", "undetermined", "notice", "minor", "major", "critical"]
"""The state of an agreement: `clear`, `undetermined`, or the worst severity of its warnings."""
STATUSES: tuple[Status, ...] = get_args(Status)
"""The statuses of agreements, best first."""

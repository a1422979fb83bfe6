"""Limit how long analysis takes; this is the only clock below the command line.

It never says what day or time it is, so no finding depends on it; it only decides when a question is given up and
listed as undecided. The host sets the limit in seconds (`analyse(…, time_limit=…)`), which starts when analysis does.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

__all__ = ["Deadline", "OutOfTime"]


class OutOfTime(Exception):  # noqa: N818  # an answer, not an error
    """The time has run out: the question is undecided."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment after which questions are given up, in seconds of `time.monotonic`."""

    moment: float = float("inf")

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline a number of seconds from now."""
        return cls(monotonic() + seconds)

    def check(self) -> None:
        """Continue only while there is time.

        Raises:
            OutOfTime: no time is left.
        """
        if monotonic() >= self.moment:
            raise OutOfTime

    @property
    def remaining(self) -> float:
        """The seconds that are left, at least 0."""
        return max(0.0, self.moment - monotonic())

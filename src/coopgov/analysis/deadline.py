"""How long analysis may still take: the one clock below the command line.

It never tells what day or time it is, so nothing that is found depends on it; it only decides when a question is given up and
listed as not decided. The host gives the seconds (`analyse(…, time_limit=…)`), and they begin to run when analysis does.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

__all__ = ["Deadline", "OutOfTime"]


class OutOfTime(Exception):  # noqa: N818  # an answer, not an error
    """The time is over: what was asked is not decided."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment after which questions are given up, in seconds of `time.monotonic`."""

    moment: float = float("inf")

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline that many seconds from now."""
        return cls(monotonic() + seconds)

    def check(self) -> None:
        """Go on only while there is time.

        Raises:
            OutOfTime: there is none left.
        """
        if monotonic() >= self.moment:
            raise OutOfTime

    @property
    def remaining(self) -> float:
        """The seconds that are left, at least 0."""
        return max(0.0, self.moment - monotonic())

"""The result of a backtest: the episodes and undetermined periods of each warning.

An *episode* is an unbroken run of days on which a rule gives a warning about a subject. An *undetermined period* is an
unbroken run of days on which the rule could not be decided. Both come from what `assess` returns for each day, so they
use only what was known then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import worse
from coopgov.display import svg

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.severities import Severity

__all__ = ["Episode", "History", "Stretch", "UndeterminedPeriod", "days_of"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days on which a warning stays the same: one severity, waived or not, past or not; both ends included.

    `waived` says that a waiver sets it aside on these days, `past` that nothing about it can change any more.
    """

    severity: Severity
    waived: bool
    first: date
    last: date
    past: bool = False

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return days_of(self.first, self.last)

    def to_dict(self) -> dict[str, Any]:
        """The stretch as JSON."""
        return {
            "severity": self.severity,
            "waived": self.waived,
            "past": self.past,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
        }


@dataclass(frozen=True, slots=True)
class Episode:
    """An unbroken run of days on which a rule gives a warning about a subject, in stretches of one severity.

    `before` says that it was there on the first day of the history, and may have begun earlier; `ongoing` that it is
    still there on the last. `title` is that of the rule and `name` that of the subject, in the language asked for.
    """

    rule: str
    about: str
    kind: str
    title: str
    name: str
    stretches: tuple[Stretch, ...]
    before: bool
    ongoing: bool

    @property
    def id(self) -> str:
        """The id of its warning; all episodes of a warning have the same."""
        return f"{self.rule}@{self.about}"

    @property
    def first(self) -> date:
        """Its first day."""
        return self.stretches[0].first

    @property
    def last(self) -> date:
        """Its last day, which is still part of it."""
        return self.stretches[-1].last

    @property
    def severity(self) -> Severity:
        """The worst severity it reaches."""
        return max((stretch.severity for stretch in self.stretches), key=worse)

    @property
    def days(self) -> int:
        """How many days it lasts, waived and past days included."""
        return days_of(self.first, self.last)

    @property
    def alert_days(self) -> int:
        """How many days it lasts, waived and past days excluded."""
        return sum(stretch.days for stretch in self.stretches if not (stretch.waived or stretch.past))

    def to_dict(self) -> dict[str, Any]:
        """The episode as JSON."""
        return {
            "id": self.id,
            "rule": self.rule,
            "about": self.about,
            "kind": self.kind,
            "title": self.title,
            "name": self.name,
            "severity": self.severity,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "before": self.before,
            "ongoing": self.ongoing,
            "days": self.days,
            "alert_days": self.alert_days,
            "stretches": [stretch.to_dict() for stretch in self.stretches],
        }


@dataclass(frozen=True, slots=True)
class UndeterminedPeriod:
    """An unbroken run of days on which a rule could not be decided for a subject, for one reason.

    `title` is that of the rule and `name` that of the subject, in the language asked for.
    """

    rule: str
    about: str
    title: str
    name: str
    missing: tuple[str, ...]
    because: str
    first: date
    last: date
    ongoing: bool

    @property
    def id(self) -> str:
        """The id of the warning that could not be decided."""
        return f"{self.rule}@{self.about}"

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return days_of(self.first, self.last)

    def to_dict(self) -> dict[str, Any]:
        """The undetermined period as JSON."""
        return {
            "id": self.id,
            "rule": self.rule,
            "about": self.about,
            "title": self.title,
            "name": self.name,
            "missing": list(self.missing),
            "because": self.because,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "ongoing": self.ongoing,
            "days": self.days,
        }


@dataclass(frozen=True, slots=True, repr=False)
class History:
    """What a rule set would have said about one agreement, day by day: episodes and undetermined periods.

    `agreement` is its id, and `title` its title in the language asked for. `undated` names values without a date that
    were taken to hold all the time, although they may have been written on the last day.
    """

    agreement: str
    title: str
    first: date
    last: date
    rules: Mapping[str, str]
    episodes: tuple[Episode, ...]
    undetermined: tuple[UndeterminedPeriod, ...]
    undated: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """How many days it covers."""
        return days_of(self.first, self.last)

    @property
    def alert_days(self) -> int:
        """The days of all warnings together: two warnings on one day count as two."""
        return sum(episode.alert_days for episode in self.episodes)

    @property
    def undetermined_days(self) -> int:
        """The days of all undetermined periods together."""
        return sum(period.days for period in self.undetermined)

    def __repr__(self) -> str:
        return f"<History {self.agreement}, {self.first} to {self.last}: {len(self.episodes)} episodes>"

    _repr_svg_ = svg

    def to_dict(self) -> dict[str, Any]:
        """The history as plain Python objects."""
        return {
            "agreement": self.agreement,
            "title": self.title,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
            "rules": dict(self.rules),
            "alert_days": self.alert_days,
            "undetermined_days": self.undetermined_days,
            "episodes": [episode.to_dict() for episode in self.episodes],
            "undetermined": [period.to_dict() for period in self.undetermined],
            "undated": list(self.undated),
        }


def days_of(first: date, last: date) -> int:
    """How many days a period has, both ends included."""
    return (last - first).days + 1

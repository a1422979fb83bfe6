"""Regroup histories: all episodes of one warning as a track, and the tally of each rule over several agreements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.severities import Status
    from coopgov.simulation.history import Episode, History, UndeterminedPeriod

__all__ = ["Tally", "Track", "tallies", "tracks"]


@dataclass(frozen=True, slots=True)
class Track:
    """All episodes and undetermined periods of one warning, in the order of days."""

    episodes: tuple[Episode, ...]
    undetermined_periods: tuple[UndeterminedPeriod, ...]

    @property
    def _one(self) -> Episode | UndeterminedPeriod:
        return self.episodes[0] if self.episodes else self.undetermined_periods[0]

    @property
    def id(self) -> str:
        """The id of the warning."""
        return self._one.id

    @property
    def title(self) -> str:
        """The title of the rule."""
        return self._one.title

    @property
    def name(self) -> str:
        """The name of the subject."""
        return self._one.name

    @property
    def severity(self) -> Status:
        """The worst severity it reaches; `undetermined` if the warning was never given."""
        return max((episode.severity for episode in self.episodes), key=worse, default="undetermined")

    @property
    def first(self) -> date:
        """The first day on which the warning was given or, if it never was, could not be decided."""
        return min(one.first for one in self.episodes or self.undetermined_periods)


def tracks(history: History) -> tuple[Track, ...]:
    """The warnings of a history, worst first, then by the day they begin.

    Those that were only undetermined come last.
    """
    episodes: dict[str, list[Episode]] = {}
    undetermined_periods: dict[str, list[UndeterminedPeriod]] = {}
    for episode in history.episodes:
        episodes.setdefault(episode.id, []).append(episode)
    for period in history.undetermined:
        undetermined_periods.setdefault(period.id, []).append(period)
    found = [
        Track(tuple(episodes.get(id_, ())), tuple(undetermined_periods.get(id_, ())))
        for id_ in dict.fromkeys((*episodes, *undetermined_periods))
    ]
    return tuple(sorted(found, key=lambda track: (-worse(track.severity), track.first, track.id)))


@dataclass(frozen=True, slots=True)
class Tally:
    """What one rule did over several histories.

    `warnings` counts episodes and `agreements` those that have any; days are summed over all subjects.
    """

    rule: str
    warnings: int
    agreements: int
    alert_days: int
    undetermined_days: int

    def to_dict(self) -> dict[str, Any]:
        """The tally as JSON."""
        return {
            "rule": self.rule,
            "warnings": self.warnings,
            "agreements": self.agreements,
            "alert_days": self.alert_days,
            "undetermined_days": self.undetermined_days,
        }


def tallies(histories: Iterable[History], rules: Iterable[str]) -> tuple[Tally, ...]:
    """The tally of each rule, ordered by name; rules that never gave a warning are included."""
    episodes: dict[str, list[tuple[int, Episode]]] = {rule: [] for rule in sorted(rules)}
    undetermined = dict.fromkeys(episodes, 0)
    for number, history in enumerate(histories):
        for episode in history.episodes:
            episodes[episode.rule].append((number, episode))
        for period in history.undetermined:
            undetermined[period.rule] += period.days
    return tuple(
        Tally(
            rule,
            len(found),
            len({number for number, _ in found}),
            sum(episode.alert_days for _, episode in found),
            undetermined[rule],
        )
        for rule, found in episodes.items()
    )

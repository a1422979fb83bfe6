"""Compare two histories of one agreement: which warnings new rules gain, lose, advance, delay or change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, get_args

from coopgov.arguments import an_instance, checked
from coopgov.display import svg
from coopgov.errors import PeriodError
from coopgov.locales import phrase
from coopgov.simulation.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.locales import Phrase
    from coopgov.simulation.history import Episode

__all__ = ["SORTS", "ChangeSort", "Comparison", "HistoryChange", "compare"]

ChangeSort = Literal["gained", "lost", "earlier", "later", "changed"]
"""How an episode of one history differs from that of the other."""
SORTS: tuple[ChangeSort, ...] = get_args(ChangeSort)
"""What can happen to a warning, in the order of the report."""


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """Episodes of one warning that touch each other, under the old rules and under the new.

    `sort` is `gained` (there are none under the old rules), `lost` (none under the new), `earlier` or `later` (the
    warning begins on another day), or `changed`: it begins on the same day, but its end, severity or waiver differs.
    `undetermined` says that on days of a gained or lost warning the other rules could not be decided, so they were not
    silent.
    """

    id: str
    sort: ChangeSort
    old: tuple[Episode, ...]
    new: tuple[Episode, ...]
    undetermined: bool = False

    @property
    def begins(self) -> int | None:
        """How many days later the warning begins, negative for earlier; None if one side has no episode."""
        return (self.new[0].first - self.old[0].first).days if self.new and self.old else None

    @property
    def ends(self) -> int | None:
        """How many days later the warning ends, negative for earlier; None if one side has no episode."""
        return (self.new[-1].last - self.old[-1].last).days if self.new and self.old else None

    @property
    def alert_days(self) -> int:
        """How many more alert days there are, negative for fewer."""
        return _alert_days(self.new) - _alert_days(self.old)

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        return {
            "id": self.id,
            "sort": self.sort,
            "begins": self.begins,
            "ends": self.ends,
            "alert_days": self.alert_days,
            "undetermined": self.undetermined,
            "old": [episode.to_dict() for episode in self.old],
            "new": [episode.to_dict() for episode in self.new],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """A new history against an old one: every change, ordered by sort, then by warning and day."""

    new: History
    old: History
    changes: tuple[HistoryChange, ...]
    unchanged: int
    """How many episodes are the same under both rule sets."""

    def __repr__(self) -> str:
        return (
            f"<Comparison of {self.new.agreement}: {len(self.changes)} changes, {self.unchanged} unchanged>"
        )

    _repr_svg_ = svg

    def of(self, sort: ChangeSort) -> tuple[HistoryChange, ...]:
        """The changes of one sort."""
        return tuple(change for change in self.changes if change.sort == sort)

    @property
    def gained(self) -> tuple[HistoryChange, ...]:
        """Warnings that only the new rules give."""
        return self.of("gained")

    @property
    def lost(self) -> tuple[HistoryChange, ...]:
        """Warnings that only the old rules give."""
        return self.of("lost")

    @property
    def earlier(self) -> tuple[HistoryChange, ...]:
        """Warnings that the new rules give earlier."""
        return self.of("earlier")

    @property
    def later(self) -> tuple[HistoryChange, ...]:
        """Warnings that the new rules give later."""
        return self.of("later")

    @property
    def changed(self) -> tuple[HistoryChange, ...]:
        """Warnings that begin on the same day and then differ."""
        return self.of("changed")

    @property
    def alert_days(self) -> int:
        """How many more alert days there are under the new rules, negative for fewer."""
        return self.new.alert_days - self.old.alert_days

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain Python objects."""
        return {
            "agreement": self.new.agreement,
            "new": self.new.to_dict(),
            "old": self.old.to_dict(),
            "alert_days": self.alert_days,
            "undetermined_days": self.new.undetermined_days - self.old.undetermined_days,
            "unchanged": self.unchanged,
            "changes": [change.to_dict() for change in self.changes],
        }


_HISTORY = an_instance(History, "errors.expected.history", "errors.hints.history")


@checked(new=_HISTORY, old=_HISTORY)
def compare(new: History, old: History) -> Comparison:
    """Compare two histories of one agreement over the same days.

    Episodes of one warning that share a day belong together; episodes on different days count as a warning lost and a
    warning gained.

    Raises:
        PeriodError: the histories are of different agreements or different days.

    >>> from datetime import date
    >>> from coopgov import backtest, compare, load_agreement, load_rules
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> term = {"first": date(2026, 1, 5), "last": date(2026, 6, 30)}
    >>> tight = load_rules("examples/pilot/tolerances.yaml")
    >>> comparison = compare(backtest(pilot, tight, **term), backtest(pilot, **term))
    >>> [(change.id, change.begins) for change in comparison.earlier]
    [('phase-late@phase/setup', -4)]
    """
    if _covered(new) != _covered(old):
        found = phrase("simulation.faults.histories", new=_period(new), old=_period(old))
        raise PeriodError(found, phrase("simulation.faults.same-history"))
    ids = sorted({episode.id for episode in chain(new.episodes, old.episodes)})
    groups = [(id_, *group) for id_ in ids for group in _groups(_of(new, id_), _of(old, id_))]
    changes = [_change(*group, new, old) for group in groups if not _same(group[1], group[2])]
    changes.sort(
        key=lambda change: (SORTS.index(change.sort), change.id, (change.new or change.old)[0].first)
    )
    unchanged = sum(len(group[1]) for group in groups if _same(group[1], group[2]))
    return Comparison(new, old, tuple(changes), unchanged)


def _covered(history: History) -> tuple[str, date, date]:
    return history.agreement, history.first, history.last


def _period(history: History) -> Phrase:
    agreement, first, last = _covered(history)
    return phrase("simulation.faults.history", agreement=agreement, first=first, last=last)


def _of(history: History, id_: str) -> list[Episode]:
    return [episode for episode in history.episodes if episode.id == id_]


_Group = tuple[tuple["Episode", ...], tuple["Episode", ...]]


def _groups(new: Iterable[Episode], old: Iterable[Episode]) -> Iterator[_Group]:
    """Groups of episodes that share days, directly or through others: the new ones and the old ones of each."""
    marked = sorted(
        [*((episode, True) for episode in new), *((episode, False) for episode in old)],
        key=lambda pair: pair[0].first,
    )
    group: list[tuple[Episode, bool]] = []
    for episode, is_new in marked:
        if group and episode.first > max(each.last for each, _ in group):
            yield _parted(group)
            group = []
        group.append((episode, is_new))
    yield _parted(group)


def _parted(group: list[tuple[Episode, bool]]) -> _Group:
    return tuple(each for each, is_new in group if is_new), tuple(
        each for each, is_new in group if not is_new
    )


def _same(new: tuple[Episode, ...], old: tuple[Episode, ...]) -> bool:
    return [episode.stretches for episode in new] == [episode.stretches for episode in old]


def _change(
    id_: str, new: tuple[Episode, ...], old: tuple[Episode, ...], history: History, before: History
) -> HistoryChange:
    if not old:
        return HistoryChange(id_, "gained", old, new, undetermined=_undecided(before, new))
    if not new:
        return HistoryChange(id_, "lost", old, new, undetermined=_undecided(history, old))
    moved = (new[0].first - old[0].first).days
    return HistoryChange(id_, "earlier" if moved < 0 else "later" if moved else "changed", old, new)


def _undecided(history: History, episodes: tuple[Episode, ...]) -> bool:
    """Whether a history could not decide a rule on some day of these episodes."""
    return any(
        period.id == episode.id and period.first <= episode.last and episode.first <= period.last
        for episode in episodes
        for period in history.undetermined
    )


def _alert_days(episodes: Iterable[Episode]) -> int:
    return sum(episode.alert_days for episode in episodes)

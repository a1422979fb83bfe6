"""A subject with its base facts, and the context that every reader of base facts needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coopgov.language.host_values import Gap
from coopgov.model import cycle_after, span_after
from coopgov.schema import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from coopgov.model import Agreement, WorkingCalendar
    from coopgov.schema import LocalText, Span

__all__ = ["Context", "Path", "Subject", "called_subjects", "day_after", "plain_number", "without_gap"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A thing that rules are about.

    `record` holds its base facts, the collections of records below it and the records above it; `places` has the path
    from the root of the agreement to each fact's source.
    """

    about: str
    id: str
    label: LocalText
    path: Path
    record: dict[str, Any]
    places: dict[str, Path] = field(default_factory=dict)
    part: Any = None

    def __repr__(self) -> str:
        return f"<Subject {self.id}>"

    def put(self, name: str, value: Any, *below: str | int) -> None:
        """Set a fact, and its path below the subject."""
        self.record[name] = value
        if below and value is not None:
            self.places[name] = (*self.path, *below)


def called_subjects(subjects: Iterable[Subject]) -> dict[str, str]:
    """Return the ids of subjects by their display names, and by the last parts of their ids, for hints."""
    known = tuple(subjects)
    named = {one.id.rpartition("/")[2]: one.id for one in known}
    return named | titles((one.label, one.id) for one in known)


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The agreement, the date, and what is computed from them once.

    Readers compare days with the date by its methods alone, so that it knows until when they would find the same.
    """

    agreement: Agreement
    as_of: date
    calendar: WorkingCalendar
    undated: list[str] = field(default_factory=list)
    ahead: list[date] = field(default_factory=list)
    """Later days on which something that was asked will be different."""
    todays: list[str] = field(default_factory=list)
    """The facts whose value is the date itself."""

    def seen(self, day: date) -> bool:
        """Whether a day is not after the date of the assessment."""
        if day <= self.as_of:
            return True
        self.ahead.append(day)
        return False

    def over(self, day: date) -> bool:
        """Whether a day is before the date of the assessment."""
        return day < self.as_of if day >= date.max else self.seen(day + timedelta(1))

    def today(self, fact: str) -> date:
        """Return the date itself, as the value of a fact."""
        self.todays.append(fact)
        return self.as_of

    def for_today(self) -> date:
        """Return the date, for something that may be different tomorrow."""
        if self.as_of < date.max:
            self.ahead.append(self.as_of + timedelta(1))
        return self.as_of

    def visible(self, day: date | None) -> date | None:
        """Return the day of an observation, or None if it is after the date of the assessment."""
        return day if day is not None and self.seen(day) else None

    def newest(self, subject: Subject, key: str, entries: Sequence[Any]) -> tuple[Any, Path]:
        """Return the newest visible entry of a dated value and its path; an undated one is recorded as such."""
        best: tuple[Any, Path] = (None, ())
        newest: date | None = None
        for position, entry in enumerate(entries):
            if entry.on is not None and not self.seen(entry.on):
                continue
            if best[0] is None or (entry.on is not None and (newest is None or entry.on > newest)):
                best, newest = (entry, (key, position)), entry.on
        if best[0] is not None and newest is None:
            self.undated.append(f"{subject.id}.{key}")
        return best

    def next_due(self, last: date | None, every: Span | None) -> date | Gap | None:
        """Return the end of the cycle that began on a day, or with the term if that is later; always a working day.

        A cycle that would end after the term is due at its end if it is the first one, and otherwise not at all. In a
        term without a start, it is unknown whether a cycle is the first.
        """
        if every is None:
            return None
        term = self.agreement.term.sound
        start = max(filter(None, (last, term.start)), default=None)
        if start is None:
            return Gap.UNSTATED
        end = _cycle_end(start, every, self.calendar)
        if end is not None and (term.end is None or end <= term.end):
            return self._worked(end)
        if term.start is None:
            return Gap.UNSTATED
        if term.end is None:
            return Gap.OUT_OF_RANGE
        return self._worked(term.end) if start == term.start else None

    def _worked(self, day: date) -> date | Gap:
        """The day itself if it is a working day, else the next one."""
        try:
            return self.calendar.first_from(day)
        except OverflowError:
            return Gap.OUT_OF_RANGE


def _cycle_end(start: date, every: Span, calendar: WorkingCalendar) -> date | None:
    try:
        return cycle_after(start, every, calendar)
    except OverflowError:
        return None


def day_after(day: date, span: Span, calendar: WorkingCalendar, times: int = 1) -> date:
    """Return the day `times` spans after a day, at most the last or first day that Python has."""
    try:
        return span_after(day, span, calendar, times)
    except OverflowError:
        return date.max if times > 0 else date.min


def without_gap(value: Any) -> Any:
    """Return a value of a record, or None for a `Gap`."""
    return None if value.__class__ is Gap else value


def plain_number(value: Decimal | None) -> float | None:
    """Convert a decimal to a number for computing: an int if it is whole, else a float."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)

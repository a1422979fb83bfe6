"""Backtest rules: assess an agreement on every day of a period, and record when each warning begins and ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from coopgov.arguments import a_day, a_tag, checked, or_none
from coopgov.assessment.assess import Assessor
from coopgov.assessment.daily import Daily
from coopgov.backends.registry import DEFAULT_BACKEND
from coopgov.errors import PeriodError
from coopgov.locales import phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.load import load_rules
from coopgov.rules.ruleset import RULES, engine_of
from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod, days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.severities import Severity

__all__ = ["MAX_DAYS", "backtest"]

MAX_DAYS = 40_000
"""The most days that are assessed, a little more than a century."""

Key = TypeVar("Key")
State = TypeVar("State")


@checked(
    agreement=AN_AGREEMENT,
    rules=or_none(RULES),
    first=or_none(a_day),
    last=or_none(a_day),
    language=a_tag,
)
def backtest(
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    language: str = "en",
    progress: Callable[[int, float], None] | None = None,
) -> History:
    """Assess an agreement on every day of a period, each as it was known on that day.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        first: the first day; the first day of the term by default.
        last: the last day; the last day of the term by default. Nothing new is observed after the newest date of the
            agreement: the future is assessed as if nothing more happened.
        language: of titles and names: a tag such as `en`, `zh-Hans`, `zh-Hant`.
        progress: called before each day with the number of days that are done, and their share of all.

    Raises:
        PeriodError: the last day comes before the first, there are more than `MAX_DAYS`, or a day is neither given nor
            known from the term.
        AgreementError: a custom value does not fit its declared type, or its calendar cannot be made.

    >>> from datetime import date
    >>> from coopgov import backtest, load_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> history = backtest(pilot, first=date(2026, 1, 5), last=date(2026, 6, 30))
    >>> late = next(each for each in history.episodes if each.id == "phase-late@phase/setup")
    >>> [(stretch.severity, str(stretch.first)) for stretch in late.stretches]
    [('minor', '2026-04-09'), ('major', '2026-04-18'), ('major', '2026-04-20')]
    >>> late.stretches[-1].past  # the phase ended on that day
    True
    """
    engine = engine_of(rules or load_rules())
    first, last = _period(agreement, first, last)
    days = _reported(_days(first, last), days_of(first, last), progress)
    recorder = _Recorder(agreement, engine, language)
    searched = [recorder.day(day) for day in days]
    episodes = _runs((day, warned) for day, warned, _ in searched)
    undetermined_periods = _runs((day, unsure) for day, _, unsure in searched)
    return History(
        agreement.id,
        agreement.title.in_language(language),
        first,
        last,
        engine.rules.to_dict(),
        tuple(sorted((recorder.episode(*run, first, last) for run in episodes), key=_order)),
        tuple(
            sorted(
                (
                    period
                    for run in undetermined_periods
                    for period in recorder.undetermined_periods(*run, last)
                ),
                key=_order,
            )
        ),
        tuple(sorted(recorder.undated)),
    )


def _reported(
    days: Iterable[date], number: int, progress: Callable[[int, float], None] | None
) -> Iterator[date]:
    """The days; before each, its number is reported."""
    for done, day in enumerate(days):
        if progress is not None:
            progress(done, done / number)
        yield day


def _period(agreement: Agreement, first: date | None, last: date | None) -> tuple[date, date]:
    """The period that was asked for, else the term, if it is known."""
    term = agreement.term.sound
    first, last = first or term.start, last or term.end
    if first is None or last is None:
        lacking = "first" if first is None else "last"
        fault = f"simulation.faults.no-{lacking}-day"
        raise PeriodError(phrase(f"{fault}.found"), phrase(f"{fault}.expected"))
    return first, last


def _days(first: date, last: date) -> Iterator[date]:
    number = days_of(first, last)
    if number < 1:
        found = phrase("simulation.faults.period", first=first, last=last)
        raise PeriodError(found, phrase("simulation.faults.first-before-last"))
    if number > MAX_DAYS:
        found = phrase("simulation.faults.long-period", first=first, last=last, days=f"{number:,}")
        raise PeriodError(found, phrase("simulation.faults.most-days", most=f"{MAX_DAYS:,}"))
    return (first + timedelta(passed) for passed in range(number))


def _order(one: Episode | UndeterminedPeriod) -> tuple[str, str, date]:
    return one.rule, one.about, one.first


class _Recorder:
    """Assesses an agreement day by day, and remembers the names of the subjects."""

    def __init__(self, agreement: Agreement, engine: Engine, language: str) -> None:
        self.agreement = agreement
        self.engine = engine
        self.rules = engine.rules
        self.language = language
        self.daily: Daily | None = None
        self.names: dict[str, str] = {}
        self.undated: set[str] = set()

    def day(self, day: date) -> tuple[date, dict[Any, Any], dict[Any, Any]]:
        """The day, the state of each warning on it, and the reason of each entry that is undetermined."""
        assessor = self._searched(day)
        self.undated.update(assessor.facts.undated)
        warned = {
            (one.rule.id, one.subject.id): (one.severity, one.waived is not None, one.past)
            for one in assessor.found
        }
        unsure = {(one.rule, one.about): (one.missing, one.because) for one in assessor.undecided}
        if any(about not in self.names for _, about in chain(warned, unsure)):
            for subject in assessor.subjects():
                self.names.setdefault(subject.id, subject.label.in_language(self.language))
        return day, warned, unsure

    def _searched(self, day: date) -> Assessor:
        if self.engine.backend == DEFAULT_BACKEND:  # any other one is asked every day
            if self.daily is None:
                self.daily = Daily(self.agreement, self.engine, self.language, day)
            return self.daily.search(day)
        assessor = Assessor(self.agreement, self.engine, day, self.language)
        assessor.search()
        return assessor

    def episode(
        self, key: tuple[str, str], run: _Run[tuple[Severity, bool, bool]], first: date, last: date
    ) -> Episode:
        """The episode that a run of days makes."""
        stretches = tuple(
            Stretch(severity, waived, begun, ended, past) for (severity, waived, past), begun, ended in run
        )
        return Episode(
            *key,
            self.rules.rule(key[0]).kind,
            *self._called(*key),
            stretches,
            before=stretches[0].first == first,
            ongoing=stretches[-1].last == last,
        )

    def undetermined_periods(
        self, key: tuple[str, str], run: _Run[tuple[tuple[str, ...], str]], last: date
    ) -> Iterator[UndeterminedPeriod]:
        """The undetermined periods that a run of days makes, one for each reason."""
        for reason, begun, ended in run:
            yield UndeterminedPeriod(*key, *self._called(*key), *reason, begun, ended, ongoing=ended == last)

    def _called(self, rule: str, about: str) -> tuple[str, str]:
        return self.rules.rule(rule).title.in_language(self.language), self.names[about]


_Run = list[tuple[State, date, date]]
"""Consecutive states, each with its first and last day."""


def _runs(days: Iterable[tuple[date, Mapping[Key, State]]]) -> Iterator[tuple[Key, _Run[State]]]:
    """The unbroken runs of days on which each key has a state, computed from the states of each day."""
    open_: dict[Key, _Run[State]] = {}
    for day, states in days:
        for key in [key for key in open_ if key not in states]:
            yield key, open_.pop(key)
        for key, state in states.items():
            run = open_.setdefault(key, [])
            if run and run[-1][0] == state:
                run[-1] = (state, run[-1][1], day)
            else:
                run.append((state, day, day))
    yield from open_.items()

"""Advances the cases of an agreement by one day: signals, then flags, then what people are notified."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from coopgov.arguments import an_instance, checked
from coopgov.assessment.result import Assessment
from coopgov.case_errors import DayBeforeLastError, GapError
from coopgov.cases.cases import Cases
from coopgov.cases.change import Step
from coopgov.cases.closing import BARRED
from coopgov.cases.due import due
from coopgov.cases.flags import flagged, hiding, inhibited, waived
from coopgov.cases.observed import Observed
from coopgov.cases.recorder import Recorder
from coopgov.cases.signals import judged
from coopgov.cases.telling import begin, everyone
from coopgov.errors import ArgumentError
from coopgov.locales import phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.ruleset import RULES, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.recorder import Write
    from coopgov.cases.words import NoticeKind
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet

__all__ = ["CASES", "advance", "advanced", "expected_day"]

CASES = an_instance(Cases, "cases.expected.cases", "cases.hints.cases")
"""The argument of functions that take cases."""


@checked(
    cases=CASES,
    assessment=an_instance(Assessment, "cases.expected.assessment", "cases.hints.assessment"),
    agreement=AN_AGREEMENT,
    rules=RULES,
)
def advance(cases: Cases, assessment: Assessment, *, agreement: Agreement, rules: RuleSet | Engine) -> Step:
    """Advance cases by the day of an assessment.

    Args:
        cases: the cases as of the day before; `Cases.begin` makes those of the first day.
        assessment: the whole assessment of the next day, made with `cases=cases` if its rules read cases.
        agreement: the agreement as it was assessed.
        rules: the rules that it was assessed by.

    Returns:
        The cases after the day, the notices to give, and the changes for the log. The last day seen again changes
        nothing.

    Raises:
        GapError: the day does not follow the last day seen.
        DayBeforeLastError: it is before the last day seen, or before the first day.
        ArgumentError: the assessment is of another agreement, or by other rules.

    >>> from datetime import date
    >>> import coopgov
    >>> agreement = coopgov.load_agreement("examples/pilot/agreement.yaml")
    >>> rules, day = coopgov.load_rules(), date(2026, 10, 19)
    >>> assessment = coopgov.assess(agreement, rules, as_of=day)
    >>> step = coopgov.advance(coopgov.Cases.begin("harbour-data", day), assessment, agreement=agreement, rules=rules)
    >>> case = step.cases.find("phase-late@phase/core")
    >>> case.state, case.severity
    ('firing', 'minor')
    """
    engine = engine_of(rules)
    if not assessment.agreement == agreement.id == cases.agreement:
        raise ArgumentError("assessment", assessment, phrase("cases.expected.same-agreement"))
    if assessment.rules["digest"] != engine.rules.digest:
        raise ArgumentError("assessment", assessment, phrase("cases.expected.same-rules"))
    if assessment.as_of == cases.last:
        return Step(cases)
    expected_day(cases, assessment.as_of)
    return advanced(cases, Observed(agreement, engine, assessment.as_of, cases, assessment))


def expected_day(cases: Cases, day: date) -> None:
    """Refuse a day that does not follow the last day seen.

    Raises:
        GapError: there are days between.
        DayBeforeLastError: it is not after the last day seen, or it is before the first day.
    """
    following = cases.first if cases.last is None else cases.last + timedelta(1)
    if day < following:
        raise DayBeforeLastError(day, following)
    if day > following:
        raise GapError(day, following)


def advanced(cases: Cases, day: Observed, write: Write | None = None) -> Step:
    """Advance cases by a day that follows the last one; `write` gives the texts of notices."""
    recorder = Recorder(cases, day, write=write)
    if cases.last is None:
        recorder.note("begun", agreement=cases.agreement, first=cases.first)
    digest = day.rules.digest
    if cases.rules not in ("", digest):
        recorder.note("rules-changed", rules=digest)
    tell: dict[str, NoticeKind] = {}
    quiet: set[str] = set()
    for rule, about in _concerned(cases, day):
        _judge(recorder, rule, about, tell, quiet)
    open_ids = [case.id for case in recorder.now() if case.open]
    _flag(recorder, open_ids)
    for id_ in [*open_ids, *(each for each in tell if each not in set(open_ids))]:
        case = _tell(recorder, recorder.get(id_), tell.get(id_), quiet=id_ in quiet)
        due(recorder, case)
    recorder.note("day", last=day.on, rules=digest)
    return Step(recorder.cases(last=day.on, rules=digest), tuple(recorder.notices), tuple(recorder.changes))


def _concerned(cases: Cases, day: Observed) -> Iterator[tuple[str, str]]:
    """The rules and subjects whose cases can change: those with an open case, in order, then new ones."""
    seen: set[tuple[str, str]] = set()
    for case in cases:
        key = case.rule, case.about
        latest = cases.of(*key)
        barred = case.outcome in BARRED and not case.cleared
        if case is latest and (case.open or barred):
            seen.add(key)
            yield key
    for key in sorted(day.warned):
        if key not in seen and not key[1].startswith("role/"):
            yield key


def _judge(recorder: Recorder, rule: str, about: str, tell: dict[str, NoticeKind], quiet: set[str]) -> None:
    """Let the machine of signals judge the case of a rule and subject."""
    day, before = recorder.day, recorder.before.of(rule, about)
    seen = day.warned[rule, about] if before is None else day.says(before)
    found = judged(before, rule, about, seen, day)
    if found.case is None:
        if before is not None:
            recorder.remove(before, found.what)
        return
    same = before if before is not None and before.id == found.case.id else None
    after = recorder.write(same, found.case, found.what)
    if found.tell is not None:
        tell[after.id] = found.tell
    if same is not None and _hidden(same, recorder):
        quiet.add(after.id)


def _hidden(case: Case, recorder: Recorder) -> bool:
    """Whether nobody is notified of a case that is closed today."""
    return case.inhibited_by is not None or waived(case, recorder.day).waived_until is not None


def _flag(recorder: Recorder, ids: list[str]) -> None:
    for id_ in ids:
        case = recorder.get(id_)
        after = waived(case, recorder.day)
        recorder.write(case, after, "waiver-ended" if after.waived_until is None else "waived")
    hidden = hiding(map(recorder.get, ids), recorder.day)
    for id_ in ids:
        case = recorder.get(id_)
        after = inhibited(case, hidden.get(id_), recorder.day)
        recorder.write(case, after, "inhibited" if after.inhibited_by else "inhibition-ended")


def _tell(recorder: Recorder, case: Case, kind: NoticeKind | None, *, quiet: bool) -> Case:
    """Tell what the machine of signals asks to tell; under a flag it waits for the end of the flag."""
    if kind is None:
        return case
    if kind == "closed":
        if not quiet:
            everyone(recorder, case, kind)
        return case
    if kind == "clear-with-open-actions":
        if not flagged(case) and case.clear_round != case.round:
            everyone(recorder, case, kind)
            case = recorder.write(case, replace(case, clear_round=case.round), kind)
        return case
    if flagged(case):
        return recorder.write(case, replace(case, unsaid=kind != "ineffective"), "untold")
    return begin(recorder, case, kind, climbing=kind != "ineffective")

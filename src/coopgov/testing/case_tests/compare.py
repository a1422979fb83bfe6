"""Compare what happened in a case test with what was expected: a row for each notice, case and refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.case_errors import UnknownCaseError
from coopgov.cases.replay import replay
from coopgov.locales import Phrase, listed, phrase, verbatim
from coopgov.testing.case_tests.schema import NOTHING
from coopgov.testing.rule_tests.result import Compared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.cases.case import Case
    from coopgov.cases.notice import Notice
    from coopgov.testing.case_tests.course import Course
    from coopgov.testing.case_tests.schema import CaseEntry, CaseExpectation, NoticeEntry

__all__ = ["compared"]


def compared(expect: CaseExpectation, course: Course, last: date) -> tuple[Compared, ...]:
    """A row for each expectation, and for each notice and refusal that nobody expected."""
    return (*_notices(expect, course), *_cases(expect, course, last), *_refusals(expect, course))


def _notices(expect: CaseExpectation, course: Course) -> Iterator[Compared]:
    left = list(course.notices)
    missing = []
    for entry in expect.notices:
        found = next((each for each in left if _fits(entry, each)), None)
        if found is None:
            missing.append(entry)
            continue
        left.remove(found)
        yield _row(found.rule, found.about, _expected(entry), _notice(found), passed=True)
    for entry in missing:
        rule, _, about = (entry.case or "").partition("@")
        near = _nearest(entry, left)
        got = _notice(near) if near else phrase("testing.outcome.nothing")
        yield _row(
            near.rule if near else rule, near.about if near else about, _expected(entry), got, passed=False
        )
    for notice in left if expect.only else ():
        yield _row(
            notice.rule, notice.about, phrase("testing.outcome.nothing"), _notice(notice), passed=False
        )


def _fits(entry: NoticeEntry, notice: Notice) -> bool:
    return all(_same(key, value, notice) for key, value in _given(entry))


def _same(key: str, value: Any, notice: Notice) -> bool:
    if key == "case":
        return value in (notice.case, f"{notice.rule}@{notice.about}")
    return bool(getattr(notice, key) == (None if value == NOTHING else value))


def _given(entry: NoticeEntry | CaseEntry) -> Iterator[tuple[str, Any]]:
    """The keys of an entry that were written, in the order of the format."""
    for key in type(entry).model_fields:
        value = getattr(entry, key)
        if value is not None:
            yield key, value


def _nearest(entry: NoticeEntry, notices: list[Notice]) -> Notice | None:
    """The notice that has most in common with an entry, of the same case if the entry names one."""
    of_case = [each for each in notices if entry.case is None or _same("case", entry.case, each)]
    return max(
        of_case, key=lambda each: sum(_same(key, value, each) for key, value in _given(entry)), default=None
    )


def _cases(expect: CaseExpectation, course: Course, last: date) -> Iterator[Compared]:
    for entry in expect.cases:
        try:
            case = replay(course.changes, to=entry.on or last).find(entry.case)
        except UnknownCaseError:
            rule, _, about = entry.case.partition("@")
            yield _row(rule, about, _expected(entry), phrase("testing.outcome.nothing"), passed=False)
            continue
        keys = [key for key, _ in _given(entry) if key not in ("case", "on")]
        passed = all(getattr(case, key) == getattr(entry, key) for key in keys)
        yield _row(case.rule, case.about, _expected(entry), _case(case, keys), passed=passed)


def _refusals(expect: CaseExpectation, course: Course) -> Iterator[Compared]:
    left = list(course.refused)
    for entry in expect.refused:
        wanted = entry.on, entry.case, entry.event
        found = next((each for each in left if (each[0].on, each[0].case, each[0].event) == wanted), None)
        rule, _, about = entry.case.partition("@")
        expected = phrase("testing.cases.refusal", event=entry.event, date=entry.on)
        got = phrase("testing.cases.accepted")
        if found is not None:
            left.remove(found)
            got = expected
        yield _row(rule, about, expected, got, passed=found is not None)
    for event, error in left:
        rule, _, about = event.case.partition("@")
        yield _row(
            rule,
            about,
            phrase("testing.cases.accepted"),
            phrase("common.found", found=error.found, expected=error.expected),
            passed=False,
        )


def _row(rule: str, about: str, expected: Phrase, got: Phrase, *, passed: bool) -> Compared:
    return Compared(rule, about, expected, got, passed=passed)


def _expected(entry: NoticeEntry | CaseEntry) -> Phrase:
    return _pairs({key: value for key, value in _given(entry) if key != "case"})


def _notice(notice: Notice) -> Phrase:
    keys = ("on", "to", "by", "kind", "severity", "round", "step", "late_evidence", "vacant_for")
    found = {key: getattr(notice, key) for key in keys}
    return _pairs({key: value for key, value in found.items() if value not in (None, False)})


def _case(case: Case, keys: list[str]) -> Phrase:
    return _pairs({key: getattr(case, key) for key in keys})


def _pairs(values: dict[str, Any]) -> Phrase:
    """Keys and values as the file writes them."""
    return listed(
        verbatim(f"{key}: {'nothing' if value is None else value}") for key, value in values.items()
    )

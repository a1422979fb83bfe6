"""A step, put on the cases as they are now, or refused because somebody else changed what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cases.change import Step
from coopgov.store_errors import OtherAgreementError, StaleRevisionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.cases.cases import Cases
    from coopgov.cases.store.protocol import Store

__all__ = ["rebased", "record"]


def record(store: Store, step: Step) -> Step:
    """Record a step that was made of cases as they were some time ago.

    For hosts that show a case, and record the answer later: what others did to other cases meanwhile stays.

    Raises:
        StaleRevisionError: Somebody else changed a case that the step changes, or a day was seen meanwhile.
    """
    rebase: Callable[[Cases | None], Step] = lambda now: rebased(store.name, now, step)  # noqa: E731
    return store.update(rebase)


def rebased(store: str, now: Cases | None, step: Step) -> Step:
    """Return a step with the cases as they are now and the step's changes; refuse what is stale.

    An event may rest on older cases where those that it changes are the same. A day must rest on all cases as they are.
    """
    if now is not None and now.agreement != step.cases.agreement:
        raise OtherAgreementError(store, now.agreement, step.cases.agreement)
    if not step.changes:
        return Step(step.cases if now is None else now, step.notices)
    _refuse_stale_day(store, now, step)
    expected: dict[str, int] = {}
    for change in step.changes:
        if change.case:
            # what removes a case has the revision that the case had
            expected.setdefault(change.case, change.revision - (change.is_ is not None))
    if now is None:
        return step
    if any(not change.case for change in step.changes):
        expected = {case.id: case.revision for case in step.cases} | expected
        expected |= {case.id: 0 for case in now if case.id not in expected}
    for case, revision in expected.items():
        found = now.get(case)
        if (found.revision if found else 0) != revision:
            raise StaleRevisionError(store, case, found.revision if found else 0, revision)
    return Step(_merged(now, step), step.notices, step.changes)


def _merged(now: Cases, step: Step) -> Cases:
    """The cases after the step; those that it does not change are as they are now."""
    touched = dict.fromkeys(change.case for change in step.changes if change.case)
    whole = any(not change.case for change in step.changes)
    if whole or all(now.get(case.id) is case for case in step.cases if case.id not in touched):
        return step.cases
    left = [case for each in touched if (case := step.cases.get(each)) is not None]
    return now.having(left, [each for each in touched if step.cases.get(each) is None])


def _refuse_stale_day(store: str, now: Cases | None, step: Step) -> None:
    """The step must begin on the day that was last seen, or on the next one."""
    seen = [change.on for change in step.changes if not change.case and change.what == "day"]
    last = now.last if now else None
    if now is not None and any(not change.case and change.what == "begun" for change in step.changes):
        raise StaleRevisionError(store, "day", last, None)
    if seen and last is not None and (seen[0] - last).days != 1:
        raise StaleRevisionError(store, "day", last, seen[0])
    if not seen and last != step.cases.last:
        raise StaleRevisionError(store, "day", last, step.cases.last)

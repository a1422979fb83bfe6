"""Makes cases again from the log of their changes; nothing is computed anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.case_errors import CaseError
from coopgov.cases.case import Case
from coopgov.cases.cases import Cases
from coopgov.cases.json_form import the_day
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.cases.change import CaseChange

__all__ = ["replay"]


def replay(log: Iterable[CaseChange], *, to: date | None = None) -> Cases:
    """Make the cases again from all their changes, in order, as they were at the end of a day; by default, the last.

    Deadlines come from the log. So the result does not depend on a calendar that has changed since.

    Args:
        log: all changes from the first day on, in order.
        to: the last day that counts.

    Raises:
        CaseError: the log does not begin with the first day.
    """
    found: Cases | None = None
    made: dict[str, dict[str, Any]] = {}
    for change in log:
        if to is not None and change.on > to:
            break
        if change.what == "begun":
            found = Cases.begin(change.fields["agreement"], the_day(change.fields["first"]))
        elif found is None:
            raise CaseError(phrase("cases.log.found", what=change.what), phrase("cases.log.expected"))
        elif change.what == "day":
            found = replace(found, last=the_day(change.fields["last"]), rules=change.fields["rules"])
        elif change.case and change.is_ is None:
            del made[change.case]
        elif change.case:
            fields = made.setdefault(change.case, {})
            fields |= change.fields
            fields["revision"] = change.revision
    if found is None:
        raise CaseError(phrase("cases.log.empty"), phrase("cases.log.expected"))
    return replace(found, cases=tuple(map(Case.from_dict, made.values())))

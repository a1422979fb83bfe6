"""A checker ignores observations of later dates, in any backend."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.python.backend import DirectBackend
from coopgov.language.interpreter import Setting
from coopgov.model import WorkingCalendar
from coopgov.rules import load_rules

if TYPE_CHECKING:
    from coopgov.backends.ir import Checker

AS_OF = date(2026, 6, 30)
START, END, SEEN = date(2026, 1, 5), date(2026, 3, 31), date(2026, 4, 20)
RECORDS = [
    ("milestone", {"due": END}, {"met": SEEN}),
    ("deliverable", {"due": END}, {"delivered": SEEN}),
    ("phase", {"planned_start": START, "planned_end": END, "actual_start": START}, {"actual_end": SEEN}),
    ("phase", {"planned_start": START, "planned_end": END}, {"actual_start": SEEN}),
    (
        "kpi",
        {"category": "satisfaction", "unit": "points", "direction": "up", "floor": 60},
        {"value_on": SEEN},
    ),
]


@pytest.mark.parametrize("backend", [DirectBackend, ReferenceBackend])
@pytest.mark.parametrize(("about", "record", "observed"), RECORDS)
def test_a_later_observation_is_not_there(
    backend: Any, about: str, record: dict[str, Any], observed: dict[str, date]
) -> None:
    """An observation counts; one of a later day leaves the answer of a record without it, but for the reason."""
    checker: Checker = backend().compile(load_rules().program(about), Setting(None, WorkingCalendar()))
    reading = {"value": 50, "score": 50} if about == "kpi" else {}
    (name,) = observed
    without = checker(record, as_of=AS_OF)
    seen = checker({**record, **reading, **observed}, as_of=AS_OF)
    assert seen != without
    later = {name: AS_OF + timedelta(1)}
    hits, undetermined = checker({**record, **reading, **later}, as_of=AS_OF)
    assert hits == without[0]
    assert [entry[:2] for entry in undetermined] == [entry[:2] for entry in without[1]]
    hidden = {*later, *reading}
    assert [because for _, _, because in undetermined] == [
        "not visible on this date" if hidden.issuperset(lacking) else because
        for _, lacking, because in without[1]
    ]

"""Any agreement, run daily, weekly or once: the same cases and the same notices."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from coopgov import Agreement, Cases, Engine, Notice, catch_up, load_rules
from coopgov.testing import agreements

DAYS = 21


@cache
def engine() -> Engine:
    """An engine of the shipped pack."""
    return Engine(load_rules())


def run(agreement: Agreement, first: date, every: int) -> tuple[Cases, list[Notice]]:
    """The cases after some days, seen in steps of several days each, and all notices."""
    cases, notices = Cases.begin(agreement.id, first), list[Notice]()
    for passed in [*range(every - 1, DAYS, every), DAYS - 1]:
        step = catch_up(cases, agreement, engine(), to=first + timedelta(passed))
        cases = step.cases
        notices += step.notices
    return cases, notices


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(agreement=agreements(), offset=st.integers(-20, 400))
def test_any_frequency(agreement: Agreement, offset: int) -> None:
    """Notices and cases do not depend on how often it runs."""
    start = agreement.term.start or date(2026, 1, 1)
    first = start + timedelta(offset)
    daily = run(agreement, first, 1)
    assert run(agreement, first, 7) == daily
    assert run(agreement, first, DAYS) == daily

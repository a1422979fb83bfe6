"""Routes: which channels take a notice, and that a critical one is never lost silently."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.cases.store import open_store
from coopgov.cases.words import NOTICE_KINDS
from coopgov.model import WorkingCalendar
from coopgov.notify import ChannelsFile, deliver, send
from coopgov.notify.channels import Channels
from coopgov.notify.route import quiet, routed
from coopgov.severities import SEVERITIES
from coopgov.testing.stores.steps import first_day
from notify.notices import DAY, NOW, notice

_NAMES = ("a", "b", "c")


def _file(**changes: object) -> ChannelsFile:
    channels = [{"id": name, "kind": "webhook", "url": f"env:{name}"} for name in _NAMES]
    return ChannelsFile.model_validate(
        {"coopgov": "channels/1", "channels": channels, "routes": [], **changes}
    )


@pytest.mark.parametrize(
    ("severity", "kind", "expected"),
    [
        ("notice", "fired", ("c",)),
        ("major", "fired", ("a", "b", "c")),
        ("critical", "escalated", ("a", "b", "c")),
        ("major", "closed", ("c",)),
    ],
)
def test_all_routes_that_match_are_taken(severity: str, kind: str, expected: tuple[str, ...]) -> None:
    """`severity` means at least; a channel that two routes name has the notice once."""
    routes = [
        {"severity": "major", "kinds": ["fired", "escalated"], "to": ["b", "a"]},
        {"to": ["c"]},
        {"severity": "critical", "to": ["a"]},
    ]
    assert routed(_file(routes=routes), notice(severity=severity, kind=kind)) == expected


def test_a_route_to_nobody_takes_what_is_not_critical() -> None:
    """It says that nobody wants to be notified, which nobody can say of critical notices."""
    file = _file(routes=[{"to": []}])
    assert routed(file, notice()) == ()
    assert routed(file, notice(severity="critical")) is None


_ROUTES = st.lists(
    st.fixed_dictionaries(
        {"to": st.lists(st.sampled_from(_NAMES), max_size=2)},
        optional={
            "severity": st.sampled_from(SEVERITIES),
            "kinds": st.lists(st.sampled_from(NOTICE_KINDS), max_size=3),
        },
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(
    _ROUTES,
    st.sampled_from(NOTICE_KINDS),
    st.sampled_from(["immediately", "daily", "weekly"]),
    st.sampled_from(["hold", "send"]),
    st.integers(0, 6),
)
def test_no_critical_notice_is_lost_silently(
    routes: object, kind: str, digest: str, held: str, day: int
) -> None:
    """Whatever the file says, it is tried now, or reported as not taken: nothing holds it back."""
    file = _file(routes=routes, digest=digest, quiet={"weekend": held, "holidays": held})
    channels = Channels(file, Path())
    receipts = send(
        [notice(severity="critical", kind=kind)], channels, now=NOW + timedelta(day), environment={}
    )
    assert receipts
    assert {each.state for each in receipts} <= {"unsent", "unrouted"}  # no secret is set, so nothing is sent
    assert not any(each.settled for each in receipts)


def test_quiet_days_are_those_of_the_agreement() -> None:
    """A weekend that is worked is not quiet; weekends and holidays are held apart."""
    days = WorkingCalendar(holidays=frozenset({DAY}), working=frozenset({DAY + timedelta(5)}))
    saturday, sunday = DAY + timedelta(5), DAY + timedelta(6)
    weekend, holidays = _file(quiet={"weekend": "hold"}), _file(quiet={"holidays": "hold"})
    assert [quiet(weekend, days, each) for each in (DAY, saturday, sunday)] == [False, False, True]
    assert [quiet(holidays, days, each) for each in (DAY, saturday, sunday)] == [True, False, False]


@settings(max_examples=25, deadline=None)
@given(
    _ROUTES,
    st.sampled_from(NOTICE_KINDS),
    st.sampled_from(["immediately", "daily", "weekly"]),
    st.integers(0, 6),
)
def test_no_critical_notice_of_a_store_is_lost_silently(
    routes: object, kind: str, digest: str, day: int
) -> None:
    """In each run it is tried or reported, for as long as it is not delivered."""
    file = _file(routes=routes, digest=digest, quiet={"weekend": "hold", "holidays": "hold"})
    channels = Channels(file, Path())
    step = first_day(1)
    told = notice(severity="critical", kind=kind, case=step.cases.cases[0].id)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(f"{folder}/cases.db", durability="normal") as store,
    ):
        store.update(lambda _: replace(step, notices=(told,)))
        for run in range(3):
            now = NOW + timedelta(days=day, minutes=run)
            receipts = deliver(store.outbox, channels, now=now, environment={})
            assert receipts
            assert not any(each.settled for each in receipts)
        assert len(store.outbox.pending()) == 1

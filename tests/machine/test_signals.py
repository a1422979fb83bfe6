"""The table of signals, cell by cell, and what "worse" means."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from coopgov.cases.observed import Seen
from coopgov.cases.signals import TABLE, Row, judged
from coopgov.cases.words import Says
from coopgov.testing.scripted_cases import PlayedDay
from playing import MONDAY, Play, engine

KEYS = "for: 2 days\nkeep: 2 days"
LETTERS = {"B": "b", "H": "H", "C": "C", "U": "U", "N": "N", "P": "P", "E": "E"}
PENDING = "b"
FIRING = "bbb"
RECOVERING = "bbb C"
NO_DATA = "bbb U"
CLOSED = "bbb CCC"


def _clear() -> Play:
    """A case that is clear and open, with one action done."""
    play = Play(engine(KEYS)).days(FIRING).event("agree", action="night-shift", due=date(2026, 7, 20))
    play.event("start", action="night-shift").event("done", action="night-shift")
    return play.days("CCC")


def _in(letters: str) -> Play:
    return Play(engine(KEYS)).days(letters)


def test_every_cell() -> None:
    """The table has a cell for each signal and each outcome."""
    assert set(TABLE) == set(get_args(Row))
    assert all(set(row) == set(get_args(Says)) for row in TABLE.values())


class TestWithoutACase:
    """The row `none`."""

    def test_a_band_begins(self) -> None:
        """A band makes a case: pending where the rule has `for`, else it fires and is notified."""
        waiting, at_once = Play(engine("for: 1 day")).day("b"), Play().day("b")
        assert (waiting.case.state, waiting.case.openings, waiting.told()) == ("pending", 0, [])
        assert (at_once.case.state, at_once.case.openings) == ("firing", 1)
        assert at_once.told() == [("07-06", "fired", "project-manager", None)]

    @pytest.mark.parametrize("letter", "HCUNPE")
    def test_nothing_else_does(self, letter: str) -> None:
        """Everything else makes none."""
        play = Play().day(letter)
        assert len(play.cases) == 0
        day = PlayedDay(play.engine, MONDAY, play.cases, play.script)
        assert judged(None, "late", "phase/one", Seen(letter), day) == (None, "", None)  # type: ignore[arg-type]

    def test_roles(self) -> None:
        """Rules about roles make no cases: `role-vacant` follows from all others."""
        play = Play(
            engine(
                "",
                "",
                "  - {id: empty, about: role, kind: planning, severity: minor, title: E, message: E., when: vacant}\n",
            )
        )
        assert [case.rule for case in play.day("b", others={"empty@role/finance-liaison": "b"}).cases] == [
            "late"
        ]


class TestPending:
    """The row `pending`."""

    @pytest.mark.parametrize("letter", "CNPE")
    def test_withdrawn(self, letter: str) -> None:
        """It is gone without a word, whatever ends it."""
        play = _in(PENDING + letter)
        assert (len(play.cases), play.told()) == (0, [])
        assert play.last.changes[0].what == "withdrawn"

    @pytest.mark.parametrize("letter", "HU")
    def test_pauses(self, letter: str) -> None:
        """It waits, and the day does not count."""
        assert _in(PENDING + letter).case.state == "pending"
        assert _in(PENDING + letter + "b").case.state == "pending"
        assert _in(PENDING + letter + "bb").case.state == "firing"

    def test_the_severity_while_it_waits(self) -> None:
        """It shows the severity of the day."""
        assert [(c.severity, c.peak) for c in (_in("b").case, _in("b!").case)] == [
            ("minor", "minor"),
            ("critical", "critical"),
        ]

    def test_the_severity_when_it_fires(self) -> None:
        """It fires at the severity of that day, however severe it was before."""
        play = _in("!Bb")
        assert (play.case.severity, play.case.peak, play.case.since) == ("minor", "minor", MONDAY)
        assert play.told() == [("07-08", "fired", "project-manager", None)]


class TestFiring:
    """The row `firing`."""

    @pytest.mark.parametrize(
        ("letter", "state", "outcome"),
        [
            ("b", "firing", None),
            ("H", "firing", None),
            ("C", "recovering", None),
            ("U", "no-data", None),
            ("N", "closed", "not-applicable"),
            ("P", "closed", "past"),
            ("E", "closed", "resolved"),
        ],
    )
    def test_days(self, letter: str, state: str, outcome: str | None) -> None:
        """What each outcome makes of it; none of them is notified."""
        play = _in(FIRING + letter)
        assert (play.case.state, play.case.outcome) == (state, outcome)
        assert play.told() == [("07-08", "fired", "project-manager", None)]

    def test_clear_at_once(self) -> None:
        """Without `keep`, a clear day resolves it."""
        play = Play().days("bC")
        assert (play.case.outcome, play.case.closed_on) == ("resolved", date(2026, 7, 7))

    def test_milder(self) -> None:
        """The severity falls, and nobody is notified."""
        play = _in("BBBb")
        assert (play.case.severity, play.case.peak) == ("minor", "major")
        assert [kind for _, kind, _, _ in play.told()] == ["fired"]

    def test_between_bands(self) -> None:
        """Between bands the severity stays."""
        assert _in("BBBH").case.severity == "major"

    def test_swinging(self) -> None:
        """A measure that swings between minor and major is notified once that it became worse."""
        play = Play().days("bBbBbBbBbB")
        assert [kind for _, kind, _, _ in play.told()] == ["fired", "worsened"]

    @pytest.mark.parametrize("ending", "NPE")
    def test_closings_drop_actions(self, ending: str) -> None:
        """Whatever the signal closes with, open actions are dropped, those that are done stay."""
        play = Play(engine()).day("b")
        for action in ("night-shift", "trim-scope"):
            play.event("agree", action=action, owner="pm", due=date(2026, 8, 1))
        play.event("start", action="trim-scope").event("done", action="trim-scope").day(ending)
        shown = [(each.id, each.state, each.reason) for each in play.case.actions]
        assert shown == [("night-shift", "dropped", "ended"), ("trim-scope", "done", None)]
        assert [each.ended_on for each in play.case.actions] == [date(2026, 7, 7), MONDAY]


class TestRecovering:
    """The row `recovering`."""

    @pytest.mark.parametrize(
        ("letter", "state", "outcome"),
        [
            ("b", "firing", None),
            ("H", "firing", None),
            ("C", "recovering", None),
            ("U", "no-data", None),
            ("N", "closed", "not-applicable"),
            ("P", "closed", "past"),
            ("E", "closed", "resolved"),
        ],
    )
    def test_days(self, letter: str, state: str, outcome: str | None) -> None:
        """What each outcome makes of it; none of them is notified."""
        play = _in(RECOVERING + letter)
        assert (play.case.state, play.case.outcome) == (state, outcome)
        assert play.told() == [("07-08", "fired", "project-manager", None)]

    def test_worse(self) -> None:
        """It is reported if it fires again at a worse severity."""
        assert [kind for _, kind, _, _ in _in(RECOVERING + "B").told()] == ["fired", "worsened"]

    @pytest.mark.parametrize("letter", "Hb")
    def test_its_clock_stops(self, letter: str) -> None:
        """Once it fires again, nothing is left of the days on which it was clear."""
        assert Play(engine("keep: 9 days")).days(f"bCC{letter}").case.clock is None


class TestNoData:
    """The row `no-data`."""

    @pytest.mark.parametrize(
        ("letter", "state", "outcome", "kinds"),
        [
            ("b", "firing", None, []),
            ("B", "firing", None, ["worsened"]),
            ("H", "firing", None, []),
            ("C", "recovering", None, []),
            ("U", "no-data", None, []),
            ("N", "closed", "not-applicable", ["closed"]),
            ("P", "closed", "past", []),
            ("E", "closed", "resolved", []),
        ],
    )
    def test_days(self, letter: str, state: str, outcome: str | None, kinds: list[str]) -> None:
        """What each outcome makes of it; that it no longer applies is reported to everyone who knows."""
        play = _in(NO_DATA + letter)
        assert (play.case.state, play.case.outcome) == (state, outcome)
        assert [notice.kind for notice in play.last.notices] == kinds

    def test_clear_at_once(self) -> None:
        """Without `keep`, a clear day resolves it."""
        assert Play().days("bUC").case.outcome == "resolved"

    def test_everyone_hears_of_the_closing(self) -> None:
        """Everyone who was notified in this opening hears that it is closed, once, without a deadline."""
        rules = engine("escalate: {minor: joint-lead within 1 day, critical: steering within 1 day}")
        play = Play(rules).days("b!U").day("N")
        assert play.told("closed") == [
            ("07-09", "closed", "joint-lead", None),
            ("07-09", "closed", "steering", None),
        ]


class TestClear:
    """The row `clear`, of a case that is open because of its actions."""

    @pytest.mark.parametrize(
        ("letter", "state", "outcome"),
        [
            ("H", "treating", None),
            ("C", "treating", None),
            ("U", "treating", None),
            ("N", "closed", "not-applicable"),
            ("P", "closed", "past"),
            ("E", "closed", "resolved"),
        ],
    )
    def test_days(self, letter: str, state: str, outcome: str | None) -> None:
        """What each outcome makes of it; none of them is notified."""
        play = _clear().day(letter)
        assert (play.case.state, play.case.outcome, play.last.notices) == (state, outcome, ())

    def test_ineffective(self) -> None:
        """It fires again: what was done did not work, which asks for no acknowledgement."""
        play = _clear().day("b")
        assert (play.case.state, play.case.signal) == ("treating", "firing")
        assert [(each.id, each.ineffective) for each in play.case.actions] == [("night-shift", True)]
        assert play.told("ineffective") == [("07-12", "ineffective", "project-manager", None)]
        assert not play.case.climbing

    def test_ineffective_asks_for_no_answer(self) -> None:
        """With a ladder, too, it has no deadline, and nobody further up hears of it."""
        play = Play(engine("escalate: {minor: [pm within 1 day, tech within 1 day]}")).day("b")
        play.event("agree", action="night-shift", due=date(2026, 8, 1)).event("start", action="night-shift")
        play.event("done", action="night-shift").days("Cbbbb")
        assert play.told("ineffective", "escalated") == [("07-08", "ineffective", "pm", None)]
        assert play.case.deadline is None

    def test_verified_in_vain(self) -> None:
        """What was verified, and did not work, is treated again."""
        play = Play(engine()).day("b").event("agree", action="night-shift", due=date(2026, 8, 1))
        play.event("start", action="night-shift").event("done", action="night-shift")
        assert play.event("verify", action="night-shift").day("C").case.handling == "verifying"
        assert play.day("b").case.handling == "treating"
        assert [kind for _, kind, _, _ in play.told("ineffective", "fired")] == ["fired", "ineffective"]
        assert play.case.actions[0].ineffective

    def test_in_vain_after_it_became_worse(self) -> None:
        """A ladder that ran before it was clear does not run on."""
        play = Play(engine("escalate: {minor: [pm within 1 day, tech within 1 day]}")).day("b")
        play.event("agree", action="night-shift", due=date(2026, 8, 1)).event("start", action="night-shift")
        play.event("done", action="night-shift").days("BC")
        assert play.day("B").told("ineffective") == [("07-09", "ineffective", "pm", None)]
        assert not play.case.climbing

    def test_some_finished(self) -> None:
        """One finished action is enough to be in vain; the open one stays as it is."""
        play = Play(engine()).day("b").event("agree", action="trim-scope", owner="pm", due=date(2026, 8, 1))
        play.event("agree", action="night-shift", due=date(2026, 8, 1)).event("start", action="night-shift")
        play.event("done", action="night-shift").days("Cb")
        assert [notice.kind for notice in play.last.notices] == ["ineffective"]
        assert [(each.id, each.ineffective) for each in play.case.actions] == [
            ("trim-scope", False),
            ("night-shift", True),
        ]

    def test_worse(self) -> None:
        """Above the peak, that it became worse is notified, with a ladder."""
        play = _clear().day("B")
        assert [notice.kind for notice in play.last.notices] == ["worsened"]
        assert (play.case.handling, play.case.climbing, play.case.peak) == ("treating", True, "major")
        assert play.case.actions[0].ineffective

    def test_fired(self) -> None:
        """If no action was finished, it fires like any other case, and goes on being treated."""
        play = Play(engine("escalate: {minor: [pm within 1 day, tech within 1 day]}")).day("b")
        play.event("agree", action="night-shift", owner="pm", due=date(2026, 8, 1)).days("CCb")
        assert play.told("fired") == [("07-06", "fired", "pm", "07-07"), ("07-09", "fired", "pm", "07-10")]
        assert (play.case.handling, play.case.climbing, play.case.round) == ("treating", True, 2)
        assert not play.case.actions[0].ineffective

    def test_open_actions_are_told_once(self) -> None:
        """On the day on which it becomes clear, everyone who knows hears that actions are open; once a round."""
        play = Play(engine("keep: 1 day")).day("b").event("agree", action="night-shift", due=date(2026, 8, 1))
        play.days("CCC bCC")
        assert play.told("clear-with-open-actions") == [
            ("07-08", "clear-with-open-actions", "project-manager", None),
            ("07-12", "clear-with-open-actions", "project-manager", None),
        ]

    def test_dropped_actions_do_not_count(self) -> None:
        """Without an action that was not dropped, it is resolved at once."""
        play = Play().day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).day("C")
        assert play.case.state == "treating"
        play.event("drop", action="night-shift", reason="not needed").day("C")
        assert (play.case.state, play.case.outcome) == ("closed", "resolved")


class TestClosed:
    """The row `closed`."""

    @pytest.mark.parametrize("letter", "HCUNPE")
    def test_nothing(self, letter: str) -> None:
        """Only a band opens it again."""
        assert _in(CLOSED + letter).case.state == "closed"

    def test_reopened(self) -> None:
        """The same case opens again, with one more opening, notified anew."""
        play = Play(engine("escalate: {minor: [pm within 1 day, tech within 1 day]}")).days("bbbb")
        before = play.case
        play.days("C").day("b")
        assert (play.case.id, play.case.openings, play.case.state) == (before.id, 2, "firing")
        assert (play.case.since, play.case.fired_on) == (date(2026, 7, 11), date(2026, 7, 11))
        assert (play.case.outcome, play.case.closed_on, play.case.told) == (None, None, ("pm",))
        assert play.told("re-opened") == [("07-11", "re-opened", "pm", "07-12")]
        assert play.case.round == before.round + 1

    def test_reopened_through_pending(self) -> None:
        """With `for`, it is pending again first, and is then notified; until then, it keeps how it was closed."""
        play = _in(CLOSED + "b")
        assert (play.case.state, play.case.outcome, play.case.openings) == ("pending", "resolved", 1)
        assert play.case.open
        worse = _in(CLOSED + "!").case
        assert (worse.severity, worse.peak) == ("critical", "minor")
        play.days("bb")
        assert (play.case.state, play.case.openings, play.case.since) == ("firing", 2, date(2026, 7, 12))
        assert [notice.kind for notice in play.last.notices] == ["re-opened"]

    @pytest.mark.parametrize("letter", "CNPE")
    def test_not_reopened(self, letter: str) -> None:
        """If it does not fire, it is closed as before."""
        before = _in(CLOSED).case
        play = _in(f"{CLOSED}!{letter}")
        after = play.case
        assert (after.state, after.outcome, after.closed_on) == ("closed", "resolved", before.closed_on)
        assert (after.severity, after.openings, after.since) == (before.severity, 1, before.since)
        assert play.told("re-opened") == []

    def test_not_reopened_while_waived(self) -> None:
        """A flag of what would have been opened is gone with it."""
        until = {("late", "phase/one"): date(2026, 8, 3)}
        play = _in(CLOSED).day("b", waived=until)
        assert play.case.state == "waived"
        assert play.day("C", waived=until).case.waived_until is None

    def test_not_reopened_with_late_data(self) -> None:
        """What would have been said of the opening is forgotten."""
        assert not _in(CLOSED).day("b", late=True).day("C").case.late

    @pytest.mark.parametrize("outcome", ["accepted", "not-confirmed", "duplicate"])
    def test_barred(self, outcome: str) -> None:
        """It stays closed while the rule still holds, also later than `reopen`; once it was clear, it opens again."""
        play = Play(engine("", "cases: {reopen: 2 days}")).day("B")
        play.event("close", outcome=outcome, reason="known").days("BbHUBPEBBBB")
        assert (play.case.state, len(play.cases)) == ("closed", 1)
        assert (play.case.outcome, str(play.case.closed_on)) == (outcome, "2026-07-06")
        play.days("CB")
        assert (play.case.state, len(play.cases)) == ("firing", 2)

    @pytest.mark.parametrize("letter", "CN")
    def test_barred_until_clear(self, letter: str) -> None:
        """A clear day lifts the bar, and so does one on which the rule does not apply."""
        play = Play().day("B").event("close", outcome="accepted", reason="known").days(letter + "b")
        assert (play.case.state, play.case.openings) == ("firing", 2)

    def test_barred_unless_worse(self) -> None:
        """A worse severity than at closing opens it again; one that was worse once, but not at closing, does, too."""
        play = Play().days("Bb").event("close", outcome="accepted", reason="known").day("b")
        assert play.case.state == "closed"
        assert play.day("B").case.state == "firing"

    def test_clear_on_the_day_of_closing(self) -> None:
        """A clear day of closing counts as cleared."""
        play = Play(engine("keep: 9 days")).days("bC").event("close", outcome="accepted", reason="known")
        assert play.day("b").case.state == "firing"

    @pytest.mark.parametrize("letter", "HU")
    def test_not_clear_on_the_day_of_closing(self, letter: str) -> None:
        """A day between bands or without data does not lift the bar."""
        play = Play(engine("keep: 9 days")).days(f"b{letter}")
        play.event("close", outcome="accepted", reason="known").day("b")
        assert play.case.state == "closed"

    def test_not_applicable_on_the_day_of_closing(self) -> None:
        """If somebody opens and closes it while the rule does not apply, that counts as cleared, too."""
        play = Play().days("bN").event("reopen", reason="not over")
        play.event("close", outcome="accepted", reason="known").day("b")
        assert (play.case.state, play.case.openings) == ("firing", 3)

    def test_past(self) -> None:
        """What closed as past opens again only after it was clear."""
        play = Play().days("bP").day("b")
        assert play.case.state == "closed"
        assert play.days("Cb").case.state == "firing"

    def test_resolved_is_not_barred(self) -> None:
        """What the rule closed as resolved opens again at once."""
        assert Play().days("bEb").case.openings == 2

    def test_quiet(self) -> None:
        """A closed case that is not barred is not looked at: its days leave no entry but their own."""
        assert [change.what for change in Play().days("bEC").last.changes] == ["day"]

    def test_a_new_case(self) -> None:
        """Later than `reopen`, it is a new case with an id of its own."""
        play = Play(engine("", "cases: {reopen: 1 day}")).days("bCCb")
        assert len({case.id for case in play.cases}) == 2
        assert [notice.kind for notice in play.notices] == ["fired", "fired"]

    def test_late_evidence(self) -> None:
        """A notice that a case opens again says whether its data came late."""
        late = Play().days("bC").day("b", late=True)
        assert [notice.late_evidence for notice in late.notices] == [False, True]
        assert [notice.late_evidence for notice in Play().days("bCb").notices] == [False, False]


class TestWorse:
    """Above the peak of this opening."""

    def test_a_new_ladder_and_who_is_informed(self) -> None:
        """The new ladder begins with its first step; those notified before, and not now, are informed."""
        rules = engine(
            "escalate: {minor: [pm within 1 day, tech within 1 day], major: [joint-lead within 2 days]}"
        )
        play = Play(rules).days("bbb").day("B")
        assert play.told()[2:] == [
            ("07-09", "worsened", "joint-lead", "07-11"),
            ("07-09", "informed", "pm", None),
            ("07-09", "informed", "tech", None),
        ]
        assert (play.case.round, play.case.step, play.case.told) == (2, 1, ("pm", "tech", "joint-lead"))

    def test_the_same_receiver_is_told_once(self) -> None:
        """Who is notified of the new severity is not informed as well."""
        play = Play(engine("escalate: {minor: pm within 1 day}")).days("bB")
        assert [(kind, to) for _, kind, to, _ in play.told()] == [("fired", "pm"), ("worsened", "pm")]

    def test_an_acknowledgement_falls(self) -> None:
        """Who acknowledged the milder severity has not acknowledged the worse one."""
        play = Play(engine("escalate: {minor: pm within 1 day}")).day("b").event("acknowledge").day("B")
        assert (play.case.handling, dict(play.case.acknowledged), play.case.climbing) == ("new", {}, True)

    def test_the_end_of_an_acknowledgement_falls_with_it(self) -> None:
        """The next acknowledgement has an end of its own, or none."""
        play = Play(engine("escalate: {minor: pm within 1 day}")).day("b")
        play.event("acknowledge", until=date(2026, 7, 20)).day("B").event("acknowledge")
        assert play.case.acknowledged_until is None

    def test_while_treating(self) -> None:
        """While it is treated, it is reported and the ladder runs, but it stays treated."""
        rules = engine("escalate: {minor: [pm within 1 day, tech within 1 day]}")
        play = Play(rules).day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).days("BBB")
        assert play.case.handling == "treating"
        assert [(kind, to) for _, kind, to, _ in play.told()][2:] == [
            ("worsened", "pm"),
            ("escalated", "tech"),
        ]

    def test_the_ladder_goes_on_when_the_severity_falls(self) -> None:
        """The round keeps the ladder with which it began."""
        rules = engine(
            "escalate: {minor: pm within 9 days, major: [joint-lead within 1 day, steering within 1 day]}"
        )
        play = Play(rules).days("Bbb")
        assert [(kind, to) for _, kind, to, _ in play.told()] == [
            ("fired", "joint-lead"),
            ("escalated", "steering"),
        ]
        assert play.last.notices[0].severity == "minor"

    def test_a_peak_is_of_this_opening(self) -> None:
        """After it opened again, a severity that is milder than before can be worse."""
        assert [kind for _, kind, _, _ in Play().days("!CbB").told()] == ["fired", "re-opened", "worsened"]

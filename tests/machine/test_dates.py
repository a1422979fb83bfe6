"""Ladders, rounds and spans on the calendar: who is notified on which day, and by when they must answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coopgov import Cases, Engine, Event, build_agreement, catch_up, parse_rules
from playing import MONDAY, Play, engine

if TYPE_CHECKING:
    from collections.abc import Sequence

LADDER = (
    "escalate: {minor: [pm within 1 working day, tech within 3 working days, comms within 10 working days]}"
)


def _pilot_ladder(first: date) -> Play:
    return Play(engine(LADDER), first)


class TestLadders:
    """Steps, deadlines, holidays."""

    def test_steps(self) -> None:
        """Step k+1 hears on the first working day after the deadline of step k, which counts from that before it."""
        play = Play(engine(LADDER), date(2026, 7, 7)).until(date(2026, 7, 24), "b")
        assert play.told() == [
            ("07-07", "fired", "pm", "07-08"),
            ("07-09", "escalated", "tech", "07-13"),
            ("07-14", "escalated", "comms", "07-27"),
        ]

    def test_a_holiday_moves_a_step(self) -> None:
        """The third step of the specification's example: the holiday of 3 July moves it to the 8th."""
        play = _pilot_ladder(date(2026, 6, 30)).until(date(2026, 7, 10), "b")
        assert play.told() == [
            ("06-30", "fired", "pm", "07-01"),
            ("07-02", "escalated", "tech", "07-07"),
            ("07-08", "escalated", "comms", "07-21"),
        ]

    def test_a_waiver_by_event(self) -> None:
        """Nobody is notified while it lasts; on the day after it, the ladder begins again."""
        play = _pilot_ladder(date(2026, 6, 30)).days("bb")
        play.event("waive", until=date(2026, 7, 6), reason="under repair").until(date(2026, 7, 9), "b")
        assert play.told() == [
            ("06-30", "fired", "pm", "07-01"),
            ("07-07", "waiver-ended", "pm", "07-08"),
            ("07-09", "escalated", "tech", "07-13"),
        ]

    def test_a_deadline_on_a_day_off(self) -> None:
        """A deadline on a Saturday is reported to the next step on Monday."""
        rules = engine("escalate: {minor: [pm within 5 days, tech within 1 month]}")
        play = Play(rules).until(date(2026, 7, 13), "b")
        assert play.told() == [("07-06", "fired", "pm", "07-11"), ("07-13", "escalated", "tech", "08-11")]

    def test_deadlines_are_kept(self) -> None:
        """Deadlines are fixed when the round begins: they are part of the case."""
        play = Play(engine(LADDER)).day("b")
        assert [str(rung.by) for rung in play.case.ladder] == ["2026-07-07", "2026-07-10", "2026-07-24"]
        assert play.case.deadline == date(2026, 7, 7)

    def test_without_a_ladder(self) -> None:
        """A severity without a ladder is notified once to the subject's owner, without a deadline."""
        play = Play(engine("escalate: {critical: steering within 1 day}")).until(
            date(2026, 8, 31), "b", owner="finance"
        )
        assert play.told() == [("07-06", "fired", "finance", None)]

    def test_without_a_ladder_and_an_owner(self) -> None:
        """Without an owner, the project manager is notified."""
        play = Play(engine()).days("bbb")
        assert play.told() == [("07-06", "fired", "project-manager", None)]

    def test_the_word_owner(self) -> None:
        """A ladder can name the owner of the subject."""
        play = Play(engine("escalate: {minor: owner within 2 days}")).day("b", owner="finance")
        assert play.told() == [("07-06", "fired", "finance", "07-08")]

    def test_a_milder_ladder(self) -> None:
        """A severity without a ladder has that of the next milder one."""
        play = Play(engine("escalate: {minor: tech within 2 working days}")).day("!")
        assert play.told() == [("07-06", "fired", "tech", "07-08")]

    def test_no_steps_while_recovering(self) -> None:
        """Steps that fall due while it recovers are notified on the first working day on which it fires again."""
        play = Play(engine(f"{LADDER}\nkeep: 20 working days")).days("b CCCCCCCC b")
        assert play.told() == [
            ("07-06", "fired", "pm", "07-07"),
            ("07-15", "escalated", "tech", "07-10"),
            ("07-15", "escalated", "comms", "07-24"),
        ]

    def test_steps_without_data(self) -> None:
        """The ladder goes on while data are missing."""
        play = Play(engine(LADDER)).days("b UU")
        assert play.told()[-1] == ("07-08", "escalated", "tech", "07-10")


class TestThreeSteps:
    """A phase that is late from 30 June on, with steps of 1, 3 and 10 working days, read from an agreement."""

    RULES = (
        "coopgov: rules/1\npack: steps\nversion: 1.0.0\nrules:\n"
        "  - {id: late, about: phase, kind: delay, message: M, measure: delay, bands: {minor: above 0 days},"
        f" {LADDER}}}\n"
    )

    def _told(self, *holidays: str, events: Sequence[Event] = ()) -> list[tuple[str, str, str, str]]:
        """Who is notified until 10 July: day, kind, receiver, deadline."""
        people = [{"id": each, "name": each, "party": "port"} for each in ("pm", "tech", "comms")]
        dates = {"start": "2026-06-01", "end": "2026-06-29"}
        agreement = build_agreement(
            {
                "coopgov": "agreement/1",
                "id": "steps",
                "title": "Steps",
                "currency": "CNY",
                "term": {"start": "2026-01-05", "end": "2026-12-31"},
                "calendar": {"holidays": list(holidays)},
                "parties": [{"id": "port", "name": "Port"}],
                "team": {"members": people},
                "phases": [{"id": "one", "name": "One", "planned": dates, "actual": {"start": "2026-06-01"}}],
            }
        )
        first, last = date(2026, 6, 29), date(2026, 7, 10)
        rules = Engine(parse_rules(self.RULES))
        step = catch_up(Cases.begin("steps", first), agreement, rules, to=last, events=events)
        return [(str(each.on)[5:], each.kind, each.to, str(each.by)[5:]) for each in step.notices]

    def test_without_a_holiday(self) -> None:
        """They are notified on 30 June, 2 July and 7 July."""
        assert self._told() == [
            ("06-30", "fired", "pm", "07-01"),
            ("07-02", "escalated", "tech", "07-06"),
            ("07-07", "escalated", "comms", "07-20"),
        ]

    def test_with_a_holiday(self) -> None:
        """A holiday on 3 July moves the third to 8 July."""
        assert self._told("2026-07-03") == [
            ("06-30", "fired", "pm", "07-01"),
            ("07-02", "escalated", "tech", "07-07"),
            ("07-08", "escalated", "comms", "07-21"),
        ]

    def test_with_a_waiver(self) -> None:
        """A waiver from 1 to 6 July: notified again on 7 July, and the next step on 9 July."""
        on, until = date(2026, 7, 1), date(2026, 7, 6)
        waived = Event(on=on, case="late@phase/one", event="waive", by="pm", until=until, reason="Known")
        assert self._told(events=[waived]) == [
            ("06-30", "fired", "pm", "07-01"),
            ("07-07", "waiver-ended", "pm", "07-08"),
            ("07-09", "escalated", "tech", "07-13"),
        ]


class TestReminders:
    """What happens when a ladder is used up."""

    def test_a_reminder_begins_the_ladder_again(self) -> None:
        """`remind` counts from the last notice of the ladder; a reminder begins a round."""
        rules = engine(LADDER.replace("10 working", "1 working"), "cases: {remind: 3 working days}")
        play = Play(rules).until(date(2026, 7, 17), "b")
        assert play.told() == [
            ("07-06", "fired", "pm", "07-07"),
            ("07-08", "escalated", "tech", "07-10"),
            ("07-13", "escalated", "comms", "07-13"),
            ("07-16", "reminder", "pm", "07-17"),
        ]
        assert play.case.round == 2

    def test_not_before_the_last_deadline(self) -> None:
        """A reminder waits for the last deadline, and comes on that day."""
        rules = engine("escalate: {minor: pm within 5 working days}", "cases: {remind: 1 working day}")
        play = Play(rules).until(date(2026, 7, 14), "b")
        assert play.told() == [("07-06", "fired", "pm", "07-13"), ("07-13", "reminder", "pm", "07-20")]

    def test_not_before_the_last_of_several_deadlines(self) -> None:
        """What counts is the deadline of the last step."""
        rules = engine("escalate: {minor: [pm within 1 day, tech within 7 days]}", "cases: {remind: 1 day}")
        play = Play(rules).until(date(2026, 7, 14), "b")
        assert play.told("reminder") == [("07-14", "reminder", "pm", "07-15")]

    def test_on_a_working_day(self) -> None:
        """A reminder that falls due on a Saturday comes on Monday."""
        rules = engine("escalate: {minor: pm within 1 day}", "cases: {remind: 5 days}")
        play = Play(rules).until(date(2026, 7, 14), "b")
        assert play.told("reminder") == [("07-13", "reminder", "pm", "07-14")]

    def test_none_without_a_ladder(self) -> None:
        """A severity without a ladder has no reminder."""
        play = Play(engine("", "cases: {remind: 1 day}")).until(date(2026, 8, 31), "b")
        assert play.told("reminder") == []

    def test_none_after_an_answer(self) -> None:
        """Who has acknowledged is not reminded."""
        rules = engine("escalate: {minor: pm within 1 day}", "cases: {remind: 1 day}")
        play = Play(rules).day("b").event("acknowledge").until(date(2026, 8, 31), "b")
        assert play.told("reminder") == []


class TestSpans:
    """`for`, `keep`, `reopen`, `effective_after`, `no_data`."""

    @pytest.mark.parametrize(
        ("span", "fires"),
        [
            ("1 day", "2026-07-07"),
            ("3 working days", "2026-07-09"),
            ("5 working days", "2026-07-13"),
            ("5 days", "2026-07-11"),
        ],
    )
    def test_for(self, span: str, fires: str) -> None:
        """The days after the first one count, on which a band holds."""
        play = Play(engine(f"for: {span}")).until(date(2026, 8, 31), "b")
        assert str(play.case.fired_on) == fires
        assert play.case.since == MONDAY
        assert [notice.on for notice in play.notices] == [play.case.fired_on]

    @pytest.mark.parametrize(
        ("letters", "fires"), [("bHHbbb", 11), ("bUbHbb", 11), ("bHbHbb", 11), ("bbHb", 9)]
    )
    def test_for_pauses(self, letters: str, fires: int) -> None:
        """Days on which it is between bands or undetermined do not count."""
        play = Play(engine("for: 2 days" if len(letters) == 4 else "for: 3 days")).days(letters)
        assert play.case.fired_on == date(2026, 7, fires)

    def test_for_pauses_on_days_off(self) -> None:
        """A pause on a weekend takes nothing from working days."""
        play = Play(engine("for: 5 working days")).days("bbbbb UU b")
        assert play.case.fired_on == date(2026, 7, 13)
        assert (
            Play(engine("for: 5 working days")).days("bbUbb bb b").cases.find("late@phase/one").fired_on
            is None
        )

    def test_readings(self) -> None:
        """Readings count from the first one in breach; the same reading counts once."""
        play = Play(engine("for: 2 readings", about="kpi"), MONDAY)
        play.day("b", reading=date(2026, 6, 1)).day("b", reading=date(2026, 6, 1))
        assert play.case.state == "pending"
        play.day("H", reading=date(2026, 7, 8)).day("b", reading=date(2026, 7, 8))
        assert (play.case.state, play.case.fired_on) == ("firing", date(2026, 7, 9))

    def test_three_readings(self) -> None:
        """Each reading counts once."""
        play = Play(engine("for: 3 readings", about="kpi"))
        for day in (6, 7, 7):
            play.day("b", reading=date(2026, 7, day))
        assert play.case.state == "pending"
        assert play.day("b", reading=date(2026, 7, 8)).case.state == "firing"

    def test_one_reading(self) -> None:
        """One reading in breach is there at once, but not where there is no reading at all."""
        assert (
            Play(engine("for: 1 reading", about="kpi")).day("b", reading=date(2026, 6, 1)).case.state
            == "firing"
        )
        waiting = Play(engine("for: 1 reading", about="kpi")).day("b")
        assert waiting.case.state == "pending"
        assert waiting.day("b", reading=date(2026, 7, 7)).case.state == "firing"

    def test_keep(self) -> None:
        """It recovers until it has been clear for long enough; then it is closed."""
        play = Play(engine("keep: 2 working days")).days("b C C")
        assert play.case.state == "recovering"
        assert play.day("C").case.closed_on == date(2026, 7, 9)

    def test_keep_begins_anew(self) -> None:
        """A day without data lets `keep` begin anew."""
        play = Play(engine("keep: 2 days")).days("b CCU CC")
        assert play.case.state == "recovering"
        assert play.day("C").case.state == "closed"

    def test_keep_readings(self) -> None:
        """`keep` can count readings, from the first one that is clear."""
        play = Play(engine("keep: 2 readings", about="kpi")).day("b", reading=date(2026, 7, 1))
        play.day("C", reading=date(2026, 7, 7)).day("C", reading=date(2026, 7, 7))
        assert play.case.state == "recovering"
        assert play.day("C", reading=date(2026, 7, 9)).case.state == "closed"
        play = Play(engine("keep: 3 readings", about="kpi")).day("b", reading=date(2026, 7, 1))
        for day in (7, 8):
            play.day("C", reading=date(2026, 7, day))
        assert play.case.state == "recovering"
        assert play.day("C", reading=date(2026, 7, 9)).case.state == "closed"

    @pytest.mark.parametrize(
        ("span", "gap", "openings"),
        [("3 days", 3, 2), ("3 days", 4, 1), ("1 month", 31, 2), ("1 month", 32, 1)],
    )
    def test_reopen(self, span: str, gap: int, openings: int) -> None:
        """Within `reopen`, the case opens again; later, it is a new one."""
        play = Play(engine("", f"cases: {{reopen: {span}}}")).days("bC" + "C" * (gap - 1) + "b")
        assert play.case.openings == openings
        assert len(play.cases) == 3 - openings

    @pytest.mark.parametrize(
        ("letters", "closed"), [("CCC", None), ("CCCC", 12), ("CUHCC", None), ("CUHCCC", 14)]
    )
    def test_effective_after(self, letters: str, closed: int | None) -> None:
        """It is resolved after it was clear for long enough; days between bands or without data do not count."""
        play = Play(engine("", "cases: {effective_after: 3 days}")).day("b")
        _finish(play.event("agree", action="night-shift", due=date(2026, 7, 6)))
        play.days("bb").days(letters)
        assert play.case.closed_on == (closed and date(2026, 7, closed))

    def test_effective_after_the_last_action(self) -> None:
        """It counts from the later of the first clear day and the end of the last action."""
        play = Play(engine("", "cases: {effective_after: 3 days}")).day("b")
        play.event("agree", action="night-shift", due=date(2026, 7, 6)).days("CCC")
        _finish(play)
        assert play.days("CC").case.state == "verifying"
        assert play.day("C").case.closed_on == date(2026, 7, 12)

    @pytest.mark.parametrize(("span", "day"), [("2 working days", "07-09"), ("5 working days", "07-14")])
    def test_no_data(self, span: str, day: str) -> None:
        """The owner of the datum is notified once a round, after `no_data`."""
        play = Play(engine("", f"cases: {{no_data: {span}}}")).day("b").until(date(2026, 8, 31), "U")
        assert play.told("no-data") == [(day, "no-data", "comms", None)]

    def test_no_data_on_a_day_off(self) -> None:
        """It is reported on a working day."""
        play = Play(engine("", "cases: {no_data: 4 days}")).day("b").until(date(2026, 8, 31), "U")
        assert play.told("no-data") == [("07-13", "no-data", "comms", None)]

    def test_no_data_once_a_round(self) -> None:
        """It is not notified again in the round, and is notified again in the next."""
        play = Play(engine("", "cases: {no_data: 1 day}")).days("b UU b UU B UU")
        assert play.told("no-data") == [
            ("07-08", "no-data", "comms", None),
            ("07-14", "no-data", "comms", None),
        ]


def _finish(play: Play) -> None:
    play.event("start", action="night-shift").event("done", action="night-shift", by="tech")
    play.event("verify", action="night-shift", by="pm")

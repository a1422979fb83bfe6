"""Waivers and inhibitions: nobody is notified meanwhile, and the end is reported, with why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playing import MONDAY, Play, engine, other_rule

LADDER = "escalate: {minor: [pm within 1 day, tech within 2 days], critical: steering within 1 day}"
KEY = ("late", "phase/one")
HIDES = "inhibit: [{by: first, hides: [late], about: same}]"

WHOLE = """\
  - {id: first, about: agreement, kind: delay, severity: critical, title: F, message: F., when: total_spent is known}
  - {id: missed, about: milestone, kind: delay, severity: minor, title: M, message: M., when: overdue above 1 day}
"""


def _waived(until: date) -> dict[str, Any]:
    return {"waived": {KEY: until}}


class TestWaivers:
    """By the agreement, or by an event."""

    def test_of_the_agreement(self) -> None:
        """Nobody is notified while it lasts; its end is reported, and the ladder begins."""
        until = date(2026, 7, 8)
        play = Play(engine(LADDER)).days("bbb", **_waived(until))
        assert (play.case.state, play.case.waived_until, play.told()) == ("waived", until, [])
        play.days("bb", **_waived(until))
        assert play.told() == [("07-09", "waiver-ended", "pm", "07-10")]
        assert (play.case.state, play.case.waived_until) == ("firing", None)

    def test_fired_while_waived(self) -> None:
        """Nobody has answered a case that fired under a waiver."""
        case = Play(engine(LADDER)).day("b", **_waived(MONDAY)).case
        assert (case.handling, case.climbing, case.unsaid) == ("new", True, True)

    def test_a_waiver_that_has_ended_is_gone(self) -> None:
        """Once it has ended, the case holds nothing of it."""
        play = Play(engine(LADDER)).day("b").event("waive", until=MONDAY, reason="x").day("b")
        assert (play.case.waiver, play.case.waived_until) == (None, None)

    def test_in_the_log(self) -> None:
        """Beginning and end of both flags are changes of their own."""
        play = Play(engine(LADDER, HIDES, other_rule("first"))).day("b", **_waived(MONDAY))
        play.day("b", others={"first": "b"}).day("b", others={"first": "C"})
        mine = [change.what for step in play.steps for change in step.changes if change.case == play.case.id]
        assert mine == ["fired", "waived", "untold", "waiver-ended", "inhibited", "inhibition-ended", "told"]

    def test_the_later_one_counts(self) -> None:
        """Of a waiver by event and one of the agreement, the later one counts."""
        play = Play(engine(LADDER)).day("b").event("waive", until=date(2026, 7, 9), reason="x")
        assert play.day("b", **_waived(date(2026, 7, 7))).case.waived_until == date(2026, 7, 9)
        assert play.day("b", **_waived(date(2026, 7, 20))).case.waived_until == date(2026, 7, 20)

    def test_a_shorter_event(self) -> None:
        """A waiver by event does not shorten that of the agreement."""
        play = Play(engine(LADDER)).day("b", **_waived(date(2026, 7, 20)))
        assert play.event("waive", until=MONDAY, reason="x").case.waived_until == date(2026, 7, 20)

    def test_the_end_falls_on_a_working_day(self) -> None:
        """A waiver until Friday is notified on Monday; the case is not waived any more on Saturday."""
        play = Play(engine(LADDER)).day("b").event("waive", until=date(2026, 7, 10), reason="x")
        assert play.until(date(2026, 7, 11), "b").case.state == "firing"
        assert play.until(date(2026, 7, 13), "b").told("waiver-ended") == [
            ("07-13", "waiver-ended", "pm", "07-14")
        ]

    def test_handling_is_as_before(self) -> None:
        """For who has acknowledged, its end is one notice without a deadline, and no ladder."""
        play = Play(engine(LADDER)).day("b").event("acknowledge")
        play.event("waive", until=date(2026, 7, 7), reason="x").days("bbbb")
        assert play.case.state == "acknowledged"
        assert play.told()[1:] == [("07-08", "waiver-ended", "pm", None)]

    def test_a_running_ladder_of_a_treated_case(self) -> None:
        """If it is treated, a ladder that runs goes on after one notice."""
        play = (
            Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).day("!")
        )
        play.event("waive", until=date(2026, 7, 7), reason="x").days("!")
        assert play.told("waiver-ended") == [("07-08", "waiver-ended", "steering", None)]
        assert (play.case.climbing, play.case.round, play.case.deadline) == (True, 3, date(2026, 7, 8))

    def test_worse_meanwhile(self) -> None:
        """An acknowledgement falls silently; the end of the waiver notifies all."""
        play = Play(engine(LADDER)).day("b").event("acknowledge")
        play.event("waive", until=date(2026, 7, 7), reason="x").day("!")
        assert (play.case.handling, play.case.peak, play.last.notices) == ("new", "critical", ())
        assert play.case.climbing
        assert play.day("!").told()[1:] == [
            ("07-08", "waiver-ended", "steering", "07-09"),
            ("07-08", "informed", "pm", None),
        ]

    def test_worse_meanwhile_while_treated(self) -> None:
        """A treated case that became worse begins the ladder of its severity."""
        play = Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1))
        play.event("waive", until=date(2026, 7, 7), reason="x").days("!!")
        assert play.told("waiver-ended") == [("07-08", "waiver-ended", "steering", "07-09")]
        assert (play.case.handling, play.case.climbing) == ("treating", True)

    def test_worse_on_the_day_of_its_end(self) -> None:
        """There is one notice, that it became worse."""
        play = Play(engine(LADDER)).day("b").event("waive", until=date(2026, 7, 7), reason="x").days("b!bbb")
        assert [(kind, to) for _, kind, to, _ in play.told()][1:3] == [
            ("worsened", "steering"),
            ("informed", "pm"),
        ]
        assert play.told("waiver-ended") == []

    def test_its_end_while_recovering(self) -> None:
        """It is reported once the case fires again, or has no data."""
        for letter in "bU":
            play = (
                Play(engine(f"{LADDER}\nkeep: 9 days"))
                .day("b")
                .event("waive", until=date(2026, 7, 7), reason="x")
            )
            play.days("CCC")
            assert play.told("waiver-ended") == []
            assert play.day(letter).told("waiver-ended") == [("07-10", "waiver-ended", "pm", "07-11")]

    def test_its_end_is_not_owed_after_closing(self) -> None:
        """Once the case is closed, nobody needs to hear of it."""
        play = (
            Play(engine(f"{LADDER}\nkeep: 2 days"))
            .day("b")
            .event("waive", until=date(2026, 7, 7), reason="x")
        )
        play.days("CC")
        assert play.case.owed == "waiver-ended"
        assert play.day("C").case.owed is None
        play.days("bbb")
        assert play.told("waiver-ended") == []
        assert play.told("re-opened") == [("07-10", "re-opened", "pm", "07-11")]

    def test_while_pending(self) -> None:
        """The end of the waiver of a pending case is not notified: it has not fired."""
        play = Play(engine(f"{LADDER}\nfor: 3 days")).days("bb", **_waived(MONDAY)).days("bb")
        assert [kind for _, kind, _, _ in play.told()] == ["fired"]

    def test_the_closing_of_a_waived_case(self) -> None:
        """That it no longer applies is not notified while it is waived."""
        play = Play(engine(LADDER)).days("bU").day("N", **_waived(date(2026, 7, 20)))
        assert play.told("closed") == []

    def test_clear_while_waived(self) -> None:
        """That actions are open is not notified while it is waived."""
        play = Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1))
        assert play.day("C", **_waived(date(2026, 7, 20))).told("clear-with-open-actions") == []

    def test_clear_is_reported_once_a_round(self) -> None:
        """If it fired again unseen under a waiver, it is not reported twice that actions are open."""
        play = (
            Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).day("C")
        )
        play.day("b", **_waived(date(2026, 7, 8))).day("C")
        assert [day for day, _, _, _ in play.told("clear-with-open-actions")] == ["07-07"]

    def test_ineffective_while_waived(self) -> None:
        """That an action did not work is notified by the end of the waiver, without a deadline."""
        play = Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1))
        play.event("start", action="night-shift").event("done", action="night-shift").day("C")
        play.day("b", **_waived(date(2026, 7, 8))).day("b")
        assert play.told()[2:] == [("07-09", "waiver-ended", "pm", None)]

    def test_fires_again_while_waived(self) -> None:
        """That a treated case fires again is notified by the end of the waiver, with its ladder."""
        play = (
            Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).day("C")
        )
        play.day("b", **_waived(date(2026, 7, 8))).day("b")
        assert play.told("fired", "waiver-ended")[1:] == [("07-09", "waiver-ended", "pm", "07-10")]

    def test_answered_while_waived(self) -> None:
        """Who acknowledges, or agrees an action, while it is waived has answered: its end is one notice."""
        for name in ("acknowledge", "agree"):
            play = Play(engine(LADDER)).day("b", **_waived(date(2026, 7, 7)))
            play.event(name, action="night-shift", due=date(2026, 8, 1), force=True)
            play.days("bb", **_waived(date(2026, 7, 7)))
            assert play.told("waiver-ended") == [("07-08", "waiver-ended", "pm", None)]
            assert not play.case.climbing

    def test_spans_go_on(self) -> None:
        """`for` and `keep` run while a case is waived."""
        play = Play(engine("for: 2 days\nkeep: 2 days")).days("bbb", **_waived(date(2026, 8, 1)))
        assert play.case.fired_on == date(2026, 7, 8)
        assert play.days("CCC", **_waived(date(2026, 8, 1))).case.closed_on == date(2026, 7, 11)


class TestInhibitions:
    """The case of another rule hides it."""

    def _play(self, keys: str = LADDER, first_keys: str = "") -> Play:
        return Play(engine(keys, HIDES, other_rule("first", first_keys)))

    def _mine(self, play: Play, *kinds: str) -> list[tuple[str, str, str]]:
        mine = play.case.id
        return [
            (notice.on.isoformat()[5:], notice.kind, notice.to)
            for notice in play.notices
            if notice.case == mine and (not kinds or notice.kind in kinds)
        ]

    def test_hidden(self) -> None:
        """While the other fires, nobody is notified; when it no longer does, that is reported, with a ladder."""
        play = self._play().day("b", others={"first": "b"}).day("b", others={"first": "b"})
        other = play.cases.find("first@phase/one")
        assert (play.case.state, play.case.inhibited_by, self._mine(play)) == ("inhibited", other.id, [])
        play.day("b", others={"first": "C"}).days("bb")
        assert self._mine(play) == [("07-08", "inhibition-ended", "pm"), ("07-10", "escalated", "tech")]

    def test_on_a_day_off(self) -> None:
        """Its end is not made by time alone, so it is reported on any day."""
        play = (
            self._play().until(date(2026, 7, 10), "b", others={"first": "b"}).day("b", others={"first": "C"})
        )
        assert self._mine(play) == [("07-11", "inhibition-ended", "pm")]

    @pytest.mark.parametrize(
        ("mine", "other", "hidden"), [("b", "B", True), ("B", "B", True), ("!", "B", False)]
    )
    def test_at_least_as_severe(self, mine: str, other: str, hidden: bool) -> None:  # noqa: FBT001
        """A milder one hides nothing."""
        assert (self._play().day(mine, others={"first": other}).case.state == "inhibited") is hidden

    def test_pending_hides_nothing(self) -> None:
        """Neither does a case that is pending, recovering or waived."""
        pending = self._play(first_keys=", for: 9 days").day("b", others={"first": "b"})
        assert pending.case.state == "firing"
        recovering = self._play(first_keys=", keep: 9 days").day("b", others={"first": "b"})
        assert recovering.day("b", others={"first": "C"}).case.state == "firing"
        waived = self._play().day(
            "b", others={"first": "b"}, waived={("first", "phase/one"): date(2026, 8, 1)}
        )
        assert waived.case.state == "firing"

    def test_closed_while_hidden(self) -> None:
        """A closed case is hidden by nothing."""
        play = self._play().day("b", others={"first": "b"}).day("C", others={"first": "b"})
        case = play.case
        assert (case.state, case.inhibited_by, case.inhibited_since) == ("closed", None, None)

    def test_not_reopened_while_hidden(self) -> None:
        """A case that did not open again is hidden by nothing, either."""
        play = self._play(f"{LADDER}\nfor: 2 days").days("bbbC").day("b", others={"first": "b"})
        assert play.case.state == "inhibited"
        case = play.day("C", others={"first": "b"}).case
        assert (case.state, case.inhibited_by, case.inhibited_since) == ("closed", None, None)

    def test_other_subjects(self) -> None:
        """With `same`, only cases about the same subject are hidden; with `children`, also what is below."""
        for about, state in (("same", "firing"), ("children", "inhibited")):
            play = Play(engine(LADDER, f"inhibit: [{{by: first, hides: [late], about: {about}}}]", WHOLE))
            assert play.day("b", others={"first@agreement": "!"}).case.state == state

    def test_the_clock_of_a_running_ladder_stops(self) -> None:
        """The deadlines of a treated case are later by the working days of the inhibition."""
        play = self._play("escalate: {minor: [pm within 3 working days, tech within 2 working days]}")
        play.day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).day("B")
        assert [str(rung.by) for rung in play.case.ladder] == ["2026-07-10", "2026-07-14"]
        play.days("BB", others={"first": "!"}).day("B", others={"first": "C"})
        assert [str(rung.by) for rung in play.case.ladder] == ["2026-07-14", "2026-07-16"]
        assert play.case.deadline == date(2026, 7, 14)
        assert self._mine(play, "inhibition-ended") == [("07-10", "inhibition-ended", "pm")]

    def test_deadlines_that_have_passed_stay(self) -> None:
        """A deadline before the inhibition is not moved."""
        play = self._play("escalate: {minor: [pm within 1 working day, tech within 3 working days]}")
        play.day("b").event("agree", action="night-shift", due=date(2026, 8, 1)).days("BBB")
        play.day("B", others={"first": "!"}).day("B", others={"first": "C"})
        assert [str(rung.by) for rung in play.case.ladder] == ["2026-07-08", "2026-07-14"]

    def test_overdue_actions_wait(self) -> None:
        """The deadline of an overdue action moves, too."""
        play = self._play("escalate: {minor: [pm within 3 working days, tech within 2 working days]}")
        play.day("b").event("agree", action="night-shift", due=MONDAY).day("b")
        assert play.case.actions[0].overdue_by == date(2026, 7, 10)
        play.days("bb", others={"first": "!"}).day("b", others={"first": "C"})
        assert play.case.actions[0].overdue_by == date(2026, 7, 14)

    def test_the_worst_hides(self) -> None:
        """Of several, the worst one hides it, then the first by name."""
        top = "inhibit: [{by: first, hides: [late], about: same}, {by: second, hides: [late], about: same}]"
        rules = engine(LADDER, top, other_rule("first") + other_rule("second"))
        for letters, name in (
            ({"first": "b", "second": "B"}, "second"),
            ({"first": "B", "second": "B"}, "first"),
        ):
            play = Play(rules).day("b", others=letters)
            assert play.case.inhibited_by == play.cases.find(f"{name}@phase/one").id

    def test_another_takes_over(self) -> None:
        """If another one hides it next, nobody is notified."""
        top = "inhibit: [{by: first, hides: [late], about: same}, {by: second, hides: [late], about: same}]"
        play = Play(engine(LADDER, top, other_rule("first") + other_rule("second")))
        play.day("b", others={"first": "b"}).day("b", others={"first": "C", "second": "b"})
        assert (play.case.state, play.case.inhibited_since, self._mine(play)) == ("inhibited", MONDAY, [])

    def test_milestones_are_never_hidden(self) -> None:
        """Milestones are what was contracted."""
        rules = engine(LADDER, "inhibit: [{by: first, hides: [late, missed], about: children}]", WHOLE)
        play = Play(rules).day("b", others={"first@agreement": "!", "missed@milestone/one": "b"})
        assert play.cases.find("missed@milestone/one").state == "firing"
        assert play.case.state == "inhibited"

    def test_both_flags(self) -> None:
        """What ends last notifies."""
        play = self._play().day("b", others={"first": "b"}, waived={KEY: MONDAY})
        assert play.case.state == "waived"
        play.day("b", others={"first": "b"})
        assert (play.case.state, self._mine(play)) == ("inhibited", [])
        assert self._mine(play.day("b", others={"first": "C"})) == [("07-08", "inhibition-ended", "pm")]

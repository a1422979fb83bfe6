"""Events: what each makes of a case, whom it notifies, and when it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopgov import Engine, Event, RefusedEventError, parse_rules
from coopgov.cases.refusal import possible
from playing import MONDAY, Play, engine

LADDER = "escalate: {minor: [pm within 1 day, steering within 2 days]}"
LATER = date(2026, 8, 3)


def _fired(keys: str = LADDER, top: str = "") -> Play:
    return Play(engine(keys, top)).day("b")


def _treated(**more: Any) -> Play:
    return _fired(**more).event("agree", action="night-shift", owner="tech", due=LATER)


def _refusal(play: Play, name: Any, by: str | None = "pm", **more: Any) -> RefusedEventError:
    with pytest.raises(RefusedEventError) as refused:
        play.event(name, by, **more)
    return refused.value


def _why(play: Play, name: Any, by: str | None = "pm", **more: Any) -> str:
    """Why an event is refused: the last part of what was found."""
    return str(_refusal(play, name, by, **more).found).partition(": ")[2]


class TestRefusals:
    """What every refusal says."""

    def test_it_names_state_event_and_what_is_possible(self) -> None:
        """The error says state, event and what is possible, also as attributes."""
        play = _fired().event("acknowledge")
        error = _refusal(play, "acknowledge")
        assert (error.state, error.event, error.case) == ("acknowledged", "acknowledge", play.case.id)
        assert error.possible == ("assign", "cause", "agree", "waive", "close", "move")
        assert str(error) == (
            f"refused-event: found acknowledge of {play.case.id}, which is acknowledged: its state does not allow it, "
            "expected an event that is possible now: assign, cause, agree, waive, close, move"
        )

    def test_days(self) -> None:
        """Events before the last day seen are refused, and so are events after it."""
        play = _fired().day("b")
        assert (
            _why(play, "acknowledge", on=MONDAY)
            == "it is of 2026-07-06, before 2026-07-07, the last day seen"
        )
        assert (
            _why(play, "acknowledge", on=LATER) == "it is of 2026-08-03, after 2026-07-07, the last day seen"
        )

    @pytest.mark.parametrize(
        ("letters", "events"),
        [
            ("b", {"acknowledge", "assign", "cause", "agree", "waive", "close", "move"}),
            ("bC", {"cause", "reopen", "move"}),
        ],
    )
    def test_possible(self, letters: str, events: set[str]) -> None:
        """A case that fires can be answered; a closed one can be reopened."""
        assert set(possible(Play(engine(LADDER)).days(letters).case)) == events

    def test_possible_while_pending(self) -> None:
        """A pending case cannot be acknowledged or treated."""
        play = Play(engine("for: 3 days")).day("b")
        assert set(possible(play.case)) == {"assign", "cause", "waive", "close", "move"}

    def test_possible_for_actions(self) -> None:
        """What is possible for actions follows from their states."""
        play = _treated()
        assert {"start", "drop"} <= set(possible(play.case))
        assert not {"done", "verify", "acknowledge"} & set(possible(play.case))
        play.event("start", action="night-shift")
        assert {"done", "drop"} <= set(possible(play.case))
        assert not {"start", "verify"} & set(possible(play.case))
        play.event("done", action="night-shift")
        assert {"verify", "drop"} <= set(possible(play.case))
        play.event("verify", action="night-shift")
        assert not {"start", "done", "verify", "drop"} & set(possible(play.case))

    @pytest.mark.parametrize(
        ("name", "more", "field"),
        [
            ("acknowledge", {"by": None}, "by"),
            ("assign", {}, "to"),
            ("cause", {}, "is"),
            ("agree", {}, "action"),
            ("agree", {"action": "trim-scope"}, "owner"),
            ("agree", {"action": "trim-scope", "owner": "pm"}, "due"),
            ("waive", {"until": LATER}, "reason"),
            ("waive", {"until": LATER, "reason": ""}, "reason"),
            ("waive", {"until": LATER, "reason": " \n"}, "reason"),
            ("close", {"outcome": "accepted", "reason": "　"}, "reason"),
            ("cause", {"is_": "technical", "by": " "}, "by"),
            ("waive", {"reason": "known"}, "until"),
            ("close", {"outcome": "accepted"}, "reason"),
            ("close", {"outcome": "duplicate"}, "reason"),
            ("close", {"outcome": "not-confirmed"}, "reason"),
            ("move", {}, "about"),
        ],
    )
    def test_without_a_field(self, name: Any, more: dict[str, Any], field: str) -> None:
        """An event without a field that it needs is refused."""
        assert _why(_fired(), name, **more) == f"it does not say `{field}`"


class TestAcknowledge:
    """Somebody who knows says so."""

    def test_it_stops_the_ladder(self) -> None:
        """The case is acknowledged by the party of who says it, and nobody else is notified."""
        play = _fired().event("acknowledge", note="Second shift agreed").days("bbbbbb")
        assert (play.case.state, dict(play.case.acknowledged)) == ("acknowledged", {"port": MONDAY})
        assert play.case.deadline is None
        assert [kind for _, kind, _, _ in play.told()] == ["fired"]

    def test_the_log_keeps_who_and_why(self) -> None:
        """Who, on, note are recorded, with the event."""
        play = _fired().event("acknowledge", note="Second shift agreed")
        change = play.last.changes[0]
        assert (change.on, change.by, change.note) == (MONDAY, "pm", "Second shift agreed")
        assert Event.from_dict(change.event or {}) == Event(
            on=MONDAY, case=play.case.id, event="acknowledge", by="pm", note="Second shift agreed"
        )

    @pytest.mark.parametrize("by", ["pm", "project-manager", "steering", "comms", "port"])
    def test_by_those_told_or_above(self, by: str) -> None:
        """The one who was notified, under any name, and whoever is on a later step, alone or as a member."""
        assert _fired().event("acknowledge", by).case.state == "acknowledged"

    def test_by_a_party(self) -> None:
        """A party answers for its members, and for no others."""
        rules = engine("escalate: {minor: pm within 1 day}")
        assert Play(rules).day("b").event("acknowledge", "port").case.state == "acknowledged"
        assert _why(Play(rules).day("b"), "acknowledge", "university").startswith("university was neither")

    def test_by_the_assignee(self) -> None:
        """Who the case was assigned to was notified, too."""
        play = _fired().event("assign", to="tech").event("acknowledge", "tech")
        assert play.case.state == "acknowledged"

    def test_by_an_assignee_who_was_not_notified_yet(self) -> None:
        """Who a waived case was assigned to hears of it later, and may answer now."""
        play = _fired().event("waive", until=MONDAY, reason="known").event("assign", to="tech")
        assert play.event("acknowledge", "tech").case.handling == "acknowledged"

    def test_by_the_ladder_of_a_worse_severity(self) -> None:
        """The ladders of other severities are above."""
        play = _fired("escalate: {minor: pm within 1 day, critical: tech within 1 day}")
        assert play.event("acknowledge", "tech").case.state == "acknowledged"

    @pytest.mark.parametrize("by", ["tech", "stranger"])
    def test_by_nobody_else(self, by: str) -> None:
        """Who was neither notified nor is above them is refused, unless they insist."""
        assert _why(_fired(), "acknowledge", by) == f"{by} was neither notified nor is above those who were"
        assert _fired().event("acknowledge", by, force=True).case.state == "acknowledged"

    def test_by_a_deputy(self) -> None:
        """A deputy answers for who is absent."""
        play = Play(engine("escalate: {minor: project-manager within 1 day}")).day(
            "b", absent=frozenset({"pm"})
        )
        assert play.told() == [("07-06", "fired", "tech", "07-07")]
        assert play.event("acknowledge", "tech").case.state == "acknowledged"

    def test_until(self) -> None:
        """When it ends, the case is new again: a new round, notified from the first step."""
        play = _fired().event("acknowledge", until=date(2026, 7, 8)).days("bb")
        assert play.case.state == "acknowledged"
        play.days("bbb")
        assert play.told() == [
            ("07-06", "fired", "pm", "07-07"),
            ("07-09", "acknowledgement-ended", "pm", "07-10"),
        ]
        assert (play.case.handling, dict(play.case.acknowledged), play.case.round) == ("new", {}, 2)

    def test_until_a_day_off(self) -> None:
        """Its end falls on the next working day."""
        play = _fired().event("acknowledge", until=date(2026, 7, 10)).until(date(2026, 7, 13), "b")
        assert play.told("acknowledgement-ended") == [("07-13", "acknowledgement-ended", "pm", "07-14")]

    def test_until_while_recovering(self) -> None:
        """If it ends while the case recovers, that is reported once it fires again."""
        play = _fired(f"{LADDER}\nkeep: 9 days").event("acknowledge", until=date(2026, 7, 7)).days("CCC")
        assert play.case.handling == "acknowledged"
        assert play.day("b").told("acknowledgement-ended") == [
            ("07-10", "acknowledgement-ended", "pm", "07-11")
        ]

    def test_until_before_the_day(self) -> None:
        """It cannot end before it begins."""
        until = date(2026, 7, 5)
        assert _why(_fired(), "acknowledge", until=until) == "it ends on 2026-07-05, before 2026-07-06"
        assert _fired().event("acknowledge", until=MONDAY).case.state == "acknowledged"

    def test_while_recovering(self) -> None:
        """A case that recovers can be acknowledged; what it is shown as does not change."""
        play = Play(engine(f"{LADDER}\nkeep: 9 days")).days("bC").event("acknowledge")
        assert (play.case.state, play.case.handling) == ("recovering", "acknowledged")

    def test_while_treating(self) -> None:
        """It stops a ladder that runs; without one, there is nothing to acknowledge."""
        assert _why(_treated(), "acknowledge") == "its state does not allow it"
        play = _treated().day("B").event("acknowledge").days("BBB")
        assert (play.case.handling, play.case.climbing) == ("treating", False)
        assert [kind for _, kind, _, _ in play.told()] == ["fired", "action-agreed", "worsened", "informed"]

    def test_by_the_owner_of_an_action(self) -> None:
        """Who was notified outside of the ladder was notified."""
        assert not _treated().day("B").event("acknowledge", "tech").case.climbing

    def test_until_while_treating(self) -> None:
        """When it ends, the ladder begins again, and the case goes on being treated."""
        play = _treated().day("B").event("acknowledge", until=date(2026, 7, 7)).day("B")
        assert play.told("acknowledgement-ended") == [("07-08", "acknowledgement-ended", "pm", "07-09")]
        assert (play.case.handling, play.case.climbing) == ("treating", True)


class TestEachParty:
    """Both parties must answer, where the rule asks for that."""

    RULES = f"{LADDER}\nacknowledge: each party"

    def test_one_is_not_enough(self) -> None:
        """Only the port answers: the ladder goes on, and the notice names the university."""
        play = _fired(self.RULES).event("acknowledge").days("bb")
        assert (play.case.state, dict(play.case.acknowledged)) == ("firing", {"port": MONDAY})
        assert play.told("escalated") == [("07-08", "escalated", "steering", "07-09")]

    def test_both(self) -> None:
        """Once both have answered, it is acknowledged."""
        play = _fired(self.RULES).event("acknowledge").event("acknowledge", "tech")
        assert (play.case.state, set(play.case.acknowledged)) == ("acknowledged", {"port", "university"})

    def test_twice(self) -> None:
        """A party answers once."""
        play = _fired(self.RULES).event("acknowledge")
        assert _why(play, "acknowledge", "finance") == "port has acknowledged it already"

    @pytest.mark.parametrize("by", ["steering", "joint-lead"])
    def test_a_body_of_both_parties(self, by: str) -> None:
        """A body with members of both parties is no party."""
        why = f"each party must answer, and {by} belongs to no party or to several"
        assert _why(_fired(self.RULES), "acknowledge", by) == why

    def test_the_earlier_end_counts(self) -> None:
        """If both end, the earlier day counts."""
        play = _fired(self.RULES).event("acknowledge", until=date(2026, 7, 9))
        play.event("acknowledge", "tech", until=date(2026, 7, 7))
        assert play.case.acknowledged_until == date(2026, 7, 7)


class TestAssignAndCause:
    """Who takes care of it, and why it happened."""

    def test_assign(self) -> None:
        """The assignee is notified, with the deadline of the case."""
        play = _fired().event("assign", to="project-manager")
        assert play.case.assignee == "project-manager"
        assert play.told("assigned") == [("07-06", "assigned", "project-manager", "07-07")]

    def test_assign_refused(self) -> None:
        """To somebody unknown, or to whom it is assigned already."""
        assert _why(_fired(), "assign", to="stranger") == (
            'the agreement has no member, role, body or party "stranger"'
        )
        assert _refusal(_fired(), "assign", to="stering").hint == 'did you mean "steering"?'
        assert _why(_fired().event("assign", to="pm"), "assign", to="pm") == "it is assigned to pm already"

    def test_assign_while_pending(self) -> None:
        """The assignee of a pending case hears of it when it fires."""
        play = Play(engine("for: 1 day")).day("b").event("assign", to="tech")
        assert play.told() == []
        assert [(kind, to) for _, kind, to, _ in play.day("b").told()] == [
            ("fired", "project-manager"),
            ("assigned", "tech"),
        ]

    def test_assign_while_waived(self) -> None:
        """The assignee of a waived case hears of it at the end of the waiver."""
        play = (
            _fired()
            .event("waive", until=date(2026, 7, 7), reason="known")
            .event("assign", to="tech")
            .day("b")
        )
        assert play.told("assigned") == []
        assert play.day("b").told("assigned") == [("07-08", "assigned", "tech", "07-09")]
        assert play.day("b").told("assigned") == [("07-08", "assigned", "tech", "07-09")]

    def test_cause(self) -> None:
        """Causes are recorded one after the other, in any of the words for them; also after it was closed."""
        play = _fired().event("cause", is_="技术", note="pump").event("cause", "tech", is_="external")
        play.day("C").event("cause", is_="resources")
        assert [(each.is_, each.note, each.by, each.on) for each in play.case.causes] == [
            ("technical", "pump", "pm", MONDAY),
            ("external", None, "tech", MONDAY),
            ("resources", None, "pm", date(2026, 7, 7)),
        ]

    def test_a_cause_of_the_rule(self) -> None:
        """A rule can name causes of its own."""
        assert _fired("causes: [tide]").event("cause", is_="tide").case.causes[0].is_ == "tide"

    def test_cause_refused(self) -> None:
        """A word that means no cause."""
        assert _why(_fired(), "cause", is_="tide") == '"tide" is no word for a cause'
        assert _refusal(_fired(), "cause", is_="tecnical").hint == 'did you mean "technical"?'
        hint = str(_refusal(_fired("causes: [tide, technical]"), "cause", is_="weather").hint)
        assert hint.startswith("write tide, technical, resources, ")
        assert hint.count("technical") == 1


class TestActions:
    """Agreed, started, done, verified, dropped."""

    def test_agree(self) -> None:
        """The case is treated, its ladder stops, the owner of the action is reported."""
        play = _treated()
        action = play.case.actions[0]
        assert (play.case.state, play.case.climbing, play.case.deadline) == ("treating", False, None)
        assert (action.id, action.title, action.owner, action.due, action.state) == (
            "night-shift",
            "Second shift",
            "tech",
            LATER,
            "agreed",
        )
        assert play.days("bbbb").told() == [
            ("07-06", "fired", "pm", "07-07"),
            ("07-06", "action-agreed", "tech", "08-03"),
        ]

    def test_agree_with_what_the_plan_says(self) -> None:
        """Owner and day are those of the plan, if the event says nothing else."""
        action = _fired().event("agree", action="night-shift").case.actions[0]
        assert (action.owner, action.due) == ("pm", date(2026, 7, 9))

    def test_agree_with_the_assignee(self) -> None:
        """A plan without an owner is for the assignee."""
        play = _fired().event("assign", to="comms").event("agree", action="trim-scope", due=LATER)
        assert play.case.actions[0].owner == "comms"

    def test_agree_refused(self) -> None:
        """Unknown actions and owners, days before the event, and what was agreed already."""
        play = _treated()
        assert _why(play, "agree", action="nightshift", due=LATER) == 'there is no action "nightshift"'
        assert _refusal(play, "agree", action="nightshift", due=LATER).hint == 'did you mean "night-shift"?'
        assert _why(play, "agree", action="trim-scope", owner="x", due=LATER).startswith(
            "the agreement has no"
        )
        assert _why(play, "agree", action="night-shift", owner="pm", due=date(2026, 7, 5)) == (
            "the action is due on 2026-07-05, before 2026-07-06"
        )
        assert _why(play, "agree", action="night-shift", owner="tech", due=LATER) == (
            "the action night-shift is agreed already, with this owner and day"
        )

    def test_agree_anew(self) -> None:
        """Another day is agreed; the action is as far as it was, and its owner hears of it."""
        play = _treated().event("start", action="night-shift")
        play.event("agree", action="night-shift", owner="tech", due=date(2026, 8, 4))
        assert [(each.state, each.due) for each in play.case.actions] == [("started", date(2026, 8, 4))]
        assert len(play.told("action-agreed")) == 2

    def test_agree_ends_an_acknowledgement(self) -> None:
        """Once an action is agreed, the end of an acknowledgement means nothing."""
        play = _fired().event("acknowledge", until=date(2026, 7, 7)).event("agree", action="night-shift")
        assert play.days("bbb").told("acknowledgement-ended") == []

    @pytest.mark.parametrize(
        ("before", "name", "why"),
        [
            ("", "start", "there is no action"),
            ("agree", "done", "its state"),
            ("agree start", "start", "its state"),
            ("agree start", "verify", "its state"),
            ("agree start done", "start", "its state"),
        ],
    )
    def test_order(self, before: str, name: Any, why: str) -> None:
        """One after the other."""
        play = _fired()
        for each in before.split():
            play.event(each, action="night-shift", due=LATER)  # type: ignore[arg-type]
        assert why in _why(play, name, action="night-shift") or "its state" in _why(
            play, name, action="night-shift"
        )

    def test_order_of_several(self) -> None:
        """Each action has its own order."""
        play = _treated().event("agree", action="trim-scope", owner="pm", due=LATER)
        play.event("start", action="night-shift")
        assert _why(play, "done", action="trim-scope") == "the action trim-scope is agreed"
        assert _why(play, "done", action="unheard-of") == 'there is no action "unheard-of"'
        assert _why(play, "done") == "it does not say `action`"

    def test_verified(self) -> None:
        """Once all actions are verified or dropped, it remains to be seen whether they work."""
        play = _treated().event("agree", action="trim-scope", owner="pm", due=LATER)
        play.event("start", action="night-shift").event("done", "tech", action="night-shift")
        play.event("verify", action="night-shift", evidence="minutes")
        assert play.case.handling == "treating"
        play.event("drop", action="trim-scope", reason="not needed")
        assert play.case.state == "verifying"
        assert play.case.actions[0].evidence == "minutes"

    @pytest.mark.parametrize(("letter", "refused"), [("b", False), ("B", True), ("!", True)])
    @pytest.mark.parametrize("by", ["tech", None])
    def test_own_work(self, letter: str, by: str | None, refused: bool) -> None:  # noqa: FBT001  # a parameter
        """Major and worse, somebody else verifies it than the one who did it."""
        play = Play(engine(LADDER)).day(letter).event("agree", action="night-shift", owner="tech", due=LATER)
        play.event("start", action="night-shift").event("done", "tech", action="night-shift")
        if refused:
            why = "tech did the action; somebody else verifies it" if by else "it does not say `by`"
            assert _why(play, "verify", by, action="night-shift") == why
        else:
            assert play.event("verify", by, action="night-shift").case.state == "verifying"

    def test_own_work_under_another_name(self) -> None:
        """Who did it under a role cannot verify it under their name; if nobody said who, the owner did it."""
        for by, owner in (("project-manager", "tech"), (None, "pm")):
            play = Play(engine(LADDER)).day("B").event("agree", action="night-shift", owner=owner, due=LATER)
            play.event("start", action="night-shift").event("done", by, action="night-shift")
            assert _why(play, "verify", "pm", action="night-shift").startswith("pm did the action")

    def test_work_of_unknown_people(self) -> None:
        """Two names that nobody has are not one person."""
        play = Play(engine(LADDER)).day("B").event("agree", action="night-shift", owner="tech", due=LATER)
        play.event("start", action="night-shift").event("done", "lawyer", action="night-shift")
        assert play.event("verify", "stranger", action="night-shift").case.state == "verifying"

    def test_drop(self) -> None:
        """With a reason; what is verified stays."""
        play = _treated()
        assert _why(play, "drop", action="night-shift") == "it does not say `reason`"
        play.event("agree", action="trim-scope", owner="pm", due=LATER)
        play.event("start", action="night-shift").event("done", "tech", action="night-shift")
        play.event("verify", action="night-shift")
        assert _why(play, "drop", action="night-shift", reason="x") == "the action night-shift is verified"
        play.event("drop", action="trim-scope", reason="too dear")
        assert [(each.state, each.reason) for each in play.case.actions] == [
            ("verified", None),
            ("dropped", "too dear"),
        ]
        assert play.case.actions[1].ended_on == MONDAY

    def test_drop_what_is_done(self) -> None:
        """What was done, and turned out not to be, can still be dropped."""
        play = _treated().event("start", action="night-shift").event("done", "tech", action="night-shift")
        assert play.event("drop", action="night-shift", reason="not so").case.actions[0].state == "dropped"

    def test_drop_the_last(self) -> None:
        """Without any action, the case is new again, and its ladder goes on where it was."""
        play = _treated().days("bb").event("drop", action="night-shift", reason="too dear")
        assert (play.case.state, play.case.deadline) == ("firing", date(2026, 7, 7))
        assert play.day("b").told("escalated") == [("07-09", "escalated", "steering", "07-09")]

    def test_drop_the_last_before_anybody_was_notified(self) -> None:
        """A case that fired under a waiver has no deadline to go back to."""
        play = Play(engine(LADDER)).day("b", waived={("late", "phase/one"): LATER})
        play.event("agree", action="night-shift").event("drop", action="night-shift", reason="too dear")
        assert (play.case.handling, play.case.deadline, play.case.climbing) == ("new", None, True)

    def test_drop_the_last_with_one_answer_of_two(self) -> None:
        """If only one of two parties has acknowledged, the case is new again."""
        play = _fired(TestEachParty.RULES).event("acknowledge").event("agree", action="night-shift")
        play.event("drop", action="night-shift", reason="too dear")
        assert (play.case.state, play.case.climbing) == ("firing", True)
        assert play.event("acknowledge", "tech").case.state == "acknowledged"

    def test_drop_the_last_of_an_acknowledged_case(self) -> None:
        """It stays acknowledged."""
        play = _fired().event("acknowledge").event("agree", action="night-shift")
        play.event("drop", action="night-shift", reason="too dear")
        assert play.case.state == "acknowledged"

    def test_a_dropped_action_can_be_agreed_again(self) -> None:
        """The case has each action once."""
        play = _treated().event("drop", action="night-shift", reason="too dear")
        play.event("agree", action="night-shift", owner="pm", due=LATER)
        assert [(each.state, each.owner, each.reason) for each in play.case.actions] == [
            ("agreed", "pm", None)
        ]

    def test_actions_of_an_earlier_opening(self) -> None:
        """They stay on record, and count no more."""
        play = _treated(keys="").day("E").day("b").day("C")
        assert (play.case.openings, play.case.outcome) == (2, "resolved")
        assert [each.state for each in play.case.actions] == ["dropped"]


class TestOverdueActions:
    """An action that is not done by its day climbs the ladder of the case."""

    def test_it_climbs(self) -> None:
        """First to the first step, on the first working day after its day; then up, until the ladder ends."""
        play = _fired().event("agree", action="night-shift", owner="tech", due=date(2026, 7, 8))
        play.until(date(2026, 7, 31), "b")
        assert play.told("action-overdue") == [
            ("07-09", "action-overdue", "pm", "07-10"),
            ("07-13", "action-overdue", "steering", "07-12"),
        ]

    def test_on_a_working_day(self) -> None:
        """An action due on Friday is overdue on Monday."""
        play = _fired().event("agree", action="night-shift", owner="tech", due=date(2026, 7, 10))
        assert play.until(date(2026, 7, 13), "b").told("action-overdue") == [
            ("07-13", "action-overdue", "pm", "07-14")
        ]

    @pytest.mark.parametrize("name", ["done", "drop"])
    def test_what_has_ended_has_no_deadline(self, name: Any) -> None:
        """What is done or dropped is owed by nobody."""
        play = _fired().event("agree", action="night-shift", owner="tech", due=MONDAY)
        play.event("start", action="night-shift").day("b").event(name, action="night-shift", reason="x")
        assert play.case.actions[0].overdue_by is None

    @pytest.mark.parametrize("name", ["done", "drop", "acknowledge", "agree"])
    def test_it_stops(self, name: Any) -> None:
        """Once it is done, dropped, acknowledged, or agreed anew, nobody else hears of it."""
        play = _fired().event("agree", action="night-shift", owner="tech", due=date(2026, 7, 6))
        play.event("start", action="night-shift").day("b")
        play.event(name, action="night-shift", reason="x", due=LATER)
        assert [to for _, _, to, _ in play.days("bbbb").told("action-overdue")] == ["pm"]

    def test_done_in_time(self) -> None:
        """What was done before its day is never overdue."""
        play = _treated().event("agree", action="night-shift", owner="tech", due=date(2026, 7, 8))
        play.event("start", action="night-shift").event("done", action="night-shift").days("bbbbb")
        assert play.told("action-overdue") == []

    def test_one_for_each_action(self) -> None:
        """Each action is reported by itself."""
        play = _fired().event("agree", action="night-shift", owner="tech", due=MONDAY)
        play.event("agree", action="trim-scope", owner="pm", due=MONDAY).day("b")
        texts = [str(notice.text) for notice in play.notices if notice.kind == "action-overdue"]
        assert [text.partition(";")[0] for text in texts] == ["action: night-shift", "action: trim-scope"]

    def test_not_while_recovering(self) -> None:
        """It is reported once the case fires again."""
        play = _fired(f"{LADDER}\nkeep: 9 days").event("agree", action="night-shift", due=MONDAY).days("CC")
        assert play.told("action-overdue") == []
        assert play.day("b").told("action-overdue") == [("07-09", "action-overdue", "pm", "07-10")]

    def test_without_a_ladder(self) -> None:
        """The owner of the subject hears of it, once."""
        play = _fired("").event("agree", action="night-shift", due=MONDAY).days("bbbbb")
        assert play.told("action-overdue") == [("07-07", "action-overdue", "project-manager", None)]


class TestTreat:
    """An action is agreed in time, or the next step hears that none is."""

    KEYS = f"{LADDER}\ntreat: {{minor: 3 working days}}"

    def test_the_next_step(self) -> None:
        """It counts from the first day of the round, and is reported to the next step not yet notified, once."""
        play = _fired(self.KEYS).event("acknowledge").days("bbbbbbbb")
        assert play.told() == [
            ("07-06", "fired", "pm", "07-07"),
            ("07-10", "treat-overdue", "steering", "07-12"),
        ]

    def test_the_next_of_three_steps(self) -> None:
        """No step is left out."""
        ladder = "escalate: {minor: [pm within 9 days, tech within 9 days, steering within 9 days]}"
        play = Play(engine(f"{ladder}\ntreat: {{minor: 1 day}}")).days("bbb")
        assert [to for _, _, to, _ in play.told("treat-overdue")] == ["tech"]

    def test_the_last_step(self) -> None:
        """If all have been notified, the last one hears of it."""
        play = _fired(self.KEYS).until(date(2026, 7, 10), "b")
        assert play.told()[1:] == [
            ("07-08", "escalated", "steering", "07-09"),
            ("07-10", "treat-overdue", "steering", "07-12"),
        ]

    def test_an_action_is_enough(self) -> None:
        """Nobody is notified if an action was agreed, however far it is."""
        assert (
            _fired(self.KEYS)
            .event("agree", action="night-shift", due=LATER)
            .days("bbbbbb")
            .told("treat-overdue")
            == []
        )

    def test_ineffective_actions_do_not_count(self) -> None:
        """What did not work is not an answer: it counts from the day on which that was notified."""
        play = _fired(self.KEYS).event("agree", action="night-shift", due=LATER)
        play.event("start", action="night-shift").event("done", action="night-shift").days("C b")
        assert play.until(date(2026, 7, 14), "b").told("treat-overdue") == [
            ("07-14", "treat-overdue", "steering", "07-16")
        ]

    def test_on_a_working_day(self) -> None:
        """It is reported on a working day."""
        play = (
            _fired(f"{LADDER}\ntreat: {{minor: 4 days}}").event("acknowledge").until(date(2026, 7, 13), "b")
        )
        assert play.told("treat-overdue") == [("07-13", "treat-overdue", "steering", "07-15")]


class TestWaive:
    """The flag by event; its days are in the tests of flags."""

    def test_refused(self) -> None:
        """A day that has passed, and one later than the rules allow."""
        play = _fired(top="cases: {max_waiver: 10 days}")
        assert (
            _why(play, "waive", until=date(2026, 7, 5), reason="x") == "its last day, 2026-07-05, has passed"
        )
        assert _why(play, "waive", until=date(2026, 7, 17), reason="x") == (
            "its last day, 2026-07-17, is after 2026-07-16, the last one that the rules allow"
        )
        assert play.event("waive", until=date(2026, 7, 16), reason="x").case.state == "waived"
        assert _fired().event("waive", until=MONDAY, reason="x").case.state == "waived"


class TestClose:
    """Closed by people."""

    @pytest.mark.parametrize("outcome", ["accepted", "not-confirmed", "duplicate"])
    def test_with_a_reason(self, outcome: str) -> None:
        """Nobody is notified."""
        play = _fired().event("close", outcome=outcome, reason="known")
        assert (play.case.state, play.case.outcome, play.case.closed_on) == ("closed", outcome, MONDAY)
        assert play.last.notices == ()

    def test_resolved(self) -> None:
        """Only if the signal is clear and no action is open; a reason is not needed."""
        play = _treated()
        assert _why(play, "close", outcome="resolved") == "its rule is not clear"
        play.day("C")
        assert _why(play, "close", outcome="resolved") == "an action is open"
        play.event("start", action="night-shift")
        assert _why(play, "close", outcome="resolved") == "an action is open"
        play.event("done", action="night-shift").event("close", outcome="resolved")
        assert play.case.outcome == "resolved"

    def test_one_open_action_is_enough(self) -> None:
        """As long as one action is open, the case is not resolved."""
        play = _treated().event("agree", action="trim-scope", owner="pm", due=LATER)
        play.event("start", action="night-shift").event("done", action="night-shift").day("C")
        assert _why(play, "close", outcome="resolved") == "an action is open"

    def test_not_while_recovering(self) -> None:
        """A case that recovers is not clear yet."""
        play = Play(engine("keep: 9 days")).days("bC")
        assert _why(play, "close", outcome="resolved") == "its rule is not clear"

    def test_pending(self) -> None:
        """A pending case can only be closed as not confirmed, and then stays closed until it was clear."""
        play = Play(engine("for: 2 days")).day("b")
        assert _why(play, "close", outcome="accepted", reason="x") == (
            "a pending case can only be closed as not-confirmed"
        )
        play.event("close", outcome="not-confirmed", reason="x").days("bbb")
        assert (play.case.state, play.case.openings) == ("closed", 0)
        assert play.days("C bbb").case.openings == 1

    @pytest.mark.parametrize("outcome", [None, "past", "not-applicable", "acepted"])
    def test_other_outcomes(self, outcome: str | None) -> None:
        """Only four outcomes are for people."""
        assert (
            _why(_fired(), "close", outcome=outcome, reason="x")
            == f'the outcome "{outcome or ""}" does not exist'
        )
        hint = _refusal(_fired(), "close", outcome="fine", reason="x").hint
        assert hint == "write resolved, accepted, not-confirmed or duplicate"

    def test_an_acknowledgement_ends_with_it(self) -> None:
        """The end of an acknowledgement means nothing once the case is closed, nor after it opens again."""
        play = (
            _fired()
            .event("acknowledge", until=date(2026, 7, 8))
            .event("close", outcome="accepted", reason="x")
        )
        assert play.case.acknowledged_until is None
        assert play.days("Cbbb").told("acknowledgement-ended") == []

    def test_it_asks_for_nothing_any_more(self) -> None:
        """Deadlines, ladder and everything owed are gone; who was notified, and what was done, stays."""
        play = (
            _fired(f"{LADDER}\ntreat: {{minor: 3 days}}")
            .event("cause", is_="technical")
            .event("assign", to="tech")
        )
        play.event("close", outcome="accepted", reason="x")
        case = play.case
        assert (case.deadline, case.ladder, case.step, case.climbing, case.treat_by) == (
            None,
            (),
            0,
            False,
            None,
        )
        assert (case.told, case.assignee, len(case.causes), case.round) == (("pm", "tech"), "tech", 1, 1)
        assert (case.closed_severity, case.cleared, case.signal) == ("minor", False, "none")

    def test_a_waiver_stays(self) -> None:
        """Closing keeps a waiver until its day: if it opens again before, it is waived."""
        play = _fired().event("waive", until=date(2026, 7, 9), reason="x")
        play.event("close", outcome="accepted", reason="x").days("Cb")
        assert play.case.state == "waived"
        assert play.days("bb").told("re-opened", "waiver-ended") == [("07-10", "waiver-ended", "pm", "07-11")]


class TestReopen:
    """Opened again by people."""

    def test_it_is_told(self) -> None:
        """The case is new, and its ladder begins."""
        play = Play(engine(LADDER)).days("bC").event("reopen", reason="not over")
        assert (play.case.openings, play.case.handling, play.case.outcome) == (2, "new", None)
        assert play.told("re-opened") == [("07-07", "re-opened", "pm", "07-08")]
        assert not play.last.notices[0].late_evidence

    def test_a_reason_is_needed(self) -> None:
        """Without a reason it is refused."""
        assert _why(Play(engine(LADDER)).days("bC"), "reopen") == "it does not say `reason`"

    @pytest.mark.parametrize(
        ("letter", "signal", "next_state"),
        [
            ("b", "firing", "firing"),
            ("C", "clear", "closed"),
            ("U", "no-data", "no-data"),
            ("H", "firing", "firing"),
        ],
    )
    def test_its_signal(self, letter: str, signal: str, next_state: str) -> None:
        """Its signal is what the rule says on that day."""
        play = _fired().event("close", outcome="accepted", reason="x").day(letter).event("reopen", reason="x")
        assert (play.case.signal, play.case.says) == (signal, letter.upper())
        assert (play.case.clock is None) == (signal == "firing")
        assert play.day(letter).case.state == next_state

    def test_its_severity(self) -> None:
        """Its severity is that of the day, else that at closing."""
        play = Play(engine(LADDER)).day("B").event("close", outcome="accepted", reason="x")
        assert play.day("b").event("reopen", reason="x").case.severity == "minor"
        other = Play(engine(LADDER)).day("B").event("close", outcome="accepted", reason="x")
        assert other.day("C").event("reopen", reason="x").case.severity == "major"

    def test_only_the_present_case(self) -> None:
        """Of several cases of a rule and subject, only the last one can be opened again."""
        play = Play(engine(LADDER, "cases: {reopen: 1 day}")).days("bCCb")
        first = play.cases.cases[0].id
        assert (
            _why(play, "reopen", case=first, reason="x")
            == "another case of late@phase/one is the present one"
        )

    def test_while_waived(self) -> None:
        """Under a waiver, the end of the waiver notifies."""
        play = _fired().event("waive", until=date(2026, 7, 8), reason="x")
        play.event("close", outcome="accepted", reason="x").day("b").event("reopen", reason="x")
        assert (play.case.state, play.told("re-opened")) == ("waived", [])
        assert play.days("bb").told("waiver-ended") == [("07-09", "waiver-ended", "pm", "07-10")]


class TestWithoutItsRule:
    """The rule of an open case is switched off, and its end is not seen yet."""

    def _play(self) -> Play:
        play = _fired()
        play.engine = Engine(parse_rules("coopgov: rules/1\npack: empty\nversion: 1.0.0\nrules: []\n"))
        return play

    def test_events(self) -> None:
        """Everything can still be answered."""
        assert self._play().event("acknowledge").case.state == "acknowledged"
        assert self._play().event("agree", action="night-shift").case.state == "treating"
        assert self._play().event("waive", until=LATER, reason="x").case.state == "waived"
        assert self._play().event("close", outcome="accepted", reason="x").case.state == "closed"
        assert _why(self._play(), "cause", is_="tide") == '"tide" is no word for a cause'

    def test_reopen(self) -> None:
        """A case whose rule is gone can be opened again; its owner hears of it, and the next day closes it."""
        play = self._play().event("close", outcome="accepted", reason="x").event("reopen", reason="x")
        assert play.told("re-opened") == [("07-06", "re-opened", "project-manager", None)]
        assert play.day("").case.outcome == "not-applicable"


class TestMove:
    """A renamed subject."""

    def test_it_keeps_its_id(self) -> None:
        """The case is about the new name, under its old id."""
        play = _fired()
        before = play.case.id
        play.event("move", about="phase/two")
        assert play.cases.find(before).about == "phase/two"
        play.subject = "phase/two"
        assert play.day("b").case.id == before

    def test_to_a_name_with_a_closed_case(self) -> None:
        """A closed case about the new name is no hindrance."""
        play = (
            Play(engine(LADDER))
            .day("b", others={"late@phase/two": "b"})
            .day("b", others={"late@phase/two": "C"})
        )
        case = play.case.id
        assert play.event("move", about="phase/two").cases.find(case).about == "phase/two"

    @pytest.mark.parametrize("about", ["phase/three", "kpi/one"])
    def test_unknown(self, about: str) -> None:
        """The agreement has no such subject of that type."""
        assert _why(_fired(), "move", about=about) == f'the agreement has no subject "{about}" of this type'
        assert _refusal(_fired(), "move", about="phase/tow").hint == 'did you mean "phase/two"?'

    def test_taken(self) -> None:
        """There is an open case of the rule about that subject already, or it is the same one."""
        play = Play(engine(LADDER)).day("b", others={"late@phase/two": "b"})
        assert _why(play, "move", about="phase/two") == "another case of late@phase/two is the present one"
        assert _why(play, "move", about="phase/one") == "another case of late@phase/one is the present one"

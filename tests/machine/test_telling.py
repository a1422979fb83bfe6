"""Who is notified: vacant steps, deputies of absent people, everyone who knows."""

from __future__ import annotations

from datetime import date

import pytest

from coopgov.cases.words import NOTICE_KINDS
from coopgov.languages import LANGUAGES
from coopgov.locales import texts_below
from playing import MONDAY, Play, engine

PM, BOTH = frozenset({"pm"}), frozenset({"pm", "tech"})


def _ladder(*steps: str) -> str:
    return f"escalate: {{minor: [{', '.join(f'{each} within 1 day' for each in steps)}]}}"


class TestVacantSteps:
    """Nobody holds the name of a step."""

    def test_told_to_the_next(self) -> None:
        """The next step is reported instead, and the notice names the vacant one; the step stays its own."""
        play = Play(engine(_ladder("quality-officer", "steering"))).days("bbb")
        assert [(str(each.on)[5:], each.to, each.vacant_for, each.step) for each in play.notices] == [
            ("07-06", "steering", "quality-officer", 1),
            ("07-08", "steering", None, 2),
        ]
        assert [rung.to for rung in play.case.ladder] == ["quality-officer", "steering"]

    def test_the_last_one(self) -> None:
        """The step before it is reported instead of the last one."""
        play = Play(engine(_ladder("pm", "tech", "quality-officer"))).days("bbbbb")
        assert [(each.to, each.vacant_for) for each in play.notices] == [
            ("pm", None),
            ("tech", None),
            ("tech", "quality-officer"),
        ]

    def test_all_of_them(self) -> None:
        """If every step is vacant, the owner of the subject is notified, and the log says so."""
        for owner, to in (("finance", "finance"), (None, "project-manager")):
            play = Play(engine(_ladder("quality-officer", "lawyer"))).day("b", owner=owner)
            assert [(each.to, each.vacant_for, each.step) for each in play.notices] == [
                (to, "quality-officer", 1)
            ]
            noted = [change for change in play.last.changes if change.what == "ladder-vacant"]
            assert [dict(change.fields) for change in noted] == [
                {"case": play.case.id, "ladder": ["quality-officer", "lawyer"]}
            ]

    def test_nobody_at_all(self) -> None:
        """If nobody is there, the notice is for the vacant step itself: it is never lost."""
        play = Play(engine(_ladder("quality-officer"))).day("b", absent=BOTH)
        assert [(each.to, each.vacant_for) for each in play.notices] == [
            ("quality-officer", "quality-officer")
        ]

    def test_one_is_enough(self) -> None:
        """A ladder with somebody on it is not vacant."""
        play = Play(engine(_ladder("quality-officer", "steering"))).day("b")
        assert [change.what for change in play.last.changes] == ["begun", "fired", "told", "day"]

    def test_overdue_actions(self) -> None:
        """An overdue action passes a vacant step, too."""
        play = Play(engine(_ladder("quality-officer", "steering"))).day("b")
        play.event("agree", action="night-shift", due=MONDAY).day("b")
        assert [(each.to, each.vacant_for) for each in play.last.notices] == [("steering", "quality-officer")]


class TestDeputies:
    """Somebody is absent on the day of the notice."""

    @pytest.mark.parametrize("name", ["pm", "project-manager"])
    def test_told_instead(self, name: str) -> None:
        """The deputy is notified instead of the absent holder."""
        play = Play(engine(_ladder(name))).day("b", absent=PM)
        assert [(each.to, each.vacant_for) for each in play.notices] == [("tech", None)]
        assert play.case.told == ("tech",)
        assert play.case.ladder[0].to == name

    def test_of_a_body(self) -> None:
        """A body is notified itself for as long as one of its members is there."""
        play = Play(engine(_ladder("joint-lead"))).day("b", absent=PM)
        assert [each.to for each in play.notices] == ["joint-lead"]

    def test_on_the_day_of_the_notice(self) -> None:
        """Who is there counts on the day of the notice, not on that of the round."""
        play = Play(engine(_ladder("finance", "pm"))).days("bb").day("b", absent=PM)
        assert [each.to for each in play.notices] == ["finance", "tech"]

    def test_without_a_deputy_it_is_vacant(self) -> None:
        """If the deputy is absent, too, the step is vacant."""
        play = Play(engine(_ladder("pm", "steering"))).day("b", absent=BOTH)
        assert [(each.to, each.vacant_for) for each in play.notices] == [("steering", "pm")]

    def test_one_notice_for_two_names(self) -> None:
        """Who stands in for several people is informed once."""
        rules = engine(
            "escalate: {minor: [pm within 1 day, comms within 1 day], critical: steering within 1 day}"
        )
        play = Play(rules).days("bbb").day("!", absent=frozenset({"pm", "comms"}))
        assert play.told("informed") == [("07-09", "informed", "tech", None)]
        assert play.case.told == ("pm", "comms", "steering", "tech")

    def test_other_notices(self) -> None:
        """Deputies also receive what is for assignees and owners of actions."""
        play = Play(engine(_ladder("finance"))).day("b", absent=PM).event("assign", to="pm")
        play.event("agree", action="night-shift", owner="pm", due=date(2026, 8, 1))
        assert play.told("assigned", "action-agreed") == [
            ("07-06", "assigned", "tech", "07-07"),
            ("07-06", "action-agreed", "tech", "08-01"),
        ]


class TestWhatElseANoticeSays:
    """Who has not answered, who else knows, what has ended."""

    def _texts(self, play: Play, kind: str) -> list[str]:
        return [str(notice.text) for notice in play.notices if notice.kind == kind]

    def test_who_has_not_answered(self) -> None:
        """The steps before, or all of them in a reminder; and who else knows."""
        rules = engine(_ladder("pm", "tech", "comms"), "cases: {remind: 1 day}")
        play = Play(rules).until(date(2026, 7, 20), "b")
        assert self._texts(play, "fired") == ["fired"]
        assert self._texts(play, "escalated")[:2] == [
            "no answer: pm; others: pm",
            "no answer: pm, tech; others: pm, tech",
        ]
        assert self._texts(play, "reminder")[0] == "no answer: pm, tech, comms; others: tech, comms"

    def test_which_party_has_not_answered(self) -> None:
        """Only the port answers: the next step hears that the university has not."""
        play = Play(engine(_ladder("pm", "tech") + "\nacknowledge: each party")).day("b").event("acknowledge")
        assert self._texts(play.days("bb"), "escalated") == ["no answer: university; others: pm"]

    def test_what_has_ended(self) -> None:
        """If a waiver ends on the day on which it becomes worse, one notice says both."""
        rules = engine("escalate: {minor: pm within 9 days, major: pm within 9 days}")
        play = Play(rules).day("b").event("waive", until=date(2026, 7, 7), reason="x").days("bB")
        assert self._texts(play, "worsened") == ["ended: waiver-ended"]
        play = (
            Play(rules)
            .day("b")
            .event("acknowledge")
            .event("waive", until=date(2026, 7, 7), reason="x")
            .days("bb")
        )
        assert self._texts(play, "waiver-ended") == ["ended: waiver-ended"]

    def test_who_else_knows(self) -> None:
        """In notices of events, too, and in those to everyone."""
        play = Play(engine(_ladder("pm"))).day("b").event("assign", to="tech")
        play.event("agree", action="night-shift", owner="comms", due=MONDAY).day("b").day("C")
        assert self._texts(play, "assigned") == ["others: pm"]
        assert self._texts(play, "action-agreed") == ["action: night-shift; others: pm, tech"]
        assert self._texts(play, "action-overdue") == ["action: night-shift; others: tech, comms"]
        assert self._texts(play, "clear-with-open-actions") == [
            "others: tech, comms",
            "others: pm, comms",
            "others: pm, tech",
        ]

    def test_who_is_informed(self) -> None:
        """Those who are informed hear who was notified."""
        play = Play(engine("escalate: {minor: pm within 1 day, critical: tech within 1 day}")).days("b!")
        assert self._texts(play, "informed") == ["others: tech"]


class TestOnePerson:
    """Who has two names is notified once."""

    def test_informed(self) -> None:
        """Who is notified under the role is not informed under the name."""
        rules = engine("escalate: {minor: pm within 1 day, critical: project-manager within 1 day}")
        play = Play(rules).days("b!")
        assert [(kind, to) for _, kind, to, _ in play.told()] == [
            ("fired", "pm"),
            ("worsened", "project-manager"),
        ]

    def test_a_member_of_a_body_is_another_name(self) -> None:
        """A body is not its members: each is notified."""
        rules = engine("escalate: {minor: pm within 1 day, critical: joint-lead within 1 day}")
        assert [to for _, _, to, _ in Play(rules).days("b!").told()] == ["pm", "joint-lead", "pm"]


class TestDeadlineOfTheCase:
    """`unanswered`, which the command line asks for."""

    def test_unanswered(self) -> None:
        """Only past the deadline of the step that was notified last, and only if nobody answered."""
        play = Play(engine("escalate: {minor: pm within 2 days}")).day("b")
        assert not play.case.unanswered(date(2026, 7, 8))
        assert play.case.unanswered(date(2026, 7, 9))
        assert not play.event("acknowledge").case.unanswered(date(2026, 7, 9))

    def test_not_while_it_recovers(self) -> None:
        """A case that recovers asks nobody for an answer, and one without data still does."""
        rules = engine("escalate: {minor: pm within 1 day}\nkeep: 9 days")
        assert not Play(rules).days("bC").case.unanswered(date(2026, 8, 1))
        assert Play(rules).days("bU").case.unanswered(date(2026, 8, 1))


def test_languages() -> None:
    """Every kind of notice has a head in every language."""
    for language in LANGUAGES:
        assert set(texts_below("cases.notice.heads", language)) == set(NOTICE_KINDS)

"""Notices as people read them in a language: worst first, each with a heading, its text, and how to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from coopgov.assessment.people import People
from coopgov.facts import derive
from coopgov.locales import text
from coopgov.safe_text import visible
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coopgov.cases.notice import Notice
    from coopgov.facts.derive import Facts
    from coopgov.model import Agreement
    from coopgov.severities import Severity

__all__ = ["PLACE", "Background", "Brief", "briefs", "headline", "merged"]

_ASKING = frozenset(
    (
        "fired",
        "worsened",
        "escalated",
        "re-opened",
        "reminder",
        "waiver-ended",
        "inhibition-ended",
        "acknowledgement-ended",
        "treat-overdue",
    )
)
"""The kinds that an acknowledgement can answer."""
PLACE = "\ue000", "\ue001"
"""What surrounds the name of a secret address in a payload until it is sent; no text of a notice keeps them."""
_PLAIN = re.compile(r"[\w@%+=:,./-]+")


@dataclass(frozen=True, slots=True)
class Background:
    """What notices do not say themselves, as far as it is known.

    Args:
        agreement: gives its title, the names of people and the working days; without it, messages show ids.
        link: a web page on which a case is answered, with `{case}` in place of its id.
        store: the store, as the command line names it, for the command that answers.
        people: addresses that mention people, by the id of a member, role or body; see `mentions`.
    """

    agreement: Agreement | None = None
    link: str | None = None
    store: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    _facts: dict[date, Facts] = field(default_factory=dict, repr=False, compare=False)
    _on_days: dict[tuple[date, str], People] = field(default_factory=dict, repr=False, compare=False)

    def people_on(self, day: date, language: str) -> People | None:
        """Return the people of the agreement on a day, made once; None without an agreement."""
        if self.agreement is None:
            return None
        if day not in self._facts:
            self._facts[day] = derive(self.agreement, day)
        if (day, language) not in self._on_days:
            self._on_days[day, language] = People(self._facts[day], language)
        return self._on_days[day, language]

    def title(self, language: str) -> str:
        """Return the title of the agreement."""
        return _clean(self.agreement.title.in_language(language)) if self.agreement else "coopgov"

    def receiver(self, name: str, day: date, language: str) -> str:
        """Return a receiver as people call it, with those who hold the name and their deputies."""
        people = self.people_on(day, language)
        return name if people is None else _clean(people.called(name))

    def reached(self, name: str, day: date) -> tuple[str, ...]:
        """Return the addresses of a receiver: its own, else those of the members that it means on a day."""
        if name in self.people:
            return (self.people[name],)
        people = self.people_on(day, "en")
        if people is None:
            return ()
        holders = people.holders
        known = holders.of(name)
        members = [each["id"] for each in holders.holding.get(known, ()) if each["absent"] is not True]
        members += [each.id for each in holders.stand_ins(known)]
        found = (self.people.get(each) for each in (known, *members))
        return tuple(dict.fromkeys(filter(None, found)))


@dataclass(frozen=True, slots=True)
class Brief:
    """A notice in a language.

    `heading` is the first line of its text, `lines` are the others. `who` is the receiver, and `to` says so, and by
    when an answer is due. `command`
    or `link` is how to answer, empty where there is no case. `mentions` are the addresses of the receiver, as a kind of
    channel writes them.
    """

    id: str
    notice: Notice
    heading: str
    lines: tuple[str, ...]
    who: str
    to: str
    command: str
    link: str
    mentions: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """The severity of the notice."""
        return self.notice.severity


def briefs(
    notices: Iterable[tuple[str, Notice]], language: str, background: Background | None = None
) -> tuple[Brief, ...]:
    """Return notices, each with its id, as people read them in a language: the worst first, then the oldest.

    Who holds a role or belongs to a body is decided on the day of the newest notice.
    """
    known, found = background or Background(), list(notices)
    day = max((notice.on for _, notice in found), default=date.min)
    made = [_brief(name, notice, language, known, day) for name, notice in found]
    return tuple(
        sorted(made, key=lambda each: (-SEVERITIES.index(each.severity), each.notice.on, each.notice.case))
    )


def merged(made: Sequence[Brief]) -> tuple[Brief, ...]:
    """Return briefs for a message that all receivers read: who is only informed of a case joins those who are asked.

    The text of a notice names who else is informed, so a second one would repeat it.
    """
    asked = {_opening(each): each for each in reversed(made) if each.notice.kind != "informed"}
    found: dict[str, Brief] = {}
    for brief in made:
        main = asked.get(_opening(brief)) if brief.notice.kind == "informed" else None
        if main is None:
            found[brief.id] = brief
        else:
            known = found.get(main.id, main)
            mentions = tuple(dict.fromkeys((*known.mentions, *brief.mentions)))
            found[main.id] = replace(known, mentions=mentions)
    return tuple(found[each.id] for each in made if each.id in found)


def _opening(brief: Brief) -> tuple[object, ...]:
    """The case, the round and the day of a notice; without a case, the notice itself."""
    notice = brief.notice
    return (notice.case, notice.round, notice.on) if notice.case else (brief.id,)


def headline(made: Sequence[Brief], language: str, background: Background | None = None) -> str:
    """Return what a message is about in one line: the agreement, and how many notices of which severity it has."""
    counts = []
    for severity in reversed(SEVERITIES):
        number = sum(each.severity == severity for each in made)
        if number:
            word = text(f"assessment.terms.{severity}", language)
            counts.append(text("notify.count", language, number=number, severity=word))
    title = (background or Background()).title(language)
    listed = text("common.comma", language).join(counts)
    return text("notify.headline", language, title=title, counts=listed)


def _brief(name: str, notice: Notice, language: str, background: Background, day: date) -> Brief:
    who = background.receiver(notice.to, day, language)
    said = _clean(notice.text.in_language(language), lines=True).split("\n")
    heading, *lines = [line.rstrip() for line in said if line.strip()] or [notice.rule]
    to = text("notify.for", language, who=who)
    by = "" if notice.by is None else text("cases.notice.by", language, by=notice.by)
    if by in lines:  # who and by when belong together
        lines.remove(by)
        to = text("notify.for-by", language, to=to, by=by)
    link = background.link.replace("{case}", notice.case) if background.link and notice.case else ""
    return Brief(
        id=name,
        notice=notice,
        heading=heading,
        lines=tuple(lines),
        who=who,
        to=to,
        command=_command(notice, background) if notice.case and not link else "",
        link=link,
        mentions=background.reached(notice.to, day),
    )


def _command(notice: Notice, background: Background) -> str:
    """The command that answers a notice, or shows its case where there is nothing to acknowledge."""
    asking = notice.by is not None and notice.kind in _ASKING
    words = ["ack", notice.case, "--by", notice.to] if asking else ["show", notice.case]
    store = background.store or "STORE"
    return " ".join(
        ["coopgov", "cases", *words, "--store", store if _PLAIN.fullmatch(store) else f"'{store}'"]
    )


def _clean(said: str, *, lines: bool = False) -> str:
    """A text of somebody else without control characters, and on one line unless it may have several."""
    plain = said.replace(PLACE[0], "").replace(PLACE[1], "")
    return visible(plain if lines else " ".join(plain.split()))

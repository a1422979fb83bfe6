"""Plays days of which a script says what each rule says, so that cases can be tried without facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from coopgov.assessment.assess import Assessor
from coopgov.cases.advance import advanced
from coopgov.cases.answer import answered
from coopgov.cases.observed import Observed, Seen
from coopgov.facts.subject import Subject
from coopgov.model import build_agreement
from coopgov.rules import Engine, load_rules
from coopgov.schema import FrozenMap, LocalText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.cases.change import Step
    from coopgov.cases.event import Event
    from coopgov.cases.observed import Key
    from coopgov.cases.texts import Told
    from coopgov.severities import Severity

__all__ = ["FIRST_DAY", "PEOPLE", "DayScript", "PlayedDay", "Seen", "played", "replied", "subjects_of"]

FIRST_DAY = date(2026, 6, 26)
"""The first day of scripts, a Friday; the Friday after it is a holiday, and the Sunday before that a working day."""
PEOPLE = ("pm", "tech", "finance", "comms", "joint-lead", "steering", "project-manager", "port", "university")
"""Who has a name in the agreement of scripts; of the roles, only the project manager is held."""
_AGREEMENT = {
    "coopgov": "agreement/1",
    "id": "scripted",
    "title": "Scripted days",
    "currency": "CNY",
    "calendar": {"weekend": ["saturday", "sunday"], "holidays": ["2026-07-03"], "working": ["2026-06-28"]},
    "term": {"start": "2026-01-01", "end": "2027-12-31"},
    "parties": [{"id": "port", "name": "Port"}, {"id": "university", "name": "University"}],
    "team": {
        "members": [
            {"id": "pm", "name": "PM", "party": "port", "role": "project-manager", "deputy": "tech"},
            {"id": "tech", "name": "Tech", "party": "university"},
            {"id": "finance", "name": "Finance", "party": "port"},
            {"id": "comms", "name": "Comms", "party": "university", "deputy": "tech"},
        ],
        "bodies": [
            {"id": "joint-lead", "name": "Joint leads", "members": ["pm", "comms"]},
            {"id": "steering", "name": "Steering committee", "members": ["finance", "comms"]},
        ],
    },
    "plans": [
        {
            "id": "night-shift",
            "answers": ["delay"],
            "title": "Second shift",
            "owner": "pm",
            "within": "3 days",
        },
        {"id": "trim-scope", "answers": ["delay"], "title": "Trim the scope"},
    ],
}


@dataclass(frozen=True, slots=True)
class DayScript:
    """What happens on a day: what rules say, new readings, waivers of the agreement, who is absent.

    `says` has what a rule says about a subject, by rule and subject. `reading` is the day of the newest reading,
    `waived` has last days of waivers, `absent` are members, `late` says that the data of the day came late, and `owner`
    is who owns each subject.
    """

    says: Mapping[Key, Seen]
    reading: date | None = None
    waived: Mapping[Key, date] = field(default_factory=FrozenMap)
    absent: frozenset[str] = frozenset()
    late: bool = False
    owner: str | None = None


def subjects_of(about: str) -> tuple[str, ...]:
    """The ids of the two subjects of a type that scripts are about."""
    return ("agreement",) if about == "agreement" else (f"{about}/one", f"{about}/two")


@cache
def _assessor(absent: frozenset[str]) -> Assessor:
    away = [{"from": "2026-01-01"}]
    team = _AGREEMENT["team"]
    members = [
        {**each, "absent": away} if each["id"] in absent else each
        for each in team["members"]  # type: ignore[index]  # a mapping, as written above
    ]
    agreement = build_agreement({**_AGREEMENT, "team": {**team, "members": members}})  # type: ignore[dict-item]
    return Assessor(agreement, _no_rules(), FIRST_DAY, "en")


@cache
def _no_rules() -> Engine:
    return Engine(load_rules())


@cache
def _subject(about: str, owner: str | None) -> Subject:
    return Subject(about.partition("/")[0], about, LocalText((("", about),)), (), {"owner": owner})


class PlayedDay(Observed):
    """A day as its script says it."""

    def __init__(self, engine: Engine, on: date, before: Cases, script: DayScript) -> None:
        assessor = _assessor(script.absent)
        super().__init__(assessor.agreement, engine, on, before)
        self.script = script
        abouts = {about for rule in self.rules.rules for about in subjects_of(rule.about)}
        self.__dict__.update(
            calendar=assessor.facts.calendar,
            holders=assessor.holders,
            warned={key: seen for key, seen in script.says.items() if seen.says in ("B", "P")},
            subjects={about: _subject(about, script.owner) for about in abouts},
        )

    def says(self, case: Case) -> Seen:
        """What the script says; a subject that it does not name is gone."""
        return self.script.says.get((case.rule, case.about), Seen("N"))

    def held(self, case: Case, band: Severity) -> Severity:  # noqa: ARG002  # a script knows no measure
        """The band."""
        return band

    def reading(self, about: str) -> date | None:  # noqa: ARG002
        """The reading of the script."""
        return self.script.reading

    def held_before(self, case: Case) -> bool:  # noqa: ARG002
        """Whether the data of the day came late."""
        return self.script.late

    def waived(self, case: Case) -> date | None:
        """The waiver of the script, if it is in force."""
        until = self.script.waived.get((case.rule, case.about))
        return until if until is not None and until >= self.on else None

    def wholes(self, about: str) -> Sequence[str]:
        """The subject, and the agreement."""
        return (about, "agreement")

    def datum_owner(self, case: Case) -> str:  # noqa: ARG002
        """One of the members."""
        return "comms"


def _text(_: Case, told: Told) -> LocalText:
    """A text with all that a notice says besides its fields, in a form for tests."""
    parts = {
        "action": "" if told.action is None else told.action.id,
        "no answer": ", ".join(told.silent),
        "others": ", ".join(told.others),
        "ended": told.ended or "",
    }
    said = "; ".join(f"{name}: {value}" for name, value in parts.items() if value)
    return LocalText((("", said or told.kind),))


def played(cases: Cases, engine: Engine, on: date, script: DayScript) -> Step:
    """Advance cases by a day of a script."""
    return advanced(cases, PlayedDay(engine, on, cases, script), _text)


def replied(cases: Cases, engine: Engine, event: Event, script: DayScript) -> Step:
    """Apply an event on a day of a script.

    Raises:
        RefusedEventError: it is not possible.
        UnknownCaseError: there is no such case.
    """
    return answered(cases, event, PlayedDay(engine, event.on, cases, script), _text)

"""One day of an agreement as the machines see it: what each rule says, who is there, which day is a working day.

What the assessment says is enough for most cases on most days. Facts are derived only when an open case needs more.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgov.assessment.actions import Active, Situation, actions_of
from coopgov.assessment.assess import Assessor
from coopgov.assessment.escalation import ladder_of, owner_of
from coopgov.assessment.missing_data import data_owner
from coopgov.assessment.result import worse
from coopgov.cases.case import Rung
from coopgov.facts.subject import day_after, without_gap
from coopgov.language.values import NOT_SET, missing
from coopgov.model import calendar_of
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coopgov.assessment.result import Assessment
    from coopgov.assessment.roles import Holders
    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.cases.words import Says
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement, WorkingCalendar
    from coopgov.rules import Action, Engine, Rule
    from coopgov.severities import Severity

__all__ = ["Observed", "Seen"]

Key = tuple[str, str]


class Seen(NamedTuple):
    """What a rule says about a subject: the severity of its band, where one holds."""

    says: Says
    severity: Severity | None = None


class Observed:
    """One day of an agreement; made from its assessment, or from nothing, which leaves out all texts."""

    def __init__(
        self,
        agreement: Agreement,
        engine: Engine,
        on: date,
        before: Cases,
        assessment: Assessment | None = None,
    ) -> None:
        self.agreement = agreement
        self.engine = engine
        self.rules = engine.rules
        self.settings = engine.rules.cases
        self.on = on
        self.before = before
        self.by_id: dict[str, Rule] = {rule.id: rule for rule in self.rules.rules}
        self.assessment = assessment
        self._searched = False

    @cached_property
    def warned(self) -> Mapping[Key, Seen]:
        """Each rule that holds for a subject, in band B or past."""
        if self.assessment is not None:
            hits = ((one.rule, one.about, one.past, one.severity) for one in self.assessment.warnings)
        else:
            found = self.searched.found
            hits = ((one.rule.id, one.subject.id, one.past, one.severity) for one in found)
        return {(rule, about): Seen("P" if past else "B", severity) for rule, about, past, severity in hits}

    @cached_property
    def unsure(self) -> frozenset[Key]:
        """Each rule that is undetermined for a subject."""
        unsure = self.searched.undecided if self.assessment is None else self.assessment.undetermined
        return frozenset((one.rule, one.about) for one in unsure)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days of the agreement."""
        if "_assessor" in self.__dict__:
            return self._assessor.facts.calendar
        return calendar_of(self.agreement)

    @cached_property
    def _assessor(self) -> Assessor:
        return Assessor(self.agreement, self.engine, self.on, "en", cases=self.before)

    @property
    def searched(self) -> Assessor:
        """The assessment in progress of this day, with all hits found but those about roles, which make no cases."""
        if not self._searched:
            self._searched = True
            self._assessor.decide()
            self.__dict__.pop("subjects", None)
        return self._assessor

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """All subjects of the day, by id."""
        return {subject.id: subject for subject in self._assessor.subjects()}

    # ---- what rules say

    def says(self, case: Case) -> Seen:
        """What the rule of a case says about its subject on this day."""
        hit = self.warned.get((case.rule, case.about))
        if hit is not None:
            return hit
        rule = self.by_id.get(case.rule)
        if rule is None:
            return Seen("N")
        subject = self._subject(rule, case.about)
        if subject is None or subject.about != rule.about:
            return Seen("N")
        return Seen(self._without_hit(rule, subject, case))

    def _without_hit(self, rule: Rule, subject: Subject, case: Case) -> Says:
        check = rule.check
        if check.ends is not None and self._value(check.ends, subject) is True:
            return "E"
        if check.where is not None and self._value(check.where, subject) in (False, NOT_SET):
            return "N"
        if (rule.id, subject.id) in self.unsure:
            return "U"
        if all(self._value(step.condition, subject) is NOT_SET for step in check.steps):
            return "N"
        return self._past_clear(rule, subject, case.severity)

    def _past_clear(self, rule: Rule, subject: Subject, severity: Severity) -> Says:
        left = [
            self._value(condition, subject)
            for each, condition in rule.clear.items()
            if worse(each) <= worse(severity)
        ]
        if False in left:
            return "H"
        return "U" if any(map(missing, left)) else "C"

    def held(self, case: Case, band: Severity) -> Severity:
        """The severity of a case of which a band holds: a worse one stays until the measure is past its `clear`."""
        rule = self.by_id[case.rule]
        between = SEVERITIES[SEVERITIES.index(band) + 1 : SEVERITIES.index(case.severity) + 1]
        kept = (each for each in reversed(between) if each in rule.clear)
        return next((each for each in kept if not self._left(rule, each, case.about)), band)

    def _left(self, rule: Rule, severity: Severity, about: str) -> bool:
        """Whether the measure is past the `clear` of a severity."""
        subject = self._subject(rule, about)
        return subject is not None and self._value(rule.clear[severity], subject) is True

    def _subject(self, rule: Rule, about: str) -> Subject | None:
        """A subject with what the formulas of a rule read: warnings too, if the rule is about warnings."""
        if rule.layer:
            self.searched  # noqa: B018  # it adds the warnings of lower layers
        return self.subjects.get(about)

    def _value(self, node: Any, subject: Subject) -> Any:
        return self._assessor.interpreter.value(node, subject.record)

    def reading(self, about: str) -> date | None:
        """The day of the newest reading of a KPI; None for any other subject, and for a KPI without readings."""
        subject = self.subjects.get(about)
        found: date | None = None if subject is None else without_gap(subject.record.get("value_on"))
        return found

    def held_before(self, case: Case) -> bool:
        """Whether the rule of a case holds on the day before, as the data are now: then its evidence came late."""
        before = self.on - timedelta(1)
        earlier = Assessor(self.agreement, self.engine, before, "en", cases=self.before)
        earlier.decide()
        return any((one.rule.id, one.subject.id) == (case.rule, case.about) for one in earlier.found)

    # ---- flags

    def waived(self, case: Case) -> date | None:
        """The last day of the agreement's waiver of a case that is in force; None without one."""
        return self._waivers.get((case.rule, case.about))

    @cached_property
    def _waivers(self) -> dict[Key, date]:
        found: dict[Key, date] = {}
        for each in self.agreement.waivers:
            key = each.rule, each.about
            if each.until >= self.on:
                found[key] = max(each.until, found.get(key, each.until))
        return found

    def wholes(self, about: str) -> Sequence[str]:
        """The ids of a subject and of all that it is a part of."""
        subject = self.subjects.get(about)
        return () if subject is None else self._assessor.wholes_of(subject)

    # ---- people

    def ladder(self, rule: str, severity: Severity, about: str) -> tuple[Rung, ...]:
        """The ladder that begins today, with its deadlines; without one, the subject's owner and no deadline."""
        found, subject = self.by_id.get(rule), self.subjects.get(about)
        rungs: list[Rung] = []
        by = self.on
        steps = () if found is None or subject is None else ladder_of(found, severity, subject, self.holders)
        for step in steps:
            by = day_after(by, step.within, self.calendar)
            rungs.append(Rung(step.to, str(step.within), by))
        return tuple(rungs) or (Rung(self.fallback(about), None, None),)

    @cached_property
    def holders(self) -> Holders:
        """Who holds each name on this day."""
        return self._assessor.holders

    def asks_each_party(self, case: Case) -> bool:
        """Whether each party must acknowledge a case."""
        rule = self.by_id.get(case.rule)
        return rule is not None and rule.acknowledge == "each party"

    def fallback(self, about: str) -> str:
        """Who hears of a case whose ladder has nobody: the owner of its subject, else the project manager."""
        subject = self.subjects.get(about)
        holders = self.holders
        return holders.of("project-manager") if subject is None else owner_of(subject, holders)

    def vacant(self, name: str) -> bool:
        """Whether nobody is there who has a name."""
        return self.holders.vacant(name)

    def receivers(self, name: str) -> tuple[str, ...]:
        """Who is notified instead of a name: itself, or the deputies where all who have it are absent."""
        holders = self.holders
        holding = holders.holding.get(name, [])
        if holding and all(each["absent"] is True for each in holding):
            return tuple(each.id for each in holders.stand_ins(name)) or (name,)
        return (name,)

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """All actions that can be recommended or agreed, by id."""
        found = actions_of(self.agreement, self.rules.actions, self.holders)
        return {each.id: each for each in reversed(found)}

    def recommended(self, rule: Rule) -> list[Action]:
        """The actions that a rule recommends, in the order of the situation."""
        return self._situation.ordered(rule)

    @cached_property
    def _situation(self) -> Situation:
        found = self.searched
        found.vacant_roles()  # a vacant role is a strain, too
        active = (
            Active(one.rule.kind, one.severity, None, over=False, message="")
            for one in found.found
            if not one.past
        )
        return Situation(found.facts, tuple(self.actions.values()), active, self.holders)

    def datum_owner(self, case: Case) -> str:
        """Who brings the data that a case lacks."""
        subject, facts = self.subjects.get(case.about), self._assessor.facts
        owner = subject and data_owner(subject, facts, self.actions.values(), self.holders)
        return owner or self.fallback(case.about)

"""Derives facts from an agreement and a date: every subject with its base facts, linked to its parents and parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, an_instance, checked, or_none
from coopgov.errors import AgreementError, UnknownNameError
from coopgov.facts.base.critical_path import put_floats
from coopgov.facts.base.evaluation import read_evaluation
from coopgov.facts.base.meetings import decisions_of, read_decision, read_meeting
from coopgov.facts.base.payments import payments_of, read_payment
from coopgov.facts.base.reports import read_report
from coopgov.facts.base.risks import read_agreement, read_plan, read_response, read_risk, read_waiver
from coopgov.facts.base.schedule import read_deliverable, read_link, read_milestone, read_phase, read_task
from coopgov.facts.base.targets import read_goal, read_kpi
from coopgov.facts.base.team import read_body, read_member
from coopgov.facts.catalogue import Catalogue
from coopgov.facts.custom import custom_value
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.facts.subject import Context, Path, Subject, called_subjects, without_gap
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.syntax import Name
from coopgov.language.values import missing
from coopgov.languages import LANGUAGES
from coopgov.locales import text
from coopgov.model import Agreement, WorkingCalendar, calendar_of, task_name
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.schema import MINOR_DIGITS, LocalText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgov.faults import Fault
    from coopgov.model import Waiver
    from coopgov.model.agreement import Agreement

__all__ = ["Facts", "derive"]


@dataclass(frozen=True, eq=False, repr=False)
class Facts:
    """The facts of an agreement on a date: its subjects by type, and what formulas about them need."""

    agreement: Agreement
    as_of: date
    catalogue: Catalogue
    subjects: Mapping[str, tuple[Subject, ...]]
    undated: tuple[str, ...]
    calendar: WorkingCalendar

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, Facts) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.agreement.id, self.as_of))

    def __repr__(self) -> str:
        return f"<Facts of {self.agreement.id} as of {self.as_of}>"

    @property
    def _identity(self) -> tuple[Agreement, date, Catalogue]:
        return self.agreement, self.as_of, self.catalogue

    @property
    def setting(self) -> Setting:
        """What evaluation shares across all subjects."""
        return Setting(
            self.as_of, self.calendar, self.agreement.currency, 10 ** MINOR_DIGITS[self.agreement.currency]
        )

    def subject(self, name: str) -> Subject:
        """Return the subject of a name such as `phase/setup`.

        Raises:
            UnknownNameError: the agreement has no such subject.
        """
        for subject in self.subjects.get(name.partition("/")[0], ()):
            if subject.id == name:
                return subject
        called = called_subjects(self)
        raise UnknownNameError("subject", name, [subject.id for subject in self], called)

    def value(self, subject: str, fact: str) -> Any:
        """Return the value of a fact: None if it is unknown or not set, money in minor units, dates as dates.

        Raises:
            UnknownNameError: the subject or fact does not exist.
        """
        found = self.subject(subject)
        kind = self.catalogue.type_of(found.about, fact)
        if kind is None:
            raise UnknownNameError("fact", fact, self.catalogue.names(found.about))
        if self.catalogue.definition(found.about, fact) is None:
            return without_gap(found.record.get(fact))
        value = Interpreter(self.catalogue, self.setting).value(
            Name(fact, about=found.about, type=kind), found.record
        )
        if missing(value):
            return None
        return date.fromordinal(int(value)) if kind.kind == "date" else value

    def __iter__(self) -> Iterator[Subject]:
        """Iterate over all subjects, the agreement first."""
        return (subject for group in self.subjects.values() for subject in group)


@checked(
    agreement=AN_AGREEMENT,
    as_of=a_day,
    catalogue=or_none(an_instance(Catalogue, "errors.expected.catalogue", "errors.hints.catalogue")),
)
def derive(agreement: Agreement, as_of: date, catalogue: Catalogue | None = None) -> Facts:
    """Read all base facts of an agreement as it was known on a date.

    Args:
        agreement: what was agreed and observed.
        as_of: the date; later observations are not visible.
        catalogue: the facts to read; by default, the shipped ones. Pass a rule set's catalogue to read custom values.

    Raises:
        AgreementError: a custom value does not fit the type that a rule file declares for it.

    >>> from datetime import date
    >>> from coopgov import derive, load_agreement
    >>> facts = derive(load_agreement("examples/pilot/agreement.yaml"), date(2026, 6, 30))
    >>> facts.value("phase/setup", "delay"), facts.value("phase/core", "actual_end")
    (20, None)
    """
    context = Context(agreement, as_of, calendar_of(agreement))
    catalogue = catalogue or default_catalogue()
    reader = _Reader(context, catalogue)
    subjects = reader.all()
    if reader.faults:
        raise AgreementError(reader.faults)
    undated = tuple(dict.fromkeys(context.undated))
    return Facts(agreement, as_of, catalogue, subjects, undated, context.calendar)


class _Reader:
    """Builds subjects top down, then links them.

    A record points to the record of its parent, so parents come first; collections point down and are filled in last.
    """

    def __init__(self, context: Context, catalogue: Catalogue) -> None:
        self.context = context
        self.agreement = context.agreement
        self.faults: list[Fault] = []
        self.customs = [fact for fact in catalogue.facts.values() if fact.custom]
        label = self.agreement.label
        self.whole = Subject(
            "agreement",
            "agreement",
            label,
            (),
            {"id": self.agreement.id, "name": str(label), "label": label},
            {},
            self.agreement,
        )
        read_agreement(self.whole, self.agreement, context)
        self._custom(self.whole)

    def all(self) -> dict[str, tuple[Subject, ...]]:
        agreement, team = self.agreement, self.agreement.team
        found: dict[str, tuple[Subject, ...]] = {"agreement": (self.whole,)}
        found["party"] = self._group("party", agreement.parties, ("parties",), None)
        found["member"] = self._group("member", team.members, ("team", "members"), read_member)
        found["body"] = self._group("body", team.bodies, ("team", "bodies"), read_body)
        found["meeting"] = self._group("meeting", agreement.meetings, ("meetings",), read_meeting)
        found["decision"] = tuple(
            decision for meeting in found["meeting"] for decision in self._decisions(meeting)
        )
        found["goal"] = self._group("goal", agreement.goals, ("goals",), read_goal)
        found["kpi"] = self._group("kpi", agreement.kpis, ("kpis",), read_kpi)
        found |= self._phases()
        found["report"] = self._group("report", agreement.reports, ("reports",), read_report)
        risks = self._group("risk", agreement.risks, ("risks",), read_risk)
        # A risk that was identified after the date does not exist yet, so no rule may count it.
        found["risk"] = tuple(
            risk for risk in risks if risk.part.on is None or risk.part.on <= self.context.as_of
        )
        found["response"] = tuple(
            response
            for risk in found["risk"]
            for response in self._group(
                "response", risk.part.responses, (*risk.path, "responses"), read_response, risk
            )
        )
        found["plan"] = self._group("plan", agreement.plans, ("plans",), read_plan)
        found["waiver"] = self._waivers()
        found["evaluation"] = self._evaluation()
        _link(self.whole, found)
        return found

    def _group(
        self,
        about: str,
        parts: Any,
        path: Path,
        read: Callable[..., None] | None,
        above: Subject | None = None,
    ) -> tuple[Subject, ...]:
        return tuple(
            self._subject(about, part, (*path, position), read, above) for position, part in enumerate(parts)
        )

    def _subject(
        self, about: str, part: Any, path: Path, read: Callable[..., None] | None, above: Subject | None
    ) -> Subject:
        prefix = f"{about}/{above.part.id}" if above else about
        record = {"id": part.id, "name": str(part.label), "label": part.label, "agreement": self.whole.record}
        subject = Subject(about, f"{prefix}/{part.id}", part.label, path, record, {}, part)
        if above:
            record[above.about] = above.record
        if read:
            read(subject, part, self.context)
        self._custom(subject)
        return subject

    def _decisions(self, meeting: Subject) -> list[Subject]:
        found = [
            self._subject("decision", taken, path, read_decision, meeting)
            for taken, path in decisions_of(meeting, self.context)
        ]
        meeting.record["decisions"] = [decision.record for decision in found]
        return found

    def _phases(self) -> dict[str, tuple[Subject, ...]]:
        phases = self._group("phase", self.agreement.phases, ("phases",), read_phase)
        below: dict[str, list[Subject]] = {"milestone": [], "deliverable": [], "task": [], "payment": []}
        readers: dict[str, Callable[..., None]] = {
            "milestone": read_milestone,
            "deliverable": read_deliverable,
            "task": read_task,
        }
        for position, phase in enumerate(phases):
            phase.put("position", position + 1)
            for about, read in readers.items():
                parts = getattr(phase.part, f"{about}s")
                children = self._group(about, parts, (*phase.path, f"{about}s"), read, phase)
                phase.record[f"{about}s"] = [child.record for child in children]
                below[about] += children
            below["payment"] += self._payments(phase)
        # Predecessors may be tasks of a later phase, so they are linked once all phases are read.
        tasks = {task.id.removeprefix("task/"): task for task in below["task"]}
        links: list[Subject] = []
        for task in below["task"]:
            home = task.id.split("/")[1]
            names = [task_name(home, link.task) for link in task.part.after]
            task.record["predecessors"] = [tasks[name].record for name in names]
            links += self._links(task, [tasks[name] for name in names])
        put_floats(below["task"], self.context.calendar)
        below["link"] = links
        return {"phase": phases, **{about: tuple(children) for about, children in below.items()}}

    def _links(self, task: Subject, predecessors: Sequence[Subject]) -> list[Subject]:
        """The links of a task to its predecessors, named like these and numbered."""
        found = []
        for position, (link, before) in enumerate(zip(task.part.after, predecessors, strict=True)):
            number = str(position + 1)
            record = {"id": number, "name": str(before.label), "label": before.label}
            record |= {"agreement": self.whole.record, "predecessors": [before.record]}
            name, path = f"link/{task.id.removeprefix('task/')}/{number}", (*task.path, "after", position)
            subject = Subject("link", name, before.label, path, record, {}, link)
            read_link(subject, link, self.context)
            found.append(subject)
        task.record["links"] = [link.record for link in found]
        return found

    def _payments(self, phase: Subject) -> list[Subject]:
        found = [
            self._subject("payment", each, (*phase.path, "spending", each.position), read_payment, phase)
            for each in payments_of(phase.part, self.context)
        ]
        phase.record["payments"] = [payment.record for payment in found]
        return found

    def _waivers(self) -> tuple[Subject, ...]:
        """Build waivers; of several for the same rule and subject, the one that lasts longest counts."""
        longest: dict[str, tuple[int, Waiver]] = {}
        for position, waiver in enumerate(self.agreement.waivers):
            name = f"{waiver.rule}@{waiver.about}"
            if name not in longest or longest[name][1].until < waiver.until:
                longest[name] = (position, waiver)
        found = []
        for name, (position, waiver) in longest.items():
            label = LocalText((("", name),))
            record = {"id": name, "name": name, "label": label, "agreement": self.whole.record}
            subject = Subject("waiver", f"waiver/{name}", label, ("waivers", position), record, {}, waiver)
            read_waiver(subject, waiver, self.context)
            found.append(subject)
        return tuple(found)

    def _evaluation(self) -> tuple[Subject, ...]:
        plan = self.agreement.evaluation
        if plan is None:
            return ()
        label = LocalText(tuple((tag, text("evaluation.title", tag)) for tag in LANGUAGES))
        record = {"id": "evaluation", "name": str(label), "label": label, "agreement": self.whole.record}
        subject = Subject("evaluation", "evaluation", label, ("evaluation",), record, {}, plan)
        read_evaluation(subject, plan, self.context)
        return (subject,)

    def _custom(self, subject: Subject) -> None:
        values = getattr(subject.part, "custom", {})
        for fact in self.customs:
            if fact.about == subject.about and fact.name in values:
                value = custom_value(self.agreement, subject, fact, self.faults)
                subject.put(fact.name, value, "custom", fact.name)


def _link(whole: Subject, found: Mapping[str, tuple[Subject, ...]]) -> None:
    """Fill in the collections of the agreement, goals, members, bodies and parties."""
    names = {"party": "parties", "body": "bodies"}
    for about, group in found.items():
        if about not in ("agreement", "waiver", "evaluation"):
            whole.record[names.get(about, f"{about}s")] = [subject.record for subject in group]
    kpis = {kpi.part.id: kpi.record for kpi in found["kpi"]}
    for goal in found["goal"]:
        goal.record["kpis"] = [kpis[name] for name in goal.part.kpis]
    members = {member.part.id: member for member in found["member"]}
    for body in found["body"]:
        body.record["members"] = [members[name].record for name in body.part.members]
    for party in found["party"]:
        party.record["members"] = [m.record for m in members.values() if m.part.party == party.part.id]
    for member in members.values():
        deputy = members.get(member.part.deputy)
        member.record["deputies"] = [] if deputy is None else [deputy.record]
        # An owner may be named by id or by role: a task of a role counts for every member that holds it.
        mine = (member.part.id, member.part.role)
        member.record["tasks"] = [
            task.record for task in found["task"] if task.part.owner in mine and task.part.owner
        ]

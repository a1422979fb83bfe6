"""Reads the base facts of all subjects of an agreement, on one date or on one date after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

from coopgov.facts.base.critical_path import put_floats
from coopgov.facts.base.evaluation import read_evaluation
from coopgov.facts.base.meetings import decisions_of, read_decision, read_meeting
from coopgov.facts.base.payments import payments_of, read_payment
from coopgov.facts.base.reports import read_report
from coopgov.facts.base.risks import read_agreement, read_plan, read_response, read_risk, read_waiver
from coopgov.facts.base.schedule import read_deliverable, read_link, read_milestone, read_phase, read_task
from coopgov.facts.base.targets import read_goal, read_kpi
from coopgov.facts.base.team import read_body, read_member
from coopgov.facts.custom import custom_value
from coopgov.facts.subject import Context, Path, Subject
from coopgov.languages import LANGUAGES
from coopgov.locales import text
from coopgov.model import calendar_of, task_name
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from coopgov.facts.catalogue import Catalogue
    from coopgov.faults import Fault
    from coopgov.model import Agreement, Waiver

    Read = Callable[[Subject, Any, Context], None]
    Parts = Callable[[Subject, Context], Iterable[tuple[Any, Path]]]

__all__ = ["Reader"]


@dataclass(slots=True)
class _Plan:
    """The tasks of all phases; the floats of all of them follow from which are cancelled."""

    tasks: list[Subject]
    doubtful: dict[tuple[str, Path], Subject]
    """The tasks that are cancelled on some date."""
    stale: bool = False
    until: list[int] = field(default_factory=list)
    """The next day on which one of these is read again, if there is one."""


def _plan_of(tasks: list[Subject]) -> _Plan:
    doubtful = (task for task in tasks if any(each.value == "cancelled" for each in task.part.status))
    return _Plan(tasks, {(task.about, task.path): task for task in doubtful})


def _payments(phase: Subject, context: Context) -> Iterator[tuple[Any, Path]]:
    for each in payments_of(phase.part, context):
        yield each, (*phase.path, "spending", each.position)


class Reader:
    """The subjects of an agreement with their base facts, as they were known on a date.

    They are built top down, then linked: a record points to the record of its parent, so parents come first;
    collections point down and are filled in last.

    `advance` goes on to a later date. It reads again only what is different then, which it knows in advance from the
    days that readers compare with the date; the records stay the same objects.
    """

    def __init__(self, agreement: Agreement, catalogue: Catalogue, as_of: date) -> None:
        self.agreement = agreement
        self.catalogue = catalogue
        self.as_of = as_of
        self.calendar = calendar_of(agreement)
        self.faults: list[Fault] = []
        self.until: dict[int, int] = {}
        """The number of the next day on which a record is different, by its identity; absent if it never is."""
        self.subjects: dict[str, tuple[Subject, ...]] = {}
        self._customs = [fact for fact in catalogue.facts.values() if fact.custom]
        self._undated: dict[tuple[str, Path], list[str]] = {}
        self._names: tuple[str, ...] | None = None
        self._known: dict[tuple[str, Path], Subject] = {}
        self._parts: dict[str, dict[str, list[Subject]]] = {"decision": {}, "payment": {}}
        """The parts that appear with time, by their type and by the id of the subject above."""
        self.todays: dict[int, tuple[dict[str, Any], list[str]]] = {}
        """The records some of whose facts are the date itself, with the names of these, by their identity."""
        self._again: list[tuple[int, int, Callable[[], None]]] = []
        """What to do again, with its day, in the order of the days."""
        self._number = count()
        self._own: dict[int, int] = {}
        """The next day on which facts of a record are different, by its identity."""
        self._more: dict[int, int] = {}
        """The next day on which a record has more parts, by its identity."""
        self._plan: _Plan | None = None
        label = agreement.label
        record = {"id": agreement.id, "name": str(label), "label": label}
        self.whole = Subject("agreement", "agreement", label, (), record, {}, agreement)
        self._context = Context(agreement, as_of, self.calendar)
        self._read(self.whole, read_agreement)
        self._all()

    @property
    def undated(self) -> tuple[str, ...]:
        """The undated values that hold on every date, each once."""
        if self._names is None:
            self._names = tuple(dict.fromkeys(name for names in self._undated.values() for name in names))
        return self._names

    def advance(self, as_of: date) -> None:
        """Go on to a later date."""
        self.as_of = as_of
        self._context = Context(self.agreement, as_of, self.calendar)
        while self._again and self._again[0][0] <= as_of.toordinal():
            heappop(self._again)[2]()
        if self._plan is not None and self._plan.stale:
            self._put_floats()
        for record, names in self.todays.values():
            record.update(dict.fromkeys(names, as_of))

    # when what is read is different -------------------------------------------------------------------------

    def _read(self, subject: Subject, read: Read | None) -> None:
        """Read the facts of a subject, and do so again on the next day on which one of them is different."""
        context, key = self._context, (subject.about, subject.path)
        subject.places.clear()
        if read:
            read(subject, subject.part, context)
        if self._customs:
            self._custom(subject)
        undated, todays = context.undated.copy(), context.todays.copy()
        context.undated.clear()
        context.todays.clear()
        if undated != self._undated.get(key, []):
            self._undated[key], self._names = undated, None
        if todays:
            self.todays[id(subject.record)] = subject.record, todays
        else:
            self.todays.pop(id(subject.record), None)
        self._schedule(self._own, subject, self._next_day(), partial(self._read, subject, read))
        if self._plan is not None and key in self._plan.doubtful:
            self._plan.stale = True

    def _next_day(self) -> int | None:
        """The next day on which something is different that the context was asked since this was last called."""
        day = min(self._context.ahead, default=None)
        self._context.ahead.clear()
        return None if day is None else day.toordinal()

    def _schedule(
        self, kind: dict[int, int], subject: Subject, day: int | None, again: Callable[[], None]
    ) -> None:
        """Note on which day something about a subject is different, and what to do then."""
        key = id(subject.record)
        if day is None and key not in kind:
            return
        kind.pop(key, None)
        if day is not None:
            kind[key] = day
            heappush(self._again, (day, next(self._number), again))
        self._note(subject)
        if kind is self._more:
            self._note(self.whole)

    def _note(self, subject: Subject) -> None:
        key = id(subject.record)
        days = [kind[key] for kind in (self._own, self._more) if key in kind]
        if subject is self.whole:
            days += self._more.values()
        if subject.about == "task" and self._plan is not None:
            days += self._plan.until
        if days:
            self.until[key] = min(days)
        else:
            self.until.pop(key, None)

    # subjects -----------------------------------------------------------------------------------------------

    def _all(self) -> None:
        agreement, team, found = self.agreement, self.agreement.team, self.subjects
        found["agreement"] = (self.whole,)
        found["party"] = self._group("party", agreement.parties, ("parties",), None)
        found["member"] = self._group("member", team.members, ("team", "members"), read_member)
        found["body"] = self._group("body", team.bodies, ("team", "bodies"), read_body)
        found["meeting"] = self._group("meeting", agreement.meetings, ("meetings",), read_meeting)
        for meeting in found["meeting"]:
            self._put_parts("decision", meeting, decisions_of, read_decision)
        self._gather("decision")
        found["goal"] = self._group("goal", agreement.goals, ("goals",), read_goal)
        found["kpi"] = self._group("kpi", agreement.kpis, ("kpis",), read_kpi)
        self._phases()
        found["report"] = self._group("report", agreement.reports, ("reports",), read_report)
        self._risks()
        found["plan"] = self._group("plan", agreement.plans, ("plans",), read_plan)
        found["waiver"] = self._waivers()
        found["evaluation"] = self._evaluation()
        self._link()

    def _group(
        self, about: str, parts: Any, path: Path, read: Read | None, above: Subject | None = None
    ) -> tuple[Subject, ...]:
        return tuple(
            self._subject(about, part, (*path, position), read, above) for position, part in enumerate(parts)
        )

    def _subject(
        self, about: str, part: Any, path: Path, read: Read | None, above: Subject | None
    ) -> Subject:
        known = self._known.get((about, path))
        if known is not None:
            return known
        prefix = f"{about}/{above.part.id}" if above else about
        record = {"id": part.id, "name": str(part.label), "label": part.label, "agreement": self.whole.record}
        if above:
            record[above.about] = above.record
        return self._made(Subject(about, f"{prefix}/{part.id}", part.label, path, record, {}, part), read)

    def _made(self, subject: Subject, read: Read | None) -> Subject:
        self._known[subject.about, subject.path] = subject
        self._read(subject, read)
        return subject

    def _put_parts(self, about: str, above: Subject, parts: Parts, read: Read) -> None:
        """Give a subject its parts of a type up to the date, and do so again on the day of the next one."""
        there = list(parts(above, self._context))
        day = self._next_day()
        found = [self._subject(about, part, path, read, above) for part, path in there]
        above.record[f"{about}s"] = [part.record for part in found]
        self._parts[about][above.id] = found
        if about in self.subjects:
            self._gather(about)
        again = partial(self._put_parts, about, above, parts, read)
        self._schedule(self._more, above, day, again)

    def _gather(self, about: str) -> None:
        """Gather the parts of a type from all subjects that have some."""
        self.subjects[about] = tuple(part for parts in self._parts[about].values() for part in parts)
        self._list(about)

    def _list(self, about: str) -> None:
        """List the subjects of a type in the record of the agreement."""
        names = {"party": "parties", "body": "bodies"}
        records = [subject.record for subject in self.subjects[about]]
        self.whole.record[names.get(about, f"{about}s")] = records

    def _risks(self) -> None:
        """A risk that was identified after the date does not exist yet, so no rule may count it."""
        risks = self._group("risk", self.agreement.risks, ("risks",), read_risk)
        seen = tuple(risk for risk in risks if risk.part.on is None or self._context.seen(risk.part.on))
        day = self._next_day()
        self.subjects["risk"] = seen
        self.subjects["response"] = tuple(
            response
            for risk in seen
            for response in self._group(
                "response", risk.part.responses, (*risk.path, "responses"), read_response, risk
            )
        )
        self._list("risk")
        self._list("response")
        self._schedule(self._more, self.whole, day, self._risks)

    def _phases(self) -> None:
        phases = self._group("phase", self.agreement.phases, ("phases",), read_phase)
        below: dict[str, list[Subject]] = {"milestone": [], "deliverable": [], "task": []}
        readers: dict[str, Read] = {
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
            self._put_parts("payment", phase, _payments, read_payment)
        self.subjects |= {"phase": phases, **{about: tuple(children) for about, children in below.items()}}
        self._gather("payment")
        self.subjects["link"] = self._all_links()
        self._plan = _plan_of(below["task"])
        self._put_floats()

    def _all_links(self) -> tuple[Subject, ...]:
        """Link tasks to their predecessors, which may be tasks of a later phase."""
        tasks = {task.id.removeprefix("task/"): task for task in self.subjects["task"]}
        links: list[Subject] = []
        for task in self.subjects["task"]:
            home = task.id.split("/")[1]
            names = [task_name(home, link.task) for link in task.part.after]
            task.record["predecessors"] = [tasks[name].record for name in names]
            links += self._links(task, [tasks[name] for name in names])
        return tuple(links)

    def _links(self, task: Subject, predecessors: Sequence[Subject]) -> list[Subject]:
        """The links of a task to its predecessors, named like these and numbered."""
        found = []
        for position, (link, before) in enumerate(zip(task.part.after, predecessors, strict=True)):
            number = str(position + 1)
            record = {"id": number, "name": str(before.label), "label": before.label}
            record |= {"agreement": self.whole.record, "predecessors": [before.record]}
            name, path = f"link/{task.id.removeprefix('task/')}/{number}", (*task.path, "after", position)
            found.append(self._made(Subject("link", name, before.label, path, record, {}, link), read_link))
        task.record["links"] = [link.record for link in found]
        return found

    def _put_floats(self) -> None:
        """Record how long each task can slip; a task that is cancelled changes that of others."""
        assert self._plan is not None
        self._plan.stale = False
        put_floats(self._plan.tasks, self.calendar)
        if self._plan.doubtful:
            days = [self._own.get(id(task.record)) for task in self._plan.doubtful.values()]
            self._plan.until = [min(day for day in days if day)] if any(days) else []
            for task in self._plan.tasks:
                self._note(task)

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
            path = "waivers", position
            found.append(
                self._made(Subject("waiver", f"waiver/{name}", label, path, record, {}, waiver), read_waiver)
            )
        return tuple(found)

    def _evaluation(self) -> tuple[Subject, ...]:
        plan = self.agreement.evaluation
        if plan is None:
            return ()
        label = LocalText(tuple((tag, text("evaluation.title", tag)) for tag in LANGUAGES))
        record = {"id": "evaluation", "name": str(label), "label": label, "agreement": self.whole.record}
        subject = Subject("evaluation", "evaluation", label, ("evaluation",), record, {}, plan)
        return (self._made(subject, read_evaluation),)

    def _custom(self, subject: Subject) -> None:
        values = getattr(subject.part, "custom", {})
        for fact in self._customs:
            if fact.about == subject.about and fact.name in values:
                value = custom_value(self.agreement, subject, fact, self.faults)
                subject.put(fact.name, value, "custom", fact.name)

    def _link(self) -> None:
        """Fill in the collections of the agreement, goals, members, bodies and parties."""
        found = self.subjects
        for about in found:
            if about not in ("agreement", "waiver", "evaluation"):
                self._list(about)
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

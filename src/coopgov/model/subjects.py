"""Names every subject of an agreement, such as `phase/setup`, and finds its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.model.contents import Contents
    from coopgov.model.meetings import Meeting
    from coopgov.model.phases import Phase
    from coopgov.schema.problems import Path

__all__ = ["namespaces", "subjects"]


class _Part(Protocol):
    @property
    def id(self) -> str: ...


Entries = list[tuple[str, "Path"]]


def namespaces(agreement: Contents) -> Iterator[tuple[str, Entries]]:
    """Yield each namespace of subjects: the prefix of their names, then each id with its path."""
    team = ("team",)
    yield "party/", list(_listed(agreement.parties, ("parties",)))
    yield "member/", list(_listed(agreement.team.members, (*team, "members")))
    yield "body/", list(_listed(agreement.team.bodies, (*team, "bodies")))
    yield "meeting/", list(_listed(agreement.meetings, ("meetings",)))
    for position, meeting in enumerate(agreement.meetings):
        yield f"decision/{meeting.id}/", list(_decisions(meeting, ("meetings", position)))
    yield "goal/", list(_listed(agreement.goals, ("goals",)))
    yield "kpi/", list(_listed(agreement.kpis, ("kpis",)))
    yield "phase/", list(_listed(agreement.phases, ("phases",)))
    for position, phase in enumerate(agreement.phases):
        yield from _in_phase(phase, ("phases", position))
    yield "report/", list(_listed(agreement.reports, ("reports",)))
    yield "risk/", list(_listed(agreement.risks, ("risks",)))
    for position, risk in enumerate(agreement.risks):
        path = ("risks", position, "responses")
        yield f"response/{risk.id}/", list(_listed(risk.responses, path))
    yield "plan/", list(_listed(agreement.plans, ("plans",)))


def _decisions(meeting: Meeting, path: Path) -> Iterator[tuple[str, Path]]:
    """The decisions of all minutes of a meeting, which share one namespace."""
    for position, minutes in enumerate(meeting.minutes):
        yield from _listed(minutes.decisions, (*path, "minutes", position, "decisions"))


def _in_phase(phase: Phase, path: Path) -> Iterator[tuple[str, Entries]]:
    yield f"milestone/{phase.id}/", list(_listed(phase.milestones, (*path, "milestones")))
    yield f"deliverable/{phase.id}/", list(_listed(phase.deliverables, (*path, "deliverables")))
    yield f"task/{phase.id}/", list(_listed(phase.tasks, (*path, "tasks")))
    for position, task in enumerate(phase.tasks):
        after = (*path, "tasks", position, "after")
        yield f"link/{phase.id}/{task.id}/", [(str(at + 1), (*after, at)) for at, _ in enumerate(task.after)]
    payments = enumerate(phase.spending)
    yield f"payment/{phase.id}/", [(str(at + 1), (*path, "spending", at)) for at, _ in payments]


def _listed(parts: Iterable[_Part], path: Path) -> Iterator[tuple[str, Path]]:
    for position, part in enumerate(parts):
        yield part.id, (*path, position)


def subjects(agreement: Contents) -> Mapping[str, Path]:
    """Return the path of every subject by its name, such as `milestone/core/first-delivery`.

    The agreement itself is `agreement`, with an empty path; its evaluation is `evaluation`.
    """
    found: dict[str, Path] = {"agreement": ()}
    if agreement.evaluation is not None:
        found["evaluation"] = ("evaluation",)
    for prefix, entries in namespaces(agreement):
        found |= {prefix + name: path for name, path in entries}
    return found

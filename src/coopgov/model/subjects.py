"""Names every subject of an agreement, such as `phase/setup`, and finds its path."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.model.contents import Contents
    from coopgov.model.meetings import Meeting
    from coopgov.model.phases import Phase
    from coopgov.schema.problems import Path

__all__ = ["namespaces", "subjects"]


class _Part(Protocol):
    @property
    def id(self) -> str: ...


Namespace = tuple[str, list[str], "Iterator[Path]"]
"""A prefix of names, such as `milestone/core/`, the ids that follow it, and their paths, made when they are needed."""


def namespaces(agreement: Contents, *, numbered: bool = False) -> Iterator[Namespace]:
    """Yield each namespace of subjects; with `numbered`, also those whose ids are numbers: links and payments."""
    team = ("team",)
    yield _listed("party/", agreement.parties, ("parties",))
    yield _listed("member/", agreement.team.members, (*team, "members"))
    yield _listed("body/", agreement.team.bodies, (*team, "bodies"))
    yield _listed("meeting/", agreement.meetings, ("meetings",))
    for position, meeting in enumerate(agreement.meetings):
        yield _decisions(meeting, ("meetings", position))
    yield _listed("goal/", agreement.goals, ("goals",))
    yield _listed("kpi/", agreement.kpis, ("kpis",))
    yield _listed("phase/", agreement.phases, ("phases",))
    for position, phase in enumerate(agreement.phases):
        path = ("phases", position)
        yield _listed(f"milestone/{phase.id}/", phase.milestones, (*path, "milestones"))
        yield _listed(f"deliverable/{phase.id}/", phase.deliverables, (*path, "deliverables"))
        yield _listed(f"task/{phase.id}/", phase.tasks, (*path, "tasks"))
        if numbered:
            yield from _numbered(phase, path)
    yield _listed("report/", agreement.reports, ("reports",))
    yield _listed("risk/", agreement.risks, ("risks",))
    for position, risk in enumerate(agreement.risks):
        yield _listed(f"response/{risk.id}/", risk.responses, ("risks", position, "responses"))
    yield _listed("plan/", agreement.plans, ("plans",))


def _listed(prefix: str, parts: Sequence[_Part], path: Path) -> Namespace:
    return prefix, [part.id for part in parts], _positions(len(parts), path)


def _positions(number: int, path: Path) -> Iterator[Path]:
    return ((*path, position) for position in range(number))


def _decisions(meeting: Meeting, path: Path) -> Namespace:
    """The decisions of all minutes of a meeting, which share one namespace."""
    minutes = [
        _listed("", each.decisions, (*path, "minutes", position, "decisions"))
        for position, each in enumerate(meeting.minutes)
    ]
    ids = [each for _, some, _ in minutes for each in some]
    return f"decision/{meeting.id}/", ids, chain.from_iterable(paths for _, _, paths in minutes)


def _numbered(phase: Phase, path: Path) -> Iterator[Namespace]:
    for position, task in enumerate(phase.tasks):
        links = len(task.after)
        after = (*path, "tasks", position, "after")
        yield f"link/{phase.id}/{task.id}/", _numbers(links), _positions(links, after)
    payments = len(phase.spending)
    yield f"payment/{phase.id}/", _numbers(payments), _positions(payments, (*path, "spending"))


def _numbers(most: int) -> list[str]:
    return [str(number + 1) for number in range(most)]


def subjects(agreement: Contents) -> Mapping[str, Path]:
    """Return the path of every subject by its name, such as `milestone/core/first-delivery`.

    The agreement itself is `agreement`, with an empty path; its evaluation is `evaluation`.
    """
    found: dict[str, Path] = {"agreement": ()}
    if agreement.evaluation is not None:
        found["evaluation"] = ("evaluation",)
    for prefix, ids, paths in namespaces(agreement, numbered=True):
        found.update(zip(map(prefix.__add__, ids), paths, strict=True))
    return found

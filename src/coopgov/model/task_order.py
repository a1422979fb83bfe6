"""Checks task dependencies: every predecessor exists, and no task depends on itself."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from coopgov.faults import MOST_ALIKE, did_you_mean
from coopgov.locales import phrase, verbatim
from coopgov.schema.problems import Defect, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.locales import Phrase
    from coopgov.model.contents import Contents
    from coopgov.model.plan import Link
    from coopgov.schema.problems import Path

__all__ = ["order_faults", "task_name"]

Edge = tuple[str, "Link", int, int, int]
"""The full name of a predecessor, its link, and the positions of the phase, the task and the link."""


def task_name(phase: str, after: str) -> str:
    """Return the full name `phase/task` of a predecessor, as a task of the phase refers to it."""
    return after if "/" in after else f"{phase}/{after}"


def order_faults(agreement: Contents) -> Iterator[Defect]:
    """Find tasks whose predecessor is unknown, and tasks that depend on themselves, directly or through others."""
    edges = _edges(agreement)
    unknown = (edge for waiting in edges.values() for edge in waiting if edge[0] not in edges)
    for number, edge in enumerate(unknown):
        name, written = edge[0], edge[1].task
        known = (
            [full.removeprefix(name.removesuffix(written)) for full in edges] if number < MOST_ALIKE else []
        )
        expected = phrase("model.unknown-task.expected")
        yield Defect(_path(edge), "unknown-task", quoted(written), expected, did_you_mean(written, known))
    yield from islice(_circles(edges), MOST_ALIKE)


def _edges(agreement: Contents) -> dict[str, list[Edge]]:
    edges: dict[str, list[Edge]] = {}
    for at, phase in enumerate(agreement.phases):
        for position, task in enumerate(phase.tasks):
            waiting = edges.setdefault(f"{phase.id}/{task.id}", [])
            for number, link in enumerate(task.after):
                waiting.append((task_name(phase.id, link.task), link, at, position, number))
    return edges


def _path(edge: Edge) -> Path:
    """The path of the name of a predecessor; a bare id has no key."""
    _, link, phase, task, number = edge
    key = ("task",) if link.model_fields_set - {"task"} else ()
    return ("phases", phase, "tasks", task, "after", number, *key)


def _circles(edges: dict[str, list[Edge]]) -> Iterator[Defect]:
    """Walk every task's predecessors depth first, without recursion; an edge back into the walk closes a cycle."""
    done: set[str] = set()
    for start, first in edges.items():
        trail: dict[str, Iterator[Edge]] = {} if start in done else {start: iter(first)}
        while trail:
            last = next(reversed(trail))
            edge = next(trail[last], None)
            name = edge and edge[0]
            if edge is None:
                done.add(last)
                del trail[last]
            elif name in trail:
                expected = phrase("model.task-circle.expected")
                yield Defect(_path(edge), "task-circle", _circle(list(trail), name), expected)
            elif name in edges and name not in done:
                trail[name] = iter(edges[name])


def _circle(trail: list[str], name: str) -> Phrase:
    circle = [*trail[trail.index(name) :], name]
    *others, last = circle if len(circle) < 8 else [*circle[:6], "…", name]
    tasks = verbatim(last)
    for task in reversed(others):
        tasks = phrase("model.task-circle.after", task=task, others=tasks)
    return phrase("model.task-circle.found", tasks=tasks)

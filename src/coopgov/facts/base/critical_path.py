"""Total floats of tasks: by how many working days each can slip before the last task of the plan ends later.

The critical path method's backward pass (Kelley and Walker, 1959), over the planned days of tasks that are not
cancelled, with all four types of links and their lags. Forecasts and actual days do not count, only the plan does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING

from coopgov.facts.subject import plain_number
from coopgov.language.host_values import Gap
from coopgov.model import task_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.facts.subject import Subject
    from coopgov.model import Link, WorkingCalendar

__all__ = ["put_floats"]

_ANCHOR = date(1970, 1, 1)


@dataclass(slots=True)
class _Node:
    """A scheduled task: the numbers of its first and last working day, and what waits for it."""

    first: int
    last: int
    successors: list[tuple[str, Link]] = field(default_factory=list)
    latest: Decimal | None = None

    @property
    def length(self) -> int:
        """Its working days, at least one."""
        return max(1, self.last - self.first + 1)


def put_floats(tasks: Sequence[Subject], calendar: WorkingCalendar) -> None:
    """Record the total float of each task, unknown for one that is not scheduled, and the numbers of its links."""
    named = {task.id.removeprefix("task/"): task for task in tasks}
    links = [
        (task_name(name.split("/")[0], link.task), name, link)
        for name, task in named.items()
        for link in task.part.after
    ]
    plan = _Plan({name: node for name, task in named.items() if (node := _node(task, calendar))}, calendar)
    plan.link(links)
    after = Counter(before for before, _, _ in links)
    for name, task in named.items():
        found = plan.float_of(name)
        task.record["total_float"] = Gap.UNSTATED if found is None else plain_number(found)
        task.record["predecessor_links"] = len(task.part.after)
        task.record["successor_links"] = after[name]


def _node(task: Subject, calendar: WorkingCalendar) -> _Node | None:
    start, end = task.record["planned_start"], task.record["planned_end"]
    if not (isinstance(start, date) and isinstance(end, date)) or task.record["status"] == "cancelled":
        return None
    first = calendar.count(_ANCHOR, start) + (0 if calendar.is_working(start) else 1)
    return _Node(first, calendar.count(_ANCHOR, end))


@dataclass(slots=True)
class _Plan:
    """The scheduled tasks by name."""

    nodes: dict[str, _Node]
    calendar: WorkingCalendar

    def link(self, links: Iterable[tuple[str, str, Link]]) -> None:
        """Take up the links, and find the latest finish of every task."""
        for before, name, link in links:
            if before in self.nodes and name in self.nodes:
                self.nodes[before].successors.append((name, link))
        end = Decimal(max((node.last for node in self.nodes.values()), default=0))
        for start in self.nodes:
            self._settle(start, end)

    def _settle(self, start: str, end: Decimal) -> None:
        """Find latest finishes depth first, without recursion; tasks never wait for themselves."""
        stack = [start]
        while stack:
            node = self.nodes[stack[-1]]
            waiting = [name for name, _ in node.successors if self.nodes[name].latest is None]
            if node.latest is None and waiting:
                stack += waiting
                continue
            stack.pop()
            if node.latest is None:
                node.latest = min([end, *(self._bound(node, *each) for each in node.successors)])

    def _bound(self, node: _Node, name: str, link: Link) -> Decimal:
        """The latest finish of a task that a successor allows."""
        after = self.nodes[name]
        assert after.latest is not None
        begins = after.latest - after.length + 1
        reference = begins if link.type in ("FS", "SS") else after.latest
        latest = self._before(link, reference, 1 if link.type == "FS" else 0)
        return latest if link.type in ("FS", "FF") else latest + node.length - 1

    def _before(self, link: Link, reference: Decimal, gap: int) -> Decimal:
        """The number of the working day that is the lag of a link and a gap before another one."""
        if link.lag is None or link.lag.unit == "working days":
            return reference - gap - (link.lag.value if link.lag else 0)
        try:
            day = self.calendar.add(_ANCHOR, floor(reference)) - timedelta(floor(link.lag.value) + gap)
            return Decimal(self.calendar.count(_ANCHOR, day))
        except OverflowError:  # longer than the calendar
            return reference - gap - link.lag.value

    def float_of(self, name: str) -> Decimal | None:
        """The total float of a task; None for one that is not scheduled."""
        node = self.nodes.get(name)
        return None if node is None or node.latest is None else node.latest - max(node.last, node.first)

"""The facts of an agreement that people can change, each with its limits and the facts that follow from it.

There are two sorts: what is *done* or observed (an end, a reading, spending), and what was *agreed* (a planned end, a
budget, a target). Names, positions, baselines and other history are excluded, because nobody can change them. Existing
entries are never removed: an owner can be named, but a deputy is not dismissed to silence a warning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coopgov.counterfactual.rational_forms import Former
from coopgov.counterfactual.variable import Variable, as_value
from coopgov.explanation.dependents import Dependents, follows
from coopgov.language import syntax as s
from coopgov.language.extents import ANY
from coopgov.language.residual import Residual
from coopgov.language.types import TRUTH
from coopgov.language.values import NOT_SET, missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.counterfactual.variable import Point
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.language.extents import Extent
    from coopgov.language.interpreter import Interpreter

__all__ = ["Lever", "levers_of"]

_DONE: Mapping[str, tuple[str, ...]] = {
    "phase": ("actual_end", "actual_start", "forecast_end", "spent", "forecast_cost", "has_owner"),
    "milestone": ("met", "status", "has_owner"),
    "deliverable": ("delivered", "accepted", "has_owner"),
    "task": ("actual_end", "actual_start", "forecast_end", "status", "progress", "has_owner"),
    "goal": ("missing_signatures", "has_owner", "has_reason", "has_relevance"),
    "kpi": ("value", "value_on", "has_owner", "has_source"),
    "member": ("has_deputy",),
    "body": ("last_held",),
    "meeting": ("last_held", "without_minutes"),
    "decision": ("done", "has_owner"),
    "report": ("first_signed", "missing_signatures"),
    "response": ("last_held", "has_owner"),
    "risk": ("status", "probability", "impact", "responses", "has_owner"),
    "role": ("vacant",),
    "agreement": ("has_chair",),
}
_AGREED: Mapping[str, tuple[str, ...]] = {
    "phase": ("planned_end", "planned_start", "budget", "has_buffer"),
    "milestone": ("due",),
    "deliverable": ("due",),
    "task": ("planned_end", "planned_start", "load"),
    "goal": ("due", "has_due"),
    "decision": ("due",),
    "report": ("due",),
    "kpi": ("target", "target_by", "floor"),
    "member": ("load",),
    "meeting": ("length",),
    "risk": ("review_by",),
    "waiver": ("until",),
    "agreement": ("answered_kinds", "end"),
}
_FIRST_TIME = frozenset({"forecast_end", "forecast_cost", "probability", "impact", "progress"})
"""Settings that people make as the work goes on; a change may also set them for the first time."""

_LIMITS: Mapping[str, tuple[tuple[str | int, ...], tuple[str | int, ...]]] = {
    "actual_start": ((), ("actual_end", "as_of")),
    "actual_end": (("actual_start",), ("as_of",)),
    "forecast_end": (("actual_start", "as_of"), ()),
    "met": ((), ("as_of",)),
    "delivered": ((), ("accepted", "as_of")),
    "accepted": (("delivered",), ("as_of",)),
    "value_on": (("value_on",), ("as_of",)),
    "last_held": (("last_held",), ("as_of",)),
    "done": (("on",), ("as_of",)),
    "first_signed": ((), ("first_signed", "as_of")),
    "without_minutes": ((0,), ("times_held",)),
    "planned_start": ((), ("planned_end",)),
    "planned_end": (("planned_start",), ()),
    "target_by": (("baseline_on",), ()),
    "end": (("start",), ()),
    "spent": ((0,), ()),
    "forecast_cost": ((0,), ()),
    "budget": ((0,), ()),
    "progress": ((0,), (1,)),
    "probability": ((0,), (1,)),
    "impact": ((1,), (5,)),
    "load": ((0,), ()),
    "length": ((0,), ()),
    "responses": ((0,), ()),
    "missing_signatures": ((0,), ("parties",)),
}
"""The lower and upper limits of each fact: other facts of the subject, the date, or numbers."""


_LAST_DAY = date.max.toordinal()
_A_YEAR = 365
_MOST_SHARED = 1000
"""The number of levers to remember, with all that is known of them."""
_TOO_LARGE = 10**30
_YARDSTICKS: Mapping[str, tuple[str, ...]] = {"target": ("baseline",), "floor": ("target",)}
_ONLY: Mapping[str, bool] = {
    "has_owner": True, "has_deputy": True, "has_source": True, "has_buffer": True, "has_chair": True,
    "has_due": True, "has_reason": True,
    "has_relevance": True, "vacant": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """One fact of a subject that people can change.

    `agreed` separates what was agreed from what is done. `absent` says that the fact has no value yet, and `links` are
    the facts that follow from it, unless nothing reads them.
    `former` and `residual` have what is known of conditions that read them.
    """

    subject: Subject
    variable: Variable
    agreed: bool
    custom: bool
    absent: bool
    links: Dependents | None
    former: Former
    residual: Residual
    moved: dict[Any, list[Any]] = field(default_factory=dict)
    """The values of the fact and of its links for the values that have been supposed."""

    @property
    def fact(self) -> str:
        """The name of the fact."""
        return self.variable.name

    def allows(self, point: Point) -> bool:
        """Whether the model and common sense allow a value, and it differs from the present one."""
        if not self.absent and point == self.variable.near:
            return False
        if isinstance(point, Fraction):
            if not (
                1 <= point <= _LAST_DAY if self.variable.type.kind == "date" else abs(point) < _TOO_LARGE
            ):
                return False
            low, high = self.variable.low, self.variable.high
            return (low is None or low <= point) and (high is None or point <= high)
        if isinstance(point, bool):
            return _ONLY.get(self.fact, point) is point
        if isinstance(point, tuple):
            return isinstance(self.variable.near, tuple) and len(point) > len(self.variable.near)
        return self.subject.about != "task" or self.fact != "status" or self._follows_dates(point)

    def _follows_dates(self, status: str) -> bool:
        """Whether the status follows from visible dates, which outweigh a written one."""
        record = self.subject.record
        return record["actual_end"] is None and (record["actual_start"] is None or status != "not started")

    def values(self, value: Any) -> list[Any]:
        """The values of the fact and of its links if the fact has this value."""
        found = self.moved.get(value)
        if found is None:
            found = self.moved[value] = [value, *(self.links.values(value) if self.links else ())]
        return found

    @property
    def whole(self) -> Fraction | None:
        """By how much the fact changes if it changes by 100 %; None if every change is one."""
        near, kind = self.variable.near, self.variable.type
        if self.absent or not isinstance(near, Fraction):
            return None
        if kind.kind == "date":
            return Fraction(_days_to_go_by(self.subject))
        if kind.kind == "number" and kind.percent:
            return Fraction(1)
        return abs(near) or None

    @property
    def extents(self) -> list[Extent]:
        """Between what the values of the fact and of its links can be; what was agreed changes by at most 100 %."""
        variable, whole = self.variable, self.whole if self.agreed else None
        least, most = (1, _LAST_DAY) if variable.type.kind == "date" else ANY
        lows, highs = [variable.low], [variable.high]
        if whole is not None and isinstance(variable.near, Fraction):
            lows, highs = [*lows, variable.near - whole], [*highs, variable.near + whole]
        low = max((as_value(each) for each in lows if each is not None), default=least)
        high = min((as_value(each) for each in highs if each is not None), default=most)
        return [
            (low, high) if isinstance(variable.near, Fraction) else ANY,
            *(ANY for _ in self.residual.facts[1:]),
        ]

    @property
    def searched(self) -> bool:
        """Whether changes must be searched for, because linked facts are computed in Python, not by a formula."""
        return self.links is not None and self.links.ordered


def _days_to_go_by(subject: Subject) -> int:
    """The length in days of the subject's own window, its phase's, the term, or a year: the first that is known."""
    record = subject.record
    window = record if "planned_start" in record else record.get("phase", {})
    term = record.get("agreement", record)
    for first, last in (
        (window.get("planned_start"), window.get("planned_end")),
        (term["start"], term["end"]),
    ):
        if first and last:
            days: int = (last - first).days
            return max(1, days)
    return _A_YEAR


def levers_of(
    reads: Iterable[tuple[Any, str, str]],
    subjects: Mapping[int, Subject],
    facts: Facts,
    interpreter: Interpreter,
    shared: dict[tuple[str, str, bool], Lever | None],
) -> tuple[Lever, ...]:
    """The levers that move the facts that were read, in that order; `subjects` are keyed by the id of their record.

    `shared` has the levers that other rules have used.
    """
    if len(shared) > _MOST_SHARED:
        shared.clear()
    known = tuple(read for read in reads if id(read[0]) in subjects)
    names = {(id(record), name) for record, _, name in known}
    found: dict[tuple[str, str], Lever | None] = {}
    for record, about, name in known:
        subject = subjects[id(record)]
        for fact in _moving(about, name, custom=facts.catalogue.existing(about, name).custom):
            if (subject.id, fact) not in found:
                linked = any((id(record), each) in names for each in follows(about, fact))
                key = (subject.id, fact, linked)
                if key not in shared:
                    shared[key] = _lever(subject, fact, facts, interpreter, linked=linked)
                found[subject.id, fact] = shared[key]
    return tuple(lever for lever in found.values() if lever is not None)


@lru_cache(maxsize=1024)
def _moving(about: str, name: str, *, custom: bool) -> tuple[str, ...]:
    """The facts that change a base fact: itself, or those it is computed from."""
    known = (*_DONE.get(about, ()), *_AGREED.get(about, ()))
    own = (name,) if name in known or custom else ()
    return (*own, *(fact for fact in known if name in follows(about, fact)))


def _lever(
    subject: Subject, fact: str, facts: Facts, interpreter: Interpreter, *, linked: bool
) -> Lever | None:
    """The editable fact of a name; None for a setting that is absent, unless people make it as the work goes on.

    None, too, for one that already has the only value that people give it.
    A fact that follows from it matters only if it is read, too.
    """
    value = _value(subject, fact, interpreter)
    if (value is NOT_SET and fact not in _FIRST_TIME) or (fact in _ONLY and value is _ONLY[fact]):
        return None
    variable = Variable.of(subject.record, subject.about, fact, interpreter)
    agreed = fact in _AGREED.get(subject.about, ())
    custom = facts.catalogue.existing(subject.about, fact).custom
    bounds = (None, None) if custom else _bounds(subject, fact, facts, interpreter)
    links = Dependents.of(subject, fact, facts) if linked else None
    variable = variable.within(*bounds)
    names = (fact, *(links.names if links else ()))
    residual = Residual([(subject.record, subject.about, name) for name in names], interpreter)
    former = Former(variable, interpreter)
    return Lever(subject, variable, agreed, custom, missing(value), links, former, residual)


def _value(subject: Subject, fact: str, interpreter: Interpreter) -> Any:
    kind = interpreter.definitions.declared(subject.about, fact)
    return interpreter.value(s.Name(fact, about=subject.about, type=kind), subject.record)


def _bounds(
    subject: Subject, fact: str, facts: Facts, interpreter: Interpreter
) -> tuple[Fraction | None, Fraction | None]:
    """The lowest and highest value that a fact may have.

    A target to reach is on the better side of the baseline, a target to hold on the worse side; a floor is on the
    worse side of the target.
    """
    below, above = _LIMITS.get(fact, ((), ()))
    if fact in _YARDSTICKS:
        up = subject.record["direction"] == "up"
        held = interpreter.value(s.Name("to_be_held", about="kpi", type=TRUTH), subject.record) is True
        better = fact == "target" and not held
        below, above = (_YARDSTICKS[fact], ()) if up is better else ((), _YARDSTICKS[fact])
    low, high = (_limits(side, subject, facts, interpreter) for side in (below, above))
    scale = getattr(subject.part, "scale", None)
    if fact in ("value", *_YARDSTICKS) and scale is not None:
        low, high = [*low, Fraction(scale.low)], [*high, Fraction(scale.high)]
    return max(low, default=None), min(high, default=None)


def _limits(
    side: tuple[str | int, ...], subject: Subject, facts: Facts, interpreter: Interpreter
) -> list[Fraction]:
    known = {"as_of": facts.as_of.toordinal(), "parties": len(facts.agreement.parties)}
    values = [
        known[each]
        if each in known
        else each
        if isinstance(each, int)
        else _value(subject, each, interpreter)
        for each in side
    ]
    return [Fraction(value) for value in values if not missing(value)]

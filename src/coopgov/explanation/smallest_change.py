"""Find the smallest change of one fact that would clear a warning, make it milder or trigger it; and what time will do.

Each fact that people can change (`editable_facts`) is varied by itself, all else being equal. The conditions are solved
for it (`counterfactual.crossings`), and the nearest value that can be written, is allowed and has the wanted outcome
is proposed. Nothing is proposed whose outcome has not been decided, as the interpreter decides it (`trial`). A fact
whose values, within their limits, cannot make a rule hold that does not hold now is not searched (`language.extents`).

Within one fact, the smallest change is the shortest distance. Between facts, what is done comes before what was agreed,
because moving the goalposts is the lesser remedy; then the smaller share comes first. The share is of the planned
window for days (of the term, if there is no window), of the present value for other numbers, the percentage points for
percentages; a first value, a text and a yes or no count as 100 %. A change of what was agreed by more than 100 % is no
remedy, nor is one that takes the subject out of the rule's `where`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from coopgov.backends.interpreter import decide
from coopgov.backends.ir import conditions
from coopgov.counterfactual.facts_of_records import base_facts
from coopgov.counterfactual.rational_forms import Former
from coopgov.counterfactual.variable import Variable, around
from coopgov.explanation.editable_facts import levers_of
from coopgov.explanation.trial import LeverTrial, Trial
from coopgov.language.dependencies import named_facts
from coopgov.language.residual import AS_OF, Residual
from coopgov.language.values import UNKNOWN
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.assessment.assess import Assessor
    from coopgov.counterfactual.variable import Point
    from coopgov.explanation.editable_facts import Lever
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule
    from coopgov.severities import Status

__all__ = ["Ground", "Shift", "ahead", "outcome", "shifts"]


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """A lever, its new value, and the outcome of the rule then: `clear` or a severity."""

    lever: Lever
    point: Point
    outcome: Status

    @property
    def gap(self) -> Fraction | None:
        """How much more than now; None if there is no value now, or it is no number or date."""
        near = self.lever.variable.near
        if self.lever.absent or not isinstance(self.point, Fraction) or not isinstance(near, Fraction):
            return None
        return self.point - near

    @property
    def size(self) -> Fraction:
        """How large the change is, as a share."""
        gap, whole = self.gap, self.lever.whole
        return Fraction(1) if gap is None or whole is None else abs(gap) / whole


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the explanations of one layer share: all subjects by the id of their record, and the levers so far.

    `read_below` has the facts that rules of lower layers read, if the layer reads their warnings.
    """

    subjects: Mapping[int, Subject]
    read_below: frozenset[tuple[str, str]]
    levers: dict[tuple[str, str, bool], Lever | None] = field(default_factory=dict)

    @classmethod
    def of(cls, layer: int, assessor: Assessor) -> Ground:
        """The ground for the rules of a layer, when the assessor has published it."""
        lower = [each for each in assessor.rules.rules if each.layer < layer]
        checks = (condition for each in lower for condition in conditions(each.check))
        read = frozenset(named_facts(checks, assessor.facts.catalogue))
        return cls({id(each.record): each for each in assessor.subjects()}, read)


def shifts(
    rule: Rule, subject: Subject, now: Status, assessor: Assessor, ground: Ground
) -> tuple[Shift, ...]:
    """The smallest change of each lever that clears a warning or makes it milder or, without a warning, triggers one.

    `now` is the outcome of the rule for the subject. For a rule about warnings, only facts that no rule below it reads
    are varied: others would change the warnings, too.
    """
    interpreter = assessor.interpreter
    reads = base_facts(conditions(rule.check), (subject.record,), interpreter)
    free = (read for read in reads if read[1:] not in ground.read_below)
    levers = levers_of(free, ground.subjects, assessor.facts, interpreter, ground.levers)
    found = [each for lever in levers for each in _nearest(lever, rule, subject, now)]
    order = [lever for agreed in (False, True) for lever in levers if lever.agreed is agreed]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                _rank(each.outcome) if now != "clear" else 0,
                each.lever.agreed,
                each.size,
                each.lever.subject is not subject,
                order.index(each.lever),
            ),
        )
    )


def ahead(rule: Rule, subject: Subject, now: Status, assessor: Assessor) -> tuple[date, Status] | None:
    """The first day on which the outcome will be worse than now, and how bad, if nothing more is done or observed.

    None for rules about warnings, which depend on what other rules will find.
    """
    interpreter, today = assessor.interpreter, assessor.facts.as_of
    worse = [step for step in rule.check.steps if _rank(step.severity) > _rank(now)]
    if rule.layer or not worse:
        return None
    trial = Trial(rule.check, subject, Residual([AS_OF], interpreter))
    spent = any(("phase", "spent") in interpreter.reads(each).facts for each in conditions(rule.check))
    later = today.toordinal(), date.max.toordinal()
    if not spent and not (trial.moves and trial.could_hold([later], len(worse))):
        return None
    variable = Variable.as_of(interpreter).within(Fraction(today.toordinal()), None)
    for day in _later_days(around(trial.crossings(Former(variable, interpreter)), variable.step), today):
        # crossings are where the outcome may change; only a trial knows whether it does, and for the worse
        moved = [day.toordinal()]
        then = outcome(rule, subject, _on(day, assessor)) if spent else trial.outcome(trial.values(moved))
        if _rank(then) > _rank(now):
            return day, then
    return None


def _later_days(points: tuple[Point, ...], today: date) -> Iterator[date]:
    for point in points:
        if isinstance(point, Fraction) and today.toordinal() < point <= date.max.toordinal():
            yield date.fromordinal(point.numerator)


def _on(day: date, assessor: Assessor) -> Interpreter:
    """The interpreter for a later day: a phase that has begun by then, without any spending, has unknown spending."""
    begun = [
        (phase.record, "phase", "spent", UNKNOWN)
        for phase in assessor.facts.subjects["phase"]
        if (start := phase.record["planned_start"]) and start <= day and not phase.record["payments"]
    ]
    return assessor.interpreter.supposing(*begun, as_of=day)


def outcome(rule: Rule, subject: Subject, interpreter: Interpreter) -> Status:
    """The outcome of a rule for a subject: a severity, `undetermined` or `clear` (also if it does not apply)."""
    hit, unsure = decide(rule.check, subject.record, interpreter)
    return hit[1] if hit else "undetermined" if unsure else "clear"


def _rank(severity: str) -> int:
    """How bad an outcome is; an undetermined one is never worse, and `_nearest` never takes it for an improvement."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def _nearest(lever: Lever, rule: Rule, subject: Subject, now: str) -> Iterator[Shift]:
    """The nearest values with a wanted outcome: the one that clears, and any milder one that is nearer."""
    trial = Trial(rule.check, subject, lever.residual)
    if not trial.moves or (now == "clear" and not trial.could_hold(lever.extents, len(rule.check.steps))):
        return
    moved = LeverTrial(lever, trial)
    milder: str | None = None
    for point in sorted(moved.points(), key=partial(_distance, lever)):
        values = moved.values(point)
        shift = Shift(lever, point, trial.outcome(values))
        if lever.agreed and (shift.size > 1 or trial.leaves_out(values)):
            continue
        then = shift.outcome
        if then == "undetermined":
            continue
        if then != now and "clear" in (then, now):
            yield shift
            return
        if _rank(then) < _rank(milder or now):
            milder = then
            yield shift


def _distance(lever: Lever, point: Point) -> Fraction:
    near = lever.variable.near
    if isinstance(point, Fraction) and isinstance(near, Fraction):
        return abs(point - near)
    return Fraction(1)

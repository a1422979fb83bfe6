"""Evaluates a cooperation in four dimensions, as it was known on a date."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, checked
from coopgov.evaluation.money import money_on
from coopgov.evaluation.places import at
from coopgov.evaluation.result import Dimension, Evaluation, Finance, Input, KpiResult, Total
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.model.evaluation import DIMENSIONS, EvaluationPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.evaluation.result import Rating
    from coopgov.model import Agreement, Kpi
    from coopgov.model.evaluation import KpiPlan, TeamPlan

    _Measured = tuple[Fraction | None, tuple[Input, ...], tuple[str, ...]]
    """The share of the goal that is reached, what it rests on, what is missing."""

__all__ = ["FEW_ANSWERS", "evaluate"]

FEW_ANSWERS = 5
"""A survey with fewer answers is marked."""
_ALL = 100


@checked(agreement=AN_AGREEMENT, as_of=a_day)
def evaluate(agreement: Agreement, *, as_of: date) -> Evaluation:
    """Evaluate a cooperation as its agreement asks for under `evaluation`, with what was known on a date.

    The score of a dimension is from 0 to 100: for efficiency and satisfaction the mean attainment of its KPIs (the
    change since the baseline, divided by the change to the target), for the team the share of positive answers divided
    by its target, for finance the gain of the profit divided by its target, else the ROI divided by its target. The
    total is the mean of the scores, weighted. What is missing is named, never guessed: the total is then a range.

    Args:
        agreement: the agreement.
        as_of: the date; readings, answers, benefits, costs and spending after it are not visible.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> evaluation = evaluate(load_agreement("examples/pilot/agreement.yaml"), as_of=date(2026, 6, 30))
    >>> next(each for each in evaluation.kpis if each.id == "satisfaction").attainment
    -1.0
    """
    plan = agreement.evaluation
    evaluator = _Evaluator(agreement, plan or EvaluationPlan.model_construct(), as_of)
    dimensions = tuple(evaluator.dimension(name) for name in DIMENSIONS)
    total = _total(evaluator.exact, dimensions)
    low, high = (evaluator.rating(each) for each in total)
    missing = tuple(each.id for each in dimensions if each.score is None and (each.weight or plan is None))
    marks = evaluator.ratings
    return Evaluation(
        agreement.id,
        as_of,
        dimensions,
        tuple(_before_and_after(kpi, as_of) for kpi in agreement.kpis),
        evaluator.finance,
        Total(float(total[0]), float(total[1]), missing),
        low if low == high else None,
        (float(marks.excellent), float(marks.good), float(marks.fair)),
    )


def _total(exact: dict[str, Fraction], dimensions: Sequence[Dimension]) -> tuple[Fraction, Fraction]:
    """The lowest and the highest possible total: missing dimensions at 0 and at 100."""
    weights = {each.id: Fraction(str(each.weight)) for each in dimensions}
    if not any(weights.values()):
        return Fraction(0), Fraction(_ALL)
    known = sum((exact[name] * weight for name, weight in weights.items() if name in exact), Fraction(0))
    unknown = sum((weight for name, weight in weights.items() if name not in exact), Fraction(0))
    return known, known + unknown * _ALL


class _Evaluator:
    """Computes exactly, with fractions: a share at its target is at its target."""

    def __init__(self, agreement: Agreement, plan: EvaluationPlan, as_of: date) -> None:
        self.agreement = agreement
        self.plan = plan
        self.as_of = as_of
        self.ratings = plan.ratings
        self.exact: dict[str, Fraction] = {}
        self.finance = Finance(agreement.currency)
        self.kpis = {kpi.id: kpi for kpi in agreement.kpis}

    def rating(self, score: Fraction) -> Rating:
        """The rating of a score."""
        marks = self.ratings
        names: tuple[tuple[Rating, Fraction], ...] = (
            ("excellent", Fraction(marks.excellent)),
            ("good", Fraction(marks.good)),
            ("fair", Fraction(marks.fair)),
        )
        return next((name for name, mark in names if score >= mark), "poor")

    def dimension(self, name: str) -> Dimension:
        """The score of a dimension, or what it lacks."""
        part = getattr(self.plan, name)
        if part is None:
            return Dimension(name, 0.0, None, None, (), (f"evaluation.{name}",))
        measures: Mapping[str, Callable[..., _Measured]] = {
            "efficiency": self._by_kpis,
            "satisfaction": self._by_kpis,
            "team": self._by_survey,
            "finance": self._by_money,
        }
        reached, inputs, missing = measures[name](part)
        if reached is None:
            return Dimension(
                name, float(part.weight), None, None, inputs, missing or (f"evaluation.{name}.kpis",)
            )
        score = min(max(reached, Fraction(0)), Fraction(1)) * _ALL
        self.exact[name] = score
        return Dimension(name, float(part.weight), float(score), self.rating(score), inputs, ())

    def _by_kpis(self, part: KpiPlan) -> _Measured:
        reached: list[Fraction] = []
        inputs: list[Input] = []
        missing: list[str] = []
        for id_ in part.kpis:
            kpi = self.kpis[id_]
            attained, position = _attainment(kpi, self.as_of), _newest(kpi, self.as_of)
            if position is not None:
                inputs.append(self._reading(kpi, position))
            if attained is None:
                missing.append(_lacking(kpi, position))
            else:
                reached.append(attained)
        mean = None if missing or not reached else sum(reached, Fraction(0)) / len(reached)
        return mean, tuple(inputs), tuple(missing)

    def _reading(self, kpi: Kpi, position: int) -> Input:
        reading = kpi.readings[position]
        path = ("kpis", self.agreement.kpis.index(kpi), "readings", position, "value")
        place = at(self.agreement, path)
        return Input(f"kpi/{kpi.id}", float(reading.value), kpi.unit or "", reading.on, place)

    def _by_survey(self, part: TeamPlan) -> _Measured:
        where = next(number for number, each in enumerate(self.agreement.surveys) if each.id == part.survey)
        survey = self.agreement.surveys[where]
        seen = [(each.on, number) for number, each in enumerate(survey.readings) if each.on <= self.as_of]
        if not seen:
            return None, (), (f"survey/{survey.id}.readings",)
        on, number = max(seen)
        answers = survey.readings[number]
        place = at(self.agreement, ("surveys", where, "readings", number, "positive"))
        note = "few answers" if answers.answers < FEW_ANSWERS else ""
        counted = Input(f"survey/{survey.id}", float(answers.answers), "answers", on, place, note)
        if answers.answers == 0:
            return None, (counted,), (f"survey/{survey.id}.answers",)
        share = Fraction(answers.positive, answers.answers)
        inputs = (Input(f"survey/{survey.id}", float(share), "", on, place, note), counted)
        return share / Fraction(part.target), inputs, ()

    def _by_money(self, _: object) -> _Measured:
        assert self.plan.finance is not None
        money = money_on(self.agreement, self.plan.finance, self.as_of)
        self.finance = money.figures
        return money.reached, money.inputs, money.missing


def _newest(kpi: Kpi, as_of: date) -> int | None:
    seen = [(each.on, position) for position, each in enumerate(kpi.readings) if each.on <= as_of]
    return max(seen)[1] if seen else None


def _attainment(kpi: Kpi, as_of: date) -> Fraction | None:
    """The share of the way from the baseline to the target; the same for both directions."""
    position = _newest(kpi, as_of)
    if position is None or kpi.baseline is None or kpi.target is None:
        return None
    before, goal = Fraction(kpi.baseline.value), Fraction(kpi.target.value)
    return None if before == goal else (Fraction(kpi.readings[position].value) - before) / (goal - before)


def _lacking(kpi: Kpi, position: int | None) -> str:
    """The datum without which the attainment of a KPI is undetermined."""
    if position is None:
        return f"kpi/{kpi.id}.readings"
    if kpi.baseline is None:
        return f"kpi/{kpi.id}.baseline"
    return f"kpi/{kpi.id}.target"


def _before_and_after(kpi: Kpi, as_of: date) -> KpiResult:
    position, attained = _newest(kpi, as_of), _attainment(kpi, as_of)
    improvement = None
    if position is not None and kpi.baseline is not None and kpi.baseline.value:
        before = Fraction(kpi.baseline.value)
        change = (Fraction(kpi.readings[position].value) - before) / abs(before)
        improvement = float(change if kpi.direction == "up" else -change)
    return KpiResult(kpi.id, improvement, None if attained is None else float(attained))

"""How the parties evaluate their cooperation, in four dimensions, and the surveys that they hold."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from coopgov.locales import phrase
from coopgov.model.dated import repeated_days
from coopgov.schema.base import Named, Part
from coopgov.schema.forms import POINT, ZERO
from coopgov.schema.problems import Defect, problem, problems, shown, written
from coopgov.schema.quantities import Cadence, Money, Portion, Share, parse_share, share_text
from coopgov.schema.scalars import POSITIVE, Count, Day, Identifier, Number, Parsed
from coopgov.schema.text import Text
from coopgov.schema.worded import Holder

__all__ = [
    "DIMENSIONS",
    "Answers",
    "CashFlow",
    "EvaluationPlan",
    "FinancePlan",
    "KpiPlan",
    "Profit",
    "ProfitReading",
    "Ratings",
    "Survey",
    "TeamPlan",
]

DIMENSIONS = ("efficiency", "finance", "satisfaction", "team")
"""The dimensions of an evaluation, in their order."""


def _parse_aim(value: object) -> Decimal:
    share = parse_share(value)
    if share <= 0:
        raise problem("out-of-range", shown(share_text(share)), phrase("model.evaluation.above-nothing"))
    return share


_NOTHING = rf"{ZERO}+({POINT}{ZERO}+)?\s*[%％]"
_AIM_SCHEMA = {
    "title": "Aim",
    "description": "A share above 0 %.",
    "type": "string",
    "pattern": rf"^\s*(?!{_NOTHING})({POSITIVE})\s*[%％]\s*$",
}
Aim = Annotated[Decimal, Parsed(_parse_aim, share_text, _AIM_SCHEMA)]
"""A share above 0 %, which something is divided by."""


class Answers(Part):
    """The answers to a survey on a day: how many there are, and how many of them are positive."""

    on: Day
    """The day on which the answers were counted."""
    answers: Count
    """The number of answers."""
    positive: Count
    """The number of positive answers."""

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        if self.positive > self.answers:
            expected = phrase("model.evaluation.positive", answers=self.answers)
            raise problem("out-of-range", shown(str(self.positive)), expected, at=("positive",))
        return self


class Survey(Named):
    """A survey, such as one of the members of the working group."""

    every: Cadence | None = None
    """How often it is held, such as 3 months."""
    owner: Holder | None = None
    source: Text | None = None
    """Where the answers come from, such as an online form."""
    readings: tuple[Answers, ...] = ()

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        days = [each.on for each in self.readings]
        if defects := list(repeated_days(days, "readings", "on", "one-reading")):
            raise problems(defects)
        return self


class KpiPlan(Part):
    """A dimension that KPIs measure: efficiency, or satisfaction."""

    kpis: tuple[Identifier, ...]
    """The ids of the KPIs."""
    weight: Portion
    """Its share of the total."""


class TeamPlan(Part):
    """The dimension of the team: the share of positive answers to a survey."""

    survey: Identifier
    """The id of the survey."""
    target: Aim
    """The share of positive answers to reach."""
    weight: Portion
    """Its share of the total."""


class CashFlow(Part):
    """A benefit or a cost on a day."""

    on: Day
    amount: Money
    kind: Literal["saving", "revenue"] | None = None
    """Whether a benefit is a saving or a revenue."""
    note: Text | None = None
    """What it was."""


class ProfitReading(Part):
    """The net profit of a year, as it was known on a day."""

    on: Day
    value: Money


class Profit(Part):
    """The net profit: its value before the cooperation, the gain to reach, and its readings."""

    baseline: Money
    """The net profit before the cooperation."""
    target: Aim
    """The gain to reach, as a share of the baseline."""
    readings: tuple[ProfitReading, ...] = ()


class _Costs:
    """Lets the word `phases` be written for costs that are the spending of the phases; this is the default."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"const": "phases"}, handler(core)]}


def _costs(value: object) -> object:
    text = written(value)
    if text is not None and text != "phases":
        raise problem("wrong-type", shown(value), phrase("model.evaluation.costs"))
    return None if text else value


class FinancePlan(Part):
    """The dimension of finance: benefits and costs, and what they should come to."""

    weight: Portion
    """Its share of the total."""
    benefits: tuple[CashFlow, ...] = ()
    costs: Annotated[tuple[CashFlow, ...] | None, BeforeValidator(_costs), _Costs()] = None
    """The costs, or `phases`: the spending of the phases."""
    profit: Profit | None = None
    discount: Share | None = None
    """The yearly rate at which later money is worth less."""
    roi_target: Aim | None = None
    """The return on investment to reach; it counts where there is no `profit`."""

    @model_validator(mode="after")
    def _can_be_discounted(self) -> Self:
        if self.discount is not None and self.discount <= -1:
            expected = phrase("model.evaluation.discount")
            raise problem("out-of-range", shown(share_text(self.discount)), expected, at=("discount",))
        return self


class Ratings(Part):
    """The scores from which a rating is given; below all of them, it is poor."""

    excellent: Number = Decimal(90)
    good: Number = Decimal(75)
    fair: Number = Decimal(60)

    @model_validator(mode="after")
    def _fall(self) -> Self:
        if not self.excellent > self.good > self.fair:
            found = shown(f"{self.excellent}, {self.good}, {self.fair}")
            raise problem("wrong-order", found, phrase("model.evaluation.ratings"))
        return self


class EvaluationPlan(Part):
    """How the cooperation is evaluated: up to four dimensions, whose weights sum to 100 %."""

    efficiency: KpiPlan | None = None
    finance: FinancePlan | None = None
    satisfaction: KpiPlan | None = None
    team: TeamPlan | None = None
    ratings: Ratings = Field(default_factory=Ratings.model_construct)
    """The scores from which a rating is given."""

    @model_validator(mode="after")
    def _weighs_all(self) -> Self:
        defects = list(self._weights())
        if defects:
            raise problems(defects)
        return self

    def _weights(self) -> Iterator[Defect]:
        weights = [each.weight for name in DIMENSIONS if (each := getattr(self, name)) is not None]
        total = sum(weights, Decimal(0))
        if total != 1:
            found = phrase("model.evaluation.weights.found", total=share_text(total))
            expected = phrase("model.evaluation.weights.expected")
            yield Defect((), "wrong-weights", found, expected, phrase("model.evaluation.weights.hint"))

"""The result of an evaluation as immutable values and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Dimension", "Evaluation", "Finance", "Input", "KpiResult", "Rating", "Total"]

Rating = Literal["excellent", "good", "fair", "poor"]
"""A rating; in Chinese 优, 良, 中, 差."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that a score rests on, and where in the agreement's file it is.

    `value` is in `unit`: a share where that is empty (0.9 is 90 %), else the unit of the KPI, a currency, or `answers`.
    `note` is `few answers` for a survey with fewer than 5.
    """

    id: str
    value: float
    unit: str
    on: date | None
    at: str | None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The input as JSON."""
        return {
            "id": self.id,
            "value": self.value,
            "unit": self.unit,
            "on": self.on and self.on.isoformat(),
            "at": self.at,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its score from 0 to 100, what it rests on, or the data that are missing.

    A dimension that the agreement does not evaluate has the weight 0 and is missing, too.
    """

    id: str
    weight: float
    score: float | None
    rating: Rating | None
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The dimension as JSON."""
        return {
            "id": self.id,
            "weight": self.weight,
            "score": self.score,
            "rating": self.rating,
            "inputs": [each.to_dict() for each in self.inputs],
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class KpiResult:
    """A KPI before and after.

    `improvement` is the change in the direction of the KPI, as a share of its baseline (from 5 to 3 days is 0.4);
    `attainment` is the share of the way to the target. Both are None where a value is missing or 0 divides.
    """

    id: str
    improvement: float | None
    attainment: float | None

    def to_dict(self) -> dict[str, Any]:
        """The KPI as JSON."""
        return {"id": self.id, "improvement": self.improvement, "attainment": self.attainment}


@dataclass(frozen=True, slots=True)
class Finance:
    """Money: sums in the agreement's currency, and the rates that follow from them; None where data are missing.

    `roi` is (benefits - costs) / costs; `profit_gain` the gain of the net profit as a share of its baseline; `npv`
    needs a discount; `payback` is the first day on which benefits have made up for costs. `because` says why there is
    no `irr`: `several rates` or `no change of sign`.
    """

    currency: str
    benefits: float | None = None
    costs: float | None = None
    savings: float | None = None
    revenue: float | None = None
    roi: float | None = None
    profit_gain: float | None = None
    npv: float | None = None
    irr: float | None = None
    payback: date | None = None
    flows: tuple[float, ...] = ()
    because: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            "currency": self.currency,
            "benefits": self.benefits,
            "costs": self.costs,
            "savings": self.savings,
            "revenue": self.revenue,
            "roi": self.roi,
            "profit_gain": self.profit_gain,
            "npv": self.npv,
            "irr": self.irr,
            "payback": self.payback and self.payback.isoformat(),
            "flows": list(self.flows),
            "because": self.because,
        }


@dataclass(frozen=True, slots=True)
class Total:
    """The weighted mean of the scores; where a dimension is missing, from the lowest to the highest possible one."""

    low: float
    high: float
    missing: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """The score, if it is certain."""
        return None if self.missing else self.low


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation:
    """How good a cooperation is on a date, in four dimensions."""

    agreement: str
    as_of: date
    dimensions: tuple[Dimension, ...]
    kpis: tuple[KpiResult, ...]
    finance: Finance
    total: Total
    rating: Rating | None
    marks: tuple[float, float, float]
    """The scores from which a total is excellent, good and fair."""

    def dimension(self, name: str) -> Dimension:
        """The dimension with a name: efficiency, finance, satisfaction or team."""
        return next(each for each in self.dimensions if each.id == name)

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain Python objects, in the shape of the published JSON Schema."""
        total = self.total
        as_range = {"from": total.low, "to": total.high, "missing": list(total.missing)}
        return {
            "agreement": self.agreement,
            "as_of": self.as_of.isoformat(),
            "dimensions": [each.to_dict() for each in self.dimensions],
            "kpis": [each.to_dict() for each in self.kpis],
            "finance": self.finance.to_dict(),
            "total": as_range if total.missing else total.low,
            "rating": self.rating,
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The evaluation as JSON; the same evaluation gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def __repr__(self) -> str:
        total = self.total
        score = f"{total.low:g}" if total.score is not None else f"{total.low:g} to {total.high:g}"
        return f"<Evaluation {self.agreement} as of {self.as_of}: {score}, {self.rating or 'not rated'}>"

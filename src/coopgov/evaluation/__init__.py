"""The evaluation of a cooperation in four dimensions: efficiency, finance, satisfaction and team."""

from coopgov.evaluation.cash import irr, npv
from coopgov.evaluation.evaluate import evaluate
from coopgov.evaluation.result import Dimension, Evaluation, Finance, Input, KpiResult, Rating, Total

__all__ = [
    "Dimension",
    "Evaluation",
    "Finance",
    "Input",
    "KpiResult",
    "Rating",
    "Total",
    "evaluate",
    "irr",
    "npv",
]

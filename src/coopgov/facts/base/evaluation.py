"""Base facts of the evaluation: its scores, and the return on investment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.facts.base.table import WARNINGS, facts
from coopgov.language.host_values import Gap
from coopgov.model.evaluation import DIMENSIONS

if TYPE_CHECKING:
    from coopgov.facts.subject import Context, Subject
    from coopgov.model.evaluation import EvaluationPlan

__all__ = ["FACTS", "read_evaluation"]

FACTS = facts(
    "evaluation",
    ("id", "text"),
    ("name", "text"),
    ("roi", "percent?"),
    *((name, "points? [0..100]") for name in DIMENSIONS),
    ("score", "points [0..100]"),
    *WARNINGS,
)


def read_evaluation(subject: Subject, plan: EvaluationPlan, context: Context) -> None:
    """Record the scores; what the agreement does not evaluate is not set, and what lacks data is unknown."""
    from coopgov.evaluation import evaluate  # heavy, and few agreements are evaluated

    result = evaluate(context.agreement, as_of=context.for_today())
    for each in result.dimensions:
        part = getattr(plan, each.id)
        score: Any = Gap.UNSTATED if each.score is None and part is not None else each.score
        subject.put(each.id, score, each.id)
    roi: Any = result.finance.roi
    subject.put("roi", Gap.UNSTATED if roi is None and plan.finance is not None else roi, "finance")
    subject.put("score", result.total.score)
    subject.places["score"] = subject.path

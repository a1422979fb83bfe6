"""An evaluation in words: scores, ratings, and what is missing, with names instead of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import text

if TYPE_CHECKING:
    from coopgov.evaluation.result import Dimension, Evaluation
    from coopgov.model import Agreement

__all__ = ["dimension_name", "missing_text", "rating_text", "score_text", "total_text"]


def dimension_name(name: str, language: str) -> str:
    """The display name of a dimension."""
    return text(f"evaluation.dimensions.{name}", language)


def score_text(score: float) -> str:
    """A score with at most one decimal.

    >>> score_text(100.0), score_text(96.296)
    ('100', '96.3')
    """
    return f"{score:.1f}".removesuffix(".0")


def rating_text(rating: str | None, language: str) -> str:
    """A rating, or that there is none."""
    return text(f"evaluation.ratings.{rating}" if rating else "evaluation.not-rated", language)


def total_text(evaluation: Evaluation, language: str) -> str:
    """The total, or its range where a dimension is missing."""
    total = evaluation.total
    if total.score is not None:
        return text("evaluation.score", language, score=score_text(total.score))
    return text("evaluation.range", language, low=score_text(total.low), high=score_text(total.high))


def missing_text(agreement: Agreement, dimension: Dimension, language: str) -> str:
    """The data that a dimension lacks; empty if it has a score."""
    if not dimension.missing:
        return ""
    if dimension.missing == (f"evaluation.{dimension.id}",):
        return text("evaluation.not-agreed", language)
    names = {f"kpi/{kpi.id}": kpi.label for kpi in agreement.kpis}
    names |= {f"survey/{survey.id}": survey.label for survey in agreement.surveys}
    said = []
    for each in dimension.missing:
        subject, _, datum = each.rpartition(".")
        label = names.get(subject)
        name = label.in_language(language) if label else ""
        said.append(text(f"evaluation.lacking.{datum.replace('_', '-')}", language, name=name))
    if dimension.id == "finance" and len(said) > 1 and dimension.missing[-1].endswith("roi_target"):
        said = said[-1:]  # one target or the other is enough
    return text("evaluation.missing", language, what=text("common.comma", language).join(dict.fromkeys(said)))

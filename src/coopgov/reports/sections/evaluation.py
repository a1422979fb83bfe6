"""The evaluation in four dimensions, for agreements that evaluate their cooperation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from coopgov.charts import dimensions
from coopgov.evaluation import evaluate
from coopgov.evaluation.words import dimension_name, missing_text, rating_text, score_text, total_text
from coopgov.reports.document import Row, Strong, line
from coopgov.reports.sections.parts import cells, drawn, sentence, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.evaluation.result import Dimension
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block

__all__ = ["evaluation_blocks"]


def evaluation_blocks(context: Context) -> Iterator[Block]:
    """The scores and ratings, the total, and the chart; nothing if the agreement has no evaluation."""
    if context.agreement.evaluation is None:
        return
    result = evaluate(context.agreement, as_of=context.as_of)
    heads = (("dimension", 2.0), ("weight", 1.0), ("score", 1.0), ("rating", 1.4), ("missing", 3.6))
    yield table(context, "evaluation", heads, (_dimension(context, each) for each in result.dimensions))
    total, rating = total_text(result, context.language), rating_text(result.rating, context.language)
    yield sentence(Strong(context.phrased("results.total", total=total, rating=rating)))
    draw = partial(dimensions, result, context.agreement, language=context.language)
    yield drawn("dimensions", draw, 800.0)


def _dimension(context: Context, each: Dimension) -> Row:
    score = context.phrased("none") if each.score is None else score_text(each.score)
    rating = context.phrased("none") if each.rating is None else rating_text(each.rating, context.language)
    missing = missing_text(context.agreement, each, context.language) or context.phrased("none")
    return Row(
        cells(
            line(Strong(dimension_name(each.id, context.language))),
            context.share(each.weight),
            score,
            rating,
            missing,
        ),
        data=(("id", each.id), ("weight", each.weight), ("score", each.score)),
    )

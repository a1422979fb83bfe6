"""The risk register: its matrix, what is open, and what changed in the period."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from coopgov import charts
from coopgov.reports.document import Row
from coopgov.reports.sections.parts import cells, drawn, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block

__all__ = ["risk_blocks"]


def risk_blocks(context: Context) -> Iterator[Block]:
    """The matrix and the table, if there are risks."""
    risks = context.facts.subjects["risk"]
    if not risks:
        return
    heads = (
        ("risk", 4.0),
        ("exposure", 2.0),
        ("status", 1.4),
        ("owner", 2.6),
        ("review", 1.6),
        ("changed", 2.6),
    )
    yield table(context, "risks", heads, (_risk(context, each) for each in risks))
    if any(context.value(each.id, "status") != "closed" for each in risks):
        yield drawn(
            "matrix",
            partial(charts.matrix, context.agreement, as_of=context.as_of, language=context.language),
            760.0,
        )


def _risk(context: Context, risk: Subject) -> Row:
    probability, impact = context.value(risk.id, "probability"), context.value(risk.id, "impact")
    exposure = context.phrased("none")
    if probability is not None and impact is not None:
        exposure = context.phrased("risks.exposure", probability=context.share(probability), impact=impact)
    return Row(
        cells(
            context.name(risk.id),
            exposure,
            context.shown(risk, "status"),
            context.person(risk.part.owner),
            str(context.value(risk.id, "review_by") or context.phrased("none")),
            _changed(context, risk),
        ),
        risk.id,
        "risk",
        (("probability", probability), ("impact", impact), ("status", context.value(risk.id, "status"))),
    )


def _changed(context: Context, risk: Subject) -> str:
    """What is different from the last day before the period."""
    if context.earlier_facts is None:
        return context.phrased("none")
    old = {each.id for each in context.earlier_facts.subjects["risk"]}
    if risk.id not in old:
        return context.phrased("risks.new")
    said = []
    for fact in ("probability", "impact", "status"):
        before, now = context.value(risk.id, fact, context.earlier_facts), context.value(risk.id, fact)
        if before != now:
            name = context.facts.catalogue.facts["risk", fact].name_in(context.language)
            said.append(context.phrased("risks.was", fact=name, before=context.shown(risk, fact, before)))
    return context.comma(said) or context.phrased("risks.same")

"""Print an evaluation as text: the total, then each dimension with what its score rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.figures import Form
from coopgov.charts.axes import number_text
from coopgov.cli.text import headline
from coopgov.evaluation.words import dimension_name, missing_text, rating_text, score_text, total_text
from coopgov.locales import text
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.cli.text import Terminal
    from coopgov.evaluation.result import Dimension, Evaluation, Input
    from coopgov.model import Agreement

__all__ = ["evaluation_text"]


def evaluation_text(terminal: Terminal, agreement: Agreement, result: Evaluation, *, today: bool) -> str:
    """Headline, the total with its rating, the dimensions, then KPIs before and after, and the money."""
    lines = [*headline(terminal, agreement, result.as_of, today=today)]
    total, rating = total_text(result, terminal.language), rating_text(result.rating, terminal.language)
    lines += terminal.lines(terminal.say("evaluate.total", score=total, rating=rating), "  ", "")
    for each in result.dimensions:
        lines += ["", *_dimension(terminal, agreement, each)]
    if kpis := list(_kpis(terminal, agreement, result)):
        lines += ["", terminal.say("evaluate.kpis"), *kpis]
    if money := list(_money(terminal, result)):
        lines += ["", terminal.say("evaluate.money"), *money]
    return "\n".join(lines)


def _dimension(terminal: Terminal, agreement: Agreement, dimension: Dimension) -> Iterator[str]:
    name = dimension_name(dimension.id, terminal.language)
    if dimension.score is None and not dimension.weight:
        said = missing_text(agreement, dimension, terminal.language)
        yield from terminal.lines(terminal.say("labelled", label=name, text=said), "  ", "")
        return
    weight = f"{dimension.weight * 100:.4g} %"
    score = text("evaluation.undetermined", terminal.language)
    if dimension.score is not None:
        rating = rating_text(dimension.rating, terminal.language)
        score = terminal.say("evaluate.score", score=score_text(dimension.score), rating=rating)
    yield from terminal.lines(
        terminal.say("evaluate.dimension", name=name, score=score, weight=weight), "  ", ""
    )
    for each in dimension.inputs:
        yield from terminal.lines(_input(terminal, agreement, each), "    ", "  ")
    missing = missing_text(agreement, dimension, terminal.language)
    if missing:
        yield from terminal.lines(missing, "    ", "  ")


def _input(terminal: Terminal, agreement: Agreement, each: Input) -> str:
    names = {f"kpi/{kpi.id}": kpi.label for kpi in agreement.kpis}
    names |= {f"survey/{survey.id}": survey.label for survey in agreement.surveys}
    label = names.get(each.id)
    name = label.in_language(terminal.language) if label else terminal.say(f"evaluate.names.{each.id}")
    value = f"{number_text(each.value * 100)} %" if not each.unit else number_text(each.value)
    if each.unit == "answers":
        value = terminal.counted("evaluate.answers", int(each.value))
    elif each.unit:
        unit = Form(terminal.language, "", 1).texts.get(f"assessment.units.{each.unit}", each.unit)
        value = terminal.say("evaluate.with-unit", value=value, unit=unit)
    said = terminal.say("labelled", label=name, text=value)
    if each.on:
        said += terminal.say("aside", text=each.on)
    return said + (terminal.say("aside", text=terminal.say("evaluate.few")) if each.note else "")


def _kpis(terminal: Terminal, agreement: Agreement, result: Evaluation) -> Iterator[str]:
    """The improvement and the attainment of each KPI that has either."""
    names = {kpi.id: kpi.label.in_language(terminal.language) for kpi in agreement.kpis}
    for kpi in result.kpis:
        changed = "worsened" if kpi.improvement is not None and kpi.improvement < 0 else "improved"
        change = None if kpi.improvement is None else abs(kpi.improvement)
        parts = [
            terminal.say(f"evaluate.{name}", share=f"{value * 100:,.1f}".removesuffix(".0"))
            for name, value in ((changed, change), ("attained", kpi.attainment))
            if value is not None
        ]
        if parts:
            said = terminal.say("labelled", label=names[kpi.id], text=terminal.listed(parts))
            yield from terminal.lines(said, "    ", "  ")


def _money(terminal: Terminal, result: Evaluation) -> Iterator[str]:
    finance = result.finance
    form = Form(terminal.language, finance.currency, 10 ** MINOR_DIGITS[finance.currency])
    written = form.texts.get(f"assessment.money.{finance.currency}", f"{{number}} {finance.currency}")
    for name in ("benefits", "savings", "revenue", "costs", "npv"):
        value = getattr(finance, name)
        if value is not None:
            amount = written.format(number=number_text(round(value, 2))).rstrip()
            yield from _line(terminal, name, amount)
    for name in ("roi", "profit_gain", "irr"):
        value = getattr(finance, name)
        if value is not None:
            yield from _line(terminal, name, f"{number_text(value * 100)} %")
    if finance.irr is None and finance.because:
        yield from _line(
            terminal, "irr", terminal.say(f"evaluate.because.{finance.because.replace(' ', '-')}")
        )
    if finance.payback is not None:
        yield from _line(terminal, "payback", finance.payback.isoformat())


def _line(terminal: Terminal, name: str, said: str) -> Iterator[str]:
    label = terminal.say(f"evaluate.names.{name.replace('_', '-')}")
    yield from terminal.lines(terminal.say("labelled", label=label, text=said), "    ", "  ")

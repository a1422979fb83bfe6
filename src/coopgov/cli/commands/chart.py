"""`coopgov chart`: draw a chart of an agreement as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_rules, current_day
from coopgov.cli.output import say, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.cli.progress import some
from coopgov.errors import UnknownNameError
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date

    from coopgov.charts import Chart
    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement

__all__ = ["add_arguments", "run"]

KINDS = ("gantt", "trend", "matrix", "status", "dimensions")
_WITH_SUBJECT = ("gantt", "trend")


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("kind", choices=KINDS, metavar="CHART", help="chart.kind")
    command.add_argument("agreement", metavar="AGREEMENT", help="chart.agreement")
    command.add_argument("subject", nargs="?", metavar="SUBJECT", help="chart.subject")
    command.add_argument("--out", type=Path, metavar="FILE.svg", help="chart.out")
    command.add_argument("--width", type=command.reader(_width), metavar="PIXELS", help="chart.width")
    add_rules(command)
    add_day(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def _width(text: str) -> float:
    from coopgov.charts.widths import LEAST, MOST

    if text.isascii() and text.isdigit() and LEAST <= int(text) <= MOST:
        return float(text)
    raise WrongValueError(text, phrase("errors.expected.width", least=int(LEAST), most=int(MOST)))


def run(options: Namespace) -> int:
    """Draw the chart, and write it to a file or print it."""
    from coopgov.model import load_agreement

    if options.subject and options.kind not in _WITH_SUBJECT:
        options.wrong_usage(phrase("cli.usage.no-subject", chart=options.kind))
    agreement = load_agreement(options.agreement)
    if options.kind == "trend" and not options.subject:
        names = listed(f"kpi/{kpi.id}" for kpi in agreement.kpis)
        options.wrong_usage(
            phrase("cli.usage.which-kpi", kpis=names) if agreement.kpis else phrase("cli.usage.no-kpi")
        )
    chart = _drawn(options, agreement, options.as_of or current_day())
    if options.out is None:
        write(chart.rstrip("\n"))
        return 0
    try:
        options.out.write_text(chart, encoding="utf-8", newline="\n")
    except OSError as error:
        why = error.strerror or str(error)
        to_stderr(phrase("cli.messages.nothing-written", path=options.out, why=why), options.message_lang)
        return 2
    write(say("written.file", options.lang, path=options.out))
    return 0


def _drawn(options: Namespace, agreement: Agreement, as_of: date) -> Chart:
    from coopgov import charts

    size = {} if options.width is None else {"width": options.width}
    looks = {"language": options.lang, **size}
    match options.kind:
        case "gantt":
            phase = options.subject or ""
            named = phase if not phase or "/" in phase else f"phase/{phase}"
            if named and not any(named == f"phase/{each.id}" for each in agreement.phases):
                raise UnknownNameError("subject", named, [f"phase/{each.id}" for each in agreement.phases])
            return charts.gantt(agreement, as_of=as_of, phase=named, **looks)
        case "trend":
            return charts.trend(agreement, options.subject, as_of=as_of, **looks)
        case "matrix":
            return charts.matrix(agreement, as_of=as_of, **looks)
        case "dimensions":
            from coopgov.evaluation import evaluate

            return charts.dimensions(evaluate(agreement, as_of=as_of), agreement, **looks)
    return _status(options, agreement, as_of, looks)


def _status(options: Namespace, agreement: Agreement, as_of: date, looks: dict[str, object]) -> Chart:
    """The status since the start of the term; on a terminal, with the progress of the days."""
    from coopgov.charts import status_history
    from coopgov.rules import load_rules
    from coopgov.simulation.backtest import backtest

    rules = load_rules(*(options.rules or ()))
    history = backtest(agreement, rules, last=as_of, language=options.lang, progress=some)
    return status_history(history, **looks)  # type: ignore[arg-type]  # a language and a width

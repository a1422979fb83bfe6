"""`coopgov rules check`: load rule files, and report their faults and what is probably a mistake."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import add_format, current_day, day
from coopgov.cli.output import json_text, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import InputError, RulesError, did_you_mean
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.analysis.analyse import Analysis
    from coopgov.cli.findings import Checked
    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["add_arguments", "run"]

_LEVELS = ("note", "warning", "error", "never")
_SOLVER = {"auto": None, "never": False, "always": True}


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("files", nargs="+", metavar="FILE", help="rules-check.files")
    command.add_argument("--agreement", metavar="FILE", help="rules-check.agreement")
    add_format(command, ("text", "json", "sarif"))
    command.add_argument("--fail-on", choices=_LEVELS, default="note", help="rules-check.fail-on")
    command.add_argument("--solver", choices=tuple(_SOLVER), default="auto", help="rules-check.solver")
    command.add_argument(
        "--time-limit",
        type=command.reader(_seconds),
        default=20.0,
        metavar="SECONDS",
        help="rules-check.time-limit",
    )
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help="rules-check.as-of")
    command.add_argument("--explain", action=_Explain, metavar="CODE", help="rules-check.explain")
    command.set_defaults(run=run)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds < float("inf"):
        return seconds
    raise WrongValueError(text, phrase("cli.usage.seconds"))


class _Explain(argparse.Action):
    """Print the page of a code and exit; no file is needed."""

    def __call__(
        self,
        parser: Parser,  # type: ignore[override]  # coopgov's own
        namespace: argparse.Namespace,  # noqa: ARG002  # as argparse calls it
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002  # as argparse calls it
    ) -> None:
        """Print it and exit."""
        from coopgov.analysis.finding_codes import FINDING_CODES
        from coopgov.cli.findings import explanation
        from coopgov.fault_codes import agreement_finding_codes, fault_codes

        known = (*FINDING_CODES, *fault_codes(), *agreement_finding_codes())
        if values not in known:
            wrong = WrongValueError(str(values), phrase("cli.usage.code"), did_you_mean(str(values), known))
            parser.error(phrase("cli.argparse.argument", name="--explain", message=wrong.phrase))
        write(explanation(str(values), parser.languages.of_text(sys.stdout)))
        parser.exit()


def run(options: argparse.Namespace) -> int:
    """Load and analyse each file by itself, with what it extends."""
    from coopgov.analysis.scope import solver_installed
    from coopgov.cli.findings import text_of
    from coopgov.model import load_agreement

    if options.solver == "always" and not solver_installed():
        to_stderr(phrase("cli.messages.no-solver"), options.message_lang)
        return 2
    agreement = load_agreement(options.agreement) if options.agreement else None
    checked: list[Checked] = []
    for name in options.files:
        checked.append(_checked(options, name, agreement))
        if options.format == "text":
            write(text_of(checked[-1], options.lang))
    if options.format != "text":
        write(_data(options.format, checked, options.lang))
    if any(each.faults for each in checked):
        return 2
    return int(any(_reaches(each.analysis, options.fail_on) for each in checked))


def _checked(options: argparse.Namespace, name: str, agreement: Agreement | None) -> Checked:
    """Check one file: its faults, or its rules with their findings."""
    from coopgov.analysis.analyse import analyse
    from coopgov.cli.findings import Checked

    try:
        rules = _loaded(name, agreement)
    except InputError as error:
        to_stderr(error, options.message_lang)
        return Checked(name, faults=error.faults)
    as_of = options.as_of or current_day()
    analysis = analyse(rules, as_of=as_of, solver=_SOLVER[options.solver], time_limit=options.time_limit)
    return Checked(name, rules, analysis)


def _loaded(name: str, agreement: Agreement | None) -> RuleSet:
    from coopgov.assessment.roles import vacancies
    from coopgov.rules import load_rules

    rules = load_rules(name)
    vacant = vacancies(rules, agreement) if agreement else []
    if vacant:
        raise RulesError(dict.fromkeys(vacant))
    return rules


def _reaches(analysis: Analysis | None, level: str) -> bool:
    return analysis is not None and level != "never" and analysis.at_least(level)  # type: ignore[arg-type]


def _data(form: str, checked: Sequence[Checked], language: str) -> str:
    """All files as one JSON document."""
    from coopgov.cli.sarif import sarif_log

    data: Any = sarif_log(checked, language) if form == "sarif" else [each.to_dict() for each in checked]
    return json_text(data, language)

"""`coopgov rules check`: load rule files, and report their faults and what is probably a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day
from coopgov.cli.finding_arguments import add_finding_arguments, exit_code, write_findings
from coopgov.cli.output import to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import InputError, RulesError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.findings import CheckedRules
    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["add_arguments", "run"]

_SOLVER = {"auto": None, "never": False, "always": True}


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("files", nargs="+", metavar="FILE", help="rules-check.files")
    command.add_argument("--agreement", metavar="FILE", help="rules-check.agreement")
    add_finding_arguments(command)
    command.add_argument("--solver", choices=tuple(_SOLVER), default="auto", help="rules-check.solver")
    command.add_argument(
        "--time-limit",
        type=command.reader(_seconds),
        default=20.0,
        metavar="SECONDS",
        help="rules-check.time-limit",
    )
    command.set_defaults(run=run)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds < float("inf"):
        return seconds
    raise WrongValueError(text, phrase("cli.usage.seconds"))


def run(options: Namespace) -> int:
    """Load and analyse each file by itself, with what it extends."""
    from coopgov.analysis.scope import solver_installed
    from coopgov.cli.findings import text_of
    from coopgov.model import load_agreement

    if options.solver == "always" and not solver_installed():
        to_stderr(phrase("cli.messages.no-solver"), options.message_lang)
        return 2
    agreement = load_agreement(options.agreement) if options.agreement else None
    checked: list[CheckedRules] = []
    for name in options.files:
        checked.append(_checked(options, name, agreement))
        if options.format == "text":
            write(text_of(checked[-1], options.lang))
    write_findings(options.format, checked, options.lang)
    return exit_code(checked, options.fail_on)


def _checked(options: Namespace, name: str, agreement: Agreement | None) -> CheckedRules:
    """Check one file: its faults, or its rules with their findings."""
    from coopgov.analysis.analyse import analyse
    from coopgov.cli.findings import CheckedRules

    try:
        rules = _loaded(name, agreement)
    except InputError as error:
        to_stderr(error, options.message_lang)
        return CheckedRules(name, faults=error.faults)
    as_of = options.as_of or current_day()
    analysis = analyse(rules, as_of=as_of, solver=_SOLVER[options.solver], time_limit=options.time_limit)
    return CheckedRules(name, analysis, rules=rules)


def _loaded(name: str, agreement: Agreement | None) -> RuleSet:
    from coopgov.analysis.unknown_baselines import unknown_baselines
    from coopgov.assessment.roles import vacancies
    from coopgov.rules import load_rules

    rules = load_rules(name)
    if agreement:
        faults = [*vacancies(rules, agreement), *unknown_baselines(rules, agreement)]
        if faults:
            raise RulesError(dict.fromkeys(faults))
    return rules

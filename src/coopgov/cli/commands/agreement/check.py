"""`coopgov agreement check`: load agreements, and report their faults and what is probably a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day
from coopgov.cli.finding_arguments import add_finding_arguments, exit_code, write_findings
from coopgov.cli.output import to_stderr, write
from coopgov.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.findings import CheckedAgreement
    from coopgov.cli.parser import Parser
    from coopgov.rules import RuleSet

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreements", nargs="+", metavar="FILE", help="shared.agreements")
    command.add_argument("--rules", nargs="+", action="extend", metavar="FILE", help="agreement-check.rules")
    add_finding_arguments(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Load and check each agreement; faults of the rules are bad input, whatever the agreements are like."""
    from coopgov.cli.findings import text_of
    from coopgov.rules import load_rules

    rules = load_rules(*(options.rules or ()))
    checked: list[CheckedAgreement] = []
    for name in options.agreements:
        checked.append(_checked(options, name, rules))
        if options.format == "text":
            write(text_of(checked[-1], options.lang))
    write_findings(options.format, checked, options.lang)
    return exit_code(checked, options.fail_on)


def _checked(options: Namespace, name: str, rules: RuleSet) -> CheckedAgreement:
    """Check one file: its faults, or its agreement with the findings."""
    from coopgov.analysis.check_agreement import check_agreement
    from coopgov.cli.findings import CheckedAgreement
    from coopgov.model import load_agreement

    try:
        agreement = load_agreement(name)
    except InputError as error:
        to_stderr(error, options.message_lang)
        return CheckedAgreement(name, faults=error.faults)
    analysis = check_agreement(agreement, rules, as_of=options.as_of or current_day())
    return CheckedAgreement(name, analysis, agreement=agreement)

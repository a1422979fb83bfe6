"""`coopgov rules check`: load rule files, report what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import tell, write
from coopgov.errors import InputError, RulesError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "load rule files and report what is wrong with them"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "Load rule files and report every fault, without any agreement."
    command.add_argument("files", nargs="+", metavar="FILE", help="rule files or shipped packs")
    command.add_argument(
        "--agreement", metavar="FILE", help="also report roles that this agreement does not have"
    )
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Load each file by itself, with what it extends."""
    from coopgov.assessment.roles import vacancies
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules

    agreement = load_agreement(options.agreement) if options.agreement else None
    code = 0
    for name in options.files:
        try:
            rules = load_rules(name)
            vacant = vacancies(rules, agreement) if agreement else []
            if vacant:
                raise RulesError(dict.fromkeys(vacant))
        except InputError as error:
            tell(error)
            code = 2
            continue
        number = len(rules.rules)
        write(
            f"{name}: {rules.pack} {rules.version}: {number} {'rule' if number == 1 else 'rules'}, no faults"
        )
    return code

"""`coopgov rules check`: load rule files, and report their faults and what is probably a mistake."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import current_day, day
from coopgov.cli.output import json_text, spoken, tell, write
from coopgov.errors import InputError, RulesError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.analysis.analyse import Analysis
    from coopgov.cli.findings import Checked
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["HELP", "add_arguments", "run"]

HELP = "load rule files and report faults and findings"
_LEVELS = ("note", "warning", "error", "never")
_SOLVER = {"auto": None, "never": False, "always": True}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Load rule files without any agreement. Report faults and, in rules that load, what is probably "
        "a mistake: findings."
    )
    command.add_argument("files", nargs="+", metavar="FILE", help="rule files or shipped packs")
    command.add_argument(
        "--agreement", metavar="FILE", help="also report roles that this agreement does not have"
    )
    command.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="how to print (text)"
    )
    command.add_argument(
        "--fail-on",
        choices=_LEVELS,
        default="note",
        help="exit with 1 at a finding of this level or worse; never: only faults fail (note)",
    )
    command.add_argument(
        "--solver",
        choices=tuple(_SOLVER),
        default="auto",
        help="the solver, for conditions over several facts; auto means if it is installed (auto)",
    )
    command.add_argument(
        "--time-limit",
        type=_seconds,
        default=20.0,
        metavar="SECONDS",
        help="limit for each file; questions that are undecided by then are listed (20)",
    )
    command.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        help="the day on which comments that ignore findings are judged (today)",
    )
    command.add_argument("--explain", action=_Explain, metavar="CODE", help="explain a code, and exit")
    command.set_defaults(run=run)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds < float("inf"):
        return seconds
    raise argparse.ArgumentTypeError(f'found "{text}", expected a number of seconds above 0')


class _Explain(argparse.Action):
    """Print the page of a code and exit; no file is needed."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002  # as argparse calls it
    ) -> None:
        """Print it and exit."""
        from coopgov.analysis.finding_codes import FINDING_CODES
        from coopgov.cli.findings import explanation
        from coopgov.fault_codes import agreement_finding_codes, fault_codes

        known = (*FINDING_CODES, *fault_codes(), *agreement_finding_codes())
        if values not in known:
            near = did_you_mean(str(values), known)
            parser.error(
                f'argument --explain: found "{values}", expected the code of a finding or fault{near and f"; {near}"}'
            )
        write(explanation(str(values), spoken(namespace)))
        parser.exit()


def run(options: argparse.Namespace) -> int:
    """Load and analyse each file by itself, with what it extends."""
    from coopgov.analysis.scope import solver_installed
    from coopgov.cli.findings import text_of
    from coopgov.model import load_agreement

    if options.solver == "always" and not solver_installed():
        tell("coopgov: the solver is not installed; pip install 'coopgov[analysis]'")
        return 2
    agreement = load_agreement(options.agreement) if options.agreement else None
    checked: list[Checked] = []
    for name in options.files:
        checked.append(_checked(options, name, agreement))
        if options.format == "text":
            write(text_of(checked[-1], spoken(options)))
    if options.format != "text":
        write(_data(options.format, checked))
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
        tell(error)
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


def _data(form: str, checked: Sequence[Checked]) -> str:
    """All files as one JSON document."""
    from coopgov.cli.sarif import sarif_log

    data: Any = sarif_log(checked) if form == "sarif" else [each.to_dict() for each in checked]
    return json_text(data)

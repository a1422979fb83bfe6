"""`coopgov check`: assess agreements and print their warnings, worst first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import add_day, add_output, add_rules, current_day
from coopgov.cli.output import Progress, json_text, tell, write
from coopgov.errors import InputError, UnknownNameError
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from datetime import date

    from coopgov.assessment.result import Assessment, Explanation
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

    _Result = tuple[Agreement, Assessment | tuple[Explanation, ...]]

__all__ = ["HELP", "add_arguments", "run"]

HELP = "assess agreements"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "Assess agreements and print their warnings, worst first."
    command.add_argument("agreements", nargs="+", metavar="AGREEMENT", help="agreement files, YAML or JSON")
    add_rules(command)
    add_day(command)
    add_output(command)
    command.add_argument(
        "--fail-on",
        choices=("undetermined", *SEVERITIES, "never"),
        default="minor",
        help="exit with 1 at this status or worse; never: only bad input fails (minor)",
    )
    command.add_argument(
        "--backend",
        default="direct",
        metavar="NAME",
        help="what evaluates the rules: direct, interpreter, durable (direct)",
    )
    command.add_argument(
        "--explain",
        type=_rule_and_subject,
        metavar="WHAT",
        help="explain instead: RULE@SUBJECT, a RULE for all its subjects, all rules for a @SUBJECT, or all",
    )
    command.set_defaults(run=run)


_SIGNS = str.maketrans("＠／", "@/")
"""Signs as keyboards for Chinese give them."""


def _rule_and_subject(text: str) -> tuple[str | None, str | None]:
    """The rule and the subject to explain; None for all of them."""
    rule, at, about = text.translate(_SIGNS).partition("@")
    if not (about if at else rule):
        expected = "RULE@SUBJECT such as phase-late@phase/setup, RULE, @SUBJECT or all"
        raise argparse.ArgumentTypeError(f'found "{text}", expected {expected}')
    return (None, None) if text == "all" else (rule or None, about or None)


def run(options: argparse.Namespace) -> int:
    """Assess every agreement; one that cannot be read does not stop the others."""
    from coopgov.model import load_agreement

    rules = _rules(options)
    as_of = options.as_of or current_day()
    progress = Progress(len(options.agreements))
    results: list[_Result] = []
    for number, name in enumerate(options.agreements, 1):
        progress.begin(number, name)
        try:
            agreement = load_agreement(name)
            if rules is not None:
                results.append((agreement, _outcome(options, agreement, rules, as_of)))
        except (InputError, UnknownNameError) as error:
            progress.clear()
            tell(error if isinstance(error, InputError) else f"{name}: {error}")
    progress.clear()
    _print_results(options, results, as_of)
    if len(results) < len(options.agreements):
        return 2
    outcomes = (each for _, outcome in results for each in _each(outcome))
    return int(any(_reaches(outcome, options.fail_on) for outcome in outcomes))


def _each(outcome: Assessment | tuple[Explanation, ...]) -> tuple[Assessment | Explanation, ...]:
    return outcome if isinstance(outcome, tuple) else (outcome,)


def _rules(options: argparse.Namespace) -> RuleSet | None:
    """The rules; None, after reporting their faults, if they are unusable: agreements are still read for faults."""
    from coopgov.rules import load_rules

    try:
        rules = load_rules(*(options.rules or ()))
    except InputError as error:
        tell(error)
        return None
    if options.explain and options.explain[0] is not None:
        rules.rule(options.explain[0])  # a rule that does not exist is reported once, not for each agreement
    return rules


def _outcome(
    options: argparse.Namespace, agreement: Agreement, rules: RuleSet, as_of: date
) -> Assessment | tuple[Explanation, ...]:
    if not options.explain:
        from coopgov.assessment.assess import assess

        return assess(agreement, rules, as_of=as_of, language=options.lang, backend=options.backend)
    from coopgov.explanation.explain import explain_all

    rule, about = options.explain
    return explain_all(agreement, rules, rule=rule, about=about, as_of=as_of, language=options.lang)


def _reaches(outcome: Assessment | Explanation, severity: str) -> bool:
    from coopgov.assessment.result import Assessment, worse

    if severity == "never":
        return False
    if isinstance(outcome, Assessment):
        return outcome.at_least(severity)
    status = outcome.severity or ("undetermined" if outcome.outcome == "undetermined" else "clear")
    return worse(status) >= worse(severity)


def _print_results(options: argparse.Namespace, results: list[_Result], as_of: date) -> None:
    if options.format == "json":
        rows = [_row(agreement, each, as_of) for agreement, outcome in results for each in _each(outcome)]
        write(json_text(rows))
        return
    from coopgov.cli.text import Terminal, result_text

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    today, alone = options.as_of is None, len(options.agreements) == 1
    texts = [result_text(terminal, *result, as_of, today=today, alone=alone) for result in results]
    if texts:
        write("\n\n".join(texts))


def _row(agreement: Agreement, outcome: Assessment | Explanation, as_of: date) -> dict[str, Any]:
    """The JSON object for one agreement; that of an explanation also names the agreement and the date."""
    return {"agreement": agreement.id, "as_of": as_of.isoformat(), **outcome.to_dict()}

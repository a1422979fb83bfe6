"""`coopgov check`: assess agreements and print their warnings, worst first."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import add_day, add_fail_on, add_output, add_rules, current_day
from coopgov.cli.output import Progress, about_file, json_text, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import Fault, InputError, Place, UnknownNameError
from coopgov.locales import phrase
from coopgov.source.files import is_folder

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date

    from coopgov.assessment.result import Assessment, Explanation
    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

    _Result = tuple[Agreement, Assessment | tuple[Explanation, ...]]

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreements", nargs="+", metavar="AGREEMENT", help="shared.agreements")
    add_rules(command)
    add_day(command)
    add_output(command)
    add_fail_on(command)
    command.add_argument("--backend", default="direct", metavar="NAME", help="check.backend")
    command.add_argument(
        "--explain", type=command.reader(_rule_and_subject), metavar="WHAT", help="check.explain"
    )
    command.set_defaults(run=run)


_SIGNS = str.maketrans("＠／", "@/")
"""Signs as keyboards for Chinese give them."""


def _rule_and_subject(text: str) -> tuple[str | None, str | None]:
    """The rule and the subject to explain; None for all of them."""
    rule, at, about = text.translate(_SIGNS).partition("@")
    if not (about if at else rule):
        raise WrongValueError(text, phrase("cli.usage.rule-and-subject"))
    return (None, None) if text == "all" else (rule or None, about or None)


def run(options: Namespace) -> int:
    """Assess every agreement; one that cannot be read does not stop the others."""
    rules = _rules(options)
    as_of = options.as_of or current_day()
    progress = Progress(len(options.agreements))
    results: list[_Result] = []
    for number, name in enumerate(options.agreements, 1):
        progress.begin(number, name)
        try:
            agreement = _loaded(name)
            if rules is not None:
                results.append((agreement, _outcome(options, agreement, rules, as_of)))
        except (InputError, UnknownNameError) as error:
            progress.clear()
            to_stderr(about_file(name, error, options.message_lang))
    progress.clear()
    _print_results(options, results, as_of)
    if len(results) < len(options.agreements):
        return 2
    outcomes = (each for _, outcome in results for each in _each(outcome))
    return int(any(_reaches(outcome, options.fail_on) for outcome in outcomes))


def _loaded(name: str) -> Agreement:
    """Load an agreement; a folder has a command of its own."""
    from coopgov.model import load_agreement

    if is_folder(Path(name)):
        command = shlex.join(["coopgov", "portfolio", "check", name])
        found, expected = phrase("cli.messages.folder.found"), phrase("cli.messages.folder.expected")
        hint = phrase("cli.messages.folder.hint", command=command)
        raise InputError([Fault(Place(name, 1, 1), "unreadable-file", found, expected, hint)])
    return load_agreement(name)


def _each(outcome: Assessment | tuple[Explanation, ...]) -> tuple[Assessment | Explanation, ...]:
    return outcome if isinstance(outcome, tuple) else (outcome,)


def _rules(options: Namespace) -> RuleSet | None:
    """The rules; None, after reporting their faults, if they are unusable: agreements are still read for faults."""
    from coopgov.rules import load_rules

    try:
        rules = load_rules(*(options.rules or ()))
    except InputError as error:
        to_stderr(error, options.message_lang)
        return None
    if options.explain and options.explain[0] is not None:
        rules.rule(options.explain[0])  # a rule that does not exist is reported once, not for each agreement
    return rules


def _outcome(
    options: Namespace, agreement: Agreement, rules: RuleSet, as_of: date
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


def _print_results(options: Namespace, results: list[_Result], as_of: date) -> None:
    if options.format == "json":
        rows = [_row(agreement, each, as_of) for agreement, outcome in results for each in _each(outcome)]
        write(json_text(rows, options.lang))
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

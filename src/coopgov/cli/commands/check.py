"""`coopgov check`: assess agreements and print their warnings, worst first."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from coopgov.cli.arguments import add_day, add_fail_on, add_jobs, add_output, add_rules, current_day, day
from coopgov.cli.output import Results, about_file, json_text, shell_words, to_stderr
from coopgov.cli.parser import WrongValueError
from coopgov.cli.progress import doing
from coopgov.errors import InputError, UnknownNameError
from coopgov.faults import Fault, Place, did_you_mean
from coopgov.locales import listed, phrase
from coopgov.processes import jobs_for, spread
from coopgov.severities import SEVERITIES
from coopgov.source import collecting_later
from coopgov.source.files import is_folder
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence
    from datetime import date

    from coopgov.cli.parser import Parser
    from coopgov.cli.text import Terminal
    from coopgov.cli.view import View
    from coopgov.explanation.result import Explanation
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet
    from coopgov.severities import Status

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
    command.add_argument("--verbose", action="store_true", help="check.verbose")
    command.add_argument("--ids", action="store_true", help="check.ids")
    command.add_argument("--since", type=command.reader(day), metavar="DATE", help="check.since")
    command.add_argument(
        "--only", type=command.reader(_severity), action="append", metavar="SEVERITY", help="check.only"
    )
    command.add_argument("--about", type=command.reader(_name), metavar="SUBJECT", help="check.about")
    command.add_argument("--owner", type=command.reader(_name), metavar="NAME", help="check.owner")
    command.add_argument("--store", type=command.reader(_name), metavar="STORE", help="check.store")
    add_jobs(command)
    command.set_defaults(run=run, wrong_usage=command.error)


_SIGNS = str.maketrans("＠／", "@/")
"""Signs as keyboards for Chinese give them."""


def _rule_and_subject(text: str) -> tuple[str | None, str | None]:
    """The rule and the subject to explain; None for all of them."""
    rule, at, about = text.translate(_SIGNS).partition("@")
    if not (about if at else rule):
        raise WrongValueError(text, phrase("cli.usage.rule-and-subject"))
    return (None, None) if text == "all" else (rule or None, about or None)


def _name(text: str) -> str:
    """A name, which cannot be empty: nothing would be left out."""
    if not text.strip():
        raise WrongValueError(text, phrase("cli.usage.name"))
    return text.strip()


def _severity(text: str) -> str:
    """A severity, in any of its words; a wrong one is reported with the nearest."""
    found = choice(text, SEVERITIES)
    if found is None:
        expected = phrase("cli.usage.one-of", choices=listed(SEVERITIES))
        raise WrongValueError(text, expected, did_you_mean(text, SEVERITIES))
    return found


def run(options: Namespace) -> int:
    """Assess every agreement; one that cannot be read does not stop the others."""
    as_of = options.as_of or current_day()
    if options.since is not None and options.since >= as_of:
        options.wrong_usage(phrase("cli.usage.since", date=as_of))
    _refuse_selections_of_explanations(options)
    if options.store is not None and len(options.agreements) > 1:
        options.wrong_usage(phrase("cli.usage.one-agreement"))
    checking = _Checking.of(options, _rules(options), as_of)
    names = options.agreements
    results = Results(options.format)
    assessed, reached = 0, False
    with closing(spread(checking.one, names, jobs_for(len(names), options.jobs))) as all_done:
        for number, name in enumerate(names, 1):
            if len(names) > 1:
                doing("files", number=number, total=len(names), name=name)
            done = next(all_done)
            if done.error:
                to_stderr(done.error)
            results.add(done.texts)
            assessed += done.assessed
            reached = reached or done.reached
    results.end()
    return int(reached) if assessed == len(names) else 2


class _Done(NamedTuple):
    """What one agreement has to print, and whether it reaches the severity; `error` is why it was not assessed."""

    texts: Sequence[str] = ()
    assessed: bool = False
    reached: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Checking:
    """What all agreements have in common: it goes to other processes, which return no more than texts."""

    options: Namespace
    rules: RuleSet | None
    as_of: date
    terminal: Terminal | None

    @classmethod
    def of(cls, options: Namespace, rules: RuleSet | None, as_of: date) -> _Checking:
        """The options without the functions among them, and the terminal of this process."""
        plain = {name: value for name, value in vars(options).items() if not callable(value)}
        terminal = None
        if options.format == "text":
            from coopgov.cli.text import Terminal

            terminal = Terminal.of(sys.stdout, options.lang, options.color)
        return cls(argparse.Namespace(**plain), rules, as_of, terminal)

    def one(self, name: str) -> _Done:
        """Assess the agreement of a file."""
        with collecting_later():
            return self._done(name)

    def _done(self, name: str) -> _Done:
        try:
            agreement = _loaded(name)
            if self.rules is None:
                return _Done()
            outcome = _outcome(self.options, agreement, self.rules, self.as_of)
        except (InputError, UnknownNameError) as error:
            return _Done(error=about_file(name, error, self.options.message_lang))
        return _Done(self._texts(agreement, outcome), True, _reaches(outcome, self.options.fail_on))

    def _texts(self, agreement: Agreement, outcome: View | tuple[Explanation, ...]) -> list[str]:
        if self.terminal is not None:
            return [_text(self.options, self.terminal, agreement, outcome, self.as_of)]
        return [json_text(row, self.options.lang, depth=1) for row in _rows(agreement, outcome, self.as_of)]


def _refuse_selections_of_explanations(options: Namespace) -> None:
    """Report options that select warnings, and that explanations would ignore."""
    if options.explain:
        for name in ("only", "about", "owner", "since", "store"):
            if getattr(options, name) is not None:
                options.wrong_usage(phrase("cli.usage.not-with-explain", option=f"--{name}"))


def _loaded(name: str) -> Agreement:
    """Load an agreement; a folder has a command of its own."""
    from coopgov.model import load_agreement

    if is_folder(Path(name)):
        command = shell_words(["coopgov", "portfolio", "check", name])
        found, expected = phrase("cli.messages.folder.found"), phrase("cli.messages.folder.expected")
        hint = phrase("cli.messages.folder.hint", command=command)
        raise InputError([Fault(Place(name, 1, 1), "unreadable-file", found, expected, hint)])
    return load_agreement(name)


def _rules(options: Namespace) -> RuleSet | None:
    """The rules; None, after reporting their faults, if they are unusable: agreements are still read for faults."""
    from coopgov.rules import load_rules

    try:
        rules = load_rules(*(options.rules or ()))
    except InputError as error:
        to_stderr(options.explained(error), options.message_lang)
        return None
    if options.explain and options.explain[0] is not None:
        rules.rule(options.explain[0])  # a rule that does not exist is reported once, not for each agreement
    return rules


def _outcome(
    options: Namespace, agreement: Agreement, rules: RuleSet, as_of: date
) -> View | tuple[Explanation, ...]:
    if not options.explain:
        from coopgov.cli.view import view_of

        return view_of(options, agreement, rules, as_of)
    from coopgov.explanation.explain import explain_all

    rule, about = options.explain
    return explain_all(agreement, rules, rule=rule, about=about, as_of=as_of, language=options.lang)


def _reaches(outcome: View | tuple[Explanation, ...], severity: Status | Literal["never"]) -> bool:
    from coopgov.assessment.result import worse

    if severity == "never":
        return False
    if not isinstance(outcome, tuple):
        return outcome.assessment.at_least(severity)
    statuses: Iterator[Status] = (
        each.severity or ("undetermined" if each.outcome == "undetermined" else "clear") for each in outcome
    )
    return any(worse(status) >= worse(severity) for status in statuses)


def _text(
    options: Namespace,
    terminal: Terminal,
    agreement: Agreement,
    outcome: View | tuple[Explanation, ...],
    as_of: date,
) -> str:
    """A screen; with `--verbose` and for explanations, all there is."""
    if isinstance(outcome, tuple):
        from coopgov.cli.text import explanations_text

        today, alone = options.as_of is None, len(options.agreements) == 1
        return explanations_text(terminal, agreement, outcome, as_of, today=today, alone=alone)
    if options.verbose:
        from coopgov.cli.verbose import verbose

        return verbose(terminal, outcome)
    from coopgov.cli.screen import screen

    return screen(terminal, outcome)


def _rows(
    agreement: Agreement, outcome: View | tuple[Explanation, ...], as_of: date
) -> Iterator[dict[str, Any]]:
    """The JSON objects for one agreement; those of explanations also name the agreement and the date."""
    if isinstance(outcome, tuple):
        named = {"agreement": agreement.id, "as_of": as_of.isoformat()}
        yield from ({**named, **each.to_dict()} for each in outcome)
    else:
        row = outcome.assessment.shaped()  # all results as dictionaries would fill the memory
        if outcome.changes is not None:
            row["since"] = outcome.changes.to_dict()
        if outcome.cases is not None:
            shown = {each.id for each in outcome.assessment.warnings}
            row["cases"] = {
                name: {"id": case.id, "since": case.since.isoformat(), "state": case.state}
                for name, case in outcome.cases.items()
                if name in shown
            }
        yield row

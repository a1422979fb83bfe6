"""What each command does: call the library, print the result, choose the exit code."""

from __future__ import annotations

import json
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.cli.output import Progress, tell, write
from coopgov.errors import InputError, RulesError, UnknownNameError

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.assessment.result import Assessment, Explanation
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

    _Result = tuple[Agreement, Assessment | Explanation]

__all__ = ["check", "facts", "init", "rules_check", "schema"]


def check(options: Namespace) -> int:
    """`coopgov check`: assess every agreement; those that cannot be read do not stop the others."""
    from coopgov.model import load_agreement

    rules = _rules(options)
    as_of = options.as_of or date.today()  # noqa: DTZ011  # the day where the user is
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
    return int(any(_reaches(outcome, options.fail_on) for _, outcome in results))


def _rules(options: Namespace) -> RuleSet | None:
    """The rules; None, with their faults told, if they cannot be used: the agreements are still read for theirs."""
    from coopgov.rules import load_rules

    try:
        rules = load_rules(*(options.rules or ()))
    except InputError as error:
        tell(error)
        return None
    if options.explain:
        rules.rule(options.explain[0])  # a rule that does not exist is told once, not for each agreement
    return rules


def _outcome(
    options: Namespace, agreement: Agreement, rules: RuleSet, as_of: date
) -> Assessment | Explanation:
    from coopgov.assessment.explain import explain
    from coopgov.assessment.run import assess

    if not options.explain:
        return assess(agreement, rules, as_of=as_of, language=options.lang)
    rule, about = options.explain
    return explain(agreement, rules, rule=rule, about=about, as_of=as_of, language=options.lang)


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
        rows = [_row(agreement, outcome, as_of) for agreement, outcome in results]
        write(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from coopgov.cli.text import Terminal, result_text

    colour = options.color == "always" or (options.color == "auto" and sys.stdout.isatty())
    terminal = Terminal.of(sys.stdout, options.lang, colour=colour)
    today, alone = options.as_of is None, len(options.agreements) == 1
    texts = [result_text(terminal, *result, as_of, today=today, alone=alone) for result in results]
    if texts:
        write("\n\n".join(texts))


def _row(agreement: Agreement, outcome: Assessment | Explanation, as_of: date) -> dict[str, Any]:
    """What JSON holds for one agreement; an explanation, too, says of which agreement and when."""
    return {"agreement": agreement.id, "as_of": as_of.isoformat(), **outcome.to_dict()}


def rules_check(options: Namespace) -> int:
    """`coopgov rules check`: load each file by itself, with what it extends."""
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


def facts(options: Namespace) -> int:
    """`coopgov facts`: print the catalogue."""
    from coopgov.cli.catalogue import catalogue_json, catalogue_markdown, catalogue_text
    from coopgov.facts import default_catalogue
    from coopgov.rules import load_rules

    catalogue = load_rules(*options.rules).catalogue if options.rules else default_catalogue()
    if options.about is not None and options.about not in catalogue.subject_types:
        raise UnknownNameError("type of subject", options.about, catalogue.subject_types)
    printers = {"text": catalogue_text, "json": catalogue_json, "markdown": catalogue_markdown}
    write(printers[options.format](catalogue, options.about))
    return 0


def schema(options: Namespace) -> int:
    """`coopgov schema`: print a JSON Schema."""
    from coopgov.cli.schemas import schema_of

    write(json.dumps(schema_of(options.of), ensure_ascii=False, indent=2))
    return 0


def init(options: Namespace) -> int:
    """`coopgov init`: write the starter files, all or none."""
    from coopgov.cli.starter import starter_files

    folder = Path(options.folder)
    texts = starter_files(options.as_of or date.today())  # noqa: DTZ011  # the day where the user is
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                written.append(folder / name)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        there = isinstance(error, FileExistsError) and Path(error.filename) != folder
        tell(
            f"{error.filename or folder}: {'is already there' if there else error.strerror}; nothing was written"
        )
        return 2
    agreement, rules = (shlex.quote(str(path)) for path in written)
    write(
        "\n".join([*(f"wrote {path}" for path in written), f"try: coopgov check {agreement} --rules {rules}"])
    )
    return 0

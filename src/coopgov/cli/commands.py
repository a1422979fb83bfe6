"""What each command does: call the library, print the result, choose the exit code."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.text import Terminal
    from coopgov.rules import RuleSet

__all__ = ["check", "facts", "init", "rules_check", "schema"]

_MANY = 3


def check(options: Namespace) -> int:
    """`coopgov check`: assess every agreement; those that cannot be read do not stop the others."""
    from coopgov.assess import assess
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules

    rules, code = None, 0
    try:
        rules = load_rules(*(options.rules or ()))
    except InputError as error:
        print(error, file=sys.stderr)
        code = 2
    as_of = options.as_of or date.today()  # noqa: DTZ011  # the day where the user is
    results = []
    for name in _with_progress(options.agreements):
        try:
            agreement = load_agreement(name)
            if rules is None:
                continue
            if options.explain:
                results.append((agreement, _explained(options, agreement, rules, as_of)))
            else:
                results.append((agreement, assess(agreement, rules, as_of=as_of, language=options.lang)))
        except (InputError, UnknownNameError) as error:
            print(error, file=sys.stderr)
            code = 2
    _print_results(options, results, today=options.as_of is None)
    if options.fail_on == "never":
        return code
    return code or int(any(_reaches(result, options.fail_on) for _, result in results))


def _explained(options: Namespace, agreement: Any, rules: RuleSet, as_of: date) -> Any:
    from coopgov.assess import explain

    rule, sign, about = options.explain.partition("@")
    if not sign:
        raise UnknownNameError(
            "explanation", options.explain, ["RULE@SUBJECT, such as phase-late@phase/setup"]
        )
    return explain(agreement, rules, rule=rule, about=about, as_of=as_of, language=options.lang)


def _reaches(result: Any, severity: str) -> bool:
    from coopgov.assess.result import Assessment, worse

    if isinstance(result, Assessment):
        return result.at_least(severity)
    status = result.severity or ("undetermined" if result.outcome == "undetermined" else "clear")
    return worse(status) >= worse(severity)


def _print_results(options: Namespace, results: list[Any], *, today: bool) -> None:
    if options.format == "json":
        print(json.dumps([result.to_dict() for _, result in results], ensure_ascii=False, indent=2))
        return
    terminal = _terminal(options)
    texts = [_text(terminal, agreement, result, today=today) for agreement, result in results]
    if texts:
        print("\n\n".join(texts))


def _text(terminal: Terminal, agreement: Any, result: Any, *, today: bool) -> str:
    from coopgov.assess.result import Assessment
    from coopgov.cli.text import assessment_text, explanation_text

    if isinstance(result, Assessment):
        return assessment_text(terminal, agreement, result, today=today)
    return explanation_text(terminal, result)


def _terminal(options: Namespace) -> Terminal:
    from coopgov.cli.text import Terminal

    colour = options.color == "always" or (options.color == "auto" and sys.stdout.isatty())
    return Terminal.of(sys.stdout, options.lang, colour=colour)


def _with_progress(names: list[str]) -> Any:
    """Each name; on a terminal, how far we are when there are many."""
    shown = len(names) > _MANY and sys.stderr.isatty()
    for number, name in enumerate(names, 1):
        if shown:
            print(f"\r\x1b[K{number}/{len(names)} {name}", end="", file=sys.stderr, flush=True)
        yield name
    if shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def rules_check(options: Namespace) -> int:
    """`coopgov rules check`: load each file by itself, with what it extends."""
    from coopgov.assess.roles import vacancies
    from coopgov.errors import RulesError
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
            print(error, file=sys.stderr)
            code = 2
            continue
        print(f"{name}: {rules.pack} {rules.version}: {len(rules.rules)} rules, no faults")
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
    print(printers[options.format](catalogue, options.about))
    return 0


def schema(options: Namespace) -> int:
    """`coopgov schema`: print a JSON Schema."""
    from coopgov.cli.schemas import schema_of

    print(json.dumps(schema_of(options.of), ensure_ascii=False, indent=2))
    return 0


def init(options: Namespace) -> int:
    """`coopgov init`: write the starter files, all or none."""
    from coopgov.cli.starter import starter_files

    folder = Path(options.folder)
    files = starter_files(options.as_of or date.today())  # noqa: DTZ011  # the day where the user is
    existing = [folder / name for name in files if (folder / name).exists()]
    if existing:
        print(f"{existing[0]} is already there; nothing was written", file=sys.stderr)
        return 2
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{folder}: {error.strerror}", file=sys.stderr)
        return 2
    paths = [str(folder / name) for name in files]
    print(
        "\n".join([*(f"wrote {path}" for path in paths), f"try: coopgov check {paths[0]} --rules {paths[1]}"])
    )
    return 0

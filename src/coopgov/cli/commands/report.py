"""`coopgov report`: report on a period, and make or verify an evidence pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_rules
from coopgov.cli.output import say, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import PeriodError
from coopgov.locales import one_of, phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cases.cases import Cases
    from coopgov.cli.parser import Parser
    from coopgov.reports.evidence import EvidenceInputs
    from coopgov.reports.notes import ReportNotes

__all__ = ["add_arguments", "run"]

FORMATS = ("html", "md", "json", "pdf", "docx")
_KINDS = ("quarterly", "yearly", "custom")


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", nargs="?", type=Path, metavar="AGREEMENT", help="report.agreement")
    command.add_argument("--period", metavar="PERIOD", type=command.reader(_period), help="report.period")
    command.add_argument("--kind", choices=_KINDS, help="report.kind")
    command.add_argument(
        "--format", type=command.reader(_formats), default=("html",), metavar="FORMATS", help="report.format"
    )
    command.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="report.out")
    add_rules(command)
    add_day(command, "report.as-of")
    command.add_argument("--store", metavar="STORE", help="shared.store")
    command.add_argument("--notes", type=Path, metavar="FILE", help="report.notes")
    command.add_argument("--brief", action="store_true", help="report.brief")
    command.add_argument(
        "--font-path", action="append", default=[], metavar="FOLDER", help="report.font-path"
    )
    command.add_argument("--evidence", type=Path, metavar="PACK.zip", help="report.evidence")
    command.add_argument("--verify", type=Path, metavar="PACK.zip", help="report.verify")
    command.set_defaults(run=run, wrong_usage=command.error)


def _period(text: str) -> str:
    from coopgov.reports.period import ReportPeriod

    try:
        ReportPeriod.parse(text)
    except PeriodError as error:
        raise WrongValueError(text, error.expected) from None
    return text


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(each.strip() for each in text.split(",")))
    if not all(each in FORMATS for each in found):
        raise WrongValueError(text, one_of(FORMATS))
    return found


def run(options: Namespace) -> int:
    """Write the report in each language and format; or verify a pack."""
    if options.verify is not None:
        return _verify(options)
    if options.agreement is None:
        options.wrong_usage(phrase("cli.argparse.required", names="AGREEMENT"))
    from coopgov.reports.evidence import Loaded, file_name, make_evidence
    from coopgov.reports.write import write_report

    inputs = _inputs(options)
    written = {
        file_name(made, name): write_report(made, name, fonts=options.font_path)
        for made in Loaded.of(inputs).reports()
        for name in options.format
    }
    packs = {options.evidence: make_evidence(inputs, written)} if options.evidence else {}
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for path, data in ({options.out / name: data for name, data in written.items()} | packs).items():
            path.write_bytes(data)
            write(say("written.file", options.lang, path=path))
    except OSError as error:
        why = error.strerror or str(error)
        path = error.filename or options.out
        to_stderr(phrase("cli.messages.nothing-written", path=path, why=why), options.message_lang)
        return 2
    return 0


def _inputs(options: Namespace) -> EvidenceInputs:
    """What the report is made from: the options, then the notes."""
    from coopgov.reports.evidence import EvidenceInputs
    from coopgov.reports.notes import load_report_notes

    notes = load_report_notes(options.notes) if options.notes else None
    period: str | None = options.period or (str(notes.period) if notes and notes.period else None)
    if period is None:
        period = ""
        options.wrong_usage(phrase("cli.argparse.required", names="--period"))
    as_of = options.as_of or (notes.file.as_of if notes else None)
    return EvidenceInputs(
        agreement=options.agreement,
        period=period,
        rules=tuple(options.rules or ()),
        notes=options.notes,
        cases=_cases(options, period) if options.store else None,
        as_of=as_of,
        kind=options.kind or (notes.file.kind if notes else None),
        languages=_languages(options, notes),
        brief=options.brief,
    )


def _languages(options: Namespace, notes: ReportNotes | None) -> tuple[str, ...]:
    """The language of `--lang`, else those of the notes, else that of the configuration or of the system."""
    from coopgov.languages import relative

    asked = options.asked_lang
    if asked is None and notes and notes.file.languages:
        return tuple(dict.fromkeys(map(relative, notes.file.languages)))
    return (options.lang,)


def _cases(options: Namespace, period: str) -> Cases:
    """The cases of the store as they were on the date of the report."""
    from coopgov.cases.replay import replay
    from coopgov.cli.case_store import changes_of, opened
    from coopgov.reports.period import ReportPeriod

    with opened(options) as store:
        return replay(changes_of(store), to=options.as_of or ReportPeriod.parse(period).last)


def _verify(options: Namespace) -> int:
    """Make the report of a pack again; 1 if something differs."""
    from coopgov.reports.verify import verify_evidence

    result = verify_evidence(options.verify)
    for each in result.differences:
        to_stderr(each.in_language(options.message_lang))
    if not result.ok:
        return 1
    for name in result.checked:
        write(say("report.equal", options.lang, name=name))
    write(say("report.verified", options.lang, path=options.verify))
    return 0

"""`coopgov template`: write a document from a template, filled from an agreement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_rules
from coopgov.cli.output import say, to_stderr, write
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]

_NAMES = ("agreement", "charter", "handbook", "agenda", "minutes")
_FORMATS = ("md", "html", "json", "pdf", "docx")
_TEXT = ("md", "html", "json")
"""The formats that can be printed."""


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("name", choices=_NAMES, metavar="TEMPLATE", help="template.name")
    command.add_argument("agreement", nargs="?", metavar="AGREEMENT", help="template.agreement")
    command.add_argument("--format", choices=_FORMATS, default="md", help="template.format")
    command.add_argument("--out", type=Path, metavar="FILE", help="template.out")
    add_rules(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def run(options: Namespace) -> int:
    """Fill the template, and write it to a file or print it."""
    from coopgov.model import load_agreement
    from coopgov.reports.templates import template
    from coopgov.reports.write import write_report
    from coopgov.rules import load_rules

    if options.out is None and options.format not in _TEXT and sys.stdout.isatty():
        options.wrong_usage(phrase("cli.argparse.required", names="--out"))
    agreement = load_agreement(options.agreement) if options.agreement else None
    rules = load_rules(*(options.rules or ()))
    document = template(options.name, agreement, rules=rules, language=options.lang)
    written = write_report(document, options.format)
    if options.out is None:
        _print(written, text=options.format in _TEXT)
        return 0
    try:
        options.out.write_bytes(written)
    except OSError as error:
        why = error.strerror or str(error)
        to_stderr(phrase("cli.messages.nothing-written", path=options.out, why=why), options.message_lang)
        return 2
    write(say("written.file", options.lang, path=options.out))
    return 0


def _print(written: bytes, *, text: bool) -> None:
    if text:
        write(written.decode().rstrip("\n"))
    else:
        sys.stdout.buffer.write(written)

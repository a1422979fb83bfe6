"""`coopgov workbook form`: write the operations form of an agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day, day
from coopgov.cli.output import say, write
from coopgov.cli.parser import WrongValueError
from coopgov.faults import did_you_mean
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]

_SHEETS = ("tasks", "readings", "spending", "meetings")
_FORMS = ("text", "day", "number", "money", "share")


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="shared.agreement-file")
    command.add_argument("file", metavar="FILE", help="shared.workbook-out")
    command.add_argument(
        "--for",
        dest="sheets",
        type=command.reader(_sheets),
        default=_SHEETS,
        metavar="SHEETS",
        help="workbook-form.for",
    )
    command.add_argument(
        "--own-column",
        type=command.reader(_own),
        action="append",
        default=[],
        metavar="NAME:FORM",
        help="workbook-form.own-column",
    )
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help="workbook-form.as-of")
    command.set_defaults(run=run)


def _sheets(text: str) -> tuple[str, ...]:
    names = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in names or ("",):
        if each not in _SHEETS:
            expected = phrase("cli.usage.one-of", choices=listed(_SHEETS))
            raise WrongValueError(each, expected, did_you_mean(each, _SHEETS))
    return names


def _own(text: str) -> tuple[str, str]:
    name, _, form = text.partition(":")
    if not name or not all(letter.isalnum() or letter in "-_." for letter in name) or not name[0].isalnum():
        raise WrongValueError(text, phrase("cli.usage.own-column"))
    if (form or "text") not in _FORMS:
        expected = phrase("cli.usage.one-of", choices=listed(_FORMS))
        raise WrongValueError(form, expected, did_you_mean(form, _FORMS))
    return name, form or "text"


def run(options: Namespace) -> int:
    """Write the form."""
    from coopgov.connect.workbooks import write_form
    from coopgov.model import load_agreement

    write_form(
        load_agreement(options.agreement),
        options.file,
        on=options.as_of or current_day(),
        sheets=options.sheets,
        own_columns=dict(options.own_column),
        language=options.lang,
    )
    write(say("written.workbook", options.lang, path=options.file))
    return 0

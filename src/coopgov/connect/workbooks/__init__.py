"""Workbooks: an agreement, or a form for what is observed, as XLSX or ODS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, a_day, checked, each, one_of, or_none
from coopgov.connect.workbooks.form import FORMS, form_of, part_from_form
from coopgov.connect.workbooks.write import empty_workbook, workbook_of
from coopgov.languages import LANGUAGES
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.source.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from coopgov.model import Agreement, AgreementPart

__all__ = ["new_workbook", "read_form", "write_form", "write_workbook"]

_LANGUAGE = one_of(LANGUAGES)
_SHEETS = each(one_of(tuple(FORMS)), "errors.expected.sheets")


@checked(path=A_PATH, language=_LANGUAGE)
def new_workbook(path: str | Path, *, language: str = "en") -> None:
    """Write an empty workbook for a whole agreement; `coopgov.load_agreement` reads it once it is filled in.

    Needs `pip install "coopgov[excel]"`.

    Args:
        path: the XLSX file.
        language: the language of titles, notes and lists.

    Raises:
        InputError: it cannot be written.
    """
    replace_file(Path(path), empty_workbook(language))


@checked(agreement=AN_AGREEMENT, path=A_PATH, language=_LANGUAGE)
def write_workbook(agreement: Agreement, path: str | Path, *, language: str = "en") -> None:
    """Write an agreement as a workbook, from which `coopgov.load_agreement` reads an equal agreement.

    Needs `pip install "coopgov[excel]"`.

    Args:
        agreement: the agreement.
        path: the XLSX file.
        language: the language of titles, notes and lists.

    Raises:
        InputError: it cannot be written.
    """
    replace_file(Path(path), workbook_of(agreement, language))


@checked(agreement=AN_AGREEMENT, path=A_PATH, on=a_day, sheets=_SHEETS, language=_LANGUAGE)
def write_form(
    agreement: Agreement,
    path: str | Path,
    *,
    on: date,
    sheets: Iterable[str] = ("tasks", "readings", "spending", "meetings"),
    own_columns: Mapping[str, str] | None = None,
    language: str = "en",
) -> None:
    """Write a form in which people fill in what they observe; `coopgov.read_form` reads it back.

    Needs `pip install "coopgov[excel]"`.

    Args:
        agreement: the agreement.
        path: the XLSX file.
        on: the day of the form: statuses and progress count from it.
        sheets: any of `tasks`, `readings`, `spending`, `meetings`.
        own_columns: columns of your own for tasks: their names, and the form of their values: `text`, `day`, `number`,
            `money` or `share`.
        language: the language of titles, notes and lists.

    Raises:
        InputError: it cannot be written.
    """
    replace_file(Path(path), form_of(agreement, tuple(sheets), own_columns or {}, on, language))


@checked(path=A_PATH, as_of=or_none(a_day))
def read_form(path: str | Path, *, as_of: date | None = None) -> AgreementPart:
    """Read a form that was filled in, as a part of its agreement.

    Needs `pip install "coopgov[excel]"`.

    Args:
        path: the XLSX, XLSM, XLS or ODS file.
        as_of: the day on which it was filled in; by default, the day of the form.

    Raises:
        AgreementError: with every fault, each at its cell.
    """
    return part_from_form(Path(path), as_of)

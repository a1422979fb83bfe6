"""Reads an agreement from a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.connect.workbooks.assemble import assemble
from coopgov.connect.workbooks.grid import grids_of
from coopgov.connect.workbooks.read import read_sheets
from coopgov.errors import AgreementError, InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase
from coopgov.model import AGREEMENT_FORMAT, Agreement
from coopgov.model.agreement import agreement_of
from coopgov.source import plain
from coopgov.source.quick import collecting_later

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load_workbook_agreement"]


@collecting_later()
def load_workbook_agreement(path: Path, name: str) -> Agreement:
    """Read an agreement from a workbook; `coopgov.load_agreement` calls this for the endings of workbooks.

    Raises:
        AgreementError: with every fault, each at its cell.
    """
    try:
        sheets = read_sheets(grids_of(path, name), name)
    except InputError as error:
        raise AgreementError(error.faults) from None
    if "agreement" not in sheets.rows:
        found, expected = phrase("workbook.no-sheet.found"), phrase("workbook.no-sheet.expected")
        hint = phrase("workbook.no-sheet.form") if sheets.rows else phrase("workbook.no-sheet.hint")
        raise AgreementError([Fault(Place(name, 1, 1), "no-agreement-sheet", found, expected, hint)])
    try:
        root = assemble(sheets, partial=False)
        data = {"coopgov": AGREEMENT_FORMAT, **dict(plain(root))}  # type: ignore[call-overload]  # a mapping
        agreement = agreement_of(data, sheets.document)
    except AgreementError as error:
        marked = {each.place for each in sheets.faults}
        rest = [each for each in error.faults if each.place not in marked]
        raise AgreementError([*sheets.faults, *rest]) from None
    if sheets.faults:
        raise AgreementError(sheets.faults)
    return agreement

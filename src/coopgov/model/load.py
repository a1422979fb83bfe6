"""Loads agreements from files, texts and Python objects, and reports all faults at once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_mapping, a_text, an_instance, checked, each, or_none
from coopgov.errors import AgreementError, InputError
from coopgov.model.agreement import Agreement, agreement_of, with_parts
from coopgov.model.contents import Contents, Origin
from coopgov.model.parts.load import load_part
from coopgov.model.parts.part import BUILDING, AgreementPart
from coopgov.model.parts.patterns import matching_files
from coopgov.model.strict import context_of
from coopgov.schema.locate import faults_of
from coopgov.schema.whole_file import every_fault, parsed, text_of
from coopgov.source import Document, read_document, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coopgov.faults import Fault, Place

__all__ = ["build_agreement", "load_agreement", "parse_agreement", "place_of", "read_agreement"]

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""The endings of workbooks, which can hold an agreement, too."""
_PARTS = each(an_instance((str, Path, AgreementPart), "errors.expected.parts"), "errors.expected.parts")


@checked(path=A_PATH, name=or_none(a_text), parts=_PARTS)
def load_agreement(
    path: str | Path, name: str | None = None, *, parts: Iterable[str | Path | AgreementPart] = ()
) -> Agreement:
    """Read an agreement from a YAML or JSON file, with the parts that its key `parts` names, or from a workbook.

    Args:
        path: the file.
        name: the name of the file in faults; by default, the path.
        parts: further parts, or paths of their files.

    Raises:
        AgreementError: with every fault of all files.
    """
    name = name or str(path)
    if Path(path).suffix.lower() in WORKBOOKS:
        return _of_workbook(Path(path), name, tuple(parts))
    text = text_of(path, AgreementError, "agreement", name)
    parts = tuple(parts)
    if not parts and "parts" not in text:
        return parse_agreement(text, name)
    try:
        document = read_document(text, name)
    except InputError:
        return parse_agreement(text, name)  # which reports what can be said of a file that cannot be read
    data = document.data
    if parts or (isinstance(data, dict) and "parts" in data):
        return _with_files(document, data, Path(path).parent, parts)
    try:
        return agreement_of(data, document)
    except InputError as error:
        raise AgreementError(every_fault(text, name, read_agreement, error)) from None


def _of_workbook(path: Path, name: str, given: tuple[str | Path | AgreementPart, ...]) -> Agreement:
    """Read an agreement from a workbook, which a package above this one does; it is loaded by its name."""
    agreement: Agreement = import_module("coopgov.connect.workbooks.load").load_workbook_agreement(path, name)
    for one in given:
        agreement = agreement.with_part(one if isinstance(one, AgreementPart) else load_part(one))
    return agreement


def _with_files(
    document: Document, data: object, folder: Path, given: tuple[str | Path | AgreementPart, ...]
) -> Agreement:
    """Merge the parts that an agreement names and those that were given; all faults of all files are reported."""
    faults: list[Fault] = []
    base: Contents | None = None
    try:
        base = _contents(document, data)
    except AgreementError as error:
        faults += error.faults
    patterns = base.parts if base else [*texts_in(document.find(("parts",)))]
    found, missing = matching_files(document, folder, patterns)
    faults += missing
    files = {
        str(each): each for each in (*found, *(Path(one) for one in given if isinstance(one, (str, Path))))
    }
    parts: list[AgreementPart] = []
    for file in sorted(files):
        try:
            parts.append(load_part(files[file]))
        except AgreementError as error:
            faults += error.faults
    if faults or base is None:
        raise AgreementError(faults)
    return with_parts(base, [*parts, *(one for one in given if isinstance(one, AgreementPart))])


def _contents(document: Document, data: object) -> Contents:
    """Read the values of an agreement, which need not hold together without its parts."""
    with BUILDING:
        Contents.model_rebuild()
    try:
        contents = Contents.model_validate(data, context=context_of(data))
    except ValidationError as error:
        raise AgreementError(faults_of(document, error, Contents)) from None
    contents._origin = Origin(document)  # noqa: SLF001  # set once, before anyone else has it
    return contents


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_agreement(text: str | bytes, name: str = "<text>") -> Agreement:
    """Read an agreement from a text in YAML or JSON.

    Args:
        text: the text, or its bytes in UTF-8.
        name: the name of the text in faults.

    Raises:
        AgreementError: with every fault of the text.

    >>> from coopgov import AgreementError, parse_agreement
    >>> try:
    ...     parse_agreement("{coopgov: agreement/1, id: x, title: X, currency: CNY, term: {start: 2026-01-05}}")
    ... except AgreementError as error:
    ...     [(fault.code, fault.place.column) for fault in error.faults]
    [('missing-key', 1), ('missing-key', 62)]
    """
    return parsed(text, name, read_agreement, AgreementError)


def read_agreement(document: Document) -> Agreement:
    """Read an agreement from a document, which may be a part of a larger file.

    Raises:
        AgreementError: with every fault of it.
    """
    return agreement_of(document.data, document)


@checked(mapping=a_mapping)
def build_agreement(mapping: Mapping[str, Any]) -> Agreement:
    """Build an agreement from Python objects: mappings, lists, texts, numbers, dates and truth values.

    Args:
        mapping: the keys of an agreement file, with their values. A number for a share is the share itself: 0.5 is
            50 %. Money is in whole units of its currency.

    Raises:
        AgreementError: with every fault; its place is the path of the value.

    >>> from datetime import date
    >>> from coopgov import build_agreement
    >>> agreement = build_agreement({
    ...     "coopgov": "agreement/1",
    ...     "id": "harbour-data",
    ...     "title": "Harbour data cooperation",
    ...     "currency": "CNY",
    ...     "term": {"start": date(2026, 1, 5), "end": date(2027, 6, 30)},
    ...     "parties": [{"id": "port"}, {"id": "university"}],
    ...     "phases": [{
    ...         "id": "setup",
    ...         "planned": {"start": date(2026, 1, 5), "end": date(2026, 3, 31)},
    ...         "actual": {"start": date(2026, 1, 8), "end": date(2026, 4, 20)},
    ...         "budget": 300_000,
    ...         "spending": [{"on": date(2026, 4, 20), "amount": 310_000}],
    ...     }],
    ... })
    >>> agreement.phases[0].id
    'setup'
    """
    return agreement_of(mapping, None)


def place_of(agreement: Agreement, path: Sequence[str | int]) -> Place | None:
    """Return the place of a value in the agreement's file; None if it came from Python objects.

    Keys are those of the file. The path of a dated entry, `("phases", 0, "budget", 0, "amount")`, also finds
    a bare value. A value that is not in the file has the place of the closest value above it.
    """
    if agreement.document is None:
        return None
    document, own = agreement.document.origin(path)
    return document.place(document.find(own)) if document else None

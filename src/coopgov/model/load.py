"""Loads agreements from files, texts and Python objects, and reports all faults at once."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_mapping, a_text, checked, or_none
from coopgov.errors import AgreementError, InputError
from coopgov.model.agreement import Agreement
from coopgov.model.contents import Origin
from coopgov.model.strict import context_of
from coopgov.schema.locate import faults_of
from coopgov.source import Document, collecting_later, in_full_width, own_text, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.errors import Fault, Place

__all__ = ["build_agreement", "load_agreement", "parse_agreement", "place_of", "read_agreement"]

_BUILDING = Lock()


@checked(path=A_PATH, name=or_none(a_text))
def load_agreement(path: str | Path, name: str | None = None) -> Agreement:
    """Read an agreement from a YAML or JSON file.

    Args:
        path: the file.
        name: the name of the file in faults; by default, the path.

    Raises:
        AgreementError: with every fault of the file.
    """
    name = name or str(path)
    try:
        data = own_text(Path(path), name)
    except InputError as error:
        raise AgreementError(error.faults) from None
    return parse_agreement(data, name)


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
    try:
        return read_agreement(read_document(text, name))
    except InputError as error:
        corrected = in_full_width(text, name, error.faults, _faults) or error
        raise AgreementError([*corrected.faults, *_behind(corrected)]) from None


def read_agreement(document: Document) -> Agreement:
    """Read an agreement from a document, which may be a part of a larger file.

    Raises:
        AgreementError: with every fault of it.
    """
    return _validated(document.data, document)


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
    return _validated(mapping, None)


def place_of(agreement: Agreement, path: Sequence[str | int]) -> Place | None:
    """Return the place of a value in the agreement's file; None if it came from Python objects.

    Keys are those of the file. The path of a dated entry, `("phases", 0, "budget", 0, "amount")`, also finds
    a bare value. A value that is not in the file has the place of the closest value above it.
    """
    document = agreement.document
    return document.place(document.find(path)) if document else None


def _behind(error: InputError) -> list[Fault]:
    """The further faults of a file that could be read despite some faults, without those that follow from them."""
    if not isinstance(error.document, Document):
        return []
    corrected = {fault.place.line for fault in error.faults}
    return [fault for fault in _faults(error.document) if fault.place.line not in corrected]


def _faults(document: Document) -> tuple[Fault, ...]:
    try:
        read_agreement(document)
    except AgreementError as error:
        return error.faults
    return ()


def _validated(data: object, document: Document | None) -> Agreement:
    with _BUILDING:  # pydantic builds the schema on first use; two threads must not build it at once
        Agreement.model_rebuild()
    try:
        with collecting_later():
            agreement = Agreement.model_validate(data, context=context_of(data))
    except ValidationError as error:
        raise AgreementError(faults_of(document, error, Agreement)) from None
    if document is not None:
        agreement._origin = Origin(document)  # noqa: SLF001 — set once, before anyone else has the agreement
    return agreement

"""Reads parts: files of what was observed, from YAML, JSON or Python objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_mapping, a_text, checked, or_none
from coopgov.errors import AgreementError
from coopgov.model.contents import Origin
from coopgov.model.parts.part import BUILDING, AgreementPart
from coopgov.schema.locate import faults_of
from coopgov.schema.whole_file import parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coopgov.source import Document


__all__ = ["build_part", "load_part", "parse_part", "part_of"]


@checked(path=A_PATH, name=or_none(a_text))
def load_part(path: str | Path, name: str | None = None) -> AgreementPart:
    """Read a part of an agreement from a YAML or JSON file.

    Args:
        path: the file.
        name: the name of the file in faults; by default, the path.

    Raises:
        AgreementError: with every fault of the file.
    """
    name = name or str(path)
    return parse_part(text_of(path, AgreementError, "part", name), name)


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_part(text: str | bytes, name: str = "<text>") -> AgreementPart:
    """Read a part of an agreement from a text in YAML or JSON.

    Args:
        text: the text, or its bytes in UTF-8.
        name: the name of the text in faults.

    Raises:
        AgreementError: with every fault of the text.

    >>> from coopgov import load_agreement, parse_part
    >>> part = parse_part('''
    ... coopgov: part/1
    ... into: harbour-data
    ... from: {format: survey, on: 2026-06-30}
    ... kpis: [{id: satisfaction, readings: [{on: 2026-06-29, value: 81}]}]
    ... ''')
    >>> agreement = load_agreement("examples/pilot/agreement.yaml").with_part(part)
    >>> [str(each.value) for each in agreement.kpis[1].readings]
    ['83', '78', '95', '81']
    """
    return parsed(text, name, _read, AgreementError)


@checked(mapping=a_mapping)
def build_part(mapping: Mapping[str, Any]) -> AgreementPart:
    """Build a part of an agreement from Python objects, as `coopgov.build_agreement` builds an agreement.

    Args:
        mapping: the keys of a part's file, with their values.

    Raises:
        AgreementError: with every fault; its place is the path of the value.
    """
    return part_of(mapping, None)


def _read(document: Document) -> AgreementPart:
    return part_of(document.data, document)


def part_of(data: object, document: Document | None) -> AgreementPart:
    """Return the part with the values of a file or of Python objects.

    Raises:
        AgreementError: with every fault.
    """
    with BUILDING:
        AgreementPart.model_rebuild()
    try:
        part = AgreementPart.model_validate(data, context={"strict": False})
    except ValidationError as error:
        raise AgreementError(faults_of(document, error, AgreementPart)) from None
    if document is not None:
        part._origin = Origin(document)  # noqa: SLF001  # set once, before anyone else has the part
    return part

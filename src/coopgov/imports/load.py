"""Reads import mappings, and lays them over the mapping that is shipped for a format."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.errors import InputError, MappingError
from coopgov.imports.mapping import ImportMapping
from coopgov.model.contents import Origin
from coopgov.schema import faults_of
from coopgov.source import Document, in_full_width, own_text, plain, read_document

if TYPE_CHECKING:
    from coopgov.errors import Fault
    from coopgov.imports.mapping import FieldEntry

__all__ = ["load_import_mapping", "parse_import_mapping", "shipped_fields"]


@checked(path=A_PATH)
def load_import_mapping(path: str | Path) -> ImportMapping:
    """Read an import mapping: how the fields of another system become tasks of an agreement.

    Raises:
        MappingError: with every fault of the file.
    """
    try:
        text = own_text(Path(path), str(path), "import")
    except InputError as error:
        raise MappingError(error.faults) from None
    return parse_import_mapping(text, str(path))


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_import_mapping(text: str | bytes, name: str = "<text>") -> ImportMapping:
    """Read an import mapping from its text; `name` is what faults call it.

    Raises:
        MappingError: with every fault of the text.

    >>> mapping = parse_import_mapping('''
    ... coopgov: import/1
    ... from: csv
    ... into: harbour-data
    ... phase: {id: core}
    ... fields: {id: No, name: Task, planned_end: [Due, Due date]}
    ... ''')
    >>> mapping.format, [each.source for each in mapping.fields["planned_end"].columns]
    ('csv', ['Due', 'Due date'])
    """
    try:
        return _validated(read_document(text, name))
    except InputError as error:
        corrected = in_full_width(text, name, error.faults, _faults) or error
        raise MappingError(corrected.faults) from None


def shipped_fields(format_name: str) -> dict[str, FieldEntry]:
    """The fields of a format whose columns have the same names everywhere; a mapping's own fields come first."""
    source = files("coopgov.imports").joinpath("shipped", f"{format_name}.yaml")
    if not source.is_file():
        return {}
    mapping = parse_import_mapping(source.read_text(encoding="utf-8"), f"{format_name}.yaml")
    return {str(key): entry for key, entry in mapping.fields.items()}


def _validated(document: Document) -> ImportMapping:
    try:
        mapping = ImportMapping.model_validate(plain(document.root))
    except ValidationError as error:
        found = faults_of(document, error, ImportMapping)
    else:
        mapping._origin = Origin(document)  # noqa: SLF001  # set once, before anyone else has it
        return mapping
    raise MappingError(found)


def _faults(document: Document) -> tuple[Fault, ...]:
    try:
        _validated(document)
    except MappingError as error:
        return error.faults
    return ()

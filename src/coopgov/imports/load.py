"""Reads import mappings, and lays them over the mapping that is shipped for a format."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.errors import MappingError
from coopgov.imports.mapping import ImportMapping
from coopgov.model.contents import Origin
from coopgov.schema.whole_file import parsed_as, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.imports.mapping import FieldEntry

__all__ = ["load_import_mapping", "parse_import_mapping", "shipped_fields"]


@checked(path=A_PATH)
def load_import_mapping(path: str | Path) -> ImportMapping:
    """Read an import mapping: how the fields of another system become tasks of an agreement.

    Raises:
        MappingError: with every fault of the file.
    """
    return parse_import_mapping(text_of(path, MappingError, "import"), str(path))


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
    mapping, document = parsed_as(text, name, ImportMapping, MappingError)
    mapping._origin = Origin(document)  # noqa: SLF001  # set once, before anyone else has it
    return mapping


def shipped_fields(format_name: str) -> dict[str, FieldEntry]:
    """The fields of a format whose columns have the same names everywhere; a mapping's own fields come first."""
    source = files("coopgov.imports").joinpath("shipped", f"{format_name}.yaml")
    if not source.is_file():
        return {}
    mapping = parse_import_mapping(source.read_text(encoding="utf-8"), f"{format_name}.yaml")
    return {str(key): entry for key, entry in mapping.fields.items()}

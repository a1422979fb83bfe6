"""Reads a file as one value of a class, or raises one error with every fault of its structure and of its content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from coopgov.errors import InputError
from coopgov.schema.locate import faults_of
from coopgov.source.full_width import in_full_width
from coopgov.source.nodes import Document
from coopgov.source.read import own_text, read_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.faults import Fault

__all__ = ["every_fault", "parsed", "parsed_as", "text_of", "validated"]

File = TypeVar("File", bound=BaseModel)
Value = TypeVar("Value")


def text_of(path: str | Path, error: type[InputError], sort: str, name: str | None = None) -> str:
    """Return the text of a coopgov file, whose faults have the class `error`.

    Args:
        path: the file.
        error: the class of the error that is raised.
        sort: the sort of file that is wanted, such as `events`; the hint for a folder names one that is in it.
        name: the name of the file in faults; by default, the path.
    """
    try:
        return own_text(Path(path), name or str(path), sort)
    except InputError as found:
        raise error(found.faults) from None


def parsed(text: str | bytes, name: str, read: Callable[[Document], Value], error: type[InputError]) -> Value:
    """Return what `read` makes of a text, or raise `error` with every fault of it."""
    try:
        return read(read_document(text, name))
    except InputError as found:
        raise error(every_fault(text, name, read, found)) from None


def parsed_as(
    text: str | bytes, name: str, model: type[File], error: type[InputError]
) -> tuple[File, Document]:
    """Return a text as a value of its class, with its document, or raise `error` with every fault of it."""
    return parsed(text, name, lambda document: (validated(document, model), document), error)


def every_fault(
    text: str | bytes, name: str, read: Callable[[Document], object], error: InputError
) -> list[Fault]:
    """Return the faults of a text that cannot be read.

    Full-width punctuation that causes faults is reported in their place, and so is what `read` finds in the part of
    the text that can be read nevertheless, except on lines that have a fault already.
    """
    found = in_full_width(text, name, error.faults, lambda document: _faults(document, read)) or error
    lines = {fault.place.line for fault in found.faults}
    behind = _faults(found.document, read) if isinstance(found.document, Document) else ()
    return [*found.faults, *(fault for fault in behind if fault.place.line not in lines)]


def _faults(document: Document, read: Callable[[Document], object]) -> tuple[Fault, ...]:
    try:
        read(document)
    except InputError as error:
        return error.faults
    return ()


def validated(document: Document, model: type[File]) -> File:
    """Return a document as a value of its class.

    Raises:
        InputError: with every fault of it.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise InputError(faults_of(document, error, model)) from None

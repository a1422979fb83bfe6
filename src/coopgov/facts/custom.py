"""Reads the custom values of an agreement by the types that a rule file declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.facts.coerce import typed_value
from coopgov.schema import Reporting

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Fact
    from coopgov.facts.subject import Subject
    from coopgov.faults import Fault
    from coopgov.language.types import Type
    from coopgov.model import Agreement

__all__ = ["custom_value"]


def custom_value(agreement: Agreement, subject: Subject, fact: Fact, faults: list[Fault]) -> Any:
    """Return a custom value in its declared type; a value that does not fit becomes a fault at its place."""
    written = subject.part.custom[fact.name]
    assert fact.type is not None
    with Reporting(faults, agreement.document, *subject.path, "custom", fact.name):
        return _declared(agreement, str(written), fact.type)
    return None


def _declared(agreement: Agreement, written: str, kind: Type) -> Any:
    """A value of a declared type.

    Texts stay as written, money counts from the start of the term as all undated does.
    """
    if kind.kind == "text":
        return written
    return typed_value(agreement, written, kind, agreement.counts_from)

"""Where in the agreement's file a value of an evaluation is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.model.load import place_of

if TYPE_CHECKING:
    from coopgov.model import Agreement
    from coopgov.schema.problems import Path

__all__ = ["at"]


def at(agreement: Agreement, path: Path) -> str | None:
    """The place of a value as `file:line:column`; None for an agreement that was not read from a file."""
    place = place_of(agreement, path)
    return None if place is None else str(place)

"""Keeps the intermediate columns of long calculations, such as date arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.backends.columnar.values import Column, Value

if TYPE_CHECKING:
    from coopgov.backends.columnar.context import Sheet

__all__ = ["Scratch"]


class Scratch:
    """Stores intermediate values as columns; whatever uses them comes one step later."""

    def __init__(self, sheet: Sheet, stage: int) -> None:
        self.sheet = sheet
        self.stage = stage

    def keep(self, value: Column) -> Column:
        """Store a value as a column."""
        part = self.sheet.stored(Value(value, stage=self.stage))
        assert isinstance(part, Value)
        self.stage = part.stage
        return part.value

    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds; another one (or null) elsewhere."""
        return self.sheet.choose(where, then, otherwise)

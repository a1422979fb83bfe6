"""A pad for long calculations, as those of days are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.backends.columnar.values import Column, Value

if TYPE_CHECKING:
    from coopgov.backends.columnar.context import Sheet

__all__ = ["Scratch"]


class Scratch:
    """A pad for long calculations: what is kept becomes a column, and what uses it comes a step later."""

    def __init__(self, sheet: Sheet, stage: int) -> None:
        self.sheet = sheet
        self.stage = stage

    def keep(self, value: Column) -> Column:
        """A column of a value."""
        part = self.sheet.stored(Value(value, stage=self.stage))
        assert isinstance(part, Value)
        self.stage = part.stage
        return part.value

    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds, another one (or null) elsewhere."""
        return self.sheet.choose(where, then, otherwise)

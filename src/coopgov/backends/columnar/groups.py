"""The items of a collection, grouped by the subject that they belong to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from coopgov.backends.columnar.values import Column, Condition, Part, any_of, false_of, unknown_of

if TYPE_CHECKING:
    from coopgov.backends.columnar.context import Sheet

__all__ = ["Group"]


class Group(ABC):
    """The items of an aggregate, grouped by subject: counts of conditions, and sums and extremes of values.

    `part` is the aggregate itself. More can be counted afterwards, which is how reasons look into a collection.
    """

    part: Part

    lost: Column | None = None
    """Where a sum is beyond the range of floats."""

    def __init__(self, sheet: Sheet, items: Sheet) -> None:
        self.sheet = sheet
        self.items = items

    @abstractmethod
    def count(self, condition: Column | None) -> Column:
        """The number of items for which a condition holds."""

    @abstractmethod
    def of(self, value: Column, how: str) -> Column:
        """The sum, minimum or maximum of values, without nulls."""

    @abstractmethod
    def finish(self, part: Part) -> Part:
        """Return a part made of counts, as columns of the subjects."""

    def kept(self, where: Condition, value: Condition) -> Column:
        """Where an item counts or may count."""
        return self.without(any_of([false_of(where), where.unset, value.unset]))

    def without(self, condition: Column | None) -> Column:
        """Where a condition does not hold for an item."""
        return self.items.always if condition is None else ~condition

    def unknown(self, condition: Condition) -> Column | None:
        """Where a condition is unknown for an item."""
        return unknown_of(condition, self.items.always)

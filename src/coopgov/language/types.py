"""The types of facts and expressions, and the ranges of numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["ANY", "DATE", "DAYS", "MONEY", "NUMBER", "OWN", "PERCENT", "TEXT", "TRUTH", "Range", "Type"]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression's values.

    `kind` is one of `truth`, `text`, `texts` (a list of texts), `date`, `number`, `quantity` (a number in `unit`),
    `money`, `own` (a number in the KPI's own unit) and `collection` (of subjects of type `item`). `unit` is the
    canonical unit; for money and own it is set on literals only (a currency, a unit) and compared with the data's.
    `percent` means that a number is displayed in %. `exact` money is the result of only adding and subtracting amounts.
    `choices` are the texts of an enumeration.
    """

    kind: str
    unit: str = ""
    percent: bool = False
    exact: bool = True
    choices: tuple[str, ...] = ()
    item: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are numbers: not truth values, texts, dates or collections."""
        return self.kind in ("number", "quantity", "money", "own")

    @property
    def ordered(self) -> bool:
        """Whether values have an order, so that one can be above another."""
        return self.numeric or self.kind == "date"

    def inexact(self) -> Type:
        """The same type, but not exact: the result of a multiplication or division of money."""
        return replace(self, exact=False) if self.exact and self.kind == "money" else self

    def __str__(self) -> str:
        if self.kind == "quantity":
            return {"day": "days", "hour": "hours", "month": "months", "working day": "working days"}.get(
                self.unit, f"a quantity in {self.unit}"
            )
        if self.kind == "number":
            return "a percentage" if self.percent else "a number"
        if self.kind == "own":
            return "a value in the KPI's own unit"
        if self.kind == "collection":
            return f"a collection of subjects of type {self.item}"
        return {"truth": "a condition", "text": "a text", "texts": "several texts", "date": "a date"}.get(
            self.kind, f"money ({self.unit})" if self.unit else "money"
        )


@dataclass(frozen=True, slots=True)
class Range:
    """The range of a fact, from `least` to `most` (None: unbounded), and whether it has `whole` numbers only."""

    least: int | None = None
    most: int | None = None
    whole: bool = False

    def __contains__(self, value: float) -> bool:
        low = self.least is None or value >= self.least
        high = self.most is None or value <= self.most
        return low and high and not (self.whole and value % 1)


ANY = Range()
TRUTH = Type("truth")
TEXT = Type("text")
DATE = Type("date")
NUMBER = Type("number")
PERCENT = Type("number", percent=True)
MONEY = Type("money")
OWN = Type("own")
DAYS = Type("quantity", "day")

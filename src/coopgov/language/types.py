"""The types that facts and expressions have."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["ANY", "DATE", "DAYS", "MONEY", "NUMBER", "OWN", "PERCENT", "TEXT", "TRUTH", "Range", "Type"]


@dataclass(frozen=True, slots=True)
class Type:
    """What values an expression has.

    `kind` is one of `truth`, `text`, `texts` (several of them), `date`, `number`, `quantity` (a number of `unit`),
    `money`, `own` (a number in the unit of the KPI at hand) and `collection` (of subjects of type `item`).
    `unit` is the canonical unit; for money and own it is set on literals only (a currency, a unit) and is then
    compared with that of the data. `percent` says that a number is shown in %. `exact` money came from amounts by
    adding and subtracting only. `choices` are the texts that an enumeration knows.
    """

    kind: str
    unit: str = ""
    percent: bool = False
    exact: bool = True
    choices: tuple[str, ...] = ()
    item: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are numbers that can be measured: not truths, texts, dates or collections."""
        return self.kind in ("number", "quantity", "money", "own")

    @property
    def ordered(self) -> bool:
        """Whether one value can be above another."""
        return self.numeric or self.kind == "date"

    def inexact(self) -> Type:
        """The same type, of money that went through a multiplication."""
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
    """Which numbers a fact can be, by its meaning: from `least` to `most`, None for no end; `whole` numbers only."""

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

"""The types of facts and expressions, and the ranges of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coopgov.locales import Phrase, listed, phrase

__all__ = ["ANY", "DATE", "DAYS", "MONEY", "NUMBER", "OWN", "PERCENT", "TEXT", "TRUTH", "Range", "Type"]


_NAMED_UNITS = ("day", "hour", "month", "working day")
"""Units whose quantities have a name of their own, such as `days`."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression's values.

    `kind` is one of `truth`, `text`, `texts` (a list of texts), `date`, `number`, `quantity` (a number in `unit`),
    `money`, `own` (a number in the KPI's own unit) and `collection` (of subjects of type `item`). `unit` is the
    canonical unit; for money and own it is set on literals only (a currency, a unit) and compared with the data's.
    `percent` means that a number is displayed in %. `exact` money is the result of only adding and subtracting amounts.
    `choices` are the texts of an enumeration; `group` names the words of the vocabulary that are among the values of an
    open text, such as `category`, so that literals may be synonyms.
    """

    kind: str
    unit: str = ""
    percent: bool = False
    exact: bool = True
    choices: tuple[str, ...] = ()
    item: str = ""
    group: str = field(default="", compare=False)

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

    @property
    def words(self) -> Phrase:
        """The type as errors name it, such as `days` or `a text`."""
        if self.kind == "quantity" and self.unit in _NAMED_UNITS:
            return phrase(f"language.types.{self.unit.replace(' ', '-')}s")
        if self.kind == "number" and self.percent:
            return phrase("language.types.percentage")
        if self.kind == "money" and self.unit:
            return phrase("language.types.currency", currency=self.unit)
        unit = phrase("language.types.point") if self.unit == "point" else self.unit
        return phrase(f"language.types.{self.kind}", unit=unit, item=self.item)

    @property
    def choice_words(self) -> Phrase:
        """The type as errors name it, with the texts of an enumeration."""
        return phrase("errors.one-of", choices=listed(self.choices)) if self.choices else self.words

    @property
    def unit_as_written(self) -> str:
        """The unit as rules write it behind a number, such as `days`, `kWh` or `money`; empty for plain numbers."""
        if self.kind == "money":
            return "money"
        return f"{self.unit}s" if self.unit in _NAMED_UNITS else self.unit

    def __str__(self) -> str:
        return str(self.words)


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
"""A number of any size."""
TRUTH = Type("truth")
"""The type of conditions."""
TEXT = Type("text")
"""The type of texts."""
DATE = Type("date")
"""The type of days."""
NUMBER = Type("number")
"""The type of plain numbers."""
PERCENT = Type("number", percent=True)
"""The type of shares."""
MONEY = Type("money")
"""The type of amounts of money."""
OWN = Type("own")
"""The type of values in the unit of their KPI."""
DAYS = Type("quantity", "day")
"""The type of durations in days."""

"""Base facts of payments: the visible entries of a phase's spending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coopgov.facts.base.table import WARNINGS, facts
from coopgov.model import money_of
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts.subject import Context, Subject
    from coopgov.model import Phase, Spending

__all__ = ["FACTS", "Payment", "payments_of", "read_payment"]

FACTS = facts(
    "payment",
    ("id", "text"),
    ("name", "text"),
    ("on", "date @"),
    ("amount", "money @on"),
    ("note", "text? @on"),
    ("position", "number [1.. whole]"),
    ("repeats", "number [0.. whole]"),
    ("previous_on", "date?"),
    *WARNINGS,
)


@dataclass(frozen=True, slots=True)
class Payment:
    """An entry of spending, its position in the file (from 0), and the number and the last of earlier equal ones."""

    entry: Spending
    position: int
    repeats: int
    previous: Payment | None

    @property
    def id(self) -> str:
        """The number of the payment within its phase."""
        return str(self.position + 1)

    @property
    def label(self) -> LocalText:
        """The display name."""
        return self.entry.note or LocalText((("", self.id),))


def payments_of(phase: Phase, context: Context) -> list[Payment]:
    """Return the visible payments of a phase, in file order."""
    return sorted(_by_day(phase, context), key=lambda payment: payment.position)


def _by_day(phase: Phase, context: Context) -> Iterator[Payment]:
    seen = [
        (entry, position)
        for position, entry in enumerate(phase.spending)
        if entry.on is None or context.seen(entry.on)
    ]
    same: dict[object, tuple[int, Payment | None]] = {}
    for entry, position in sorted(seen, key=lambda pair: pair[0].on or date.min):
        key = entry.amount, entry.note
        payment = Payment(entry, position, *same.get(key, (0, None)))
        yield payment
        same[key] = payment.repeats + 1, payment


def read_payment(subject: Subject, payment: Payment, context: Context) -> None:
    """Record the base facts of a payment."""
    entry = payment.entry
    subject.put("on", entry.on, "on")
    subject.put("amount", money_of(context.agreement, entry.amount, entry.on), "amount")
    subject.put("note", entry.note and str(entry.note), "note")
    subject.put("position", payment.position + 1)
    subject.put("repeats", payment.repeats, "amount")
    previous = payment.previous
    subject.put("previous_on", previous and previous.entry.on)
    if previous:
        subject.places["previous_on"] = (*subject.path[:-1], previous.position, "on")

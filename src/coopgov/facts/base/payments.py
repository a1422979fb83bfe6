"""Base facts of payments: the visible entries of a phase's spending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coopgov.facts.base.table import facts, warnings
from coopgov.model import money_of
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts.subject import Context, Subject
    from coopgov.model import Phase, Spending

__all__ = ["FACTS", "Payment", "payments_of", "read_payment"]

FACTS = facts(
    "payment",
    ("id", "text", "Its number in the phase: 1 for the first entry of `spending`, and so on."),
    ("name", "text", "Its note, in English where there is one; its number where there is none."),
    ("on", "date @", "The day on which it was paid."),
    ("amount", "money @on", "The money paid, in the agreement's currency; negative for a refund."),
    ("note", "text? @on", "What it was for, in English where there is one."),
    ("position", "number [1.. whole]", "1 for the first entry of the phase's `spending`, and so on."),
    (
        "repeats",
        "number [0.. whole]",
        "How many visible payments of the phase come before it, by day and then by position, with the same amount and note.",
    ),
    ("previous_on", "date?", "The day of the last of the payments that it repeats."),
    *warnings("Warnings about it"),
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
        if entry.on is None or entry.on <= context.as_of
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

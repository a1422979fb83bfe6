"""Receipts: what came of each part of each message, and of notices that no route takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from coopgov.locales import verbatim

if TYPE_CHECKING:
    from datetime import datetime

    from coopgov.locales import Phrase

__all__ = ["Receipt", "ReceiptState"]

ReceiptState = Literal["delivered", "again", "refused", "unsent", "held", "unrouted"]
"""What came of a part: delivered; tried again later; refused for good; not tried; held by the file; without a route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of a part of a message, or of notices for which there is none.

    - `channel` is empty where no route takes the notices.
    - `notices` are their ids.
    - `part` counts from 1; both numbers are 0 where no message was formed.
    - `to` is whom an e-mail is for, as the channels file or the agreement names it.
    - `why` is empty for `delivered` and `held`. `next` is when a part is tried again, None without a store.
    """

    channel: str
    notices: tuple[str, ...]
    state: ReceiptState
    part: int = 0
    parts: int = 0
    to: str | None = None
    why: Phrase = field(default_factory=lambda: verbatim(""))
    next: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do or to report: it was delivered, or the channels file holds it back."""
        return self.state in ("delivered", "held")

    def to_dict(self) -> dict[str, Any]:
        """The receipt as JSON."""
        return {
            "channel": self.channel or None,
            "notices": list(self.notices),
            "state": self.state,
            "part": self.part,
            "parts": self.parts,
            "to": self.to,
            "why": str(self.why) or None,
            "next": self.next and self.next.isoformat(),
        }

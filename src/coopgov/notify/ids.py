"""The ids of notices and messages: the same notice has the same id in every run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["id_in_outbox", "id_of_warning", "message_id"]


def id_in_outbox(agreement: str, seq: int, channel: str) -> str:
    """Return the id of a notice of the outbox for a channel, from the number of its row in the log.

    >>> id_in_outbox("harbour-data", 7, "bus")
    'N-3b004addf8fd9ee8'
    """
    return f"N-{_hash((agreement, str(seq), channel))}"


def id_of_warning(agreement: str, warning: str, severity: str, on: date) -> str:
    """Return the id of a notice without a store: of a warning, its severity and the day of the assessment."""
    return f"N-{_hash((agreement, warning, severity, on.isoformat()))}"


def message_id(notices: Iterable[str]) -> str:
    """Return the id of a message, its `Idempotency-Key`: from the ids of its notices, in order.

    >>> message_id(["N-1", "N-2"]) == message_id(["N-1"])
    False
    """
    return f"M-{_hash(tuple(notices))}"


def _hash(parts: tuple[str, ...]) -> str:
    """A hash of several texts, none of which can run into the next."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

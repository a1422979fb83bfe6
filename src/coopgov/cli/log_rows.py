"""Rows of the log of cases as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from coopgov.cases.change import CaseChange
from coopgov.cases.notice import Notice

if TYPE_CHECKING:
    from coopgov.cases.store.protocol import LogEntry

__all__ = ["row_of"]


def row_of(entry: LogEntry) -> dict[str, Any]:
    """A row: its number, when it was recorded, its hash, and the change, notice or redaction that it holds."""
    match entry.what:
        case CaseChange():
            held = {"change": entry.what.to_dict()}
        case Notice():
            held = {"notice": entry.what.to_dict()}
        case _:
            held = {"redaction": asdict(entry.what)}
    return {"seq": entry.seq, "at": entry.at, **held, "hash": entry.hash}

"""Stores of cases: what a store does, the stores in SQLite and PostgreSQL, the log and the outbox."""

from coopgov.cases.store.chain import BEFORE_THE_FIRST, Head, LogRow
from coopgov.cases.store.database import Durability
from coopgov.cases.store.opening import open_store
from coopgov.cases.store.protocol import (
    DeliveryState,
    LogEntry,
    Message,
    Outbox,
    Part,
    Posted,
    Redaction,
    Store,
)
from coopgov.cases.store.rebase import rebased, record
from coopgov.cases.store.sql_store import SqlStore
from coopgov.cases.store.texts import REDACTED

__all__ = [
    "BEFORE_THE_FIRST",
    "REDACTED",
    "DeliveryState",
    "Durability",
    "Head",
    "LogEntry",
    "LogRow",
    "Message",
    "Outbox",
    "Part",
    "Posted",
    "Redaction",
    "SqlStore",
    "Store",
    "open_store",
    "rebased",
    "record",
]

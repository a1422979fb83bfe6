"""Takes a free text out of a store: text and salt go, the hash stays, and the log says who did it and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from coopgov.cases.store.ledger import Writing
from coopgov.cases.store.texts import hashes_in

if TYPE_CHECKING:
    from datetime import date, datetime

    from coopgov.cases.store.database import Rows

__all__ = ["redact", "rows_with_texts"]


def redact(rows: Rows, row: int, *, by: str, reason: str, at: date | datetime) -> bool:
    """Black out the free texts of a row of the log, and those of its case that quote them; False if it has none."""
    logged = rows.execute("select case_id, data from log where seq = ?", row)
    hashes = {each for _, data in logged for each in hashes_in(json.loads(data))}
    sql = "select hash, text from texts where case_id = ? and text is not null"
    texts = {each: text for case, _ in logged for each, text in rows.execute(sql, case)}
    quoted = [_inner(texts[each]) for each in hashes if each in texts]
    gone = sorted(each for each, text in texts.items() if any(part in text for part in quoted))
    if not gone:
        return False
    for each in gone:
        rows.execute("update texts set salt = null, text = null where hash = ?", each)
    ((case, _),) = logged
    writing = Writing(rows, at)
    writing.append("redact", case, {"row": row, "by": by, "why": reason, "hashes": gone}, at)
    rows.execute("update cases set seq = ? where id = ?", writing.head.seq, case)
    _forget_payloads(rows, case)
    return True


def rows_with_texts(rows: Rows) -> tuple[int, ...]:
    """The rows of the log that have a free text which is not blacked out."""
    left = {each for (each,) in rows.execute("select hash from texts where text is not null")}
    logged = rows.execute("select seq, data from log order by seq")
    return tuple(seq for seq, data in logged if not left.isdisjoint(hashes_in(json.loads(data))))


def _inner(stored: str) -> str:
    """The text as it would be within a longer one, in JSON; the text of a notice counts as a whole."""
    return stored[1:-1] if stored.startswith('"') else stored


def _forget_payloads(rows: Rows, case: str) -> None:
    """Drop what was sent about the case; a message that is still on its way is formed again."""
    of_case = "select seq from log where kind = 'notice' and case_id = ?"
    sql = f"select distinct message from deliveries where message is not null and seq in ({of_case})"  # noqa: S608
    for (message,) in rows.execute(sql, case):
        ((state,),) = rows.execute("select state from messages where id = ?", message)
        if state != "pending":
            rows.execute("update parts set payload = ? where message = ?", '""', message)
            continue
        rows.execute("update deliveries set message = null where message = ?", message)
        rows.execute("delete from parts where message = ?", message)
        rows.execute("delete from messages where id = ?", message)

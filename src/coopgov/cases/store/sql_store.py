"""A store in the tables of a database, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from coopgov.cases.change import CaseChange
from coopgov.cases.notice import Notice
from coopgov.cases.store.damage import readable
from coopgov.cases.store.database import canonical
from coopgov.cases.store.inputs import Inputs
from coopgov.cases.store.ledger import Writing, data_of, has_row, head_of, read_cases
from coopgov.cases.store.outbox import SqlOutbox
from coopgov.cases.store.protocol import LogEntry, Redaction
from coopgov.cases.store.rebase import rebased
from coopgov.cases.store.redact import redact, rows_with_texts
from coopgov.cases.store.verify import Check
from coopgov.store_errors import NoFreeTextError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from coopgov.cases.cases import Cases
    from coopgov.cases.change import Step
    from coopgov.cases.store.chain import Head, LogRow
    from coopgov.cases.store.database import Database, Rows

__all__ = ["SqlStore"]

_MOST = 500
"""How many rows of the log are read at once."""


class SqlStore:
    """A `Store` in a database; also a context manager, which closes it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outbox = SqlOutbox(database)
        self._known: tuple[Head, Cases] | None = None

    def __repr__(self) -> str:
        return f"<Store {self.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The path or address, without a password."""
        return self._database.name

    @property
    def outbox(self) -> SqlOutbox:
        """The notices on their way."""
        return self._outbox

    @property
    def folder(self) -> Path | None:
        """The folder of the file; None for a server."""
        return self._database.folder

    @property
    def inputs(self) -> Inputs | None:
        """The files that the last `remember` named."""
        with self._database.reading() as rows, readable(self.name):
            for (value,) in rows.execute("select value from meta where name = 'inputs'"):
                data = json.loads(value)
                return Inputs(data["agreement"], tuple(data["rules"]))
        return None

    def remember(self, inputs: Inputs) -> None:
        """Keep the files that a step was made of; nothing that is logged depends on them."""
        if inputs == self.inputs:
            return
        value = canonical({"agreement": inputs.agreement, "rules": list(inputs.rules)})
        with self._database.writing() as rows:
            rows.execute("delete from meta where name = 'inputs'")
            rows.execute("insert into meta (name, value) values ('inputs', ?)", value)

    def open(self) -> Self:
        """Open the database now, so that a store that cannot be used is reported here."""
        with self._database.reading():
            return self

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def read(self) -> Cases | None:
        """Return the cases as they are now, or None before the first step."""
        with self._database.reading() as rows:
            return self._now(rows)

    def update(self, step: Callable[[Cases | None], Step], *, at: date | datetime | None = None) -> Step:
        """Record a step: all of it in one transaction, or nothing."""
        with self._database.writing() as rows:
            now = self._now(rows)
            made = rebased(self.name, now, step(now))
            if not made.changes and not made.notices:
                return made
            writing = Writing(rows, at)
            writing.step(now, made)
        self._known = writing.head, made.cases
        return made

    def _now(self, rows: Rows) -> Cases | None:
        """The cases as they are; what this store wrote or read before is not read again."""
        head = head_of(rows)
        if not head.seq:
            return None
        known = self._known
        if known is not None and not has_row(rows, known[0]):
            known = None  # a backup was restored meanwhile
        if known is None or known[0] != head:
            with readable(self.name):
                cases = read_cases(rows, known and known[1], known[0].seq if known else 0)
            self._known = known = head, cases
        return known[1]

    def log(self, *, case: str | None = None, after: int = 0) -> Iterator[LogEntry]:
        """Yield the rows of the log in order, of one case or of all, from the row after a number."""
        while True:
            with self._database.reading() as rows:
                found = self._database.log_rows(rows, after, _MOST)
                wanted = [self._entry(rows, row) for row in found if case in (None, row.case)]
            if not found:
                return
            yield from wanted
            after = found[-1].seq

    def _entry(self, rows: Rows, row: LogRow) -> LogEntry:
        with readable(self.name):
            return LogEntry(row.seq, row.at, _value(row.kind, data_of(rows, row.data)), row.hash)

    def verify(self, head: str | None = None) -> Head:
        """Check every row of the log, every free text, and that the cases are what the log makes of them."""
        with self._database.reading() as rows:
            return Check(self._database, rows, head).run()

    def redact(self, row: int, *, by: str, reason: str, at: date | datetime) -> None:
        """Black out the free texts of a row of the log, wherever they are, and log that it was done."""
        with self._database.writing() as rows:
            if not redact(rows, row, by=by, reason=reason, at=at):
                raise NoFreeTextError(self.name, row, rows_with_texts(rows))


def _value(kind: str, data: Any) -> CaseChange | Notice | Redaction:
    if kind == "change":
        return CaseChange.from_dict(data)
    if kind == "notice":
        return Notice.from_dict(data)
    return Redaction(data["row"], data["by"], data["why"], tuple(data["hashes"]))

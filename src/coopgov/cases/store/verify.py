"""Checks a whole store: the chain of the log, the free texts, and that the cases are what the log makes of them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from coopgov.case_errors import CaseError
from coopgov.cases.change import CaseChange
from coopgov.cases.replay import replay
from coopgov.cases.store.chain import BEFORE_THE_FIRST, Head
from coopgov.cases.store.damage import UNREADABLE
from coopgov.cases.store.ledger import read_cases
from coopgov.cases.store.texts import hashes_in, is_hash_of, revealed
from coopgov.store_errors import BrokenLogError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.cases.cases import Cases
    from coopgov.cases.store.chain import LogRow
    from coopgov.cases.store.database import Database, Rows

__all__ = ["Check", "chunks"]

_MOST = 1000
"""How many rows of the log are read at once."""


def chunks(database: Database, rows: Rows, after: int = 0) -> Iterator[LogRow]:
    """Yield the rows of the log from the row after a number."""
    while found := database.log_rows(rows, after, _MOST):
        yield from found
        after = found[-1].seq


class Check:
    """One check of a store, within one transaction that sees one state."""

    def __init__(self, database: Database, rows: Rows, head: str | None) -> None:
        self._database = database
        self._rows = rows
        self._wanted = head
        self._changes: list[CaseChange] = []
        self._last: dict[str, int] = {}
        self._notices: list[int] = []
        self._texts: dict[str, int] = {}
        self._redacted: set[str] = set()

    def run(self) -> Head:
        """Check everything, in the order in which faults explain each other, and return the last row."""
        head = self._chain()
        with self._sound(head.seq, "text"):
            self._free_texts()
        self._cases(head)
        with self._sound(head.seq, "notice"):
            self._outbox(head)
        self._database.check(self._rows)
        return head

    def _broken(self, seq: int, what: str, found: object, expected: object) -> BrokenLogError:
        return BrokenLogError(self._database.name, seq, what, str(found), str(expected))

    @contextmanager
    def _sound(self, seq: int, what: str) -> Iterator[None]:
        """Whatever cannot be read there is not as it was written."""
        try:
            yield
        except (*UNREADABLE, CaseError) as error:
            raise self._broken(seq, what, f"{type(error).__name__}: {error}", "JSON") from None

    def _chain(self) -> Head:
        seq, last, seen = 0, BEFORE_THE_FIRST, self._wanted in (None, BEFORE_THE_FIRST)
        for row in chunks(self._database, self._rows):
            if row.seq != seq + 1:
                raise self._broken(seq + 1, "seq", row.seq, seq + 1)
            if row.previous != last:
                raise self._broken(row.seq, "previous", row.previous, last)
            if row.hash != row.computed():
                raise self._broken(row.seq, "hash", row.hash, row.computed())
            seq, last = row.seq, row.hash
            seen = seen or row.hash == self._wanted
            with self._sound(row.seq, "data"):
                self._keep(row)
        if not seen:
            raise self._broken(seq, "head", last, self._wanted)
        return Head(seq, last)

    def _keep(self, row: LogRow) -> None:
        """Remember what the row says of cases, texts and notices."""
        value = json.loads(row.data)
        self._texts.update((each, row.seq) for each in hashes_in(value) if each not in self._texts)
        self._last[row.case] = row.seq
        if row.kind == "change":
            self._changes.append(value)
        elif row.kind == "notice":
            self._notices.append(row.seq)
        else:
            self._redacted.update(value["hashes"])

    def _free_texts(self) -> None:
        """Each free text is that of its hash, or was redacted by a row of the log."""
        stored = {
            each: (salt, text)
            for each, salt, text in self._rows.execute("select hash, salt, text from texts")
        }
        for each, seq in self._texts.items():
            salt, text = stored.get(each, (None, None))
            if each in self._redacted:
                if salt is not None or text is not None:
                    raise self._broken(seq, "text", text, None)
            elif salt is None or text is None or not is_hash_of(each, salt, text):
                raise self._broken(seq, "text", text, each)
        with self._sound(0, "text"):
            self._known = {each: json.loads(text) for each, (_, text) in stored.items() if text is not None}

    def _cases(self, head: Head) -> None:
        """The cases are those that the log makes."""
        with self._sound(head.seq, "case"):
            stored = read_cases(self._rows, None, 0) if head.seq else None
        with self._sound(head.seq, "day"):
            changes = [CaseChange.from_dict(revealed(each, self._known)) for each in self._changes]
            made = replay(changes) if changes else None
        if stored == made:
            return
        for case in {*(made or ()), *(stored or ())}:
            pair = _of(stored, case.id), _of(made, case.id)
            if pair[0] != pair[1]:
                raise self._broken(self._last.get(case.id, head.seq), "case", *pair)
        raise self._broken(head.seq, "day", stored, made)

    def _outbox(self, head: Head) -> None:
        """The outbox has every notice of the log, and no other."""
        posted = [int(seq) for (seq,) in self._rows.execute("select seq from outbox order by seq")]
        if posted != self._notices:
            seq = min(set(posted) ^ set(self._notices), default=head.seq)
            raise self._broken(seq, "notice", seq in posted, seq in self._notices)


def _of(cases: Cases | None, case: str) -> Any:
    """A case as JSON, or None."""
    found = cases.get(case) if cases else None
    return found and json.dumps(found.to_dict(), ensure_ascii=False)

"""Writes a step into the tables within one transaction, and reads what is there: cases, texts, rows of the log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from coopgov.cases.case import Case
from coopgov.cases.cases import Cases
from coopgov.cases.store.chain import BEFORE_THE_FIRST, Head, link
from coopgov.cases.store.database import canonical
from coopgov.cases.store.texts import hashes_in, hidden, new_text, revealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from coopgov.cases.change import Step
    from coopgov.cases.store.database import Rows

__all__ = ["Writing", "data_of", "has_row", "head_of", "read_cases"]

_COLUMNS = ("rule", "about", "state", "severity", "is_open", "revision", "seq", "data")
_KEEP = (
    f"insert into cases ({', '.join(_COLUMNS)}, id, number) "  # noqa: S608  # names of columns
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(max(number), 0) + 1 from cases)) "
    f"on conflict (id) do update set {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}"
)
"""Keeps a case: a new one is the last in order, another keeps its place."""
_KNOW = "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value"
_LAST = "select seq, hash from log order by seq desc limit 1"


def head_of(rows: Rows) -> Head:
    """The last row of the log."""
    for seq, found in rows.execute(_LAST):
        return Head(int(seq), found)
    return Head(0, BEFORE_THE_FIRST)


def has_row(rows: Rows, head: Head) -> bool:
    """Whether the log still has a row that was its last one at some time."""
    return rows.execute("select hash from log where seq = ?", head.seq) == [(head.hash,)]


def data_of(rows: Rows, data: str) -> Any:
    """The JSON of a row with its free texts; redacted ones are blacked out."""
    value = json.loads(data)
    return revealed(value, _texts(rows, hashes_in(value)))


def _texts(rows: Rows, hashes: Any) -> Mapping[str, str]:
    sql = "select text from texts where hash = ? and text is not null"
    texts = {each: rows.execute(sql, each) for each in dict.fromkeys(hashes)}
    return {each: json.loads(stored[0][0]) for each, stored in texts.items() if stored}


def read_cases(rows: Rows, known: Cases | None, after: int) -> Cases:
    """The cases as they are; those that did not change since the row `after` are taken from `known`."""
    meta = {name: json.loads(value) for name, value in rows.execute("select name, value from meta")}
    changed = rows.execute("select id, data from cases where seq > ?", after)
    fresh = {each: Case.from_dict(data_of(rows, data)) for each, data in changed}
    order = [each for (each,) in rows.execute("select id from cases order by number")]
    cases = [fresh[each] if each in fresh else _known(known, each) for each in order]
    days = {"first": meta["first_day"], "last": meta["last_day"]}
    begun = Cases.from_dict({"agreement": meta["agreement"], "rules": meta["rules"], "cases": [], **days})
    return begun.having(cases)


def _known(known: Cases | None, case: str) -> Case:
    found = None if known is None else known.get(case)
    if found is None:  # two indexes of the table disagree
        raise LookupError(case)
    return found


class Writing:
    """Writes rows into the log, each chained to the one before it, and what follows from them."""

    def __init__(self, rows: Rows, at: date | datetime | None) -> None:
        self._rows = rows
        self._at = at
        self._texts: dict[str, dict[str, str]] = {}
        self.head = head_of(rows)

    def step(self, before: Cases | None, step: Step) -> None:
        """Write a step: its changes, the cases after it, and its notices."""
        last: dict[str, int] = {}
        for change in step.changes:
            self.append("change", change.case, change.to_dict(), change.on)
            last[change.case] = self.head.seq
        for case, seq in last.items():
            if case:
                self._case(case, step.cases.get(case), seq)
        for notice in step.notices:
            self.append("notice", notice.case, notice.to_dict(), notice.on)
            self._rows.execute("insert into outbox (seq) values (?)", self.head.seq)
        self._meta(before, step.cases)

    def append(self, kind: str, case: str, value: Any, on: date) -> None:
        """Append a row to the log."""
        at = (self._at or on).isoformat()
        data = canonical(hidden(value, self._hash_for(case, has_it=kind == "change")))
        previous, seq = self.head.hash, self.head.seq + 1
        found = link(previous, str(seq), at, kind, case, data)
        sql = "insert into log (seq, at, kind, case_id, data, previous, hash) values (?, ?, ?, ?, ?, ?, ?)"
        self._rows.execute(sql, seq, at, kind, case, data, previous, found)
        self.head = Head(seq, found)

    def _hash_for(self, case: str, *, has_it: bool) -> Callable[[Any], str]:
        """The hash of a free text: the one that this step has of it, or its case, if it can; else a new one."""

        def hash_of(text: Any) -> str:
            if has_it and case not in self._texts:
                self._texts[case] = self._texts_of(case)
            known = self._texts.get(case, {})
            found, salt, stored = new_text(text)
            if stored not in known:
                sql = "insert into texts (hash, case_id, salt, text) values (?, ?, ?, ?)"
                self._rows.execute(sql, found, case, salt, stored)
                known[stored] = found
            return known[stored]

        return hash_of

    def _texts_of(self, case: str) -> dict[str, str]:
        """The hashes of the free texts in a case as it is stored, by text."""
        hashes = {
            each
            for (data,) in self._rows.execute("select data from cases where id = ?", case)
            for each in hashes_in(json.loads(data))
        }
        sql = "select text from texts where hash = ? and text is not null"
        return {text: each for each in hashes for (text,) in self._rows.execute(sql, each)}

    def _case(self, id: str, case: Case | None, seq: int) -> None:  # noqa: A002  # the field's word
        """Write a case as it is after a row of the log; None removes it."""
        if case is None:
            self._rows.execute("delete from cases where id = ?", id)
            return
        data = canonical(hidden(case.to_dict(), self._hash_for(id, has_it=True)))
        values = (
            case.rule,
            case.about,
            case.state,
            case.severity,
            int(case.open),
            case.revision,
            seq,
            data,
            id,
        )
        self._rows.execute(_KEEP, *values)

    def _meta(self, before: Cases | None, after: Cases) -> None:
        """Write what is known of all cases together."""
        was = {} if before is None else _meta(before)
        for name, value in _meta(after).items():
            if was.get(name) != value:
                self._rows.execute(_KNOW, name, value)


def _meta(cases: Cases) -> dict[str, str]:
    """What is known of all cases together, as JSON."""
    return {
        "agreement": canonical(cases.agreement),
        "first_day": canonical(cases.first.isoformat()),
        "last_day": canonical(cases.last and cases.last.isoformat()),
        "rules": canonical(cases.rules),
    }

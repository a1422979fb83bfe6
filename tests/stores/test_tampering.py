"""Whoever changes a store past its triggers, in any way, is found by `verify`, which names the row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov import BrokenLogError, StoreError
from coopgov.cases.store.chain import LogRow, link
from coopgov.testing.stores.steps import answering, first_day, following

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLUMNS = ("seq", "at", "kind", "case_id", "data", "previous", "hash")
ROWS = 25


@pytest.fixture(name="whole", scope="module")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with days, answers, notes and a redaction."""
    path = tmp_path_factory.mktemp("whole") / "cases.db"
    with coopgov.open_store(path, durability="normal") as store:
        store.update(lambda _: first_day(2))
        for number in range(4):
            store.update(answering(number % 2, f"note {number}, 延期"))
            store.update(following(f"rule {number}" if number < 3 else ""))
        store.redact(7, by="dpo", reason="a request", at=date(2026, 11, 1))
        assert store.verify().seq == ROWS
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return path


@pytest.fixture(name="copied", scope="module")
def _copied(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    """Write a file for one example; that of the example before it is gone."""
    path = tmp_path_factory.mktemp("examples") / "cases.db"

    def copied(content: bytes = b"") -> Path:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(content or whole.read_bytes())
        return path

    return copied


@pytest.fixture(name="path")
def _path(whole: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    copy = tmp_path / "cases.db"
    copy.write_bytes(whole.read_bytes())
    return copy


def tampered(path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Change a store past its triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (trigger,) in connection.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            connection.execute(f"drop trigger {trigger}")
        for sql, values in statements:
            connection.execute(sql, values)


def found(path: Path, head: str | None = None) -> BrokenLogError:
    """The error that `verify` raises."""
    with coopgov.open_store(path) as store, pytest.raises(BrokenLogError) as caught:
        store.verify(head)
    return caught.value


def rows(path: Path) -> list[LogRow]:
    """The rows of the log."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            LogRow(*row)
            for row in connection.execute(f"select {', '.join(COLUMNS)} from log order by seq")  # noqa: S608  # noqa: S608
        ]


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_flipped_bit_of_the_log_is_found(copied: Callable[[], Path], data: st.DataObject) -> None:
    """In any column of any row; the error has the number of the row."""
    seq = data.draw(st.integers(1, ROWS))
    column = data.draw(st.sampled_from(COLUMNS))
    path = copied()
    with closing(sqlite3.connect(path)) as connection:
        ((value,),) = connection.execute(f"select cast({column} as blob) from log where seq = ?", (seq,))  # noqa: S608
    if not value:
        return
    at, bit = data.draw(st.integers(0, len(value) - 1)), data.draw(st.integers(0, 7))
    flipped = value[:at] + bytes([value[at] ^ (1 << bit)]) + value[at + 1 :]
    if column == "seq":
        number = int(value) ^ (1 << data.draw(st.integers(5, 40)))
        tampered(path, ("update log set seq = ? where seq = ?", (number, seq)))
    else:
        tampered(path, (f"update log set {column} = cast(? as text) where seq = ?", (flipped, seq)))  # noqa: S608
    assert found(path).seq == seq


@pytest.mark.parametrize("seq", [1, 5, ROWS])
@pytest.mark.parametrize("column", COLUMNS[1:])
def test_a_changed_type_is_found(path: Path, seq: int, column: str) -> None:
    """The same bytes as another type of value."""
    tampered(path, (f"update log set {column} = cast({column} as blob) where seq = ?", (seq,)))  # noqa: S608
    assert (found(path).seq, found(path).what) == (seq, "type")


@pytest.mark.parametrize("seq", [1, 7, ROWS - 1])
def test_a_removed_row_is_found(path: Path, seq: int) -> None:
    """Also the first one."""
    tampered(path, ("delete from log where seq = ?", (seq,)))
    error = found(path)
    assert (error.seq, error.found, error.expected) == (seq, str(seq + 1), str(seq))


def _rechained(path: Path, first: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Statements that compute the chain anew from a row on, as somebody would who knows how it is made."""
    logged = {row.seq: row for row in rows(path)}
    last = logged[first - 1].hash
    for seq in range(first, max(logged) + 1):
        row = logged[seq]
        made = link(last, str(seq), row.at, row.kind, row.case, row.data)
        yield "update log set previous = ?, hash = ? where seq = ?", (last, made, seq)
        last = made


def test_removed_last_rows_are_found_with_a_head(path: Path) -> None:
    """Rows at the end can be removed together with what follows from them; only a head that was noted shows it."""
    head = rows(path)[-1].hash
    with coopgov.open_store(path) as store:
        earlier = rows(path)[10].hash
        assert store.verify(earlier).hash == head
    tampered(path, ("delete from log where seq = ?", (ROWS,)))
    error = found(path, head)
    assert (error.seq, error.what, error.found, error.expected) == (
        ROWS - 1,
        "head",
        rows(path)[-1].hash,
        head,
    )


def test_a_chain_that_was_computed_anew_is_found_with_a_head(path: Path) -> None:
    """Another day of recording, and all later hashes made to fit."""
    head = rows(path)[-1].hash
    tampered(path, ("update log set at = '2020-01-01' where seq = 9", ()))
    tampered(path, *_rechained(path, 9))
    with coopgov.open_store(path) as store:
        store.verify()
        with pytest.raises(BrokenLogError, match="the hash at the end"):
            store.verify(head)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_false_row_with_a_fitting_chain_is_found_or_means_the_same(
    copied: Callable[[], Path], data: st.DataObject
) -> None:
    """Whatever a row says, `verify` compares the cases with it and never fails otherwise."""
    seq = data.draw(st.integers(2, ROWS - 1))
    path = copied()
    old = next(row for row in rows(path) if row.seq == seq)
    at = data.draw(st.integers(0, len(old.data)))
    written = old.data[:at] + data.draw(st.sampled_from(['"', "1", "{}", "", "null,"])) + old.data[at + 1 :]
    kind = data.draw(st.sampled_from(["change", "notice", "redact", "other"]))
    tampered(path, ("update log set data = ?, kind = ? where seq = ?", (written, kind, seq)))
    tampered(path, *_rechained(path, seq))
    error, _ = _seen(path)
    assert error is None or isinstance(error, BrokenLogError)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("update texts set text = '\"another note\"' where text like '\"note 1%'", "text"),
        ("update texts set salt = 'x' where text like '\"note 2%'", "text"),
        ("update texts set text = null, salt = null where text like '\"note 3%'", "text"),
        ("delete from texts where text like '\"note 3%'", "text"),
        ("update texts set text = '\"again\"' where text is null", "text"),
        ("update cases set data = replace(data, 'major', 'minor') where rule = 'rule-0'", "case"),
        ("update cases set data = '{' where rule = 'rule-0'", "case"),
        ("update cases set data = '[]' where rule = 'rule-0'", "case"),
        ("delete from cases where rule = 'rule-1'", "case"),
        ("update meta set value = '\"2026-10-02\"' where name = 'last_day'", "day"),
        ("update meta set value = '\"x\"' where name = 'rules'", "day"),
        ("delete from meta where name = 'agreement'", "case"),
        ("delete from outbox where seq = 6", "notice"),
        ("insert into outbox (seq) values (1)", "notice"),
    ],
)
def test_what_follows_from_the_log_is_compared_with_it(path: Path, sql: str, what: str) -> None:
    """Texts, cases, the last day and the outbox."""
    tampered(path, (sql, ()))
    assert found(path).what == what


@pytest.mark.parametrize(
    "sql",
    [
        "update log set at = '2020-01-01' where seq = 3",
        "delete from log where seq = 25",
        "insert or replace into log values (3, '', '', '', '', '', '')",
        "insert into log values (99, '', '', '', '', '', '')",
    ],
)
def test_the_log_is_append_only(path: Path, sql: str) -> None:
    """For whoever does not remove the triggers."""
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(sql)


@pytest.mark.parametrize("sql", ["update log set at = ''", "delete from log", "truncate log cascade"])
def test_the_log_of_postgresql_is_append_only(postgres: str, sql: str) -> None:
    """Its triggers refuse statements, too, and tampering past them is found with the number of the row."""
    import psycopg

    address = f"{postgres}?schema=tampered_{len(sql)}"
    with coopgov.open_store(address) as store, psycopg.connect(postgres, autocommit=True) as connection:
        store.update(lambda _: first_day(2))
        connection.execute(f"set search_path = tampered_{len(sql)}")
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute(sql)
        connection.execute("alter table log disable trigger all")
        connection.execute("update log set kind = 'notixe' where seq = 5")
        with pytest.raises(BrokenLogError) as caught:
            store.verify()
        assert caught.value.seq == 5


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_damaged_file_is_reported_or_harmless(
    whole: Path, copied: Callable[[bytes], Path], data: st.DataObject
) -> None:
    """Flipped bytes, a stretch of others, swapped pages, a cut: an error with the file's name, or all as it was."""
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    if data.draw(st.booleans()):
        start, other = (data.draw(st.integers(0, len(content) // 4096 - 1)) * 4096 for _ in range(2))
        pages = content[start : start + 4096], content[other : other + 4096]
        content[other : other + 4096], content[start : start + 4096] = pages
    if data.draw(st.booleans()):
        start, stretch = data.draw(st.integers(0, len(content) - 1)), data.draw(st.binary(max_size=300))
        content[start : start + len(stretch)] = stretch[: len(content) - start]
    kept = data.draw(st.one_of(st.just(len(content)), st.integers(1, len(content))))
    path = copied(bytes(content[:kept]))
    error, seen = _seen(path)
    if error is not None:
        assert str(error).startswith(f"{path}: {error.code}: ")
    else:
        assert seen == _seen(whole)[1]


def _seen(path: Path) -> tuple[StoreError | None, object]:
    """The error that a store gives, or all that it holds."""
    try:
        with coopgov.open_store(path) as store:
            store.verify()
            return None, (store.read(), list(store.log()), list(store.outbox.pending()))
    except StoreError as error:
        return error, None

"""A store's database in an SQLite file: transactions, durability, and errors that name the file."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from coopgov.cases.store.chain import LogRow
from coopgov.cases.store.database import scripts_of
from coopgov.faults import NO_HINT
from coopgov.locales import phrase
from coopgov.store_errors import BrokenLogError, StoreNewerError, StoreUnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from coopgov.cases.store.database import Durability, Rows
    from coopgov.locales import Phrase

__all__ = ["SqliteDatabase"]

T = TypeVar("T")

BUSY_SECONDS = 60.0
"""How long a transaction waits for others to end."""
_PAUSES = 0.0005, 0.004
"""How long to wait before the next try, in seconds: first, and at most; SQLite itself would wait up to 0.1 s."""
APPLICATION_ID = 0x636F6F70
"""Marks the file as a store of cases: `coop`."""
_SMALLEST = 512
"""The size of the smallest database; SQLite would write over a smaller file, as if it were empty."""
_NEEDS_WRITING = ("writable", "read-only")
_FOUND = {
    sqlite3.SQLITE_PERM: _NEEDS_WRITING,
    sqlite3.SQLITE_READONLY: _NEEDS_WRITING,
    sqlite3.SQLITE_BUSY: ("free", "locked"),
    sqlite3.SQLITE_LOCKED: ("free", "locked"),
    sqlite3.SQLITE_PROTOCOL: ("free", "locked"),
    sqlite3.SQLITE_IOERR: ("readable", "disk"),
    sqlite3.SQLITE_CORRUPT: ("store", "damaged"),
    sqlite3.SQLITE_FULL: ("space", "full"),
    sqlite3.SQLITE_CANTOPEN: ("writable", "cannot-open"),
    sqlite3.SQLITE_NOTADB: ("store", "not-a-database"),
}
"""What is expected and what was found, for the primary code of an error."""
_WAIT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_COLUMNS = ("seq", "at", "kind", "case_id", "data", "previous", "hash")
_RAW = ", ".join(
    [*(f"cast({name} as blob)" for name in _COLUMNS[1:]), *(f"typeof({name})" for name in _COLUMNS)]
)


class SqliteDatabase:
    """A file; it is made on the first call unless `create` is False.

    A connection is opened on first use and again in a forked process. Threads take turns.
    """

    def __init__(self, path: Path, *, create: bool, durability: Durability) -> None:
        self._path = path
        self._create = create
        self._durability = durability
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        self._process = 0
        self._left: list[object] = []
        self._within = False
        self._closed = False

    @property
    def name(self) -> str:
        """The path, as it was given."""
        return str(self._path)

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self._path.parent

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Begin a transaction that sees one state."""
        with self._transaction("begin") as rows:
            yield rows

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """Begin a transaction that writes, after all others that write have ended."""
        with self._transaction("begin immediate") as rows:
            yield rows

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Rows]:
        with self._lock:
            if self._within:
                raise self.unusable("store", phrase("store.unusable.in-use"))
            with self._named():
                connection = self._connection()
                _waiting(lambda: _begun(connection, begin))
            self._within = True
            try:
                yield _Rows(connection, self._named)
                with self._named():
                    connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error, UnicodeDecodeError):
                    if connection.in_transaction:
                        connection.execute("rollback")
                raise
            finally:
                self._within = False

    def log_rows(self, rows: Rows, after: int, most: int) -> Sequence[LogRow]:
        """Return rows of the log as they are stored: bytes that are no text in UTF-8 are a broken row."""
        sql = f"select seq, {_RAW} from log where seq > ? order by seq limit ?"  # noqa: S608  # names of columns
        return [self._row(row) for row in rows.execute(sql, after, most)]

    def _row(self, row: tuple[Any, ...]) -> LogRow:
        seq, fields, types = row[0], row[1 : len(_COLUMNS)], row[len(_COLUMNS) :]
        expected = ("integer", *("text" for _ in fields))
        if types != expected:
            wrong = next(at for at, each in enumerate(types) if each != expected[at])
            raise BrokenLogError(self.name, int(seq), "type", types[wrong], expected[wrong])
        try:
            return LogRow(seq, *(field.decode() for field in fields))
        except UnicodeDecodeError as error:
            found = error.object[error.start : error.start + 8].hex(" ")
            raise BrokenLogError(self.name, int(seq), "encoding", found, "UTF-8") from None

    def check(self, rows: Rows) -> None:
        """Ask SQLite whether the file is sound."""
        ((said,), *_) = rows.execute("pragma integrity_check(1)")
        if said != "ok":
            raise self.unusable("store", phrase("store.unusable.damaged"), restore=True)

    def close(self) -> None:
        """Close the connection of this process; the store cannot be used any more."""
        with self._lock:
            self._closed = True
            if self._open is not None and self._process == os.getpid():
                self._open.close()
            self._open = None

    def unusable(self, expected: str, found: Phrase, *, restore: bool = False) -> StoreUnusableError:
        """Return the error that the file cannot be used."""
        hint = phrase("store.hints.restore") if restore else NO_HINT
        return StoreUnusableError(self.name, found, phrase(f"store.expected.{expected}"), hint)

    def _connection(self) -> sqlite3.Connection:
        if self._closed:
            raise self.unusable("store", phrase("store.unusable.closed"))
        if self._open is not None and self._process != os.getpid():
            self._left.append(
                self._open
            )  # closing it here would drop the locks of the process that opened it
            self._open = None
        if self._open is None:
            self._look()
            opened = self._connected()
            try:
                self._prepare(opened)
            except BaseException:
                opened.close()
                raise
            self._open, self._process = opened, os.getpid()
        return self._open

    def _look(self) -> None:
        """Refuse what SQLite would misunderstand, or describe less well."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if not self._create:
                said, hint = phrase("store.unusable.missing"), phrase("store.hints.create")
                raise StoreUnusableError(self.name, said, phrase("store.expected.store"), hint) from None
            if not self._path.parent.is_dir():
                said = phrase("store.unusable.folder", folder=str(self._path.parent))
                raise self.unusable("writable", said) from None
        except PermissionError:
            raise self.unusable("readable", phrase("store.unusable.cannot-open")) from None
        except (OSError, ValueError):
            raise self.unusable("store", phrase("store.unusable.impossible-name")) from None
        else:
            if stat.S_ISDIR(found.st_mode):
                raise self.unusable("store", phrase("store.unusable.is-folder"))
            if not stat.S_ISREG(found.st_mode) or 0 < found.st_size < _SMALLEST:
                raise self.unusable("store", phrase("store.unusable.not-a-database"))

    def _connected(self) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode={'rwc' if self._create else 'rw'}"
        return sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Set what holds for a connection, and bring the tables up to date."""
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma foreign_keys = on")
        connection.execute(f"pragma synchronous = {self._durability}")
        connection.execute(f"pragma fullfsync = {int(self._durability == 'full')}")
        scripts = scripts_of(files(__package__) / "scripts" / "sqlite")
        if _waiting(lambda: self._version(connection, len(scripts))) < len(scripts):
            _waiting(lambda: _begun(connection, "begin immediate"))
            try:
                self._update(connection, scripts)
                connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error, UnicodeDecodeError):
                    connection.execute("rollback")
                raise
        if connection.execute("pragma journal_mode").fetchone() != ("wal",):
            _waiting(lambda: connection.execute("pragma journal_mode = wal").fetchone())

    def _version(self, connection: sqlite3.Connection, known: int) -> int:
        """The version of the tables, 0 for an empty file; refuse what is no store, or a newer one."""
        (application,) = connection.execute("pragma application_id").fetchone()
        (version,) = connection.execute("pragma user_version").fetchone()
        (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
        if application != APPLICATION_ID and (application or version or tables):
            found = phrase("store.unusable.other-database")
            hint = phrase("store.hints.sqlite")
            raise StoreUnusableError(self.name, found, phrase("store.expected.store"), hint)
        if version > known:
            raise StoreNewerError(self.name, version, known)
        return int(version)

    def _update(self, connection: sqlite3.Connection, scripts: Sequence[str]) -> None:
        version = self._version(connection, len(scripts))  # another process may have been first
        for script in scripts[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute(f"pragma user_version = {len(scripts)}")

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn errors of SQLite into errors that name the store."""
        try:
            yield
        except UnicodeDecodeError as error:  # sqlite3 cannot read what SQLite says of a damaged file
            raise self.unusable("store", phrase("store.unusable.damaged"), restore=True) from error
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            expected, found = _FOUND.get(code, ("store", "other"))
            said = phrase(f"store.unusable.{found}", said=f'"{error}"', seconds=f"{BUSY_SECONDS:.0f}")
            raise self.unusable(expected, said, restore=found in {"damaged", "disk"}) from error


class _Rows:
    """A transaction of a connection."""

    def __init__(
        self, connection: sqlite3.Connection, named: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._named = named

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._named():
            return self._connection.execute(sql, values).fetchall()


def _begun(connection: sqlite3.Connection, begin: str) -> None:
    """Begin, and look once, since only that takes a lock or finds that a repair is going on."""
    connection.execute("pragma busy_timeout = 0")
    try:
        connection.execute(begin)
    finally:
        connection.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    try:
        connection.execute("select 1 from sqlite_master limit 1").fetchall()
    except BaseException:
        connection.execute("rollback")
        raise


def _waiting(do: Callable[[], T]) -> T:
    """Do something again while others are in the way; SQLite does not wait for each of their locks itself."""
    end = time.monotonic() + BUSY_SECONDS
    pause, longest = _PAUSES
    while True:
        try:
            return do()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _WAIT or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(longest, pause * 2)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; the body of a trigger has semicolons of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

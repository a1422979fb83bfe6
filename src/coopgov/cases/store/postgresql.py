"""A store's database in a schema of a PostgreSQL server, by psycopg 3; loaded when an address asks for it."""

from __future__ import annotations

import functools
import os
import re
import threading
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from coopgov.cases.store.chain import LogRow
from coopgov.cases.store.database import scripts_of
from coopgov.faults import NO_HINT
from coopgov.locales import phrase
from coopgov.optional import psycopg
from coopgov.store_errors import StoreNewerError, StoreUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.cases.store.database import Durability, Rows
    from coopgov.locales import Phrase

__all__ = ["PostgresqlDatabase"]

BUSY_SECONDS = 60
"""How long a transaction waits for others to end."""
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_FOUND = {
    "25006": ("writable", "read-only"),
    "42501": ("writable", "read-only"),
    "53100": ("space", "full"),
    "55P03": ("free", "locked"),
    "57014": ("free", "locked"),
    "XX001": ("store", "damaged"),
    "XX002": ("store", "damaged"),
}
"""What is expected and what was found, for an SQLSTATE."""
_TABLES = ("cases", "deliveries", "log", "messages", "meta", "outbox", "parts", "texts")


class PostgresqlDatabase:
    """A schema of a database on a server; schema and tables are made on the first call unless `create` is False.

    A connection is opened on first use, and again in a forked process or after it was lost. Threads take turns.
    """

    def __init__(self, address: str, *, create: bool, durability: Durability) -> None:
        self._create = create
        self._durability = durability
        self._lock = threading.RLock()
        self._open: Any = None
        self._process = 0
        self._left: list[object] = []
        self._within = False
        self._closed = False
        self._address, self._schema = _divided(address)
        self._name = _masked(self._address, self._schema)
        if not _SCHEMA.fullmatch(self._schema):
            found = phrase("store.unusable.option", name="schema", value=self._schema)
            raise self.unusable("schema", found)

    @property
    def name(self) -> str:
        """The address, without the password."""
        return self._name

    @property
    def folder(self) -> None:
        """None: it is no file."""

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Begin a transaction that sees one state."""
        with self._transaction(("begin isolation level repeatable read read only",)) as rows:
            yield rows

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """Begin a transaction that writes, after all others that write have ended: an advisory lock keeps the order."""
        commit = "on" if self._durability == "full" else "off"
        lock = f"select pg_advisory_xact_lock(hashtext('coopgov'), hashtext('{self._schema}'))"
        with self._transaction(("begin", f"set local synchronous_commit = {commit}", lock)) as rows:
            yield rows

    @contextmanager
    def _transaction(self, begin: Sequence[str]) -> Iterator[Rows]:
        with self._lock, self._named():
            if self._within:
                raise self.unusable("store", phrase("store.unusable.in-use"))
            connection = self._connection()
            self._within = True
            try:
                with connection.pipeline():  # only what returns rows waits for the server
                    for statement in begin:
                        connection.execute(statement)
                    yield _Rows(connection)
                    connection.execute("commit")
            except BaseException:
                with suppress(psycopg.Error):
                    if not connection.closed:
                        connection.execute("rollback")
                raise
            finally:
                self._within = False

    def log_rows(self, rows: Rows, after: int, most: int) -> Sequence[LogRow]:
        """Return rows of the log as they are stored."""
        sql = (
            "select seq, at, kind, case_id, data, previous, hash from log where seq > ? order by seq limit ?"
        )
        return [LogRow(*row) for row in rows.execute(sql, after, most)]

    def check(self, rows: Rows) -> None:
        """Nothing: checksums of pages are the server's own."""

    def close(self) -> None:
        """Close the connection of this process; the store cannot be used any more."""
        with self._lock:
            self._closed = True
            if self._open is not None and self._process == os.getpid():
                self._open.close()
            self._open = None

    def unusable(self, expected: str, found: Phrase, *, hint: Phrase = NO_HINT) -> StoreUnusableError:
        """Return the error that the server or schema cannot be used."""
        return StoreUnusableError(self.name, found, phrase(f"store.expected.{expected}"), hint)

    def _connection(self) -> Any:
        if self._closed:
            raise self.unusable("store", phrase("store.unusable.closed"))
        if self._open is not None and self._process != os.getpid():
            self._left.append(
                self._open
            )  # closing it here would end the session of the process that opened it
            self._open = None
        if self._open is None or self._open.closed:
            opened = self._connected()
            try:
                self._prepare(opened)
            except BaseException:
                opened.close()
                raise
            self._open, self._process = opened, os.getpid()
        return self._open

    def _connected(self) -> Any:
        options = f"-c search_path={self._schema} -c lock_timeout={BUSY_SECONDS}s"
        try:
            given = psycopg.conninfo.conninfo_to_dict(self._address)
        except psycopg.ProgrammingError:  # its text quotes the address, and so the password
            raise self.unusable("path-or-address", phrase("store.unusable.address")) from None
        given["options"] = f"{given.get('options', '')} {options}".strip()
        given["client_encoding"] = "UTF8"
        given.setdefault("application_name", "coopgov")
        return psycopg.connect(**given, autocommit=True)

    def _prepare(self, connection: Any) -> None:
        """Bring the tables up to date."""
        scripts = scripts_of(files(__package__) / "scripts" / "postgresql")
        if self._version(connection, len(scripts)) == len(scripts):
            return
        with connection.transaction():
            connection.execute("select pg_advisory_xact_lock(hashtext('coopgov'), 0)")
            version = self._version(connection, len(scripts))  # another process may have been first
            if not self._create and not version:
                found, hint = phrase("store.unusable.missing"), phrase("store.hints.create")
                raise self.unusable("store", found, hint=hint)
            exists = "select 1 from pg_namespace where nspname = %s"
            if not connection.execute(exists, (self._schema,)).fetchall():
                connection.execute(f'create schema "{self._schema}"')
            for script in scripts[version:]:
                connection.execute(script)
            connection.execute("update meta set value = %s where name = 'schema'", (str(len(scripts)),))

    def _version(self, connection: Any, known: int) -> int:
        """The version of the tables, 0 where there are none; refuse tables of another program, or newer ones."""
        sql = "select tablename from pg_tables where schemaname = %s and tablename = any(%s) order by 1"
        found = [name for (name,) in connection.execute(sql, (self._schema, list(_TABLES))).fetchall()]
        if not found:
            return 0
        try:
            rows = connection.execute("select value from meta where name = 'schema'").fetchall()
            ((version,),) = [(int(value),) for (value,) in rows]
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, ValueError):
            other = phrase("store.unusable.other-tables", tables=", ".join(found))
            raise self.unusable("store", other, hint=phrase("store.hints.schema")) from None
        if version > known:
            raise StoreNewerError(self.name, version, known)
        return version

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn errors of psycopg into errors that name the store."""
        try:
            yield
        except psycopg.Error as error:
            said = '"{}"'.format(
                " ".join(str(error).replace('"', "'").split())
            )  # in English, whatever the language
            away = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
            unknown = ("server", "server") if away else ("store", "other")
            expected, found = _FOUND.get(error.sqlstate or "", unknown)
            text = phrase(f"store.unusable.{found}", said=said, seconds=str(BUSY_SECONDS))
            raise self.unusable(expected, text) from None


class _Rows:
    """A transaction of a connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(_with_places(sql), values)
        return cursor.fetchall() if sql.startswith("select") else []


@functools.cache
def _with_places(sql: str) -> str:
    """The same statement with psycopg's places for values."""
    return sql.replace("%", "%%").replace("?", "%s")


def _divided(address: str) -> tuple[str, str]:
    """The address without the option `schema`, which libpq does not know, and the schema."""
    parts = urlsplit(address)
    options = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for name, value in options if name == "schema"), "coopgov")
    others = urlencode([(name, value) for name, value in options if name != "schema"], quote_via=quote)
    return urlunsplit(parts._replace(query=others)), schema


def _masked(address: str, schema: str) -> str:
    """The address as errors name it: host, database and schema, no user, no password, no options."""
    parts = urlsplit(address)
    _, _, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{host}{parts.path}?schema={schema}"

"""What cannot be used as a store is refused by an error that names it, in every language, and never written to."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgov
from coopgov import OtherAgreementError, StoreError, StoreNewerError, StoreUnusableError
from coopgov.cases.store import sqlite
from coopgov.cases.store.database import scripts_of
from coopgov.languages import LANGUAGES
from coopgov.testing.stores.steps import answering, first_day, of
from translated import assert_translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov import Step
    from coopgov.cases.store import SqlStore


def refused(address: str | Path, **options: object) -> str:
    """The error of a store that cannot be opened, in English; it can be said in every language."""
    with pytest.raises(StoreError) as caught:
        coopgov.open_store(address, **options)  # type: ignore[arg-type]
    return said(caught.value)


def said(error: StoreError) -> str:
    """An error in English, translated wholly into the other languages."""
    assert_translated(error.fault.found, error.fault.expected, error.fault.hint)
    texts = [error.in_language(language) for language in LANGUAGES]
    assert len(set(texts)) == len(texts)
    return str(error)


def other_database(path: Path) -> None:
    """Write the database of another program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table cases (id text)")


def newer(path: Path) -> None:
    """Write a store of a version to come."""
    coopgov.open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")


GOLDEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (
        lambda path: path.write_text("agreement: harbour-data\n" * 40),
        "store-unusable: found a file that is no SQLite database, expected a store of cases",
    ),
    "short text": (
        lambda path: path.write_text("x"),
        "store-unusable: found a file that is no SQLite database, expected a store of cases",
    ),
    "other database": (
        other_database,
        (
            "store-unusable: found a database of another program, expected a store of cases; "
            "the path of a new file begins a new store"
        ),
    ),
    "newer": (
        newer,
        "store-newer: found tables of version 99, expected at most version 1; install a newer `coopgov`",
    ),
    "folder": (
        lambda path: path.mkdir(),
        "store-unusable: found a folder, expected a store of cases",
    ),
    "pipe": (
        os.mkfifo,
        "store-unusable: found a file that is no SQLite database, expected a store of cases",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_what_is_no_store_is_refused(name: str, tmp_path: Path) -> None:
    """Files and folders that are something else stay as they are."""
    path = tmp_path / "cases.db"
    make, expected = GOLDEN[name]
    make(path)
    before = path.read_bytes() if path.is_file() else None
    assert refused(path) == f"{path}: {expected}"
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [each.name for each in tmp_path.iterdir()] == ["cases.db"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", '"": store-unusable: found an empty path, expected a path, or an address `postgresql://…`'),
        (
            ":memory:",
            (
                ":memory:: store-unusable: found a database in memory, which nobody reads again, "
                "expected a path, or an address `postgresql://…`; a file in a temporary folder does for tests"
            ),
        ),
        (
            "mysql://root:secret@host/db",
            (
                "mysql://: store-unusable: found an address that begins with mysql://, "
                "expected a path, or an address `postgresql://…`"
            ),
        ),
        ("a\0b", "a\\u0000b: store-unusable: found a name that no file can have, expected a store of cases"),
    ],
)
def test_an_address_that_means_nothing_is_refused(address: str, expected: str) -> None:
    """Before anything is made, and without what may be a secret in it."""
    assert refused(address) == expected


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Stores make files, not folders."""
    path = tmp_path / "no" / "cases.db"
    expected = f"store-unusable: found no folder {path.parent}, expected a store that can be written"
    assert refused(path) == f"{path}: {expected}"
    assert refused(tmp_path / ("x" * 300)).endswith(
        "found a name that no file can have, expected a store of cases"
    )


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    """A misspelt path gives no new store where one is only read."""
    path = tmp_path / "cases.db"
    expected = "found no such store, expected a store of cases; `coopgov cases advance` begins one"
    assert refused(path, create=False) == f"{path}: store-unusable: {expected}"
    assert not path.exists()


def test_the_store_of_another_agreement_is_refused(address: Callable[[str], str]) -> None:
    """When it is opened for an agreement, and when a step of another one is recorded."""
    with coopgov.open_store(address("mine"), agreement="stored") as store:
        store.update(lambda _: first_day(1))
        with pytest.raises(OtherAgreementError) as caught:
            store.update(lambda _: first_day(1, "another"))
        assert (caught.value.found, caught.value.expected) == ("stored", "another")
    text = refused(address("mine"), agreement="another")
    assert text.endswith(
        'store-other-agreement: found the cases of the agreement "stored", '
        'expected the cases of the agreement "another"; each agreement has a store of its own'
    )
    coopgov.open_store(address("mine"), agreement="stored").close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
)
def test_a_path_may_have_any_characters(tmp_path: Path, name: str) -> None:
    """Question marks, percent signs, blanks, colons and backslashes name files, and nothing else."""
    path = tmp_path / f"{name}x"
    with coopgov.open_store(path, durability="normal") as store:
        store.read()
    assert path.is_file()
    assert {each.name for each in tmp_path.iterdir()} == {path.name}
    path.unlink()


@pytest.mark.parametrize(
    "name", [r"C:\data\cases.db", "C:/cases.db", "file:cases.db?mode=ro", "cases.db?x=1#y", "%41.db"]
)
def test_a_path_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Drives of Windows have one letter, and options of SQLite are part of a name."""
    monkeypatch.chdir(tmp_path)
    Path("C:").mkdir()
    coopgov.open_store(name).close()
    assert Path(name).is_file()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # it forks beside threads of pytest
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs users of Unix")
@pytest.mark.parametrize(
    ("exists", "found"),
    [(True, "a store that is read-only"), (False, "a file that cannot be opened or created")],
)
def test_a_folder_without_permission_to_write_is_reported(*, exists: bool, found: str) -> None:
    """For a store that exists, and for a new one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.db"
        if exists:
            coopgov.open_store(path).close()
            path.chmod(0o444)
        Path(folder).chmod(0o555)
        read, write = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                if os.geteuid() == 0:  # root may write everywhere
                    os.seteuid(65534)
                os.write(write, _error_of_a_step(path).encode())
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            text = pipe.read()
        os.waitpid(process, 0)
        Path(folder).chmod(0o755)
    assert text == f"{path}: store-unusable: found {found}, expected a store that can be written"


def _error_of_a_step(path: Path) -> str:
    try:
        with coopgov.open_store(path) as store:
            store.update(lambda _: first_day(1))
    except StoreError as error:
        return str(error)
    return ""


def _fill(store: SqlStore, answers: list[Step]) -> None:
    """Record steps for ever, and note each that was recorded."""
    while True:
        answers.append(store.update(answering(0, "long " * 500)))


def test_a_full_disk_leaves_the_last_step(tmp_path: Path) -> None:
    """A step that does not fit is not recorded, and the store can be read, verified and used again."""
    path = tmp_path / "cases.db"
    with coopgov.open_store(path, durability="normal") as store:
        store.update(lambda _: first_day(2))
        connection = store._database._connection()  # type: ignore[attr-defined]
        connection.execute("pragma max_page_count = 60")
        answers: list[Step] = []
        with pytest.raises(StoreUnusableError) as caught:
            _fill(store, answers)
        text = "found no space left, expected space for what is written"
        assert said(caught.value) == f"{path}: store-unusable: {text}"
        with coopgov.open_store(path) as other:
            assert of(other.read()).cases[0].revision == 1 + len(answers)
        assert store.read() == answers[-1].cases
        store.verify()
        connection.execute("pragma max_page_count = 6000")
        store.update(answering(0, "long " * 500))
        store.verify()


def test_a_lock_is_waited_for_and_then_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program keeps the file locked; once it has gone, the store works."""
    path = tmp_path / "cases.db"
    with coopgov.open_store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
        other.execute("begin immediate")
        with pytest.raises(
            StoreUnusableError, match="a store that another process has kept locked"
        ) as caught:
            store.update(lambda _: first_day(1))
        said(caught.value)
        assert store.read() is None
        other.execute("rollback")
        store.update(lambda _: first_day(1))


def test_a_transaction_within_another_is_refused(address: Callable[[str], str]) -> None:
    """A step must not use the store that it is recorded in."""
    with coopgov.open_store(address("within")) as store:

        def within(_: object) -> Step:
            return store.update(lambda _: first_day(1))

        with pytest.raises(StoreUnusableError, match="a transaction within a transaction"):
            store.update(within)
        assert store.read() is None


def test_a_closed_store_is_refused(address: Callable[[str], str]) -> None:
    """Closing it twice does nothing."""
    store = coopgov.open_store(address("closed"))
    store.close()
    store.close()
    with pytest.raises(StoreUnusableError, match="a store that was closed"):
        store.read()


def test_scripts_bring_older_tables_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripts after the version of the file run once, in order, in one transaction."""
    path = tmp_path / "cases.db"
    with coopgov.open_store(path) as store:
        store.update(lambda _: first_day(2))
    first = scripts_of(Path(sqlite.__file__).parent / "scripts" / "sqlite")
    later = [*first, "alter table cases add column tag text;\n", "update cases set tag = 'new';\n"]
    monkeypatch.setattr(sqlite, "scripts_of", lambda _: [*later[:-1], "update cases set tig = 1;\n"])
    with pytest.raises(StoreUnusableError):
        coopgov.open_store(path)
    monkeypatch.setattr(sqlite, "scripts_of", lambda _: later)
    with coopgov.open_store(path) as store:
        store.verify()
    coopgov.open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select tag from cases").fetchall() == [("new",), ("new",)]
        assert connection.execute("pragma user_version").fetchone() == (3,)
    monkeypatch.undo()
    assert "store-newer: found tables of version 3" in refused(path)


def test_importing_the_library_loads_no_database() -> None:
    """Neither sqlite3 nor psycopg, also not with the values of cases."""
    code = "import sys, coopgov; coopgov.Cases, coopgov.StoreError; print({'sqlite3', 'psycopg'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_that_does_not_answer_is_reported(postgres: str) -> None:
    """Without user, password and options of the address."""
    assert postgres
    port = free_port()
    address = f"postgresql://me:secret@127.0.0.1:{port}/db?schema=s&password=secret2&connect_timeout=2"
    text = refused(address)
    assert text.startswith(f"postgresql://127.0.0.1:{port}/db?schema=s: store-unusable:")
    assert "expected a PostgreSQL server that answers" in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "?schema=Not%20a%20name",
            "found the option schema=Not a name, expected a name of lower-case letters",
        ),
        ("?nonsense=secret", "found an address that libpq cannot read, expected a path, or an address"),
        ("?schema=none", "found no such store, expected a store of cases"),
    ],
)
def test_an_address_of_postgresql_is_checked(postgres: str, change: str, expected: str) -> None:
    """Also what libpq would quote with the password."""
    text = refused(postgres.replace("coopgov@", "coopgov:secret@") + change, create=False)
    assert expected in text
    assert "secret" not in text


def test_schemas_of_postgresql_that_are_no_stores_are_refused(postgres: str) -> None:
    """Tables of another program stay as they are; a newer store, and one without permission, are named."""
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("create schema others")
        connection.execute("create table others.log (id text)")
        text = refused(f"{postgres}?schema=others")
        assert "found tables of another program: log, expected a store of cases; another schema" in text
        coopgov.open_store(f"{postgres}?schema=later").close()
        connection.execute("update later.meta set value = '99' where name = 'schema'")
        with pytest.raises(StoreNewerError) as caught:
            coopgov.open_store(f"{postgres}?schema=later")
        assert (caught.value.found, caught.value.known) == (99, 1)
        connection.execute("create role guest login")
        guest = postgres.replace("coopgov@", "guest@")
        assert "found a store that is read-only" in refused(f"{guest}?schema=fresh")


def test_a_lost_connection_is_reported_and_opened_again(postgres: str) -> None:
    """A server that was restarted costs one refused step, and nothing that was recorded."""
    import psycopg

    with coopgov.open_store(f"{postgres}?schema=lost") as store:
        store.update(lambda _: first_day(1))
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'coopgov'"
            )
        with pytest.raises(StoreUnusableError, match="expected a PostgreSQL server that answers"):
            store.update(answering(0))
        store.update(answering(0))
        assert [case.revision for case in of(store.read())] == [2]
        store.verify()


def test_a_restored_backup_is_read_anew(tmp_path: Path) -> None:
    """A store that was open all the time keeps nothing of what the backup does not have."""
    path, copy = tmp_path / "cases.db", tmp_path / "copy.db"
    with coopgov.open_store(path) as store, closing(sqlite3.connect(copy)) as backup:
        store.update(lambda _: first_day(2))
        with closing(sqlite3.connect(path)) as source:
            source.backup(backup)
        store.update(answering(0))
        assert of(store.read()).cases[0].revision == 2
        with closing(sqlite3.connect(path)) as target:
            backup.backup(target)
        store.update(answering(1))
        store.update(answering(1))
        assert [case.revision for case in of(store.read())] == [1, 3]
        store.verify()

"""A PostgreSQL server for tests: started with a folder of its own on 127.0.0.1, and stopped by its process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.optional import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["programs", "server"]


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs, or None where no server is installed."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    found = [Path(on_path).resolve().parent] if on_path else folders[::-1]
    return next((each for each in found if (each / "postgres").exists()), None)


@contextmanager
def server(*, sync: bool = False) -> Iterator[str]:
    """Start a server, give the address of its database, and stop it; without `sync` a power cut loses data."""
    binaries = programs()
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="coopgov-postgres-"))
    user = _user(folder)
    try:
        initdb = [
            str(binaries / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "coopgov",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*initdb, "--no-locale", "--no-sync"], check=True, capture_output=True, cwd=folder, **user
        )
        port = _free_port()
        settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            f"fsync={'on' if sync else 'off'}",
        ]
        options = [part for each in settings for part in ("-c", each)]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port), *options]
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        try:
            address = f"postgresql://coopgov@127.0.0.1:{port}/postgres"
            _wait(address, running, folder / "log")
            yield address
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user(folder: Path) -> dict[str, Any]:
    """The server refuses to run as root, so it runs as another user there."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        found = pwd.getpwnam("nobody")
    os.chown(folder, found.pw_uid, found.pw_gid)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")) from None
            time.sleep(0.1)
        else:
            return

"""Files on a disk, read and written so that nothing waits and nothing is left half done.

Only regular files are read: a pipe would be waited for, and a device may have no end.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from coopgov.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MAX_BYTES",
    "file_bytes",
    "is_file",
    "is_folder",
    "made_folder",
    "not_unicode",
    "replace_file",
    "resolved",
    "why_unreadable",
    "why_unwritable",
]

MAX_BYTES = 5_000_000
_SORTS = {
    stat.S_IFDIR: os.strerror(errno.EISDIR),
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""What keeps a pipe that took the place of a file from being waited for."""


def why_unreadable(path: Path) -> str:
    """Why there is no file to read at a path; nothing where there is one."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return _why(error)
    return "" if stat.S_ISREG(mode) else _SORTS.get(stat.S_IFMT(mode), "no regular file")


def not_unicode(path: Path) -> str:
    """Why libraries that want names in Unicode cannot be given a path; nothing where they can."""
    return "a name that is not in Unicode" if any("\ud800" <= sign <= "\udfff" for sign in str(path)) else ""


def is_file(path: Path) -> bool:
    """Whether there is a file to read at a path, whatever the path is."""
    return not why_unreadable(path)


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path, whatever the path is."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        return False


def resolved(path: Path) -> str:
    """One name for a file, whichever path leads to it."""
    try:
        return str(path.resolve())
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a link to itself, up to Python 3.12
        return str(path.absolute())


def file_bytes(path: Path, name: str) -> bytes:
    """What a file holds, at most a little more than it may.

    Raises:
        InputError: it cannot be read.
    """
    found = why_unreadable(path)
    try:
        if not found:
            with os.fdopen(os.open(path, os.O_RDONLY | _WAITING), "rb") as file:
                return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        found = _why(error)
    raise InputError([Fault(Place(name, 1, 1), "unreadable-file", found, "a file to read")])


def replace_file(path: Path, data: bytes) -> None:
    """Put a content in the place of a file, all at once or not at all; a link stays a link, a mode stays as it is.

    Raises:
        InputError: it cannot be written.
    """
    target = Path(resolved(path))
    try:
        found = why_unwritable(target)
        if found:
            raise _unwritable(path, found)
        with _part_of(target) as part:
            part.write_bytes(data)
            if target.exists():
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            part.replace(target)
    except (OSError, ValueError) as error:
        raise _unwritable(path, _why(error)) from None


@contextmanager
def made_folder(folder: Path) -> Iterator[Path]:
    """A folder with those above it, made where they are not there; what was made goes again if something goes wrong."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except BaseException:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """A new file beside another, which is gone at the end unless it took the other's place."""
    part = target.with_name(f".coopgov-{os.getpid()}-{get_ident()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666))
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def why_unwritable(target: Path) -> str:
    """Why no file can be put at a path; nothing where none is known."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return _why(error)
    if not stat.S_ISREG(mode):
        return _SORTS.get(stat.S_IFMT(mode), "no regular file")
    return "" if os.access(target, os.W_OK) else "a file that is write-protected"


def _unwritable(path: Path, found: str) -> InputError:
    return InputError([Fault(Place(str(path), 1, 1), "unwritable-file", found, "a file to write")])


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or "a name that no file can have"

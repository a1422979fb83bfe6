"""Reads and writes files safely: reading never blocks, and writing replaces a file completely or not at all.

Only regular files are read: reading a pipe could block, and a device may have no end.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.locales import Phrase

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
    stat.S_IFDIR: "source.file.folder",
    stat.S_IFIFO: "source.file.pipe",
    stat.S_IFSOCK: "source.file.socket",
    stat.S_IFCHR: "source.file.device",
    stat.S_IFBLK: "source.file.device",
}
_REASONS = {
    errno.ENOENT: "source.file.missing",
    errno.EACCES: "source.file.denied",
    errno.EISDIR: "source.file.folder",
    errno.ENOTDIR: "source.file.not-a-folder",
    errno.ENAMETOOLONG: "source.file.name-too-long",
    errno.ELOOP: "source.file.links",
    errno.ENOSPC: "source.file.full",
    errno.EROFS: "source.file.read-only",
}
"""Errors of the operating system that have a text in every language; others are shown in the system's words."""
_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags that keep `open` from blocking on a pipe that has replaced the file since it was checked."""


def why_unreadable(path: Path) -> Phrase:
    """Why a path is not a readable file; empty where it is one."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        return _why(error)
    return verbatim("") if stat.S_ISREG(mode) else _sort(mode)


def not_unicode(path: Path) -> Phrase:
    """Why libraries that require Unicode names cannot open a path; empty where they can."""
    lone = any("\ud800" <= sign <= "\udfff" for sign in str(path))
    return phrase("source.file.not-unicode") if lone else verbatim("")


def is_file(path: Path) -> bool:
    """Whether a path is a readable file; never raises."""
    return not why_unreadable(path)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; never raises."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # an impossible file name
        return False


def resolved(path: Path) -> str:
    """The one canonical name of a file, whichever path leads to it."""
    try:
        return str(path.resolve())
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a link to itself, up to Python 3.12
        return str(path.absolute())


def file_bytes(path: Path, name: str) -> bytes:
    """Read a file, but at most one byte over the size limit, so that the caller can see that it is too large.

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
    expected = phrase("source.unreadable-file.expected")
    raise InputError([Fault(Place(name, 1, 1), "unreadable-file", found, expected)])


def replace_file(path: Path, data: bytes) -> None:
    """Replace the content of a file atomically; a symbolic link stays a link, and the file mode is kept.

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
    """Create a folder and its missing parents; remove what was created if the body raises."""
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
    """A temporary file beside another; removed at the end unless it has replaced the other."""
    part = target.with_name(f".coopgov-{os.getpid()}-{get_ident()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666))
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def why_unwritable(target: Path) -> Phrase:
    """Why a file cannot be written at a path; empty where no reason is known."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return verbatim("")
    except (OSError, ValueError) as error:
        return _why(error)
    if not stat.S_ISREG(mode):
        return _sort(mode)
    return verbatim("") if os.access(target, os.W_OK) else phrase("source.file.protected")


def _unwritable(path: Path, found: Phrase) -> InputError:
    expected = phrase("source.unwritable-file.expected")
    return InputError([Fault(Place(str(path), 1, 1), "unwritable-file", found, expected)])


def _sort(mode: int) -> Phrase:
    """What a path leads to that is not a regular file."""
    return phrase(_SORTS.get(stat.S_IFMT(mode), "source.file.irregular"))


def _why(error: OSError | ValueError) -> Phrase:
    if isinstance(error, OSError) and error.strerror:
        reason = _REASONS.get(error.errno or 0)
        return phrase(reason) if reason else verbatim(error.strerror)
    return phrase("source.file.impossible-name")

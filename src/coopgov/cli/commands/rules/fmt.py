"""`coopgov rules fmt`: write files in their canonical form, or say which are not in it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.output import tell, write
from coopgov.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "write rule files and agreements in their canonical form"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Write rule files, rule tests and agreements in their canonical form. Comments stay, and so does what the files mean. "
        "A file with faults is left as it is."
    )
    command.add_argument("files", nargs="+", metavar="FILE", help="rule files, rule tests or agreements")
    command.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name the files that would change, and exit with 1",
    )
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Format each file by itself; faults of one file do not keep the others from it."""
    code = 0
    for name in options.files:
        try:
            changed = _formatted(Path(name), write_back=not options.check)
        except InputError as error:
            tell(error)
            code = 2
            continue
        if changed and options.check:
            write(f"{name}: not in canonical form")
            code = max(code, 1)
        elif changed:
            write(f"{name}: formatted")
    return code


def _formatted(path: Path, *, write_back: bool) -> bool:
    """Whether a file is not in canonical form; perhaps it is now."""
    from coopgov.rules.canonical import canonical_text
    from coopgov.source.read import file_bytes

    data = file_bytes(path, str(path))
    text = canonical_text(data, str(path))
    _load(path, text)
    if text.encode() == data:
        return False
    if write_back:
        _replace(path, text.encode())
    return True


def _load(path: Path, text: str) -> None:
    """Load the file, so that its faults are told."""
    from coopgov.model import AGREEMENT_FORMAT, load_agreement
    from coopgov.rules import load_rules

    if f"coopgov: {AGREEMENT_FORMAT}" in text.split("\n"):
        load_agreement(path)
    else:
        load_rules(f"./{path}" if not path.is_absolute() else path)


def _replace(path: Path, data: bytes) -> None:
    """Put a new content in the place of a file, all at once; a link stays a link."""
    target = path.resolve()
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(target.stat().st_mode)
            Path(temporary).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InputError(
            [Fault(Place(str(path), 1, 1), "unwritable-file", found, "a file to write")]
        ) from None

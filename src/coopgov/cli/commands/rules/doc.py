"""`coopgov rules doc`: write a page for each rule, with its ladder as a picture."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.output import counted, say, to_stderr, write
from coopgov.errors import InputError
from coopgov.locales import phrase
from coopgov.source.files import file_bytes, is_file, made_folder

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("files", nargs="+", metavar="FILE", help="shared.rule-set")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="shared.out")
    command.add_argument("--format", choices=("markdown",), default="markdown", help="rules-doc.format")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write all files or none."""
    from coopgov.pages.site import MARK, rule_pages
    from coopgov.rules import load_rules
    from coopgov.testing import find_tests

    rules = load_rules(*options.files)
    results = find_tests(*options.files).run()
    if results.faults:
        for fault in results.faults:
            to_stderr(fault, options.message_lang)
        return 2
    pages = rule_pages(rules, results.outcomes, options.lang)
    foreign = [path for name in pages if not _has_mark(path := options.out / name, MARK)]
    for path in foreign:
        to_stderr(phrase("cli.messages.foreign-file", path=path), options.message_lang)
    if foreign:
        to_stderr(phrase("cli.messages.nothing-was-written"), options.message_lang)
        return 2
    try:
        _write(options.out, pages)
    except OSError as error:
        path, why = error.filename or options.out, error.strerror or str(error)
        to_stderr(phrase("cli.messages.nothing-written", path=path, why=why), options.message_lang)
        return 2
    left = sorted(path.name for path in _left(options.out, pages, MARK))
    if left:
        write(say("written.left", options.lang, files=", ".join(left)))
    write(counted("written.pages", options.lang, len(rules.rules), path=options.out / "index.md"))
    return 0


def _has_mark(path: Path, mark: str) -> bool:
    """Whether a file may be written: it does not exist, or an earlier run wrote it."""
    if not path.exists() and not path.is_symlink():
        return True
    try:
        return is_file(path) and file_bytes(path, str(path)).decode(errors="replace").splitlines()[:1] == [
            mark
        ]
    except InputError:
        return False


def _left(folder: Path, pages: Mapping[str, str], mark: str) -> Iterable[Path]:
    """Files of an earlier run that no longer belong to any rule."""
    for path in folder.iterdir():
        if (
            path.suffix in (".md", ".svg")
            and path.name not in pages
            and path.is_file()
            and _has_mark(path, mark)
        ):
            yield path


def _write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write temporary files, and move them into place once everything is written."""
    with made_folder(folder):
        beside = {folder / name: folder / f".{name}.new" for name in pages}
        try:
            for path, new in beside.items():
                new.write_text(pages[path.name], encoding="utf-8", newline="\n")
            for path, new in beside.items():
                new.replace(path)
        finally:
            for new in beside.values():
                with suppress(OSError):
                    new.unlink(missing_ok=True)

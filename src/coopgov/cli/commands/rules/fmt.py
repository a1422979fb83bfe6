"""`coopgov rules fmt`: write files in their canonical form, or say which are not in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.output import say, to_stderr, write
from coopgov.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("files", nargs="+", metavar="FILE", help="rules-fmt.files")
    command.add_argument("--check", action="store_true", help="rules-fmt.check")
    command.add_argument("--keep-synonyms", action="store_true", help="rules-fmt.keep-synonyms")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Format each file by itself; faults in one file do not stop the others."""
    code = 0
    for name in options.files:
        try:
            changed = _formatted(
                Path(name), write_back=not options.check, keep_synonyms=options.keep_synonyms
            )
        except InputError as error:
            to_stderr(error, options.message_lang)
            code = 2
            continue
        if changed and options.check:
            write(say("written.not-canonical", options.lang, path=name))
            code = max(code, 1)
        elif changed:
            write(say("written.formatted", options.lang, path=name))
    return code


def _formatted(path: Path, *, write_back: bool, keep_synonyms: bool) -> bool:
    """Whether a file was not in canonical form; unless only checking, it is rewritten."""
    from coopgov.formatting.canonical import SHAPES, Shape, canonical_text
    from coopgov.imports.mapping import IMPORT_FORMAT, ImportMapping
    from coopgov.source.files import file_bytes, replace_file
    from coopgov.testing.rule_tests.canonical_shape import TESTS_SHAPE
    from coopgov.testing.rule_tests.detect import TESTS_FORMAT

    data = file_bytes(path, str(path))
    _load(path)
    shapes = {**SHAPES, TESTS_FORMAT: TESTS_SHAPE, IMPORT_FORMAT: Shape(ImportMapping)}
    text = canonical_text(data, str(path), shapes, keep_synonyms=keep_synonyms).encode()
    if text != data and write_back:
        replace_file(path, text)
    return text != data


def _load(path: Path) -> None:
    """Load the file by its format, so that all its faults are reported."""
    from coopgov.imports import load_import_mapping
    from coopgov.imports.mapping import IMPORT_FORMAT
    from coopgov.model import AGREEMENT_FORMAT, PART_FORMAT, load_agreement, load_part
    from coopgov.rules import load_rules
    from coopgov.rules.schema import RULES_FORMAT
    from coopgov.source import Document, Scalar, read_file
    from coopgov.testing.rule_tests.detect import TESTS_FORMAT
    from coopgov.testing.rule_tests.load import load_tests

    try:
        document: object = read_file(path)
    except InputError as error:
        if error.document is None:
            raise
        document = error.document
    node = document.find(("coopgov",)) if isinstance(document, Document) else None
    tag = node.text if isinstance(node, Scalar) else ""
    loaders: dict[str, Callable[[Path], object]] = {
        AGREEMENT_FORMAT: load_agreement,
        PART_FORMAT: load_part,
        IMPORT_FORMAT: load_import_mapping,
        RULES_FORMAT: load_rules,
        TESTS_FORMAT: load_tests,
    }
    if tag in loaders:
        loaders[tag](path)

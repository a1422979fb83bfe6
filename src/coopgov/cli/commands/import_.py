"""`coopgov import`: make a part of an agreement of a file of another system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_format
from coopgov.cli.losses import lost_lines
from coopgov.cli.output import counted, json_text, say, write
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser
    from coopgov.imports import Import
    from coopgov.model import Agreement

__all__ = ["add_arguments", "run"]

_SHOWN = 20
"""How many rejected rows are listed as text; JSON has all."""


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("source", type=Path, metavar="SOURCE", help="import.source")
    command.add_argument("--map", type=Path, metavar="MAPPING", help="import.map")
    command.add_argument("--into", metavar="AGREEMENT", help="import.into")
    command.add_argument("--new", action="store_true", help="import.new")
    command.add_argument("--out", metavar="FILE", help="import.out")
    add_day(command)
    command.add_argument("--dry-run", action="store_true", help="import.dry-run")
    add_format(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def run(options: Namespace) -> int:
    """Read the file, make sure that the part fits the agreement, and write it."""
    if options.out is None and not options.dry_run:
        options.wrong_usage(phrase("cli.argparse.required", names="--out"))
    if options.new:
        return _new(options)
    missing = [name for name in ("map", "into") if getattr(options, name) is None]
    if missing:
        options.wrong_usage(phrase("cli.argparse.required", names=", ".join(f"--{each}" for each in missing)))
    return _part(options)


def _part(options: Namespace) -> int:
    from coopgov.imports import load_import_mapping
    from coopgov.imports.any_reader import read_import
    from coopgov.model import dump_part, load_agreement
    from coopgov.source.files import replace_file

    agreement = load_agreement(options.into)
    found = read_import(options.source, load_import_mapping(options.map), agreement, as_of=options.as_of)
    assert found.part is not None
    _without(agreement, options.out).with_part(found.part)
    _show(found, options)
    if options.dry_run:
        return 0
    replace_file(Path(options.out), dump_part(found.part).encode())
    if options.format == "text":
        write(say("written.file", options.lang, path=options.out))
    return 0


def _without(agreement: Agreement, out: str | None) -> Agreement:
    """The agreement without the part that is about to be replaced."""
    from coopgov.model.agreement import without_part
    from coopgov.source import resolved

    if out is None:
        return agreement
    there = resolved(Path(out))
    return without_part(agreement, lambda part: bool(part.file) and resolved(Path(part.file)) == there)


def _new(options: Namespace) -> int:
    from coopgov.imports.new import read_new
    from coopgov.imports.new_files import written_files

    found = read_new(options.source, as_of=options.as_of)
    _show(found, options)
    if options.dry_run:
        return 0
    for path in written_files(found, options.out):
        if options.format == "text":
            write(say("written.file", options.lang, path=path))
    return 0


def _show(found: Import, options: Namespace) -> None:
    if options.format == "json":
        write(json_text(found.to_dict(options.lang)))
        return
    for line in _lines(found, options.lang):
        write(line)


def _lines(found: Import, language: str) -> list[str]:
    """The account as text: what is kept, what to know, what is lost, what is rejected."""
    kept = ", ".join(f"{name} {count}" for name, count in found.kept.items()) or say(
        "import.nothing", language
    )
    lines = [say("import.kept", language, format=found.format, day=found.on, kept=kept)]
    lines += [f"{each.code}: {each.text.in_language(language)}" for each in found.told]
    if found.lost:
        lines += [say("import.lost", language), *lost_lines(found.lost, language)]
    if found.rejected:
        lines.append(counted("import.rejected", language, len(found.rejected)))
    for each in found.rejected[:_SHOWN]:
        said = phrase("common.found", found=each.found, expected=each.expected).in_language(language)
        lines.append(f"  {each.place}: {each.code}: {said}")
    if len(found.rejected) > _SHOWN:
        lines.append(f"  {say('import.more', language, more=len(found.rejected) - _SHOWN)}")
    return lines

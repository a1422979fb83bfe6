"""`coopgov portfolio check`: check every row of a table, or every agreement of a folder, and print a summary."""

from __future__ import annotations

import argparse
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_output, add_rules, current_day
from coopgov.cli.output import RowProgress, json_text, tell, write
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov.portfolio.summary import Summary
    from coopgov.rules import RuleSet

__all__ = ["HELP", "add_arguments", "run"]

HELP = "check every row of a table, or every agreement of a folder"
_LIMIT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(%?)")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Check every row of a table (CSV, Parquet, a DuckDB query), or every agreement of a folder, "
        "and print a summary."
    )
    command.add_argument(
        "data",
        metavar="DATA",
        help="a CSV or Parquet file, a DuckDB or JSON file (with --query), or a folder of agreements",
    )
    command.add_argument(
        "--map",
        dest="mapping",
        metavar="FILE",
        help="the mapping file: which column is which fact; a folder needs none",
    )
    command.add_argument(
        "--query",
        metavar="SQL",
        help="a DuckDB query for the rows; a CSV, Parquet or JSON file is the table `data`",
    )
    add_rules(command)
    add_day(command)
    _add_outputs(command)
    add_output(command)
    command.set_defaults(run=run, wrong_usage=command.error)


def _add_outputs(command: argparse.ArgumentParser) -> None:
    """Add the options for how to check, and for what to write."""
    command.add_argument(
        "--engine",
        metavar="NAME",
        help="what checks the rows: polars, duckdb, pandas, pyarrow, dask, spark (polars)",
    )
    for name, what in (
        ("out", "hits"),
        ("undetermined", "what is undetermined"),
        ("rejects", "cells and rows that could not be read, and why"),
    ):
        command.add_argument(f"--{name}", metavar="FILE", help=f"write {what}, as Parquet or CSV")
    command.add_argument(
        "--max-rejected",
        type=_limit,
        default=_limit("0"),
        metavar="NUMBER",
        help="accept up to this number or share (`5 %%`) of faulty rows: rejected, or with an unreadable cell (0)",
    )
    command.add_argument(
        "--limit",
        type=_count,
        default=10,
        metavar="NUMBER",
        help="how many of the worst subjects are printed (10)",
    )
    command.add_argument(
        "--fail-on",
        choices=("undetermined", *SEVERITIES, "never"),
        default="minor",
        help="exit with 1 at this status or worse; never: only bad input fails (minor)",
    )
    command.add_argument(
        "--progress", action=argparse.BooleanOptionalAction, help="show progress (on a terminal)"
    )


def _limit(text: str) -> tuple[Fraction, bool]:
    """A number of rows, or a share of all rows."""
    match = _LIMIT.fullmatch(text.strip())
    if not match or ("." in match[1] and not match[2]):
        raise argparse.ArgumentTypeError(f'found "{text}", expected a number of rows, or a share such as 5 %')
    return (Fraction(match[1]) / 100, True) if match[2] else (Fraction(match[1]), False)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f'found "{text}", expected a whole number, 0 or more')
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Check, print the summary, and return the exit code."""
    from coopgov.rules import load_rules
    from coopgov.source.files import is_folder

    folder = is_folder(Path(options.data))
    if folder and (options.mapping or options.query or options.engine):
        options.wrong_usage("a folder of agreements takes neither --map nor --query nor --engine")
    if not folder and not options.mapping:
        options.wrong_usage("the following arguments are required: --map")
    rules = load_rules(*(options.rules or ()))
    progress = RowProgress(shown=options.progress)
    try:
        summary = _folder(options, rules, progress) if folder else _table(options, rules, progress)
    finally:
        progress.clear()
    _print(options, summary)
    return _code(options, summary)


def _table(options: argparse.Namespace, rules: RuleSet, progress: RowProgress) -> Summary:
    from coopgov.portfolio import Outputs, check_table, load_mapping

    return check_table(
        options.data,
        load_mapping(options.mapping, rules),
        rules,
        as_of=options.as_of or current_day(),
        query=options.query,
        engine=options.engine or "polars",
        outputs=Outputs(options.out, options.undetermined, options.rejects),
        worst=options.limit,
        progress=progress.show,
    )


def _folder(options: argparse.Namespace, rules: RuleSet, progress: RowProgress) -> Summary:
    from coopgov.portfolio import Outputs, check_folder

    return check_folder(
        options.data,
        rules,
        as_of=options.as_of or current_day(),
        outputs=Outputs(options.out, options.undetermined, options.rejects),
        worst=options.limit,
        progress=progress.show,
    )


def _print(options: argparse.Namespace, summary: Summary) -> None:
    if options.format == "json":
        write(json_text(summary.to_dict()))
        return
    from coopgov.cli.portfolio import summary_text
    from coopgov.cli.text import Terminal

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    write(summary_text(terminal, summary, today=options.as_of is None, written=options.rejects))


def _code(options: argparse.Namespace, summary: Summary) -> int:
    """2 if more rows are faulty than the limit, or nothing was checked; 1 if the status is at or above the limit."""
    from coopgov.assessment.result import worse

    most, share = options.max_rejected
    allowed = most * summary.all_read if share else most
    if summary.all_faulty > allowed:
        tell(
            f"{options.data}: {summary.all_faulty:,} of {summary.all_read:,} {summary.counted} are faulty; --max-rejected says how many may be"
        )
        return 2
    if not summary.checked:
        tell(f"{options.data}: none of the {summary.read:,} {summary.counted} was checked")
        return 2
    return int(options.fail_on != "never" and worse(summary.status) >= worse(options.fail_on))

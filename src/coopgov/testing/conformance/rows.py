"""Read the rows of the corpus, each with its place in its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.errors import InputError
from coopgov.language.interpreter import Setting
from coopgov.locales import phrase, verbatim
from coopgov.model import WorkingCalendar
from coopgov.schema import Defect, Reporting, fault_of, faults_of
from coopgov.source import read_document
from coopgov.testing.conformance.corpus_values import MINOR_UNITS, checked, outcome, record
from coopgov.testing.conformance.schema import CorpusFile
from coopgov.testing.conformance.vocabulary import VOCABULARY, corpus_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.faults import Fault, Place
    from coopgov.language.syntax import Expr
    from coopgov.source import Document
    from coopgov.testing.conformance.schema import RowEntry

__all__ = ["Row", "corpus", "read_rows"]

_DAY = date(2026, 6, 30)
_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Row:
    """An expression, the facts that are there, and the expected result.

    `id` states all of it and stays the same when rows are added; `group` is `FILE/GROUP`; `expected` is a truth value,
    `UNKNOWN`, `NOT_SET`, `Bounds`, a text, a day number, or a number in the unit of the expression, money in
    hundredths.
    """

    id: str
    group: str
    text: str
    about: str
    expression: Expr
    facts: Mapping[str, Any]
    gives: str
    expected: Any
    setting: Setting
    place: Place

    def __str__(self) -> str:
        return f"{self.place}: {self.id}"


@lru_cache(maxsize=1)
def corpus() -> tuple[Row, ...]:
    """All rows of the corpus, file by file.

    >>> row = corpus()[0]
    >>> row.text, row.gives
    ('x else 5', '3')
    """
    return tuple(
        row
        for file in corpus_files()
        if file.name != VOCABULARY
        for row in read_rows(read_document(file.read_bytes(), f"coopgov/testing/corpus/{file.name}"))
    )


def read_rows(document: Document) -> list[Row]:
    """Read the rows of one file.

    Raises:
        InputError: the file does not fit the format, or rows make no sense; all faults are reported at once.
    """
    try:
        file = CorpusFile.model_validate(document.data)
    except ValidationError as error:
        raise InputError(faults_of(document, error, CorpusFile)) from None
    found: dict[str, Row] = {}
    faults: list[Fault] = []
    for path, name, entry in _entries(document, file):
        with Reporting(faults, document, *path):
            row = _row(document, path, name, entry)
            if row.id in found:
                expected = phrase("testing.conformance.other-row", place=found[row.id].place)
                faults.append(fault_of(document, Defect(path, "duplicate-id", verbatim(row.id), expected)))
            found[row.id] = row
    if faults:
        raise InputError(faults)
    return list(found.values())


def _entries(document: Document, file: CorpusFile) -> Iterator[tuple[tuple[str | int, ...], str, RowEntry]]:
    stem = document.file.rpartition("/")[2].removesuffix(".yaml")
    for group, rows in file.groups.items():
        for number, entry in enumerate(rows):
            yield ("groups", group, number), f"{stem}/{group}", entry


def _row(document: Document, path: tuple[str | int, ...], group: str, entry: RowEntry) -> Row:
    node = checked(entry.of, entry.about, ("of",))
    others = {
        "as of": entry.as_of,
        "in": entry.currency,
        "about a": "" if entry.about == "thing" else entry.about,
    }
    parts = [f"given {_shown(entry.given)}"] if entry.given else []
    parts += [f"{word} {value}" for word, value in others.items() if value]
    setting = Setting(entry.as_of or _DAY, WorkingCalendar(), entry.currency or _CURRENCY, MINOR_UNITS)
    return Row(
        id=" ".join([f"{group}: {entry.of}", *parts]),
        group=group,
        text=entry.of,
        about=entry.about,
        expression=node,
        facts=record(entry.about, entry.given, ("given",)),
        gives=entry.gives,
        expected=outcome(node, entry.gives),
        setting=setting,
        place=document.place(document.find(path)),
    )


def _shown(given: Any) -> str:
    """Facts as written, without the outermost brackets."""
    if isinstance(given, dict):
        return ", ".join(
            f"{name}: " + ("{" + _shown(value) + "}" if isinstance(value, dict) else _shown(value))
            for name, value in given.items()
        )
    if isinstance(given, (list, tuple)):
        return (
            "["
            + ", ".join(
                "{" + _shown(each) + "}" if isinstance(each, dict) else _shown(each) for each in given
            )
            + "]"
        )
    return "" if given is None else str(given)

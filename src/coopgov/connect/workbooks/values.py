"""Values as cells: what a person would write, if it means exactly the value, and YAML in the cell where not."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.tables import ESCAPE, MORE
from coopgov.schema.problems import written
from coopgov.synonyms import TABLES as WORDS
from coopgov.synonyms import synonyms

if TYPE_CHECKING:
    from coopgov.connect.workbooks.tables import Column, Table

__all__ = ["SEPARATORS", "cells_of", "escaped", "said"]

Cell = str | float | date

SEPARATORS = re.compile(r"\s*[\n;；,，、]\s*")
"""What separates several values in one cell."""
_PLAIN = re.compile(
    r"[^\s](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\r]*[^\s])?"
)
_ESCAPED_BY_EXCEL = re.compile(r"_x[0-9A-Fa-f]{4}_")
_INVISIBLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LONGEST = 32_000


def cells_of(row: dict[str, Any], table: Table, language: str) -> dict[str, Cell]:
    """Return the cells of a row by the keys of their columns, such as `name:en`, `status.on`, `custom:energy`."""
    left = _copied(row)
    cells: dict[str, Cell] = {}
    for column in table.columns:
        if column.key != MORE:
            cells |= _cells(column, left, language)
    left = {key: value for key, value in left.items() if value not in ({}, [])}
    return {**cells, **({MORE: escaped(left)} if left else {})}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return value


def _cells(column: Column, left: dict[str, Any], language: str) -> dict[str, Cell]:
    """Take the values of a column out of a row."""
    *above, last = column.path
    holder = left
    for key in above:
        below = holder.get(key)
        holder = below if isinstance(below, dict) else {}
    if last not in holder:
        return {}
    value = holder.pop(last)
    if column.bare:
        return _dated(column, value, language)
    if column.form in ("map", "days-by-party"):
        form = "day" if column.form == "days-by-party" else "word"
        return {f"{column.key}:{key}": _cell(form, each, "", language) for key, each in value.items()}
    if column.form == "text" and isinstance(value, dict):
        return _languages(column.key, value)
    return {column.key: _cell(column.form, value, column.choices, language)}


def _languages(key: str, texts: dict[str, str]) -> dict[str, Cell]:
    """A text in several languages: a column for each, in the order of their names."""
    if list(texts) != sorted(texts):
        return {key: escaped(texts)}
    return {f"{key}:{tag}": _cell("word", text, "", "") for tag, text in texts.items()}


def _dated(column: Column, value: Any, language: str) -> dict[str, Cell]:
    """A dated value with one entry has a cell for the value and one for its day."""
    entry = value if isinstance(value, dict) else {column.bare: value}
    if isinstance(value, list) or not {column.bare} <= entry.keys() <= {column.bare, "on"}:
        return {column.key: escaped(value)}
    cells = {column.key: _cell(column.form, entry[column.bare], column.choices, language)}
    if "on" in entry:
        cells[f"{column.key}.on"] = _cell("day", entry["on"], "", language)
    return cells


def _cell(form: str, value: Any, choices: str, language: str) -> Cell:
    if form in ("words", "days") and isinstance(value, list):
        items = [written(each) for each in value]
        plain = [each for each in items if each and _PLAIN.fullmatch(each) and not SEPARATORS.search(each)]
        text = "; ".join(plain)
        return text if plain and len(plain) == len(value) and _is_plain(text) else escaped(value)
    text_of = written(value)
    if text_of is None:
        return escaped(value)
    if form == "day":
        with suppress(ValueError):
            day = date.fromisoformat(text_of)
            return day if day.year > 1900 else text_of  # Excel counts days from 1900 on
    if form in ("number", "money"):
        return _number(text_of)
    if form == "share":
        return _share(text_of)
    if form == "choice":
        return said(choices, text_of, language)
    return text_of if _is_plain(text_of) else escaped(text_of)


def said(choices: str, value: str, language: str) -> str:
    """The word for a fixed value in a language: its first synonym."""
    words = synonyms(choices, value, language) if value in WORDS[choices] else ()
    return next(iter(words), value)


def _is_plain(text: str) -> bool:
    """Whether a text in a cell is read back as it is."""
    odd = text.startswith(ESCAPE) or _ESCAPED_BY_EXCEL.search(text) or len(text) > _LONGEST
    return bool(_PLAIN.fullmatch(text)) and not odd


def _number(text: str) -> Cell:
    with suppress(InvalidOperation, OverflowError):
        number = Decimal(text)
        if _is_exact(number):
            return float(number)
    return text


def _is_exact(number: Decimal) -> bool:
    """Whether a cell holds a number exactly: spreadsheets keep 15 digits."""
    return Decimal(f"{float(number):.15G}") == number


def _share(text: str) -> Cell:
    with suppress(InvalidOperation):
        share = Decimal(text.removesuffix("%").strip()).scaleb(-2)
        if 0 <= share <= 1 and _is_exact(share):
            return float(share)
    return text


def escaped(value: Any) -> str:
    """Write a value as YAML in one line, which every cell can hold."""
    text = json.dumps(_spelt(value), ensure_ascii=False)
    text = _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"{ESCAPE} {_ESCAPED_BY_EXCEL.sub(lambda match: chr(92) + 'u005f' + match[0][1:], text)}"


def _spelt(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spelt(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_spelt(each) for each in value]
    return written(value)

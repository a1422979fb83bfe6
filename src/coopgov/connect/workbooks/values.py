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
    entries = [each if isinstance(each, dict) else {column.bare: each} for each in _listed(value)]
    if not all({column.bare} <= each.keys() <= {column.bare, "on"} for each in entries):
        return {column.key: escaped(value)}
    if isinstance(value, list):
        return {column.key: _joined([_dated_line(column, each, language) for each in entries], value)}
    (entry,) = entries
    cells = {column.key: _cell(column.form, entry[column.bare], column.choices, language)}
    if "on" in entry:
        cells[f"{column.key}.on"] = _cell("day", entry["on"], "", language)
    return cells


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _dated_line(column: Column, entry: dict[str, Any], language: str) -> str:
    """The line of one of several dated values, such as `2026-06-30: 40 %`; empty if it has none."""
    text = written(entry[column.bare]) or ""
    text = said(column.choices, text, language) if column.choices else text
    return "" if re.search("[:：;；]", text) else f"{entry['on']}: {text}" if "on" in entry else text


def _joined(lines: list[str], value: Any) -> str:
    """Lines as a cell, or the value as YAML if they would not be read back as they are."""
    whole = "\n".join(lines)
    plain = lines and all(_PLAIN.fullmatch(line) and "\n" not in line for line in lines)
    return whole if plain and _is_plain(whole) else escaped(value)


def _link_line(link: Any, language: str) -> str:
    """A predecessor as planners write it, such as `dig` or `dig SS + 2 working days`; empty if it has no such form."""
    if not isinstance(link, dict):
        link = {"task": link}
    task, kind, lag = (written(link.get(key, "")) or "" for key in ("task", "type", "lag"))
    if not re.fullmatch(r"[^\s;；,，、]+", task):
        return ""
    if not lag:
        return f"{task} {kind}".rstrip()
    return f"{task} {kind or 'FS'} {'-' if lag.startswith('-') else '+'} {_span(lag.lstrip('-'), language)}"


def _span(text: str, language: str) -> str:
    """A length of time, such as `2 weeks`, with the word of a language for its unit."""
    number, _, unit = text.partition(" ")
    plural = unit if unit.endswith("s") else f"{unit}s"
    word = said("units", plural, language)
    return text if word == plural else f"{number} {word}"


def _period_line(period: Any) -> str:
    """A period as a line, such as `2026-08-03 – 2026-08-14`; without a last day it ends with the dash."""
    if not isinstance(period, dict) or "from" not in period:
        return ""
    return f"{period['from']} – {period.get('to', '')}".rstrip()


def _several(form: str, value: list[Any], choices: str, language: str) -> str:
    """Several values in a cell: with a semicolon between them, or one in each line."""
    if form == "periods":
        return _joined([_period_line(each) for each in value], value)
    if form == "lines":
        return _joined([written(each) or "" for each in value], value)
    if form not in ("words", "days", "links"):
        return escaped(value)
    items = [_link_line(each, language) if form == "links" else written(each) for each in value]
    items = [said(choices, each, language) if each and choices else each for each in items]
    plain = [each for each in items if each and _PLAIN.fullmatch(each) and not SEPARATORS.search(each)]
    text = "; ".join(plain)
    return text if plain and len(plain) == len(value) and _is_plain(text) else escaped(value)


def _cell(form: str, value: Any, choices: str, language: str) -> Cell:
    if isinstance(value, list):
        return _several(form, value, choices, language)
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
    if form == "span":
        return _span(text_of, language)
    text_of = said(choices, text_of, language) if choices else text_of
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

"""Match the texts of cells that a mapping file names: exact texts, or patterns such as `begins_with`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import PydanticCustomError

from coopgov.faults import did_you_mean
from coopgov.locales import listed, phrase
from coopgov.optional import pa, pc
from coopgov.schema import Defect, defects_of, problem, problems, shown, written

__all__ = ["TEXTS_SCHEMA", "Texts", "parse_texts"]

_WAYS = {"begins_with": "^(?:{})", "ends_with": "(?:{})$", "contains": "{}"}


@dataclass(frozen=True, slots=True)
class Texts:
    """A set of texts: exact ones, and those that match a pattern.

    >>> texts = parse_texts(["n/a", {"begins_with": "Exempt"}])
    >>> sorted(texts.exact), texts.patterns
    (['n/a'], ('^(?:Exempt)',))
    """

    exact: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def found(self, column: Any) -> Any:
        """The rows in which a column has one of the texts; never null."""
        found = pc.is_in(column, value_set=pa.array(sorted(self.exact), pa.string()))
        if not self.patterns:
            return found
        fits = pc.match_substring_regex(column, "(?s)" + "|".join(self.patterns))
        return pc.or_(found, pc.fill_null(fits, fill_value=False))

    def parts(self) -> tuple[Texts, ...]:
        """The exact texts, which outweigh the patterns, then the patterns; empty parts are left out."""
        parts = (Texts(self.exact), Texts(patterns=self.patterns))
        return tuple(each for each in parts if each != Texts())


def parse_texts(value: object) -> Texts:
    """Type the exact text of a cell, a pattern such as `begins_with: Exempt`, or a list of them."""
    listed = value if isinstance(value, (list, tuple)) else None
    defects: list[Defect] = []
    exact: list[str] = []
    patterns: list[str] = []
    for at, each in enumerate([value] if listed is None else listed):
        try:
            if isinstance(each, Mapping):
                patterns.append(_pattern(each))
            else:
                exact.append(_text(each))
        except PydanticCustomError as error:
            key = error.type == "unknown-key"
            path = (*(() if listed is None else (at,)), *(map(str, each) if key else ()))
            defects += [replace(wrong, key=key) for wrong in defects_of(error, path)]
    if defects:
        raise problems(defects)
    return Texts(frozenset(exact), tuple(dict.fromkeys(patterns)))


def _text(value: object) -> str:
    """The text of a cell, which can be empty; spaces around it do not count."""
    text = "" if value is None else written(value)
    if text is None:
        raise problem("wrong-type", shown(value), phrase("portfolio.mapping.cell-text"))
    return text.strip()


def _pattern(entry: Mapping[Any, Any]) -> str:
    ways = phrase("portfolio.mapping.one-of", choices=listed(_WAYS))
    if len(entry) != 1:
        raise problem("wrong-type", phrase("portfolio.mapping.keys", number=len(entry)), ways)
    ((way, value),) = entry.items()
    if way not in _WAYS:
        hint = did_you_mean(str(way), _WAYS)
        raise problem("unknown-key", phrase("portfolio.mapping.the-key", key=way), ways, hint)
    text = written(value)
    if text is None:
        raise problem("wrong-type", shown(value), phrase("portfolio.mapping.text"))
    if not text.strip():
        raise problem("empty-text", shown(value), phrase("portfolio.mapping.telling-text"))
    return _WAYS[way].format(re.escape(text))


_CELL_SCHEMA = {
    "title": "CellText",
    "description": "The text of a cell; spaces around it do not count.",
    "type": ["string", "number", "boolean", "null"],
}
_PART = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_DESCRIPTIONS = {
    "begins_with": "All that begin with",
    "ends_with": "All that end with",
    "contains": "All that contain",
}
_PATTERN_SCHEMA = {
    "title": "CellPattern",
    "description": "All texts that begin, end or go on in this way.",
    "type": "object",
    "properties": {
        way: {**_PART, "description": f"{description} this text."}
        for way, description in _DESCRIPTIONS.items()
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_ONE = {"anyOf": [_CELL_SCHEMA, _PATTERN_SCHEMA]}
TEXTS_SCHEMA: Mapping[str, Any] = {"anyOf": [_CELL_SCHEMA, _PATTERN_SCHEMA, {"type": "array", "items": _ONE}]}

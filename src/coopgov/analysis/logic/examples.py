"""Turn facts into the example of a finding, written as in a rule file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.assignment import ABSENT, AS_OF, CURRENCY, UNIT
from coopgov.finding import Example
from coopgov.language.units import BUILT_IN

if TYPE_CHECKING:
    from coopgov.analysis.logic.assignment import Given
    from coopgov.facts import Catalogue
    from coopgov.language.types import Type
    from coopgov.locales import Phrase

__all__ = ["example", "value_text"]

_MOST_LISTED = 3


def example(given: Given, catalogue: Catalogue, about: str, shows: Phrase) -> Example:
    """The example that facts make: those that are present, and those that matter because they are absent."""
    day = given.get(AS_OF)
    as_of = None if day is None else date.fromordinal(int(day)).isoformat()
    return Example(about, tuple(_facts(given, catalogue, about)), shows, as_of)


def _facts(given: Given, catalogue: Catalogue, about: str) -> list[tuple[str, str]]:
    unit = str(given.get(UNIT, ""))
    found = []
    for (path, name), value in sorted(given.items(), key=lambda each: each[0]):
        if (path, name) in (AS_OF, CURRENCY):
            continue
        subject = path[-1] if path else about
        kind = catalogue.type_of(subject, name)
        assert kind is not None
        # a name with a space is internal: the warnings that a filter reads if it names rules
        found.append(
            (".".join((*path, name.split(" ", maxsplit=1)[0])), _value(value, kind, unit, catalogue))
        )
    return found


def _value(value: Any, kind: Type, unit: str, catalogue: Catalogue) -> str:
    if value is ABSENT:
        return "unknown"
    if isinstance(value, tuple):
        return _several(value, kind, catalogue)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, Fraction):
        return f'"{value}"'
    return value_text(value, kind, unit)


def value_text(value: Fraction, kind: Type, unit: str = "") -> str:
    """A number of a type as a rule file writes it; `unit` is that of the KPI."""
    if kind.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    if kind.kind == "number" and kind.percent:
        return f"{_number(value * 100)} %"
    name = {"money": "money", "own": unit, "quantity": kind.unit}.get(kind.kind, "")
    number = _number(value)
    plural = f"{name}s" in BUILT_IN and number not in ("1", "-1")
    return f"{number} {name}{'s' if plural else ''}".rstrip()


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.12g}"


def _several(values: tuple[Any, ...], kind: Type, catalogue: Catalogue) -> str:
    """A collection as a list of mappings; many identical items as their number."""
    texts = [
        f"{{{', '.join(f'{name}: {text}' for name, text in _facts(each, catalogue, kind.item))}}}"
        if isinstance(each, Mapping)
        else f'"{each}"'
        for each in values
    ]
    if len(texts) > _MOST_LISTED and len(set(texts)) == 1:
        return f"{len(texts)} × {texts[0]}"
    return f"[{', '.join(texts)}]"

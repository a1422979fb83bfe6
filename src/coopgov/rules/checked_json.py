"""Checked rules as JSON: what a wheel holds of the shipped packs, so that a start does not parse and check them again.

An object is a mapping, or a value with its class under the empty key; a list is a tuple. What equals its default is
left out, and equal values are written once: a number under the empty key is the place of one among the shared ones.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from coopgov.backends.ir import Check, Step
from coopgov.facts.catalogue import Fact, SubjectType
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.faults import Place
from coopgov.language.syntax import Expr
from coopgov.language.types import Range, Type
from coopgov.rules.case_settings import CaseSettings
from coopgov.rules.entry_fields import Escalation, Readings
from coopgov.rules.messages import Message
from coopgov.rules.rule import Action, Inhibition, Mention, Parameter, Rule
from coopgov.rules.ruleset import RuleSet
from coopgov.rules.source import Field, Source
from coopgov.schema import LocalText, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.facts.catalogue import Catalogue

__all__ = ["rules_from", "rules_to"]

_CLASS = ""
_CLASSES: dict[str, Callable[..., Any]] = {
    kind.__name__: kind
    for kind in (
        *(
            Action,
            CaseSettings,
            Check,
            Fact,
            Field,
            Inhibition,
            LocalText,
            Mention,
            Message,
            Parameter,
            Place,
            Range,
        ),
        *(Readings, Rule, Span, Step, SubjectType, Type),
        *get_args(Expr),
    )
} | {"date": date, "Decimal": Decimal, "Escalation": Escalation.model_construct}
_CATALOGUE = "catalogue"


def rules_to(rules: RuleSet) -> str:
    """Write a rule set as JSON.

    Raises:
        TypeError: it holds something that a shipped pack has not had so far, such as a decision table.
    """
    parts = {each.name: getattr(rules, each.name) for each in fields(rules) if each.name != _CATALOGUE}
    plain = {
        name: _plain(value) for name, value in {**parts, _CATALOGUE: _of_catalogue(rules.catalogue)}.items()
    }
    times = Counter(_text(each) for each in _values(plain))
    places: dict[str, int] = {}
    shared: list[Any] = []

    def short(value: Any) -> Any:
        if isinstance(value, list):
            return [short(each) for each in value]
        if not isinstance(value, dict):
            return value
        if _CLASS not in value or times[_text(value)] == 1:
            return {key: short(each) for key, each in value.items()}
        if _text(value) not in places:
            shared.append({key: short(each) for key, each in value.items()})
            places[_text(value)] = len(shared) - 1
        return {_CLASS: places[_text(value)]}

    return _text({"rules": short(plain), "shared": shared})


def _text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _values(plain: Any) -> Iterator[dict[str, Any]]:
    """All values with a class, at any depth."""
    below = plain.values() if isinstance(plain, dict) else plain if isinstance(plain, list) else ()
    for each in below:
        yield from _values(each)
    if isinstance(plain, dict) and _CLASS in plain:
        yield plain


def _of_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """What the rules add to the shipped catalogue, and the formulas of all facts, checked."""
    shipped = default_catalogue()
    types, facts = catalogue.subject_types, catalogue.facts
    checked: dict[str, dict[str, Expr | None]] = {about: {} for about, _ in facts}
    for about, name in facts:
        checked[about][name] = catalogue.definition(about, name)
    return {
        "subject_types": tuple(
            each for name, each in types.items() if shipped.subject_types.get(name) != each
        ),
        "facts": tuple(each for key, each in facts.items() if shipped.facts.get(key) != each),
        "parameters": dict(catalogue.parameters),
        "checked": {
            about: {name: formula for name, formula in named.items() if formula is not None}
            for about, named in checked.items()
        },
    }


def _plain(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (str, bool, int):
        return value
    if kind is tuple:
        return [_plain(each) for each in value]
    if kind is dict and all(type(key) is str and key for key in value):
        return {key: _plain(each) for key, each in value.items()}
    if kind is date:
        return {_CLASS: "date", "year": value.year, "month": value.month, "day": value.day}
    if kind is Decimal:
        return {_CLASS: "Decimal", "value": str(value)}
    if kind is Escalation:
        return {_CLASS: "Escalation", "to": value.to, "within": _plain(value.within)}
    if isinstance(value, Source):
        return {_CLASS: "Source", "pack": value.document.file.removesuffix(".yaml")}
    if kind.__name__ not in _CLASSES or not is_dataclass(kind):
        raise TypeError(kind)
    given = {each.name: _plain(getattr(value, each.name)) for each in fields(kind)}
    defaults = {each.name: _plain(each.default) for each in fields(kind) if each.default is not MISSING}
    return {
        _CLASS: kind.__name__,
        **{
            name: each
            for name, each in given.items()
            if name not in defaults or repr(each) != repr(defaults[name])
        },
    }


def rules_from(text: str, sources: Callable[..., Source]) -> RuleSet:
    """Make a rule set of its JSON; `sources` returns the file of a `pack`.

    Raises:
        KeyError: it was written by another version.
    """
    classes: dict[str, Callable[..., Any]] = {**_CLASSES, "Source": sources}
    shared: list[Any] = []

    def made(plain: Any) -> Any:
        kind = type(plain)
        if kind is list:
            return tuple([made(each) for each in plain])
        if kind is not dict:
            return plain
        name: Any = plain.pop(_CLASS, None)
        if type(name) is int:
            return shared[name]
        values = {key: made(each) for key, each in plain.items()}
        return values if name is None else classes[name](**values)

    read = json.loads(text)
    for each in read["shared"]:  # each refers to earlier ones only
        shared.append(made(each))  # noqa: PERF401  # which `made` looks up
    parts = made(read["rules"])
    added = parts.pop(_CATALOGUE)
    catalogue = default_catalogue().extended(added["subject_types"], added["facts"], added["parameters"])
    formulas = {
        (about, name): each for about, named in added["checked"].items() for name, each in named.items()
    }
    return RuleSet(catalogue=catalogue.knowing(formulas), **parts)

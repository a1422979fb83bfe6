"""Turns what validators, parsers and expressions report into faults with their places in the file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from coopgov.errors import ExpressionError, FollowingError
from coopgov.faults import MOST_ALIKE, NO_HINT, Fault, Place
from coopgov.hints import choice_hint, synonyms
from coopgov.locales import listed, phrase
from coopgov.nearest import nearest
from coopgov.schema.problems import Defect, defects_of, expression_defect, quoted, shown
from coopgov.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from coopgov.schema.problems import Path
    from coopgov.source import Document

__all__ = ["Reporting", "fault_of", "faults_of", "missing_key", "models_at", "path_text"]

_CHOICE = re.compile(r"'([^']*)'")
_EXPECTED = {
    "model_type": "schema.kind.keys-and-values",
    "model_attributes_type": "schema.kind.keys-and-values",
    "dataclass_type": "schema.kind.keys-and-values",
    "dict_type": "schema.kind.keys-and-values",
    "mapping_type": "schema.kind.keys-and-values",
    "tuple_type": "schema.kind.list",
    "list_type": "schema.kind.list",
    "string_type": "schema.kind.text",
}


def faults_of(document: Document | None, error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Turn a validation error of any pydantic model into faults, each at its place.

    Without a document (Python objects were validated), a fault's place is the path of the value. A wrong
    `coopgov: …` version is the only fault reported, since the rest of the file was read by the wrong format.
    """
    seen: Counter[str] = Counter()
    defects: list[Defect] = []
    last: dict[str, Defect] = {}
    for details in error.errors(include_url=False):
        sort = details["type"]
        seen[sort] += 1
        if seen[sort] <= MOST_ALIKE:  # finding the closest name for each of very many would take too long
            defects += _defects(details, model, document)
            last[sort] = defects[-1]
    defects = _one_each(defects)
    versions = [defect for defect in defects if defect.code == "wrong-version"]
    more = {id(last[sort]): count - MOST_ALIKE for sort, count in seen.items() if count > MOST_ALIKE}
    return [
        replace(fault_of(document, defect), more=more.get(id(defect), 0)) for defect in versions or defects
    ]


def _one_each(defects: list[Defect]) -> list[Defect]:
    """Drop missing keys that are in the file under a misspelt name: one mistake, one fault."""
    renamed = {(*each.path[:-1], each.instead) for each in defects if isinstance(each, _UnknownKey)}
    return [each for each in defects if each.code != "missing-key" or each.path not in renamed]


@dataclass(frozen=True, slots=True)
class _UnknownKey(Defect):
    """An unknown key; `instead` is the key that was probably intended."""

    instead: str = ""


def fault_of(document: Document | None, defect: Defect) -> Fault:
    """Turn a defect into a fault at its place in the file."""
    texts = defect.code, defect.found, defect.expected, defect.hint
    path: Path = defect.path
    if document is not None:
        document, path = document.origin(path)
    if document is None:
        return Fault(Place(path_text(path), 0, 0), *texts)
    node = document.find(path, key=defect.key)
    if defect.span is None or not isinstance(node, Scalar):
        return document.fault(node, *texts)
    start, end = defect.span
    return document.fault(node, *texts, start=start, width=end - start)


class Reporting:
    """A block in which a value or an expression at a path is read: what is wrong becomes faults, and the block is left.

    An error that only follows from another one, which has its own fault, adds none.
    """

    def __init__(self, faults: list[Fault], document: Document | None, *path: str | int) -> None:
        self.faults = faults
        self.document = document
        self.path = path

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Report an error of the block, at its place."""
        if isinstance(error, PydanticCustomError):
            defects = defects_of(error, self.path)
        elif isinstance(error, ExpressionError):
            defects = [] if isinstance(error, FollowingError) else [expression_defect(error, self.path)]
        else:
            return False
        self.faults += [fault_of(self.document, each) for each in defects]
        return True


def path_text(path: Sequence[str | int]) -> str:
    """Format a path in Python notation.

    >>> path_text(("phases", 0, "planned", "end"))
    'phases[0].planned.end'
    """
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the whole"


def _defects(details: ErrorDetails, model: type[BaseModel], document: Document | None) -> Iterator[Defect]:
    path, context = details["loc"], details.get("ctx", {})
    if "defects" in context:
        for each in context["defects"]:
            yield each.below(path)
    else:
        yield _pydantic_defect(details, path, model, document)


def _pydantic_defect(
    details: ErrorDetails, path: Path, model: type[BaseModel], document: Document | None
) -> Defect:
    kind, found = details["type"], details["input"]
    if kind == "missing":
        return missing_key((*path[:-1], _key_of(path[-1], models_at(model, path[:-1]))))
    if kind in {"extra_forbidden", "invalid_key"}:
        return _unknown_key(path, models_at(model, path[:-1]), document)
    if kind in {"literal_error", "enum"}:
        return _wrong_choice(path, found, details.get("ctx", {}))
    if kind in _EXPECTED:
        return Defect(path, "wrong-type", shown(found), phrase(_EXPECTED[kind]))
    message = details["msg"]
    expected = phrase("schema.pydantic.expected", message=message[:1].lower() + message[1:])
    return Defect(path, kind.replace("_", "-"), shown(found), expected)


def missing_key(path: Path) -> Defect:
    """The defect of a required key that is absent."""
    expected = phrase("schema.missing-key.expected", key=path[-1])
    return Defect(path, "missing-key", phrase("common.nothing"), expected, key=True)


def _unknown_key(path: Path, models: Sequence[type[BaseModel]], document: Document | None) -> Defect:
    key = str(path[-1])
    names = [name for each in models for name in _names(each)]
    holder = document.find(path[:-1]) if document else None
    free = [name for name in names if not (isinstance(holder, Mapping) and name in holder.entries)]
    near = next((name for name in synonyms(key) if name in free), "") or nearest(key, free)
    found, expected = phrase("schema.the-key", key=key), phrase("schema.unknown-key.expected")
    hint = phrase("schema.unknown-key.hint", keys=listed(names)) if names else NO_HINT
    hint = phrase("common.did-you-mean", near=near) if near else hint
    return _UnknownKey(path, "unknown-key", found, expected, hint, key=True, instead=near)


def _wrong_choice(path: Path, found: object, context: dict[str, Any]) -> Defect:
    choices = _CHOICE.findall(str(context.get("expected", "")))
    expected = phrase("schema.wrong-choice.expected", choices=listed(map(quoted, choices)))
    near = choice_hint(found, choices) if isinstance(found, str) else NO_HINT
    return Defect(path, "wrong-choice", shown(found), expected, near)


def _key_of(name: str | int, models: Sequence[type[BaseModel]]) -> str | int:
    """The key of a field; where pydantic validates a default, it names the field by its attribute."""
    fields = (each.model_fields.get(str(name)) for each in models)
    return next((field.alias for field in fields if field is not None and field.alias), name)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def models_at(model: type[BaseModel], path: Path) -> list[type[BaseModel]]:
    """Return the models allowed at a path below a model; list positions and union tags do not change the model."""
    models = [model]
    for step in path:
        named = [each for each in models if each.__name__ == step]
        below = [found for each in models for found in _models_below(each, step)]
        models = named or below or models
    return models


def _models_below(model: type[BaseModel], step: str | int) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if step == (field.alias or name):
            yield from _models_in(field.annotation)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)

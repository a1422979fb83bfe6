"""The evidence of a warning: the facts that its rule reads, with their values and places in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import Evidence
from coopgov.backends.ir import expressions
from coopgov.language import syntax as s
from coopgov.language.values import missing
from coopgov.model import place_of

if TYPE_CHECKING:
    from coopgov.assessment.figures import Form
    from coopgov.facts.catalogue import Catalogue
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Path, Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule

__all__ = ["evidence_of", "facts_of", "place_text"]


def facts_of(rule: Rule, catalogue: Catalogue) -> tuple[s.Name, ...]:
    """The facts of its own subject that a rule names, each followed by the facts its formula names."""
    found: dict[str, s.Name] = {}
    for node in expressions(rule.check):
        _collect(node, catalogue, found)
    return tuple(found.values())


def _collect(node: s.Expr, catalogue: Catalogue, found: dict[str, s.Name]) -> None:
    if isinstance(node, s.Aggregate):
        return
    if isinstance(node, s.Name):
        if node.about and not node.level and not node.parents and node.name not in found:
            found[node.name] = node
            definition = catalogue.definition(node.about, node.name)
            if definition is not None:
                _collect(definition, catalogue, found)
        return
    for child in s.children(node):
        _collect(child, catalogue, found)


def evidence_of(
    names: tuple[s.Name, ...], subject: Subject, facts: Facts, interpreter: Interpreter, form: Form
) -> tuple[Evidence, ...]:
    """The values that those facts have for a subject; absent ones are left out."""
    unit = subject.record.get("unit") or ""
    found = []
    for node in names:
        value: Any = interpreter.value(node, subject.record)
        if not missing(value) and node.type.kind != "collection":
            figure = form.fact(node, value, unit)
            found.append(
                Evidence(node.name, figure, place_text(facts, _path(node, subject, facts.catalogue)))
            )
    return tuple(found)


def _path(node: s.Name, subject: Subject, catalogue: Catalogue) -> Path | None:
    """Where a fact was read; for a formula, where the first of its facts that has a place was read."""
    definition = catalogue.definition(node.about, node.name)
    if definition is None:
        return subject.places.get(node.name)
    inner: dict[str, s.Name] = {}
    _collect(definition, catalogue, inner)
    paths = (subject.places.get(name) for name in inner)
    return next((path for path in paths if path is not None), None)


def place_text(facts: Facts, path: Path | None) -> str | None:
    """A place in the agreement's file, as file:line:column."""
    place = None if path is None else place_of(facts.agreement, path)
    return str(place) if place else None

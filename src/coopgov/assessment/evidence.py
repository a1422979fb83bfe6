"""The evidence of a warning: the facts that its rule reads, with their values and places in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.result import Evidence
from coopgov.backends.ir import expressions
from coopgov.language import syntax as s
from coopgov.language.values import missing

if TYPE_CHECKING:
    from coopgov.assessment.figures import Form
    from coopgov.facts.catalogue import Catalogue
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Path, Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule

__all__ = ["Witness", "facts_of"]


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


class Witness:
    """Makes the evidence of warnings; what it looks up of rules and in the agreement's file, it looks up once.

    `named` has what is known of rules already, from other agreements.
    """

    def __init__(
        self, facts: Facts, form: Form, named: dict[str, tuple[tuple[s.Name, tuple[str, ...]], ...]]
    ) -> None:
        self.catalogue = facts.catalogue
        self.document = facts.agreement.document
        self.form = form
        self._named = named
        self._places: dict[Path, str] = {}

    def evidence(self, rule: Rule, subject: Subject, interpreter: Interpreter) -> tuple[Evidence, ...]:
        """The values that the facts which a rule reads have for a subject; absent ones are left out."""
        if rule.id not in self._named:
            nodes = (node for node in facts_of(rule, self.catalogue) if node.type.kind != "collection")
            self._named[rule.id] = tuple((node, self._read_for(node)) for node in nodes)
        unit = subject.record.get("unit") or ""
        found = []
        for node, read in self._named[rule.id]:
            value: Any = interpreter.value(node, subject.record)
            if not missing(value):
                path = next((subject.places[name] for name in read if name in subject.places), None)
                found.append(Evidence(node.name, self.form.fact(node, value, unit), self.place(path)))
        return tuple(found)

    def _read_for(self, node: s.Name) -> tuple[str, ...]:
        """The fact itself; for a formula, the facts that it names: its place is that of the first that has one."""
        definition = self.catalogue.definition(node.about, node.name)
        if definition is None:
            return (node.name,)
        inner: dict[str, s.Name] = {}
        _collect(definition, self.catalogue, inner)
        return tuple(inner)

    def place(self, path: Path | None) -> str | None:
        """A place in the agreement's file, as file:line:column."""
        if path is None or self.document is None:
            return None
        if path not in self._places:
            document, own = self.document.origin(path)
            if document is None:
                return None
            self._places[path] = str(document.place(document.find(own)))
        return self._places[path]

"""Mutants of a rule set: each is the rule set with one small change, which a good rule test notices.

What is changed are the rules of the file itself and the formulas of its own facts. A rule of an extended file counts too
where the file overrides what decides it, or sets a parameter that it names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.program import Check, Step
from coopgov.backends.reference import ReferenceBackend
from coopgov.errors import ExpressionError
from coopgov.facts.catalogue import Fact
from coopgov.language import syntax as s
from coopgov.language.check import check
from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text
from coopgov.language.tokens import tokens
from coopgov.rules.file import SEVERITIES
from coopgov.rules.ladder import step_of
from coopgov.rules.layers import narrowed
from coopgov.rules.merge import Field
from coopgov.source import Scalar
from coopgov.testing.edits import Edit, Kind, edits, substituted
from coopgov.testing.spans import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.errors import Place
    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules import Rule, RuleSet

__all__ = ["Mutant", "mutants"]

_DECIDING = ("where", "measure", "bands", "when", "severity")
"""The keys of a rule that say when it holds."""
_MEASURE = s.Name("the measure")
"""What a band compares; its name cannot be written in an expression."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of a rule set.

    `id` names it stably: rule, key, and what became what. `rule` is the rule that is changed, or the first that reads the
    changed formula; `concerns` are all whose tests can catch it. `after` is empty for what is left out. `hint` goes on after
    "a test": which test would catch it.
    """

    id: str
    kind: Kind
    rule: str
    place: Place
    before: str
    after: str
    hint: str
    concerns: tuple[str, ...]
    changed: Rule | Fact = field(repr=False, compare=False)

    def apply(self, rules: RuleSet) -> RuleSet:
        """The rule set with this change; a mutant meets few records, so they are interpreted."""
        changed = self.changed
        backend = ReferenceBackend()
        if isinstance(changed, Fact):
            catalogue = rules.catalogue.extended((), (changed,), rules.catalogue.parameters)
            return replace(rules, catalogue=catalogue, backend=backend, _programs={})
        kept = tuple(changed if rule.id == changed.id else rule for rule in rules.rules)
        return replace(rules, rules=kept, backend=backend, _programs={})

    @property
    def change(self) -> str:
        """What became what, in one line."""
        return f"{self.before} → {self.after}" if self.after else f"{self.before} dropped"

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.change}; a test {self.hint} would catch it"

    def to_dict(self) -> dict[str, Any]:
        """The mutant as it stands in JSON."""
        place = self.place
        return {
            "id": self.id,
            "kind": self.kind,
            "rule": self.rule,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "before": self.before,
            "after": self.after or None,
            "hint": f"a test {self.hint} would catch it",
        }


def mutants(rules: RuleSet, only: Iterable[str] = ()) -> tuple[Mutant, ...]:
    """All mutants of the file that a rule set was loaded from, in the order of its rules; of some rules with `only`.

    Raises:
        UnknownNameError: `only` names a rule that there is not.
    """
    wanted = set(only)
    for name in sorted(wanted):
        rules.rule(name)
    chosen = [rule for rule in rules.rules if (rule.id in wanted if wanted else _concerned(rule, rules))]
    found = [mutant for rule in chosen for mutant in _RuleMutants(rule, rules).all()]
    return tuple(_numbered([*found, *_of_facts(rules, wanted)]))


def _numbered(found: Iterable[Mutant]) -> Iterator[Mutant]:
    """Tell mutants apart that read the same, as of a condition that says a thing twice."""
    counts: dict[str, int] = {}
    for mutant in found:
        number = counts[mutant.id] = counts.get(mutant.id, 0) + 1
        yield mutant if number == 1 else replace(mutant, id=f"{mutant.id} ({number})")


def _concerned(rule: Rule, rules: RuleSet) -> bool:
    """Whether the file itself says when a rule holds, or sets a parameter of it."""
    if not rules.sources:
        return True
    file = rules.sources[-1]
    fields = [rule.fields[key] for key in _DECIDING if key in rule.fields]
    return any(field.source is file for field in fields) or not file.file.parameters.keys().isdisjoint(
        name for text in rule.texts.values() for name in _words(text)
    )


def _words(text: str) -> Iterator[str]:
    return (token.text for token in tokens(text) if token.kind == "name")


class _RuleMutants:
    """The mutants of one rule, each different from the rule and from the others."""

    def __init__(self, rule: Rule, rules: RuleSet) -> None:
        self.rule = rule
        self.rules = rules
        self.values = {name: each.value for name, each in rules.parameters.items()}
        own = {} if rule.check.measure is None else {_MEASURE.name: rule.check.measure}
        self.scope = Scope(rule.about, rules.catalogue, own)
        self.seen: set[Check] = {rule.check}

    def all(self) -> Iterator[Mutant]:
        """In the order of the keys: where, measure, bands from mild to severe, when."""
        yield from self._where()
        if "measure" in self.rule.texts:
            yield from self._edits("measure", self.rule.fields["measure"], self._parsed("measure"))
            bands = self.rule.fields["bands"].value
            for severity in filter(bands.__contains__, SEVERITIES):
                yield from self._band(severity, bands[severity])
        if "when" in self.rule.texts:
            field, node = self.rule.fields["when"], self._parsed("when")
            yield from self._edits("when", field, node)
            gone = Edit(
                "band", node, to_text(node), "", node, f"that expects {self.rule.check.steps[0].severity}"
            )
            yield from self._mutant("when", field, gone, replace(self.rule.check, steps=()))

    def _where(self) -> Iterator[Mutant]:
        if "where" not in self.rule.texts:
            return
        field, node = self.rule.fields["where"], self._parsed("where")
        yield from self._edits("where", field, node)
        hint = f"where `{to_text(node)}` fails and all else holds"
        gone = Edit("where", node, to_text(node), "", node, hint)
        yield from self._mutant("where", field, gone, replace(self.rule.check, where=None))

    def _band(self, severity: str, field: Field) -> Iterator[Mutant]:
        node = substituted(parse_band(self.rule.texts[severity], _MEASURE), self.values)
        yield from self._edits(severity, field, node)
        steps = tuple(step for step in self.rule.check.steps if step.severity != severity)
        gone = Edit("band", node, to_text(node), "", node, f"that expects {severity}")
        yield from self._mutant(severity, field, gone, replace(self.rule.check, steps=steps))

    def _edits(self, key: str, field: Field, node: s.Expr) -> Iterator[Mutant]:
        for edit in edits(node, self.scope):
            try:
                changed = self._changed(key, edit.result)
            except ExpressionError:  # beyond the limits of the language: nobody could have written it
                continue
            yield from self._mutant(key, field, edit, changed)

    def _changed(self, key: str, node: s.Expr) -> Check:
        """The check of the rule with another expression under one key."""
        before = self.rule.check
        if key == "where":
            return replace(before, where=self._checked(node))
        if key == "when":
            return replace(before, steps=(Step(before.steps[0].severity, self._checked(node)),))
        if key == "measure":
            steps = [self._step(step.severity, self._band_of(step.severity), node) for step in before.steps]
            return replace(before, measure=self._checked(node), steps=tuple(steps))
        step = self._step(key, node, self._parsed("measure"))
        return replace(before, steps=tuple(step if each.severity == key else each for each in before.steps))

    def _band_of(self, severity: str) -> s.Expr:
        return substituted(parse_band(self.rule.texts[severity], _MEASURE), self.values)

    def _step(self, severity: str, band: s.Expr, measure: s.Expr) -> Step:
        return step_of(severity, self._checked(substituted(band, {_MEASURE.name: measure})))

    def _parsed(self, key: str) -> s.Expr:
        return substituted(parse(self.rule.texts[key]), self.values)

    def _checked(self, node: s.Expr) -> s.Expr:
        return narrowed(check(node, self.rule.about, self.rules.catalogue))

    def _mutant(self, key: str, field: Field, edit: Edit, changed: Check) -> Iterator[Mutant]:
        if changed in self.seen:
            return
        self.seen.add(changed)
        rule = self.rule
        measure = rule.texts.get("measure", "")
        texts = (text.removeprefix(f"{_MEASURE.name} ") for text in (edit.before, edit.after, edit.hint))
        before, after, hint = (text.replace(_MEASURE.name, measure) for text in texts)
        yield Mutant(
            f"{rule.id}.{key}:{before}→{after or 'dropped'}",
            edit.kind,
            rule.id,
            _place(rule.texts[key], field, edit, self.rules),
            before,
            after,
            hint,
            (rule.id,),
            replace(rule, check=changed),
        )


def _of_facts(rules: RuleSet, wanted: set[str]) -> Iterator[Mutant]:
    """Mutants of the formulas that the file itself writes and that rules read."""
    if not rules.sources:
        return
    source, catalogue = rules.sources[-1], rules.catalogue
    values = {name: each.value for name, each in rules.parameters.items()}
    read = {rule.id: _read_by(rule, catalogue) for rule in rules.rules if source.file.facts}
    for position, entry in source.entries("facts"):
        readers = tuple(id_ for id_, facts in read.items() if (entry.about, entry.name) in facts)
        readers = tuple(id_ for id_ in readers if not wanted or id_ in wanted)
        if entry.formula is None or not readers:
            continue
        field = Field(entry.formula, source, ("facts", position, "is"))
        fact = catalogue.facts[entry.about, entry.name]
        node = substituted(parse(entry.formula), values)
        for edit in edits(node, Scope(entry.about, catalogue)):
            yield Mutant(
                f"{entry.about}.{entry.name}:{edit.before}→{edit.after or 'dropped'}",
                edit.kind,
                readers[0],
                _place(entry.formula, field, edit, rules),
                edit.before,
                edit.after,
                edit.hint,
                readers,
                replace(fact, text=to_text(edit.result)),
            )


def _read_by(rule: Rule, catalogue: Catalogue) -> set[tuple[str, str]]:
    """The facts that a rule reads, through formulas too."""
    found: set[tuple[str, str]] = set()
    waiting = [step.condition for step in rule.check.steps]
    waiting += [node for node in (rule.check.where, rule.check.measure) if node is not None]
    while waiting:
        for part in s.walk(waiting.pop()):
            key = (part.about, part.name) if isinstance(part, s.Name) else None
            if key is not None and key in catalogue.facts and key not in found:
                found.add(key)
                definition = catalogue.definition(*key)
                waiting += [definition] if definition is not None else []
    return found


def _place(text: str, field: Field, edit: Edit, rules: RuleSet) -> Place:
    """Where what is changed was written: in the expression, or where the parameter has its value."""
    name = text[max(edit.at.start, 0) : max(edit.at.end, 0)].strip("() ")
    if edit.kind == "threshold" and name in rules.parameters:
        for source in reversed(rules.sources):
            if name in source.file.parameters:
                document, path = source.document, ("parameters", name)
                bare = isinstance(document.find(path), Scalar)
                return document.place(document.find(path if bare else (*path, "is")))
    document = field.source.document
    node = document.find(field.path)
    return document.place(node, max(edit.at.start, 0)) if isinstance(node, Scalar) else document.place(node)

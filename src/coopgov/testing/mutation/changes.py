"""Change one rule or formula in one small way: the text before and after, its place, and what the change gives.

An expression is changed as written, with the values of parameters, and then checked again. A change that gives the
original rule, or the same rule as another change, is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coopgov.backends.ir import Check, Step
from coopgov.errors import ExpressionError
from coopgov.language import syntax as s
from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text
from coopgov.language.type_check import check
from coopgov.rules.expanded import RowField
from coopgov.rules.ladder import step_of
from coopgov.rules.layers import narrowed
from coopgov.rules.source import Field
from coopgov.severities import SEVERITIES
from coopgov.source import Scalar
from coopgov.testing.mutation.edits import Edit, Hint, Kind, edits, substituted
from coopgov.testing.mutation.past import shows
from coopgov.testing.mutation.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts.catalogue import Fact
    from coopgov.faults import Place
    from coopgov.locales import Phrase
    from coopgov.rules.case_settings import CaseSettings
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.severities import Severity

__all__ = ["MEASURE", "Change", "Slot", "fact_changes", "place_of", "rule_changes", "slot_of", "values_of"]

MEASURE = s.Name("the measure")
"""The measure that a band compares; nobody can write its name in an expression."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The identity of a change, whatever the values of parameters: a key or a fact's name, and the edit."""

    key: str
    kind: Kind
    way: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change and its result; `after` is empty if a part is left out."""

    slot: Slot
    place: Place
    before: str
    after: str
    hint: Phrase
    result: Rule | Fact | CaseSettings


def rule_changes(rule: Rule, rules: RuleSet) -> Iterator[Change]:
    """All changes of a rule, in the order of its keys: where, measure, bands from mild to severe, when, ends."""
    return _RuleChanges(rule, rules).all()


def fact_changes(about: str, name: str, rules: RuleSet) -> Iterator[Change]:
    """All changes of the formula of a fact that a rule file writes."""
    catalogue = rules.catalogue
    fact = catalogue.facts[about, name]
    field = _formula(about, name, rules)
    node = substituted(parse(fact.text), values_of(rules))
    for edit in edits(node, Scope(about, catalogue)):
        text = to_text(edit.result)
        try:
            check(parse(text), about, catalogue)
        except ExpressionError:  # beyond the limits of the language, so no author could make this mistake
            continue
        yield Change(
            slot_of(f"{about}.{name}", edit),
            place_of(fact.text, field, edit, rules),
            edit.before,
            edit.after,
            edit.hint.said(),
            replace(fact, text=text),
        )


class _RuleChanges:
    """The changes of one rule, each different from the rule and from all others."""

    def __init__(self, rule: Rule, rules: RuleSet) -> None:
        self.rule = rule
        self.rules = rules
        self.values = values_of(rules)
        own = {} if rule.check.measure is None else {MEASURE.name: rule.check.measure}
        self.scope = Scope(rule.about, rules.catalogue, own)
        self.seen: set[Check] = {rule.check}

    def all(self) -> Iterator[Change]:
        for key in ("where", "measure"):
            if key in self.rule.texts:
                yield from self._edited(key, self.rule.fields[key], self._parsed(key))
        if "measure" in self.rule.texts:
            bands = self.rule.fields["bands"].value
            for severity in filter(bands.__contains__, SEVERITIES):
                yield from self._edited(severity, bands[severity], self._band(severity))
        if "when" in self.rule.texts:
            yield from self._edited("when", self.rule.fields["when"], self._parsed("when"))
        if "ends" in self.rule.texts:
            yield from self._edited("ends", self.rule.fields["ends"], self._parsed("ends"))

    def _edited(self, key: str, field: Field, node: s.Expr) -> Iterator[Change]:
        """The changes under one key; the last one leaves the key out."""
        own = len(field.own) if isinstance(field, RowField) else math.inf
        for edit in edits(node, self.scope):
            if (
                edit.at.start >= own
            ):  # what follows excludes the rows above, which are mutated as their own rules
                continue
            try:
                changed = self._check(key, edit.result)
            except ExpressionError:  # beyond the limits of the language, so no author could make this mistake
                continue
            yield from self._change(key, field, edit, changed)
        if key != "measure":
            yield from self._change(key, field, self._left_out(key, node), self._without(key))

    def _check(self, key: str, node: s.Expr) -> Check:
        """The check of the rule with a different expression under a key."""
        before = self.rule.check
        if key == "where":
            return replace(before, where=self._checked(node))
        if key == "ends":
            return replace(before, ends=self._checked(node))
        if key == "when":
            return replace(before, steps=(Step(before.steps[0].severity, self._checked(node)),))
        if key == "measure":
            steps = [self._step(each.severity, self._band(each.severity), node) for each in before.steps]
            return replace(before, measure=self._checked(node), steps=tuple(steps))
        measure = self._parsed("measure")
        changed = (
            self._step(each.severity, node, measure) if each.severity == key else each
            for each in before.steps
        )
        return replace(before, steps=tuple(changed))

    def _without(self, key: str) -> Check:
        before = self.rule.check
        if key == "where":
            return replace(before, where=None)
        if key == "ends":
            return replace(before, ends=None)
        return replace(
            before, steps=tuple(each for each in before.steps if key not in ("when", each.severity))
        )

    def _left_out(self, key: str, node: s.Expr) -> Edit:
        text = to_text(node)
        if key == "where":
            return Edit("where", "", node, text, "", node, Hint("where", {"condition": text}))
        if key == "ends":
            return Edit("ends", "", node, text, "", node, Hint("expects-past", {}))
        severity = self.rule.check.steps[0].severity if key == "when" else key
        return Edit("band", "", node, text, "", node, Hint("expects", {"severity": severity}))

    def _step(self, severity: Severity, band: s.Expr, measure: s.Expr) -> Step:
        return step_of(severity, self._checked(substituted(band, {MEASURE.name: measure})))

    def _band(self, severity: str) -> s.Expr:
        return substituted(parse_band(self.rule.texts[severity], MEASURE), self.values)

    def _parsed(self, key: str) -> s.Expr:
        field = self.rule.fields[key]
        node = field.condition().node if isinstance(field, RowField) else parse(self.rule.texts[key])
        return substituted(node, self.values)

    def _checked(self, node: s.Expr) -> s.Expr:
        return narrowed(check(node, self.rule.about, self.rules.catalogue))

    def _change(self, key: str, field: Field, edit: Edit, changed: Check) -> Iterator[Change]:
        if changed in self.seen or (key == "ends" and not shows(changed, self.rule.check, self.scope)):
            return
        self.seen.add(changed)
        rule = self.rule
        texts = (text.removeprefix(f"{MEASURE.name} ") for text in (edit.before, edit.after))
        before, after = map(self._shown, texts)
        place = place_of(rule.texts[key], field, edit, self.rules)
        hint = edit.hint.said(self._shown)
        yield Change(slot_of(key, edit), place, before, after, hint, replace(rule, check=changed))

    def _shown(self, text: str) -> str:
        """A part of an expression as people read it: the measure by its text."""
        return text.replace(MEASURE.name, self.rule.texts.get("measure", ""))


def values_of(rules: RuleSet) -> dict[str, s.Expr]:
    """The values of parameters, by name."""
    return {name: each.value for name, each in rules.parameters.items()}


def slot_of(key: str, edit: Edit) -> Slot:
    """The identity of an edit under a key."""
    return Slot(key, edit.kind, edit.way, edit.at.start, edit.at.end)


def _formula(about: str, name: str, rules: RuleSet) -> Field:
    """The place of a fact's formula: in the last file that has it."""
    return next(
        Field(entry.formula, source, ("facts", position, "is"))
        for source in reversed(rules.sources)
        for position, entry in source.entries("facts")
        if (entry.about, entry.name) == (about, name)
    )


def place_of(text: str, field: Field, edit: Edit, rules: RuleSet) -> Place:
    """The place of a change: in the expression, or at the value of the parameter."""
    start = max(edit.at.start, 0)
    name = text[start : max(edit.at.end, 0)].strip("() ")
    if edit.kind == "threshold" and name in rules.parameters:
        source = next(each for each in reversed(rules.sources) if name in each.file.parameters)
        path = ("parameters", name)
        bare = isinstance(source.document.find(path), Scalar)
        return source.document.place(source.document.find(path if bare else (*path, "is")))
    if isinstance(field, RowField):
        return _cell(field, start)
    document = field.source.document
    node = document.find(field.path)
    return document.place(node, start if isinstance(node, Scalar) else 0)


def _cell(row: RowField, start: int) -> Place:
    """The place of the cell whose condition an offset of a row's condition is in."""
    path, end = (*row.path, "when", 0), 0
    for cell in row.cells:
        path = cell.path
        end += len(cell.condition.text) + len(" and ")
        if start < end:
            break
    document = row.source.document
    return document.place(document.find(path))

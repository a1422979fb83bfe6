"""Change what only cases read: spans, ladders and limits to clear of a rule, and the block `cases` of a file.

No assessment shows these changes, so rule tests catch none of them; case tests do. Whoever runs case tests asks for
them: `mutants(rules, cases=True)`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from coopgov.errors import ExpressionError
from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text
from coopgov.language.type_check import check
from coopgov.locales import phrase
from coopgov.rules.source import given_keys
from coopgov.severities import SEVERITIES
from coopgov.source import Scalar
from coopgov.testing.mutation.changes import MEASURE, Change, Slot, place_of, slot_of, values_of
from coopgov.testing.mutation.edits import edits, substituted
from coopgov.testing.mutation.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.faults import Place
    from coopgov.rules.entry_fields import Ladder, Readings
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.rules.source import Field
    from coopgov.schema import Span
    from coopgov.severities import Severity
    from coopgov.testing.mutation.edits import Kind

__all__ = ["case_changes", "setting_changes"]

_Lasting = TypeVar("_Lasting", "Span", "Readings", "Span | Readings")


def case_changes(rule: Rule, rules: RuleSet) -> Iterator[Change]:
    """All changes of a rule's keys for cases, in their order: for, clear, keep, acknowledge, escalate, treat."""
    changes = _CaseChanges(rule, rules)
    yield from changes.lasting("for", rule.holds_for)
    for severity in filter(rule.clear.__contains__, SEVERITIES):
        yield from changes.clear(severity)
    yield from changes.lasting("keep", rule.keep)
    if rule.acknowledge != "any":
        yield changes.change(
            "acknowledge", "acknowledge", rule.acknowledge, "any", replace(rule, acknowledge="any")
        )
    for severity, ladder in rule.escalate.items():
        yield from changes.ladder(severity, ladder)
    for severity, span in rule.treat.items():
        yield from changes.treat(severity, span)


def setting_changes(rules: RuleSet) -> Iterator[Change]:
    """All changes of the spans that some file writes in its block `cases`: one unit longer, and shorter."""
    written = {name: source for source in rules.sources for name in given_keys(source.file.cases)}
    for name, source in written.items():
        key, span = f"cases.{name}", getattr(rules.cases, name)
        place = source.document.place(source.document.find(("cases", name)))
        hint = phrase("testing.catches.case", key=key, before=str(span))
        for way, other in _moved(span):
            settings = replace(rules.cases, **{name: other})
            yield Change(Slot(key, "span", way, 0, 0), place, str(span), str(other), hint, settings)


class _CaseChanges:
    """The changes of one rule; their keys are those of the file, with the severity and step after a point."""

    def __init__(self, rule: Rule, rules: RuleSet) -> None:
        self.rule = rule
        self.rules = rules

    def change(self, key: str, kind: Kind, before: str, after: str, changed: Rule, way: str = "") -> Change:
        """One change; `after` is empty where the part is left out."""
        hint = phrase("testing.catches.case", key=key, before=before)
        return Change(Slot(key, kind, way, 0, 0), self._place(key), before, after, hint, changed)

    def lasting(self, key: str, span: Span | Readings | None) -> Iterator[Change]:
        """A span of `for` or `keep` that is longer, shorter or left out."""
        if span is None:
            return

        def lasting(other: Span | Readings | None) -> Rule:
            rule = self.rule
            return replace(rule, holds_for=other) if key == "for" else replace(rule, keep=other)

        for way, other in _moved(span):
            yield self.change(key, "span", str(span), str(other), lasting(other), way)
        yield self.change(key, "span", str(span), "", lasting(None), "dropped")

    def treat(self, severity: Severity, span: Span) -> Iterator[Change]:
        """A time of treatment that is longer, shorter or left out."""
        key = f"treat.{severity}"
        for way, other in _moved(span):
            changed = replace(self.rule, treat={**self.rule.treat, severity: other})
            yield self.change(key, "span", str(span), str(other), changed, way)
        rest = {each: other for each, other in self.rule.treat.items() if each != severity}
        yield self.change(key, "span", str(span), "", replace(self.rule, treat=rest), "dropped")

    def ladder(self, severity: Severity, ladder: Ladder) -> Iterator[Change]:
        """A ladder with one step left out, or with more or less time for it."""
        for at, step in enumerate(ladder):
            key = f"escalate.{severity}.{at + 1}"
            for way, span in _moved(step.within):
                longer = step.model_copy(update={"within": span})
                steps = (*ladder[:at], longer, *ladder[at + 1 :])
                yield self.change(
                    key, "span", str(step), str(longer), self._with_ladder(severity, steps), way
                )
            steps = (*ladder[:at], *ladder[at + 1 :])
            yield self.change(key, "step", str(step), "", self._with_ladder(severity, steps))

    def _with_ladder(self, severity: Severity, steps: Ladder) -> Rule:
        ladders = {**self.rule.escalate, severity: steps}
        return replace(self.rule, escalate={each: ladder for each, ladder in ladders.items() if ladder})

    def clear(self, severity: Severity) -> Iterator[Change]:
        """A condition of `clear` with another limit, with another comparison, or left out."""
        rule, key = self.rule, f"clear.{severity}"
        assert rule.check.measure is not None
        values = values_of(self.rules)
        node = substituted(parse_band(rule.texts[key], MEASURE), values)
        measure = substituted(parse(rule.texts["measure"]), values)
        scope = Scope(rule.about, self.rules.catalogue, {MEASURE.name: rule.check.measure})
        field: Field = rule.fields["clear"].value[severity]
        for edit in edits(node, scope):
            changed = substituted(edit.result, {MEASURE.name: measure})
            try:
                clear = check(changed, rule.about, self.rules.catalogue)
            except ExpressionError:  # beyond the limits of the language, so no author could make this mistake
                continue
            place = place_of(rule.texts[key], field, edit, self.rules)
            before, after = map(self._shown, (edit.before, edit.after))
            result = replace(rule, clear={**rule.clear, severity: clear})
            yield Change(slot_of(key, edit), place, before, after, edit.hint.said(self._shown), result)
        rest = {each: other for each, other in rule.clear.items() if each != severity}
        yield self.change(key, "clear", self._shown(to_text(node)), "", replace(rule, clear=rest))

    def _shown(self, text: str) -> str:
        return text.removeprefix(f"{MEASURE.name} ").replace(MEASURE.name, self.rule.texts["measure"])

    def _place(self, key: str) -> Place:
        name, severity, step = (*key.split("."), "", "")[:3]
        field = self.rule.fields[name]
        field = field.value[severity] if severity else field
        document = field.source.document
        node = document.find(field.path)
        in_list = step and not isinstance(node, Scalar)
        return document.place(document.find((*field.path, int(step) - 1)) if in_list else node)


def _moved(span: _Lasting) -> Iterator[tuple[str, _Lasting]]:
    """A span that is one unit longer, and one that is shorter, unless nothing is left."""
    yield "longer", replace(span, count=span.count + 1)
    if span.count > 1:
        yield "shorter", replace(span, count=span.count - 1)

"""Make the mutants of a rule set: each is the rule set with one small change, which a good rule test catches."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import expressions
from coopgov.facts.catalogue import Fact
from coopgov.language import syntax as s
from coopgov.language.dependencies import with_formulas
from coopgov.locales import phrase
from coopgov.rules.case_settings import CaseSettings
from coopgov.rules.merge import words_of
from coopgov.rules.source import given_keys
from coopgov.severities import SEVERITIES
from coopgov.testing.mutation.case_changes import case_changes, setting_changes
from coopgov.testing.mutation.changes import Change, Slot, fact_changes, rule_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.facts.catalogue import Catalogue
    from coopgov.faults import Place
    from coopgov.locales import Phrase
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.rules.source import Field
    from coopgov.testing.mutation.edits import Kind

__all__ = ["Mutant", "mutants"]

_OF_CASES = ("for", "clear", "keep", "acknowledge", "escalate", "treat")
"""The keys that only cases read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of a rule set.

    `id` is stable: the rule, the key, and the text before and after. `rule` is the changed rule, or the first that
    reads the changed formula; None if a setting of all cases is changed. `concerns` are all rules whose tests can catch
    it. `after` is empty if a part is left out. `hint` says which test would catch it; in English it continues after "a
    test".
    """

    id: str
    kind: Kind
    rule: str | None
    place: Place
    before: str
    after: str
    hint: Phrase
    concerns: tuple[str, ...]
    slot: Slot = field(repr=False)
    fact: tuple[str, str] | None = field(default=None, repr=False)
    """The fact whose formula is changed, by type of subject and name."""

    @property
    def name(self) -> str:
        """What is changed, for people: the rule, or the key of a setting."""
        return self.rule or self.slot.key

    @property
    def change(self) -> Phrase:
        """The text before and after, on one line."""
        if self.after:
            return phrase("testing.mutation.changed", before=self.before, after=self.after)
        if self.kind in ("where", "band", "ends", "span", "clear", "step"):
            return phrase("testing.mutation.part-dropped", key=self.slot.key, part=self.before)
        return phrase("testing.mutation.dropped", part=self.before)

    def apply(self, rules: RuleSet) -> RuleSet:
        """A rule set with this change: the original one, or the same rules with other parameters.

        If the change makes no difference with those parameters, the rules stay as they are.
        """
        changed = next((each.result for each in self._changes(rules) if each.slot == self.slot), None)
        digest = f"{rules.digest} {self.id}"
        if isinstance(changed, Fact):
            catalogue = rules.catalogue.extended((), (changed,), rules.catalogue.parameters)
            return replace(rules, digest=digest, catalogue=catalogue)
        if isinstance(changed, CaseSettings):
            return replace(rules, digest=digest, cases=changed)
        kept = tuple(changed if changed and rule.id == changed.id else rule for rule in rules.rules)
        return replace(rules, digest=digest, rules=kept)

    def _changes(self, rules: RuleSet) -> Iterator[Change]:
        if self.fact is not None:
            return fact_changes(*self.fact, rules)
        if self.rule is None:
            return setting_changes(rules)
        mine = (rule for rule in rules.rules if rule.id == self.rule)
        of_cases = self.slot.key.partition(".")[0] in _OF_CASES
        changes = case_changes if of_cases else rule_changes
        return (each for rule in mine for each in changes(rule, rules))

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """The mutant as text in a language."""
        change, would = (each.in_language(language) for each in (self.change, self._would_catch))
        return f"{self.place}: {self.name}: {change}; {would}"

    @property
    def _would_catch(self) -> Phrase:
        return phrase("testing.mutation.would-catch", which=self.hint)

    def to_dict(self) -> dict[str, Any]:
        """The mutant as JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "rule": self.rule,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "before": self.before,
            "after": self.after or None,
            "hint": self._would_catch,
        }


def mutants(rules: RuleSet, only: Iterable[str] = (), *, cases: bool = False) -> tuple[Mutant, ...]:
    """All mutants of the file that a rule set was loaded from, in the order of its rules, then of its facts.

    Mutants change what the file itself decides: its rules, the formulas of its own facts that rules read and, in the
    rules of extended files, the conditions and bands that it overrides or whose parameters it sets (all of them, if
    that changes the measure).

    Args:
        rules: the rule set.
        only: ids of rules; gives all mutants of these rules only, even if they are in an extended file.
        cases: also change what only cases read: no rule test catches that, but case tests do.

    Raises:
        UnknownNameError: `only` names a rule that does not exist.

    >>> from coopgov import load_rules
    >>> first = mutants(load_rules(), only=["phase-late"])[0]
    >>> first.id, first.kind
    ('phase-late.minor:above 10 %→at least 10 %', 'comparison')
    """
    wanted = tuple(only)
    for name in wanted:
        rules.rule(name)
    of_cases = [*_of_cases(rules, wanted), *(() if wanted else _of_settings(rules))] if cases else ()
    return tuple(_numbered([*_of_rules(rules, wanted), *of_cases, *_of_facts(rules, wanted)]))


def _of_rules(rules: RuleSet, wanted: tuple[str, ...]) -> Iterator[Mutant]:
    for rule in rules.rules:
        keys = _decided(rule, rules) if not wanted else set(rule.texts) if rule.id in wanted else set()
        for change in rule_changes(rule, rules) if keys else ():
            if change.slot.key in keys:
                yield _mutant(f"{rule.id}.{change.slot.key}", change, (rule.id,))


def _of_cases(rules: RuleSet, wanted: tuple[str, ...]) -> Iterator[Mutant]:
    """Mutants of what only cases read, as far as the file itself writes it."""
    file = rules.sources[-1].file if rules.sources else None
    for rule in rules.rules:
        for change in case_changes(rule, rules) if not wanted or rule.id in wanted else ():
            field = _field(rule, change.slot.key)
            if wanted or file is None or field.source.file is file or _parameters_in(field, rules):
                yield _mutant(f"{rule.id}.{change.slot.key}", change, (rule.id,))


def _of_settings(rules: RuleSet) -> Iterator[Mutant]:
    """Mutants of the keys of `cases` that the file itself writes; cases of every rule can show them."""
    own = given_keys(rules.sources[-1].file.cases) if rules.sources else {}
    everything = tuple(rule.id for rule in rules.rules)
    for change in setting_changes(rules):
        if change.slot.key.removeprefix("cases.") in own:
            yield _mutant(change.slot.key, change, everything)


def _field(rule: Rule, key: str) -> Field:
    """The field of a key, with the severity after a point where it has one."""
    name, _, rest = key.partition(".")
    severity = rest.partition(".")[0]
    if name in SEVERITIES:
        name, severity = "bands", name
    field = rule.fields[name]
    found: Field = field.value[severity] if severity else field
    return found


def _parameters_in(field: Field, rules: RuleSet) -> bool:
    """Whether the file sets a parameter that an expression reads."""
    own = rules.sources[-1].file.parameters.keys()
    return not own.isdisjoint(words_of(str(field.value)))


def _of_facts(rules: RuleSet, wanted: tuple[str, ...]) -> Iterator[Mutant]:
    own = rules.sources[-1].file.facts if rules.sources else ()
    read = {rule.id: _read_by(rule, rules.catalogue) for rule in rules.rules if own}
    for entry in own:
        key = (entry.about, entry.name)
        readers = tuple(id_ for id_, facts in read.items() if key in facts and (not wanted or id_ in wanted))
        if entry.formula is not None and readers:
            for change in fact_changes(*key, rules):
                yield _mutant(change.slot.key, change, readers, key)


def _mutant(
    key: str, change: Change, concerns: tuple[str, ...], fact: tuple[str, str] | None = None
) -> Mutant:
    of_all = isinstance(change.result, CaseSettings)
    return Mutant(
        id=f"{key}:{change.before}→{change.after or 'dropped'}",
        kind=change.slot.kind,
        rule=None if of_all else concerns[0],
        place=change.place,
        before=change.before,
        after=change.after,
        hint=change.hint,
        concerns=concerns,
        slot=change.slot,
        fact=fact,
    )


def _numbered(found: Iterable[Mutant]) -> Iterator[Mutant]:
    """Number mutants with the same text, such as those of a condition that repeats a part."""
    counts: dict[str, int] = {}
    for mutant in found:
        number = counts[mutant.id] = counts.get(mutant.id, 0) + 1
        yield mutant if number == 1 else replace(mutant, id=f"{mutant.id} ({number})")


def _decided(rule: Rule, rules: RuleSet) -> set[str]:
    """The keys and severities of a rule whose text the file itself writes, or whose parameters it sets."""
    if not rules.sources:
        return set(rule.texts)
    file = rules.sources[-1]
    found = {
        key
        for key, text in rule.texts.items()
        if _field(rule, key).source.file is file.file
        or not file.file.parameters.keys().isdisjoint(words_of(text))
    }
    # another measure gives every band another meaning, but ends the rule as before
    return found | (set(rule.texts) - {"ends"}) if "measure" in found else found


def _read_by(rule: Rule, catalogue: Catalogue) -> set[tuple[str, str]]:
    """The facts that a rule reads, also through formulas."""
    ends = [] if rule.check.ends is None else [rule.check.ends]
    nodes = with_formulas([*expressions(rule.check), *ends], catalogue)
    return {(node.about, node.name) for node in nodes if isinstance(node, s.Name)}

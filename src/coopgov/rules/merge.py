"""Merges rule files into one set of entries: later files override, switch off and set parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.faults import NO_HINT
from coopgov.hints import Hints
from coopgov.locales import phrase
from coopgov.rules.source import Field, given_keys
from coopgov.schema import quoted, titles
from coopgov.source import texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.faults import Fault
    from coopgov.rules.expanded import ExpandedSource, WrittenTable
    from coopgov.rules.schema import ActionEntry, FactEntry, InhibitEntry, ParameterEntry, RuleEntry
    from coopgov.rules.source import Source
    from coopgov.schema import LocalText

__all__ = ["MAX_RULES", "Merged", "MergedRule", "merge", "words_of"]

_WORD = re.compile(r"[^\W\d]\w*")
MAX_RULES = 10_000
_MERGED_BY_KEY = ("bands", "clear", "escalate", "treat")


def words_of(text: str) -> list[str]:
    """Return all words of an expression that could be names, in source order."""
    return _WORD.findall(text)


@dataclass(slots=True, eq=False)
class MergedRule:
    """A rule after all overrides; `source` and `path` are the place of its first definition."""

    id: str
    source: Source
    path: tuple[str | int, ...]
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def title(self) -> LocalText | None:
        """What it is called."""
        title: LocalText | None = self.get("title")
        return title

    def get(self, name: str) -> Any:
        """Return the value of a field, or None if none was written."""
        found = self.fields.get(name)
        return found.value if found else None

    def set(self, entry: RuleEntry, source: Source, path: tuple[str | int, ...]) -> None:
        """Set the fields that an entry gives."""
        given = given_keys(entry)
        if "when" in given:
            for key in ("measure", "bands", "clear"):
                self.fields.pop(key, None)
        if "measure" in given:
            for key in ("when", "severity"):
                self.fields.pop(key, None)
        for key, name in given.items():
            value = getattr(entry, name)
            if key in _MERGED_BY_KEY and value is not None:
                self._by_key(key, value, source, path)
            elif key not in ("id", "override"):
                self.fields[key] = Field(value, source, (*path, key))

    def _by_key(self, name: str, value: Any, source: Source, path: tuple[str | int, ...]) -> None:
        before = self.fields[name].value if name in self.fields else {}
        after = {key: Field(item, source, (*path, name, key)) for key, item in value.items()}
        self.fields[name] = Field({**before, **after}, source, (*path, name))


@dataclass(slots=True, eq=False, kw_only=True)
class Merged:
    """The merged entries of all files."""

    rules: dict[str, MergedRule] = field(default_factory=dict)
    parameters: dict[str, Field] = field(default_factory=dict)
    declared: dict[str, Field] = field(default_factory=dict)
    subjects: dict[str, Field] = field(default_factory=dict)
    facts: dict[tuple[str, str], Field] = field(default_factory=dict)
    actions: dict[str, Field] = field(default_factory=dict)
    inhibit: dict[str, Field] = field(default_factory=dict)
    """Which warnings are hidden, by the rule that hides them."""
    cases: dict[str, Field] = field(default_factory=dict)
    """How cases behave, by key; a later file replaces an earlier one key by key."""
    tables: dict[str, WrittenTable] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    """Every word of every expression, including overridden ones."""
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Names of entries with faults, which other entries cannot use."""
    partial: set[str] = field(default_factory=set)
    """Ids of rules with an entry left out, so that their remaining fields may not fit together."""

    def hints(self) -> Hints:
        """Hints at rules, for wrong ids and for their titles."""
        return Hints(self.rules, titles((rule.title, rule.id) for rule in self.rules.values()))


def merge(sources: Iterable[ExpandedSource]) -> Merged:
    """Merge files in order."""
    merged = Merged()
    for source in sources:
        _too_many(merged, source)
        _left_out(merged, source)
        _parameters(merged, source)
        for name, types in source.file.subjects.items():
            merged.subjects[name] = Field(types, source, ("subjects", name))
        for position, fact in source.entries("facts"):
            _fact(merged, source, fact, position)
        for position, action in source.entries("actions"):
            _action(merged, source, action, position)
        for table in source.tables:
            _table(merged, table)
        for position, entry in source.entries("inhibit"):
            _inhibit(merged, source, entry, position)
        for key in given_keys(source.file.cases):
            merged.cases[key] = Field(getattr(source.file.cases, key), source, ("cases", key))
        hints = merged.hints()
        for position, rule in source.entries("rules"):
            _rule(merged, source, rule, ("rules", position), hints)
    return merged


def _too_many(merged: Merged, source: ExpandedSource) -> None:
    rows = sum(len(table.rows) for table in source.tables)
    number = len(source.file.rules) + rows
    if number > MAX_RULES:
        found = phrase("rules.too-many-rules.found", rules=f"{number:,}")
        if rows:
            found = phrase("rules.too-many-rules.with-rows", rules=f"{number:,}", rows=f"{rows:,}")
        expected = phrase("rules.too-many-rules.expected", most=f"{MAX_RULES:,}")
        merged.faults.append(source.fault(("rules",), "too-many-rules", found, expected))


def _left_out(merged: Merged, source: Source) -> None:
    """Collect the names in entries with faults, so that their absence elsewhere is not reported as a second fault."""
    for path, name in source.left_out.items():
        if path[0] == "rules":
            merged.partial.add(name)
        merged.broken.add(name)
        for text in texts_in(source.document.find(path)):
            merged.words.update(words_of(text))


def _parameters(merged: Merged, source: Source) -> None:
    for name, entry in source.file.parameters.items():
        value: ParameterEntry = entry
        placed = Field(value, source, ("parameters", name))
        merged.declared.setdefault(name, placed)
        merged.parameters[name] = placed


def _fact(merged: Merged, source: Source, fact: FactEntry, position: int) -> None:
    key = (fact.about, fact.name)
    merged.words.update(words_of(fact.formula or ""))
    if key in merged.facts and merged.facts[key].source is source:
        found = phrase("rules.duplicate.fact", fact=fact.name, about=fact.about)
        expected = phrase("rules.duplicate.fact-expected")
        merged.faults.append(source.fault(("facts", position, "name"), "duplicate-fact", found, expected))
    merged.facts[key] = Field(fact, source, ("facts", position))


def _action(merged: Merged, source: Source, action: ActionEntry, position: int) -> None:
    if action.id in merged.actions and merged.actions[action.id].source is source:
        found = phrase("rules.duplicate.action", action=action.id)
        expected = phrase("rules.duplicate.action-expected")
        merged.faults.append(source.fault(("actions", position, "id"), "duplicate-action", found, expected))
    merged.actions[action.id] = Field(action, source, ("actions", position))


def _inhibit(merged: Merged, source: Source, entry: InhibitEntry, position: int) -> None:
    before = merged.inhibit.get(entry.by)
    if before is not None and before.source is source:
        first = source.document.place(source.document.find((*before.path, "by")))
        found = phrase("rules.duplicate.inhibition", rule=entry.by, first=first)
        expected = phrase("rules.duplicate.inhibition-expected")
        hint = phrase("rules.duplicate.inhibition-hint")
        path = ("inhibit", position, "by")
        merged.faults.append(source.fault(path, "duplicate-inhibition", found, expected, hint))
    merged.inhibit[entry.by] = Field(entry, source, ("inhibit", position))


def _table(merged: Merged, table: WrittenTable) -> None:
    if table.id in merged.tables:
        found = phrase("rules.duplicate.table", table=table.id)
        expected = phrase("rules.duplicate.table-expected")
        merged.faults.append(
            table.field.source.fault((*table.field.path, "id"), "duplicate-id", found, expected)
        )
        return
    merged.tables[table.id] = table
    for text in table.texts():
        merged.words.update(words_of(text))
    for row in table.rows:
        if row.rule in merged.rules:
            _second(merged, row.rule, row.source, row.path)
        else:
            merged.rules[row.rule] = MergedRule(row.rule, row.source, row.path, dict(row.fields))


def _second(merged: Merged, rule: str, source: Source, path: tuple[str | int, ...]) -> None:
    before = merged.rules[rule]
    first = before.source.document.place(before.source.document.find((*before.path, "id")))
    found = phrase("rules.duplicate.rule", rule=rule, first=first)
    expected = phrase("rules.duplicate.rule-expected")
    hint = phrase("rules.duplicate.rule-hint") if path[0] == "rules" else NO_HINT
    merged.faults.append(source.fault((*path, "id"), "duplicate-rule", found, expected, hint))


def _rule(
    merged: Merged, source: Source, entry: RuleEntry, path: tuple[str | int, ...], hints: Hints
) -> None:
    before = merged.rules.get(entry.id)
    place = (*path, "id")
    if entry.override and before is None:
        expected, hint = phrase("rules.unknown-rule.override"), hints.near(entry.id)
        merged.faults.append(source.fault(place, "unknown-rule", quoted(entry.id), expected, hint))
    elif before is not None and not entry.override:
        _second(merged, entry.id, source, path)
    else:
        bands = (*(entry.bands or {}).values(), *(entry.clear or {}).values())
        for text in (entry.where, entry.measure, entry.when, entry.ends, *bands):
            merged.words.update(words_of(text or ""))
        rule = before or MergedRule(entry.id, source, path)
        rule.set(entry, source, path)
        merged.rules[entry.id] = rule

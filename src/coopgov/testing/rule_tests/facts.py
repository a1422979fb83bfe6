"""Read small facts: turn a mapping of values about one subject into the subject, with its parents and collections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.facts.subject import Subject
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.language.interpreter import same_unit
from coopgov.language.units import unit_name
from coopgov.locales import phrase, verbatim
from coopgov.rules.layers import ALL_LOWER
from coopgov.schema import LocalText, parse_text, shown
from coopgov.testing.rule_tests.values import typed

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Setting
    from coopgov.language.syntax import Expr
    from coopgov.language.types import Range, Type
    from coopgov.locales import Phrase
    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema.problems import Path
    from coopgov.testing.rule_tests.fault_log import Notes

__all__ = ["Derived", "SmallFacts"]

_ABSENT = {"unknown": False, "not set": True}
"""The words with which a test says that a fact has no value, and whether the fact then counts as not set."""


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A catalogue in which some derived facts are base facts, because a test gives their values."""

    catalogue: Catalogue
    given: frozenset[tuple[str, str]]
    unset: frozenset[tuple[str, str]] = frozenset()

    def definition(self, about: str, name: str) -> Expr | None:
        """The formula of a fact whose value is not given."""
        return None if (about, name) in self.given else self.catalogue.definition(about, name)

    def optional(self, about: str, name: str) -> bool:
        """Whether the absence of a fact makes a rule not applicable."""
        return (about, name) in self.unset or self.catalogue.optional(about, name)

    def seen_on(self, about: str, name: str) -> str:
        """The date before which a base fact is not visible."""
        return self.catalogue.seen_on(about, name)

    def within(self, about: str, name: str) -> Range:
        """The numbers that a fact can be."""
        return self.catalogue.within(about, name)

    def declared(self, about: str, name: str) -> Type:
        """The type of a fact that is read from the record."""
        kind = self.catalogue.type_of(about, name)
        assert kind is not None
        return kind


@dataclass(frozen=True, slots=True, eq=False)
class SmallFacts:
    """Reads the small facts of one test, and notes their faults."""

    rules: RuleSet
    notes: Notes
    setting: Setting
    given: set[tuple[str, str]] = field(default_factory=set)
    """Derived facts that are given by value."""
    unset: set[tuple[str, str]] = field(default_factory=set)
    """Facts that the test declares as not set."""

    def definitions(self) -> Derived:
        """The catalogue in which the given facts are base facts."""
        return Derived(self.rules.catalogue, frozenset(self.given), frozenset(self.unset))

    def subject(self, about: str, written: Any, path: Path, above: Mapping[str, Any]) -> Subject:
        """The subject of a mapping of facts; `above` are records that it may belong to.

        It has a parent even if the test gives none.
        """
        record: dict[str, Any] = {"label": LocalText((("", about),))}
        for parent in reversed(self.rules.catalogue.parents(about)):
            record[parent] = above.get(parent) or self.subject(parent, {}, path, record).record
        if isinstance(written, Mapping):
            _Reader(self, about, record, path).read(written)
        else:
            self.notes.defect(path, "wrong-type", shown(written), phrase("testing.facts.mapping"))
        name = f"{about}/{record['id']}" if record.get("id") else about
        return Subject(about, name, record["label"], (), record)


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """Reads the facts of one subject into its record."""

    facts: SmallFacts
    about: str
    record: dict[str, Any]
    path: Path
    units: dict[str, str] = field(default_factory=dict)
    """The units in which KPI values were written, by fact."""

    def read(self, written: Mapping[str, Any]) -> None:
        catalogue = self.facts.rules.catalogue
        for name, value in written.items():
            if value is None:
                continue
            if name in catalogue.parents(self.about) and catalogue.fact(self.about, name) is None:
                self.record[name] = self.facts.subject(name, value, (*self.path, name), self.record).record
            elif (kind := self._type(name)) is not None:
                self._fact(name, value, kind)
        self._unit()
        if self.about == "warning":
            self._warning()

    def _type(self, name: str) -> Type | None:
        """The type of a fact; a derived fact is noted as given."""
        catalogue = self.facts.rules.catalogue
        kind = catalogue.type_of(self.about, name) if " " not in name else None
        if kind is None:
            known = [*catalogue.names(self.about), *catalogue.parents(self.about)]
            hint = did_you_mean(name, known, catalogue.called(self.about))
            expected = phrase("testing.facts.about", about=self.about)
            self._defect(name, "unknown-fact", verbatim(f'"{name}"'), expected, hint, key=True)
        elif catalogue.definition(self.about, name) is not None:
            self.facts.given.add((self.about, name))
        return kind

    def _fact(self, name: str, value: Any, kind: Type) -> None:
        if kind.kind == "collection":
            self._collection(name, value, kind)
        elif kind.kind == "texts":
            self._texts(name, value)
        elif name == "name":
            self._name(value)
        elif isinstance(value, (list, Mapping)):
            self._defect(name, "wrong-type", shown(value), kind.words)
        elif value in _ABSENT and (kind.kind != "text" or (kind.choices and value not in kind.choices)):
            self.record[name] = None
            self.facts.unset.update({(self.about, name)} if _ABSENT[value] else ())
        else:
            self._value(name, str(value), kind)

    def _value(self, name: str, text: str, kind: Type) -> None:
        setting = self.facts.setting
        with self.facts.notes.reading(*self.path, name):
            value = typed(text, kind, self.facts.rules.catalogue, setting.currency, setting.minor_units)
            if kind.kind == "own":
                value, self.units[name] = value
            self.record[name] = value
            if name == "id" and "name" not in self.record:
                self.record["label"] = LocalText((("", text),))

    def _name(self, value: Any) -> None:
        """A name, which may be in several languages for messages."""
        with self.facts.notes.reading(*self.path, "name"):
            label = parse_text(value)
            self.record.update(label=label, name=str(label))

    def _collection(self, name: str, value: Any, kind: Type) -> None:
        if not isinstance(value, list):
            self._defect(name, "wrong-type", shown(value), phrase("testing.facts.mappings"))
            return
        above = {**self.record, self.about: self.record}
        path = (*self.path, name)
        items = [
            self.facts.subject(kind.item, each, (*path, at), above).record for at, each in enumerate(value)
        ]
        self.record[name] = items
        if (
            name == "warnings"
        ):  # filters that name rules see all warnings, other filters only those of rules in layer 0
            layers = {rule.id: rule.layer for rule in self.facts.rules.rules}
            self.record[ALL_LOWER] = items
            self.record[name] = [each for each in items if not layers.get(str(each.get("rule")), 0)]

    def _texts(self, name: str, value: Any) -> None:
        items = value if isinstance(value, list) else [value]
        if any(each is None or isinstance(each, (list, Mapping)) for each in items):
            self._defect(name, "wrong-type", shown(value), phrase("testing.facts.texts"))
        else:
            self.record[name] = [str(each) for each in items]

    def _unit(self) -> None:
        """The unit of a KPI: its own, else that of its values; a value in another unit is a fault."""
        if (self.about, "unit") not in self.facts.rules.catalogue.facts:
            return
        named = next(filter(None, self.units.values()), None)
        if named is not None:
            self.record.setdefault("unit", named)
        unit = self.record.get("unit") or ""
        for name, written in self.units.items():
            if written and not same_unit(written, unit_name(unit or "count")):
                found = phrase("testing.facts.in-unit", unit=written)
                without = phrase("testing.facts.no-unit")
                expected = phrase("testing.facts.in-unit", unit=unit) if unit else without
                self._defect(name, "unit-mismatch", found, expected)

    def _warning(self) -> None:
        """A warning has the kind of its rule, and is neither waived nor past unless the test says so."""
        self.record.setdefault("waived", False)
        self.record.setdefault("past", False)
        for rule in self.facts.rules.rules:
            if rule.id == self.record.get("rule"):
                self.record.setdefault("kind", rule.kind)

    def _defect(
        self,
        name: str,
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        key: bool = False,
    ) -> None:
        self.facts.notes.defect((*self.path, name), code, found, expected, hint, key=key)

"""Small facts: a mapping of values about one subject → the subject, with what it belongs to and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.errors import ExpressionError, did_you_mean
from coopgov.facts.subject import Subject
from coopgov.language.interpreter import same_unit
from coopgov.language.units import unit_named
from coopgov.model import Defect, LocalText, defect_at, fault_of, parse_text, shown
from coopgov.rules.layers import ALL_LOWER
from coopgov.source import Scalar
from coopgov.testing.rule_tests.values import typed

if TYPE_CHECKING:
    from coopgov.errors import Fault
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.syntax import Expr
    from coopgov.language.types import Type
    from coopgov.model.defects import Path
    from coopgov.rules.ruleset import RuleSet
    from coopgov.source import Document

__all__ = ["Derived", "SmallFacts"]

_ABSENT = {"unknown": False, "not set": True}
"""Ways of saying that a fact has no value: whether it counts as an optional setting that was not made."""


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A catalogue in which some derived facts are base facts, since a test gives their values."""

    catalogue: Catalogue
    given: frozenset[tuple[str, str]]
    unset: frozenset[tuple[str, str]] = frozenset()

    def definition(self, about: str, name: str) -> Expr | None:
        """The formula of a fact that is not given."""
        return None if (about, name) in self.given else self.catalogue.definition(about, name)

    def optional(self, about: str, name: str) -> bool:
        """Whether its absence makes a rule not applicable."""
        return (about, name) in self.unset or self.catalogue.optional(about, name)

    def seen_on(self, about: str, name: str) -> str:
        """The date before which a base fact is not there."""
        return self.catalogue.seen_on(about, name)

    def declared(self, about: str, name: str) -> Type:
        """The type of a fact that is read from the record."""
        kind = self.catalogue.type_of(about, name)
        assert kind is not None
        return kind


@dataclass(slots=True, eq=False)
class SmallFacts:
    """Reads small facts; faults are collected, each at its place."""

    rules: RuleSet
    document: Document
    currency: str
    minor_units: int
    faults: list[Fault] = field(default_factory=list)
    given: set[tuple[str, str]] = field(default_factory=set)
    unset: set[tuple[str, str]] = field(default_factory=set)

    @property
    def catalogue(self) -> Catalogue:
        """The facts that there are."""
        return self.rules.catalogue

    def definitions(self) -> Derived:
        """The catalogue in which the given facts are base facts."""
        return Derived(self.catalogue, frozenset(self.given), frozenset(self.unset))

    def subject(
        self, about: str, written: Any, path: Path, above: Mapping[str, Any] | None = None
    ) -> Subject:
        """The subject of a mapping of facts; `above` are records that it belongs to."""
        label = LocalText((("", about),))
        record: dict[str, Any] = {"label": label}
        parents = self.catalogue.parents(about)
        record |= {name: each for name, each in (above or {}).items() if name in parents}
        if not isinstance(written, Mapping):
            self._defect(Defect(path, "wrong-type", shown(written), "a mapping of facts"))
            written = {}
        if about == "warning":
            record["waived"] = False
        units: dict[str, tuple[str, Path]] = {}
        for name, value in written.items():
            if value is not None:
                self._entry(about, record, str(name), value, (*path, str(name)), units)
        self._unit(about, record, units)
        named = record.get("id")
        if about == "warning" and "kind" not in record:
            kinds = [rule.kind for rule in self.rules.rules if rule.id == record.get("rule")]
            record |= {"kind": kinds[0]} if kinds else {}
        return Subject(about, f"{about}/{named}" if named else about, record["label"], (), record)

    def _entry(
        self,
        about: str,
        record: dict[str, Any],
        name: str,
        value: Any,
        path: Path,
        units: dict[str, tuple[str, Path]],
    ) -> None:
        if name in self.catalogue.parents(about) and (about, name) not in self.catalogue.facts:
            inner = self.subject(name, value, path, record)
            record[name] = inner.record
            return
        kind = self._type(about, name, path)
        if kind is None:
            return
        if self.catalogue.definition(about, name) is not None:
            self.given.add((about, name))
        if name == "name" and isinstance(value, Mapping):
            self._name(record, value, path)
        elif kind.kind == "collection":
            record[name] = self._items(about, record, kind, value, path)
            if name == "warnings":
                self._warnings(record)
        elif kind.kind == "texts":
            record[name] = self._texts(value, path)
        elif isinstance(value, (list, Mapping)):
            self._defect(Defect(path, "wrong-type", shown(value), str(kind)))
        else:
            self._value(about, record, name, str(value), kind, path, units)

    def _type(self, about: str, name: str, path: Path) -> Type | None:
        kind = self.catalogue.type_of(about, name) if " " not in name else None
        if kind is None:
            known = [*self.catalogue.names(about), *self.catalogue.parents(about)]
            expected = f"a fact about {about}"
            self._defect(
                Defect(path, "unknown-fact", f'"{name}"', expected, did_you_mean(name, known), key=True)
            )
        return kind

    def _value(
        self,
        about: str,
        record: dict[str, Any],
        name: str,
        text: str,
        kind: Type,
        path: Path,
        units: dict[str, tuple[str, Path]],
    ) -> None:
        if text in _ABSENT and kind.kind != "text":
            record[name] = None
            if _ABSENT[text]:
                self.unset.add((about, name))
            return
        try:
            value = typed(text, kind, self.catalogue, self.currency, self.minor_units)
        except ExpressionError as error:
            self._expression(path, error)
            return
        if kind.kind == "own":
            value, unit = value
            units[name] = (unit, path)
        record[name] = value
        if name == "name" or (name == "id" and "name" not in record):
            record["label"] = LocalText((("", text),))

    def _name(self, record: dict[str, Any], value: Any, path: Path) -> None:
        try:
            label = parse_text(value)
        except PydanticCustomError as error:
            self._defect(defect_at(path, error))
            return
        record["label"], record["name"] = label, str(label)

    def _items(self, about: str, record: dict[str, Any], kind: Type, value: Any, path: Path) -> list[Any]:
        if not isinstance(value, list):
            self._defect(Defect(path, "wrong-type", shown(value), "a list of mappings of facts"))
            return []
        above = {
            **{name: record[name] for name in self.catalogue.parents(about) if name in record},
            about: record,
        }
        return [
            self.subject(kind.item, item, (*path, number), above).record for number, item in enumerate(value)
        ]

    def _warnings(self, record: dict[str, Any]) -> None:
        """Filters that name rules see all warnings, others those of layer 0."""
        layer = {rule.id: rule.layer for rule in self.rules.rules}
        record[ALL_LOWER] = record["warnings"]
        record["warnings"] = [each for each in record["warnings"] if not layer.get(each.get("rule"), 0)]

    def _texts(self, value: Any, path: Path) -> list[str]:
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, (list, Mapping)) or item is None for item in items):
            self._defect(Defect(path, "wrong-type", shown(value), "a list of texts"))
            return []
        return [str(item) for item in items]

    def _unit(self, about: str, record: dict[str, Any], units: Mapping[str, tuple[str, Path]]) -> None:
        """The unit of a KPI: its own, else that of its values; a value in another one is a fault."""
        if not units or (about, "unit") not in self.catalogue.facts:
            return
        named = next((unit for unit, _ in units.values() if unit), "")
        unit = record.setdefault("unit", named) or ""
        for written, path in units.values():
            if written and not same_unit(written, _canonical(unit)):
                self._defect(
                    Defect(path, "unit-mismatch", f"a value in {written}", f"a value in {unit or 'no unit'}")
                )

    def _expression(self, path: Path, error: ExpressionError) -> None:
        node = self.document.find(path)
        start = error.start if isinstance(node, Scalar) else 0
        width = error.end - error.start if isinstance(node, Scalar) else None
        self.faults.append(
            self.document.fault(
                node, error.code, error.found, error.expected, error.hint, start=start, width=width
            )
        )

    def _defect(self, defect: Defect) -> None:
        self.faults.append(fault_of(self.document, defect))


def _canonical(unit: str) -> str:
    return unit_named(unit or "count").name

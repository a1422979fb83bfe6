"""The facts that follow when an editable fact changes: a new reading, for example, also changes the score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.facts.recompute import FOLLOWING, work_out
from coopgov.facts.subject import Context
from coopgov.language.host_values import Gap
from coopgov.language.values import NOT_SET, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection

    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject

__all__ = ["Dependents", "follows"]


@dataclass(frozen=True, slots=True, eq=False)
class Dependents:
    """The facts of a subject, by their names, that are computed from another one, `source`."""

    subject: Subject
    source: str
    names: tuple[str, ...]
    facts: Facts
    context: Context
    changed: Subject
    """The subject with a record of its own, for other values."""

    @classmethod
    def of(cls, subject: Subject, source: str, facts: Facts) -> Dependents:
        """All facts that follow from a fact of a subject."""
        context = Context(facts.agreement, facts.as_of, facts.calendar)
        names = tuple(follows(subject.about, source))
        return cls(subject, source, names, facts, context, replace(subject, record={}))

    @property
    def ordered(self) -> bool:
        """Whether one of them is a number or a day, which can rise or fall with its source."""
        about, catalogue = self.subject.about, self.facts.catalogue
        return any(catalogue.declared(about, name).ordered for name in self.names)

    def values(self, source: Any) -> list[Any]:
        """Return the value of each, as conditions read it, for another value of the source; days are numbers."""
        about, catalogue = self.subject.about, self.facts.catalogue
        if catalogue.declared(about, self.source).kind == "date":
            source = date.fromordinal(source)
        record = self.changed.record
        record.update(self.subject.record)
        record[self.source] = source
        work_out(self.changed, self.source, self.context)
        return [self._as_read(name, record[name]) for name in self.names]

    def _as_read(self, name: str, value: Any) -> Any:
        if value.__class__ is Gap:
            return UNKNOWN
        if value is None:
            return NOT_SET if self.facts.catalogue.optional(self.subject.about, name) else UNKNOWN
        return value.toordinal() if isinstance(value, date) else value


def follows(about: str, fact: str) -> Collection[str]:
    """The facts that follow from a fact about a type of subject."""
    return FOLLOWING.get((about, fact), {}).keys()

"""What else is another when a fact that people can change is, as conditions read it: the score of another reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.facts.recompute import FOLLOWING, worked_out
from coopgov.facts.subject import Context
from coopgov.language.gate import Gap
from coopgov.language.values import NOT_SET, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection

    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject

__all__ = ["Link", "follows", "links_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A fact of a subject that is worked out of another one, `source`; `ordered` where it can rise or fall with that."""

    subject: Subject
    source: str
    fact: str
    facts: Facts

    @property
    def ordered(self) -> bool:
        """Whether it is a number or a day."""
        return self.facts.catalogue.declared(self.subject.about, self.fact).ordered

    def value(self, source: Any) -> Any:
        """Its value as conditions read it where the source has another one; days as their numbers, too."""
        about, catalogue = self.subject.about, self.facts.catalogue
        if catalogue.declared(about, self.source).kind == "date":
            source = date.fromordinal(source)
        changed = replace(self.subject, record={**self.subject.record, self.source: source})
        context = Context(self.facts.agreement, self.facts.as_of, self.facts.calendar)
        value = worked_out(changed, self.source, context)[self.fact]
        if value.__class__ is Gap:
            return UNKNOWN
        if value is None:
            return NOT_SET if catalogue.optional(about, self.fact) else UNKNOWN
        return value.toordinal() if isinstance(value, date) else value


def follows(about: str, fact: str) -> Collection[str]:
    """The facts that follow from a fact about a type of subject."""
    return FOLLOWING.get((about, fact), {}).keys()


def links_of(subject: Subject, fact: str, facts: Facts) -> tuple[Link, ...]:
    """What follows from a fact of a subject."""
    return tuple(Link(subject, fact, name, facts) for name in follows(subject.about, fact))

"""The facts that follow when an editable fact changes: a new reading, for example, also changes the score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.facts.recompute import FOLLOWING, worked_out
from coopgov.facts.subject import Context
from coopgov.language.host_values import Gap
from coopgov.language.values import NOT_SET, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject

__all__ = ["Link", "following_values", "follows", "links_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A fact of a subject that is computed from another one, `source`."""

    subject: Subject
    source: str
    fact: str
    facts: Facts

    @property
    def ordered(self) -> bool:
        """Whether it is a number or a day, which can rise or fall with its source."""
        return self.facts.catalogue.declared(self.subject.about, self.fact).ordered


def following_values(links: Sequence[Link], source: Any) -> Iterator[Any]:
    """Yield the value of each linked fact of a source, as conditions read it, for another value of the source.

    Days may be given as numbers.
    """
    if not links:
        return
    subject, name, facts = links[0].subject, links[0].source, links[0].facts
    about, catalogue = subject.about, facts.catalogue
    if catalogue.declared(about, name).kind == "date":
        source = date.fromordinal(source)
    changed = replace(subject, record={**subject.record, name: source})
    found = worked_out(changed, name, Context(facts.agreement, facts.as_of, facts.calendar))
    for link in links:
        value = found[link.fact]
        if value.__class__ is Gap:
            value = UNKNOWN
        elif value is None:
            value = NOT_SET if catalogue.optional(about, link.fact) else UNKNOWN
        yield value.toordinal() if isinstance(value, date) else value


def follows(about: str, fact: str) -> Collection[str]:
    """The facts that follow from a fact about a type of subject."""
    return FOLLOWING.get((about, fact), {}).keys()


def links_of(subject: Subject, fact: str, facts: Facts) -> tuple[Link, ...]:
    """The links from a fact of a subject to the facts that follow from it."""
    return tuple(Link(subject, fact, name, facts) for name in follows(subject.about, fact))

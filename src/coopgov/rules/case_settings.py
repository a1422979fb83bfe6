"""How the cases that follow from warnings behave: the block `cases` of rule files, and its defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from coopgov.schema import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.rules.source import Field

__all__ = ["CaseSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettings:
    """How the cases of a rule set behave; what no file sets has the default.

    >>> str(CaseSettings().reopen), str(CaseSettings().max_waiver)
    ('20 working days', '90 days')
    """

    reopen: Span = field(default=Span(20, "working days"))
    """A closed case opens again if its rule holds again within this time; later it is a new case."""
    no_data: Span = field(default=Span(5, "working days"))
    """After this time without data, the owner of the datum is notified, once."""
    effective_after: Span = field(default=Span(20, "working days"))
    """A case is resolved once it has been clear this long after its last action."""
    remind: Span = field(default=Span(10, "working days"))
    """After this time, those notified last are reminded of a case whose ladder is used up."""
    max_waiver: Span = field(default=Span(90, "days"))
    """The longest time for which an event may waive a case."""

    @classmethod
    def of(cls, given: Mapping[str, Field]) -> CaseSettings:
        """The settings that files give, by key, and the defaults of all others."""
        return cls(**{name: field.value for name, field in given.items()})

    def changed(self) -> dict[str, Span]:
        """The settings that differ from their defaults, by key."""
        default: Any = CaseSettings()
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) != getattr(default, each.name)
        }

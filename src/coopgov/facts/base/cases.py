"""Base facts of cases, which an assessment is given from outside: no agreement holds its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from coopgov.facts.base.table import facts
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sized
    from datetime import date

    from coopgov.severities import Severity

__all__ = ["FACTS", "CaseFacts", "case_record"]

_SEVERITIES = " | ".join(SEVERITIES)
_STATES = (
    "closed | waived | inhibited | pending | no-data | treating | verifying | recovering | clear"
    " | acknowledged | firing"
)
_SIGNALS = "none | pending | firing | recovering | no-data | clear"
_HANDLINGS = "new | acknowledged | treating | verifying | closed"
_OUTCOMES = "resolved | accepted | not-confirmed | duplicate | not-applicable | past"

FACTS = facts(
    "case",
    ("id", "text"),
    ("rule", "text"),
    ("about", "text"),
    ("kind", "kind"),
    ("severity", f"text: {_SEVERITIES}"),
    ("peak", f"text: {_SEVERITIES}"),
    ("state", f"text: {_STATES}"),
    ("signal", f"text: {_SIGNALS}"),
    ("handling", f"text: {_HANDLINGS}"),
    ("open", "truth"),
    ("since", "date"),
    ("fired_on", "date?"),
    ("deadline", "date?"),
    ("round", "number [0.. whole]"),
    ("step", "number [0.. whole]"),
    ("openings", "number [0.. whole]"),
    ("actions", "number [0.. whole]"),
    ("assignee", "holder?"),
    ("waived_until", "date?"),
    ("outcome", f"text: {_OUTCOMES}?"),
    ("closed_on", "date?"),
)


class CaseFacts(Protocol):
    """What rules can read of a case; `coopgov.Case` has all of it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def rule(self) -> str:
        """The id of its rule."""

    @property
    def about(self) -> str:
        """The subject that it is about, such as `phase/core`."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def severity(self) -> Severity:
        """Its severity."""

    @property
    def peak(self) -> Severity:
        """The worst severity since it opened."""

    @property
    def state(self) -> str:
        """The one word that is shown."""

    @property
    def signal(self) -> str:
        """What the rule says."""

    @property
    def handling(self) -> str:
        """What people do about it."""

    @property
    def open(self) -> bool:
        """Whether it is open."""

    @property
    def since(self) -> date:
        """The day on which it opened."""

    @property
    def fired_on(self) -> date | None:
        """The day on which it fired."""

    @property
    def deadline(self) -> date | None:
        """The day by which somebody must answer."""

    @property
    def round(self) -> int:
        """How often its ladder began."""

    @property
    def step(self) -> int:
        """The last step that was notified in this round."""

    @property
    def openings(self) -> int:
        """How often it opened."""

    @property
    def actions(self) -> Sized:
        """The actions that were agreed."""

    @property
    def assignee(self) -> str | None:
        """Who deals with it."""

    @property
    def waived_until(self) -> date | None:
        """The last day of its waiver."""

    @property
    def outcome(self) -> str | None:
        """Why it was closed."""

    @property
    def closed_on(self) -> date | None:
        """The day on which it was closed."""


def case_record(case: CaseFacts) -> dict[str, Any]:
    """Return the base facts of a case as the record of a collection."""
    record = {fact.name: getattr(case, fact.name) for fact in FACTS}
    return {**record, "actions": len(case.actions)}

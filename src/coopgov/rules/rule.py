"""A rule and the other parts of a rule set, checked: actions, parameters, decision tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT
from coopgov.locales import listed, phrase
from coopgov.schema import quoted
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.backends.ir import Check
    from coopgov.faults import Fault, Place
    from coopgov.language.syntax import Expr, Literal
    from coopgov.language.types import Type
    from coopgov.locales import Phrase
    from coopgov.rules.entry_fields import Acknowledge, HitPolicy, Ladder, Readings
    from coopgov.rules.messages import Message
    from coopgov.rules.source import Field, Source
    from coopgov.schema import LocalText, Span
    from coopgov.severities import Severity

__all__ = [
    "Action",
    "Inhibition",
    "Mention",
    "Parameter",
    "Rule",
    "Table",
    "TableRow",
    "short_ladder",
    "vacant_ladder",
]


@dataclass(frozen=True, slots=True)
class Action:
    """A recommended action; `own` actions are contingency plans of the agreement, the others come from packs."""

    id: str
    answers: tuple[str, ...]
    strains: tuple[str, ...]
    title: LocalText
    owner: str | None
    within: Span | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that rules refer to; `text` is its present spelling, and `default` the first declared one."""

    name: str
    text: str
    default: str
    value: Literal
    means: LocalText | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """One checked rule; `texts` holds its expressions as written, by key, and `fields` its fields and their places.

    What only cases read: how long it must hold or be clear (`holds_for`, `keep`), the condition that leaves each band
    (`clear`), whose acknowledgement counts, and how soon an action must be agreed (`treat`). An assessment reads of
    these the ladders alone.
    """

    id: str
    about: str
    kind: str
    title: LocalText
    message: Message
    check: Check
    causes: tuple[str, ...]
    escalate: Mapping[Severity, Ladder]
    layer: int
    texts: Mapping[str, str]
    place: Place
    means: LocalText | None = None
    pack: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict, repr=False)
    actions: tuple[str, ...] | None = None
    """The only actions that are recommended; None for all actions that answer its kind."""
    holds_for: Span | Readings | None = None
    """How long it must hold before its case fires, the key `for`; None for at once."""
    clear: Mapping[Severity, Expr] = field(default_factory=dict)
    """The conditions on the measure past which bands count as left, each with the measure: `delay at most 3 days`."""
    keep: Span | Readings | None = None
    """How long it must be clear before its case counts as clear; None for at once."""
    acknowledge: Acknowledge = "any"
    """Whose acknowledgement stops a ladder."""
    treat: Mapping[Severity, Span] = field(default_factory=dict)
    """How soon an action must be agreed, by severity."""

    @property
    def measured(self) -> Type | None:
        """The type of its measure, if it has a measure."""
        return None if self.check.measure is None else self.check.measure.type

    def condition(self, severity: str) -> Expr:
        """Return the condition of the step with that severity."""
        return next(step.condition for step in self.check.steps if step.severity == severity)

    def ladder(self, severity: Severity) -> Ladder:
        """Return the ladder of a severity, else that of the next milder severity that has one; empty without any."""
        return next((self.escalate[each] for each in _from(severity) if each in self.escalate), ())

    def treated_within(self, severity: Severity) -> Span | None:
        """Return how soon an action must be agreed for a severity, else for the next milder one that says it."""
        return next((self.treat[each] for each in _from(severity) if each in self.treat), None)


def _from(severity: Severity) -> tuple[Severity, ...]:
    """A severity and all milder ones, mildest last."""
    return SEVERITIES[SEVERITIES.index(severity) :: -1]


@dataclass(frozen=True, slots=True)
class Inhibition:
    """Warnings of the rule `by` hide those of the rules in `hides` about the subject, with `children` also below it."""

    by: str
    hides: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A row of a decision table, which is the rule `rule` of the rule set.

    `condition` is the row's own condition, without what the hit policy adds; `cells` are its parts by column, None for
    a cell that any value passes; `field` is the place where it was written.
    """

    rule: str
    condition: Expr
    cells: tuple[Expr | None, ...]
    field: Field
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A decision table, with the rows whose rules are neither overridden nor switched off.

    `columns` are the checked expressions of its headers; `where` selects its subjects.
    """

    id: str
    about: str
    hit: HitPolicy
    columns: tuple[Expr, ...]
    rows: tuple[TableRow, ...]
    where: Expr | None
    field: Field
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A reference to a role, body or member in an escalation or action, and its place."""

    name: str
    source: Source
    path: tuple[str | int, ...]

    def vacant(self, hint: Phrase = NO_HINT) -> Fault:
        """The fault of an agreement in which the name refers to nobody; the hint names somebody who is there."""
        expected = phrase("rules.vacant-role.expected")
        return self.source.fault(self.path, "vacant-role", quoted(self.name), expected, hint)


def vacant_ladder(ladder: Field) -> Fault:
    """The fault of an agreement in which nobody holds any step of a ladder."""
    found, expected = (
        listed(dict.fromkeys(step.to for step in ladder.value)),
        phrase("rules.ladder-vacant.expected"),
    )
    return ladder.source.fault(ladder.path, "ladder-vacant", found, expected)


def short_ladder(acknowledge: Field, severity: str, missing: Iterable[str]) -> Fault:
    """The fault of an agreement in which a ladder does not reach parties that must acknowledge."""
    found = phrase("rules.party-not-reached.found", severity=severity, parties=listed(sorted(missing)))
    expected = phrase("rules.party-not-reached.expected")
    return acknowledge.source.fault(acknowledge.path, "party-not-reached", found, expected)

"""Try out other values of facts: the assessment before and after, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_mapping, a_tag, checked, or_none
from coopgov.assessment.assess import Assessor, assess
from coopgov.assessment.figures import Figure, Form
from coopgov.facts.changes import change_facts
from coopgov.facts.derive import derive
from coopgov.facts.subject import without_gap
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.load import load_rules
from coopgov.rules.ruleset import RULES, engine_of
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from coopgov.assessment.result import Assessment, EarlyWarning, Undecided
    from coopgov.facts.catalogue import Catalogue
    from coopgov.facts.changes import ChangedFact
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Engine, RuleSet

__all__ = ["Altered", "TriedFact", "WhatIf", "what_if"]


@dataclass(frozen=True, slots=True)
class TriedFact:
    """A fact with another value; `follows` names the fact that it was computed from, if it was not asked for.

    `seen` is false where the new value is an observation of a day after the assessment, so that no rule reads it.
    """

    subject: str
    fact: str
    before: Figure
    after: Figure
    follows: str | None
    seen: bool

    def to_dict(self) -> dict[str, Any]:
        """The fact as JSON."""
        return {
            "subject": self.subject,
            "fact": self.fact,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "follows": self.follows,
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True)
class Altered:
    """A warning that is given both before and after, with another severity, measure, threshold or message."""

    before: EarlyWarning
    after: EarlyWarning

    def to_dict(self) -> dict[str, Any]:
        """The pair as JSON."""
        return {"id": self.after.id, "before": self.before.to_dict(), "after": self.after.to_dict()}


@dataclass(frozen=True, slots=True, repr=False)
class WhatIf:
    """Two assessments of one agreement on one date: as it is, and with other values of some facts.

    `undecided` are entries that became undetermined, `decided` those that no longer are.
    """

    before: Assessment
    after: Assessment
    facts: tuple[TriedFact, ...]
    gained: tuple[EarlyWarning, ...]
    lost: tuple[EarlyWarning, ...]
    changed: tuple[Altered, ...]
    undecided: tuple[Undecided, ...]
    decided: tuple[Undecided, ...]

    def __repr__(self) -> str:
        told = f"{len(self.gained)} gained, {len(self.lost)} lost, {len(self.changed)} changed"
        return f"<WhatIf of {self.after.agreement} as of {self.after.as_of}: {told}>"

    @property
    def unchanged(self) -> int:
        """How many warnings are the same before and after."""
        return len(self.after.warnings) - len(self.gained) - len(self.changed)

    def to_dict(self) -> dict[str, Any]:
        """Both assessments and their difference, as plain Python objects."""
        return {
            "agreement": self.after.agreement,
            "as_of": self.after.as_of.isoformat(),
            "facts": [fact.to_dict() for fact in self.facts],
            "gained": [warning.to_dict() for warning in self.gained],
            "lost": [warning.to_dict() for warning in self.lost],
            "changed": [pair.to_dict() for pair in self.changed],
            "unchanged": self.unchanged,
            "undecided": [entry.to_dict() for entry in self.undecided],
            "decided": [entry.to_dict() for entry in self.decided],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }


@checked(
    agreement=AN_AGREEMENT, rules=or_none(RULES), changes=or_none(a_mapping), as_of=a_day, language=a_tag
)
def what_if(
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    changes: Mapping[str, object] | None = None,
    *,
    as_of: date,
    language: str = "en",
) -> WhatIf:
    """Assess an agreement as it is, and with other values of some facts.

    Values change in the records that rules read, not in the agreement: derived facts follow by their formulas, and so
    do warnings, vacant roles, actions and their strains.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        changes: new values of base facts by `SUBJECT.FACT`, such as `phase/core.forecast_end`: texts as people write
            them (`2026-11-30`, `40 %`, `1200000`, `100 USD`), or Python values: a number for a share is the share
            itself. None and `unknown` remove a value.
        as_of: the date. Money of another currency is converted by its rate on that day.
        language: of messages, titles and units.

    Raises:
        ChangeError: a subject or fact does not exist, a fact is derived or a collection, or a value is not of its type;
            all faults are reported at once.
        AgreementError: as `assess` does.

    >>> from datetime import date
    >>> from coopgov import load_agreement, what_if
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> tried = what_if(pilot, changes={"phase/core.forecast_end": "2026-11-30"}, as_of=date(2026, 6, 30))
    >>> [(warning.id, warning.severity) for warning in tried.gained]
    [('phase-late@phase/core', 'critical'), ('delays-spreading@agreement', 'major')]
    """
    engine = engine_of(rules or load_rules())
    catalogue = engine.rules.catalogue
    before = assess(agreement, engine, as_of=as_of, language=language)
    facts = derive(agreement, as_of, catalogue)
    exchanged = change_facts(facts, changes or {})
    after = Assessor(agreement, engine, as_of, language, facts=facts).run()
    form = Form(language, agreement.currency, 10 ** MINOR_DIGITS[agreement.currency])
    old = {warning.id: warning for warning in before.warnings}
    new = {warning.id: warning for warning in after.warnings}
    return WhatIf(
        before,
        after,
        tuple(_tried(each, form, catalogue) for each in exchanged),
        tuple(warning for warning in after.warnings if warning.id not in old),
        tuple(warning for warning in before.warnings if warning.id not in new),
        tuple(Altered(old[id_], new[id_]) for id_ in new if id_ in old and _differ(old[id_], new[id_])),
        _only(after.undetermined, before.undetermined),
        _only(before.undetermined, after.undetermined),
    )


def _tried(change: ChangedFact, form: Form, catalogue: Catalogue) -> TriedFact:
    unit = change.subject.record.get("unit") or ""
    before, after = (
        form.figure(without_gap(value), change.type, unit) for value in (change.before, change.after)
    )
    if catalogue.optional(change.subject.about, change.name):
        absent = Figure(None, "", form.word("not-set"))
        before, after = (
            absent if value is None else figure
            for value, figure in ((change.before, before), (change.after, after))
        )
    return TriedFact(change.subject.id, change.name, before, after, change.follows or None, change.seen)


def _differ(before: EarlyWarning, after: EarlyWarning) -> bool:
    """Whether the reported figures or message of a warning differ; evidence and actions are not compared."""
    return any(
        getattr(before, name) != getattr(after, name)
        for name in ("severity", "measure", "threshold", "message", "waived", "past", "inhibited_by")
    )


def _only(entries: Iterable[Undecided], others: Iterable[Undecided]) -> tuple[Undecided, ...]:
    known = {(other.rule, other.about) for other in others}
    return tuple(entry for entry in entries if (entry.rule, entry.about) not in known)

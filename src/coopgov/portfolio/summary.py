"""The summary of a portfolio: the number of rows, the result of each rule, and the worst subjects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.locales import Phrase
    from coopgov.severities import Severity, Status

__all__ = ["ItemTally", "Pack", "RankedHit", "RankedSubject", "RejectTally", "RuleTally", "Summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """The result of one rule for all subjects.

    `decided` is the number of subjects to which the rule applies and for which it is decided (None if not counted),
    `severities` the number of hits by severity. `missing` counts the facts without a value in undetermined subjects,
    `because` the reasons. The sum of `decided`, `undetermined` and `does_not_apply` is the number of subjects.
    """

    rule: str
    about: str
    decided: int | None
    severities: Mapping[str, int]
    undetermined: int
    missing: Mapping[str, int]
    waived: int = 0
    """Hits that a waiver of an agreement sets aside; they are not counted anywhere else."""
    past: int = 0
    """Hits about which nothing can change any more; they are not counted anywhere else."""
    inhibited: int = 0
    """Hits of agreements that another warning hides; they are not counted anywhere else."""
    because: Mapping[str, int] = field(default_factory=dict)
    does_not_apply: int | None = None
    """To how many subjects the rule does not apply; None if not counted."""
    where_false: int | None = None
    """How many of these are left out because `where` is false."""
    not_set: Mapping[str, int] = field(default_factory=dict)
    """For the others, the facts that the rule reads and that are not set, with the number of subjects."""

    @property
    def hits(self) -> int:
        """For how many subjects the rule holds."""
        return sum(self.severities.values())

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON."""
        return {
            "rule": self.rule,
            "about": self.about,
            "decided": self.decided,
            "hits": self.hits,
            "severities": dict(self.severities),
            "waived": self.waived,
            "past": self.past,
            "inhibited": self.inhibited,
            "undetermined": self.undetermined,
            "because": dict(self.because),
            "missing": dict(self.missing),
            "does_not_apply": self.does_not_apply,
            "where_false": self.where_false,
            "not_set": dict(self.not_set),
        }


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack of rules that was asked for."""

    pack: str
    version: str

    def to_dict(self) -> dict[str, str]:
        """The object as JSON."""
        return {"pack": self.pack, "version": self.version}


@dataclass(frozen=True, slots=True)
class ItemTally:
    """The rows of a collection's table: read, rejected because they have no key, and with a faulty cell."""

    read: int
    rejected: int
    faulty: int
    unmatched: int
    """How many belong to no checked subject."""

    def to_dict(self) -> dict[str, int]:
        """The object as JSON."""
        return {
            "read": self.read,
            "rejected": self.rejected,
            "faulty": self.faulty,
            "unmatched": self.unmatched,
        }


@dataclass(frozen=True, slots=True)
class RankedSubject:
    """One subject with hits: its key, the worst severity, and the rules that hold, worst first."""

    key: Mapping[str, Any]
    hits: tuple[RankedHit, ...]
    label: Mapping[str, str] = field(default_factory=dict)
    """The texts by which people recognise the subject."""

    @property
    def severity(self) -> Severity:
        """The worst severity."""
        return self.hits[0].severity

    @property
    def rank(self) -> tuple[float, ...]:
        """The sort key: hits of each severity, the worst first, then how far they exceed thresholds; less is worse."""
        counts = Counter(hit.severity for hit in self.hits)
        beyond = max(hit.beyond for hit in self.hits)
        return (*(-counts[each] for each in reversed(SEVERITIES)), -beyond)

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON."""
        key = {name: _plain(value) for name, value in self.key.items()}
        hits = [hit.to_dict() for hit in self.hits]
        return {"key": key, "label": dict(self.label), "severity": self.severity, "hits": hits}


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A rule that holds for a subject; `value` and `threshold` are None for a rule without a measure."""

    rule: str
    severity: Severity
    value: float | None
    threshold: float | None

    @property
    def beyond(self) -> float:
        """The share by which the threshold is exceeded, or the amount if it is 0; 0 for a rule without a measure."""
        if self.value is None or self.threshold is None:
            return 0.0
        return abs(self.value - self.threshold) / (abs(self.threshold) or 1.0)

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON."""
        return {name: getattr(self, name) for name in ("rule", "severity", "value", "threshold")}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


@dataclass(frozen=True, slots=True)
class RejectTally:
    """A sort of fault of rows and cells: a column and a code, the number of rows, and the first of them."""

    column: str
    code: str
    rows: int
    first: int
    found: Phrase
    expected: Phrase
    file: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON."""
        return {
            name: getattr(self, name)
            for name in ("column", "code", "rows", "first", "found", "expected", "file")
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A checked portfolio. `read` rows (or files, as `counted` says) were `checked`, `rejected` or `left_out`.

    `subjects` counts subjects by the worst severity of their hits; those without any are `undetermined` (some rule
    could not be decided) or `clear`. `rules_left_out` are rules that a table does not support: those about warnings,
    and shipped ones that columns cannot express.
    """

    source: str
    as_of: date
    about: str
    pack: Mapping[str, Any]
    read: int
    checked: int
    rejected: int
    left_out: int
    subjects: Mapping[str, int]
    rules: tuple[RuleTally, ...]
    worst: tuple[RankedSubject, ...]
    rejects: tuple[RejectTally, ...]
    rules_left_out: tuple[str, ...] = ()
    counted: str = "rows"
    faulty: int = 0
    """How many checked rows have a cell that is unreadable or out of range; the facts of such cells are unknown."""
    items: Mapping[str, ItemTally] = field(default_factory=dict)
    """For each collection, what became of the rows of its table."""
    inexpressible: Mapping[str, str] = field(default_factory=dict)
    """The shipped rules that were left out because columns cannot express them, and why."""
    packs: tuple[Pack, ...] = ()
    """The packs that were asked for."""

    @property
    def unmatched(self) -> Mapping[str, int]:
        """For each collection, how many of its items belong to no subject that was checked."""
        return {name: each.unmatched for name, each in self.items.items()}

    @property
    def all_faulty(self) -> int:
        """How many rows, those of collections included, are faulty: rejected, or checked with a faulty cell."""
        return self.rejected + self.faulty + sum(each.rejected + each.faulty for each in self.items.values())

    @property
    def all_read(self) -> int:
        """How many rows were read, those of collections included."""
        return self.read + sum(each.read for each in self.items.values())

    @property
    def undetermined_share(self) -> float | None:
        """The share of undetermined pairs among all pairs of a rule and a subject to which it applies."""
        counted = [each for each in self.rules if each.decided is not None]
        unsure = sum(each.undetermined for each in counted)
        asked = unsure + sum(each.decided or 0 for each in counted)
        return unsure / asked if asked else None

    @property
    def status(self) -> Status:
        """The worst severity of any subject, else `undetermined` or `clear`; `undetermined` if nothing was checked."""
        order: tuple[Status, ...] = (*reversed(SEVERITIES), "undetermined")
        otherwise: Status = "clear" if self.checked and self.rules else "undetermined"
        return next((each for each in order if self.subjects.get(each)), otherwise)

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON."""
        return {
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "about": self.about,
            "rules": dict(self.pack),
            "packs": [each.to_dict() for each in self.packs],
            "status": self.status,
            self.counted: {
                "read": self.read,
                "checked": self.checked,
                "rejected": self.rejected,
                "left_out": self.left_out,
            },
            "faulty": self.faulty,
            "subjects": dict(self.subjects),
            "undetermined_share": self.undetermined_share,
            "by_rule": [each.to_dict() for each in self.rules],
            "worst": [each.to_dict() for each in self.worst],
            "rejects": [each.to_dict() for each in self.rejects],
            "rules_left_out": list(self.rules_left_out),
            "inexpressible": dict(self.inexpressible),
            "unmatched": dict(self.unmatched),
            "items": {name: each.to_dict() for name, each in self.items.items()},
        }

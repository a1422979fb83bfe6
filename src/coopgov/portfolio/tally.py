"""Counts of what batches come to, added up while they go by: what is held does not grow with the number of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.portfolio.population import DECIDED
from coopgov.portfolio.rows import joined_key
from coopgov.portfolio.summary import RejectTally, RuleTally, Standing, StandingHit, Summary
from coopgov.rules.file import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from coopgov.portfolio.rows import Rows
    from coopgov.portfolio.sources import Reject
    from coopgov.rules import RuleSet

__all__ = ["Found", "Tally", "standing"]

_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES, 1)}


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a batch, as tables: hits, what is undetermined, and hits of the rules that count.

    `keys` are the columns that name a subject there, `names` what they are called for people.
    """

    rows: Rows
    hits: Any
    undetermined: Any
    decided: Any
    keys: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The counts so far; `limit` is how many of the worst subjects are kept."""

    limit: int
    read: int = 0
    checked: int = 0
    rejected: int = 0
    left_out: int = 0
    subjects: Counter[str] = field(default_factory=Counter)
    severities: Counter[tuple[str, str]] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    undetermined: Counter[str] = field(default_factory=Counter)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    waived: Counter[str] = field(default_factory=Counter)
    worst: list[Standing] = field(default_factory=list)
    rejects: dict[tuple[str, str], RejectTally] = field(default_factory=dict)

    def rows(self, rows: Rows) -> None:
        """Count the rows of a batch."""
        self.read += rows.read
        self.checked += rows.table.num_rows
        self.rejected += rows.rejected
        self.left_out += rows.left_out
        self.reject(rows.rejects)

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Count why rows were rejected."""
        for each in rejects:
            key = (each.column, each.code)
            known = self.rejects.get(key)
            if known is None or (each.row < known.first and not each.file):
                number = 0 if known is None else known.rows
                known = RejectTally(
                    each.column, each.code, number, each.row, each.found, each.expected, each.file
                )
            self.rejects[key] = replace(known, rows=known.rows + 1)

    def results(self, found: Found) -> None:
        """Count what was found in a batch."""
        for group in _counted(found.hits, ["rule", "severity"]):
            self.severities[group["rule"], group["severity"]] += group["count_all"]
        for group in _counted(found.undetermined, ["rule", "missing"]):
            self.undetermined[group["rule"]] += group["count_all"]
            for fact in filter(None, group["missing"].split(", ")):
                self.missing[group["rule"], fact] += group["count_all"]
        self.count_rules({group["rule"]: group["count_all"] for group in _counted(found.decided, ["rule"])})
        self._subjects(found)

    def count_rules(self, decided: Mapping[str, int]) -> None:
        """Count the subjects that rules are decided for, by the ids of the rules that count."""
        for rule, number in decided.items():
            self.decided[rule.removesuffix(DECIDED)] += number

    def _subjects(self, found: Found) -> None:
        """How subjects stand, and which of them are worst off."""
        import pyarrow.compute as pc

        ranked, columns = _ranked(found.hits, found.keys)
        sums = [(each, "sum") for each in columns[:-1]]
        standing = ranked.group_by("subject", use_threads=False).aggregate([*sums, ("beyond", "max")])
        subjects = standing["subject"].combine_chunks()
        left = pc.is_valid(subjects)
        for severity in columns[:-1]:
            worst = pc.and_(left, pc.greater(standing[f"{severity}_sum"], 0))
            self.subjects[severity] += pc.sum(worst).as_py() or 0
            left = pc.and_(left, pc.invert(worst))
        unsure = joined_key(found.undetermined, found.keys).unique()
        only_unsure = len(unsure) - (pc.sum(pc.is_in(unsure, value_set=subjects)).as_py() or 0)
        self.subjects["undetermined"] += only_unsure
        self.subjects["clear"] += found.rows.table.num_rows - len(subjects) - only_unsure
        order = [*((f"{each}_sum", "descending") for each in columns[:-1]), ("beyond_max", "descending")]
        first = subjects.take(pc.sort_indices(standing, order)[: self.limit])
        self.stand(_standings(ranked.filter(pc.is_in(ranked["subject"], value_set=first)), found))

    def stand(self, standings: Iterable[Standing]) -> None:
        """Keep the worst of those that there were and of these."""
        self.worst = sorted([*self.worst, *standings], key=lambda each: each.rank)[: self.limit]

    def summary(
        self,
        source: str,
        as_of: date,
        about: str,
        rules: RuleSet,
        *,
        left_out: tuple[str, ...] = (),
        uncounted: Iterable[str] = (),
        counted: str = "rows",
    ) -> Summary:
        """What all of it comes to."""
        order = (*reversed(SEVERITIES), "undetermined", "clear")
        return Summary(
            source,
            as_of,
            about,
            rules.to_dict(),
            self.read,
            self.checked,
            self.rejected,
            self.left_out,
            {each: self.subjects[each] for each in order},
            tuple(self._rules(rules, about, {*left_out}, {*uncounted})),
            tuple(self.worst),
            tuple(sorted(self.rejects.values(), key=lambda each: (-each.rows, each.first, each.column))),
            left_out,
            counted,
        )

    def _rules(
        self, rules: RuleSet, about: str, left_out: set[str], uncounted: set[str]
    ) -> Iterable[RuleTally]:
        for rule in rules.rules:
            if (about and rule.about != about) or rule.id in left_out:
                continue
            steps = [step.severity for step in rule.check.steps]
            yield RuleTally(
                rule.id,
                rule.about,
                None if rule.id in uncounted else self.decided[rule.id],
                {each: self.severities[rule.id, each] for each in steps},
                self.undetermined[rule.id],
                {fact: number for (id_, fact), number in sorted(self.missing.items()) if id_ == rule.id},
                self.waived[rule.id],
            )


def _ranked(hits: Any, keys: Sequence[str]) -> tuple[Any, list[str]]:
    """Hits with their subject, a column of 0 and 1 for each severity, worst first, and how far beyond they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ranked = hits.append_column("subject", joined_key(hits, keys))
    columns = [*reversed(SEVERITIES), "beyond"]
    for severity in columns[:-1]:
        ranked = ranked.append_column(severity, pc.cast(pc.equal(hits["severity"], severity), pa.int64()))
    size = pc.abs(hits["threshold"])
    size = pc.if_else(pc.greater(size, 0), size, 1.0)
    share = pc.divide(pc.abs(pc.subtract(hits["value"], hits["threshold"])), size)
    return ranked.append_column("beyond", pc.fill_null(share, 0.0)), columns


def _standings(worst: Any, found: Found) -> Iterable[Standing]:
    """The subjects of some hits, with what tells people which they are."""
    by_subject: dict[str, list[Mapping[str, Any]]] = {}
    for row in worst.to_pylist():
        by_subject.setdefault(row["subject"], []).append(row)
    labels = _labels(list(by_subject), found)
    for subject, rows in by_subject.items():
        hits = [StandingHit(row["rule"], row["severity"], row["value"], row["threshold"]) for row in rows]
        key = {name: rows[0][key] for name, key in zip(found.names, found.keys, strict=True)}
        yield standing(key, hits, labels.get(subject))


def _labels(subjects: list[str], found: Found) -> dict[str, Mapping[str, str]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not found.rows.labels.num_columns:
        return {}
    at = pc.index_in(pa.array(subjects, pa.string()), value_set=joined_key(found.rows.table, found.keys))
    return dict(zip(subjects, found.rows.labels.take(at).to_pylist(), strict=True))


def _counted(table: Any, by: list[str]) -> list[dict[str, Any]]:
    counted: list[dict[str, Any]] = table.group_by(by).aggregate([([], "count_all")]).to_pylist()
    return counted


def standing(
    key: Mapping[str, Any], hits: Iterable[StandingHit], label: Mapping[str, str] | None = None
) -> Standing:
    """A subject with its hits, the worst first."""
    ordered = sorted(hits, key=lambda hit: (-_RANKS[hit.severity], hit.rule))
    return Standing(key, tuple(ordered), label or {})

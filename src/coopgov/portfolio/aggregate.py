"""Aggregate the results of batches as they pass, in memory that does not grow with the number of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import REASONS
from coopgov.optional import pa, pc
from coopgov.portfolio.applicability import not_set
from coopgov.portfolio.decided_counts import DECIDED, ELSEWHERE, counted_rule
from coopgov.portfolio.rows import AT
from coopgov.portfolio.summary import Pack, RankedHit, RankedSubject, RejectTally, RuleTally, Summary
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from coopgov.facts.catalogue import Catalogue
    from coopgov.language import syntax as s
    from coopgov.portfolio.rows import Rows
    from coopgov.portfolio.sources import Reject
    from coopgov.rules import RuleSet
    from coopgov.rules.source import Source

__all__ = ["Found", "Tally", "ranked_subject"]

_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES, 1)}


@dataclass(frozen=True, slots=True)
class Found:
    """The results of a batch, as tables: hits, undetermined entries, and hits of the counting rules."""

    rows: Rows
    hits: Any
    undetermined: Any
    counting: Any


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts so far; `limit` is how many of the worst subjects are kept."""

    limit: int
    read: int = 0
    checked: int = 0
    rejected: int = 0
    faulty: int = 0
    left_out: int = 0
    subjects: Counter[str] = field(default_factory=Counter)
    severities: Counter[tuple[str, str]] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    """How many subjects each counting rule holds for."""
    undetermined: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By rule and reason."""
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_set: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    """How many subjects there are of each type; with an empty name if all are of one type."""
    waived: Counter[str] = field(default_factory=Counter)
    past: Counter[str] = field(default_factory=Counter)
    inhibited: Counter[str] = field(default_factory=Counter)
    worst: list[RankedSubject] = field(default_factory=list)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The faults of rows and cells, by column and code."""
    first_faults: dict[tuple[str, str], Reject] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Add the counts of files that came after those of this one."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, int) and each.name != "limit":
                setattr(self, each.name, mine + theirs)
        self.keep_worst(other.worst)
        self.first_faults = other.first_faults | self.first_faults

    def rows(self, rows: Rows) -> None:
        """Count the rows of a batch."""
        self.read += rows.read
        self.checked += rows.table.num_rows
        self.rejected += rows.rejected
        self.faulty += rows.faulty
        self.left_out += rows.left_out
        self.reject(rows.rejects)

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Count the faults of rows and cells, and keep the first of each sort."""
        for each in rejects:
            key = (each.column, each.code)
            self.faults[key] += 1
            known = self.first_faults.get(key)
            if known is None or (each.row < known.row and not each.file):
                self.first_faults[key] = each

    def results(self, found: Found, reads: Mapping[str, Sequence[s.Name]], catalogue: Catalogue) -> None:
        """Count the results of a batch, past hits apart; `reads` gives the facts that each rule reads."""
        past = found.hits.filter(found.hits["past"])
        self.past.update({each["rule"]: each["count_all"] for each in _counted(past, ["rule"])})
        found = replace(found, hits=found.hits.filter(pc.invert(found.hits["past"])))
        for group in _counted(found.hits, ["rule", "severity"]):
            self.severities[group["rule"], group["severity"]] += group["count_all"]
        for group in _counted(found.undetermined, ["rule", "missing", "because"]):
            self.undetermined[group["rule"], group["because"]] += group["count_all"]
            for fact in filter(None, group["missing"].split(", ")):
                self.missing[group["rule"], fact] += group["count_all"]
        self.counted.update({each["rule"]: each["count_all"] for each in _counted(found.counting, ["rule"])})
        self.asked[""] += found.rows.table.num_rows
        self._not_set(found, reads, catalogue)
        self._subjects(found)

    def _not_set(self, found: Found, reads: Mapping[str, Sequence[s.Name]], catalogue: Catalogue) -> None:
        """Count which facts are not set, for rules that do not apply although their `where` is true."""
        pairs = pa.concat_tables([each.select([AT, "rule"]) for each in (found.counting, found.undetermined)])
        settled: dict[str, Any] = {}
        for group in pairs.group_by("rule").aggregate([(AT, "list")]).to_batches():
            for rule, rows in zip(group["rule"].to_pylist(), group[f"{AT}_list"], strict=True):
                settled.setdefault(counted_rule(rule), []).append(rows.values)
        for rule, facts in reads.items():
            rows = pa.chunked_array(settled.get(rule, []), pa.int64())
            if len(rows) < found.rows.table.num_rows:
                for fact, number in not_set(found.rows.table, facts, catalogue, rows).items():
                    self.not_set[rule, fact] += number

    def _subjects(self, found: Found) -> None:
        """Count subjects by status, and keep the worst."""
        ranked, columns = _ranked(found.hits)
        sums = [(each, "sum") for each in columns[:-1]]
        sums_of_subjects = ranked.group_by(AT, use_threads=False).aggregate([*sums, ("beyond", "max")])
        subjects = sums_of_subjects[AT].combine_chunks()
        left = pc.is_valid(subjects)
        for severity in columns[:-1]:
            worst = pc.and_(left, pc.greater(sums_of_subjects[f"{severity}_sum"], 0))
            self.subjects[severity] += pc.sum(worst).as_py() or 0
            left = pc.and_(left, pc.invert(worst))
        unsure = found.undetermined[AT].unique()
        only_unsure = len(unsure) - (pc.sum(pc.is_in(unsure, value_set=subjects)).as_py() or 0)
        self.subjects["undetermined"] += only_unsure
        self.subjects["clear"] += found.rows.table.num_rows - len(subjects) - only_unsure
        order = [
            *((f"{each}_sum", "descending") for each in columns[:-1]),
            ("beyond_max", "descending"),
            (AT, "ascending"),
        ]
        first = subjects.take(pc.sort_indices(sums_of_subjects, order)[: self.limit])
        self.keep_worst(_ranked_subjects(ranked.filter(pc.is_in(ranked[AT], value_set=first)), found.rows))

    def keep_worst(self, subjects: Iterable[RankedSubject]) -> None:
        """Keep the worst of the earlier subjects and these."""
        self.worst = sorted([*self.worst, *subjects], key=lambda each: each.rank)[: self.limit]

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
        """The summary of all batches."""
        order = (*reversed(SEVERITIES), "undetermined", "clear")
        return Summary(
            source=source,
            as_of=as_of,
            about=about,
            pack=rules.to_dict(),
            read=self.read,
            checked=self.checked,
            rejected=self.rejected,
            left_out=self.left_out,
            subjects={each: self.subjects[each] for each in order},
            rules=tuple(self._rules(rules, about, {*left_out}, {*uncounted})),
            worst=tuple(self.worst),
            rejects=tuple(sorted(self._rejects(), key=lambda each: (-each.rows, each.first, each.column))),
            rules_left_out=left_out,
            counted=counted,
            faulty=self.faulty,
            packs=_packs(rules),
        )

    def _rejects(self) -> Iterable[RejectTally]:
        for (column, code), each in self.first_faults.items():
            number = self.faults[column, code]
            yield RejectTally(column, code, number, each.row, each.found, each.expected, each.file)

    def _rules(
        self, rules: RuleSet, about: str, left_out: set[str], uncounted: set[str]
    ) -> Iterable[RuleTally]:
        for rule in rules.rules:
            if (about and rule.about != about) or rule.id in left_out:
                continue
            steps = [step.severity for step in rule.check.steps]
            because = _of(self.undetermined, rule.id)
            known = rule.id not in uncounted
            decided, elsewhere = (self.counted[rule.id + each] for each in (DECIDED, ELSEWHERE))
            asked = self.asked["" if about else rule.about]
            applies_not = asked - decided - sum(because.values())
            yield RuleTally(
                rule=rule.id,
                about=rule.about,
                decided=decided if known else None,
                severities={each: self.severities[rule.id, each] for each in steps},
                undetermined=sum(because.values()),
                missing=_of(self.missing, rule.id),
                waived=self.waived[rule.id],
                past=self.past[rule.id],
                inhibited=self.inhibited[rule.id],
                because={each: because[each] for each in REASONS if each in because},
                does_not_apply=applies_not if known else None,
                where_false=elsewhere if known else None,
                not_set=_of(self.not_set, rule.id),
            )


def _of(counts: Counter[tuple[str, str]], rule: str) -> dict[str, int]:
    """The counts for one rule, by name."""
    return {name: number for (id_, name), number in sorted(counts.items()) if id_ == rule and number}


def _packs(rules: RuleSet) -> tuple[Pack, ...]:
    """The packs that were asked for, in that order, each once; packs that they extend are not among them."""
    extended = {each for source in rules.sources for each in _extended(source)}
    asked = (each for each in rules.sources if each.file.pack != BUILT_IN and not {*_names(each)} & extended)
    return tuple(dict.fromkeys(Pack(each.file.pack, each.file.version) for each in asked))


def _extended(source: Source) -> Iterable[str]:
    """The packs that a rule file extends, by the names that `_names` gives."""
    folder = Path(source.document.file).parent
    return (each if each in pack_names() else str((folder / each).resolve()) for each in source.file.extends)


def _names(source: Source) -> tuple[str, str]:
    return source.document.file.removesuffix(".yaml"), str(Path(source.document.file).resolve())


def _ranked(hits: Any) -> tuple[Any, list[str]]:
    """Hits with a 0/1 column for each severity, worst first, and how far they exceed their thresholds."""
    ranked, columns = hits, [*reversed(SEVERITIES), "beyond"]
    for severity in columns[:-1]:
        ranked = ranked.append_column(severity, pc.cast(pc.equal(hits["severity"], severity), pa.int64()))
    size = pc.abs(hits["threshold"])
    size = pc.if_else(pc.greater(size, 0), size, 1.0)
    share = pc.divide(pc.abs(pc.subtract(hits["value"], hits["threshold"])), size)
    return ranked.append_column("beyond", pc.fill_null(share, 0.0)), columns


def _ranked_subjects(worst: Any, rows: Rows) -> Iterable[RankedSubject]:
    """The subjects of some hits, with the columns by which people recognise them, in the order of the rows."""
    by_row: dict[int, list[Mapping[str, Any]]] = {}
    for row in worst.sort_by(AT).to_pylist():
        by_row.setdefault(row[AT], []).append(row)
    places = pa.array(by_row, pa.int64())
    keys = rows.keys.take(places).to_pylist()
    labels = rows.labels.take(places).to_pylist() if rows.labels.num_columns else [{} for _ in keys]
    for key, label, found in zip(keys, labels, by_row.values(), strict=True):
        hits = [RankedHit(each["rule"], each["severity"], each["value"], each["threshold"]) for each in found]
        yield ranked_subject(key, hits, label)


def _counted(table: Any, by: list[str]) -> list[dict[str, Any]]:
    counted: list[dict[str, Any]] = table.group_by(by).aggregate([([], "count_all")]).to_pylist()
    return counted


def ranked_subject(
    key: Mapping[str, Any], hits: Iterable[RankedHit], label: Mapping[str, str] | None = None
) -> RankedSubject:
    """A subject with its hits, the worst first."""
    ordered = sorted(hits, key=lambda hit: (-_RANKS[hit.severity], hit.rule))
    return RankedSubject(key, tuple(ordered), label or {})

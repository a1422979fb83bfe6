"""Check a folder of agreement files as a portfolio: each is assessed by all rules, then released from memory.

Files can be assessed in several processes. What each gives is added in the order of the files, so results are the same.
"""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgov.arguments import A_PATH, a_day, checked
from coopgov.assessment.assess import Assessor
from coopgov.backends.ir import Program
from coopgov.errors import InputError
from coopgov.language.values import NOT_SET
from coopgov.locales import listed, phrase, verbatim
from coopgov.model import load_agreement
from coopgov.optional import pa
from coopgov.portfolio.aggregate import Tally, ranked_subject
from coopgov.portfolio.applicability import facts_read, name_of
from coopgov.portfolio.decided_counts import counted_rule, counting_checks
from coopgov.portfolio.engines import make_sure_of_arrow
from coopgov.portfolio.sinks import Sink
from coopgov.portfolio.sources import Reject, table_fault
from coopgov.portfolio.summary import RankedHit
from coopgov.portfolio.tables import WORST, Outputs
from coopgov.processes import jobs_for, spread
from coopgov.rules.ruleset import RULES, engine_of
from coopgov.source.files import file_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.backends.ir import Answer, Check, Checker
    from coopgov.facts.subject import Subject
    from coopgov.faults import Fault
    from coopgov.model import Agreement
    from coopgov.portfolio.summary import Summary
    from coopgov.rules import Engine, Rule, RuleSet

    Row = Mapping[str, Any]

__all__ = ["check_folder"]

_OTHER = re.compile(rb"""^["']?\s*\{?\s*["']?coopgov["']?\s*:\s*["']?(?!agreement/)[\w-]+/""", re.MULTILINE)
"""A coopgov file that is not an agreement: a part, rules, rule tests, a mapping."""
_ENDINGS = (".yaml", ".yml", ".json")
_HEAD = 4_000


@checked(folder=A_PATH, rules=RULES, as_of=a_day)
def check_folder(
    folder: str | Path,
    rules: RuleSet | Engine,
    *,
    as_of: date,
    outputs: Outputs | None = None,
    worst: int = WORST,
    progress: Callable[[int, float | None], None] | None = None,
    jobs: int | None = 1,
) -> Summary:
    """Assess every agreement in a folder and below by all rules, as `coopgov.assess` does.

    Hidden folders are left out: they hold the schemas of editors, and no agreements. A faulty file is rejected with
    all its faults, and so is a second agreement with the same id. Rule files, rule tests and mapping files are left
    out. For rules about warnings, decided subjects are not counted.

    Args:
        folder: the folder.
        rules: the rules, or an engine that holds what is compiled of them; those about all types of subject are
            checked.
        as_of: the date; observations after it are ignored.
        outputs: files for hits, for undetermined entries, and for faults of files.
        worst: how many of the worst subjects the summary has.
        progress: called after each file with the number of files read and the share of all.
        jobs: how many processes assess files; None for as many as there are cores, if the folder has enough files. The
            result is the same. With more than one, the main module of a program is imported by each of them.

    Raises:
        MappingError: there is no agreement file, or a file cannot be written.
    """
    make_sure_of_arrow()
    written = (outputs or Outputs()).apart_from(folder)
    files = sorted(
        path for path in Path(folder).rglob("*") if path.suffix in _ENDINGS and _counts(path, folder)
    )
    engine = engine_of(rules)
    rules = engine.rules
    tally, ids = Tally(limit=worst), dict[str, Path]()
    with ExitStack() as stack:
        sinks = [stack.enter_context(Sink(each)) for each in written]
        checked_files = stack.enter_context(
            closing(spread(_File(engine, as_of, worst).checked, files, jobs_for(len(files), jobs)))
        )
        for number, (path, one) in enumerate(zip(files, checked_files, strict=True), 1):
            first = ids.setdefault(one.agreement, path) if one.agreement else path
            one = one if first == path else _rejected(_twice(path, one.agreement, first), worst)  # noqa: PLW2901
            tally.add(one.tally)
            for sink, columns, rows in zip(sinks, _COLUMNS, one.rows, strict=True):
                if sink.path is not None:
                    sink.write(columns.table(rows))
            if progress is not None:
                progress(number, number / len(files))
    _make_sure_of_agreements(tally, folder)
    uncounted = [rule.id for rule in rules.rules if rule.layer or rule.about == "role"]
    return tally.summary(str(folder), as_of, "", rules, uncounted=uncounted, counted="files")


class _Checked(NamedTuple):
    """What a file adds: its counts, and its hits, undetermined entries and faults; the id of its agreement, if any."""

    tally: Tally
    rows: tuple[Sequence[Row], Sequence[Row], Sequence[Row]] = ((), (), ())
    agreement: str = ""


def _make_sure_of_agreements(tally: Tally, folder: str | Path) -> None:
    """Refuse a folder without agreements, because everything would seem fine."""
    if tally.read == tally.left_out:
        none = phrase("portfolio.file.no-ending", endings=listed(_ENDINGS))
        found = phrase("portfolio.file.no-agreement") if tally.read else none
        raise table_fault(str(folder), "empty-file", found, phrase("portfolio.file.agreements"))


def _twice(path: Path, agreement: str, first: Path) -> InputError:
    found = phrase("portfolio.file.agreement", agreement=agreement)
    expected = phrase("portfolio.file.other-id", file=first)
    return table_fault(str(path), "duplicate-key", found, expected)


def _rejected(error: InputError, worst: int) -> _Checked:
    tally = Tally(limit=worst, read=1, rejected=1)
    tally.reject(map(_reject, error.faults))
    return _Checked(tally, ((), (), [_fault_row(each) for each in error.faults]))


def _with_counting(rules: Iterable[Rule], about: str) -> Iterator[Check]:
    """The checks of the rules about a type of subject, and those that count for which subjects each is decided."""
    mine = [rule.check for rule in rules if rule.about == about]
    return chain(mine, *map(counting_checks, mine))


class _Counting(Assessor):
    """An assessment that counts on the way; `settled` has, for each rule, the decided and the other subjects.

    Rules about warnings and roles are not counted.
    """

    def __init__(
        self,
        agreement: Agreement,
        engine: Engine,
        as_of: date,
        counting: Mapping[str, Program],
        tally: Tally,
    ) -> None:
        super().__init__(agreement, engine, as_of, "en")
        self.counting = counting
        self.tally = tally
        self.settled: dict[str, set[str]] = {}
        for about in counting:
            tally.asked[about] += len(self.facts.subjects.get(about, ()))

    def program(self, about: str, layer: int) -> Program:
        """The checks of a layer; in the first, those that count, too."""
        counted = layer == 0 and about in self.facts.subjects and about in self.counting
        return self.counting[about] if counted else super().program(about, layer)

    def answer(self, checker: Checker, subject: Subject) -> Answer:
        """What the rules themselves find."""
        hits, unsure = super().answer(checker, subject)
        own = []
        for hit in hits:
            rule = counted_rule(hit[0])
            if rule == hit[0]:
                own.append(hit)
            else:
                self.tally.counted[hit[0]] += 1
                self.settled.setdefault(rule, set()).add(subject.id)
        return own, unsure


class _File:
    """The assessing of one file after the other; `tally` counts the present one."""

    def __init__(self, engine: Engine, as_of: date, worst: int) -> None:
        self.engine = engine
        self.rules = rules = engine.rules
        self.as_of = as_of
        self.worst = worst
        self.tally = Tally(limit=worst)
        first = [rule for rule in rules.rules if rule.layer == 0]
        self.counting = {
            about: Program(about, tuple(_with_counting(first, about)), rules.catalogue)
            for about in {each.about for each in first}
        }
        self.reads = {rule.id: (rule.about, facts_read(rule.check, rules.catalogue)) for rule in first}

    def checked(self, path: Path) -> _Checked:
        """Assess a file, unless it is another one of coopgov's."""
        if _is_other(path):
            return _Checked(Tally(limit=self.worst, read=1, left_out=1))
        try:
            agreement = load_agreement(path)
            self.tally = Tally(limit=self.worst, read=1)
            return self._assessed(agreement)
        except InputError as error:
            return _rejected(error, self.worst)

    def _assessed(self, agreement: Agreement) -> _Checked:
        assessor = _Counting(agreement, self.engine, self.as_of, self.counting, self.tally)
        assessor.search()
        settled = assessor.settled
        self.tally.checked += 1
        minor = assessor.facts.setting.minor_units
        hits: dict[str, list[RankedHit]] = {}
        rows: list[dict[str, Any]] = []
        hidden = assessor.hidden()
        for one in assessor.found:
            if one.waived is not None:
                self.tally.waived[one.rule.id] += 1
                continue
            money = one.rule.measured is not None and one.rule.measured.kind == "money"
            value, threshold = (_whole(each, minor if money else 1) for each in (one.value, one.threshold))
            hit = RankedHit(one.rule.id, one.severity, value, threshold)
            apart = {"past": one.past, "inhibited_by": hidden.get(one.id)}
            rows.append({"agreement": agreement.id, "subject": one.subject.id, **hit.to_dict(), **apart})
            if one.past:
                self.tally.past[one.rule.id] += 1
            elif one.id in hidden:
                self.tally.inhibited[one.rule.id] += 1
            else:
                self.tally.severities[one.rule.id, one.severity] += 1
                hits.setdefault(one.subject.id, []).append(hit)
        self._undetermined(assessor, settled)
        self._not_set(assessor, settled)
        self._subjects(assessor, agreement, hits)
        unsure = [
            {
                "agreement": agreement.id,
                "subject": each.about,
                "rule": each.rule,
                "missing": ", ".join(each.missing),
                "because": each.because,
            }
            for each in assessor.undecided
        ]
        return _Checked(self.tally, (rows, unsure, ()), agreement.id)

    def _undetermined(self, assessor: Assessor, settled: dict[str, set[str]]) -> None:
        for each in assessor.undecided:
            self.tally.undetermined[each.rule, each.because] += 1
            settled.setdefault(each.rule, set()).add(each.about)
            for fact in each.missing:
                self.tally.missing[each.rule, fact] += 1

    def _not_set(self, assessor: Assessor, settled: Mapping[str, set[str]]) -> None:
        """Which facts are not set, for rules that do not apply to a subject although their `where` is true."""
        for rule, (about, facts) in self.reads.items():
            for subject in assessor.facts.subjects.get(about, ()):
                if subject.id not in settled.get(rule, ()):
                    for fact in facts:
                        unset = assessor.interpreter.value(fact, subject.record) is NOT_SET
                        self.tally.not_set[rule, name_of(fact)] += unset

    def _subjects(
        self, assessor: Assessor, agreement: Agreement, hits: Mapping[str, list[RankedHit]]
    ) -> None:
        ranked = [
            ranked_subject({"agreement": agreement.id, "subject": name}, mine) for name, mine in hits.items()
        ]
        unsure = {each.about for each in assessor.undecided} - set(hits)
        asked = {each.about for each in self.rules.rules}
        there = {subject.id for subject in assessor.subjects() if subject.about in asked}
        for each in ranked:
            self.tally.subjects[each.severity] += 1
        self.tally.subjects["undetermined"] += len(unsure)
        self.tally.subjects["clear"] += len(there - unsure - set(hits))
        self.tally.keep_worst(ranked)


def _counts(path: Path, folder: str | Path) -> bool:
    """Whether a path is a file in no hidden folder."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
    return not hidden and path.is_file()


def _is_other(path: Path) -> bool:
    """Whether a file is coopgov's but not an agreement; an unreadable file is reported when it is loaded."""
    try:
        return _OTHER.search(file_bytes(path, str(path))[:_HEAD]) is not None
    except InputError:
        return False


def _whole(value: Any, minor: int) -> float | None:
    """A figure of an assessment, with money in whole units; None for a rule without a measure."""
    return None if value is None else float(value) / minor


def _reject(fault: Fault) -> Reject:
    found, expected = verbatim(fault.found), verbatim(fault.expected)
    return Reject(fault.place.line, "", fault.code, found, expected, fault.place.file)


def _fault_row(fault: Fault) -> dict[str, Any]:
    place = fault.place
    texts = {"code": fault.code, "found": fault.found, "expected": fault.expected}
    return {"file": place.file, "line": place.line, "column": place.column, **texts}


class _Columns:
    """The columns of an output file, with Arrow's names for their types."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds

    def table(self, rows: Iterable[Mapping[str, Any]]) -> Any:
        """The rows as a table."""
        schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in self.kinds.items()])
        return pa.Table.from_pylist(list(rows), schema)


_SUBJECT = dict.fromkeys(("agreement", "subject", "rule"), "string")
_HITS = _Columns(
    {
        **_SUBJECT,
        "severity": "string",
        "value": "float64",
        "threshold": "float64",
        "past": "bool",
        "inhibited_by": "string",
    }
)
_UNDETERMINED = _Columns({**_SUBJECT, "missing": "string", "because": "string"})
_PLACE = {"file": "string", "line": "int64", "column": "int64"}
_FAULTS = _Columns({**_PLACE, **dict.fromkeys(("code", "found", "expected"), "string")})
_COLUMNS = (_HITS, _UNDETERMINED, _FAULTS)

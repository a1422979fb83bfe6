"""Compare a backend with the interpreter on generated programs and records about the subjects of the corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Program, Step, expressions
from coopgov.errors import BackendError, ExpressionError
from coopgov.language import to_text
from coopgov.language.dependencies import named_facts
from coopgov.language.interpreter import Setting
from coopgov.language.type_check import check
from coopgov.locales import verbatim
from coopgov.model import WorkingCalendar
from coopgov.rules.ladder import step_of
from coopgov.testing.conformance.corpus_checks import raised, same
from coopgov.testing.conformance.result import Deviation
from coopgov.testing.conformance.vocabulary import vocabulary
from coopgov.testing.strategies.expressions import Author, dates
from coopgov.testing.strategies.records import Sort, records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.backends.ir import Backend
    from coopgov.severities import Severity

__all__ = ["Written", "compare", "programs", "subjects"]

_SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor")
_UNITS: Mapping[str, tuple[str, ...]] = {"件": ("件",)}
_TEXTS = ("red", "blue", "late", "")
_SETTINGS = (
    Setting(None, WorkingCalendar(), "CNY", 100),
    Setting(None, WorkingCalendar(), "EUR"),
)


@dataclass(frozen=True)
class Written:
    """A program that prints as its author would write it."""

    program: Program

    def __repr__(self) -> str:
        return "; ".join(map(_written, self.program.checks))


def _written(one: Check) -> str:
    where = f" where {to_text(one.where)}" if one.where else ""
    measure = f" measure {to_text(one.measure)}" if one.measure else ""
    steps = ", ".join(f"{step.severity}: {to_text(step.condition)}" for step in one.steps)
    return f"{one.id}{where}{measure} {steps}"


@st.composite
def programs(draw: DrawFn, depth: int = 3) -> Written:
    """Up to three checks about a thing: ladders on a measure and plain conditions, some with `where`."""
    author = Author(draw, vocabulary(), ("thing",), units=_UNITS, texts=_TEXTS)
    try:
        checks = tuple(_check(author, f"rule-{number}", depth) for number in range(author.pick((1, 1, 2, 3))))
    except ExpressionError:  # with own units and enumerations, a drawn expression sometimes has no valid type
        assume(condition=False)
        raise
    return Written(Program("thing", checks, vocabulary()))


def _check(author: Author, name: str, depth: int) -> Check:
    catalogue = author.catalogue
    where = check(author.condition(1), "thing", catalogue) if author.pick((True, False, False)) else None
    if author.pick((True, False)):
        return Check(name, (Step("minor", check(author.condition(depth), "thing", catalogue)),), None, where)
    kind = author.pick(author.numeric)
    measure = author.value(kind, depth)
    bands = [author.compared(1, measure, kind) for _ in range(author.pick((1, 2, 3)))]
    steps = tuple(
        step_of(severity, check(band, "thing", catalogue))
        for severity, band in zip(_SEVERITIES, bands, strict=False)
    )
    return Check(name, steps, check(measure, "thing", catalogue), where)


def subjects(program: Program) -> SearchStrategy[dict[str, Any]]:
    """Records with the facts that a program reads of a thing, its group and its items; some are absent, None or NaN."""
    catalogue = program.catalogue
    read = named_facts([node for one in program.checks for node in expressions(one)], catalogue)
    company = {(about, catalogue.seen_on(about, name) or "unit") for about, name in read if about}
    only = frozenset(key for key in read | company if key in catalogue.facts)
    sorts = [Sort(catalogue, dates, only, words=_TEXTS, complete=complete) for complete in (True, False)]
    return st.one_of(*(records("thing", sort) for sort in sorts))


class _Case:
    """A program with records to try it on; not a dataclass, because Hypothesis would print everything in it."""

    def __init__(self, written: Written, found: list[dict[str, Any]], setting: Setting) -> None:
        self.written = written
        self.records = found
        self.setting = setting

    def __repr__(self) -> str:
        return repr(self.written)


@st.composite
def _cases(draw: DrawFn) -> _Case:
    written = draw(programs())
    found = draw(st.lists(subjects(written.program), min_size=1, max_size=2))
    return _Case(written, found, replace(draw(st.sampled_from(_SETTINGS)), as_of=draw(dates)))


def compare(backend: Backend, max_examples: int) -> tuple[Deviation | None, int, int]:
    """The simplest deviation from the interpreter, if any; how many programs were compared, and how many refused."""
    counted = _Counted(backend)
    test = given(_cases())(counted.ask)
    bounded = settings(
        max_examples=max_examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        bounded(test)()
    except _DeviatesError as error:
        return error.deviation, counted.compared, counted.refused
    return None, counted.compared, counted.refused


class _DeviatesError(AssertionError):
    """A generated case on which the backend deviates."""

    def __init__(self, deviation: Deviation) -> None:
        super().__init__(deviation)
        self.deviation = deviation


class _Counted:
    """Compares programs, and counts them."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.compared = 0
        self.refused = 0

    def ask(self, case: _Case) -> None:
        """Compare one program over some records."""
        program, setting = case.written.program, case.setting
        reference = ReferenceBackend().compile(program, setting)
        try:
            for record in case.records:
                expected = _outcomes(reference(record, as_of=setting.as_of))
                answer = self._answer(program, setting, record)
                if not _agree(answer, expected):
                    place = f"generated, as of {setting.as_of}, in {setting.currency}, with {record}"
                    sides = verbatim(str(answer)), verbatim(str(expected))
                    raise _DeviatesError(Deviation(repr(case.written), place, *sides))
        except BackendError:
            self.refused += 1
        else:
            self.compared += 1

    def _answer(self, program: Program, setting: Setting, record: dict[str, Any]) -> Any:
        try:
            return _outcomes(self.backend.compile(program, setting)(record, as_of=setting.as_of))
        except BackendError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a backend raises is a deviation
            return raised(error)


def _outcomes(answer: Any) -> dict[str, Any]:
    """By rule: its severity, value and threshold if it fires, and whether it is undetermined."""
    hits, undetermined = answer
    fired = {name: (severity, value, threshold) for name, severity, value, threshold in hits}
    return {"fired": fired, "undetermined": sorted(entry[0] for entry in undetermined)}


def _agree(answer: Any, expected: dict[str, Any]) -> bool:
    if not isinstance(answer, dict) or answer["undetermined"] != expected["undetermined"]:
        return False
    if answer["fired"].keys() != expected["fired"].keys():
        return False
    pairs = ((answer["fired"][name], wanted) for name, wanted in expected["fired"].items())
    return all(all(map(same, found, wanted)) for found, wanted in pairs)

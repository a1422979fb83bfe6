"""Run the corpus and generated programs on a backend, and report every deviation at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.backends.registry import make_backend
from coopgov.errors import BackendError
from coopgov.locales import phrase, verbatim
from coopgov.testing.conformance.corpus_checks import outcomes_of, program_of, raised, verdict
from coopgov.testing.conformance.result import Conformance, ConformanceError, Deviation, Refusal
from coopgov.testing.conformance.rows import Row, corpus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from coopgov.backends.ir import Backend

__all__ = ["check_conformance"]


def check_conformance(
    backend: Backend | str,
    *,
    rows: Iterable[Row] | None = None,
    skip: Collection[str] = (),
    except_for: Mapping[str, str] | None = None,
    max_examples: int = 100,
) -> Conformance:
    """Check a backend against the corpus, and against the interpreter over generated rules and facts.

    Outcomes (true, false, unknown, not set) must be the same, values within a relative tolerance of 1e-12. A row for
    which the backend raises `BackendError` is refused: it is listed in the result and is neither agreement nor
    deviation.

    Args:
        backend: a backend, or the name of one.
        rows: the rows to run; the whole corpus by default.
        skip: ids of rows or groups that are not run at all.
        except_for: reasons by ids of rows, for known deviations of the backend. Each must still fail: a row that agrees
            again, and an id without a row, are deviations, too. A refusal counts as failing.
        max_examples: how many programs are generated and compared; 0 for none. They need Hypothesis, and are left out
            if it is not installed.

    Raises:
        ConformanceError: the backend deviates; every deviation with its place.
        UnknownNameError: there is no backend of that name.
        BackendError: the backend cannot be used here.
    """
    name = backend if isinstance(backend, str) else type(backend).__name__
    engine = make_backend(backend) if isinstance(backend, str) else backend
    asked = _Asked(engine, dict(except_for or {}))
    for row in corpus() if rows is None else rows:
        if row.id in skip or row.group in skip:
            asked.skipped.append(row.id)
        else:
            asked.row(row)
    examples, unexpressed = asked.generated(max_examples) if max_examples else (0, 0)
    asked.unused()
    if asked.deviations:
        raise ConformanceError(name, tuple(asked.deviations))
    return Conformance(
        asked.agreed,
        tuple(asked.refused),
        tuple(asked.declared),
        tuple(asked.skipped),
        examples,
        unexpressed,
    )


@dataclass
class _Asked:
    """A backend, and the results so far."""

    backend: Backend
    reasons: dict[str, str]
    agreed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    declared: list[Deviation] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def row(self, row: Row) -> None:
        """Run one row."""
        place, reason = str(row.place), self.reasons.pop(row.id, None)
        try:
            found = _found(self.backend, row)
        except BackendError as error:
            if reason is None:
                self.refused.append(Refusal(row.id, place, error.why))
            else:
                refusal = phrase("testing.conformance.refusal", why=error.why)
                self.declared.append(Deviation(row.id, place, refusal, verbatim(row.gives)))
            return
        if reason is not None and found is None:
            agrees = phrase("testing.conformance.as-it-should", answer=row.gives)
            expected = phrase("testing.conformance.declared", reason=reason)
            self.deviations.append(Deviation(row.id, place, agrees, expected))
        elif found is None:
            self.agreed += 1
        else:
            deviation = Deviation(row.id, place, verbatim(found), verbatim(row.gives))
            (self.deviations if reason is None else self.declared).append(deviation)

    def generated(self, max_examples: int) -> tuple[int, int]:
        """Compare with the interpreter, if Hypothesis is installed."""
        try:
            from coopgov.testing.conformance.generated import compare
        except ModuleNotFoundError as error:
            if error.name != "hypothesis":
                raise
            return 0, 0
        deviation, examples, unexpressed = compare(self.backend, max_examples)
        if deviation is not None:
            self.deviations.append(deviation)
        return examples, unexpressed

    def unused(self) -> None:
        """The deviations for declared reasons whose rows were not run."""
        for key, reason in self.reasons.items():
            expected = phrase("testing.conformance.asked", reason=reason)
            found = phrase("testing.conformance.no-row")
            self.deviations.append(Deviation(key, "except_for", found, expected))


def _found(backend: Backend, row: Row) -> str | None:
    """The backend's result for a row; None if it agrees."""
    program = program_of(row)
    try:
        checker = backend.compile(program, row.setting)
        answer: Any = checker(row.facts, as_of=row.setting.as_of)
    except BackendError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a backend raises is a deviation with a place
        return raised(error)
    return verdict(row, outcomes_of(program, answer))

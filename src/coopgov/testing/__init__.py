"""Testing tools for rule authors and hosts: rule tests, mutation, properties, strategies, backend conformance.

Names are imported when they are first used: rule tests do not need Hypothesis, and what does need it
(`pip install "coopgov[testing]"`) imports it only then.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgov.testing.case_tests.course import CaseTest
    from coopgov.testing.case_tests.load import load_case_tests, parse_case_tests
    from coopgov.testing.case_tests.suite import CaseSuite
    from coopgov.testing.conformance.frames import FrameBackend
    from coopgov.testing.conformance.result import Conformance, ConformanceError, Deviation, Refusal
    from coopgov.testing.conformance.rows import Row, corpus
    from coopgov.testing.conformance.run_corpus import check_conformance
    from coopgov.testing.mutation.mutants import Mutant, mutants
    from coopgov.testing.mutation.run_mutants import MutationResult, mutation_run
    from coopgov.testing.properties.boundaries import check_boundaries
    from coopgov.testing.properties.counterexample import CounterexampleError
    from coopgov.testing.properties.messages import check_messages
    from coopgov.testing.properties.monotone import check_monotone
    from coopgov.testing.properties.no_crash import check_no_crash
    from coopgov.testing.rule_tests.coverage import Coverage, CoveredPart, coverage_of
    from coopgov.testing.rule_tests.load import load_tests, parse_tests
    from coopgov.testing.rule_tests.result import Compared, Outcome, Results
    from coopgov.testing.rule_tests.suite import Suite
    from coopgov.testing.run_suites import FoundTests, find_tests, run_tests
    from coopgov.testing.scripted_cases import DayScript, Seen
    from coopgov.testing.stores.check_store import check_store, store_checks
    from coopgov.testing.strategies.agreements import agreement_mappings, agreements
    from coopgov.testing.strategies.boundaries import boundary_facts
    from coopgov.testing.strategies.case_histories import CaseHistory, case_histories
    from coopgov.testing.strategies.records import facts
    from coopgov.testing.strategies.rule_files import rule_files, rule_sets
    from coopgov.testing.strategies.schedule import phases
    from coopgov.testing.strategies.targets import kpis, readings

__all__ = [
    "CaseHistory",
    "CaseSuite",
    "CaseTest",
    "Compared",
    "Conformance",
    "ConformanceError",
    "CounterexampleError",
    "Coverage",
    "CoveredPart",
    "DayScript",
    "Deviation",
    "FoundTests",
    "FrameBackend",
    "Mutant",
    "MutationResult",
    "Outcome",
    "Refusal",
    "Results",
    "Row",
    "Seen",
    "Suite",
    "agreement_mappings",
    "agreements",
    "boundary_facts",
    "case_histories",
    "check_boundaries",
    "check_conformance",
    "check_messages",
    "check_monotone",
    "check_no_crash",
    "check_store",
    "corpus",
    "coverage_of",
    "facts",
    "find_tests",
    "kpis",
    "load_case_tests",
    "load_tests",
    "mutants",
    "mutation_run",
    "parse_case_tests",
    "parse_tests",
    "phases",
    "readings",
    "rule_files",
    "rule_sets",
    "run_tests",
    "store_checks",
]

_HOMES = {
    "case_tests.course": ("CaseTest",),
    "case_tests.load": ("load_case_tests", "parse_case_tests"),
    "case_tests.suite": ("CaseSuite",),
    "conformance.frames": ("FrameBackend",),
    "conformance.result": ("Conformance", "ConformanceError", "Deviation", "Refusal"),
    "conformance.rows": ("Row", "corpus"),
    "conformance.run_corpus": ("check_conformance",),
    "mutation.mutants": ("Mutant", "mutants"),
    "mutation.run_mutants": ("MutationResult", "mutation_run"),
    "properties.boundaries": ("check_boundaries",),
    "properties.counterexample": ("CounterexampleError",),
    "properties.messages": ("check_messages",),
    "properties.monotone": ("check_monotone",),
    "properties.no_crash": ("check_no_crash",),
    "rule_tests.coverage": ("Coverage", "CoveredPart", "coverage_of"),
    "rule_tests.load": ("load_tests", "parse_tests"),
    "rule_tests.result": ("Compared", "Outcome", "Results"),
    "run_suites": ("FoundTests", "find_tests", "run_tests"),
    "rule_tests.suite": ("Suite",),
    "scripted_cases": ("DayScript", "Seen"),
    "stores.check_store": ("check_store", "store_checks"),
    "strategies.boundaries": ("boundary_facts",),
    "strategies.case_histories": ("CaseHistory", "case_histories"),
    "strategies.records": ("facts",),
    "strategies.rule_files": ("rule_files", "rule_sets"),
    "strategies.schedule": ("phases",),
    "strategies.targets": ("kpis", "readings"),
    "strategies.agreements": ("agreement_mappings", "agreements"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:  # type checkers would believe that it gives any name

    def __getattr__(name: str) -> object:
        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            module = importlib.import_module(f"{__name__}.{home}")
        except ModuleNotFoundError as error:
            if error.name != "hypothesis":
                raise
            text = f'{__name__}.{name} needs Hypothesis, which is not installed; run `pip install "coopgov[testing]"`'
            raise ModuleNotFoundError(text, name=error.name) from None
        value: object = getattr(module, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__

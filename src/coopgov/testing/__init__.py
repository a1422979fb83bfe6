"""For test suites of rule authors and of host applications.

Names are imported when they are first used: rule tests need no Hypothesis.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgov.testing.rule_tests.coverage import Coverage, coverage_of
    from coopgov.testing.rule_tests.load import load_tests, parse_tests
    from coopgov.testing.rule_tests.result import Outcome, Results
    from coopgov.testing.rule_tests.run import FoundTests, find_tests, run_tests
    from coopgov.testing.rule_tests.suite import Suite

__all__ = [
    "Coverage",
    "FoundTests",
    "Outcome",
    "Results",
    "Suite",
    "coverage_of",
    "find_tests",
    "load_tests",
    "parse_tests",
    "run_tests",
]

_HOMES = {
    "rule_tests.coverage": ("Coverage", "coverage_of"),
    "rule_tests.load": ("load_tests", "parse_tests"),
    "rule_tests.result": ("Outcome", "Results"),
    "rule_tests.run": ("FoundTests", "find_tests", "run_tests"),
    "rule_tests.suite": ("Suite",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

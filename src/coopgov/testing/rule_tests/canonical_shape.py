"""The canonical form of files of rule tests: the order and layout of their keys."""

from __future__ import annotations

from coopgov.formatting.canonical import OTHERS, Shape
from coopgov.rules.canonical_wording import canonical_expression
from coopgov.testing.rule_tests.schema import OF_ONE_WARNING, RuleTestsFile

__all__ = ["TESTS_SHAPE"]

_EXPECTED = (*OF_ONE_WARNING, "warnings", "undetermined")
_WARNING = ("rule", "about", *OF_ONE_WARNING)
_TEST = ("tests", OTHERS)
_DATED = (*_TEST, "over_time", OTHERS)

TESTS_SHAPE = Shape(
    RuleTestsFile,
    {(*_TEST, "parameters", OTHERS): canonical_expression},
    {
        _TEST: ("name", "rule", "agreement", "about", OTHERS, "as_of", "parameters", "expect", "over_time"),
        (*_TEST, "expect"): _EXPECTED,
        (*_TEST, "expect", "warnings", OTHERS): _WARNING,
        _DATED: _EXPECTED,
        (*_DATED, "warnings", OTHERS): _WARNING,
    },
)

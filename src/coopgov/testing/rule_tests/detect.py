"""Recognise files of tests by their name and their first key, without loading coopgov in the pytest plugin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "CASE_SUFFIXES",
    "CASE_TESTS_FORMAT",
    "SUFFIXES",
    "TESTS_FORMAT",
    "begins_as_case_tests",
    "begins_as_tests",
    "is_case_test_file",
    "is_test_file",
]

TESTS_FORMAT = "rule-tests/1"
CASE_TESTS_FORMAT = "case-tests/1"
SUFFIXES = (".tests.yaml", ".tests.yml", ".tests.json")
CASE_SUFFIXES = (".cases.yaml", ".cases.yml", ".cases.json")
_ENOUGH = 10_000
"""How many characters of a file are read to see whether it has rule tests."""
_BEGINNING = r"""\ufeff?(?:[^\S\n]*(?:\#[^\n]*|---[^\n]*)?\n)*+   # blank lines, comments, the start of a document
    [^\S\n]*\{{?\s*(["']?)coopgov\1\s*:\s*["']?{0}/"""
_RULE_TESTS = re.compile(_BEGINNING.format("rule-tests"), re.VERBOSE)
_CASE_TESTS = re.compile(_BEGINNING.format("case-tests"), re.VERBOSE)


def begins_as_tests(text: str) -> bool:
    r"""Whether the first key of a file says that it has rule tests, in any version.

    >>> begins_as_tests("# Late phases\ncoopgov: rule-tests/1\n"), begins_as_tests("coopgov: rules/1")
    (True, False)
    """
    return _RULE_TESTS.match(text) is not None


def begins_as_case_tests(text: str) -> bool:
    r"""Whether the first key of a file says that it has case tests, in any version.

    >>> begins_as_case_tests("coopgov: case-tests/1\n"), begins_as_case_tests("coopgov: rule-tests/1\n")
    (True, False)
    """
    return _CASE_TESTS.match(text) is not None


def is_test_file(path: Path) -> bool:
    """Whether the first key of a file says that it has rule tests; an unreadable file is reported when it is loaded."""
    text = _beginning(path)
    return path.name.endswith(SUFFIXES) if text is None else begins_as_tests(text)


def is_case_test_file(path: Path) -> bool:
    """Whether the first key of a file says that it has case tests; an unreadable file is reported when it is loaded."""
    text = _beginning(path)
    return path.name.endswith(CASE_SUFFIXES) if text is None else begins_as_case_tests(text)


def _beginning(path: Path) -> str | None:
    """The first characters of a file; None where it cannot be read."""
    from coopgov.source.files import file_bytes

    try:
        return file_bytes(path, str(path))[:_ENOUGH].decode("utf-8", errors="replace")
    except InputError:
        return None

"""Recognise files of rule tests by their name and their first key, without loading coopgov in the pytest plugin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SUFFIXES", "TESTS_FORMAT", "begins_as_tests", "is_test_file"]

TESTS_FORMAT = "rule-tests/1"
SUFFIXES = (".tests.yaml", ".tests.yml", ".tests.json")
_ENOUGH = 10_000
"""How many characters of a file are read to see whether it has rule tests."""
_BEGINNING = re.compile(
    r"""\ufeff?(?:[^\S\n]*(?:\#[^\n]*|---[^\n]*)?\n)*+   # blank lines, comments, the start of a document
    [^\S\n]*\{?\s*(["']?)coopgov\1\s*:\s*["']?rule-tests/""",
    re.VERBOSE,
)


def begins_as_tests(text: str) -> bool:
    r"""Whether the first key of a file says that it has rule tests, in any version.

    >>> begins_as_tests("# Late phases\ncoopgov: rule-tests/1\n"), begins_as_tests("coopgov: rules/1")
    (True, False)
    """
    return _BEGINNING.match(text) is not None


def is_test_file(path: Path) -> bool:
    """Whether the first key of a file says that it has rule tests; an unreadable file is reported when it is loaded."""
    from coopgov.source.files import file_bytes

    try:
        head = file_bytes(path, str(path))[:_ENOUGH]
    except InputError:
        return path.name.endswith(SUFFIXES)
    return begins_as_tests(head.decode("utf-8", errors="replace"))

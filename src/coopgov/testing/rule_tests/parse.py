"""Check a document against the format of rule tests; invalid parts are left out, so that the rest is checked, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopgov.schema import faults_of
from coopgov.testing.rule_tests.schema import RuleTestsFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.faults import Fault
    from coopgov.source import Document

__all__ = ["ParsedTests", "parse_file"]

_NEEDED = ("coopgov", "rules")
"""Keys without which nothing else can be checked."""


@dataclass(frozen=True, slots=True, eq=False)
class ParsedTests:
    """The valid content of a file; None if too little of it is valid.

    `positions` are those of its tests in the file; `partial` are tests that lack a part that was left out.
    """

    file: RuleTestsFile | None
    positions: tuple[int, ...] = ()
    partial: frozenset[int] = frozenset()
    faults: tuple[Fault, ...] = ()


def parse_file(document: Document) -> ParsedTests:
    """Check a document against the format."""
    data = document.data
    try:
        file = RuleTestsFile.model_validate(data)
    except ValidationError as error:
        faults = tuple(faults_of(document, error, RuleTestsFile))
        return _rest(data, [detail["loc"] for detail in error.errors()], faults)
    return ParsedTests(file, tuple(range(len(file.tests))))


def _rest(data: Any, wrong: Iterable[tuple[str | int, ...]], faults: tuple[Fault, ...]) -> ParsedTests:
    """What remains of the file and of each test without the keys that have faults."""
    heads = {path[0] if path else None for path in wrong if len(path) < 2 or path[0] != "tests"}
    inside = [path[1:] for path in wrong if len(path) > 1 and path[0] == "tests"]
    if not isinstance(data, dict) or None in heads or heads & set(_NEEDED):
        return ParsedTests(None, faults=faults)
    kept: dict[int, dict[str, Any]] = {}
    for number, test in enumerate(data.get("tests") or ()) if "tests" not in heads else ():
        keys = {path[1] if len(path) > 1 else "name" for path in inside if path[0] == number}
        if "name" not in keys:
            kept[number] = {key: value for key, value in test.items() if key not in keys}
    rest = {key: value for key, value in data.items() if key not in heads}
    try:
        file = RuleTestsFile.model_validate({**rest, "tests": list(kept.values())})
    except ValidationError:
        return ParsedTests(None, faults=faults)
    partial = kept if heads else {path[0] for path in inside}
    return ParsedTests(file, tuple(kept), frozenset(map(int, partial)), faults)

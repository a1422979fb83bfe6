"""The results of the reference for the same rows, and the comparison of two results."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from backends.columnar.engines import at_once, rows_of
from coopgov.backends.interpreter import ReferenceBackend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.backends.ir import Program
    from coopgov.language.interpreter import Setting

__all__ = ["agree", "expected_of"]


def expected_of(
    program: Program, setting: Setting, records: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], Any], dict[tuple[str, str], Any]]:
    """Hits and undetermined entries by subject and rule, as the reference gives them for records by key."""
    check = ReferenceBackend().compile(program, setting)
    hits: dict[tuple[str, str], Any] = {}
    undetermined: dict[tuple[str, str], Any] = {}
    for key, record in records.items():
        found, unsure = check(record)
        hits |= {(key, rule): tuple(rest) for rule, *rest in found}
        undetermined |= {(key, rule): (", ".join(missing), because) for rule, missing, because in unsure}
    return hits, undetermined


def agree(
    found: tuple[Any, Any], expected: tuple[Mapping[Any, Any], Mapping[Any, Any]], key: str = "id"
) -> None:
    """Assert that frames of hits and of what is undetermined say the same, values within 1e-12."""
    hits, undetermined = (rows_of(frame) for frame in at_once(found))
    shown = {(row[key], row["rule"]): (row["severity"], row["value"], row["threshold"]) for row in hits}
    unsure = {(row[key], row["rule"]): (row["missing"], row["because"]) for row in undetermined}
    assert unsure == dict(expected[1])
    assert _severities(shown) == _severities(expected[0])
    for each, (_, *numbers) in expected[0].items():
        assert list(shown[each][1:]) == [_near(number) for number in numbers]
    assert not _doubled(hits, key)
    assert not _doubled(undetermined, key)


def _severities(shown: Mapping[Any, Any]) -> dict[Any, str]:
    return {each: row[0] for each, row in shown.items()}


def _near(number: Any) -> Any:
    return None if number is None else pytest.approx(float(number), rel=1e-12, abs=1e-12)


def _doubled(rows: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    counted = Counter((row[key], row["rule"]) for row in rows)
    return [each for each, number in counted.items() if number > 1]

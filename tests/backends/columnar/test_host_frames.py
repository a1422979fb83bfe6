"""Columns of every type that a host may have mean the same as the same cells in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.columnar.engines import needs

needs("polars", "pandas", "pyarrow", "duckdb", "dask")
from backends.columnar.host_frames import (  # noqa: E402
    ENGINES,
    LAZY,
    Made,
    answer_of,
    asked,
    decided,
    made,
    names_of,
    objects_of,
    reference,
    rules_of,
)
from backends.host_values import POOL  # noqa: E402
from coopgov.errors import FactError  # noqa: E402

if TYPE_CHECKING:
    from random import Random


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=20)
@given(st.randoms(use_true_random=False), st.sampled_from([*ENGINES]), st.sampled_from(["CNY", ""]))
def test_frames_of_every_type_agree_with_the_interpreter(rng: Random, engine: str, currency: str) -> None:
    """Hits with their values, what is undetermined, missing and why.

    A fraction of a day is refused where it can be looked at.
    """
    rules = rules_of(asked(rng, 6))
    found = made(rng, names_of(rules), 8)
    try:
        hits, unsure = reference(rules, found, currency, lazy=engine in LAZY)
    except FactError:
        with pytest.raises(FactError):
            decided(engine, rules, found, currency)
        return
    mine, open_ = decided(engine, rules, found, currency)
    assert open_ == unsure
    assert {key: row[0] for key, row in mine.items()} == {key: row[0] for key, row in hits.items()}
    for key, (_, *numbers) in hits.items():
        wanted = [
            None if each is None else pytest.approx(float(each), rel=1e-12, abs=1e-12) for each in numbers
        ]
        assert list(mine[key][1:]) == wanted


@pytest.mark.parametrize("name", ["x", "a", "d", "wait", "talk", "impact", "colour"])
def test_objects_of_pandas_pass_the_same_gate(name: str) -> None:
    """Each value that a host may have for a fact is, in a column of objects, what it is in a record.

    Or is refused in both.
    """
    import pandas as pd

    rules = rules_of(
        [{"a": "a", "colour": 'colour is "red"', "d": "d below as_of"}.get(name, f"{name} is known")]
    )
    accepted: dict[str, Any] = {}
    for number, value in enumerate(POOL):
        try:
            reference(rules, Made(None, None, {"k": {name: value}}), "", lazy=False)
        except FactError:
            with pytest.raises(FactError):
                answer_of(pd.DataFrame({"id": ["k"], name: objects_of([value])}), rules)
        else:
            accepted[f"k{number}"] = value
    made_up = Made(None, None, {key: {name: value} for key, value in accepted.items()})
    frame = pd.DataFrame({"id": list(accepted), name: objects_of([*accepted.values()])})
    assert answer_of(frame, rules) == reference(rules, made_up, "", lazy=False)

"""The durable backend conforms to the corpus."""

from __future__ import annotations

import pytest

from coopgov.testing import check_conformance, corpus

pytest.importorskip(
    "durable_rules_engine", reason="needs a C compiler: pip install coopgov[durable]", exc_type=ImportError
)


def test_the_durable_backend_agrees_with_every_row() -> None:
    """Nothing deviates, and nothing in the corpus is beyond it."""
    found = check_conformance("durable", max_examples=60)
    assert (found.agreed, found.refused, found.unexpressed) == (len(corpus()), (), 0)
    assert found.examples > 0

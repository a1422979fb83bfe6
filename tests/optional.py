"""What some tests need beside Python, and how they say so."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

HAS_DURABLE = sys.version_info < (3, 13) and find_spec("durable_rules_engine") is not None
DURABLE = pytest.param(
    "durable",
    marks=pytest.mark.skipif(not HAS_DURABLE, reason="needs a C compiler: pip install coopgov[durable]"),
)
"""The backend for durable-rules, as one parameter of a test."""


def needs(library: str) -> None:
    """Skip a test where a library is not installed."""
    pytest.importorskip(library, reason=f"needs {library}", exc_type=ImportError)

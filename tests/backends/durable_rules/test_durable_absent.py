"""If durable-rules does not run, the backend reports it."""

from __future__ import annotations

import pytest

from coopgov.backends.durable_rules.backend import DurableBackend
from coopgov.errors import BackendError


def test_a_newer_python_is_reported() -> None:
    """The extension does not import on Python 3.13, and other backends are named."""
    with pytest.raises(BackendError) as caught:
        DurableBackend()
    assert str(caught.value) == (
        "the backend durable cannot be used: durable-rules does not run on Python 3.13 and "
        "later; use direct or interpreter"
    )

"""The tests of the durable backend are not collected where durable-rules does not run: on Python 3.13 and later."""

from __future__ import annotations

import sys

collect_ignore = (
    ["test_durable.py", "test_conformance.py"] if sys.version_info >= (3, 13) else ["test_durable_absent.py"]
)

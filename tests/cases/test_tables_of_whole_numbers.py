"""A table has no gap finer than what its columns hold."""

from __future__ import annotations

import pytest

import coopgov
from cases.crashes import HEAD

FACTS = """\
facts:
  - {name: rate, about: phase, type: number}
  - {name: wait, about: phase, type: days}
"""


@pytest.mark.parametrize(
    ("column", "cells", "gap"),
    [
        ("budget", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("budget", ("at most 99.98 CNY", "at least 100 CNY"), True),
        ("budget", ("at most 99 JPY", "at least 100 JPY"), False),
        ("budget", ("at most 99.99 KWD", "at least 100 KWD"), True),
        ("budget", ("at most 99.999 KWD", "at least 100 KWD"), False),
        ("spent - budget", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("max(spent, budget)", ("at most 99.99 CNY", "at least 100 CNY"), False),
        ("spent", ("below 100 CNY", "above 100 CNY"), True),
        ("position", ("at most 3", "at least 4"), False),
        ("delay", ("at most 3 days", "at least 4 days"), False),
        ("rate", ("at most 3", "at least 4"), True),
        ("wait", ("at most 5 days", "at least 6 days"), False),
        ("wait", ("below 5 days", "above 5 days"), True),
        ("wait + delay", ("at most 5 days", "at least 6 days"), False),
        ("max(wait, 3 days)", ("at most 5 days", "at least 6 days"), False),
        ("wait / 2", ("at most 5 days", "at least 6 days"), True),
        ("planned_end", ("at most 2026-01-01", "at least 2026-01-02"), False),
    ],
)
def test_no_gap_is_finer_than_what_a_column_holds(column: str, cells: tuple[str, str], gap: bool) -> None:  # noqa: FBT001  # a table
    """Amounts have the minor unit of their currency, whole facts and days are whole."""
    low, high = cells
    rows = f'    rows:\n      - ["{low}", notice]\n      - ["{high}", minor]\n'
    table = f"tables:\n  - id: x\n    about: phase\n    kind: k\n    message: m\n    conditions: [{column!r}]\n{rows}"
    codes = {each.fault.code for each in coopgov.analyse(coopgov.parse_rules(HEAD + FACTS + table)).findings}
    assert ("table-gap" in codes) is gap

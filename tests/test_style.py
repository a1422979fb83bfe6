"""The check of wording finds what the style page asks to avoid, and nothing in what it asks to write."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("check_style", ROOT / "docs" / "check_style.py")
assert _spec is not None
assert _spec.loader is not None
check_style = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(check_style)

ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", check_style.STYLE.read_text(encoding="utf-8"), re.MULTILINE)[
    1:
]


@pytest.mark.parametrize(("avoid", "write"), ROWS)
def test_the_check_knows_every_row_of_the_style_page(avoid: str, write: str) -> None:
    """The wording in the left column of the table is found; that in the right is not."""
    assert check_style._PATTERN.search(avoid)
    assert not check_style._PATTERN.search(write)


@pytest.mark.parametrize("pattern", check_style.AVOID)
def test_every_pattern_has_a_row(pattern: str) -> None:
    """No wording is refused that the page does not name."""
    assert any(re.search(pattern, avoid) for avoid, _ in ROWS)

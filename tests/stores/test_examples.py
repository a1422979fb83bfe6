"""The examples of the page about PostgreSQL run on a server."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import TYPE_CHECKING

from test_docs import blocks

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
WRITTEN = "postgresql://coopgov@db.example.org/cooperation"


def test_the_examples_of_postgresql_run(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the address of a server in place of the one on the page."""
    monkeypatch.chdir(ROOT)
    page = ROOT / "docs/how-to/keep-cases-in-postgresql.md"
    text = "\n".join(block.text for block in blocks(page, "python", "postgres"))
    assert WRITTEN in text
    example = doctest.DocTestParser().get_doctest(
        text.replace(WRITTEN, postgres), {}, page.name, str(page), 0
    )
    found = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example)
    assert found.attempted > 3
    assert not found.failed

"""A process that is killed at any moment loses nothing that it had acknowledged, and leaves no half of a step."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from stores.killing import kill_again_and_again
from stores.killing_commands import forked, kill_commands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # it forks beside threads of pytest
]


def test_a_kill_loses_nothing(address: Callable[[str], str], request: pytest.FixtureRequest) -> None:
    """A hundred kills for SQLite, during days, answers and the making of the store; fewer for PostgreSQL."""
    count = 100 if "sqlite" in request.node.name else 25
    found = kill_again_and_again(lambda number: address(f"k{number}"), count)
    assert found["steps"] > found["acknowledged"] > 0


def test_a_killed_command_can_be_run_again(tmp_path: Path) -> None:
    """Days and answers of the command line, killed and run again: what ended well is kept, nothing recorded twice."""
    assert kill_commands(tmp_path, 24, forked)["kills"] > 12

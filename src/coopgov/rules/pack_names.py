"""The names of the shipped packs."""

from __future__ import annotations

from pathlib import Path

__all__ = ["BUILT_IN", "DEFAULT_PACK", "PACKS", "pack_names"]

PACKS = Path(__file__).parent / "packs"
"""The folder of their files."""
DEFAULT_PACK = "cooperation-plan"
BUILT_IN = "built-in"
"""The pack that every rule set includes."""


def pack_names() -> list[str]:
    """Return the names of the shipped packs; the tests of each are next to it."""
    names = (entry.name for entry in PACKS.iterdir())
    packs = (name for name in names if name.endswith(".yaml") and not name.endswith(".tests.yaml"))
    return sorted(name.removesuffix(".yaml") for name in packs if name != f"{BUILT_IN}.yaml")

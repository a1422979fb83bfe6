"""The families of findings, in the order in which they are asked: what needs no time first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.analysis.scope import Family

__all__ = ["FAMILIES"]

FAMILIES: Sequence[Family] = ()
"""Each is asked once for a rule set; the last ones are those of logic."""

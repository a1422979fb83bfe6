"""How much work a piece of code does, counted and not timed: the calls of Python functions, and resumed generators."""

from __future__ import annotations

import sys
from inspect import unwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

__all__ = ["calls_of", "growth"]


def calls_of(work: Callable[[], object], function: Callable[..., object] | None = None) -> int:
    """Count the calls that a piece of work makes, of any function or of a single one."""
    count = 0
    only = None if function is None else unwrap(function).__code__

    def counted(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call" and only in (None, frame.f_code)

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], Callable[[], object]], size: int, factor: int = 4) -> float:
    """How many times as many calls a piece of work makes if its input is `factor` times as large, per unit of input.

    It is 1 for linear work, and about `factor` for quadratic work.
    """
    small, large = work(size), work(factor * size)
    return calls_of(large) / calls_of(small) / factor

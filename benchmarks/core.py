"""Speed against its targets: `python benchmarks/core.py [--json FILE] [--quick]` prints one Markdown table.

What is compared, and by which rules, is in the README next to this file.
"""

from __future__ import annotations

import sys

from analysing import analyse_rows
from assessing import assess_rows
from casework import case_rows
from changing import changing_rows
from cold import cold_rows
from compiling import compile_rows
from hot import hot_rows
from scale import scale_rows
from table import measure

__all__ = ["CORE"]

CORE = (hot_rows, changing_rows, compile_rows, cold_rows, assess_rows, case_rows, analyse_rows, scale_rows)

if __name__ == "__main__":
    sys.exit(measure("Measure coopgov against its targets.", CORE))

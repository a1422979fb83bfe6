"""Everything in one table: `python benchmarks/all.py [--json FILE] [--quick]`, coopgov first and its peers after it.

A further benchmark is a module with a function from a number of rounds to rows, listed here.
"""

from __future__ import annotations

import sys

from columns import column_rows
from core import CORE
from peers import peer_rows
from table import measure

if __name__ == "__main__":
    sys.exit(measure("Measure coopgov and its peers.", (*CORE, column_rows, peer_rows)))

"""Everything in one go: `python benchmarks/all.py [--quick] [--only PART,…] [--keep]`.

coopgov comes first, then tables, stores of cases, and other engines. `--keep` writes what was measured to
`results.json`, adds it to `history.jsonl`, and writes the tables of the performance page. A further benchmark is a
module with a function from a number of rounds to rows, listed here or in `core.py`.
"""

from __future__ import annotations

import sys

from columns import column_rows
from core import CORE
from page import write_page
from peers import peer_rows
from storing import storing_rows
from table import measure

if __name__ == "__main__":
    sys.exit(
        measure(
            "Measure coopgov and its peers.", (*CORE, column_rows, storing_rows, peer_rows), then=write_page
        )
    )

"""Feed CSV files and mapping files with what a coverage-guided fuzzer thinks of.

`python fuzz/tables.py -runs=20000`.
"""

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["coopgov"]):
    from coopgov import CoopgovError, parse_rules
    from coopgov.portfolio import check_table, parse_mapping

RULES = parse_rules("""\
coopgov: rules/1
pack: fuzz
version: 1.0.0
rules:
  - {id: over, about: phase, kind: overspend, measure: spent - budget, bands: {minor: above 0 money}, message: m}
  - {id: late, about: phase, kind: delay, when: planned_end below as_of, severity: minor, message: m}
""")
HEAD = (
    "coopgov: mapping/1\nabout: phase\ncurrency: CNY\nkey: id\ncolumns: {spent: spent, budget: "
    "budget, planned_end: end}\n"
)
PARTS = (
    "number: {thousands: ',', prefix: [$, US$], suffix: '%'}\n",
    "number: {thousands: ' ', decimal: ','}\n",
    "date: [DD/MM/YY, YYYY-MM-DD, 'M/D/YYYY hh:mm:ss AM']\npivot: 60\n",
    "time_zone: Asia/Shanghai\n",
    "not_applicable: {begins_with: E}\nabsent: [x, {contains: y}]\n",
    "keep: newest by end\n",
    "csv: {quotes: false}\n",
    "csv: {encoding: utf-16}\n",
    "csv: {encoding: gb18030, separator: semicolon}\n",
)


def one_input(data: bytes) -> None:
    """Try one table, perhaps with the rest of a mapping file.

    Every row is counted, or a `CoopgovError` says why not.
    """
    provider = atheris.FuzzedDataProvider(data)
    parts = provider.ConsumeIntInRange(0, 2 ** len(PARTS) - 1)
    odd = provider.ConsumeIntInRange(0, 9) == 0
    more = provider.ConsumeUnicodeNoSurrogates(40) if odd else ""
    header = b"id,spent,budget,end\n" if provider.ConsumeBool() else b""
    rest = provider.ConsumeBytes(10_000)
    chosen = "".join(part for at, part in enumerate(PARTS) if parts >> at & 1)
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_bytes(header + rest)
        try:
            mapping = parse_mapping(HEAD + chosen + more, RULES)
            summary = check_table(table, mapping, RULES, as_of=date(2026, 6, 30))
        except CoopgovError:
            return
    assert summary.read == summary.checked + summary.rejected + summary.left_out


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()

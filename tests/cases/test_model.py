"""One truth, told twice: what contradicts itself in an agreement is a fault, what is hardly meant is a finding."""

from __future__ import annotations

from pathlib import Path

from coopgov import load_agreement
from coopgov.model import dump_agreement, parse_agreement

HERE = Path(__file__).parent


def test_what_is_hardly_meant_is_a_finding_of_the_agreement() -> None:
    """A buffer longer than its window and a milestone years after the term load, and are told with their places."""
    agreement = load_agreement(HERE / "10-off-scale" / "far.yaml", "far.yaml")
    told = [str(finding).split("\n")[0] for finding in agreement.findings]
    window, term = "2026-02-02 to 2026-02-20", "2026-01-05 to 2027-06-30"
    near = f"a day within the term, {term}, or at most a year outside of it"
    assert told == [
        f'warning: far.yaml:7:73: buffer-too-long: found "60 days", expected at most the window of the phase, {window}',
        f'warning: far.yaml:7:108: outside-the-term: found "2031-01-01", expected {near}',
    ]


def test_findings_are_no_part_of_what_is_compared_or_written() -> None:
    """An agreement with findings is equal to the one that its dump loads to, which has the same findings."""
    agreement = load_agreement(HERE / "10-off-scale" / "far.yaml")
    again = parse_agreement(dump_agreement(agreement))
    assert again == agreement
    assert [each.fault.code for each in again.findings] == [each.fault.code for each in agreement.findings]

"""The figures of the real example are those of the published tables."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from coopgov import Agreement, load_agreement

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data" / "mcc_compacts"
COMPACT = ROOT / "examples" / "compact" / "agreement.yaml"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the published tables are not beside the repository"
)

_FUND = "2750BXCOMD"


@pytest.fixture(scope="module")
def compact() -> Agreement:
    """The example, loaded once."""
    return load_agreement(COMPACT)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> Decimal | str | None:
    """A figure of the table; texts such as 30-Jun-10 stay what they are."""
    try:
        return Decimal(text.replace(",", "")) if text.strip() else None
    except InvalidOperation:
        return text


def test_every_kpi_has_the_figures_of_one_row(compact: Agreement) -> None:
    """Baseline, target and reading of each KPI are together in one row of the indicator table."""
    table = [
        tuple(_number(row[key]) for key in ("baseline", "target", "actual"))
        for row in _rows("indicators.csv")
        if row["country"] == "Ghana"
    ]
    for kpi in compact.kpis:
        reading = kpi.readings[0].value if kpi.readings else None
        assert kpi.baseline is not None
        assert (kpi.baseline.value, kpi.target.value if kpi.target else None, reading) in table, kpi.id


def test_every_phase_has_the_money_of_its_project(compact: Agreement) -> None:
    """Budgets are net commitments, spending is the disbursement of each quarter."""
    committed: dict[str, Decimal] = defaultdict(Decimal)
    spent: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in _rows("quarterly_finance.csv"):
        if row["FundCode"] == _FUND and row["CountryCode"] == "GHA":
            committed[row["ProjectName"]] += Decimal(row["Commitment"])
            spent[row["ProjectName"]][row["QTREnd"]] += Decimal(row["Disbursement"])
    for phase in compact.phases:
        project = str(phase.name)
        assert [entry.amount.value for entry in phase.budget] == [committed[project]]
        quarters = {str(entry.on): entry.amount.value for entry in phase.spending}
        assert quarters == {day: amount for day, amount in spent[project].items() if amount}


def test_all_projects_with_a_budget_are_phases(compact: Agreement) -> None:
    """No project of the compact is left out but the clearing line without a project."""
    projects = {
        row["ProjectName"]
        for row in _rows("quarterly_finance.csv")
        if row["FundCode"] == _FUND and row["CountryCode"] == "GHA"
    }
    assert projects - {str(phase.name) for phase in compact.phases} == {"Not Applicable"}

"""Activities in IATI 1.0x to 2.03: codes, targets by dimension, negative transactions, days to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopgov.imports import Import, read_new
from importing import codes, read

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.model import Agreement

HEAD = '<iati-activities version="2.03" generated-datetime="2026-06-30T10:00:00Z">'


def activity(inside: str, name: str = "XM-1/core", attributes: str = 'default-currency="CNY"') -> str:
    """An activity."""
    return f"<iati-activity {attributes}><iati-identifier>{name}</iati-identifier><title><narrative>Ports</narrative></title>{inside}</iati-activity>"  # noqa: E501  # a row as it is


def new(tmp_path: Path, *activities: str, head: str = HEAD) -> tuple[Import, Agreement]:
    """What is read of a file, and its first agreement."""
    source = tmp_path / "iati.xml"
    source.write_text(head + "".join(activities) + "</iati-activities>", encoding="utf-8")
    found = read_new(source)
    return found, found.agreements[0]


@pytest.mark.parametrize(
    "kinds", [("1", "2", "3", "4"), ("start-planned", "start-actual", "end-planned", "end-actual")]
)
def test_days_by_code_or_word(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    """Versions 2 have figures, versions 1 words."""
    days = "".join(
        f'<activity-date type="{kind}" iso-date="2026-0{at}-01"/>' for at, kind in enumerate(kinds, 1)
    )
    found, made = new(tmp_path, activity(days))
    phase = made.phases[0]
    assert phase.actual is not None
    assert (phase.planned.start, phase.actual.start, phase.planned.end, phase.actual.end) == tuple(
        date(2026, month, 1) for month in (1, 2, 3, 4)
    )
    assert (found.on, made.id, phase.id) == (date(2026, 6, 30), "XM-1-core", "XM-1-core")


def test_actual_days_to_come_are_kept_and_counted(tmp_path: Path) -> None:
    """With the names of the activities."""
    found, made = new(tmp_path, activity('<activity-date type="4" iso-date="2026-09-01"/>'))
    assert made.phases[0].actual is not None
    assert made.phases[0].actual.end == date(2026, 9, 1)
    assert codes(found)["after-the-day"].endswith(": XM-1/core")


def test_a_status_is_kept_and_contradictions_are_told(tmp_path: Path) -> None:
    """An activity that has ended is not in implementation."""
    inside = '<activity-status code="2"/><activity-date type="4" iso-date="2026-01-01"/>'
    found, made = new(tmp_path, activity(inside), activity('<activity-status code="2"/>', "b"))
    assert made.phases[0].custom["status"] == "2"
    assert codes(found)["status-contradicts"] == "1 statuses contradict the days: XM-1/core"


@pytest.mark.parametrize(("spent", "other"), [("3", "2"), ("4", "1"), ("D", "C"), ("E", "IF")])
def test_transactions_by_figure_or_letter(tmp_path: Path, spent: str, other: str) -> None:
    """Disbursements and expenditures are spending, negative ones too; all others are counted."""
    text = "".join(
        f'<transaction {ref}><transaction-type code="{code}"/><transaction-date iso-date="2026-02-01"/><value value-date="2026-02-02">{amount}</value></transaction>'  # noqa: E501  # a row as it is
        for ref, code, amount in (('ref="a"', spent, "100"), ('ref="a"', spent, "-30.5"), ("", other, "7"))
    )
    found, made = new(tmp_path, activity(text))
    assert [(each.id, str(each.amount)) for each in made.phases[0].spending] == [
        ("a", "100"),
        (None, "-30.5"),
    ]
    assert {str(each.what): each.count for each in found.lost} == {
        "iati-activities.version": 1,
        "transaction.ref": 1,
        "transactions that are no spending": 1,
        "value.value-date": 2,
    }


def test_a_budget_is_the_sum_of_its_periods(tmp_path: Path) -> None:
    """Of each period its revised value; the original sum stays beside it; another currency is reported."""

    def budget(kind: str, year: int, amount: str, currency: str = "CNY") -> str:
        return (
            f'<budget type="{kind}"><period-start iso-date="{year}-01-01"/><period-end iso-date="{year}-12-31"/>'
            f'<value currency="{currency}" value-date="2026-01-01">{amount}</value></budget>'
        )

    text = (
        budget("1", 2025, "100")
        + budget("2", 2025, "130")
        + budget("1", 2026, "50")
        + budget("1", 2027, "9", "USD")
    )
    found, made = new(tmp_path, activity(text))
    assert made.phases[0].budget[0].amount.value == Decimal(180)
    assert made.phases[0].original is not None
    assert str(made.phases[0].original.budget) == "150"
    assert codes(found)["other-currency"] == "1 amounts are in another currency: USD"


RESULT = """<result type="1">
<indicator measure="1" {attributes}><title><narrative>Waiting</narrative></title>{baseline}
<period><period-start iso-date="2026-01-01"/>
<period-end iso-date="2026-03-31"/>{values}</period></indicator></result>"""


def test_results_are_kpis(tmp_path: Path) -> None:
    """`ascending=0` is direction down, and the value of a baseline is optional."""
    values = '<target value="20"/><actual value="25"/>'
    falling = RESULT.format(
        attributes='ascending="0"', baseline='<baseline year="2025" value="30"/>', values=values
    )
    without = RESULT.format(attributes="", baseline='<baseline year="2025"/>', values=values)
    _, made = new(tmp_path, activity(falling + without))
    first, second = made.kpis
    assert (first.direction, first.baseline and str(first.baseline.value), second.baseline) == (
        "down",
        "30",
        None,
    )
    assert first.target is not None
    assert (str(first.target.value), first.target.by, str(first.readings[0].value)) == (
        "20",
        date(2026, 3, 31),
        "25",
    )
    assert (second.direction, second.label.in_language("en")) == ("up", "Waiting")


def test_no_total_is_made_of_dimensions(tmp_path: Path) -> None:
    """Values by dimension are counted as lost, and the period is reported."""
    values = "".join(
        f'<{key} value="5"><dimension name="sex" value="{sex}"/></{key}>'
        for key in ("target", "actual")
        for sex in "fm"
    )
    found, made = new(tmp_path, activity(RESULT.format(attributes="", baseline="", values=values)))
    assert (made.kpis[0].target, made.kpis[0].readings) == (None, ())
    assert "without-total" in codes(found)
    assert sum(each.count for each in found.lost if "dimension" in each.what) == 4


def test_a_part_has_only_what_the_agreement_knows(tmp_path: Path) -> None:
    """Readings of known KPIs, actual days and spending of known phases; the mapping can name the phase."""
    inside = (
        '<activity-date type="1" iso-date="2026-01-01"/><activity-date type="2" iso-date="2026-01-02"/>'
        + RESULT.format(attributes="", baseline="", values='<actual value="3"/>')
    )
    text = HEAD + activity(inside) + activity("", "other") + "</iati-activities>"
    found = read(
        tmp_path,
        text,
        "from: iati\nphase: {by: Activity, values: {XM-1/core: core}}\n".replace(
            "core: core", "core: rollout"
        ),
        as_of=None,
    )
    assert found.part is not None
    assert found.part.phases[0].id == "rollout"
    assert found.part.phases[0].actual is not None
    assert "contracts or activities that the agreement lacks" in {str(each.what) for each in found.lost}


def test_an_activity_without_an_identifier_is_rejected(tmp_path: Path) -> None:
    """With its line."""
    found, _ = new(tmp_path, activity("", ""), activity(""))
    assert [(each.place, each.code) for each in found.rejected] == [("iati.xml:1", "missing-id")]

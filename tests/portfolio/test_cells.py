"""The meaning of a cell: a value, absent, a code for not applicable, or unreadable."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from coopgov import portfolio
from coopgov.language.types import DAYS, MONEY, NUMBER, OWN, PERCENT, Type
from coopgov.portfolio.cells import read_cells
from coopgov.portfolio.dates import Dates, parse_date_format
from coopgov.portfolio.units import factor_of
from portfolio.tables import rules


def cells(column: str, *texts: Any) -> tuple[list[Any], list[Any] | None, list[Any]]:
    """The values, what does not apply, and what is broken, where the column is mapped like that."""
    import pyarrow as pa

    name, _, entry = column.partition(": ")
    about = {"progress": "task", "status": "task", "value": "kpi"}.get(name, "phase")
    text = f"coopgov: mapping/1\nabout: {about}\ncurrency: USD\ncolumns: {{{name}: {entry}}}\n"
    (reading,) = portfolio.parse_mapping(text, rules()).readings
    read = read_cells(pa.array(list(texts)), reading, pa.array(range(1, 1 + len(texts))))
    flags = None if read.not_applicable is None else read.not_applicable.to_pylist()
    return read.values.to_pylist(), flags, [(at, reject.code, reject.expected) for at, reject in read.broken]


@pytest.mark.parametrize(
    ("number", "texts", "values"),
    [
        ("{}", ["12", "-0.5", " 7 ", "1e3", "007", ".5", ""], [12, -0.5, 7, 1000, 7, 0.5, None]),
        ('{thousands: ","}', ["1,234", "12,345,678.9", "1234", "-1,000"], [1234, 12345678.9, 1234, -1000]),
        ('{thousands: ".", decimal: ","}', ["1.234,5", "0,5", "12"], [1234.5, 0.5, 12]),
        ('{thousands: " "}', ["1 234 567.5", "1234"], [1234567.5, 1234]),
        ('{suffix: ["%", EUR]}', ["45%", "45 %", "45 EUR", "45"], [45, 45, 45, 45]),
        ('{prefix: $, thousands: ","}', ["$1,234", "-$5", "$ -5"], [1234, -5, -5]),
    ],
)
def test_numbers(number: str, texts: list[str], values: list[float | None]) -> None:
    """Numbers are read in the form that a mapping file declares; spaces around them do not count."""
    assert cells(f"spent: {{from: x, number: {number}}}", *texts) == (values, None, [])


@pytest.mark.parametrize(
    "text",
    [
        "1,5",
        "1.2.3",
        "12,34",
        "1,23,456",
        "--1",
        "1-",
        "+-1",
        "-",
        "1e",
        "x",
        "1 2",
        "12%",
        "0x10",
        "nan",
        "inf",
        "١",
    ],
)
def test_what_is_no_number(text: str) -> None:
    """Half a group of thousands is not guessed at, and neither is anything else."""
    values, flags, broken = cells('spent: {from: x, number: {thousands: ","}}', text)
    assert (values, flags) == ([None], None)
    assert broken == [(0, "not-a-number", "a number such as 1,234.5")]


@settings(deadline=None)
@given(st.floats(min_value=-1e15, max_value=1e15, allow_nan=False))
def test_numbers_are_the_nearest_ones(number: float) -> None:
    """What Python writes is read as what it was."""
    assert cells("spent: x", repr(number))[0] == [number]


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ('progress: {from: x, unit: "%"}', "92", 0.92),
        ("progress: x", "0.92", 0.92),
        ("spent: {from: x, unit: 1000 USD}", "1.5", 1500),
        ("spent: {from: x, unit: 1000}", "1.5", 1500),
        ("value: {from: x, unit: 1000}", "2", 2000),
    ],
)
def test_units_are_brought_to_those_of_facts(column: str, text: str, value: float) -> None:
    """A percentage is a share; money can be in thousands."""
    assert cells(column, text)[0] == [value]


@pytest.mark.parametrize(
    ("unit", "kind", "factor"),
    [
        ("weeks", DAYS, 7),
        ("day", DAYS, 1),
        ("hours", DAYS, None),
        ("30 minutes", Type("quantity", "hour"), 0.5),
        ("%", PERCENT, 0.01),
        ("%", Type("quantity", "%"), 1),
        ("count", NUMBER, 1),
        ("USD", MONEY, 1),
        ("CNY", MONEY, None),
        ("money", MONEY, 1),
        ("MWh", Type("quantity", "kWh"), 1000),
        ("kWh", OWN, None),
        ("0", NUMBER, None),
    ],
)
def test_which_units_fit(unit: str, kind: Type, factor: float | None) -> None:
    """Units convert as in the rule language; another currency never does."""
    found = factor_of(unit, kind, "USD")
    assert (None if found is None else float(found)) == factor


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("M/D/YYYY", "6/28/2024", date(2024, 6, 28)),
        ("M/D/YYYY", "06/08/2024", date(2024, 6, 8)),
        ("MM/DD/YYYY", "6/28/2024", None),
        ("D-MMM-YYYY", "5-sep-2011", date(2011, 9, 5)),
        ("D-MMM-YYYY", "5-xyz-2011", None),
        ("YYYYMMDD", "20240229", date(2024, 2, 29)),
        ("YYYYMMDD", "20230229", None),
        ("YYYY-MM-DDThh:mm:ss", "2024-02-29T23:59:59", date(2024, 2, 29)),
        ("YYYY-MM-DD hh:mm", "2024-02-29 24:00", None),
        ("DD.MM.YYYY", "01.02.2024 ", None),
        ("DD.MM.YYYY", "01.02.٢٠٢٤", None),
    ],
)
def test_dates(form: str, text: str, day: date | None) -> None:
    """A date is one of its format and of the calendar, or none."""
    assert Dates((parse_date_format(form),)).read(text) == day


@pytest.mark.parametrize(
    "form", ["YYYY-MM", "D/D/YYYY", "YYYY-MM-DD Q", "", "date", "D/M/YYYY AM", "YYYY-MM-DDZ"]
)
def test_formats_that_say_no_day(form: str) -> None:
    """Morning, afternoon and zones belong to a time of the day."""
    with pytest.raises(PydanticCustomError) as error:
        parse_date_format(form)
    assert error.value.type == "not-a-date-format"


def test_codes_and_absent_texts() -> None:
    """A code makes the fact not apply, an absent text makes it unknown, and both may look like numbers."""
    found = cells(
        "spent: {from: x, not_applicable: [PNS, -99], absent: [TBD, 0.00]}",
        "PNS",
        "-99",
        "TBD",
        "0.00",
        "0",
        None,
    )
    assert found == ([None, None, None, None, 0, None], [True, True, False, False, False, False], [])


def test_texts_that_mean_words() -> None:
    """What the cells say is translated; what is neither translated nor a word of the fact is broken."""
    found = cells("status: {from: x, values: {Finished: done}}", "Finished", "in progress", "progres")
    expected = (
        'one of "Finished", "not started", "in progress", "done", "cancelled"; did you mean "in progress"?'
    )
    assert found == (["done", "in progress", None], None, [(2, "unknown-choice", expected)])


def test_truth_values() -> None:
    """True and false in any case, or what the mapping file says."""
    assert cells("has_owner: x", "TRUE", "false", "")[0] == [True, False, None]
    found = cells("has_owner: {from: x, values: {Y: true, N: false}}", "Y", "N", "true", "no")
    assert found[0] == [True, False, True, None]
    assert found[2] == [(3, "not-a-truth-value", 'one of "Y", "N", "true", "false"')]


def test_texts_are_taken_as_they_are() -> None:
    """Texts lose the spaces around them."""
    assert cells("name: x", " A b ", "", None)[0] == ["A b", None, None]

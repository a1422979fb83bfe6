"""Numbers and dates as people write them, and what is none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import coopgov
from cases.delimited import HEAD, RULES, case, made, run
from coopgov import portfolio
from coopgov.portfolio.cells import read_cells

if TYPE_CHECKING:
    from pathlib import Path

# Numbers ----------------------------------------------------------------------------------------------------


def numbers(number: str, *texts: str) -> list[float | str | None]:
    """What some cells are in a column of amounts."""
    import pyarrow as pa

    mapping = f"{HEAD}columns: {{spent: {{from: x, number: {number}}}}}\n"
    (reading,) = portfolio.parse_mapping(mapping, coopgov.parse_rules(RULES)).readings
    cells = read_cells(pa.array(texts), reading, pa.array(range(len(texts))))
    broken = {at for at, _ in cells.broken}
    return ["broken" if at in broken else value for at, value in enumerate(cells.values.to_pylist())]


def test_symbols_of_the_case(tmp_path: Path) -> None:
    """Blanks of all sorts between thousands, a plus, a point without decimals; brackets; the longer of two prefixes."""
    assert run(tmp_path, *case("20-signs-of-numbers", "t.csv"))[1] == {
        "a": 1224,
        "b": 1224,
        "c": 1224,
        "d": 45,
        "e": 2,
    }
    path, mapping = case("20-signs-of-numbers", "brackets.csv")
    text = RULES.replace("spent - budget", "budget - spent")
    assert run(tmp_path, path, mapping, text)[1] == {"a": 1510}
    path, mapping = case("20-signs-of-numbers", "prefix.csv")
    path = made(tmp_path, path.read_text(encoding="utf-8").replace("Id", "id"))
    assert run(tmp_path, path, mapping.replace("Id", "id"))[1] == {"a": 200.5}


NUMBERS = [
    (
        "{}",
        {
            "1": 1,
            "-0.5": -0.5,
            "+5": 5,
            "12.": 12,
            ".5": 0.5,
            "-.5": -0.5,
            "1.5e3": 1500,
            "12.e3": 12000,
            "1E-2": 0.01,
        },
    ),
    (
        "{}",
        {
            "- 5": -5,
            "\u22125": -5,
            "(5)": -5,
            "( 5.5 )": -5.5,
            "-0": 0,
            "(0)": 0,
            "007": 7,
            "\u00a05\u2009": 5,
        },
    ),
    ("{}", {"１２３．５": 123.5, "－５": -5, "＋５": 5, "（１２）": -12, "1２": 12}),
    (
        '{thousands: " "}',
        {"1 234": 1234, "1\u00a0234": 1234, "1\u202f234\u2009567": 1234567, "(1 234.5)": -1234.5},
    ),
    ('{thousands: "\u202f"}', {"1 234": 1234, "1\u00a0234": 1234}),
    ('{thousands: "\'"}', {"1'234": 1234, "1\u2019234.5": 1234.5}),
    (
        '{thousands: ","}',
        {"1,234.5": 1234.5, "(1,500.00)": -1500, "-1,234,567.": -1234567, "１，２３４": 1234, "1234": 1234},
    ),
    (
        '{thousands: ".", decimal: ","}',
        {"1.234,5": 1234.5, "0,5": 0.5, ",5": 0.5, "12,": 12, "(1.500,00)": -1500},
    ),
    (
        '{thousands: ",", prefix: [$, US$, ¥], suffix: "%"}',
        {
            "US$1,200.50": 1200.5,
            "$5": 5,
            "-$5": -5,
            "$-5": -5,
            "$ 5": 5,
            "($5)": -5,
            "$(5)": -5,
            "(5%)": -5,
            "(5) %": -5,
            "5％": 5,
        },
    ),
    ("{suffix: [元, 万元]}", {"5万元": 5, "5 元": 5, "５元": 5}),
    ("{prefix: [CN, CNY], suffix: [E, EUR]}", {"CNY 5 EUR": 5, "CN5E": 5, "-CNY5": -5}),
]


@pytest.mark.parametrize(("number", "values"), NUMBERS)
def test_forms_of_numbers(number: str, values: dict[str, float]) -> None:
    """What they mean does not depend on what else is in the column."""
    assert numbers(number, *values) == list(values.values())
    assert [numbers(number, text) for text in values] == [[value] for value in values.values()]


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "+",
        "--5",
        "+-5",
        "5-",
        "-(5)",
        "(-5)",
        "(5",
        "5)",
        "()",
        ".",
        "1.2.3",
        "1 234",
        "1,234",
        "5%",
        "$5",
        "5e",
        "–5",
        "٣",
        "1/2",
        "0x1F",
        "nan",
        "inf",
        "1_000",
        "１,２３４",
        "五",
    ],
)
def test_what_is_no_number(text: str) -> None:
    """Nothing is guessed: a minus at the end, two symbols, and unknown symbols are unreadable."""
    assert numbers("{}", text) == ["broken"]


@pytest.mark.parametrize(
    "text",
    ["1,5", "12,34", "1,23,456", ",234", "1,,234", "1,234,", "$$5", "US$US$5", "$5$", "-$-5", "5%%", "$($5)"],
)
def test_groups_are_whole_and_symbols_occur_once(text: str) -> None:
    """With all of them named."""
    assert numbers('{thousands: ",", prefix: [$, US$], suffix: ["%"]}', text) == ["broken"]


def test_a_space_cannot_be_two_symbols() -> None:
    """Spaces that people cannot distinguish count as one."""
    with pytest.raises(coopgov.MappingError, match=r"wrong-choice: .* different symbols for thousands"):
        numbers('{thousands: " ", decimal: "\u00a0"}', "1")


# Dates ------------------------------------------------------------------------------------------------------


def days(more: str, *texts: str) -> list[date | None]:
    """What some cells are in a column of days; None for what is broken."""
    import pyarrow as pa

    mapping = f"{HEAD}columns: {{planned_end: {{from: x}}}}\n{more}\n"
    (reading,) = portfolio.parse_mapping(mapping, coopgov.parse_rules(RULES)).readings
    values: list[date | None] = read_cells(
        pa.array(texts), reading, pa.array(range(len(texts)))
    ).values.to_pylist()
    return values


@pytest.mark.parametrize("file", ["iso.csv", "two.csv"])
def test_dates_of_the_case(tmp_path: Path, file: str) -> None:
    """Moments with and without a zone; two formats in one column."""
    summary, _, rejects = run(tmp_path, *case("21-forms-of-dates", file))
    assert (rejects, summary.subjects["minor"]) == ([], summary.read)


def test_moments_are_days_in_the_zone_of_the_mapping() -> None:
    """UTC without one; what has no zone is a day of its own."""
    texts = [
        "2026-03-05",
        "2026-03-05T08:15",
        "2026-03-05 23:59:59",
        "2026-03-05T20:00:00Z",
        "2026-03-05t20:00:00.123456789z",
        "2026-03-05T23:15:00+01:00",
        "2026-03-05 23:15:00 +0100",
        "2026-03-06T01:00:00+08",
        "2026-03-05 20:00:00 UTC",
        "2026-03-05T00:30:00,5-05:30",
    ]
    fifth, sixth, fourth = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 4)
    assert days("", *texts) == [fifth] * 10
    assert days("date: YYYY-MM-DD", *texts) == [fifth] * 10
    assert days("time_zone: Asia/Shanghai", *texts) == [*[fifth] * 3, *[sixth] * 6, fifth]
    assert days("time_zone: America/New_York", *texts) == [*[fifth] * 7, *[fifth] * 2, fifth]
    assert days("time_zone: Pacific/Honolulu", "2026-03-05T09:59:59Z", "2026-03-05T10:00:00Z") == [
        fourth,
        fifth,
    ]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_what_is_no_moment(zone: str) -> None:
    """Hour 24, half a time, a zone that is none, a day beyond the calendar."""
    texts = [
        "2026-03-05T24:00",
        "2026-03-05T08",
        "2026-03-05T",
        "2026-03-05T08:15+25:00",
        "2026-03-05T08:15 CET",
        "2026-3-5",
        "2026-02-30",
        "2026-03-05T08:60",
        "5.3.2026",
    ]
    assert days(f"time_zone: {zone}", *texts) == [None] * len(texts)
    assert days("time_zone: Asia/Shanghai", "9999-12-31T20:00:00Z", "9999-12-31") == [None, date.max]


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("M/D/YYYY hh:mm:ss AM", "3/5/2026 12:00:00 AM", date(2026, 3, 5)),
        ("M/D/YYYY hh:mm:ss AM", "3/5/2026 8:15:00\u202fp.m.", date(2026, 3, 5)),
        ("M/D/YYYY hh:mm:ss AM", "03/05/2026 11:59:59 pm", date(2026, 3, 5)),
        ("M/D/YYYY hh:mm:ss AM", "3/5/2026 13:00:00 PM", None),
        ("M/D/YYYY hh:mm:ss AM", "3/5/2026 0:00:00 AM", None),
        ("M/D/YYYY hh:mm:ss AM", "3/5/2026 12:00:00", None),
        ("M/D/YYYY h:mm AM Z", "3/5/2026 11:30 PM -05:00", date(2026, 3, 6)),
        ("YYYY/M/D AMhh:mm", "2026/3/5 下午8:15", date(2026, 3, 5)),
        ("YYYY年M月D日", "2026年3月5日", date(2026, 3, 5)),
        ("DD/MM/YYYY hh:mm:ssZ", "05/03/2026 23:30:00-02:00", date(2026, 3, 6)),
        ("D-MMM-YYYY", "5-Mar-2026", date(2026, 3, 5)),
    ],
)
def test_forms_of_dates(form: str, text: str, day: date | None) -> None:
    """Twelve-hour clocks, time zones, names of months and non-breaking spaces are read."""
    assert days(f'date: "{form}"', text) == [day]


def test_of_several_formats_the_first_that_fits_counts() -> None:
    """A day that fits two formats is read by the first, whichever column has the list."""
    texts = ("05/03/2026", "25/03/2026", "03/25/2026", "2026-03-25T08:00:00Z")
    found = [date(2026, 3, 5), date(2026, 3, 25), date(2026, 3, 25), date(2026, 3, 25)]
    assert days("date: [DD/MM/YYYY, MM/DD/YYYY, YYYY-MM-DD]", *texts) == found
    assert days("date: [MM/DD/YYYY, DD/MM/YYYY]", *texts) == [date(2026, 5, 3), *found[1:3], None]


def test_years_of_two_digits_have_a_pivot() -> None:
    """Below it they are in this century, and from it on in the last one."""
    texts = ("05/03/59", "05/03/60", "05/03/00", "05/03/99", "05/03/2026")
    assert days("date: DD/MM/YY\npivot: 60", *texts) == [
        date(2059, 3, 5),
        date(1960, 3, 5),
        date(2000, 3, 5),
        date(1999, 3, 5),
        None,
    ]
    assert days("date: DD/MM/YY\npivot: 0", *texts[:2]) == [date(1959, 3, 5), date(1960, 3, 5)]
    assert days("date: [DD/MM/YY, DD/MM/YYYY]\npivot: 100", *texts[3:]) == [
        date(2099, 3, 5),
        date(2026, 3, 5),
    ]

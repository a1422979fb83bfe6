"""Histories as pictures: well-formed, complete, harmless."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.charts import history_svg
from coopgov.simulation.comparison import compare
from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod

SVG = "{http://www.w3.org/2000/svg}"
START = date(2026, 1, 1)


def day(number: int) -> date:
    """A day of the period, counted from 0."""
    return START + timedelta(number)


def history(title: str = "The pier", *, waived: bool = False, past: bool = False) -> History:
    """A history of a hundred days, with one episode in two stretches and one undetermined period."""
    stretches = (
        Stretch("minor", waived, day(10), day(19), past),
        Stretch("critical", False, day(20), day(99)),  # a value in a table
    )
    episode = Episode("late", "phase/a", "delay", title, title, stretches, before=False, ongoing=True)
    period = UndeterminedPeriod(
        "late", "phase/a", title, title, ("x",), "absent data", day(0), day(9), ongoing=False
    )
    rules = {"pack": title, "version": "1"}
    return History("pier", title, day(0), day(99), rules, (episode,), (period,))


def bars(picture: str) -> list[ET.Element]:
    """The bars, which are those rectangles that say what they mean."""
    root = ET.fromstring(picture)  # noqa: S314  # our own picture
    return [each for each in root.iter(f"{SVG}rect") if each.find(f"{SVG}title") is not None]


def said(bar: ET.Element) -> str:
    """The text of a bar for a reader who points at it."""
    return str(bar.findtext(f"{SVG}title"))


def test_each_stretch_and_undetermined_period_is_a_labelled_bar() -> None:
    """Severity and days are in words, so that neither colour nor height is needed."""
    assert [said(bar) for bar in bars(history_svg([history()]))] == [
        "undetermined: 2026-01-01 to 2026-01-10, 10 days: absent data",
        "minor: 2026-01-11 to 2026-01-20, 10 days",
        "critical: 2026-01-21 to 2026-04-10, 80 days",
    ]


def test_bars_are_as_long_as_their_days() -> None:
    """Ten days of a hundred take a tenth of the width, and bars of days on end touch."""
    period, minor, critical = bars(history_svg([history()]))
    widths = [float(bar.attrib["width"]) for bar in (period, minor, critical)]
    assert widths == pytest.approx([widths[0], widths[0], 8 * widths[0]], rel=1e-3)
    assert float(minor.attrib["x"]) == pytest.approx(float(period.attrib["x"]) + widths[0], abs=0.02)


def test_worse_is_higher_and_of_another_colour() -> None:
    """Both at once, for those who cannot see one of them."""
    _, minor, critical = bars(history_svg([history()]))
    assert float(minor.attrib["height"]) < float(critical.attrib["height"])
    assert minor.attrib["fill"] != critical.attrib["fill"]


def test_waived_days_are_hollow() -> None:
    """And say so."""
    _, waived, _ = bars(history_svg([history(waived=True)]))
    assert (said(waived), waived.attrib["fill"]) == (
        "minor, waived: 2026-01-11 to 2026-01-20, 10 days",
        "#ffffff",
    )


def test_past_days_are_pale() -> None:
    """And say so."""
    _, past, now = bars(history_svg([history(past=True)]))
    assert said(past) == "minor, past: 2026-01-11 to 2026-01-20, 10 days"
    assert float(past.attrib["fill-opacity"]) < 1
    assert "fill-opacity" not in now.attrib


def test_a_comparison_shows_what_changed_twice() -> None:
    """Under the new rules and under the old; without changes, it says that there is nothing."""
    comparison = compare(history(waived=True), history())
    assert len(bars(history_svg([comparison]))) == 6
    same = history_svg([compare(history(), history())])
    assert bars(same) == []
    assert "nothing changed" in same


@pytest.mark.parametrize(("language", "word"), [("en", "major"), ("zh-Hans", "严重"), ("zh-Hant", "嚴重")])
def test_words_are_in_the_language(language: str, word: str) -> None:
    """Also the language of the picture itself, by which readers choose the shapes of letters."""
    picture = history_svg([history()], language)
    assert word in picture
    assert ET.fromstring(picture).attrib["lang"] == language  # noqa: S314  # our own picture


@given(text=st.text(min_size=1, max_size=40))
def test_whatever_people_wrote_the_picture_is_well_formed(text: str) -> None:
    """Signs of XML are escaped, and what XML cannot hold is replaced."""
    assert len(bars(history_svg([history(text)]))) == 3


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No script, style sheet, image or font of the network: the only address is the name of the format."""
    picture = history_svg([history("<script>alert(1)</script>")])
    assert "<script" not in picture
    assert picture.count("http") == 1

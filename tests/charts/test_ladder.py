"""Ladders as pictures: thresholds in their order, bands where they hold."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.charts.ladder import ladder_svg
from coopgov.charts.svg import COLOURS
from coopgov.rules import load_rules, parse_rules
from drawn import wrong

SVG = "{http://www.w3.org/2000/svg}"


def written(
    about: str, measure: str, bands: str, parameters: str = "{}", clear: str = "", language: str = "en"
) -> str | None:
    """The ladder of one rule."""
    left = f"clear: {{{clear}}}, " if clear else ""
    rules = parse_rules(
        f"""\
coopgov: rules/1
pack: p
version: 1
parameters: {parameters}
rules:
  - {{id: watched, about: {about}, kind: delay, measure: {measure}, bands: {{{bands}}}, {left}message: "{{measure}}"}}
"""
    )
    return ladder_svg(rules.rule("watched"), language)


def drawn(about: str, measure: str, bands: str, parameters: str = "{}", clear: str = "") -> ET.Element | None:
    """The ladder of one rule, as a tree."""
    picture = written(about, measure, bands, parameters, clear)
    return None if picture is None else ET.fromstring(picture)  # noqa: S314  # our own picture


def texts(root: ET.Element | None) -> list[str]:
    """What is written, from left to right in each line."""
    assert root is not None
    found = [
        (float(each.attrib["y"]), float(each.attrib["x"]), str(each.text)) for each in root.iter(f"{SVG}text")
    ]
    return [text for _, _, text in sorted(found)]


def blocks(root: ET.Element | None) -> list[tuple[str, float, float]]:
    """The bands with their left and right ends, mildest first."""
    assert root is not None
    names = {colour: name for name, colour in COLOURS.items()}
    return [
        (names[each.attrib["fill"]], float(each.attrib["x"]), float(each.attrib["x"]) + float(each.attrib["width"]))
        for each in root.iter(f"{SVG}rect")
        if each.attrib["fill"] in names
    ]  # fmt: skip


def circles(root: ET.Element | None) -> list[tuple[float, bool]]:
    """The positions of thresholds, and whether each belongs to its band."""
    assert root is not None
    found = root.iter(f"{SVG}circle")
    return [(float(each.attrib["cx"]), each.attrib["fill"] != "#ffffff") for each in found]


def test_bands_rise_from_their_thresholds_to_the_right() -> None:
    """Each begins at its figure, and the worst covers the others."""
    root = drawn("phase", "delay / window", "minor: above 10 %, major: at least 20 %, critical: above 30 %")
    assert [text for text in texts(root) if "%" in text] == ["10 %", "20 %", "30 %"]
    places = [x for x, _ in circles(root)]
    assert [(name, start) for name, start, _ in blocks(root)[1:]] == list(
        zip(("minor", "major", "critical"), places, strict=True)
    )
    assert places == sorted(places)
    assert "worse →" in texts(root)


def test_a_threshold_that_belongs_to_its_band_is_full() -> None:
    """`above` and `below` leave it out, `at least` and `at most` take it in."""
    root = drawn("phase", "delay / window", "minor: above 10 %, major: at least 20 %")
    assert [full for _, full in circles(root)] == [False, True]
    root = drawn("kpi", "score", "minor: below 80 points, major: at most 60 points")
    assert [full for _, full in sorted(circles(root))] == [True, False]


def test_bands_that_fall_get_worse_to_the_left() -> None:
    """The worst is leftmost."""
    root = drawn("kpi", "score", "minor: below 80 points, major: below 70 points")
    assert [text for text in texts(root) if "points" in text] == ["70 points", "80 points"]
    assert "← worse" in texts(root)
    (_, (minor, _, minor_end), (major, _, major_end)) = blocks(root)
    assert (minor, major) == ("minor", "major")
    assert major_end < minor_end


def test_distances_are_to_scale_unless_figures_would_collide() -> None:
    """A picture that is not to scale says so."""
    root = drawn("phase", "delay", "notice: above 10 days, minor: above 20 days, major: above 40 days")
    first, second, third = (x for x, _ in circles(root))
    assert third - second == pytest.approx(2 * (second - first), rel=1e-2)
    assert "not to scale" not in texts(root)
    root = drawn("phase", "delay", "notice: above 1 day, minor: above 2 days, major: above 1000 days")
    first, second, third = (x for x, _ in circles(root))
    assert third - second == pytest.approx(second - first, rel=1e-2)
    assert "not to scale" in texts(root)


def test_parameters_are_shown_by_their_values() -> None:
    """The figure, not the name."""
    root = drawn("phase", "delay / window", "minor: above limit", "{limit: 12.5 %}")
    assert "12.5 %" in texts(root)


def test_thresholds_of_the_agreement_are_shown_as_written() -> None:
    """In the order of their severities, not to scale."""
    root = drawn("kpi", "value", "minor: below target, major: below floor")
    shown = [text for text in texts(root) if text in ("target", "floor", "not to scale")]
    assert shown == ["floor", "target", "not to scale"]


def test_a_band_between_two_figures_ends_at_the_second() -> None:
    """And both belong to it."""
    root = drawn("phase", "delay / window", "notice: between 10 % and 20 %, minor: above 40 %")
    (_, notice, minor) = blocks(root)
    assert notice[2] < minor[1]
    assert [full for _, full in circles(root)] == [True, True, False]


@pytest.mark.parametrize("bands", ["minor: is 4, major: is 5", 'minor: "in [4, 5]"'])
def test_bands_that_are_no_stretches_have_no_picture(bands: str) -> None:
    """Single values are no line."""
    assert drawn("risk", "impact", bands) is None


def exits(root: ET.Element | None) -> list[tuple[str, float, bool]]:
    """The bands that triangles are about, where their tips are, and whether the value there is enough."""
    assert root is not None
    names = {colour: name for name, colour in COLOURS.items()}
    found = [each.attrib for each in root.iter(f"{SVG}path") if each.attrib["d"].endswith("Z")]
    return [
        (
            names[each["stroke"]],
            float(each["d"].partition("L")[2].partition(" ")[0]),
            each["fill"] != "#ffffff",
        )
        for each in found
    ]


def test_a_triangle_shows_where_a_band_is_left() -> None:
    """To scale with the thresholds, full where that value is enough; its figure is below it."""
    root = drawn(
        "phase",
        "delay / window",
        "minor: above 10 %, major: above 20 %",
        clear="minor: at most 8 %, major: below 18 %",
    )
    assert root is not None
    (_, minor, at_most), (_, major, below) = exits(root)
    assert [each for each, _, _ in exits(root)] == ["minor", "major"]
    assert (at_most, below) == (True, False)
    ten, twenty = (x for x, _ in circles(root))
    assert (ten - minor) * 5 == pytest.approx(twenty - ten, rel=1e-2)
    assert (twenty - major) * 5 == pytest.approx(twenty - ten, rel=1e-2)
    assert [text for text in texts(root) if "%" in text] == ["10 %", "20 %", "8 %", "18 %"]
    assert "▲ where a band is left" in texts(root)
    assert str(root.findtext(f"{SVG}desc")).endswith(
        "Conditions for leaving a band: minor at most 8 %; major below 18 %."
    )


def test_bands_that_are_left_at_one_value_share_its_figure() -> None:
    """Their triangles are side by side."""
    root = drawn(
        "phase",
        "delay / window",
        "minor: above 10 %, major: above 20 %",
        clear="minor: at most 8 %, major: at most 8 %",
    )
    (_, minor, _), (_, major, _) = exits(root)
    assert 8 <= major - minor <= 16
    assert texts(root).count("8 %") == 1


def test_a_limit_of_the_agreement_is_next_to_its_band_on_the_safe_side() -> None:
    """As written; the picture is not to scale then."""
    root = drawn("kpi", "value", "minor: below target, major: below floor", clear="major: above baseline")
    ((_, place, full),) = exits(root)
    floor, target = sorted(x for x, _ in circles(root))
    assert floor < place < target
    assert not full
    assert {"baseline", "▲ where a band is left; not to scale"} <= {*texts(root)}


def test_a_picture_without_exits_is_no_higher() -> None:
    """Only rules with `clear` have the further row."""
    bands = "minor: above 10 %"
    plain, left = (drawn("phase", "delay / window", bands, clear=each) for each in ("", "minor: at most 8 %"))
    assert plain is not None
    assert left is not None
    assert float(plain.attrib["height"]) < float(left.attrib["height"])
    assert exits(plain) == []


@given(
    st.lists(st.integers(1, 10_000), min_size=2, max_size=8, unique=True),
    st.sampled_from(("above", "below")),
    st.sampled_from(("en", "zh-Hans", "zh-Hant")),
)
def test_no_label_overlaps_and_nothing_leaves_the_frame(values: list[int], past: str, language: str) -> None:
    """Whatever the thresholds, the limits to leave them, their direction and the language."""
    ordered = sorted(values, reverse=past == "below")
    severities = ("notice", "minor", "major", "critical")
    pairs = list(zip(severities, ordered[::2], ordered[1::2], strict=False))
    safe = {"above": "at most", "below": "at least"}[past]
    bands = ", ".join(f"{severity}: {past} {limit} days" for severity, _, limit in pairs)
    clear = ", ".join(f"{severity}: {safe} {limit} days" for severity, limit, _ in pairs)
    for left in (clear, ""):
        picture = written("phase", "delay", bands, clear=left, language=language)
        assert picture is not None
        assert wrong(picture) == []


def test_every_shipped_rule_with_a_measure_has_a_ladder() -> None:
    """Well-formed, with a title and a description that names its bands."""
    for rule in load_rules().rules:
        picture = ladder_svg(rule)
        assert (picture is None) == (rule.measured is None), rule.id
        if picture is not None:
            root = ET.fromstring(picture)  # noqa: S314  # our own picture
            assert root.findtext(f"{SVG}title") == f"Ladder of {rule.id}"
            assert str(root.findtext(f"{SVG}desc")).startswith("Bands: ")

"""Full-width characters are reported as structure, and left alone in texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov.portfolio import parse_mapping
from coopgov.testing.rule_tests.load import parse_tests

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "32-full-width-structure"
PILOT = Path("examples/pilot/agreement.yaml").read_text(encoding="utf-8")
PACK = Path("src/coopgov/rules/packs/cooperation-plan.yaml").read_text(encoding="utf-8")
WIDE = dict(zip(":,[]{}-", "：，［］｛｝－", strict=True))
HEAD = (
    "coopgov: agreement/1\nid: t\ntitle: T\ncurrency: CNY\nterm: {start: 2026-01-05, end: "
    "2027-06-30}\nparties: [{id: a}, {id: b}]\n"
)
RULES = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
TESTS = "coopgov: rule-tests/1\nrules: [cooperation-plan]\n"
MAPPING = "coopgov: mapping/1\nabout: phase\n"


def faults(load: Callable[[str], object], text: str) -> list[str]:
    """The faults of a text, each as `line:column code hint`."""
    with pytest.raises(coopgov.InputError) as caught:
        load(text)
    return [f"{each.place.line}:{each.place.column} {each.code} {each.hint}" for each in caught.value.faults]


def mapping(text: str) -> object:
    """Load a mapping file for the shipped rules."""
    return parse_mapping(text, coopgov.load_rules())


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("blank", "9:1 full-width write 4 spaces"),
        ("brackets", "6:10 full-width write `[` and `]`"),
        ("colon", "3:6 full-width write `: `"),
        ("comma", "7:45 full-width write `,`"),
        ("inner", "7:33 full-width write `: `"),
        ("quote", '2:5 full-width write `"` and `"`'),
    ],
)
def test_a_file_of_a_case_has_one_fault(name: str, fault: str) -> None:
    """It is at the character itself, and says which one to write."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert faults(coopgov.parse_agreement, text) == [fault]


@pytest.mark.parametrize(
    ("load", "text", "shown"),
    [
        (coopgov.parse_agreement, HEAD + "team：\n  members: []\n", ["7:5 full-width write `:`"]),
        (coopgov.parse_agreement, HEAD + "team:\n  members： []\n", ["8:10 full-width write `:`"]),
        (coopgov.parse_agreement, HEAD.replace("id: t", "id: “t”"), ['2:5 full-width write `"` and `"`']),
        (coopgov.parse_agreement, HEAD.replace("id: t", "id: ‘t’"), ["2:5 full-width write `'` and `'`"]),
        (coopgov.parse_agreement, HEAD.replace("id: t", "id:\u3000t"), ["2:4 full-width write a space"]),
        (coopgov.parse_agreement, HEAD.replace("id: t", "id: t ＃ ours"), ["2:7 full-width write `#`"]),
        (coopgov.parse_agreement, HEAD + "＃ 注释\n", ["7:1 full-width write `#`"]),
        (coopgov.parse_agreement, HEAD + "phases:\n  － id: p\n    planned: {start: 2026-01-05, end: 2026-03-31}\n",
         ["8:3 full-width write `-`"]),
        (coopgov.parse_agreement, HEAD.replace("[{id: a}, {id: b}]", "（｛id：a｝，{id: b}）"),
         ["6:10 full-width write `[` and `]`", "6:11 full-width write `{` and `}`", "6:14 full-width write `: `",
         "6:17 full-width write `,`"]),
        (coopgov.parse_agreement, HEAD.replace("}, {id: b}", "}、{id: b}"), ["6:18 full-width write `,`"]),
        (coopgov.parse_rules,
         RULES + ("rules:\n  - id：r\n    about: phase\n    kind: delay\n    when: started\n    severity: "
            "minor\n    message: m\n"), ["5:7 full-width write `: `"]),
        (coopgov.parse_rules,
         RULES + ("parameters：{x: 5 days}\nrules: [{id: r, about: phase, kind: delay, when: delay above "
            "x, severity: minor, message: m}]\n"), ["4:11 full-width write `: `"]),
        (parse_tests, TESTS + "tests： []\n", ["3:6 full-width write `:`"]),
        (mapping, MAPPING + "currency：CNY\ncolumns: {planned_end: End}\n", ["3:9 full-width write `: `"]),
        (mapping, MAPPING + "columns: {planned_end: End， budget: Cost}\ncurrency: CNY\n",
         ["3:27 full-width write `,`"]),
    ],
)  # fmt: skip
def test_every_format_reports_its_symbols(load: Callable[[str], object], text: str, shown: list[str]) -> None:
    """One fault for each place, and none that only follows from them."""
    assert faults(load, text) == shown


@pytest.mark.parametrize(
    "line",
    ["title: 港口：数据合作", 'title: "港口，数据"', "title: “港口”", "title: （暂定）港口", "title: ［暂定］",
     "title: 港口 ＃1", "vision: |\n  目标：合作，共赢\n  ｛甲｝"],
)  # fmt: skip
def test_a_text_may_hold_any_symbol(line: str) -> None:
    """Neither a file that loads nor one with another fault is blamed for punctuation in its texts."""
    text = HEAD.replace("title: T\n", line + "\n" if "title" in line else f"title: T\n{line}\n")
    assert coopgov.parse_agreement(text).id == "t"
    wrong = text.replace("2027-06-30", "2027-06-31")
    assert [each.split()[1] for each in faults(coopgov.parse_agreement, wrong)] == ["not-a-date"]
    broken = text + "team: {members: []\n"
    assert "full-width" not in " ".join(faults(coopgov.parse_agreement, broken))


def test_other_faults_are_reported_with_symbols() -> None:
    """What is wrong on other lines comes with its own place."""
    text = HEAD.replace("title: T", "title：T").replace("2027-06-30", "2027-06-31")
    assert faults(coopgov.parse_agreement, text) == [
        "3:6 full-width write `: `",
        "5:32 not-a-date there is no such day",
    ]


def structure(text: str) -> list[int]:
    """The places of the structural symbols of a file, without the commas and brackets of lists of texts."""
    starts = ("ValueToken", "FlowMappingStartToken", "FlowMappingEndToken", "BlockEntryToken")
    tokens = (
        (type(each).__name__, each.start_mark.index) for each in yaml.scan(text, Loader=yaml.SafeLoader)
    )
    return [at for name, at in tokens if name in starts and text[at] in WIDE]


@pytest.mark.parametrize(("load", "text"), [(coopgov.parse_agreement, PILOT), (coopgov.parse_rules, PACK)])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_symbols_of_a_file_are_reported_and_nothing_else(
    load: Callable[[str], object], text: str, data: st.DataObject
) -> None:
    """However many there are: each at its place, a closing bracket with the one that it closes."""
    places = structure(text)
    chosen = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=8))
    letters = [WIDE[letter] if at in chosen else letter for at, letter in enumerate(text)]
    with pytest.raises(coopgov.InputError) as caught:
        load("".join(letters))
    expected = {(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)): text[at] for at in chosen}
    shown = {(each.place.line, each.place.column) for each in caught.value.faults}
    assert {each.code for each in caught.value.faults} == {"full-width"}
    assert shown <= set(expected)
    assert all(expected[place] == "}" for place in set(expected) - shown)

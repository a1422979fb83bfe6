"""Rule files with expected findings, at least one for each code, and rule files without any findings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.analysis.analyse import analyse
from coopgov.analysis.finding_codes import finding_codes
from coopgov.analysis.scope import solver_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.result import Analysis

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BAD = sorted((HERE / "bad").glob("*.yaml"))
CLEAN = sorted((HERE / "clean").glob("*.yaml"))
OURS = (
    "cooperation-plan",
    "examples/pilot/tolerances.yaml",
    "examples/compact/rules.yaml",
    *(f"src/coopgov/cli/starter/{language}/rules.yaml" for language in ("en", "zh-Hans", "zh-Hant")),
)
AS_OF = date(2026, 6, 30)
_FENCE = re.compile(r"^```yaml rules\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"^# expected: (\S+ \S+)$", re.MULTILINE)


def _reported(analysis: Analysis) -> list[str]:
    places = ((each.fault.place, each.fault.code) for each in analysis.findings)
    return [f"{place.line}:{place.column} {code}" for place, code in places]


def _shown() -> Iterator[tuple[str, str]]:
    """The rule files of all pages but those about findings, with their names."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        if page.parent.name != "findings" and page.stem != "check-rules":
            for number, text in enumerate(_FENCE.findall(page.read_text(encoding="utf-8")), 1):
                yield f"{page.stem} {number}", text


SHOWN = dict(_shown())


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_file_that_must_fail_does(path: Path) -> None:
    """Exactly the findings that the comments at its top name, each with its line and column."""
    if path.stem.endswith("solver") and not solver_installed():
        pytest.skip("needs the solver")
    expected = _EXPECTED.findall(path.read_text(encoding="utf-8"))
    assert expected
    assert _reported(analyse(coopgov.load_rules(path), as_of=AS_OF)) == expected


def test_every_code_has_a_file_that_must_fail() -> None:
    """A new code needs a file whose name begins with it and which expects it."""
    shown = {
        code
        for path in BAD
        for code in re.findall(r"^# expected: \S+ (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        if path.stem.startswith(code)
    }
    assert shown == set(finding_codes())


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_a_clean_file_has_no_findings(path: Path) -> None:
    """Nothing is found where nothing is wrong, and nothing stays undecided."""
    analysis = analyse(coopgov.load_rules(path), as_of=AS_OF)
    assert _reported(analysis) == []
    assert analysis.undecided == ()


@pytest.mark.parametrize("name", OURS)
def test_what_we_ship_has_no_findings(name: str) -> None:
    """The shipped pack, the rules of the examples and the starter rules are clean, without ignoring anything."""
    path = ROOT / name
    analysis = analyse(coopgov.load_rules(path if path.exists() else name))
    assert _reported(analysis) == []
    assert analysis.ignored == ()


@pytest.mark.parametrize("name", SHOWN)
def test_the_rules_that_pages_show_have_no_findings(name: str) -> None:
    """The documentation teaches rules that are clean."""
    assert _reported(analyse(coopgov.parse_rules(SHOWN[name], name))) == []


def test_the_built_in_rules_have_no_findings() -> None:
    """The rules that are always there are looked at as if they were the file itself."""
    rules = coopgov.load_rules()
    built_in = replace(rules, sources=rules.sources[:1])
    assert built_in.sources[-1].file.pack == "built-in"
    assert _reported(analyse(built_in)) == []


@pytest.mark.parametrize("code", finding_codes())
def test_the_page_of_a_code_shows_it_and_mends_it(code: str) -> None:
    """The failing example has the finding, at the level of its code; the mended one has no findings at all."""
    each = finding_codes()[code]
    bad = analyse(coopgov.parse_rules(each.bad, "bad.yaml"), as_of=AS_OF)
    assert code in {found.fault.code for found in bad.findings}
    assert {found.level for found in bad.findings if found.fault.code == code} == {each.level}
    assert _reported(analyse(coopgov.parse_rules(each.good, "good.yaml"), as_of=AS_OF)) == []


@pytest.mark.parametrize("code", finding_codes())
def test_the_texts_of_a_code_are_sentences(code: str) -> None:
    """The summary is one sentence; names of codes are words joined by hyphens."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert re.fullmatch(r"[A-Z][^.]+\.", finding_codes()[code].summary)
    assert finding_codes()[code].explanation.endswith(".")

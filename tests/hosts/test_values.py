"""What hosts receive can be stored, compared, shown and turned into rows."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import coopgov
from coopgov.assessment.frames import COLUMNS
from coopgov.languages import LANGUAGES
from optional import needs

DAY = date(2026, 6, 30)
AGREEMENT = coopgov.load_agreement(Path(__file__).parents[2] / "examples/pilot/agreement.yaml")
RULES = coopgov.load_rules()
ASSESSMENT = coopgov.assess(AGREEMENT, RULES, as_of=DAY)
HISTORY = coopgov.backtest(AGREEMENT, RULES, first=date(2026, 4, 1), last=date(2026, 4, 20))
VALUES: dict[str, Any] = {
    "agreement": AGREEMENT,
    "rules": RULES,
    "engine": coopgov.Engine(RULES),
    "checker": RULES.checker("phase"),
    "rechecker": RULES.rechecker("phase", "spent"),
    "assessment": ASSESSMENT,
    "explanation": coopgov.explain(AGREEMENT, RULES, rule="phase-late", about="phase/core", as_of=DAY),
    "facts": coopgov.derive(AGREEMENT, DAY),
    "history": HISTORY,
    "comparison": coopgov.compare(HISTORY, HISTORY),
    "what_if": coopgov.what_if(AGREEMENT, RULES, {"phase/core.forecast_end": "2026-11-30"}, as_of=DAY),
    "analysis": coopgov.analyse(RULES),
    "calendar": coopgov.WorkingCalendar(),
}
HTML = "<b onclick='x'>&\"\x00"
"""A text that would break a page if it were not escaped."""


@pytest.mark.parametrize("name", VALUES)
def test_what_hosts_hold_can_be_pickled_copied_and_compared(name: str) -> None:
    """A pickle and a deep copy are equal to the original: for caches, queues and pools of processes."""
    value = VALUES[name]
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301  # our own
    assert copy.deepcopy(value) == value
    assert value != object()


def test_values_of_other_content_are_not_equal() -> None:
    """Equality is about content."""
    assert coopgov.assess(AGREEMENT, RULES, as_of=date(2026, 6, 29)) != ASSESSMENT
    assert coopgov.derive(AGREEMENT, date(2026, 6, 29)) != VALUES["facts"]
    assert RULES.checker("task") != VALUES["checker"]
    other = coopgov.explain(AGREEMENT, RULES, rule="phase-late", about="phase/setup", as_of=DAY)
    assert other != VALUES["explanation"]


@pytest.mark.parametrize(
    "name", [name for name in VALUES if name not in ("analysis", "calendar", "checker", "rechecker")]
)
def test_reprs_are_short(name: str) -> None:
    """A log or a console shows a whole value in one line that says which it is."""
    shown = repr(VALUES[name])
    assert shown.startswith(f"<{type(VALUES[name]).__name__} ")
    assert len(shown) < 100
    assert "\n" not in shown


def test_html_says_why_a_warning_does_not_count() -> None:
    """Nothing about the delay of a phase that has ended can change any more."""
    assert "past: nothing can change any more" in coopgov.to_html(ASSESSMENT)
    assert "已成定局" in coopgov.to_html(ASSESSMENT, "zh-Hans")


def test_reprs_say_which_value_it_is() -> None:
    """Id, date, status and numbers."""
    assert repr(AGREEMENT) == "<Agreement harbour-data: Harbour data cooperation>"
    assert (
        repr(ASSESSMENT)
        == "<Assessment harbour-data as of 2026-06-30: critical, 28 warnings, 2 undetermined>"
    )
    assert repr(VALUES["engine"]) == "<Engine cooperation-plan 1.0.0: direct>"
    assert repr(VALUES["explanation"]) == "<Explanation phase-late@phase/core: clear>"


def test_records_are_flat() -> None:
    """A row a warning, in the order of the warnings, with the columns of a frame and scalars only."""
    records = ASSESSMENT.to_records()
    assert [record["id"] for record in records] == [warning.id for warning in ASSESSMENT.warnings]
    for record in records:
        assert list(record) == list(COLUMNS)
        for name, value in record.items():
            assert value is None or isinstance(
                value, (int, float) if COLUMNS[name] is float else COLUMNS[name]
            )
    late = next(record for record in records if record["id"] == "phase-late@phase/setup")
    assert (late["measure"], late["measure_text"], late["threshold_text"]) == (
        20 / 85,
        "23.5 %",
        "above 20 %",
    )
    assert (late["past"], late["counted"], late["tell"], late["action"]) == (True, False, None, None)
    behind = next(record for record in records if record["id"] == "kpi-behind@kpi/satisfaction")
    assert (behind["tell"], behind["tell_by"], behind["action"]) == (
        "joint-lead",
        date(2026, 7, 7),
        "stricter-audits",
    )
    assert behind["counted"] is True


def test_measures_that_are_no_numbers_are_texts_only() -> None:
    """A column of numbers holds numbers."""
    figure = coopgov.Figure("2026-06-30", "", "2026-06-30")
    assert figure.number is None
    assert coopgov.Figure(True, "", "yes").number is None
    assert coopgov.Figure(0.25, "", "25 %").number == 0.25


@pytest.mark.parametrize("backend", ["polars", "pandas"])
@pytest.mark.parametrize("day", [DAY, date(2025, 1, 1)])
def test_frames_have_the_same_columns_whatever_is_found(backend: Any, day: date) -> None:
    """The types of columns do not depend on the warnings, so frames of many agreements can be put together."""
    needs(backend)
    assessment = coopgov.assess(AGREEMENT, RULES, as_of=day)
    frame: Any = assessment.to_frame(backend)
    whole: Any = ASSESSMENT.to_frame(backend)
    assert len(frame) == len(assessment.warnings)
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame.dtypes) == list(whole.dtypes)
    assert list(whole["id"]) == [warning.id for warning in ASSESSMENT.warnings]
    empty: Any = coopgov.assess(AGREEMENT, _rules("when: false, message: m"), as_of=day).to_frame(backend)
    assert list(empty.dtypes) == list(whole.dtypes)
    assert not len(empty)


def test_a_frame_of_another_library_is_an_error_that_names_those_there_are() -> None:
    """As any argument that does not fit."""
    frame: Any = ASSESSMENT.to_frame
    with pytest.raises(
        coopgov.ArgumentError,
        match='backend: found "panda", expected one of polars, pandas; did you mean "pandas"',
    ):
        frame("panda")


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is quoted for all shells."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(
        ModuleNotFoundError, match=r'polars is not installed; run `pip install "coopgov\[portfolio\]"`'
    ):
        ASSESSMENT.to_frame()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["assessment", "explanation", "rules"])
def test_html_is_well_formed_and_complete(name: str, language: str) -> None:
    """What a notebook shows: every element is closed, and all warnings, changes and rules are there."""
    page = coopgov.to_html(VALUES[name], language)
    _Page().check(page)
    ids = {
        "assessment": [warning.id for warning in ASSESSMENT.warnings],
        "explanation": [step.text for step in VALUES["explanation"].tree],
        "rules": [rule.id for rule in RULES.rules],
    }
    assert [each for each in ids[name] if each not in page] == []
    if language == "en":
        assert VALUES[name]._repr_html_() == page


def test_rule_sets_show_their_ladders() -> None:
    """As the pages of `rules doc` do; a rule without a ladder shows its condition."""
    page = coopgov.to_html(RULES)
    ladders = [name for name in coopgov.rule_pages(RULES) if name.endswith(".svg")]
    assert page.count("<svg") == len(ladders) > 10
    assert "has_source" in page


def test_texts_of_people_are_escaped_in_html() -> None:
    """Neither a message nor a title nor an id can add an element to the page."""
    agreement = coopgov.build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": DAY, "end": DAY},
            "parties": [{"id": "p"}, {"id": "q"}],
            "kpis": [{"id": "k", "name": HTML.replace("\x00", "")}],
        }
    )
    text = HTML.replace("\x00", "").replace('"', '\\"')
    rules = _rules(f'when: true, title: "{text}", message: "{{kpi.name}} {text}"')
    assessment = coopgov.assess(agreement, rules, as_of=DAY)
    explanation = coopgov.explain(agreement, rules, rule="r", about="kpi/k", as_of=DAY)
    for value in (assessment, rules, explanation):
        page = coopgov.to_html(value)
        _Page().check(page)
        assert "<b " not in page
        assert "&lt;b onclick=&#x27;x&#x27;&gt;&amp;&quot;" in page


def test_what_cannot_be_shown_is_an_error_that_says_so() -> None:
    """And it names what can."""
    show: Any = coopgov.to_html
    with pytest.raises(coopgov.ArgumentError, match="expected an assessment, an explanation or a rule set"):
        show(AGREEMENT)


def _rules(rule: str) -> coopgov.RuleSet:
    """A rule set of one rule about KPIs."""
    head = 'coopgov: rules/1\npack: p\nversion: "1"\nrules:\n'
    return coopgov.parse_rules(f"{head}- {{id: r, about: kpi, kind: other, severity: minor, {rule}}}\n")


class _Page(HTMLParser):
    """Reads a page, and makes sure that elements are closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def check(self, page: str) -> None:
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

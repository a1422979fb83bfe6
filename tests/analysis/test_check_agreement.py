"""What `check_agreement` finds: each code where it is meant and nowhere else, whatever the order of entries."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov.analysis.finding_codes import agreement_finding_codes, finding_codes
from coopgov.languages import LANGUAGES
from coopgov.locales import Phrase
from coopgov.model.findings import FINDING_LEVELS
from coopgov.testing import agreement_mappings, agreements
from small import ANNA, KPI, PHASE, least

if TYPE_CHECKING:
    from coopgov import Agreement

ROOT = Path(__file__).parents[2]
BASE = least("port", "works")


def checked(**fields: Any) -> list[str]:
    """Place and code of each finding of an agreement with these fields."""
    findings = coopgov.check_agreement(coopgov.build_agreement({**BASE, **fields})).findings
    return [f"{each.fault.place.file} {each.fault.code}" for each in findings]


@pytest.mark.parametrize("code", agreement_finding_codes())
def test_the_page_of_a_code_shows_it_and_mends_it(code: str) -> None:
    """The failing example has the finding, at the level of its code, and no other; the mended one has none."""
    each = agreement_finding_codes()[code]
    bad = coopgov.check_agreement(coopgov.parse_agreement(each.bad, "bad.yaml"))
    assert [(found.fault.code, found.level) for found in bad.findings] == [(code, each.level)]
    assert coopgov.check_agreement(coopgov.parse_agreement(each.good, "good.yaml")).findings == ()


@pytest.mark.parametrize("code", agreement_finding_codes())
def test_the_texts_of_a_code_are_sentences(code: str) -> None:
    """The summary is one sentence, and the explanation some; Chinese texts are Chinese."""
    each = agreement_finding_codes()[code]
    assert re.fullmatch(r"[A-Z][^.]+\.", each.summary)
    assert each.explanation.endswith(".")
    for language in LANGUAGES[1:]:
        assert each.summary.in_language(language).endswith("。")
        assert each.explanation.in_language(language).endswith("。")


def test_every_code_has_a_page() -> None:
    """The levels and the pages are about the same codes, and none of them is a code of rules."""
    assert list(agreement_finding_codes()) == list(FINDING_LEVELS)
    assert not set(finding_codes()) & set(agreement_finding_codes())


@pytest.mark.parametrize("code", agreement_finding_codes())
def test_what_a_finding_says_is_in_every_language(code: str) -> None:
    """Found, expected and hint are phrases; their Chinese has no English beside names and keys."""
    bad = coopgov.check_agreement(coopgov.parse_agreement(agreement_finding_codes()[code].bad))
    fault = bad.findings[0].fault
    for told in (fault.found, fault.expected, fault.hint):
        assert isinstance(told, Phrase)
        quoted = re.sub(r"`[^`]*`|“[^”]*”|[a-z-]+/[a-z]+|cooperation-plan", "", told.in_language("zh-Hans"))
        assert not re.search("[A-Za-z]{2}", quoted)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pilot", ["phase-incomplete"]),
        ("full", ["kpi-incomplete", "phase-incomplete"]),
        ("compact", []),
        (
            "large",
            [
                "phase-incomplete",
                "phase-incomplete",
                "phase-incomplete",
                "phase-incomplete",
                "task-before-predecessor",
                "task-before-predecessor",
                "vacant-owner",
            ],
        ),
    ],
)
def test_the_examples_have_the_findings_that_they_deserve(name: str, expected: list[str]) -> None:
    """Few, each of them something that a project manager would mend; the compact ignores its own with a reason."""
    agreement = coopgov.load_agreement(ROOT / "examples" / name / "agreement.yaml")
    analysis = coopgov.check_agreement(agreement, as_of=date(2026, 6, 30))
    assert sorted(each.fault.code for each in analysis.findings) == expected
    assert {each.finding.fault.code for each in analysis.ignored} == (
        {"kpi-incomplete"} if name == "compact" else set()
    )


def test_a_waiver_is_compared_with_the_rules() -> None:
    """By default with those of the shipped pack; a rule that is switched off sets nothing aside either."""
    waivers = [{"rule": "own-rule", "about": "phase/p", "until": "2026-03-31", "reason": "R"}]
    agreement = coopgov.build_agreement({**BASE, "phases": [PHASE], "waivers": waivers})
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        "  - {id: own-rule, about: phase, kind: delay, severity: minor, when: not ended, message: M.}\n"
    )
    (found,) = coopgov.check_agreement(agreement).findings
    assert str(found.fault.expected).startswith("a rule of cooperation-plan ")
    assert coopgov.check_agreement(agreement, rules).findings == ()


def test_a_finding_is_ignored_with_a_reason() -> None:
    """At the line or at the entry, up to a day, with a reason; a comment without effect is reported itself."""
    text = agreement_finding_codes()["phase-incomplete"].bad

    def told(before: str, after: str, as_of: date | None = None) -> tuple[list[str], list[str]]:
        agreement = coopgov.parse_agreement(text.replace(before, after))
        analysis = coopgov.check_agreement(agreement, as_of=as_of)
        return [each.fault.code for each in analysis.findings], [each.reason for each in analysis.ignored]

    ignore = "# coopgov: ignore phase-incomplete"
    assert told("phases:", f"{ignore}: no money\nphases:") == ([], ["no money"])
    assert told("id: set-up", f"id: set-up  {ignore} until 2026-06-30: soon") == ([], ["soon"])
    late = told("id: set-up", f"id: set-up  {ignore} until 2026-06-30: soon", date(2026, 7, 1))
    assert late == (["phase-incomplete", "expired-ignore"], [])
    assert told("id: set-up", f"id: set-up  {ignore}") == (["phase-incomplete", "ignore-without-reason"], [])
    assert told("currency: CNY", f"currency: CNY  {ignore}: x") == (["unused-ignore", "phase-incomplete"], [])
    assert told("id: set-up", f"id: set-up  {ignore}, unused-fact: x")[0] == ["unused-ignore"]
    assert told("id: set-up", f"id: set-up  {ignore}, missing-key: x")[0] == ["unused-ignore"]


def test_what_a_lenient_agreement_lacks_can_be_ignored() -> None:
    """Its codes are those of faults."""
    text = agreement_finding_codes()["phase-incomplete"].good.replace("currency", "strict: false\ncurrency")
    text = text.replace("start: 2026-02-02, ", "").replace(
        "phases:", "# coopgov: ignore missing-key: a draft\nphases:"
    )
    analysis = coopgov.check_agreement(coopgov.parse_agreement(text))
    assert (analysis.findings, len(analysis.ignored)) == ((), 1)


ORDERLESS = {
    *(
        "parties",
        "members",
        "bodies",
        "chairs",
        "absent",
        "meetings",
        "minutes",
        "decisions",
        "held",
        "reports",
    ),
    *(
        "goals",
        "kpis",
        "readings",
        "phases",
        "spending",
        "budget",
        "tasks",
        "milestones",
        "deliverables",
        "risks",
    ),
    *("responses", "status", "forecast", "progress", "rates", "holidays"),
}
"""Lists whose order says nothing."""


def _shuffled(value: Any, mix: random.Random) -> Any:
    """The value with all lists without an order in another one."""
    if isinstance(value, dict):
        made = {key: _shuffled(each, mix) for key, each in value.items()}
        for key, each in made.items():
            if key in ORDERLESS and isinstance(each, list):
                made[key] = mix.sample(each, len(each))
        return made
    return [_shuffled(each, mix) for each in value] if isinstance(value, list) else value


def _told(agreement: Agreement) -> list[tuple[str, str, str, str]]:
    findings = coopgov.check_agreement(agreement).findings
    return sorted(
        (each.fault.code, each.fault.found, each.fault.expected, each.fault.hint) for each in findings
    )


@settings(max_examples=60, deadline=None)
@given(agreement_mappings(days=st.dates(date(2026, 1, 1), date(2029, 12, 31)), strict=False), st.integers())
def test_the_order_of_entries_has_no_meaning(mapping: dict[str, Any], seed: int) -> None:
    """The same findings, wherever they then are."""
    mixed = _shuffled(mapping, random.Random(seed))  # noqa: S311  # drawn by Hypothesis
    assert _told(coopgov.build_agreement(mixed)) == _told(coopgov.build_agreement(mapping))


@settings(max_examples=60, deadline=None)
@given(agreements(strict=False), st.dates())
def test_an_agreement_that_loads_can_be_checked(agreement: Agreement, as_of: date) -> None:
    """Whatever is in it, also when it was written and read again: then the findings have lines."""
    assert all(each.fault.code for each in coopgov.check_agreement(agreement, as_of=as_of).findings)
    again = coopgov.parse_agreement(coopgov.dump_agreement(agreement))
    findings = coopgov.check_agreement(again, as_of=as_of).findings
    assert all(each.fault.place.line for each in findings)
    assert [str(each) for each in findings] == [str(each) for each in coopgov.check_agreement(again).findings]


DAYS = st.dates(date(2026, 2, 2), date(2027, 3, 31))


@settings(max_examples=60, deadline=None)
@given(st.lists(DAYS, min_size=2, max_size=6, unique=True).map(sorted), st.integers(1, 3))
def test_a_plan_whose_parts_follow_each_other_has_no_findings(days: list[date], months: int) -> None:
    """Phases, tasks and milestones between the same days, complete KPIs, and owners that exist."""
    windows = [{"start": start, "end": end} for start, end in pairwise(days)]
    phases = [
        {
            **PHASE,
            "id": f"p{at}",
            "planned": window,
            "buffer": "1 day",
            "owner": "anna",
            "milestones": [{"id": "m", "due": window["end"], "owner": "port"}],
            "tasks": [{"id": "t", "planned": window, "after": [f"p{at - 1}/t"] if at else []}],
        }
        for at, window in enumerate(windows)
    ]
    kpis = [{**KPI, "every": f"{months} months", "target": {"value": 2, "by": days[-1]}}]
    assert checked(phases=phases, kpis=kpis, team={"members": [ANNA]}) == []

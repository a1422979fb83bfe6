"""One hint and the right one: what it says is accepted."""

from __future__ import annotations

import pytest

import coopgov
from cases.faults import HEAD, RULES, faults_of, short, text_of
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.hints import followed
from coopgov.language.parser import parse
from coopgov.language.type_check import check


def test_values_in_other_spellings() -> None:
    """One fault for each that has no certain meaning, with what the field accepts; the others are accepted."""
    assert short(faults_of(coopgov.parse_agreement, text_of("33", "a.yaml"))) == [
        '13:10 unknown-key did you mean "on"?',
        "14:34 not-an-amount write 1000",
        "16:27 not-a-span",
    ]


def test_expressions_in_other_spellings() -> None:
    """One fault for each, with what the language has for it."""
    assert short(faults_of(coopgov.parse_rules, text_of("33", "r.yaml"))) == [
        "5:55 syntax write `and`",
        "6:55 unit-mismatch write `(elapsed / 1 day)`, which is a plain number",
        "7:46 wrong-number-of-values put some of them in a `max` of their own",
    ]
    assert short(faults_of(coopgov.parse_rules, text_of("33", "braces.yaml"))) == [
        "5:83 full-width write `{delay}`"
    ]


def test_too_long_a_span_says_how_long_one_may_be() -> None:
    """There is no hint, because no close value can be the intended one."""
    (fault,) = faults_of(coopgov.parse_agreement, HEAD + "meetings: [{id: m, every: 999999999 days}]\n")
    assert fault.expected == "a span of at most 999,999 in its unit"


@pytest.mark.parametrize("braces", ["｛delay｝", "｛delay}", "{delay｝", "｛ delay ｝"])
def test_a_placeholder_in_full_width_braces(braces: str) -> None:
    """A full-width placeholder is reported; other text in such braces is plain text."""
    rule = "rules: [{id: r, about: phase, kind: delay, when: started, severity: minor, message: '%s'}]\n"
    (fault,) = faults_of(coopgov.parse_rules, RULES + rule % braces)
    assert (fault.code, fault.hint) == ("full-width", "write `{delay}`")
    assert coopgov.parse_rules(RULES + rule % "｛延误｝").pack == "t"


VALUES = {
    "phases: [{id: p, planned: {start: %s, end: 2026-12-31}}]": ["2026/3/5", "2026.3.5", "2026年3月5日",
    "２０２６-０３-０５", "2026-3-5", "20260305", "2026-03-05T00:00:00", "03/05/2026",
    "2026-4-15", "2026 5 6", "20260607"],
    "phases: [{id: p, planned: {start: 2026-01-05, end: 2026-12-31}, budget: %s}]": ["1 000", '"1,234"', '"12,5"',
    "120万", "1.2亿", "300000元", "¥300000", "￥ 300000", "120万元", "100 cny", "CNY 100", "010", "+5", "1_000",
    "1'000", "5.", ".5", "１２", "'1.200,50'", "2 000", "3_000", "020", "8 cny", "RMB 7"],
    "phases: [{id: p, planned: {start: 2026-01-05, end: 2026-12-31}, buffer: %s}]": ["5天", "5个工作日", "2周", "5d",
    "1 wk", "5 Days", "5 business days", "5 workng days", "５ days", "6d", "2 wd"],
    "meetings: [{id: m, every: %s}]": ["3个月", "1年", "半年", "2 quarters", "1 Month", "'1,000 days'"],
    "phases: [{id: p, planned: {start: 2026-01-05, end: 2026-12-31}, progress: %s}]": ["8 percent", "８％", "0.5",
    "50", "'12,5 %'", "百分之5", "8pct", "9 percent", "0.25"],
    "team: {members: [{id: m, key_role: %s}]}": [],
    "calendar: {country: CN, weekend: [%s]}": ["Saturday", "saterday"],
    "kpis: [{id: k, unit: points, target: {value: %s}}]": ["1 000", "'1,234'", "'12,5'", "1e", "92 %", "12万"],
    "risks: [{id: %s, title: T}]": ["r r", "(r)", "r/r"],
    "kpis: [{id: k, unit: points, direction: %s}]": ["Up", "dwn"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "value"), [(line, value) for line, values in VALUES.items() for value in values]
)
def test_what_a_hint_says_of_a_value_is_accepted(line: str, value: str) -> None:
    """Put in the place of what the caret marks, the first thing that a hint names leaves no fault."""
    text = HEAD + line % value + "\n"
    try:
        coopgov.parse_agreement(text)
    except coopgov.AgreementError as error:
        (fault,) = error.faults
        if not fault.hint:
            assert value == "1e"
            return
        lines = text.split("\n")
        at, start = fault.place.line - 1, fault.place.column - 1
        lines[at] = followed(fault.hint, lines[at], start, start + fault.width)
        assert coopgov.parse_agreement("\n".join(lines)).id == "t"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("phases: [{id: p, plan: {start: 2026-01-05, end: 2026-12-31}}]", "planned"),
        ("phases: [{id: p, planed: {start: 2026-01-05, end: 2026-12-31}}]", "planned"),
        ("phases: [{id: p, PLANNED: {start: 2026-01-05, end: 2026-12-31}}]", "planned"),
        ("phases: [{id: p, ｐｌａｎｎｅｄ: {start: 2026-01-05, end: 2026-12-31}}]", "planned"),
        ("phases: [{id: p, planned: {from: 2026-01-05, end: 2026-12-31}}]", "start"),
        ("phases: [{id: p, planned: {开始: 2026-01-05, end: 2026-12-31}}]", "start"),
        ("phases: [{id: p, planned: {start: 2026-01-05, until: 2026-12-31}}]", "end"),
        ("meetings: [{id: m, frequency: 1 month}]", "every"),
        ("meetings: [{id: m, 频率: 1 month}]", "every"),
        ("goals: [{id: g, text: Better}]", "statement"),
        ("kpis: [{id: k, readings: [{date: 2026-01-05, value: 1}]}]", "on"),
        ("kpis: [{id: k, readings: [{on: 2026-01-05, result: 1}]}]", "value"),
    ],
)
def test_a_key_by_another_name_is_one_fault(line: str, meant: str) -> None:
    """The missing key is the intended one; with it, the file loads."""
    text = HEAD + line + "\n"
    (fault,) = faults_of(coopgov.parse_agreement, text)
    assert (fault.code, fault.hint) == ("unknown-key", f'did you mean "{meant}"?')
    lines = text.split("\n")
    at, start = fault.place.line - 1, fault.place.column - 1
    lines[at] = followed(fault.hint, lines[at], start, start + fault.width)
    assert coopgov.parse_agreement("\n".join(lines)).id == "t"


def test_a_key_that_is_there_is_not_proposed() -> None:
    """It would be doubled."""
    (fault,) = faults_of(coopgov.parse_agreement, HEAD + "titel: U\n")
    assert fault.hint.startswith("known keys: ")


EXPRESSIONS = [
    "started && ended", "started&&ended", "started || !ended", "! started", "delay ＞ 5 days",
    "（started） and ended", "delay above ５ days", "delay above 5 dys",
    "delay above 5dy", "delay above 5 dayz", "delay = 5 days", "delay === 5 days", "delay !== 5 days",
    "delay <> 5 days", "delay ≥ 5 days", "delay ≤ 5 days",
    "delay ≠ 5 days", "delay => 5 days", "delay above 1 000 days", "delay above 1,000 days", "delay above 12,5 days",
    "delay above 1,200,000 days",
    "delay above 1_000 days", "delay above 007 days", "spent / elapsed above 50 money",
    "spent / (elapsed + 1 day) above 50 money", "delay greater than 5 days",
    "delay ABOVE 5 days", "started AND ended", "working_days(planned_start, planned_end) above 5 business days",
    "ｄｅｌａｙ above 5 days", "overspend above 5％", "delay above 5", "spent above 5",
    "delay－window above 1 day", "delay-window above 1 day", "delay -window above 1 day", "planned_end > 2026/3/5",
    "planned_end > 2026年3月5日",
    'planned_end > "2026-03-05"', "planned_end is null", "planned_end is not None", "delay abov 5 days",
    "window × 2 above 3 days", "max（1 day，delay） above 1 day",
    "dealy above 5 days", "overspend above 5 ％", "delay equals 5 days", "cout(tasks) above 1", "delay at leest 5 days",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_a_hint_says_of_an_expression_is_accepted(text: str) -> None:
    """Put in the place of what is marked, it leaves nothing to say."""
    with pytest.raises(coopgov.ExpressionError) as caught:
        check(parse(text), "phase", default_catalogue())
    mended = followed(caught.value.hint, text, caught.value.start, caught.value.end)
    assert check(parse(mended), "phase", default_catalogue()).type.kind == "truth"

"""What project managers write for words of the format: one hint, and what it says is accepted.

And other small surprises.
"""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.hints import followed

DAY = date(2026, 6, 30)
HEAD = (
    "coopgov: agreement/1\nid: t\ntitle: T\ncurrency: CNY\nterm: {start: 2026-01-05, end: "
    "2027-06-30}\nparties: [{id: a}, {id: b}]\n"
)
RULES = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
PHASE = "phases: [{id: p, planned: {start: 2026-01-05, end: 2026-12-31}, %s}]"
HINTED = {
    "meetings: [{id: m, every: %s}]": {
        "每周": "1 week", "每两周": "2 weeks", "每兩週": "2 weeks", "双周": "2 weeks",
        "每月": "1 month", "每个月": "1 month",
        "每三个月": "3 months", "每季度": "3 months", "季度": "3 months", "每半年": "6 months", "每年": "12 months",
        "每天": "1 day", "每日": "1 day", "每个工作日": "1 working day", "每5个工作日": "5 working days",
        "weekly": "1 week", "every 2 weeks": "2 weeks", "monthly": "1 month", "month": "1 month", "3月": "3 months",
        "quarterly": "3 months", "fortnightly": "2 weeks", "10": "10 days or 10 working days",
    },
    "meetings: [{id: m, every: 1 week, length: %s}]": {
        "1.5 hours": "90 minutes", "半小时": "30 minutes", "1.5小时": "90 minutes", "90": "90 hours or 90 minutes",
    },
    "calendar: {country: %s}": {"cn": "CN", "中国": "CN", "China": "CN", "Germany": "DE"},
    "calendar: {holidays: [%s]}": {"03/05/2026": "2026-03-05 or 2026-05-03", "25.05.2026": "2026-05-25"},
}  # fmt: skip
ACCEPTED = {
    "meetings: [{id: m, every: %s}]": {
        "一个月": "1 month", "十天": "10 days", "２ Weeks": "2 weeks", "3個月": "3 months",
        "5个工作日": "5 working days",
    },
    "meetings: [{id: m, every: 1 week, length: %s}]": {"1小时": "1 hour", "90分鐘": "90 minutes"},
    "calendar: {weekend: [%s]}": {"星期六": "saturday", "周日": "sunday", "週五": "friday", "Sat": "saturday"},
    PHASE % "tasks: [{id: t, planned: {start: 2026-01-05, end: 2026-12-31}, status: %s}]": {
        "已完成": "done", "完成": "done", "completed": "done", "Done": "done", "进行中": "in progress",
        "進行中": "in progress", "In-Progress": "in progress", "未开始": "not started",
    },
    PHASE % "milestones: [{id: t, due: 2026-12-31, status: %s}]": {
        "已完成": "met", "达成": "met", "部分完成": "partially met", "未达成": "not met",
    },
    "kpis: [{id: k, direction: %s}]": {"下降": "down", "越低越好": "down", "上升": "up", "increase": "up", "Up": "up"},
    "kpis: [{id: k, category: %s}]": {"满意度": "satisfaction", "SATISFACTION": "satisfaction", "品質": "quality"},
    "kpis: [{id: k, unit: %s}]": {"分": "points", "天": "days", "个工作日": "working days", "％": '"%"'},
    "risks: [{id: k, title: T, status: %s}]": {"已发生": "occurred", "關閉": "closed"},
    "risks: [{id: k, title: T, category: %s}]": {
        "资源冲突": "resource-conflict", "Resource Conflict": "resource-conflict",
    },
    "risks: [{id: k, title: T, causes: [%s]}]": {"技术": "technical", "資源": "resources"},
    "risks: [{id: k, title: T, owner: %s}]": {"项目经理": "project-manager", "專案經理": "project-manager"},
    "team: {leadership: %s}": {"联合": "joint", "轮值": "rotating"},
    "team: {members: [{id: m, role: %s}]}": {"项目经理": "project-manager", "沟通 专员": "communication-officer"},
    "team: {key_roles: [%s]}": {"财务联络人": "finance-liaison"},
    "plans: [{id: k, title: T, answers: [%s]}]": {"延误": "delay", "超支": "overspend"},
    "plans: [{id: k, title: T, answers: [delay], strains: [%s]}]": {"费用": "budget", "人员": "people"},
    "team: {bodies: [{id: steering}]}\nplans: [{id: k, title: T, answers: [delay], owner: %s}]": {
        "指导委员会": "steering", "Steering Committee": "steering",
    },
    "team: {bodies: [{id: steering}]}\nmeetings: [{id: m, body: %s}]": {"指导委员会": "steering"},
}  # fmt: skip


def shown(load: Any, text: str) -> coopgov.Fault:
    """The one fault of a text."""
    with pytest.raises(coopgov.InputError) as caught:
        load(text)
    (fault,) = caught.value.faults
    return fault


def mended(text: str, fault: coopgov.Fault) -> str:
    """A text in which the hint of a fault was followed."""
    lines = text.split("\n")
    at, start = fault.place.line - 1, fault.place.column - 1
    lines[at] = followed(fault.hint, lines[at], start, start + fault.width)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "word", "meant"), [(line, *pair) for line, words in HINTED.items() for pair in words.items()]
)
def test_a_word_of_the_reader_is_reported_as_the_word_of_the_file(line: str, word: str, meant: str) -> None:
    """And what the hint says is accepted."""
    text = HEAD + line % word + "\n"
    fault = shown(coopgov.parse_agreement, text)
    assert fault.hint == f"write {meant}"
    assert coopgov.parse_agreement(mended(text, fault)).id == "t"


@pytest.mark.parametrize(
    ("line", "word", "meant"), [(line, *pair) for line, words in ACCEPTED.items() for pair in words.items()]
)
def test_a_synonym_is_the_canonical_value(line: str, word: str, meant: str) -> None:
    """An agreement with a synonym equals the one with the canonical value, and is written with it."""
    found, canonical = (coopgov.parse_agreement(HEAD + line % each + "\n") for each in (word, meant))
    assert found == canonical
    assert coopgov.dump_agreement(found) == coopgov.dump_agreement(canonical)


@pytest.mark.parametrize("word", ["每小时", "1.5 months", "半个月", "biweekly", "Monday", "0"])
def test_what_has_no_certain_meaning_has_no_hint(word: str) -> None:
    """A wrong one would be followed."""
    assert shown(coopgov.parse_agreement, HEAD + f"meetings: [{{id: m, every: {word}}}]\n").hint == ""


@pytest.mark.parametrize("word", ["2026-10-01..2026-10-07", "2026-10-01 至 2026-10-07"])
def test_a_range_of_days_is_not_reported_as_its_first_day(word: str) -> None:
    """Six holidays would be lost."""
    assert shown(coopgov.parse_agreement, HEAD + f"calendar: {{holidays: [{word}]}}\n").hint == ""


def test_a_type_of_subject_has_no_synonyms() -> None:
    """It is part of the names of subjects, which never change."""
    rule = "{id: r, about: 阶段, kind: delay, when: started, severity: minor, message: m}"
    text = f"{RULES}rules:\n  - {rule}\n"
    fault = shown(coopgov.parse_rules, text)
    assert fault.hint == "write phase"
    assert coopgov.parse_rules(mended(text, fault)).pack == "t"


MILD = "about: phase, kind: delay, severity: minor"


@pytest.mark.parametrize(
    ("rest", "written", "canonical"),
    [
        ("about: phase, when: started", "kind: 延误, severity: 严重", "kind: delay, severity: major"),
        (
            "about: phase, kind: delay, measure: delay",
            "bands: {轻微: above 3天, 嚴重: above 2周}",
            "bands: {minor: above 3 days, major: above 2 weeks}",
        ),
        (
            "about: kpi, kind: quality, measure: value, bands: {minor: below 80 分}",
            "where: 'category is \"满意度\"'",
            "where: 'category is \"satisfaction\"'",
        ),
        (
            "about: task, kind: delay, severity: minor",
            'when: \'status in ["进行中", "未开始"]\', causes: [资源]',
            'when: \'status in ["in progress", "not started"]\', causes: [resources]',
        ),
        (MILD, "when: spent above 120 元", "when: spent above 120 money"),
        (MILD, "when: spent above 10万元", "when: spent above 100000 money"),
        (MILD, "when: spent + 1.2 亿元 above 120万 USD", "when: spent + 120000000 money above 1200000 USD"),
        (MILD, "when: count(tasks) above 1万", "when: count(tasks) above 10000"),
        (
            f"{MILD}, when: started",
            "escalate: {轻微: Steering Committee within 5个工作日}",
            "escalate: {minor: steering within 5 working days}",
        ),
    ],
)
def test_a_synonym_in_rules_is_the_canonical_value(rest: str, written: str, canonical: str) -> None:
    """Rules mean the same with either, so their digests are equal."""
    found, wanted = (
        coopgov.parse_rules(f"{RULES}rules:\n  - {{id: r, {rest}, {each}, message: m}}\n")
        for each in (written, canonical)
    )
    assert found.digest == wanted.digest


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ("delay above 二十一天", "21 days"),
        ("delay above 两周", "2 weeks"),
        ("delay above 一百零五天", "105 days"),
        ("delay above 半年", "6 months"),
        ("spent above 二十万元", "200000 money"),
        ("spent above 10万", "100000 money"),
        ("spent above ¥300,000", "300000 money"),
        ("spent above 300,000元", "300000"),
        ("spent / budget above 百分之十", "10 %"),
    ],
)
def test_a_number_in_chinese_is_reported_with_what_to_write(condition: str, written: str) -> None:
    """The rule language has figures; a hint gives them, and the rule loads when it is followed, unless units differ."""
    text = f"{RULES}rules:\n  - {{id: r, {MILD}, when: '{condition}', message: m}}\n"
    fault = shown(coopgov.parse_rules, text)
    assert fault.hint.split(" or ")[0].strip("`").removeprefix("write `").rstrip("`") == written
    after = mended(text, fault)
    if written == "6 months":
        assert shown(coopgov.parse_rules, after).code == "unit-mismatch"
    else:
        assert coopgov.parse_rules(after).pack == "t"


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("ended or 延误 above 5 days", "delay"),
        ("delay above 1 day and 支出 above 5 money", "spent"),
        ("as_of above 計畫結束日", "planned_end"),
        ("ended or spending above 5 money", "spent"),
    ],
)
def test_a_fact_by_its_display_name_is_reported_with_its_name(condition: str, name: str) -> None:
    """People read display names in explanations; in each language, they lead to the name that rules use."""
    text = f"{RULES}rules:\n  - {{id: r, {MILD}, when: '{condition}', message: m}}\n"
    fault = shown(coopgov.parse_rules, text)
    assert fault.hint == f'did you mean "{name}"?'
    assert coopgov.parse_rules(mended(text, fault)).pack == "t"


WHOLE = "about: agreement, kind: k, severity: minor, message: m"


def test_a_title_in_place_of_an_id_is_reported_with_the_id() -> None:
    """Under `inhibit`, in conditions about warnings, in overrides and in waivers."""
    head = f"{RULES}extends: [cooperation-plan]\n"
    for rest in (
        "inhibit: [{by: 阶段延误, hides: [task-overdue]}]",
        "inhibit: [{by: phase-late, hides: [任务逾期]}]",
        "rules: [{id: 阶段延误, override: true, enabled: false}]",
    ):
        fault = shown(coopgov.parse_rules, f"{head}{rest}\n")
        assert fault.hint in ('did you mean "phase-late"?', 'did you mean "task-overdue"?'), rest
        assert coopgov.parse_rules(mended(f"{head}{rest}\n", fault)).pack == "t"
    when = f"rules: [{{id: r, {WHOLE}, when: 'any(warnings where rule is \"阶段延误\")'}}]"
    assert shown(coopgov.parse_rules, f"{head}{when}\n").hint == 'did you mean "phase-late"?'
    waiver = "waivers: [{rule: 阶段延误, about: phase/p, until: 2026-12-31, reason: R}]\n"
    agreement = coopgov.parse_agreement(f"{HEAD}{PHASE % 'budget: 5, buffer: 1 day'}\n{waiver}")
    (one,) = coopgov.check_agreement(agreement).findings
    assert one.fault.hint == 'did you mean "phase-late"?'


def test_the_unit_of_a_kpi_can_have_a_scale() -> None:
    """Beside the value of a KPI, 万元 is the unit that it is, since KPIs have such units."""
    rule = "{id: r, about: kpi, kind: k, when: value above 10 万元, severity: minor, message: m}"
    text = f"{RULES}rules:\n  - {rule}\n"
    checker = coopgov.parse_rules(text).checker("kpi")
    hits = {value: checker({"value": value, "unit": "万元"}, as_of=date(2026, 6, 30))[0] for value in (9, 11)}
    assert [bool(each) for each in hits.values()] == [False, True]


def test_a_severity_by_two_names_is_one_too_many() -> None:
    """The second would silently replace the first."""
    bands = "{轻微: above 3 days, minor: above 5 days}"
    rule = f"{{id: r, about: phase, kind: delay, measure: delay, bands: {bands}, message: m}}"
    fault = shown(coopgov.parse_rules, f"{RULES}rules:\n  - {rule}\n")
    assert fault.code == "duplicate-key"


def test_a_fault_in_a_band_by_a_synonym_is_at_its_place() -> None:
    """It is reported in the text of the band."""
    rule = "{id: r, about: phase, kind: delay, measure: delay, bands: {轻微: above 3 kWh}, message: m}"
    fault = shown(coopgov.parse_rules, f"{RULES}rules:\n  - {rule}\n")
    assert (fault.code, fault.place.column) == ("unit-mismatch", 5 + rule.index("3 kWh"))


# The arguments of checkers ----------------------------------------------------------------------------------

RULE_SET = coopgov.parse_rules(
    f"{RULES}rules:\n"
    "  - {id: a, about: phase, kind: delay, when: actual_end above planned_end, severity: minor, message: m}\n"
    "  - {id: b, about: phase, kind: delay, when: spent above budget, severity: minor, message: m}\n"
    "  - {id: c, about: phase, kind: delay, when: planned_end below as_of, severity: minor, message: m}\n"
)
RECORD = {"actual_end": date(2026, 3, 1), "planned_end": date(2026, 3, 1), "spent": 1, "budget": 2}


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
@pytest.mark.parametrize("record", [RECORD, {}])
@pytest.mark.parametrize("as_of", ["2026-06-30", 20260630, np.datetime64("2026-06-30")])
def test_a_wrong_date_is_a_wrong_argument(backend: str, record: dict[str, Any], as_of: Any) -> None:
    """Whether or not the record is whole."""
    with pytest.raises(coopgov.ArgumentError) as caught:
        RULE_SET.checker("phase", backend=backend)(record, as_of=as_of)
    assert caught.value.argument == "as_of"


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
@pytest.mark.parametrize("record", [[1], None, "spent", 5])
def test_a_record_that_is_none_is_a_wrong_argument(backend: str, record: Any) -> None:
    """The error names the argument."""
    with pytest.raises(coopgov.ArgumentError) as caught:
        RULE_SET.checker("phase", backend=backend)(record, as_of=DAY)
    assert (caught.value.argument, caught.value.expected) == ("facts", "a mapping of facts")


@pytest.mark.parametrize("filtered", ["ignore", "error"])
@pytest.mark.parametrize("fact", ["spent", "budget", "planned_end", "actual_end"])
@pytest.mark.parametrize("masked", [np.ma.masked, np.ma.array(1.0, mask=True)])
def test_a_masked_value_is_absent(filtered: Any, fact: str, masked: Any) -> None:
    """Also for hosts that run with warnings as errors: NumPy warns where a masked value becomes NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter(filtered)
        _, undetermined = RULE_SET.checker("phase")({**RECORD, fact: masked}, as_of=DAY)
    assert bool(undetermined) == (fact != "budget")  # an optional setting
    assert all(each[1:] == ((fact,), "absent data") for each in undetermined)


# What was not measured, and what nobody can know ------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_level_of_0_has_no_share(language: str) -> None:
    """The mildest warning, and no figure that nobody measured."""
    kpi = (
        "kpis: [{id: k, source: s, unit: 件, direction: down, baseline: {value: 0}, target: {value: "
        "0}, readings: [{on: 2026-06-29, value: 2}]}]\n"
    )
    agreement = coopgov.parse_agreement(HEAD + kpi)
    (warning,) = (
        each
        for each in coopgov.assess(agreement, as_of=DAY, language=language).warnings
        if each.rule == "kpi-not-held"
    )
    assert (warning.severity, warning.measure, warning.threshold, warning.margin) == (
        "minor",
        None,
        None,
        None,
    )
    why = coopgov.explain(agreement, rule="kpi-not-held", about="kpi/k", as_of=DAY, language=language)
    assert (why.outcome, why.measure, why.threshold, "10" in why.sentence) == ("fired", None, None, False)


def test_what_follows_from_absent_days_is_absent() -> None:
    """It is neither out of range nor not set."""
    text = HEAD + "strict: false\nphases: [{id: p, buffer: 5 days, planned: {start: 2026-01-05}}]\n"
    agreement = coopgov.parse_agreement(text)
    undetermined = {each.rule: each for each in coopgov.assess(agreement, as_of=DAY).undetermined}
    assert (undetermined["phase-replanned"].missing, undetermined["phase-replanned"].because) == (
        ("original_end", "planned_end"),
        "absent data",
    )
    tried = coopgov.what_if(agreement, as_of=DAY, changes={"phase/p.buffer_start": "2026-05-01"}).facts
    assert [(each.fact, each.before.text) for each in tried] == [("buffer_start", "unknown")]


LATE = (
    f"{RULES}rules:\n  - {{id: late, about: task, kind: delay, where: done, measure: delay, bands: "
    "{minor: above 0 days}, message: m}\n"
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["in progress", "done"]), st.integers(1, 60)),
        min_size=1,
        max_size=5,
        unique_by=lambda each: each[1],
    )
)
def test_a_task_is_done_from_the_first_day_of_its_last_run(said: list[tuple[str, int]]) -> None:
    """Saying so again changes nothing; taking it back does."""
    end = date(2026, 1, 30)
    said.sort(key=lambda each: each[1])
    entries = ", ".join(f"{{is: {what}, on: {end + timedelta(days=day - 30)}}}" for what, day in said)
    task = f"{{id: t, planned: {{start: 2025-12-31, end: {end}}}, status: [{entries}]}}"
    agreement = coopgov.parse_agreement(HEAD + PHASE % f"tasks: [{task}]")
    got = coopgov.assess(agreement, coopgov.parse_rules(LATE), as_of=DAY)
    last = [day for at, (_, day) in enumerate(said) if all(what == "done" for what, _ in said[at:])]
    assert not got.warnings
    assert bool(got.undetermined) == (bool(last) and last[0] > 30)


@pytest.mark.parametrize("sign", ["，", "、", " ， "])
@pytest.mark.parametrize(
    "line", ["risks: [{id: r, title: T, causes: [%s]}]", "plans: [{id: p, title: T, answers: [%s]}]"]
)
def test_a_chinese_comma_between_labels_is_reported(line: str, sign: str) -> None:
    """It would make one label of two, which nothing answers."""
    fault = shown(coopgov.parse_agreement, HEAD + line % f"delay{sign}quality" + "\n")
    assert fault.code == "full-width"
    assert coopgov.parse_agreement(HEAD + line % "delay, quality" + "\n").id == "t"
    quoted = shown(coopgov.parse_agreement, HEAD + line % f'"delay{sign}quality"' + "\n")
    assert (quoted.code, quoted.hint) == ("full-width", "write delay, quality")


def test_a_chinese_comma_in_texts_is_a_comma() -> None:
    """A warning sign of a risk is a sentence, so its comma separates nothing."""
    text = HEAD + "risks: [{id: r, title: T, signs: [人手不足，进度变慢]}]\n"
    assert [str(each) for each in coopgov.parse_agreement(text).risks[0].signs] == ["人手不足，进度变慢"]


SHARE = (
    f"{RULES}rules:\n  - {{id: o, about: phase, kind: overspend, measure: overspend, bands: {{minor: "
    "above 15 %}, message: '{measure}|{threshold}'}\n"
)
SPENT = coopgov.parse_rules(SHARE)


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**4),
    st.sampled_from([("en", "above"), ("zh-Hans", "高于"), ("zh-Hant", "高於")]),
)
def test_a_message_never_shows_one_figure_on_both_sides(
    budget: int, over: int, words: tuple[str, str]
) -> None:
    """However near the measure is to its threshold."""
    language, above = words
    spent = f"{budget * 115 + over}"
    phase = (
        f"{{id: p, planned: {{start: 2026-01-05, end: 2026-12-31}}, budget: {budget * 100}, spending: "
        f"[{{on: 2026-02-01, amount: {spent}}}]}}"
    )
    agreement = coopgov.parse_agreement(f"{HEAD}phases: [{phase}]\n")
    (warning,) = coopgov.assess(agreement, SPENT, as_of=DAY, language=language).warnings
    measure, threshold = warning.message.split("|")
    assert warning.measure is not None
    assert (measure, threshold) == (warning.measure.text, f"{above} 15 %")
    assert measure != "15 %"

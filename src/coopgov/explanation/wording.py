"""Word a change in three languages: "ending by 2026-04-08 (12 days earlier) would clear it"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.result import Change
from coopgov.assessment.texts import gap_figure
from coopgov.counterfactual.variable import as_value
from coopgov.language.types import DATE
from coopgov.languages import relative

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.assessment.figures import Figure, Form
    from coopgov.counterfactual.variable import Point
    from coopgov.explanation.editable_facts import Lever
    from coopgov.explanation.smallest_change import Shift
    from coopgov.facts.subject import Subject

__all__ = ["ahead_told", "change_told"]

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "actual_end": "ending {by} {then}", "actual_start": "starting {by} {then}", "met": "meeting it {by} {then}",
        "delivered": "delivering it {by} {then}", "accepted": "accepting it {by} {then}",
        "forecast_end": "a forecast end of {then}", "planned_end": "a planned end of {then}",
        "planned_start": "a planned start of {then}", "due": "a due date of {then}", "review_by": "a review date of {then}",
        "target_by": "a target date of {then}", "until": "a waiver until {then}", "end": "a term that ends on {then}",
        "last_held": "meeting again on {then}{shift} or later", "value_on": "a reading on {then}{shift} or later",
        "response last_held": "carrying it out again on {then}{shift} or later", "first response last_held": "carrying it out by {then}",
        "done": "carrying it out {by} {then}", "first_signed": "signing it {by} {then}", "without_minutes": "meetings without minutes: {then}",
        "has_chair": "naming a chair", "first last_held": "meeting by {then}", "first value_on": "a reading by {then}",
        "spent": "{gap} {more} spent", "budget": "{gap} {more} budget", "forecast_cost": "{gap} {more} forecast cost",
        "value": "a reading of {then}", "target": "a target of {then}", "floor": "a floor of {then}",
        "progress": "progress of {then}", "load": "a load of {then}", "length": "a length of {then}",
        "probability": "a probability of {then}", "impact": "an impact of {then}",
        "missing_signatures": "missing signatures: {then}", "responses": "agreed responses: {then}",
        "has_owner": "naming an owner", "has_deputy": "naming a deputy", "has_source": "naming a source",
        "has_buffer": "holding back a buffer", "has_due": "setting a due date", "has_reason": "saying why it can be reached",
        "has_relevance": "saying why it matters", "vacant": "filling the role", "status": "the status “{then}”",
        "answered_kinds": "a contingency plan for {added}", "": "setting `{fact}` to {then}",
    },
    "zh-Hans": {
        "actual_end": "{by} {then} 结束", "actual_start": "{by} {then} 启动", "met": "{by} {then} 达成",
        "delivered": "{by} {then} 交付", "accepted": "{by} {then} 验收", "forecast_end": "预测结束日为 {then}",
        "planned_end": "计划结束日为 {then}", "planned_start": "计划开始日为 {then}", "due": "到期日为 {then}",
        "review_by": "评审日为 {then}", "target_by": "目标日为 {then}", "until": "豁免至 {then}", "end": "协议期限至 {then}",
        "last_held": "于 {then}{shift}或之后召开会议", "value_on": "于 {then}{shift}或之后采集数据",
        "response last_held": "于 {then}{shift}或之后再次执行", "first response last_held": "最迟于 {then} 执行",
        "done": "{by} {then} 执行完毕", "first_signed": "{by} {then} 签署", "without_minutes": "缺纪要的会议数为 {then}",
        "has_chair": "指定主席", "first last_held": "最迟于 {then} 召开会议", "first value_on": "最迟于 {then} 采集数据",
        "spent": "支出{more} {gap}", "budget": "预算{more} {gap}", "forecast_cost": "预测费用{more} {gap}",
        "value": "读数为 {then}", "target": "目标为 {then}", "floor": "底线为 {then}", "progress": "进度为 {then}",
        "load": "投入比例为 {then}", "length": "时长为 {then}", "probability": "概率为 {then}", "impact": "影响程度为 {then}",
        "missing_signatures": "未确认方数为 {then}", "responses": "已约定应对措施 {then} 项",
        "has_owner": "指定负责人", "has_deputy": "指定替补人员", "has_source": "注明数据来源", "has_buffer": "预留缓冲时间",
        "has_due": "设定期限", "has_reason": "说明为何可以实现", "has_relevance": "说明对各方的意义", "vacant": "填补该角色空缺",
        "status": "状态为“{then}”", "answered_kinds": "制定应对{added}的预案", "": "将 `{fact}` 设为 {then}",
    },
    "zh-Hant": {
        "actual_end": "{by} {then} 結束", "actual_start": "{by} {then} 啟動", "met": "{by} {then} 達成",
        "delivered": "{by} {then} 交付", "accepted": "{by} {then} 驗收", "forecast_end": "預測結束日為 {then}",
        "planned_end": "計畫結束日為 {then}", "planned_start": "計畫開始日為 {then}", "due": "到期日為 {then}",
        "review_by": "審查日為 {then}", "target_by": "目標日為 {then}", "until": "豁免至 {then}", "end": "協議期限至 {then}",
        "last_held": "於 {then}{shift}或之後召開會議", "value_on": "於 {then}{shift}或之後蒐集資料",
        "response last_held": "於 {then}{shift}或之後再次執行", "first response last_held": "最遲於 {then} 執行",
        "done": "{by} {then} 執行完畢", "first_signed": "{by} {then} 簽署", "without_minutes": "缺紀錄的會議數為 {then}",
        "has_chair": "指定主席", "first last_held": "最遲於 {then} 召開會議", "first value_on": "最遲於 {then} 蒐集資料",
        "spent": "支出{more} {gap}", "budget": "預算{more} {gap}", "forecast_cost": "預測費用{more} {gap}",
        "value": "讀數為 {then}", "target": "目標為 {then}", "floor": "底線為 {then}", "progress": "進度為 {then}",
        "load": "投入比例為 {then}", "length": "時長為 {then}", "probability": "機率為 {then}", "impact": "影響程度為 {then}",
        "missing_signatures": "未確認方數為 {then}", "responses": "已約定應對措施 {then} 項",
        "has_owner": "指定負責人", "has_deputy": "指定代理人", "has_source": "註明資料來源", "has_buffer": "預留緩衝時間",
        "has_due": "設定期限", "has_reason": "說明為何可以實現", "has_relevance": "說明對各方的意義", "vacant": "填補該角色空缺",
        "status": "狀態為「{then}」", "answered_kinds": "制定應對{added}的計畫", "": "將 `{fact}` 設為 {then}",
    },
}  # fmt: skip
"""The phrase for a change of each fact; '' is the phrase for custom facts and others without one."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "by": "by", "on": "on", "more": "more", "less": "less", "shift": " ({gap} {more})", "total": " ({then} in all)",
        "later": "later", "earlier": "earlier", "clear": "{phrase} would clear it.",
        "milder": "{phrase} would make it {severity}.", "trigger": "{phrase} would trigger it ({severity}).", "of": "{label}: {phrase}",
        "triggered": "If nothing changes, it will be triggered on {then}, in {gap} ({severity}).",
        "worse": "If nothing changes, it will be {severity} on {then}, in {gap}.",
    },
    "zh-Hans": {
        "by": "最迟于", "on": "于", "more": "增加", "less": "减少", "shift": "（{more} {gap}）", "total": "（共 {then}）",
        "later": "推迟", "earlier": "提前", "clear": "{phrase}，即可解除。", "milder": "{phrase}，即为{severity}。",
        "trigger": "{phrase}，即触发预警（{severity}）。",
        "of": "{label}：{phrase}", "triggered": "若无变化，将于 {then} 触发预警（{severity}），距今 {gap}。",
        "worse": "若无变化，将于 {then} 变为{severity}，距今 {gap}。",
    },
    "zh-Hant": {
        "by": "最遲於", "on": "於", "more": "增加", "less": "減少", "shift": "（{more} {gap}）", "total": "（共 {then}）",
        "later": "延後", "earlier": "提前", "clear": "{phrase}，即可解除。", "milder": "{phrase}，即為{severity}。",
        "trigger": "{phrase}，即觸發預警（{severity}）。",
        "of": "{label}：{phrase}", "triggered": "若無變化，將於 {then} 觸發預警（{severity}），距今 {gap}。",
        "worse": "若無變化，將於 {then} 變為{severity}，距今 {gap}。",
    },
}  # fmt: skip


def change_told(shift: Shift, about: Subject, severity: str | None, form: Form) -> Change:
    """A shift in words, for a rule with this severity now; a subject other than the one explained is named."""
    lever, words = shift.lever, _WORDS[relative(form.language)]
    now = _figure(shift, None if lever.absent else lever.variable.near, form)
    then = _figure(shift, shift.point, form)
    difference, gap = _difference(shift, form)
    phrase = _phrase(shift, then, gap, form)
    if lever.subject is not about:
        label = lever.subject.label.in_language(form.language).rstrip(".。")
        phrase = words["of"].format(label=label, phrase=phrase)
    way = "clear" if shift.outcome == "clear" else "milder" if severity else "trigger"
    sentence = words[way].format(phrase=phrase, severity=form.term(shift.outcome))
    return Change(lever.fact, lever.subject.id, now, then, difference, shift.outcome, _begun(sentence))


def ahead_told(today: date, day: date, before: str | None, severity: str, form: Form) -> Change:
    """What time alone will do to a rule with this severity now, as a change of `as_of`."""
    now, then = (form.figure(each, DATE) for each in (today, day))
    gap = gap_figure((day - today).days, DATE, "", form)
    words = _WORDS[relative(form.language)]["worse" if before else "triggered"]
    sentence = words.format(severity=form.term(severity), then=then.text, gap=gap.text)
    return Change("as_of", "agreement", now, then, gap, severity, sentence)


def _figure(shift: Shift, point: Point | None, form: Form) -> Figure:
    variable = shift.lever.variable
    value = None if point is None else as_value(point)
    return form.figure(value, variable.type, _unit(shift))


def _unit(shift: Shift) -> str:
    return str(shift.lever.subject.record.get("unit") or "")


def _difference(shift: Shift, form: Form) -> tuple[Figure | None, str]:
    """The difference to the present value, and its size without a sign as text."""
    if shift.gap is None:
        return None, ""
    gap, kind, unit = as_value(shift.gap), shift.lever.variable.type, _unit(shift)
    return gap_figure(gap, kind, unit, form), gap_figure(abs(gap), kind, unit, form).text


def _phrase(shift: Shift, then: Figure, gap: str, form: Form) -> str:
    """The changed fact in words, with the difference from now."""
    less = shift.gap is not None and shift.gap < 0
    dates = shift.lever.variable.type.kind == "date"
    words = _WORDS[relative(form.language)]
    told = {
        "fact": shift.lever.fact,
        "then": then.text,
        "gap": gap,
        "by": words["by" if less or not gap else "on"],
        "more": words[("earlier" if less else "later") if dates else "less" if less else "more"],
        "added": form.term(shift.point[-1]) if isinstance(shift.point, tuple) else "",
    }
    phrase = _template(shift.lever, first=not gap, language=relative(form.language))
    told["shift"] = words["total" if "{gap}" in phrase else "shift"].format(**told) if gap else ""
    return phrase.format(**told) + (told["shift"] if "{shift}" not in phrase else "")


def _template(lever: Lever, *, first: bool, language: str) -> str:
    """The phrase of a fact; without a value now, it leaves out how much more or less there would be."""
    phrases = _PHRASES[language]
    if lever.custom or lever.fact not in phrases:
        return phrases[""]
    name = f"{lever.subject.about} {lever.fact}"
    name = name if name in phrases else lever.fact
    known = phrases[name]
    if not first:
        return known
    return phrases.get(f"first {name}", phrases[""] if "{gap}" in known else known)


def _begun(sentence: str) -> str:
    """The text with a capital first letter."""
    return sentence[0].upper() + sentence[1:]

"""Figures: values as people read them in their language, such as numbers with units, money, dates and comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.facts.vocabulary import default_catalogue
from coopgov.language import syntax as s
from coopgov.language.units import BUILT_IN, unit_named
from coopgov.language.values import Bounds, missing
from coopgov.languages import relative
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.language.types import Type
    from coopgov.schema import LocalText

__all__ = ["Figure", "Form"]

_UNITS: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {
        "day": "天",
        "working day": "个工作日",
        "month": "个月",
        "week": "周",
        "hour": "小时",
        "minute": "分钟",
        "point": "分",
    },
    "zh-Hant": {
        "day": "天",
        "working day": "個工作日",
        "month": "個月",
        "week": "週",
        "hour": "小時",
        "minute": "分鐘",
        "point": "分",
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Above": "above {}", "Below": "below {}", "AtLeast": "at least {}", "AtMost": "at most {}", "Equal": "is {}",
        "NotEqual": "is not {}", "Between": "between {} and {}", "unknown": "unknown", "not set": "not set",
        "true": "yes", "false": "no", "nothing": "none", "percentage points": "{} percentage points",
    },
    "zh-Hans": {
        "Above": "高于 {}", "Below": "低于 {}", "AtLeast": "不低于 {}", "AtMost": "不高于 {}", "Equal": "等于 {}",
        "NotEqual": "不等于 {}", "Between": "介于 {} 与 {} 之间", "unknown": "未知", "not set": "未设定",
        "true": "是", "false": "否", "nothing": "无", "percentage points": "{} 个百分点",
    },
    "zh-Hant": {
        "Above": "高於 {}", "Below": "低於 {}", "AtLeast": "不低於 {}", "AtMost": "不高於 {}", "Equal": "等於 {}",
        "NotEqual": "不等於 {}", "Between": "介於 {} 與 {} 之間", "unknown": "未知", "not set": "未設定",
        "true": "是", "false": "否", "nothing": "無", "percentage points": "{} 個百分點",
    },
}  # fmt: skip

_TERMS: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {
        "notice": "提示", "minor": "轻微", "major": "严重", "critical": "危急", "clear": "正常", "undetermined": "无法判定",
        "delay": "延误", "overspend": "超支", "quality": "质量", "communication": "沟通", "resource-conflict": "资源冲突",
        "external": "外部变化", "alignment": "目标一致性", "data": "数据", "resources": "资源", "technical": "技术",
        "project-manager": "项目经理", "technical-liaison": "技术联络人", "finance-liaison": "财务联络人",
        "communication-officer": "沟通专员", "not started": "未开始", "in progress": "进行中", "done": "已完成",
        "not met": "未达成", "partially met": "部分达成", "met": "已达成",
        "open": "未关闭", "closed": "已关闭", "occurred": "已发生", "planning": "计划",
        "joint-lead": "联合负责人", "steering": "指导委员会", "resource-committee": "资源协调委员会",
        "absent data": "缺少数据", "not visible on this date": "当日尚不可见", "unreadable cell": "单元格无法读取",
        "unit": "单位不符", "division by zero": "除数为零", "empty collection": "集合为空",
        "out of range": "超出范围",
    },
    "zh-Hant": {
        "notice": "提示", "minor": "輕微", "major": "嚴重", "critical": "危急", "clear": "正常", "undetermined": "無法判定",
        "delay": "延誤", "overspend": "超支", "quality": "品質", "communication": "溝通", "resource-conflict": "資源衝突",
        "external": "外部變化", "alignment": "目標一致性", "data": "資料", "resources": "資源", "technical": "技術",
        "project-manager": "專案經理", "technical-liaison": "技術聯絡人", "finance-liaison": "財務聯絡人",
        "communication-officer": "溝通專員", "not started": "未開始", "in progress": "進行中", "done": "已完成",
        "not met": "未達成", "partially met": "部分達成", "met": "已達成",
        "open": "未關閉", "closed": "已關閉", "occurred": "已發生", "planning": "計畫",
        "joint-lead": "聯合負責人", "steering": "指導委員會", "resource-committee": "資源協調委員會",
        "absent data": "缺少資料", "not visible on this date": "當日尚不可見", "unreadable cell": "儲存格無法讀取",
        "unit": "單位不符", "division by zero": "除數為零", "empty collection": "集合為空",
        "out of range": "超出範圍",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A value for machines (`value`, `unit`) and for people (`text`).

    `value` is a number, a text, true or false, or a date as YYYY-MM-DD; money is in whole units of its currency. `unit` is
    `day`, `working day`, `month`, `hour`, `point`, a currency, the unit of a KPI or fact, or empty for plain numbers and shares
    (0.25 is 25 %).
    """

    value: float | str | bool | None
    unit: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {"value": self.value, "unit": self.unit, "text": self.text}


@dataclass(frozen=True, slots=True)
class Form:
    """How figures are written: the language, the agreement's currency with its minor unit, the names of its people."""

    language: str
    currency: str
    minor_units: int
    names: Mapping[str, LocalText] = field(default_factory=dict, compare=False, repr=False)
    """The display names of members, bodies and parties, by id."""

    def word(self, name: str) -> str:
        """A word of the language."""
        return _WORDS[relative(self.language)][name]

    def term(self, name: str) -> str:
        """A word of the vocabulary (a severity, kind, role, status) in the language; any other word stays as it is."""
        return _TERMS.get(relative(self.language), {}).get(name, name)

    def fact(self, node: s.Expr, value: Any, unit: str = "", unlike: Any = None) -> Figure:
        """The value of an expression as a figure; a fact that names a holder is shown by the display name."""
        figure = self.figure(value, node.type, unit, unlike)
        fact = default_catalogue().facts.get((node.about, node.name)) if isinstance(node, s.Name) else None
        if fact is not None and fact.holder and value in self.names:
            return Figure(figure.value, figure.unit, self.names[value].in_language(self.language))
        return figure

    def figure(self, value: Any, kind: Type, unit: str = "", unlike: Any = None) -> Figure:
        """A value of a type as a figure.

        `unit` is the KPI's, for values in its own unit; `unlike` is what it is compared with; the texts differ.
        """
        if value is None or missing(value):
            return Figure(None, "", self.word("unknown"))
        if isinstance(value, Bounds):
            low, high = (self.figure(each, kind, unit, unlike) for each in (value.low, value.high))
            return Figure(low.value, low.unit, f"{low.text} – {high.text}")
        if kind.kind == "date":
            day = value if isinstance(value, date) else date.fromordinal(int(value))
            return Figure(day.isoformat(), "", day.isoformat())
        if kind.kind == "truth":
            return Figure(value, "", self.word("true" if value else "false"))
        if not kind.numeric:
            if isinstance(value, str):
                return Figure(value, "", self.term(value))
            return Figure(", ".join(value), "", ", ".join(map(self.term, value)) or self.word("nothing"))
        return self._number(value, kind, unit, unlike)

    def _number(self, value: float, kind: Type, unit: str, unlike: Any) -> Figure:
        unlike = unlike if isinstance(unlike, (int, float)) else None
        if kind.kind == "money":
            amount = value / self.minor_units
            least = MINOR_DIGITS.get(self.currency, 2)
            digits = _money(value, unlike, self.minor_units, least)
            return Figure(_whole(amount), self.currency, f"{digits} {self.currency}".rstrip())
        if kind.kind == "number" and kind.percent:
            return Figure(value, "", f"{_digits(value, 1, unlike, scale=100)} %")
        if kind.kind == "number":
            return Figure(value, "", _digits(value, 2, unlike))
        name = unit_named(unit or "count").name if kind.kind == "own" else kind.unit
        name = "" if name == "count" else name
        digits = _digits(value, 2 if kind.kind == "quantity" else 4, unlike)
        return Figure(value, name, f"{digits} {self._unit(name, digits)}".rstrip())

    def _unit(self, name: str, digits: str) -> str:
        words = _UNITS.get(relative(self.language))
        if words is not None:
            return words.get(name, name)
        plural = name in BUILT_IN and f"{name}s" in BUILT_IN and digits not in ("1", "-1")
        return f"{name}s" if plural else name

    def compared(self, condition: s.Expr, *figures: Figure) -> str:
        """A comparison with a threshold, such as `above 20 %`."""
        return self.word(type(condition).__name__).format(*(figure.text for figure in figures))


_MOST_PLACES = 15
"""The number of decimals beyond which the comparison itself sees no difference."""


def _digits(value: float, places: int, unlike: float | None = None, *, scale: int = 1) -> str:
    """A number with few decimals, or as many as it takes to differ from what it is compared with."""
    exact = _exact(value) * scale
    text = f"{exact:,.{_places(exact, places, None if unlike is None else _exact(unlike) * scale)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _money(value: float, unlike: float | None, minor_units: int, least: int) -> str:
    """An amount in minor units: whole, with the decimals of its currency, or with as many as it takes to differ."""
    exact = _exact(value) / minor_units
    places = _places(exact, least, None if unlike is None else _exact(unlike) / minor_units)
    return f"{exact:,.{0 if exact == int(exact) else places}f}"


def _places(exact: Decimal, places: int, unlike: Decimal | None) -> int:
    """This number of decimals, or as many more as it takes to differ."""
    while (
        unlike not in (None, exact)
        and places < _MOST_PLACES
        and f"{exact:.{places}f}" == f"{unlike:.{places}f}"
    ):
        places += 1
    return places


def _exact(value: float) -> Decimal:
    """The decimal that a binary number represents: the shortest that reads back as the same number."""
    return Decimal(str(value))


def _whole(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount

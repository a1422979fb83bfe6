"""Hints for common other spellings of values, keys and units, such as `2026/1/5`, `50 percent` or `1.5 万`."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from coopgov.faults import MOST_ALIKE, NO_HINT, did_you_mean
from coopgov.locales import phrase
from coopgov.numerals import NUMERAL, SCALES, numeral
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.locales import Phrase

__all__ = [
    "CURRENCY_WORDS",
    "UNIT_WORDS",
    "Hints",
    "amounts",
    "choice_hint",
    "days",
    "figures",
    "flags",
    "followed",
    "identifiers",
    "plain",
    "quantities",
    "shares",
    "spans",
    "synonyms",
]

UNIT_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("天", "日", "個自然日", "个自然日", "d", "dy"), "days"),
    **dict.fromkeys(
        ("个工作日", "個工作日", "工作日", "business day", "workday", "wd", "bd"), "working days"
    ),
    **dict.fromkeys(("周", "週", "个星期", "個星期", "星期", "个礼拜", "個禮拜", "w", "wk"), "weeks"),
    **dict.fromkeys(("个月", "個月", "月", "mo", "mon", "mth"), "months"),
    **dict.fromkeys(("小时", "小時", "个小时", "個小時", "h", "hr"), "hours"),
    **dict.fromkeys(("分钟", "分鐘", "min"), "minutes"),
}
"""Synonyms of units of time."""
_MONTHS = {
    **dict.fromkeys(("quarter", "q", "季", "季度", "个季度", "個季度"), 3),
    **dict.fromkeys(("year", "y", "yr", "年"), 12),
}
# Patterns are compiled by `re` when a hint first needs them: most runs need none.
_EVERY = r"^(?:每隔|每|every |each |per |a |an )"
_CADENCES = {
    **dict.fromkeys(("daily", "日"), "1 day"),
    **dict.fromkeys(("half hour", "half an hour", "半小时", "半小時", "半个小时", "半個小時"), "30 minutes"),
    **dict.fromkeys(("weekly", "星期", "礼拜", "禮拜"), "1 week"),
    **dict.fromkeys(("fortnightly", "fortnight", "other week", "双周", "雙週", "隔周", "隔週"), "2 weeks"),
    **dict.fromkeys(("monthly",), "1 month"),
    **dict.fromkeys(("quarterly",), "3 months"),
    **dict.fromkeys(
        ("half-yearly", "half yearly", "half year", "半年", "半年度", "semiannually"), "6 months"
    ),
    **dict.fromkeys(("yearly", "annually", "annual", "年度"), "12 months"),
}
"""Words for how often something is done."""
_COUNTED = rf"^{NUMERAL.pattern}(?=个|個|天|日|周|週|月|年|小|分|季|星|礼|禮|工)"
_OF_ALL_LENGTHS = ("days", "working days", "hours", "minutes")
"""Units of a number that has none, for the field to choose from."""
_UNITS = ("days", "working days", "weeks", "months", "hours", "minutes")
_ALONE = frozenset({*UNIT_WORDS, *_MONTHS, *_UNITS, *(unit.removesuffix("s") for unit in _UNITS)}) - set(
    "dhwymq"
)
"""Units that mean one of them where no number is before them."""
_SCALED = rf"(?P<figure>.*?[0-9]) ?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})"
CURRENCY_WORDS = {
    **dict.fromkeys(("¥", "元", "圓", "圆", "块"), ""),
    **dict.fromkeys(("人民币", "人民幣", "RMB", "CN¥"), "CNY"),
    **dict.fromkeys(("美元", "$", "US$"), "USD"),
    **dict.fromkeys(("欧元", "歐元", "€"), "EUR"),
    **dict.fromkeys(("英镑", "英鎊", "£"), "GBP"),
    **dict.fromkeys(("港元", "港币", "港幣", "HK$"), "HKD"),
    **dict.fromkeys(("日元", "日圓", "JP¥"), "JPY"),
}
"""Symbols and names of currencies; ¥ and 元 mean the agreement's own currency."""
_SIGN = "|".join(map(re.escape, sorted(CURRENCY_WORDS, key=len, reverse=True)))
_MONEY = (
    rf"(?P<minus>-?) ?(?P<before>{_SIGN}|[A-Za-z]{{3}})? "
    rf"?(?P<sign>-?)(?P<figure>[0-9+.][^A-Za-z]*?) ?(?P<after>{_SIGN}|[A-Za-z]{{3}})?"
)
_GROUPED_BY_BLANKS = r"[0-9]{1,3}(?:[ '’_][0-9]{3})+(?:[.,][0-9]+)?"
_GROUPED_BY_COMMAS = r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}"
_GROUPED_BY_POINTS = r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}"
_ONE_GROUP = r"[1-9][0-9]{0,2},[0-9]{3}"
_DECIMAL_COMMA = r"[0-9]+,[0-9]+"
_PLAIN = r"[0-9]*\.?[0-9]+|[0-9]+\."
_DAY_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})"
_DAY = (
    r"([0-9]{4})\D{1,3}([0-9]{1,2})\D{1,3}([0-9]{1,2})(?:\D(?!.*[0-9]{4}).*)?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "t", "是", "有", "真"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0", "f", "否", "无", "無", "没有", "假"), "false"),
}


_KEYS = (
    ("date day when at 日期 时间 日", "on due by"),
    ("from begin begins start start_date started start_on first 开始 开始日期 起始", "start from"),
    ("to until finish end ends end_date ended finished end_on last 结束 结束日期 截止", "end until"),
    ("deadline due_date due_on due_by target_date by 到期 期限 截止日期", "due by until"),
    ("sum value cost money price figure 金额 数额", "amount budget value"),
    ("result reading measurement score figure 数值 值", "value"),
    ("costs funds budget_amount planned_cost 预算", "budget"),
    ("spent expenses expenditure payments paid 支出 花费", "spending"),
    ("responsible responsible_person accountable assignee lead person contact 负责人 责任人", "owner"),
    ("frequency interval cadence cycle period rhythm 频率 周期", "every"),
    ("called caption label title heading 名称 标题", "name title"),
    ("name subject 名字", "title id"),
    ("key code identifier number no 编号", "id"),
    ("comment remark remarks description text memo 备注 说明", "note means statement message title what"),
    ("meaning doc docs explanation purpose 含义", "means"),
    ("condition if expression formula trigger 条件", "when is where"),
    ("filter only scope 范围", "where"),
    ("formula expression value is", "is measure"),
    ("metric indicator watch 指标", "measure kpis"),
    ("thresholds levels ladder steps limits 阈值", "bands"),
    ("level priority grade 级别 严重程度", "severity"),
    ("type category sort class 类型 类别", "kind category"),
    ("on subject target applies_to for 对象", "about"),
    ("msg text sentence 消息", "message"),
    ("recommendations measures remedies 措施", "actions responses"),
    ("escalation escalate_to escalations notify 升级 上报", "escalate"),
    ("duration hold holds holds_for lasts after since 持续", "for"),
    ("hysteresis clears clear_at reset recover 恢复", "clear"),
    ("cooldown keep_for stable quiet_for 保持", "keep"),
    ("ack acknowledged acknowledgement acknowledgment confirm 确认", "acknowledge"),
    ("treatment treated treat_by handle act_by 处理", "treat"),
    ("case case_settings 事项", "cases"),
    ("reminder reminders remind_after 提醒", "remind"),
    ("plan schedule planned_dates 计划", "planned"),
    ("real actuals 实际", "actual"),
    ("state 状态", "status"),
    ("partners organisations organizations companies 合作方", "parties"),
    ("stages steps 阶段", "phases"),
    ("kpi indicators metrics 绩效指标", "kpis"),
    ("persons people staff 成员", "members"),
    ("objectives aims targets 目标", "goals"),
    ("absence absences leave away vacation 缺勤 请假 休假", "absent"),
    ("signed signatures signed_on approved_by 签署", "signed_by agreed_by"),
    ("resolutions resolution decided 决议 决定", "decisions what"),
    ("depends_on depends predecessors predecessor requires follows", "after"),
    ("chance likelihood 概率", "probability"),
    ("effect consequence damage 影响", "impact"),
    ("params settings variables constants 参数", "parameters"),
    ("import imports include includes inherits base", "extends"),
    ("column field header source 列", "from"),
    ("fields cols mappings 列", "columns"),
)
"""Other names of keys, and the keys that they can mean: the first that a mapping can have is meant."""


_SUBJECTS = {
    "phase": "stage|阶段|階段",
    "milestone": "里程碑",
    "deliverable": "交付物|交付成果|成果",
    "task": "activity|任务|任務",
    "kpi": "indicator|metric|指标|指標|绩效指标|績效指標",
    "goal": "objective|目标|目標",
    "risk": "风险|風險",
    "member": "person|成员|成員",
    "body": "committee|board|机构|機構",
    "meeting": "会议|會議",
    "decision": "resolution|决议|決議|决定|決定",
    "payment": "spending|付款|支付",
    "agreement": "contract|协议|協議|合作协议|合作協議",
}
"""Other words for types of subjects."""


def choice_hint(text: str, choices: Iterable[str]) -> Phrase:
    """The one of several words that another word means, else the nearest one; nothing where none is near.

    >>> choice_hint("已完成", ["not started", "in progress", "done"]), choice_hint("dwn", ["up", "down"])
    ('write done', 'did you mean "down"?')
    """
    name, choices = plain(text).casefold(), tuple(choices)
    meant = (word for word, names in _SUBJECTS.items() if word in choices and name in names.split("|"))
    word = choice(text, choices) or next(meant, "")
    return phrase("hints.write", text=word) if word else did_you_mean(name, choices)


class Hints:
    """Hints at one of known names, for as many wrong names as are reported: looking for each would take long.

    `called` has display names, each with the known name that it means.
    """

    def __init__(self, known: Iterable[str], called: Mapping[str, str] | None = None) -> None:
        self._known = tuple(known)
        self._called = called or {}
        self._left = MOST_ALIKE

    def near(self, name: str) -> Phrase:
        """The known name that a name means, or the nearest one, as a hint; or nothing."""
        self._left -= 1
        if self._left < 0:
            return NO_HINT
        return choice_hint(name, self._known) or did_you_mean(name, (), self._called)


def synonyms(key: str) -> list[str]:
    """The keys that another name can mean, the likeliest first."""
    name = plain(key).lower().replace("-", "_").replace(" ", "_")
    return [meant for names, keys in _KEYS if name in names.split() for meant in keys.split()]


_HINT = r'write `(?P<quoted>[^`]+)`|write (?P<bare>(?!: )[^`]+?)(?: or .*)?$|did you mean "(?P<near>[^"]+)"\?'


def followed(hint: str, text: str, start: int, end: int) -> str:
    """Return a text with the part from `start` to `end` replaced as a hint suggests; empty if it suggests nothing.

    >>> followed('did you mean "delay"?', "dealy above 5 days", 0, 5)
    'delay above 5 days'
    """
    match = re.match(_HINT, hint)
    said = match and (match["quoted"] or match["bare"] or match["near"])
    return f"{text[:start]}{said}{text[end:]}" if said else ""


def plain(text: object) -> str:
    """Return a text with ASCII punctuation, single spaces, and no spaces around it."""
    narrow = unicodedata.normalize("NFKC", text) if isinstance(text, str) else ""
    return " ".join(re.sub("[−–—]", "-", narrow).split())


def figures(text: object) -> list[str]:
    """Return what a figure can mean: `1,234` can be a thousand or a decimal fraction."""
    written = plain(text)
    match = re.fullmatch(_SCALED, written)
    if match:
        return [_scaled(each, SCALES[match["scale"]]) for each in figures(match["figure"])]
    sign = "-" if written.startswith("-") else ""
    digits = written.lstrip("+-").strip()
    return [sign + _trimmed(each) for each in _readings(digits)]


def _readings(digits: str) -> Iterator[str]:
    """The readings of an unsigned figure, with a decimal point."""
    if re.fullmatch(_GROUPED_BY_BLANKS, digits):
        yield re.sub("[ '’_]", "", digits).replace(",", ".")
    elif re.fullmatch(_GROUPED_BY_COMMAS, digits):
        yield digits.replace(",", "")
    elif re.fullmatch(_GROUPED_BY_POINTS, digits):
        yield digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(_DECIMAL_COMMA, digits):
        if re.fullmatch(_ONE_GROUP, digits):
            yield digits.replace(",", "")
        yield digits.replace(",", ".")
    elif re.fullmatch(_PLAIN, digits):
        yield digits.rstrip(".") or "0"


def _trimmed(digits: str) -> str:
    whole, point, decimals = digits.partition(".")
    return (whole.lstrip("0") or "0") + point + decimals


def _scaled(figure: str, places: int) -> str:
    sign, digits, exponent = Decimal(figure).as_tuple()
    text = f"{Decimal((sign, digits, int(exponent) + places)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def days(text: object) -> list[str]:
    """Return the dates that a text in another format can mean: the year first, else the month or the day first."""
    match, last = re.fullmatch(_DAY, plain(text)), re.fullmatch(_DAY_LAST, plain(text))
    if match:
        readings = [tuple(int(part) for part in match.groups() if part)]
    elif last:
        first, second, year = int(last[1]), int(last[3]), int(last[4])
        readings = [(year, first, second), (year, second, first)]
    else:
        readings = []
    return list(dict.fromkeys(_existing(readings)))


def _existing(readings: Iterable[tuple[int, ...]]) -> Iterator[str]:
    for year, month, day in readings:
        with suppress(ValueError):
            yield date(year, month, day).isoformat()


def spans(text: object) -> list[str]:
    """The span of time that other words for its unit give."""
    said = re.sub(_EVERY, "", plain(text).lower())
    said = _CADENCES.get(said) or re.sub(_COUNTED, _in_digits, said)
    match = re.fullmatch(r"([0-9][0-9 ,.']*)", said)
    if match:
        return [_counted(figure, unit) for unit in _OF_ALL_LENGTHS for figure in figures(said)]
    match = re.fullmatch(r"([0-9][0-9 ,.']*?) ?([^\W\d].*)", said)
    figure, name = (match[1], match[2]) if match else ("1", said)
    return (
        [each for reading in figures(figure) for each in _in_unit(reading, name)]
        if match or said in _ALONE
        else []
    )


def _in_digits(match: re.Match[str]) -> str:
    """A Chinese numeral in digits."""
    return str(numeral(match[0]) or match[0])


def quantities(text: str) -> list[str]:
    """Return the quantity of the rule language that a text means: with a number in Chinese, or with the sign of a yuan.

    >>> quantities("二十一天"), quantities("二十万元"), quantities("百分之十"), quantities("半年")
    (['21 days'], ['200000 money'], ['10 %'], ['6 months'])
    """
    if not re.match(f"[半¥￥]|百分之|{NUMERAL.pattern}", text):
        return []
    said = re.sub(rf"(?<=^){NUMERAL.pattern}|(?<=^百分之){NUMERAL.pattern}", _in_digits, text)
    found = shares(said) or spans(said)
    marked = text[0] in "¥￥" or said.endswith(("元", "圆", "圓", "块"))
    return found or [f"{each} money" for each in amounts(said) if marked]


def _in_unit(figure: str, name: str) -> Iterator[str]:
    if UNIT_WORDS.get(name, name) in ("hours", "hour") and Decimal(figure) % 1:
        yield f"{_scaled(str(Decimal(figure) * 60), 0)} minutes"
        return
    for known in (name, name.removesuffix("s"), name.removesuffix(".")):
        if known in _MONTHS:
            yield f"{_scaled(str(Decimal(figure) * _MONTHS[known]), 0)} months"
            return
        if known in UNIT_WORDS:
            yield _counted(figure, UNIT_WORDS[known])
            return
    near = get_close_matches(name, _UNITS, n=1)
    yield from (_counted(figure, unit) for unit in near)


def _counted(figure: str, units: str) -> str:
    return f"{figure} {units[:-1] if figure == '1' else units}"


def shares(text: object) -> list[str]:
    """Return the share of a figure with another symbol or word for %."""
    match = re.fullmatch(r"(.*?[0-9]) ?(?:%|percent|per cent|pct|pc)\.?", plain(text).lower())
    if match:
        return [f"{figure} %" for figure in figures(match[1])]
    match = re.fullmatch(r"百分之 ?(.*[0-9])", plain(text))
    return [f"{figure} %" for figure in figures(match[1])] if match else []


def amounts(text: object) -> list[str]:
    """Return the amount of a figure with thousands separators, currency symbols, 万 or 亿.

    A single group of thousands counts as thousands, since three decimals are finer than most minor units.
    """
    match = re.fullmatch(_MONEY, plain(text).replace("¥ ", "¥"))
    if not match:
        return []
    marks = [_currency(mark) for mark in (match["before"], match["after"]) if mark]
    codes = [mark for mark in dict.fromkeys(marks) if mark]
    readings = figures(match["minus"] + match["sign"] + match["figure"])
    return [" ".join([each, *codes]) for each in readings[:1]]


def _currency(mark: str) -> str:
    return CURRENCY_WORDS.get(mark, CURRENCY_WORDS.get(mark.upper(), mark.upper()))


def flags(text: object) -> list[str]:
    """Return the truth value that a word means."""
    known = _FLAGS.get(plain(text).lower())
    return [known] if known else []


def identifiers(text: object) -> list[str]:
    """Return an id with `-` in place of characters that an id cannot contain."""
    return [re.sub(r"[^\w.-]+", "-", plain(text)).strip("-_.")]

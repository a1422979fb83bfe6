"""The generated pages in Chinese: shipped rules, facts, keys of files, codes. `generate.py` writes them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from api_pages import NOTE
from finding_pages import finding_pages

from coopgov.cli.catalogue import catalogue_markdown
from coopgov.cli.schemas import schema_of
from coopgov.facts import default_catalogue
from coopgov.fault_codes import fault_codes
from coopgov.locales import text
from coopgov.pages.markdown import code, prose, table
from coopgov.pages.rules import actions_table, overview, parameters_table, rule_lines
from coopgov.rules import load_rules
from coopgov.synonyms import TABLES, synonyms
from coopgov.testing import find_tests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.rules import Rule, RuleSet
    from coopgov.testing import Suite

__all__ = ["chinese_pages"]

LANGUAGE = "zh-Hans"
_FOLDED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
"""A line break between Chinese characters, which a browser would show as a space."""


def chinese_pages() -> dict[str, str]:
    """Every generated page and its text, by its path without the ending."""
    made = {
        "cooperation-plan": plan_page(),
        "facts": facts_page(),
        "keys": keys_page(),
        "synonyms": synonyms_page(),
        "errors": errors_page(),
        **finding_pages(LANGUAGE),
    }
    return {name: _FOLDED.sub("", page) for name, page in made.items()}


# Shipped rules and facts --------------------------------------------------------------------------------------------

PLAN = f"""{NOTE}

# 随附的规则

不指定规则文件时，coopgov 使用规则包 `cooperation-plan`。规则包的阈值都是[参数](#参数)：扩展它的规则文件可以改设任何一个
参数，也可以修改或停用任何一条规则（[怎样编写规则](write-rules.md)）。

规则包把书面的合作计划变成规则。合作计划本身不随库提供，而且只规定了部分阈值，其余是 coopgov 的默认值；
每个阈值都注明了出处。

`代码`字体中的名称是[事实](facts.md)；条件用[规则语言](../reference/language.md)写成。每条规则都有规则测试，与规则包放在一起
（可运行 `coopgov rules test cooperation-plan` 和 `coopgov rules test built-in`）。
"""


def plan_page() -> str:
    """The page of the rules, parameters and actions of the shipped pack."""
    rules = load_rules()
    shipped = [rule for rule in rules.rules if rule.pack != "built-in"]
    built_in = [rule for rule in rules.rules if rule.pack == "built-in"]
    lines = [PLAN, f"版本 {rules.version} · {len(shipped)} 条规则 · {len(rules.actions)} 项措施", ""]
    lines += ["## 一览", "", *overview(rules.rules, rules, lambda rule: f"#{rule.id}", LANGUAGE)]
    lines += ["", "## 规则", ""]
    lines += (line for rule in shipped for line in _rule(rule, rules))
    lines += ["## 内置规则", "", "以下规则属于每个规则集，即使没有扩展任何规则包；同样可以修改或停用。", ""]
    lines += (line for rule in built_in for line in _rule(rule, rules))
    lines += ["## 参数", "", *parameters_table(rules, LANGUAGE)]
    lines += ["", "## 措施", "", _ACTIONS, "", *actions_table(rules.actions, LANGUAGE)]
    return "\n".join(lines)


_ACTIONS = """每条预警都会推荐应对其类别的措施：先列对已经紧张的资源占用最少的，再列协议自己的应急预案，
然后列期限较短的，最后按 id 排列。"""


def _rule(rule: Rule, rules: RuleSet) -> Iterator[str]:
    means = rule.means.in_language(LANGUAGE) if rule.means else ""
    yield from (f"### {rule.id}", "", f"**{prose(rule.title.in_language(LANGUAGE))}**：{prose(means)}", "")
    yield from (*rule_lines(rule, rules, LANGUAGE), f"- 规则测试：{_tests(rule)}", "")


@cache
def _suites(pack: str) -> tuple[Suite, ...]:
    return find_tests(pack).suites


def _tests(rule: Rule) -> str:
    """How often rule tests expect each outcome of a rule."""
    counts: Counter[str] = Counter()
    for suite in _suites(rule.pack):
        for expected in (each for test in suite.tests if rule.id in test.rules for each in test.expected):
            fires = any(each.rule == rule.id for each in expected.warnings)
            unsure = any(each.rule == rule.id for each in expected.undetermined)
            counts["预警" if fires else "无法判定" if unsure else "无预警"] += 1
    told = "、".join(f"{word} {counts[word]} 个" for word in ("预警", "无预警", "无法判定") if counts[word])
    return f"{counts.total()} 个预期：{told}"


FACTS = f"""{NOTE}

# 事实

事实是关于一个对象、有名称和类型的值。规则、公式和消息中的占位符都通过名称引用事实。本页列出所有内置的事实；
`coopgov facts --lang zh-Hans` 输出同样的内容，加上 `--rules FILE` 还会列出规则文件中的事实。

- 有公式的事实是*派生事实*，公式就是它的确切含义。其余是*基础事实*，从协议中读取，或由调用程序提供。
- *可选*表示协议可以不写的设置。没有设定时，读取它的规则不适用。其他基础事实缺少时为未知，需要它的规则报告为无法判定。
- 评估日期之后的观察值不计：实际日期、读数、支出、已开的会议、签署。
- *所属*是上级对象：关于任务的规则可以写 `phase.planned_end` 和 `agreement.end`。
- *百分比*是数字：0.4 即 40 %。单位为 % 的 KPI 不同，其数值以自身的单位计，92 就是 92 %。
"""


def facts_page() -> str:
    """The page of the fact catalogue."""
    return f"{FACTS}\n{catalogue_markdown(default_catalogue(), None, LANGUAGE)}"


# Synonyms -----------------------------------------------------------------------------------------------------------

SYNONYMS = f"""{NOTE}

# 同义词

文件中可以用下面的词表示 coopgov 认识的值。同一行的词都表示*规范值*：规则看到的是它，`coopgov rules fmt` 写出的也是它。
coopgov 显示每一行的第一个中文词。`coopgov words --lang zh-Hans` 输出同样的列表。

- 各种语言的词在任何地方都能识别。大小写、空格、连字符、下划线和全角字符都不影响。
- 中文词写成简体、繁体或简繁混用都能识别：`項目經理` 就是 `项目经理`。比较时只转换这些词中出现的繁体字。按原样比较
  文本列的引擎识别每个词的简体和繁体写法，但不识别简繁混用的写法。
- 类别、原因、角色和单位也可以用自己的词，它只表示它自己。与标准词只差一点的词会报告为[问题](findings.md#协议的问题)；
  两个字的词不报告。
- 规则中与这类事实比较的文本，以及表达式中的单位，用同样的方法识别：`category is "满意度"` 也会选中类别为
  `satisfaction` 的指标。
- id 从不改变，但角色和机构的名称按同义词查找：负责人写 `项目经理`，就是角色 `project-manager`。
- 对象的类型（`phase`、`kpi`）、事实的名称和键没有同义词。
"""


def synonyms_page() -> str:
    """The page of the words of the vocabulary."""
    lines = [SYNONYMS]
    for name, values in TABLES.items():
        lines += ["", f"## {text(f'cli.words.{name}', LANGUAGE)}", ""]
        rows = [
            (code(value), *(_words(name, value, language) for language in (LANGUAGE, "en")))
            for value in values
        ]
        lines += table(("规范值", "中文", "英文"), rows)
    return "\n".join(lines)


def _words(name: str, value: str, language: str) -> str:
    return "、".join(synonyms(name, value, language))


# Keys of files ------------------------------------------------------------------------------------------------------

KEYS = f"""{NOTE}

# 文件的键

本页按层次列出协议、规则文件和规则测试的所有键。键用英文写；标准的值（例如 `delay`）也可以写成[中文](synonyms.md)；
名称和说明可以用任何语言。**粗体**的键必须写。编辑器也能显示这些说明（[在编辑器中获得帮助](editor-help.md)）。
"""
_FILES = {
    "agreement": (
        "协议",
        "[examples/full/agreement.yaml](../../examples/full/agreement.yaml) 展示了每一个键。",
    ),
    "rules": ("规则文件", "怎样使用这些键，见[编写规则](write-rules.md)。"),
    "rule-tests": ("规则测试", "规则测试写明规则必须给出的结果。"),
    "channels": ("渠道文件", "渠道文件写明通知发往何处，见[发送通知](send-notices.md)。"),
}


def keys_page() -> str:
    """The page of the keys of each file format, from the JSON Schemas."""
    lines = [KEYS]
    for name, (title, note) in _FILES.items():
        schema = schema_of(name, LANGUAGE)
        lines += [f"## {title}", "", note]
        lines += _level(schema, schema["$defs"], "", set())
    return "\n".join(lines)


def _level(part: Mapping[str, Any], known: Mapping[str, Any], path: str, seen: set[str]) -> Iterator[str]:
    """The table of the keys of one mapping, then those of the mappings below it, each once."""
    keys = {key: each for key, each in part["properties"].items() if key != "$schema"}
    required = part.get("required", ())
    yield from ("", "| 键 | 含义 |", "|---|---|")
    for key, each in keys.items():
        shown = f"**`{key}`**" if key in required else f"`{key}`"
        yield f"| {shown} | {prose(_means(each, known)).replace('|', chr(92) + '|')} |"
    for key, each in keys.items():
        for name, inner, listed in _mappings(each, known):
            if name not in seen:
                seen.add(name)
                below = f"{path}.{key}" if path else key
                yield from (
                    "",
                    f"### `{below}`{' 的每一项' if listed else ''}",
                    "",
                    prose(inner["description"]),
                )
                yield from _level(inner, known, below, seen)


def _means(value: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The description of a key, with its choices."""
    means = next((form["description"] for form in _forms(value, known) if "description" in form), "")
    choices = next((form["enum"] for form in _forms(value, known) if "enum" in form), ())
    words = [str(each) for each in choices if isinstance(each, str)]
    if not words or len(words) > 10 or words == ["true", "false"]:
        return means
    return f"{means}可选值：{'、'.join(f'`{each}`' for each in words)}。"


def _mappings(
    value: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """The named mappings that a value can be, or that its items or entries are."""
    for form in (value, *value.get("anyOf", ())):
        listed = "items" in form or isinstance(form.get("additionalProperties"), dict)
        inner = form.get("items") or form.get("additionalProperties") or form
        name = inner.get("$ref", "").rpartition("/")[2] if isinstance(inner, dict) else ""
        for each in _forms(known.get(name, {}), known):
            if "properties" in each:
                yield name, {**each, "description": each.get("description", "")}, listed


def _forms(value: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A value and its alternatives, with references followed."""
    yield value
    for form in value.get("anyOf", ()):
        yield known.get(form.get("$ref", "").rpartition("/")[2], form)


# Codes --------------------------------------------------------------------------------------------------------------

ERRORS = f"""{NOTE}

# 错误与错误代码

coopgov 一次报告所有文件的所有错误。只有两种错误会掩盖其他错误：文件无法作为 YAML 读取（语法错误、嵌套过深）时不再检查；
协议中的键或值有误时，要等所有值都符合类型，才检查引用、id 和顺序。规则文件中不合格式的条目不参与后续检查，
其余照常检查。每个错误占一行，后面是文件中的那一行和指示位置的标记：

```
文件:行:列: 代码: 实际为……，应为……；提示
```

措辞改变时，代码不变。同一个原因只报告一次：读不了的公式、参数或条目，在写它的地方报告，引用它的地方不再报告。

提示“请写 X”或“是否想写 X？”给出应当替换标记处内容的写法；如果给出两种读法（例如 `1234` 或 `1.234`），写哪一种都可以。
构成文件结构的全角字符（`：`、`，`、`［］`、`｛｝`、`（）`、弯引号、全角空格、`－`、`＃`）报告为 `full-width`。
文字中的标点从来不算错误。

`coopgov rules check --explain 代码 --lang zh-Hans` 也会解释一个代码。

## 代码

| 代码 | 含义和改法 |
|---|---|
"""


def errors_page() -> str:
    """The page of fault codes."""
    return ERRORS + "\n".join(f"| `{code}` | {each} |" for code, each in fault_codes(LANGUAGE).items())

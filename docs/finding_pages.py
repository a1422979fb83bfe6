"""The pages of findings: a list of all codes, and a page for each, in a language. `generate.py` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api_pages import NOTE

from coopgov.analysis.finding_codes import agreement_finding_codes, finding_codes
from coopgov.locales import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.analysis.finding_codes import FindingCode

__all__ = ["finding_pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """What the pages say in a language besides the texts of the codes."""

    rules: str
    """What comes before the table of the codes of rule files."""
    agreements: str
    """What comes before the table of the codes of agreements."""
    logic: str
    """What follows the level of a finding of logic in a table."""
    level: str
    """The line with the level of a finding; `note` is about those of logic."""
    logic_note: str
    found: str
    fixed: str


_TEXTS: Mapping[str, _Texts] = {
    "en": _Texts(
        rules=f"""{NOTE}

# Findings

A finding is something in a file that loads but is probably a mistake: in a rule file, or in an
[agreement](#findings-of-an-agreement). Whatever keeps a file from loading is a [fault](errors.md) instead.

A finding has the shape of a fault, with its level before it:

```
LEVEL: FILE:LINE:COLUMN: CODE: found WHAT, expected WHAT; HINT
```

The level is `note` for what can be intended, `warning` for a probable mistake, and `error` for what cannot be meant.
`--explain CODE` of `coopgov rules check` and `coopgov agreement check` prints the page of a code.

## Findings of rules

`coopgov rules check FILE` prints them, and `coopgov.analyse(rules)` returns them;
[how to check rules](../how-to/check-rules.md) says what to do about them. A finding of *logic* shows facts as an
example, which the engine has confirmed. Findings are about the given file, and about the rules of extended files that
it overrides. The codes about comments that ignore findings (`…-ignore`, `ignore-without-reason`) are those of
agreements, too.

| code | level | what it means |
|---|---|---|
""",
        agreements="""## Findings of an agreement

`coopgov agreement check FILE` prints them, and
[`check_agreement`](api/coopgov.md#coopgov.check_agreement) returns them;
[how to assess your own agreement](../how-to/assess-your-own.md#find-probable-mistakes) says what to do about them. They
are about the file, not about the cooperation: rules warn about that. In an agreement with `strict: false`, the faults
`missing-key` and `wrong-order` are findings of level `warning`, too.

| code | level | what it means |
|---|---|---|
""",
        logic=", logic",
        level="Level: {level}.{note} · [All findings](../findings.md)",
        logic_note=" A finding of logic, shown with an example.",
        found="Found in",
        fixed="Fixed",
    ),
    "zh-Hans": _Texts(
        rules=f"""{NOTE}

# 问题

“问题”是能够加载、但很可能写错了的地方。`coopgov rules check FILE --lang zh-Hans` 报告规则文件的问题。
使文件无法加载的，则是[错误](errors.md)。

问题的格式与错误相同，前面多一个级别：

```
级别：文件:行:列: 代码: 实际为……，应为……；提示
```

*逻辑*问题会举出一组事实为例，这个例子经过引擎验证。`coopgov rules check --explain 代码
--lang zh-Hans` 输出一个代码的说明。

| 代码 | 级别 | 含义 |
|---|---|---|
""",
        agreements="""## 协议的问题

`coopgov agreement check FILE --lang zh-Hans` 报告协议的问题：能够加载、但很可能写错了的地方。这些问题针对文件的写法，
合作本身的问题由规则预警。协议写有 `strict: false` 时，`missing-key` 和 `wrong-order` 不是错误，而是“警告”级别的问题。

| 代码 | 级别 | 含义 |
|---|---|---|
""",
        logic="，逻辑",
        level="级别：{level}。{note} · [所有问题](../findings.md)",
        logic_note="逻辑问题，附有例子。",
        found="有此问题",
        fixed="改正之后",
    ),
}


def finding_pages(language: str) -> dict[str, str]:
    """The pages in a language, by their paths without the ending."""
    codes = finding_codes() | agreement_finding_codes()
    made = {f"findings/{code}": _page(each, language) for code, each in codes.items()}
    return {"findings": _list(language), **made}


def _list(language: str) -> str:
    """The page that lists the codes."""
    said = _TEXTS[language]
    rows, odd = (
        [
            f"| [`{code}`](findings/{code}.md) | {_level(each, language)}{said.logic if each.logic else ''} |"
            f" {each.summary.in_language(language)} |"
            for code, each in codes.items()
        ]
        for codes in (finding_codes(), agreement_finding_codes())
    )
    contents = "```{toctree}\n:hidden:\n:glob:\n\nfindings/*\n```"
    return "\n".join([said.rules.rstrip(), *rows, "", said.agreements.rstrip(), *odd, "", contents])


def _level(each: FindingCode, language: str) -> str:
    return text(f"analysis.finding.{each.level}", language)


def _page(each: FindingCode, language: str) -> str:
    """The page of one code: what it means, with a file that has it and the same file corrected."""
    said = _TEXTS[language]
    bad, good = (f"```yaml {each.about}\n{part}\n```" for part in (each.bad, each.good))
    summary, explanation = (part.in_language(language) for part in (each.summary, each.explanation))
    note = said.logic_note if each.logic else ""
    level = said.level.format(level=_level(each, language), note=note)
    head = f"# {each.code}\n\n{summary}\n\n{level}"
    return f"{NOTE}\n\n{head}\n\n{explanation}\n\n## {said.found}\n\n{bad}\n\n## {said.fixed}\n\n{good}"

"""Write tables in HTML for notebooks and web pages, with people's texts escaped; nothing is loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, an_instance, checked
from coopgov.assessment.result import Assessment
from coopgov.charts.bands import severities, term
from coopgov.charts.ladder import ladder_svg
from coopgov.charts.svg import COLOURS
from coopgov.explanation.result import Explanation
from coopgov.languages import canonical_tag
from coopgov.locales import text
from coopgov.rules.ruleset import RuleSet
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.assessment.result import EarlyWarning, Undecided
    from coopgov.explanation.result import ExplanationStep
    from coopgov.rules.rule import Rule

__all__ = ["to_html"]

_WARNING = ("severity", "warning", "message", "measure", "threshold", "tell", "do")
_UNDECIDED = ("undetermined", "missing", "because")
"""The columns of tables."""
_CELL = "text-align:left;vertical-align:top;white-space:normal"


@checked(
    value=an_instance((Assessment, Explanation, RuleSet), "errors.expected.shown-in-html"), language=a_tag
)
def to_html(value: Assessment | Explanation | RuleSet, language: str = "en") -> str:
    """Return an assessment, an explanation or a rule set as a part of a page in HTML; notebooks show it by themselves.

    An assessment is a table of its warnings, worst first, and of what is undetermined. An explanation is its sentence,
    its changes and its tree. A rule set is a table of its rules, with the ladder of each that has one.

    Args:
        value: what to show.
        language: of the words between the texts: an assessment has its texts in its own language.

    >>> from coopgov.rules import load_rules
    >>> to_html(load_rules(), "zh-Hans")[:53]
    '<div class="coopgov" lang="zh-Hans"><p><strong>cooper'
    """
    shown = (
        _assessment(value, language)
        if isinstance(value, Assessment)
        else _explanation(value, language)
        if isinstance(value, Explanation)
        else _rules(value, language)
    )
    return _tag("div", *shown, class_="coopgov", lang=canonical_tag(language))


def _assessment(one: Assessment, language: str) -> Iterator[str]:
    day = text("pages.html.as-of", language, day=one.as_of)
    rules = f"{one.rules['pack']} {one.rules['version']}"
    status = _tag("span", _written(term(one.status, language)), style=_edge(one.status))
    yield _tag("p", _tag("strong", _written(one.agreement)), _written(f" · {day} · {rules} · "), status)
    if one.warnings:
        yield _table(_WARNING, (_warning(each, language) for each in one.warnings), language)
    else:
        yield _tag("p", _written(text("pages.html.no-warnings", language)))
    if one.undetermined:
        yield _table(_UNDECIDED, (_undecided(each, language) for each in one.undetermined), language)


def _warning(one: EarlyWarning, language: str) -> Iterator[str]:
    severity = _tag("span", _written(term(one.severity, language)), style=_edge(one.severity))
    yield severity + "".join(_tag("br") + _tag("small", _written(note)) for note in _notes(one, language))
    yield _tag("code", _written(one.id))
    yield _written(one.message)
    yield _written(one.measure.text if one.measure else "")
    yield _written(one.threshold.text if one.threshold else "")
    tell = one.escalation
    yield _written(text("pages.html.by", language, who=tell.to, day=tell.by) if tell else "")
    yield _tag("br").join(_written(action.title) for action in one.actions[:3])


def _notes(one: EarlyWarning, language: str) -> Iterator[str]:
    """Why a warning does not count."""
    if one.waived is not None:
        yield text("pages.html.waived", language, day=one.waived.until)
    if one.past:
        yield text("pages.html.past", language)
    if one.inhibited_by is not None:
        yield text("pages.html.inhibited-by", language, warning=one.inhibited_by)


def _undecided(one: Undecided, language: str) -> Iterator[str]:
    yield _tag("code", _written(f"{one.rule}@{one.about}"))
    yield _tag("code", _written(text("common.comma", language).join(one.missing)))
    yield _written(term(one.because, language))


def _explanation(one: Explanation, language: str) -> Iterator[str]:
    colour = one.severity or ("clear" if one.outcome == "clear" else "undetermined")
    yield _tag("p", _written(one.sentence), style=_edge(colour))
    if one.changes or one.ahead:
        sentences = [each.sentence for each in (*one.changes, *([one.ahead] if one.ahead else []))]
        yield _tag("ul", *(_tag("li", _written(each)) for each in sentences))
    rows = (row for step in one.tree for row in _steps(step, 0))
    yield _table(("expression", "value", "place"), rows, language)


def _steps(step: ExplanationStep, depth: int) -> Iterator[Sequence[str]]:
    """A row for a step, and for each of its parts below it."""
    expression = _tag("code", _written(step.shown or step.text))
    yield (
        _tag("div", expression, style=f"margin-left:{depth}em"),
        _written(step.value.text),
        _written(step.at or ""),
    )
    for part in step.parts:
        yield from _steps(part, depth + 1)


def _rules(rules: RuleSet, language: str) -> Iterator[str]:
    number = len(rules.rules)
    key = f"pages.rules.rules.{'one' if number == 1 else 'many'}"
    said = f" {rules.version} · {text(key, language, number=number)}"
    yield _tag("p", _tag("strong", _written(rules.pack)), _written(said))
    rows = (_rule(rule, language) for rule in rules.rules)
    yield _table(("rule", "about", "kind", "ladder"), rows, language)


def _rule(rule: Rule, language: str) -> Iterator[str]:
    yield _tag("code", _written(rule.id)) + _tag("br") + _written(rule.title.in_language(language))
    yield _written(rule.about)
    yield _written(term(rule.kind, language))
    key = "when" if "when" in rule.texts else "measure"
    condition = _tag("code", _written(" ".join(rule.texts[key].split())))
    yield ladder_svg(rule, language) or _written(severities(rule, language)) + _tag("br") + condition


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], language: str) -> str:
    """A table; its cells are HTML already."""
    names = (_tag("th", _written(text(f"pages.html.heads.{head}", language)), style=_CELL) for head in heads)
    body = (_tag("tr", *(_tag("td", cell, style=_CELL) for cell in row)) for row in rows)
    return _tag("table", _tag("thead", _tag("tr", *names)), _tag("tbody", *body))


def _edge(status: str) -> str:
    """A stripe in the colour of a severity or status, beside its name."""
    return f"border-left-style:solid;border-left-width:.5em;border-left-color:{COLOURS[status]};padding-left:.4em"


def _written(value: object) -> str:
    """A text of people as it is, on a page."""
    return escape(visible(str(value)))


def _tag(name: str, *inside: str, **attributes: str) -> str:
    told = "".join(f' {key.strip("_")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>" if name == "br" else f"<{name}{told}>{''.join(inside)}</{name}>"

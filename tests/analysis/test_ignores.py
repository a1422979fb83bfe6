"""Comments that ignore findings: what they are about, from when and until when."""

from __future__ import annotations

from datetime import date

import pytest

import coopgov
from coopgov.analysis.ignores import ignore_comments
from coopgov.source import read_document

RULES = """\
coopgov: rules/1
pack: ours
version: 1.0.0
rules:
  - id: late
    about: phase
    kind: delay
    measure: delay
    bands: {minor: above 5 days}
    message: "{phase.name} is late."
"""
MESSAGE = 'message: "{phase.name} is late."'
CODE = "message-without-measure"


def _analysis(text: str, as_of: date | None = None) -> tuple[list[str], list[tuple[str, str, date | None]]]:
    analysis = coopgov.analyse(coopgov.parse_rules(text), as_of=as_of)
    ignored = [(each.finding.fault.code, each.reason, each.until) for each in analysis.ignored]
    return [each.fault.code for each in analysis.findings], ignored


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MESSAGE, f"{MESSAGE} # coopgov: ignore {CODE}: because"),
        (MESSAGE, f"{MESSAGE} #coopgov:ignore  {CODE} :because  "),
        (MESSAGE, f"{MESSAGE}   #   coopgov: ignore {CODE}：because"),
        (MESSAGE, f"{MESSAGE} # coopgov：ignore {CODE}：because"),
        (MESSAGE, f"{MESSAGE} # Coopgov : Ignore {CODE}: because"),
        (MESSAGE, f"# coopgov: ignore {CODE}: because\n    {MESSAGE}"),
        (MESSAGE, f"# coopgov: ignore {CODE}: because\n\n    # more\n    {MESSAGE}"),
        ("  - id", f"  # coopgov: ignore {CODE}: because\n  - id"),
        ("  - id", f"# coopgov: ignore {CODE}: because\n  -\n    id"),
        ("rules:\n", f"# coopgov: ignore {CODE}: because\nrules:\n"),
        ("rules:\n  - id", f"# coopgov: ignore {CODE}: because\nrules:\n# x\n- id"),
    ],
)
def test_a_comment_ignores_the_line_or_the_entry_below(before: str, after: str) -> None:
    """At the end of the line, above the line, above the rule, above the list.

    Spaces and further comments do no harm.
    """
    text = RULES.replace(before, after)
    if "\n- id" in text:
        head, rule = text.split("- id")
        text = head + "- id" + rule.replace("\n    ", "\n  ")
    assert _analysis(text) == ([], [(CODE, "because", None)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  - id: late", f"  - id: late  # coopgov: ignore {CODE}: because"),
        ("    measure", f"    # coopgov: ignore {CODE}: because\n    measure"),
        (MESSAGE, f"{MESSAGE}\n    # coopgov: ignore {CODE}: because"),
        (MESSAGE, f"{MESSAGE}\n  # coopgov: ignore {CODE}: because"),
    ],
)
def test_a_comment_reaches_no_further(before: str, after: str) -> None:
    """On another line, above another entry, or at the end of the file it ignores nothing, which is reported."""
    codes, ignored = _analysis(RULES.replace(before, after))
    assert sorted(codes) == [CODE, "unused-ignore"]
    assert ignored == []


def test_the_last_day_counts_in() -> None:
    """A comment holds up to its day; later, the finding counts and the comment is reported. Without one, it holds."""
    text = RULES.replace(MESSAGE, f"{MESSAGE} # coopgov: ignore {CODE} until 2026-06-30: soon")
    holding: tuple[list[str], list[tuple[str, str, date | None]]] = ([], [(CODE, "soon", date(2026, 6, 30))])
    assert _analysis(text) == _analysis(text, date(2026, 6, 30)) == holding
    assert _analysis(text, date(2026, 7, 1)) == ([CODE, "expired-ignore"], [])


@pytest.mark.parametrize(
    "what", ["", f"{CODE} until", f"{CODE} until 30 June", f"{CODE} until 2026-06-31", "until 2026-06-30"]
)
def test_a_comment_that_cannot_be_read_has_no_effect(what: str) -> None:
    """No code, or a day that is none."""
    text = RULES.replace(MESSAGE, f"{MESSAGE} # coopgov: ignore {what}: because")
    assert _analysis(text, date(2026, 1, 1)) == ([CODE, "unreadable-ignore"], [])


@pytest.mark.parametrize(
    "start",
    ["# coopgov ignore", "# Coopgov 忽略", "# coopgov: 忽略", "#coopgov：忽略"],
)
def test_a_comment_in_nearly_the_right_form_is_reported(start: str) -> None:
    """It has no effect, and its author would not notice."""
    text = RULES.replace(MESSAGE, f"{MESSAGE} {start} {CODE}: because")
    analysis = coopgov.analyse(coopgov.parse_rules(text))
    assert [each.fault.code for each in analysis.findings] == [CODE, "unreadable-ignore"]
    fault = analysis.findings[1].fault
    assert (fault.found, fault.width) == (f'"{start}"', len(start))
    assert fault.expected == "a comment that begins with `# coopgov: ignore`"
    assert fault.hint == "write # coopgov: ignore CODE until 2026-12-31: reason"


@pytest.mark.parametrize("tail", ["", ":", ":   "])
def test_a_comment_without_a_reason_has_no_effect(tail: str) -> None:
    """The finding counts, and so does the missing reason."""
    text = RULES.replace(MESSAGE, f"{MESSAGE} # coopgov: ignore {CODE}{tail}")
    assert _analysis(text) == ([CODE, "ignore-without-reason"], [])


def test_a_text_that_looks_like_a_comment_ignores_nothing() -> None:
    """Text in quotes is a value, not a comment."""
    text = RULES.replace("is late.", f"is late. # coopgov: ignore {CODE}: because")
    assert _analysis(text) == ([CODE], [])


def test_codes_are_separated_by_commas() -> None:
    """Each code is checked by itself; an unused one is reported at its place."""
    text = RULES.replace(MESSAGE, f"{MESSAGE} # coopgov: ignore unused-fact, {CODE}，unused-action: because")
    analysis = coopgov.analyse(coopgov.parse_rules(text))
    assert [(each.fault.code, each.fault.found.split('"')[1]) for each in analysis.findings] == [
        ("unused-ignore", "unused-fact"),
        ("unused-ignore", "unused-action"),
    ]
    for each in analysis.findings:
        start = each.fault.place.column - 1
        assert each.fault.source[start : start + each.fault.width] in each.fault.found
    assert len(analysis.ignored) == 1


def test_comments_of_other_sorts_are_let_be() -> None:
    """Only `coopgov: ignore` speaks to the check."""
    others = (
        "yaml-language-server: $schema=x",
        "coopgov: ignored",
        "not coopgov: ignore a: b",
        "coopgov ignore a b",
    )
    text = "".join(f"# {other}\n" for other in others) + "a: 1 # coopgov"
    assert ignore_comments(read_document(text, "c.yaml")) == []

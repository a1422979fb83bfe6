"""Placeholders of messages are checked in every language, and filled in without running anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import RulesError
from coopgov.facts import default_catalogue
from coopgov.rules import parse_rules
from coopgov.rules.messages import check_message
from coopgov.schema import LocalText, parse_text

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\nrules:\n  - id: r\n    about: task\n    kind: delay\n"
PLAIN = HEAD + "    when: done\n    severity: minor\n"
LADDER = HEAD + "    measure: delay\n    bands: {minor: above 3 days}\n"


def result(text: str) -> str:
    """The faults of a text, as printed."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text, "r.yaml")
    return str(caught.value)


GOLDEN = """
    message: {en: "{task.nmae} late", zh-Hans: "{task.name}{delya}"}
r.yaml:10:19: unknown-placeholder: found {task.nmae}, expected a fact about task, or one of measure, threshold, severity, about; write `{name}`
        message: {en: "{task.nmae} late", zh-Hans: "{task.name}{delya}"}
                      ^^^^^^^^^^^
r.yaml:10:60: unknown-placeholder: found {delya}, expected a fact about task, or one of measure, threshold, severity, about; write `{delay}`
        message: {en: "{task.nmae} late", zh-Hans: "{task.name}{delya}"}
                                                               ^^^^^^^

    message: "{measure} above {threshold}"
r.yaml:10:14: unknown-placeholder: found {measure}, expected a fact: this rule has no measure
        message: "{measure} above {threshold}"
                 ^^^^^^^^^
r.yaml:10:31: unknown-placeholder: found {threshold}, expected a fact: this rule has no measure
        message: "{measure} above {threshold}"
                                  ^^^^^^^^^^^

    message: "{delay + 1 day}"
r.yaml:10:14: unknown-placeholder: found {delay + 1 day}, expected a fact about task, or one of measure, threshold, severity, about
        message: "{delay + 1 day}"
                 ^^^^^^^^^^^^^^^

    message: "{goal.name}"
r.yaml:10:14: unknown-placeholder: found {goal.name}, expected a fact about task, or one of measure, threshold, severity, about
        message: "{goal.name}"
                 ^^^^^^^^^^^

    message: "{predecessors}"
r.yaml:10:14: unknown-placeholder: found {predecessors}, expected a fact about task, or one of measure, threshold, severity, about
        message: "{predecessors}"
                 ^^^^^^^^^^^^^^
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("block", GOLDEN.strip("\n").split("\n\n"))
def test_unknown_placeholders(block: str) -> None:
    """Each is reported at its place, in each language."""
    message, faults = block.split("\n", 1)
    assert result(PLAIN + message + "\n") == faults.rstrip("\n")


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "}",
        "{ late",
        "a } b",
        "{}",
        "{a{b}",
        "{{}",
        "{delay",
        "{!r}",
        "{delay!r}",
        "{delay:>10}",
        "{0}",
        "{__class__}",
        "{name.upper}",
    ],
)
def test_what_is_no_placeholder(message: str) -> None:
    """Single braces, formats and attributes are refused; Python's formatting has no effect."""
    assert "unknown-placeholder" in result(PLAIN + f"    message: '{message}'\n")


@pytest.mark.parametrize(
    "message",
    [
        "{task.name} of {phase.name} in {agreement.name}: {delay}",
        "{{braces}} {about} {severity}",
        "{ delay }",
        "{as_of}",
        "没有占位符",
    ],
)
def test_what_a_message_can_hold(message: str) -> None:
    """Facts of the subject and of those above it, four words, and doubled braces."""
    assert parse_rules(PLAIN + f"    message: '{message}'\n").rule("r").message.text == parse_text(message)
    assert parse_rules(LADDER + f"    message: '{message} {{measure}} {{threshold}}'\n").rule("r").measured


def test_rendering() -> None:
    """The text of the language with its placeholders filled in, each by itself; braces are halved."""
    text = LocalText((("en", "{task.name}: {{{delay}}} of {delay}"), ("zh-Hans", "{task.name}延误{delay}")))
    message, faults = check_message(text, "task", default_catalogue(), measured=False)
    assert faults == []
    shown = {"task.name": "{delay}", "delay": "3 days"}
    assert message.render("en", shown.__getitem__) == "{delay}: {3 days} of 3 days"
    assert message.render("zh-Hant", shown.__getitem__) == "{delay}延误3 days"
    assert set(message.facts) == {"task.name", "delay"}


@given(st.text(st.sampled_from("{} adely.") | st.characters(), max_size=20))
def test_any_text_is_checked_or_refused(text: str) -> None:
    """No text raises; one without faults can be rendered."""
    message, faults = check_message(LocalText((("", text),)), "task", default_catalogue(), measured=False)
    if not faults:
        message.render("en", lambda name: name)
    assert all(0 <= error.start < error.end <= len(text) for _, error in faults)

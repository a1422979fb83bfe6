"""For any bytes, a loader returns a value or raises a coopgov error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopgov import (
    AgreementError,
    InputError,
    MappingError,
    RulesError,
    RuleTestsError,
    load_rules,
    parse_agreement,
    parse_rules,
)
from coopgov.errors import ExpressionError
from coopgov.language import parse
from coopgov.portfolio.bind_mapping import parse_mapping
from coopgov.source import read_document
from coopgov.testing import parse_tests

ROOT = Path(__file__).parents[2]
AGREEMENT = (ROOT / "examples" / "pilot" / "agreement.yaml").read_text(encoding="utf-8")
RULES = (ROOT / "examples" / "pilot" / "tolerances.yaml").read_text(encoding="utf-8")
TESTS = (
    (ROOT / "examples" / "pilot" / "tolerances.tests.yaml")
    .read_text(encoding="utf-8")
    .replace(
        "agreement: agreement.yaml",
        f"rules: [{ROOT}/examples/pilot/tolerances.yaml]\nagreement: {ROOT}/examples/pilot/agreement.yaml",
    )
)
MAPPING = (ROOT / "tests" / "portfolio" / "rich.yaml").read_text(encoding="utf-8")

_SIGNS = st.text(alphabet="{}[]:,-\n \"'#&*!|>%@`?a1é港：，\t~\\", max_size=60)
_WORDS = st.lists(
    st.sampled_from(
        [
            "delay",
            "10",
            "%",
            "days",
            "above",
            "else",
            "(",
            ")",
            "and",
            "not",
            "is",
            "known",
            "count",
            "of",
            "where",
            ",",
            "-",
            "/",
            '"x"',
            "2026-01-05",
            ".",
            "件",
        ]
    ),
    max_size=20,
).map(" ".join)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A good file in which one line was cut, doubled, moved or replaced."""
    lines = text.split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    how = draw(st.sampled_from(["cut", "double", "sign", "value", "indent"]))
    line = lines[at]
    if how == "cut":
        del lines[at]
    elif how == "double":
        lines.insert(at, line)
    elif how == "indent":
        lines[at] = " " * draw(st.integers(0, 4)) + line.lstrip()
    else:
        start = draw(st.integers(0, len(line)))
        end = draw(st.integers(start, len(line)))
        lines[at] = line[:start] + draw(_SIGNS if how == "sign" else _WORDS) + line[end:]
    return "\n".join(lines)


def _placed(error: InputError, text: str) -> None:
    """Every fault names a line that the file has, a code, and what was expected."""
    assert error.faults
    lines = text.count("\n") + 2
    for fault in error.faults:
        assert fault.code
        assert fault.expected
        assert 0 < fault.place.line <= lines or fault.place.file != "f.yaml"
        assert str(fault)


@given(st.binary(max_size=200))
@example(b"\xff\xfea\x00")
@example(b"\xef\xbb\xbf")
@example(b"a: \xe6\xb8")
def test_any_bytes(data: bytes) -> None:
    """Bytes that are no document are refused with a place."""
    try:
        read_document(data, "f.yaml")
    except InputError as error:
        assert error.faults  # noqa: PT017  # nothing raised is fine too


@given(_SIGNS)
def test_any_symbols_of_yaml(text: str) -> None:
    """Texts full of YAML's own symbols are read or refused."""
    try:
        parse_agreement(text, "f.yaml")
    except AgreementError as error:
        _placed(error, text)


@settings(deadline=None)
@given(damaged(AGREEMENT))
def test_a_damaged_agreement(text: str) -> None:
    """An agreement with one damaged line loads, or is refused with places."""
    try:
        parse_agreement(text, "f.yaml")
    except AgreementError as error:
        _placed(error, text)


@settings(deadline=None, max_examples=60)
@given(damaged(TESTS))
def test_a_damaged_file_of_rule_tests(text: str) -> None:
    """A file of rule tests with one damaged line runs, or is refused with places."""
    try:
        parse_tests(text, "f.yaml").run()
    except RuleTestsError as error:
        _placed(error, text)


@settings(deadline=None)
@given(damaged(RULES))
def test_a_damaged_rule_file(text: str) -> None:
    """A rule file with one damaged line loads, or is refused with places."""
    try:
        parse_rules(text, "f.yaml")
    except RulesError as error:
        _placed(error, text)


@settings(deadline=None)
@given(damaged(MAPPING))
def test_a_damaged_mapping_file(text: str) -> None:
    """A mapping file with one damaged line loads, or is refused with places."""
    try:
        parse_mapping(text, load_rules(), "f.yaml")
    except MappingError as error:
        _placed(error, text)


@given(_WORDS)
def test_any_words_of_the_language(text: str) -> None:
    """Words of the language in any order are an expression, or are refused with a place inside the text."""
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.start <= len(text)  # noqa: PT017  # nothing raised is fine too


def test_nested_sequences_are_refused_before_they_do_harm() -> None:
    """A hundred thousand brackets are a fault, not a crash."""
    with pytest.raises(AgreementError) as caught:
        parse_agreement("a: " + "[" * 100_000, "f.yaml")
    assert [fault.code for fault in caught.value.faults] == ["too-deep"]

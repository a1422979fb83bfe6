"""The JSON Schema of rule tests accepts what the loader accepts.

What it accepts and the loader refuses, it cannot say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coopgov.cli.main import main
from coopgov.cli.schemas import schema_of
from coopgov.errors import RuleTestsError
from coopgov.source import plain, read_document
from coopgov.testing import parse_tests

SCHEMA = schema_of("rule-tests")
VALID = Draft202012Validator(SCHEMA)
BEYOND = {
    "duplicate-expectation", "duplicate-test", "minus-without-spaces", "missing-key", "no-such-band", "other-subject",
    "two-forms", "type-mismatch", "unit-mismatch", "unknown-fact", "unknown-rule", "unknown-subject",
    "unknown-parameter",
}  # fmt: skip
"""Faults that a schema cannot see: names, units, keys that need or exclude each other."""


def test_it_is_a_schema_and_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Valid by draft 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)
    assert main(["schema", "rule-tests"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


ROOT = Path(__file__).parents[3]
FILES = sorted(
    path for folder in ("examples", "src/coopgov/rules") for path in (ROOT / folder).rglob("*.tests.yaml")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_own_files_fit(path: Path) -> None:
    """Those of the examples and of the shipped packs."""
    data = plain(read_document(path.read_bytes(), path.name).root)
    assert [f"{error.json_path}: {error.message}" for error in VALID.iter_errors(data)] == []


scalars = st.sampled_from(
    ["minor", "nothing", "phase-late", "2026-06-30", "5 days", "5 %", "phase", "", "ab c", "phase/x"]
)
warnings = st.dictionaries(
    st.sampled_from(["rule", "about", "severity", "value", "threshold", "message", "waived", "colour"]),
    scalars | st.none(),
    max_size=3,
)
undetermined = st.dictionaries(
    st.sampled_from(["rule", "about", "missing", "because"]),
    scalars | st.lists(scalars, max_size=2),
    max_size=3,
)
expectations = (
    scalars
    | warnings
    | st.fixed_dictionaries(
        {},
        optional={
            "warnings": st.lists(warnings, max_size=2),
            "undetermined": st.lists(undetermined, max_size=2),
        },
    )
)
tests = st.fixed_dictionaries(
    {"name": scalars},
    optional={
        "rule": scalars | st.lists(scalars, max_size=2),
        "as_of": scalars,
        "about": scalars,
        "parameters": st.dictionaries(st.sampled_from(["delay_tolerance", "a b"]), scalars, max_size=1),
        "expect": expectations,
        "over_time": st.dictionaries(scalars, expectations, max_size=2),
        "phase": st.none() | scalars | st.dictionaries(st.sampled_from(["delay", "window", "name"]), scalars,
        max_size=3),
        "colour": st.none() | scalars | st.dictionaries(scalars, scalars, max_size=1),
    },
)  # fmt: skip
files = st.fixed_dictionaries(
    {"coopgov": st.just("rule-tests/1"), "rules": st.just(["cooperation-plan"])},
    optional={
        "tests": st.lists(tests, max_size=2),
        "currency": st.sampled_from(["CNY", "RMB"]),
        "calendar": st.just({"weekend": ["sunday"]}),
    },
)


@settings(deadline=None, max_examples=60)
@given(files)
def test_schema_and_loader_agree(data: dict[str, Any]) -> None:
    """What is loaded is valid; what is valid has only faults that a schema cannot see."""
    valid = VALID.is_valid(data)
    try:
        parse_tests(json.dumps(data), "own.tests.json")
    except RuleTestsError as error:
        codes = {fault.code for fault in error.faults}
        if valid:
            assert codes <= BEYOND | {"unknown-key", "not-a-literal", "not-a-number", "syntax", "wrong-type"}
    else:
        assert valid

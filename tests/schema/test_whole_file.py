"""Every file that is one value is read alike: with all its faults at once, in one error of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.imports.load import load_import_mapping, parse_import_mapping
from coopgov.notify.load import load_channels, parse_channels
from coopgov.portfolio.bind_mapping import load_mapping, parse_mapping
from coopgov.testing.case_tests.load import load_case_tests, parse_case_tests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS: dict[str, tuple[Callable[[str], object], Callable[[Path], object]]] = {
    "agreement": (coopgov.parse_agreement, coopgov.load_agreement),
    "part": (coopgov.parse_part, coopgov.load_part),
    "events": (coopgov.parse_events, coopgov.load_events),
    "channels": (parse_channels, load_channels),
    "report": (coopgov.parse_report_notes, coopgov.load_report_notes),
    "import": (parse_import_mapping, load_import_mapping),
    "mapping": (
        lambda text: parse_mapping(text, coopgov.load_rules()),
        lambda path: load_mapping(path, coopgov.load_rules()),
    ),
    "case-tests": (parse_case_tests, load_case_tests),
}


@pytest.mark.parametrize("kind", KINDS)
def test_full_width_punctuation_does_not_hide_the_faults_of_other_lines(kind: str) -> None:
    """A full-width colon is one fault, and what is wrong on other lines is reported with it."""
    parse, _ = KINDS[kind]
    with pytest.raises(coopgov.InputError) as caught:
        parse(f"coopgov： {kind}/1\nsurely: unknown\n")
    found = {(fault.code, fault.place.line) for fault in caught.value.faults}
    assert {("full-width", 1), ("unknown-key", 2)} <= found


@pytest.mark.parametrize("kind", KINDS)
def test_the_hint_for_a_folder_names_a_file_of_the_kind_that_is_in_it(kind: str, tmp_path: Path) -> None:
    """Whoever gives the folder finds the file to give."""
    tmp_path.joinpath("a.yaml").write_text("coopgov: other/1\n", encoding="utf-8")
    tmp_path.joinpath("b.yaml").write_text(f"coopgov: {kind}/1\n", encoding="utf-8")
    with pytest.raises(coopgov.InputError) as caught:
        KINDS[kind][1](tmp_path)
    assert [str(fault.hint) for fault in caught.value.faults] == [f"write `{tmp_path / 'b.yaml'}`"]

"""Agreements written and read back; the same agreement from a file, from JSON and from Python objects."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings

from coopgov.faults import Place
from coopgov.model import (
    Agreement,
    build_agreement,
    dump_agreement,
    load_agreement,
    parse_agreement,
    place_of,
    plain_agreement,
)
from coopgov.schema import Part
from coopgov.testing import agreement_mappings, agreements

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*/agreement.yaml"))
SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(agreements())
def test_yaml_gives_the_agreement_back(agreement: Agreement) -> None:
    """What dump writes as YAML loads to an equal agreement with an equal hash."""
    again = parse_agreement(dump_agreement(agreement))
    assert again == agreement
    assert hash(again) == hash(agreement)


@SLOW
@given(agreements())
def test_json_gives_the_agreement_back(agreement: Agreement) -> None:
    """What dump writes as JSON loads to an equal agreement, from the text and from its objects."""
    text = dump_agreement(agreement, "json")
    assert parse_agreement(text) == agreement
    assert build_agreement(json.loads(text)) == agreement


@SLOW
@given(agreement_mappings())
def test_python_objects_and_their_dump_are_equal(mapping: dict[str, Any]) -> None:
    """Numbers, dates and texts as Python objects mean what the same file means."""
    agreement = build_agreement(mapping)
    assert build_agreement(plain_agreement(agreement)) == agreement
    assert dump_agreement(parse_agreement(dump_agreement(agreement))) == dump_agreement(agreement)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_the_examples_survive_a_round_trip(path: Path, form: Literal["yaml", "json"]) -> None:
    """Every example loads, and what is dumped of it loads to the same."""
    agreement = load_agreement(path)
    assert parse_agreement(dump_agreement(agreement, form)) == agreement


def test_only_what_was_set_is_written() -> None:
    """Defaults stay unwritten, so that a later default can take their place."""
    mapping = {
        "coopgov": "agreement/1",
        "id": "small",
        "title": "Small",
        "currency": "CNY",
        "term": {"start": "2026-01-05", "end": "2026-12-31"},
        "parties": [{"id": "port", "name": None}],
    }
    assert dump_agreement(build_agreement(mapping)) == (
        "coopgov: agreement/1\nid: small\ntitle: Small\ncurrency: CNY\n"
        "term: {start: 2026-01-05, end: 2026-12-31}\nparties:\n- {id: port}\n"
    )


def test_the_full_example_shows_every_field() -> None:
    """`examples/full` sets each field of each part at least once, but for those that need a library or other files."""
    seen: dict[type[Part], set[str]] = {}
    _collect(load_agreement(EXAMPLES / "full" / "agreement.yaml"), seen)
    missing = {
        f"{part.__name__}.{name}" for part, names in seen.items() for name in set(part.model_fields) - names
    }
    assert missing == {"Agreement.parts", "Calendar.country", "Calendar.subdivision"}


def _collect(value: object, seen: dict[type[Part], set[str]]) -> None:
    if isinstance(value, Part):
        seen.setdefault(type(value), set()).update(value.model_fields_set)
        for name in type(value).model_fields:
            _collect(getattr(value, name), seen)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, seen)


def test_an_agreement_knows_the_places_of_its_values() -> None:
    """Places are those of the file, also for a bare dated value; they do not count when comparing."""
    agreement = load_agreement(EXAMPLES / "pilot" / "agreement.yaml", "pilot.yaml")
    assert place_of(agreement, ("phases", 0, "budget", 0, "amount")) == Place("pilot.yaml", 84, 13)
    assert place_of(agreement, ("phases", 1, "forecast", 0, "end")) == Place("pilot.yaml", 93, 21)
    assert place_of(agreement, ()) == Place("pilot.yaml", 2, 1)
    built = build_agreement(plain_agreement(agreement))
    assert place_of(built, ("phases", 0)) is None
    assert built == agreement


def test_an_agreement_can_be_copied_and_pickled() -> None:
    """Copies and pickles are equal and keep their places."""
    agreement = load_agreement(EXAMPLES / "full" / "agreement.yaml")
    for again in (copy.deepcopy(agreement), pickle.loads(pickle.dumps(agreement))):  # noqa: S301 — our own bytes
        assert again == agreement
        assert place_of(again, ("title",)) == place_of(agreement, ("title",))

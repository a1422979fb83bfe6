"""The shipped packs as a wheel holds them: checked, as JSON."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.rules import shipped
from coopgov.rules.build import loaded
from coopgov.rules.checked_json import rules_from, rules_to
from coopgov.rules.gather import gather
from coopgov.rules.pack_names import pack_names
from coopgov.rules.shipped import PackSource
from coopgov.rules.source import Source
from coopgov.source import read_document
from work import calls_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.rules import RuleSet

PILOT = "examples/pilot/agreement.yaml"


def from_json(name: str) -> RuleSet:
    """The rules of a pack, by way of JSON."""
    return rules_from(rules_to(loaded([name])), PackSource)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load shipped packs from JSON, as in a wheel."""
    folder = tmp_path / shipped.COMPILED_PACKS
    folder.mkdir(parents=True)
    shipped.compile_packs(folder)
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)


def same(a: Any, b: Any) -> bool:
    """Whether two values are of the same classes and equal in every field, those that are not compared included."""
    if isinstance(a, Source) and isinstance(b, Source):
        return a.file == b.file and a.document.lines == b.document.lines
    if isinstance(a, Mapping):
        return [*a] == [*b] and all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if is_dataclass(a) and type(a) is type(b):
        return all(same(getattr(a, each.name), getattr(b, each.name)) for each in fields(a))
    return type(a) is type(b) and bool(a == b)


@pytest.mark.parametrize("name", pack_names())
def test_rules_from_json_are_those_of_the_sources(name: str) -> None:
    """Every field of every rule, expression, type, place and parameter is the same."""
    built, made = loaded([name]), from_json(name)
    assert built == made
    catalogues = built.catalogue, made.catalogue
    for each in fields(built):
        if each.name != "catalogue":
            assert same(getattr(built, each.name), getattr(made, each.name)), each.name
    for each in fields(catalogues[0]):
        if not each.name.startswith("_"):
            assert same(*(getattr(one, each.name) for one in catalogues)), each.name
    assert all(same(*(one.definition(*key) for one in catalogues)) for key in catalogues[0].facts)


@pytest.mark.usefixtures("installed")
def test_an_installed_pack_is_not_parsed() -> None:
    """Neither for the rules nor to assess by them; a place in its file is what reads it."""
    agreement = coopgov.load_agreement(PILOT)
    as_of = agreement.term.start
    assert as_of is not None
    shipped._read.cache_clear()
    rules = coopgov.load_rules()

    def checked() -> None:
        coopgov.assess(agreement, coopgov.load_rules(), as_of=as_of)

    assert calls_of(checked, read_document) == calls_of(checked, gather) == 0
    assert calls_of(rules.mentions[0].vacant, gather) == 1


@pytest.mark.usefixtures("installed")
def test_an_installed_pack_gives_the_same_assessment() -> None:
    """Byte for byte."""
    agreement = coopgov.load_agreement("examples/full/agreement.yaml")
    as_of = agreement.term.end
    assert as_of is not None
    built = coopgov.assess(agreement, loaded(["cooperation-plan"]), as_of=as_of)
    assert coopgov.assess(agreement, coopgov.load_rules(), as_of=as_of).to_json() == built.to_json()


@pytest.mark.usefixtures("installed")
def test_other_names_are_loaded_from_their_files() -> None:
    """A file that extends a pack, several packs, and a pack that every rule set includes."""
    for names in (["examples/pilot/tolerances.yaml"], ["cooperation-plan", "cooperation-plan"], ["built-in"]):
        assert coopgov.load_rules(*names) == loaded(names)
    with pytest.raises(coopgov.RulesError):
        coopgov.load_rules("no-such-pack")


def test_copies_keep_one_file_for_all_that_refer_to_it() -> None:
    """A pickle holds the name of the pack only."""
    rules = from_json("cooperation-plan")
    for other in (pickle.loads(pickle.dumps(rules)), copy.deepcopy(rules)):  # noqa: S301  # our own
        assert other == rules
        assert other.sources[-1] in {mention.source for mention in other.mentions}
        assert other.sources[-1].file == rules.sources[-1].file


def test_what_json_cannot_hold_is_refused() -> None:
    """A pack with decision tables would have to be taught first."""
    with pytest.raises(TypeError):
        rules_to(coopgov.load_rules("examples/tables/rules.yaml"))

"""Whatever word of whatever language an agreement has for a value, its assessment is the same."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.formatting.spelling import marks_at
from coopgov.languages import LANGUAGES
from coopgov.model import Agreement
from coopgov.schema import Choice
from coopgov.schema.worded import Worded
from coopgov.source import plain, read_document
from coopgov.synonyms import GROUPS, TABLES, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

EXAMPLES = Path(__file__).parents[2] / "examples"
PACK = coopgov.load_rules()
RULES = {
    "pilot": PACK,
    "full": PACK,
    "compact": coopgov.load_rules(EXAMPLES / "compact" / "rules.yaml"),
}
SAMPLE = 40
Step = tuple[str | int, ...]


def _data(name: str) -> Any:
    path = EXAMPLES / name / "agreement.yaml"
    return plain(read_document(path.read_bytes(), path.name).root)


def _leaves(data: Any, path: Step = ()) -> Iterator[tuple[Step, str]]:
    if isinstance(data, (dict, list)):
        for step, below in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _leaves(below, (*path, step))
    elif isinstance(data, str):
        yield path, data


def _tables(path: Step) -> tuple[str, ...]:
    """The tables that a value at a path is from."""
    if path[-1] in ("owner", "body"):
        return GROUPS["role"]
    for mark in marks_at(Agreement, path):
        if isinstance(mark, Choice):
            return (mark.table,)
        if isinstance(mark, Worded):
            return GROUPS[mark.group]
    return ()


def _words(name: str) -> list[tuple[Step, list[str]]]:
    """Every value of an example that has synonyms, with all of them."""
    found = []
    for path, value in _leaves(_data(name)):
        tables = [table for table in _tables(path) if value in TABLES[table]]
        words = [
            word for table in tables for language in LANGUAGES for word in synonyms(table, value, language)
        ]
        if words:
            found.append((path, words))
    return found


def _with(data: Any, path: Step, word: str) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = word


def _middle(agreement: Agreement) -> date:
    assert agreement.term.start is not None
    assert agreement.term.end is not None
    return agreement.term.start + (agreement.term.end - agreement.term.start) / 2


def _assessed(name: str, data: Any) -> dict[str, Any]:
    agreement = coopgov.build_agreement(data)
    return coopgov.assess(agreement, RULES[name], as_of=_middle(agreement)).to_dict()


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("turn", range(6))
def test_all_values_by_their_synonyms_change_no_assessment(name: str, turn: int) -> None:
    """The first, second, … synonym of all values at once, in every language."""
    data = _data(name)
    before = _assessed(name, data)
    words = _words(name)
    assert len(words) > 5
    for number, (path, known) in enumerate(words):
        _with(data, path, known[(turn + number) % len(known)])
    assert _assessed(name, data) == before


@pytest.mark.parametrize("name", RULES)
def test_any_value_by_any_synonym_changes_no_assessment(name: str) -> None:
    """One at a time, in other cases and with other spaces, too."""
    data = _data(name)
    before = _assessed(name, data)
    cases = [(path, word) for path, words in _words(name) for word in words]
    for path, word in random.Random(0).sample(cases, min(SAMPLE, len(cases))):  # noqa: S311  # a fixed sample
        for written in (word, word.upper(), f" {word.replace(' ', '  ')}"):
            changed = deepcopy(data)
            _with(changed, path, written)
            assert _assessed(name, changed) == before, (path, written)


def test_the_body_of_the_packs_escalation_is_found_by_its_chinese_id() -> None:
    """The id stays as it is, and is what the warning is escalated to; what nobody holds has its canonical name."""
    data = _data("pilot")
    for body in data["team"]["bodies"]:
        body["id"] = {"steering": "指导委员会", "joint-lead": "联合组长"}.get(body["id"], body["id"])
    data["meetings"][0]["body"] = "joint-lead"
    data["team"]["members"] = [each for each in data["team"]["members"] if each["id"] != "finance"]
    data["team"]["bodies"][1]["members"] = ["pm"]
    agreement = coopgov.build_agreement(data)
    found = coopgov.assess(agreement, PACK, as_of=_middle(agreement))
    told = {each.escalation.to for each in found.warnings if each.escalation}
    assert {"指导委员会", "联合组长"} <= told
    assert not told & {"steering", "joint-lead"}
    assert not any(each.escalation.vacant for each in found.warnings if each.escalation)
    assert {each.about for each in found.warnings if each.rule == "role-vacant"} == {"role/finance-liaison"}
    assert agreement.meetings[0].body == "联合组长"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("项目经理", "project-manager"), ("Project Manager", "project-manager"), ("總監", "總監")],
)
def test_a_role_by_its_name_is_held(written: str, canonical: str) -> None:
    """Nobody has to say it in English for the role to be filled."""
    data = _data("pilot")
    data["team"]["members"][0]["role"] = written
    agreement = coopgov.build_agreement(data)
    assert agreement.team.members[0].role == canonical
    vacant = {each.about for each in coopgov.assess(agreement, PACK, as_of=_middle(agreement)).warnings}
    assert ("role/project-manager" in vacant) == (canonical != "project-manager")


def test_an_id_is_taken_literally_before_it_is_a_synonym() -> None:
    """A member that is called `pm` owns what `pm` owns, whoever is project manager."""
    data = _data("pilot")
    data["team"]["members"][0]["role"], data["team"]["members"][1]["role"] = (
        "technical-liaison",
        "project-manager",
    )
    assert coopgov.build_agreement(data).goals[0].owner == "pm"


@pytest.mark.parametrize(
    ("unit", "shown"), [("元", "70 元"), ("money", "70 CNY"), ("分", "70 points"), ("件", "70 件")]
)
def test_a_kpi_is_shown_in_its_unit(unit: str, shown: str) -> None:
    """A currency as it is written: `元` need not be the agreement's. A literal matches all names of a unit."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: t\nversion: 1.0.0\nrules:\n"
        f"  - {{id: r, about: kpi, kind: quality, measure: value, bands: {{minor: below 80 {unit}}}, message: m}}\n"
    )
    data = _data("pilot")
    data["kpis"] = [{"id": "k", "unit": unit, "readings": [{"on": "2026-01-06", "value": "70"}]}]
    data["goals"] = []
    agreement = coopgov.build_agreement(data)
    (found,) = (
        each
        for each in coopgov.assess(agreement, rules, as_of=_middle(agreement)).warnings
        if each.rule == "r"
    )
    assert found.measure is not None
    assert found.measure.text == shown


@pytest.mark.parametrize(
    "word", ["satisfaction", "满意度", "滿意度", "Satisfaction", "customer satisfaction"]
)
def test_a_record_of_a_host_may_have_synonyms(word: str) -> None:
    """A category means the same in a record and in a rule, whichever of its names either has."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: t\nversion: 1.0.0\nrules:\n"
        "  - {id: r, about: kpi, kind: quality, where: 'category is \"满意度\"', measure: score, "
        "bands: {minor: below 80 分}, message: m}\n"
    )
    for backend in ("direct", "interpreter"):
        check = rules.checker("kpi", backend=backend)
        (hits, unsure) = check({"category": word, "score": 70, "unit": "分"}, as_of=_some_day())
        assert [hit[0] for hit in hits] == ["r"]
        assert unsure == []
    own = rules.checker("kpi")({"category": "survey", "score": 70}, as_of=_some_day())
    assert own == ([], [])


def _some_day() -> date:
    """Any day."""
    return _middle(coopgov.build_agreement(_data("pilot")))

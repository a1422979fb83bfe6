"""`coopgov schema`: the published JSON Schemas accept what the loaders accept, and describe what is printed."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coopgov.assessment.assess import assess
from coopgov.cli.commands.schema import FORMATS
from coopgov.cli.schemas import schema_of
from coopgov.cli.starter import starter_files
from coopgov.errors import AgreementError, InputError, RulesError
from coopgov.explanation.explain import explain
from coopgov.model import dump_agreement, load_agreement, parse_agreement
from coopgov.portfolio.bind_mapping import parse_mapping
from coopgov.rules import load_rules, parse_rules
from coopgov.source import plain, read_document
from coopgov.testing import agreements, parse_tests, rule_files
from mutations import broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran
    from coopgov.model import Agreement
    from coopgov.schema import Named

    Run = Callable[..., Ran]

ROOT = Path(__file__).parents[2]
AGREEMENTS = [ROOT / "examples" / name / "agreement.yaml" for name in ("pilot", "full", "compact")]
PACKS = ROOT / "src" / "coopgov" / "rules" / "packs"
MAPPINGS = [
    ROOT / "tests" / "portfolio" / "rich.yaml",
    *(ROOT / "examples" / name / "mapping.yaml" for name in ("nyc-school-construction", "mcc-compacts")),
]
RULES = [
    ROOT / "examples" / "pilot" / "tolerances.yaml",
    ROOT / "examples" / "compact" / "rules.yaml",
    ROOT / "examples" / "tables" / "rules.yaml",
    *(path for path in sorted(PACKS.glob("*.yaml")) if not path.name.endswith(".tests.yaml")),
]
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
_SCHEMAS = {name: schema_of(name) for name in FORMATS if name != "evaluation"}
_VALID = {name: Draft202012Validator(schema) for name, schema in _SCHEMAS.items()}
_EXPLANATIONS = Draft202012Validator(
    {"$ref": "#/$defs/explanations", "$defs": _SCHEMAS["assessment"]["$defs"]}
)


class _Editor(yaml.SafeLoader):
    """YAML as editors read it: true and false are truth values, `on` and dates are texts."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith((":timestamp", ":bool"))]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def _faults(name: str, data: object) -> list[str]:
    """What a schema refuses; in a list only so that a failing test shows it."""
    return [f"{error.json_path}: {error.message}" for error in _VALID[name].iter_errors(data)]


def _texts(text: str) -> object:
    return plain(read_document(text, "<text>").root)


def _edited(text: str) -> object:
    return yaml.load(text, Loader=_Editor)  # noqa: S506  # a safe loader


@pytest.mark.parametrize("name", ["agreement", "rules", "assessment"])
def test_the_schemas_are_schemas(run: Run, name: str) -> None:
    """Each is valid by draft 2020-12, and the command prints it."""
    Draft202012Validator.check_schema(_SCHEMAS[name])
    assert json.loads(run("schema", name).out) == _SCHEMAS[name]


@pytest.mark.parametrize("name", ["agreement", "rules"])
def test_every_mapping_is_closed_and_every_type_described(name: str) -> None:
    """Unknown keys are refused everywhere, and an editor has something to show for each type."""
    schema = _SCHEMAS[name]
    parts = [schema, *schema["$defs"].values()]
    assert all(each["additionalProperties"] is False for each in parts if "properties" in each)
    undescribed = {key for key, each in schema["$defs"].items() if "description" not in each}
    assert undescribed <= {"ParameterEntry", "RowEntry"}  # whose two forms have their own


def test_docstrings_of_fields_are_descriptions() -> None:
    """The schema has the docstrings of fields as descriptions, the keys of the file, and the defaults."""
    definitions = _SCHEMAS["agreement"]["$defs"]
    assert definitions["Member"]["properties"]["load"]["description"].startswith(
        "The share of full working time"
    )
    assert set(definitions["Scale"]["properties"]) == {"from", "to"}
    assert definitions["DatedPortion"]["required"] == ["is"]
    assert definitions["Kpi"]["properties"]["direction"]["default"] == "up"


@pytest.mark.parametrize("read", [_texts, _edited])
@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.parent.name)
def test_the_agreements_of_the_examples_fit(path: Path, read: Callable[[str], object]) -> None:
    """As plain texts, and as an editor types them."""
    assert _faults("agreement", read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("read", [_texts, _edited])
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_the_rule_files_fit(path: Path, read: Callable[[str], object]) -> None:
    """Those of the examples and the shipped packs."""
    assert _faults("rules", read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("read", [_texts, _edited])
def test_the_starter_files_fit(read: Callable[[str], object]) -> None:
    """What `coopgov init` writes."""
    files = starter_files(date(2026, 1, 5))
    assert _faults("agreement", read(files["agreement.yaml"])) == []
    assert _faults("rules", read(files["rules.yaml"])) == []


@SLOW
@given(agreements() | agreements(strict=False))
def test_what_the_loader_accepts_the_schema_accepts(agreement: Agreement) -> None:
    """Any agreement, written as YAML texts or as JSON values."""
    assert _faults("agreement", _texts(dump_agreement(agreement))) == []
    assert _faults("agreement", json.loads(dump_agreement(agreement, "json"))) == []


_SMALL = """\
coopgov: agreement/1
id: pier
title: The pier
currency: CNY
term: {start: 2026-01-01, end: 2026-12-31}
parties: [{id: port}]
"""


@pytest.mark.parametrize(
    "more",
    [
        "vision:",
        "title: 2026",
        "title: {zh-Hans: 港口, EN: 1}",
        "phases: ~",
        "id: 港口.2_b-é",
        "id: 1.5",
        "currency: XAF",
        "meetings: [{id: m, every: 1   week, length: 90 minutes}, {id: n, every: 3 working  days}]",
        "kpis: [{id: k, floor: -1.5e3, target: {value: 12}, baseline: {value: -0}}]",
        "risks: [{id: r, title: x, probability: 1e1 %, impact: [{is: 5, on: 2026-01-01}, 3]}]",
        "risks: [{id: r, title: x, probability: 33.3％}, {id: s, title: x, probability: [100 %]}]",
        "team: {members: [{id: m, load: 120%}, {id: n, load: -0 %}]}",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, budget: [], forecast: {cost: 1}}]",
        (
            "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, budget: 1 CNY, custom: "
            "{a: 1, b: ~, c: true}}]"
        ),
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, spending: [{on: 2026-01-02, amount: -5}]}]",
        (
            "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, tasks: [{id: t, "
            "planned: {start: 2026-01-01, end: 2026-01-01}, original: ~}]}]"
        ),
        "term: {start: 2026/1/5, end: 2026年12月31日}",
        "term: {start: ２０２６－０１－０５, end: 2026.12.31}",
        "kpis: [{id: k, floor: '1,200,000', target: {value: １２}, baseline: {value: -１２.５}, direction: 越低越好}]",
        "kpis: [{id: k, category: 满意度, unit: 分, every: 三个月, readings: [{on: 2026/3/5, value: 1}]}]",
        "meetings: [{id: m, every: 10个工作日, length: 1小时}, {id: n, every: 3 business days}]",
        "calendar: {weekend: [周六, Sun], holidays: [2026/5/1]}",
        "team: {leadership: 联合, key_roles: [项目经理], members: [{id: m, role: 財務聯絡人, load: ５０％}]}",
        (
            "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, budget: 120万, forecast: {cost: 1.2亿}, "
            "spending: [{on: 2026-01-02, amount: ¥300}, {on: 2026-01-03, amount: '-300,000'}]}]"
        ),
        "risks: [{id: r, title: x, status: 已发生, impact: ４, owner: project manager}]",
        "plans: [{id: r, title: x, answers: [延误], strains: [费用], within: 5天}]",
        "term: ~\nstrict: false",
        "term: {end: 2026-12-31}\nstrict: false",
        'strict: "false"\nphases: [{id: p, milestones: [{id: m}], tasks: [{id: t}], spending: [{amount: 5}]}]',
    ],
)
def test_odd_but_sound_agreements_fit(more: str) -> None:
    """Forms that no example shows."""
    key = more.partition(":")[0]
    text = re.sub(rf"^{key}: .*\n", "", _SMALL, flags=re.MULTILINE) + more + "\n"
    parse_agreement(text)
    assert _faults("agreement", _texts(text)) == []
    assert _faults("agreement", _edited(text)) == []


@pytest.mark.parametrize(
    "more",
    [
        "coopgov: agreement/2",
        "colour: red",
        "id: a b",
        "id: -a",
        "id:",
        'id: ""',
        'title: ""',
        "title: {}",
        "title: {english: x}",
        "title: {en: [x]}",
        "title: [x]",
        "currency: RMB",
        "currency: cny",
        "term: 2026",
        "term: {start: 2026-01-01}",
        "term: {start: 5.1.2026, end: 2026-12-31}",
        "term: {start: 2026-1-5, end: 2026-12-31}",
        "term: {start: 2026-13-05, end: 2026-12-31}",
        "parties: port",
        "parties: [port]",
        "parties: [{name: x}]",
        "calendar: {weekend: [su]}",
        "calendar: {country: China}",
        "rates: [{currency: USD, on: 2026-01-01, rate: -1}]",
        "team: {leadership: alone}",
        "team: {members: [{id: m, load: -5 %}]}",
        "team: {members: [{id: m, load: 0.5}]}",
        "team: {members: [{id: m, load: half}]}",
        "meetings: [{id: m, every: 1 quarter}]",
        "meetings: [{id: m, every: 0 days}]",
        "meetings: [{id: m, every: 2 hours}]",
        "meetings: [{id: m, length: 2 days}]",
        "kpis: [{id: k, direction: sideways}]",
        'kpis: [{id: k, floor: "1_000"}]',
        'kpis: [{id: k, floor: "010"}]',
        "kpis: [{id: k, scale: {from: 1}}]",
        "kpis: [{id: k, readings: [{value: 1}]}]",
        "risks: [{id: r, title: x, probability: 101 %}]",
        "risks: [{id: r, title: x, impact: 6}]",
        "risks: [{id: r, title: x, status: gone}]",
        "risks: [{id: r, title: x, status: [~]}]",
        "plans: [{id: p, title: x, answers: delay}]",
        "plans: [{id: p, title: x, answers: [delay], strains: [nerves]}]",
        "phases: [{id: p}]",
        "phases: [{id: p, planned: ~}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: ~}}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, spending: [{amount: 5}]}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, milestones: [{id: m}]}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, tasks: [{id: t}]}]",
        "strict: no",
        "term: ~\nstrict: true",
        "term: {begin: 2026-01-01}\nstrict: false",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, budget: -1}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, budget: 100 dollars}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, forecast: {on: 2026-01-01}}]",
        "phases: [{id: p, planned: {start: 2026-01-01, end: 2026-02-01}, buffer: 1 month}]",
        "waivers: [{rule: x, about: y, until: soon, reason: z}]",
        "custom: {a: [1]}",
    ],
)
def test_broken_agreements_are_refused_by_both(more: str) -> None:
    """What the loader refuses for its form alone, the schema refuses as well."""
    key = more.partition(":")[0]
    text = re.sub(rf"^{key}: .*\n", "", _SMALL, flags=re.MULTILINE) + more + "\n"
    with pytest.raises(AgreementError):
        parse_agreement(text)
    assert _faults("agreement", _texts(text))
    assert _faults("agreement", _edited(text))


_RULES = "coopgov: rules/1\npack: own\nversion: 1.0\nextends: [cooperation-plan]\n"


@pytest.mark.parametrize(
    "more",
    [
        "rules:",
        "title: {en: Own, zh-Hans: 自有}",
        "parameters: {delay_tolerance: 8 %}",
        "parameters: {delay_tolerance: {is: 8 %, means: How late is late}}",
        "rules: [{id: phase-late, override: true, enabled: false}]",
        'rules: [{id: phase-late, override: "true", escalate: {major: joint-lead  within 2  working days, minor: ~}}]',
        "facts: [{name: energy, about: task, type: kWh, is: ~}]",
        "facts: [{name: half, about: phase, is: window / 2}]",
        "subjects: {supplier: {on_time_share: '%', open_claims: count}}",
        "actions: [{id: wait, title: Wait, within: 1 week}]",
        "rules: [{id: phase-late, override: true, actions: []}]",
        "tables: [{id: t, about: milestone, kind: delay, csv: examples/tables/milestones.csv, rows: ~, message: m}]",
        (
            "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [delay, ended], "
            "rows: [[above 3 days, true, minor], [-, ~, major, m, overtime]]}]"
        ),
        (
            "tables: [{id: t, about: phase, kind: delay, hit: first, conditions: [spent / budget], "
            "rows: [{id: 1, when: [1], severity: minor, message: m, actions: [overtime]}]}]"
        ),
    ],
)
def test_odd_but_sound_rule_files_fit(more: str) -> None:
    """Forms that no example shows."""
    parse_rules(_RULES + more + "\n")
    assert _faults("rules", _texts(_RULES + more)) == []
    assert _faults("rules", _edited(_RULES + more)) == []


@pytest.mark.parametrize(
    "more",
    [
        "rulez: []",
        "rules: {}",
        "rules: [phase-late]",
        "rules: [{override: true}]",
        "rules: [{id: phase-late, override: yes}]",
        "rules: [{id: phase-late, override: true, severity: awful}]",
        "rules: [{id: phase-late, override: true, bands: {awful: above 10 %}}]",
        "rules: [{id: phase-late, override: true, bands: above 10 %}]",
        "rules: [{id: phase-late, override: true, escalate: joint-lead within 1 day}]",
        "rules: [{id: phase-late, override: true, escalate: {major: joint-lead}}]",
        "rules: [{id: phase-late, override: true, escalate: {major: joint-lead within 2 hours}}]",
        "rules: [{id: phase-late, override: true, treshold: 1}]",
        "parameters: {delay_tolerance: [8 %]}",
        "parameters: {delay_tolerance: {means: x}}",
        "facts: [{name: energy, about: task}]",
        "facts: [{name: energy, about: task, type: kWh, is: 1}]",
        "subjects: {supplier: count}",
        "actions: [{id: wait}]",
        "actions: [{id: wait, title: Wait, within: soon}]",
        "actions: [{id: wait, title: Wait, strains: [nerves]}]",
        "extends: cooperation-plan",
        "rules: [{id: phase-late, override: true, actions: overtime}]",
        "tables: {}",
        "tables: [{id: t, about: phase, kind: delay, message: m}]",
        "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended]}]",
        "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [], rows: [[minor]]}]",
        "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: []}]",
        (
            "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: "
            "[[true, minor]], csv: t.csv}]"
        ),
        (
            "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: "
            "[[true, minor]], hit: any}]"
        ),
        "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: [minor]}]",
        "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: [{when: [true]}]}]",
        (
            "tables: [{id: t, about: phase, kind: delay, message: m, conditions: [ended], rows: "
            "[{when: true, severity: minor}]}]"
        ),
    ],
)
def test_broken_rule_files_are_refused_by_both(more: str) -> None:
    """What the loader refuses for its form alone, the schema refuses as well."""
    key = more.partition(":")[0]
    text = re.sub(rf"^{key}: .*\n", "", _RULES, flags=re.MULTILINE) + more + "\n"
    with pytest.raises(RulesError):
        parse_rules(text)
    assert _faults("rules", _texts(text))
    assert _faults("rules", _edited(text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.parent.name)
def test_assessments_fit(path: Path, language: str) -> None:
    """In every language, by the shipped pack and by the host's own rules, at the beginning and at the end."""
    agreement = load_agreement(path)
    for rules in (load_rules(), *(load_rules(each) for each in RULES[:2])):
        for day in (agreement.term.start, date(2026, 6, 30), agreement.term.end):
            assert day is not None
            answer = assess(agreement, rules, as_of=day, language=language)
            assert _faults("assessment", json.loads(answer.to_json())) == []


def test_what_changed_fits(run: Run) -> None:
    """With `--since` and all filters, as printed."""
    asked = ("check", AGREEMENTS[0], "--as-of", "2026-06-30", "--format", "json", "--fail-on", "never")
    since = ("--since", "2026-03-31")
    for options in (since, (*since, "--only", "minor"), ("--about", "phase/core"), ("--owner", "pm")):
        (answer,) = json.loads(run(*asked, *options).out)
        assert _faults("assessment", answer) == []
        assert ("since" in answer) is ("--since" in options)


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.parent.name)
def test_explanations_fit(run: Run, path: Path) -> None:
    """Of every rule for some subject, whatever came out, as printed and as the library gives them."""
    agreement, rules = load_agreement(path), load_rules()
    asked: dict[tuple[str, str], str | None] = {}
    answer = assess(agreement, rules, as_of=date(2026, 6, 30))
    for warning in answer.warnings:
        asked.setdefault((warning.rule, "fired"), warning.about)
    for entry in answer.undetermined:
        asked.setdefault((entry.rule, "undetermined"), entry.about)
    for rule in rules.rules:
        asked.setdefault((rule.id, "other"), _some_subject(agreement, rule.about))
    outcomes = set()
    for (rule_id, _), about in asked.items():
        if about is None:
            continue
        explanation = explain(agreement, rules, rule=rule_id, about=about, as_of=date(2026, 6, 30))
        printed = {"agreement": agreement.id, "as_of": "2026-06-30", **explanation.to_dict()}
        assert [error.message for error in _EXPLANATIONS.iter_errors([printed])] == []
        outcomes.add(explanation.outcome)
    assert {"fired", "clear"} <= outcomes
    ran = run("check", path, "--explain", "agreement-late@agreement", "--format", "json")
    _EXPLANATIONS.validate(json.loads(ran.out))


def _some_subject(agreement: Agreement, about: str) -> str | None:
    if about == "agreement":
        return "agreement"
    parts: dict[str, tuple[Named, ...]] = {"phase": agreement.phases, "kpi": agreement.kpis}
    return next((f"{about}/{each.id}" for each in parts.get(about, ())), None)


def test_the_schema_of_assessments_refuses_what_is_not_printed() -> None:
    """Each key is there, none is added, enumerations and places have their forms."""
    answer = assess(load_agreement(AGREEMENTS[0]), as_of=date(2026, 6, 30)).to_dict()
    assert _faults("assessment", answer) == []
    for key in answer:
        assert _faults("assessment", {name: value for name, value in answer.items() if name != key})
    warning = answer["warnings"][0]
    for key in warning:
        assert _faults("assessment", {**answer, "warnings": [{**warning, key: 5}]})
    for part in ("todo", "tell", "unknown"):
        entry = answer[part][0]
        for key in entry:
            assert _faults("assessment", {**answer, part: [{**entry, key: 5}]})
            assert _faults("assessment", {**answer, part: [{**entry, "more": 1}]})
    assert _faults("assessment", {**answer, "since": {"date": "2026-03-31"}})
    assert _faults("assessment", {**answer, "more": 1})
    assert _faults("assessment", {**answer, "status": "fine"})
    assert _faults("assessment", [answer])


# What a schema cannot say -----------------------------------------------------------------------------------

_BASES: dict[str, list[Path]] = {
    "agreement": AGREEMENTS[1:],
    "rules": RULES[:2],
    "rule-tests": [ROOT / "examples" / "pilot" / "tolerances.tests.yaml"],
    "mapping": MAPPINGS,
}
_LOADERS: dict[str, Callable[[str, str], object]] = {
    "agreement": parse_agreement,
    "rules": parse_rules,
    "rule-tests": parse_tests,
    "mapping": lambda text, name: parse_mapping(text, load_rules(), name),
}
_EXPRESSIONS = {
    "minus-without-spaces",
    "not-a-literal",
    "not-a-number",
    "syntax",
    "type-mismatch",
    "unit-mismatch",
    "unknown-fact",
}
_BEYOND_A_SCHEMA = {
    "agreement": {
        *(
            f"unknown-{name}"
            for name in ("body", "kpi", "member", "owner", "party", "subject", "survey", "task")
        ),
        *("after-circle", "ambiguous-name", "duplicate-date", "duplicate-id", "holiday-and-working"),
        *("missing-rate", "negative-money", "no-working-day", "own-deputy", "too-fine-money", "wrong-order"),
        "wrong-weights",
    },
    "rules": {
        *_EXPRESSIONS,  # and names in them, and what a rule needs where it overrides nothing
        *("duplicate-rule", "ladder-order", "missing-key"),
        *(f"unknown-{name}" for name in ("pack", "parameter", "placeholder", "rule", "subject")),
    },
    "mapping": {
        *(f"unknown-{name}" for name in ("choice", "fact", "subject")),
        *("collection-fact", "derived-fact", "encoding", "not-a-date-format", "ragged-row"),
        *("type-mismatch", "unit-mismatch", "wrong-choice"),
        *("holiday-and-working", "no-working-day"),
    },
}
"""The faults of files that their schema accepts: of references, order, sums, units and expressions."""


@settings(SLOW, max_examples=60)
@pytest.mark.parametrize("name", _BASES)
@given(data=st.data())
def test_a_schema_and_its_loader_refuse_the_same(name: str, data: st.DataObject) -> None:
    """With one thing broken: what the loader accepts the schema accepts, what it alone refuses no schema can say."""
    path = data.draw(st.sampled_from(_BASES[name]))
    text = json.dumps(data.draw(broken(_texts(path.read_text(encoding="utf-8")))), ensure_ascii=False)
    refused = _faults(name, _texts(text))
    try:
        _LOADERS[name](text, str(path))
    except InputError as error:
        shown = {fault.code for fault in error.faults}
    else:
        shown = set()
        assert refused == []
    if not refused and name in _BEYOND_A_SCHEMA:  # of rule tests, small facts are typed by the rules
        assert shown <= _BEYOND_A_SCHEMA[name]


@settings(SLOW, max_examples=20)
@given(rule_files())
def test_any_rule_file_that_loads_fits(text: str) -> None:
    """As texts, and as an editor types them."""
    parse_rules(text)
    assert _faults("rules", _texts(text)) == []
    assert _faults("rules", _edited(text)) == []


@pytest.mark.parametrize(("name", "text"), [("agreement", _SMALL), ("rules", _RULES)])
def test_a_file_may_name_its_schema(name: str, text: str) -> None:
    """Editors read the key, loaders pass over it; it is not part of the value."""
    named = '"$schema": .coopgov/any.schema.json\n' + text
    assert _faults(name, _texts(named)) == []
    load: Any = parse_agreement if name == "agreement" else parse_rules
    plainly, shown = load(text), load(named)
    assert (shown == plainly) if name == "agreement" else (shown.digest == plainly.digest)
    with pytest.raises(InputError, match="found a list, expected the address of a JSON Schema"):
        load('"$schema": [x]\n' + text)
    assert _faults(name, _texts('"$schema": [x]\n' + text))


@pytest.mark.parametrize("read", [_texts, _edited])
@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.parent.name)
def test_the_mapping_files_fit(path: Path, read: Callable[[str], object]) -> None:
    """Those of the examples, and one that has every key."""
    assert _faults("mapping", read(path.read_text(encoding="utf-8"))) == []
    assert parse_mapping(path.read_text(encoding="utf-8"), load_rules(), str(path)).readings


@pytest.mark.parametrize("name", ["agreement", "mapping", "rules"])
def test_every_key_is_described(name: str) -> None:
    """An editor has something to show for each key, be it of the key itself or of its type."""
    schema = _SCHEMAS[name]
    parts = {name: schema, **schema["$defs"]}
    bare = [
        f"{part}.{key}"
        for part, each in parts.items()
        for key, value in each.get("properties", {}).items()
        if not _description(schema, value)
    ]
    assert bare == []


def _description(schema: dict[str, Any], value: dict[str, Any]) -> str:
    """What an editor shows: the description of a key, or else of the type it refers to."""
    if "description" in value:
        return str(value["description"])
    if "$ref" in value:
        return _description(schema, schema["$defs"][value["$ref"].rpartition("/")[2]])
    kept = [each for each in value.get("anyOf", ()) if each != {"type": "null"}]
    return _description(schema, kept[0]) if len(kept) == 1 else ""
